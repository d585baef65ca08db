"""Settings in words: types of fields, scopes of tokens, acts in the audit log, limits.

Owns those words. What they stand for is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from regulars.domain.access.scopes import (
    CONDITION_SCOPES,
    DEFAULT_SCOPES,
    IMPORT_SCOPES,
    RELEASE_SCOPE,
    SEGMENT_CHANGE_SCOPES,
    SEGMENT_SCOPES,
    covers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.store.contract import AuditEntry

TYPE_LABELS: Final = {
    "string": "Text",
    "email": "E-mail address",
    "phone_number": "Phone number",
    "boolean": "Yes or no",
    "integer": "Whole number",
    "number": "Number",
    "money": "Money, in cents",
    "date": "Date",
    "datetime": "Date and time",
    "day_of_year": "Day of the year",
    "country_code": "Country",
    "language_code": "Language",
    "list": "List",
    "set": "Set of tags",
    "object": "Object (JSON)",
    "external_id": "External ID",
}


class ScopeChoice(NamedTuple):
    """Something that a token may be allowed."""

    key: str
    label: str
    hint: str
    scopes: tuple[str, ...]
    is_default: bool = False


SCOPE_CHOICES: Final = (
    ScopeChoice(
        "upload", "Upload customers", "and cancel, apply and undo its own imports",
        DEFAULT_SCOPES[:2], is_default=True,
    ),
    ScopeChoice(
        "read", "Read customers", "with all their fields", DEFAULT_SCOPES[2:3], is_default=True
    ),
    ScopeChoice(
        "imports", "Follow imports", "their progress, problems and rejected records",
        ("GET /api/imports/", *IMPORT_SCOPES), is_default=True,
    ),
    ScopeChoice("segments", "Read segments", "with their figures and customers", SEGMENT_SCOPES),
    ScopeChoice(
        "change-segments", "Change segments", "make, change and delete them",
        SEGMENT_CHANGE_SCOPES,
    ),
    ScopeChoice(
        "conditions", "Ask by condition", "count and explain conditions", CONDITION_SCOPES
    ),
    ScopeChoice(
        "release", "Release held imports", "which an import limit has stopped", (RELEASE_SCOPE,)
    ),
)  # fmt: skip


def describe_scopes(scopes: Iterable[str]) -> list[str]:
    """What a token may do, in words; what there is no word for stands as it is."""
    left = list(scopes) or list(DEFAULT_SCOPES)
    given, words = tuple(left), []
    for choice in SCOPE_CHOICES:
        if all(covers(given, scope) for scope in choice.scopes):
            words.append(choice.label)
            left = [scope for scope in left if scope not in choice.scopes]
    return words + left


_ACTIONS: Final = {
    "company:create": "Company made",
    "company:change": "Company settings changed",
    "customer:forget": "Person forgotten",
    "customer:purge": "Deleted customers purged",
    "export:start": "Export started",
    "export:end": "Export ended",
    "field:declare": "Field declared",
    "import:apply": "Plan applied",
    "import:cancel": "Import asked to stop",
    "import:release": "Held import released",
    "import:restart": "Import started again",
    "import:undo": "Import undone",
    "integration:create": "Integration made",
    "segment:change": "Segment changed",
    "segment:create": "Segment made",
    "segment:delete": "Segment deleted",
    "suppression:lift": "Suppression lifted",
    "token:create": "Token made",
    "token:revoke": "Token revoked",
    "user:create": "User made",
    "user:disable": "User disabled",
    "user:enable": "User enabled",
    "user:password": "Password changed",
    "user:role": "Role changed",
}


def label_action(action: str) -> str:
    """A kind of act of the audit log, in words."""
    return _ACTIONS.get(action) or action.replace(":", ": ").replace("_", " ")


def describe_subject(entry: AuditEntry, token_names: dict[str, str]) -> str:
    """What an act was done to."""
    if entry.action.startswith("token:"):
        return token_names.get(entry.subject) or entry.subject
    return entry.subject


class LimitWords(NamedTuple):
    """A limit of a company, in words."""

    name: str
    label: str
    unit: str


RETENTION_LIMITS: Final = (
    LimitWords("deleted_days", "Data of deleted customers is kept for", "days"),
    LimitWords("rejected_days", "Rejected records are kept for", "days"),
)
HOLD_LIMITS: Final = (
    LimitWords(
        "hold_permission_customers", "It would take one permission from more than", "customers"
    ),
    LimitWords("hold_permission_percent", "… and from more than", "% of those who have it"),
    LimitWords("hold_gone_customers", "It would delete or forget more than", "customers"),
    LimitWords("hold_gone_percent", "… and more than", "% of all customers"),
    LimitWords(
        "hold_address_records", "One e-mail address or phone number stands in more than",
        "of its records",
    ),
)  # fmt: skip
