"""The catalogue of problems: what can be wrong with a record, as values (SPEC section 1).

Owns codes, severities and wording. A message never holds a value of a person. Must not know how
problems are stored or sent.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Severity = Literal["error", "warning"]


class ProblemKind(msgspec.Struct, frozen=True):
    """One entry of the catalogue.

    An `error` rejects the record; a `warning` skips the field, or says why a record was ignored. In
    a strict import, what is a warning otherwise may be an error of its record: see `Problem`.
    """

    code: str
    severity: Severity
    message: str
    suggestion: str


def _kinds(*rows: tuple[str, Severity, str, str]) -> dict[str, ProblemKind]:
    return {row[0]: ProblemKind(*row) for row in rows}


PROBLEM_KINDS: Final = _kinds(
    (
        "no_identifier",
        "error",
        "the record has no readable external_id, email or phone_number",
        "supply at least one identifier",
    ),
    (
        "bad_external_id",
        "error",
        "external_id must consist of letters, numbers and dashes only, at most 255 of them",
        "take out spaces, underscores and other signs",
    ),
    (
        "malformed_record",
        "error",
        "the record could not be read as one",
        'supply an object such as {"external_id": "1"}, or a row with as many cells as the header',
    ),
    (
        "record_too_large",
        "error",
        "the record is larger than 1 MiB",
        "supply less in one record",
    ),
    (
        "too_many_customers",
        "error",
        "the record means more customers than one record may change",
        "supply an external_id",
    ),
    (
        "wrong_type",
        "warning",
        "the value is not of a kind that this field takes",
        "see the field's type in the reference",
    ),
    ("too_long", "warning", "the text is longer than 10,000 characters", "shorten the text"),
    (
        "bad_text",
        "warning",
        "the text holds a NUL character or half of a surrogate pair",
        "check how the text was encoded",
    ),
    ("bad_email", "warning", "this is not an email address", "supply name@domain"),
    (
        "bad_phone_number",
        "warning",
        "this is not a valid phone number",
        "supply the country prefix, as in +358401234567, or the record's country",
    ),
    ("bad_boolean", "warning", "this is neither true nor false", "supply true or false"),
    ("bad_integer", "warning", "this is not a whole number of 64 bits", "supply digits only"),
    ("bad_number", "warning", "this is not a finite number", "use a point before decimals"),
    ("bad_money", "warning", "this is not a whole number of cents", "supply 1995 for 19.95"),
    ("bad_date", "warning", "this is not a date", "supply year-month-day, as in 1991-06-14"),
    (
        "bad_datetime",
        "warning",
        "this is not a date with time",
        "supply 2015-08-28 or 2015-08-28T14:10:00Z",
    ),
    ("bad_day_of_year", "warning", "this is not a day of the year", "supply MM/DD, as in 05/01"),
    (
        "bad_country_code",
        "warning",
        "this is not an ISO 3166-1 country code",
        "supply two letters, as in SE",
    ),
    (
        "bad_language_code",
        "warning",
        "this is not an ISO 639-1 language code",
        "supply two letters, as in sv",
    ),
    (
        "bad_operation",
        "warning",
        "only lists and sets can be added to and removed from, by .add and .remove",
        "supply the whole value under the field's own name",
    ),
    (
        "permission_without_address",
        "warning",
        "the permission was skipped: the address it is for could not be read",
        "mend the email or phone_number and send both again",
    ),
    (
        "bad_field_name",
        "warning",
        "after the company's prefix a name is a letter, then letters, digits and underscores",
        "rename the field",
    ),
    (
        "unknown_field",
        "warning",
        "there is no such field",
        "prefix your own fields with the company's short name and two underscores",
    ),
    (
        "too_many_fields",
        "warning",
        "the company has as many fields of its own as it may have",
        "use the fields that there are, or raise the limit",
    ),
    (
        "suppressed_identifier",
        "warning",
        "the email or phone_number belonged to a person who asked to be forgotten",
        "leave the person out; an admin can lift the suppression with a reason",
    ),
    (
        "customer_is_forgotten",
        "warning",
        "the customer was forgotten, which cannot be undone",
        "leave the customer out",
    ),
    (
        "customer_is_deleted",
        "warning",
        "the customer was deleted, which cannot be undone",
        "leave the customer out",
    ),
    (
        "customer_is_removed",
        "warning",
        "an undo removed the customer, and nothing of it was kept",
        "upload the customer again",
    ),
    (
        "permission_not_restored",
        "warning",
        "an undo never gives a permission again",
        "ask the customer, and upload the permission if it is given",
    ),
    (
        "last_identifier",
        "warning",
        "without this identifier the customer would have none",
        "delete the customer, or leave it as it is",
    ),
    (
        "identifier_taken",
        "warning",
        "another customer has this external_id now",
        "undo what gave it to the other customer first",
    ),
    (
        "identifier_in_use",
        "warning",
        "somebody else has changed the customer since, and may know it by this identifier",
        "undo those imports first, or delete the customer",
    ),
    (
        "unfit_value",
        "warning",
        "the former value does not fit the type that the field has now",
        "upload a value that fits",
    ),
    (
        "written_since",
        "warning",
        "the field was written again since, so its present value stays",
        "look at the customer and upload the value that is right",
    ),
    (
        "no_such_customer",
        "warning",
        "no customer has these identifiers, so there is nothing to change, delete or forget",
        "check the identifiers, or import without mode=update",
    ),
    (
        "customer_exists",
        "warning",
        "the record means a customer that there is already, and the import only creates",
        "import without mode=create to change customers",
    ),
    (
        "customer_moved",
        "warning",
        "the customers that the record means are not those of the plan any more, or have changed",
        "plan the record again",
    ),
)

_MALFORMED_CAUSES: Final[dict[str, tuple[str, str]]] = {
    "not_json": (
        "the line is not JSON",
        'supply one object a line, such as {"external_id": "1"}',
    ),
    "not_an_object": (
        "the record is not a JSON object",
        'supply an object such as {"external_id": "1"}',
    ),
    "too_deep": (
        "the record is nested deeper than 64 levels",
        "supply less deeply nested values",
    ),
    "not_utf_8": (
        "the record is not UTF-8",
        "write the file as UTF-8",
    ),
    "not_in_charset": (
        "the row holds bytes that are no characters in its charset",
        "name the charset in which the file was written: utf-8, utf-16 or iso-8859-1",
    ),
    "too_many_cells": (
        "the row has more cells than the header",
        "quote cells that hold the delimiter",
    ),
}
MALFORMED_KINDS: Final = {
    cause: ProblemKind("malformed_record", "error", *words)
    for cause, words in _MALFORMED_CAUSES.items()
}
"""What a malformed record is told, by what is wrong with it."""


def kind_of(code: str, cause: str | None = None) -> ProblemKind:
    """The words for a code, those for its cause where one is known."""
    return PROBLEM_KINDS[code] if cause is None else MALFORMED_KINDS[cause]


class Problem(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Something wrong with one record, or with one of its fields."""

    code: str
    record: int
    field: str | None = None
    line: int | None = None
    """Where the record begins in the body, from 1; of CSV."""
    rejects: bool = False
    """Whether it rejected its record though its code is a warning's: the import was strict."""
    cause: str | None = None
    """Which of the causes of its code it is, where there are several."""

    @property
    def severity(self) -> Severity:
        """What it did to its record."""
        return "error" if self.rejects else self.kind.severity

    @property
    def kind(self) -> ProblemKind:
        """The catalogue's entry for this problem's code, in the words for its cause."""
        return kind_of(self.code, self.cause)
