"""What pages say of imports: their states, kinds, choices, and why one is held.

Owns these words. Must not know requests.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from regulars.web.field_labels import label_field
from regulars.web.wording import write_number, write_plural, write_share

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.hold import HoldReason
    from regulars.domain.imports.options import ImportOptions
    from regulars.domain.imports.plan import ConflictReason
    from regulars.domain.records.problem import ProblemKind
    from regulars.services.access import Access
    from regulars.store.contract import ImportRun, ImportStatus

STATUSES: Final[dict[ImportStatus, str]] = {
    "queued": "Waiting",
    "running": "Running",
    "held": "Held",
    "planned": "Dry run",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
MOVED: Final[dict[ConflictReason, str]] = {
    "means_other_customers": "It means other customers now.",
    "customer_has_changed": "A customer that it means has changed since.",
    "would_do_otherwise": "It would do something else now.",
}
_MESSAGES: Final = {
    "no_identifier": "Nothing says who it is: no readable external ID, e-mail address or phone "
    "number",
    "bad_external_id": "An external ID has letters, numbers and dashes only, at most 255 of them",
    "bad_boolean": "This is neither yes nor no",
    "no_such_customer": "There is no such customer",
    "suppressed_identifier": "The e-mail address or phone number belongs to somebody who asked to "
    "be forgotten",
}
"""By code, where the words of the API are not those of planners."""
_SUGGESTIONS: Final = {
    "no_identifier": "Fill in one of them",
    "bad_boolean": "Write yes or no, true or false, 1 or 0",
    "unknown_field": "Choose a field for the column, or do not import it",
    "too_many_customers": "Give the external ID of the customer that is meant",
    "customer_exists": "Choose “Add and update” to change customers that are there",
    "no_such_customer": "Check who is meant, or choose “Add and update”",
}
_FORMATS: Final = {"csv": "CSV file", "json": "JSON", "ndjson": "NDJSON"}
_MODES: Final = {"create": "adds customers only", "update": "updates customers only"}
_PARTIES: Final = {"command": "Command line", "demo": "Demo", "maintenance": "Maintenance"}


class Actors:
    """Who made imports, by the names under which history knows them."""

    def __init__(self, access: Access, company: str) -> None:
        self._access: Final = access
        self._company: Final = company

    def name(self, actor: str) -> str:
        """Such as an address, or the name of a token."""
        kind, _, rest = actor.partition(":")
        if kind == "user":
            return rest
        if kind == "token":
            return self._tokens.get(rest, "A token")
        return _PARTIES.get(actor, actor)

    @cached_property
    def _tokens(self) -> dict[str, str]:
        return {each.id: f"Token {each.name}" for each in self._access.load_tokens(self._company)}


def write_kind(run: ImportRun) -> str:
    """What an import is."""
    if run.options.undoes is not None:
        return "Undo"
    return _FORMATS[run.options.form.format]


def write_choices(schema: Schema, options: ImportOptions) -> list[str]:
    """What its sender chose, as far as it is not as usual."""
    chosen = []
    if options.mode in _MODES:
        chosen.append(_MODES[options.mode])
    if options.is_strict:
        chosen.append("rejects a record in which anything is wrong")
    if options.form.clear_empty_cells:
        chosen.append("empty cells remove values")
    if options.keep:
        names = ", ".join(label_field(schema, name) for name in options.keep)
        chosen.append(f"keeps what customers have in: {names}")
    return chosen


def write_reason(schema: Schema, reason: HoldReason) -> str:
    """Why an import is held, in a sentence with its numbers."""
    count = write_number(reason.count)
    share = write_share(reason.count, reason.of or 0)
    match reason.code:
        case "permission_taken":
            label = label_field(schema, reason.field or "")
            return (
                f"It would take the {_lower(label)} from {count} of the "
                f"{write_number(reason.of or 0)} customers who have given it ({share})."
            )
        case "customers_gone":
            return (
                f"It would delete or forget {count} of {write_number(reason.of or 0)} customers "
                f"({share}). That cannot be undone."
            )
        case _:
            what = "phone number" if reason.field == "phone_number" else "e-mail address"
            return f"{write_plural(reason.count, 'record')} have one and the same {what}."


def write_message(kind: ProblemKind) -> str:
    """What is wrong, as a sentence."""
    return _sentence(_MESSAGES.get(kind.code, kind.message))


def write_suggestion(kind: ProblemKind) -> str:
    """What to do about it, as a sentence."""
    return _sentence(_SUGGESTIONS.get(kind.code, kind.suggestion))


def write_seconds(seconds: float) -> str:
    """How long something takes or took: `2 min 5 s`."""
    whole = max(0, round(seconds))
    if whole < 1:
        return "under 1 s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    parts.append(f"{rest} s" if rest and not hours else "")
    return " ".join(filter(None, parts))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _lower(label: str) -> str:
    return (
        label
        if label[:2].isupper() or label[1:2].isupper() or label[1:2] == "-"
        else (label[:1].lower() + label[1:])
    )
