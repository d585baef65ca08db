"""What a token or a user may do: methods and paths (SPEC section 13).

Owns the rules; the edges ask with the method and path of a request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.access.credentials import Role

_PATH_LENGTH: Final = 200

METHODS: Final = frozenset({"GET", "POST", "PUT", "DELETE"})

IMPORT_SCOPES: Final = (
    "GET /api/imports/*/",
    "GET /api/imports/*/problems/",
    "GET /api/imports/*/rejected/",
)
"""What whoever may upload may do as well, with the imports that it made."""

DEFAULT_SCOPES: Final = (
    "POST /api/customers/upload/",
    "PUT /api/customers/upload/",
    "GET /api/data/customers/",
    "GET /api/imports/",
    *IMPORT_SCOPES,
)
"""What a token without scopes may do: upload, read, and follow imports."""

UPLOAD_SCOPES: Final = frozenset(DEFAULT_SCOPES[:2])

UNDO_SCOPES: Final = ("POST /api/imports/*/undo/",)
"""What whoever may upload may do as well: an undo changes nothing that no upload could change."""

CANCEL_SCOPES: Final = ("POST /api/imports/*/cancel/",)
"""What whoever may upload may do as well, with the imports that they made; with all, where it is
one of their scopes."""

APPLY_SCOPES: Final = ("POST /api/imports/*/apply/",)
"""What whoever may upload may do as well: a plan is an upload of theirs that waits."""

CONDITION_SCOPES: Final = (
    "POST /api/conditions/count/",
    "POST /api/conditions/explain/",
    "POST /api/conditions/why/",
)
"""Reading, though a condition comes in a body."""

RELEASE_SCOPE: Final = "POST /api/imports/*/release/"

SEGMENT_SCOPES: Final = (
    "GET /api/segments/",
    "GET /api/segments/*/",
    "GET /api/segments/*/count/",
    "GET /api/segments/*/customers/",
    "GET /api/segments/*/statistics/",
    "GET /api/segments/*/trend/",
    "GET /api/segments/*/overlap/",
)
"""To look at segments, their figures and their customers."""

SEGMENT_CHANGE_SCOPES: Final = (
    "POST /api/segments/",
    "PUT /api/segments/*/",
    "DELETE /api/segments/*/",
)

ROLE_SCOPES: Final[dict[Role, tuple[str, ...]]] = {
    "viewer": (
        "GET /api/data/customers/",
        *CONDITION_SCOPES,
        *SEGMENT_SCOPES,
        "GET /api/imports/",
        *IMPORT_SCOPES,
    ),
    "planner": (*DEFAULT_SCOPES, *CONDITION_SCOPES, *SEGMENT_SCOPES, *SEGMENT_CHANGE_SCOPES),
    "admin": (
        *DEFAULT_SCOPES,
        *CONDITION_SCOPES,
        *SEGMENT_SCOPES,
        *SEGMENT_CHANGE_SCOPES,
        *CANCEL_SCOPES,
        "POST /api/access-tokens/",
        "POST /api/integrations/",
        RELEASE_SCOPE,
    ),
}


def read_scope(text: str) -> str:
    """A scope in canonical form, `METHOD /path/`. Raises `InvalidValueError`."""
    method, _, path = text.strip().partition(" ")
    method = method.upper()
    path = path.strip()
    if method not in METHODS:
        raise InvalidValueError("scope", f"the method is one of {', '.join(sorted(METHODS))}")
    if not path.startswith("/api/") or "?" in path or "//" in path or len(path) > _PATH_LENGTH:
        raise InvalidValueError("scope", "the path begins with /api/ and has no query")
    if not path.isprintable():
        raise InvalidValueError("scope", "the path has printable characters only")
    return f"{method} {_with_slash(path)}"


def allows(scopes: Iterable[str], method: str, path: str) -> bool:
    """Whether any of the scopes covers a request; `*` stands for one part of the path."""
    wanted = _with_slash(path).split("/")
    for scope in scopes:
        scope_method, _, scope_path = scope.partition(" ")
        parts = scope_path.split("/")
        if (
            scope_method == method
            and len(parts) == len(wanted)
            and all(part in ("*", other) for part, other in zip(parts, wanted, strict=True))
        ):
            return True
    return False


def covers(scopes: Iterable[str], wanted: str) -> bool:
    """Whether scopes allow all that another scope allows: no token grants what it lacks."""
    method, _, path = wanted.partition(" ")
    return allows(scopes, method, path)


def _with_slash(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"
