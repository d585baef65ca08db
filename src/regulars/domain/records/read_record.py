"""A record after reading: identifiers, changes, operations and problems.

Owns the shape that reading hands to deciding. Must not know how either is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from regulars.domain.customers.customer import decode_fields, encode_fields
from regulars.domain.fields.types import REMOVE
from regulars.domain.records.problem import PROBLEM_KINDS, Problem

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.domain.fields.types import Remove, Value

_REMOVE_IN_JSON: Final = f'"{REMOVE.value}"'.encode()
_NO_FIELDS: Final[set[str | None]] = set()
"""Shared by all records without problems: never add to it."""

Operation = tuple[str, Literal["add", "remove"], list[str]]


class Original(NamedTuple):
    """A record as it came, so that it can be sent again."""

    content: bytes | None
    """Of JSON and NDJSON, its bytes; of CSV, its cells as a JSON array. None where it is too
    large."""
    header: tuple[str, ...] | None
    """Of CSV, the header cells as they came."""


class ReadRecord:
    """What one record says, in canonical values.

    Made and filled by the record reader alone; everybody else only reads it. `schema` is the
    schema as it was when the record was read: a later record may widen a field.
    """

    __slots__ = (
        "_changes",
        "_troubled",
        "document",
        "email",
        "exported_from",
        "external_id",
        "hash",
        "is_deleted",
        "is_forgotten",
        "line",
        "national_number",
        "number",
        "operations",
        "original",
        "phone_number",
        "problems",
        "rejected",
        "schema",
    )

    known_customer: int | None = None
    """Of a record that was applied before as it stands: the id of the customer that it has made
    what it is. Then nothing else was read of it."""

    def __init__(self, number: int, schema: Schema, line: int | None = None) -> None:
        self.number: Final = number
        self.line: Final = line
        """Where it begins in the body, from 1; of CSV."""
        self.schema = schema
        self._changes: dict[str, Value | Remove] | None = {}
        self.document: bytes | None = None
        """Of a plain record, canonical JSON of its changes; see `seal`."""
        self.operations: list[Operation] = []
        self.problems: list[Problem] = []
        self._troubled = _NO_FIELDS
        self.external_id: str | None = None
        self.email: str | None = None
        self.phone_number: str | None = None
        """The phone number as read for finding customers."""
        self.national_number: object = None
        """A number without country prefix that came without the record's country: when it is
        applied, the customer's country decides how it reads (SPEC section 2)."""
        self.exported_from: int | None = None
        """Of a line of our own export: the id of the customer that it shows."""
        self.is_deleted = False
        self.is_forgotten = False
        self.rejected = False
        self.hash: int | None = None
        """Of a plain record: keyed hash of the record as it came."""
        self.original: Original | None = None
        """Where it may still be rejected: what is kept of it then."""

    @property
    def changes(self) -> dict[str, Value | Remove]:
        """The fields that it sets or removes."""
        changes = self._changes
        if changes is None:
            changes = self._changes = decode_fields(self.document or b"{}")
        return changes

    @changes.setter
    def changes(self, changes: dict[str, Value | Remove]) -> None:
        self._changes = changes
        self.document = None

    def read_again(self) -> ReadRecord:
        """The record, read in any case."""
        return self

    def seal(self) -> None:
        """Note whether the record is plain, once it is read: it has an external_id, sets fields and
        does nothing else, and nothing is wrong with it.

        A customer that a plain record makes is what the record says, so that its document can be
        made where the record is read.
        """
        changes = self.changes
        if (
            self.external_id is None
            or self.problems
            or self.operations
            or self.exported_from is not None
            or self.is_deleted
            or self.is_forgotten
            or self.national_number is not None
        ):
            return
        document = encode_fields(changes)
        # An enumeration is written as its value: only where that occurs is a closer look worth it.
        if _REMOVE_IN_JSON in document and REMOVE in changes.values():
            return
        self.document = document

    def become_plain(
        self, external_id: str | None, email: str | None, phone_number: str | None, document: bytes
    ) -> None:
        """Be a plain record, fresh from another process; its changes are read when needed."""
        self.external_id = external_id
        self.email = email
        self.phone_number = phone_number
        self.document = document
        self._changes = None

    @property
    def is_number_unread(self) -> bool:
        """Whether it has a phone number that only a customer's country can make readable."""
        return self.national_number is not None and self.phone_number is None

    def add_problem(self, code: str, field: str | None = None, cause: str | None = None) -> None:
        """Note a problem, at most one for each field; one of severity `error` rejects the
        record.
        """
        if field in self._troubled:
            return
        if field is not None:
            if not self._troubled:
                self._troubled = set()
            self._troubled.add(field)
        self.problems.append(Problem(code, self.number, field, self.line, cause=cause))
        if PROBLEM_KINDS[code].severity == "error":
            self.rejected = True

    def may_be_rejected(self, *, is_strict: bool) -> bool:
        """Whether it is rejected, or may be once it is decided.

        Only what names a suppressed address may be rejected in spite of this: of that, nothing is
        kept.
        """
        if self.rejected or self.external_id is None:
            return True
        return is_strict and (bool(self.problems) or self.national_number is not None)

    def could_not_read(self, field: str) -> bool:
        """Whether `field` was supplied but its value was not readable."""
        return field in self._troubled and any(
            problem.field == field and problem.code != "bad_operation" for problem in self.problems
        )


def readable(value: Value | Remove | None) -> str | None:
    """A canonical text; None where a key is missing or is to be removed."""
    return value if value.__class__ is str else None
