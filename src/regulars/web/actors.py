"""Who did something, as people call them.

Owns the words for what history and audit log name shortly, such as `token:4f1c`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from regulars.services.access import Access

_OTHERS: Final = {"command": "a command", "": "somebody"}


class ActorNames:
    """The names of whoever acts in a company; tokens are looked up when one is first asked for."""

    def __init__(self, access: Access, company: str) -> None:
        self._access: Final = access
        self._company: Final = company
        self._tokens: dict[str, str] | None = None

    def name(self, actor: str) -> str:
        """Such as `jane@example.org`, or `the token nightly`."""
        kind, _, key = actor.partition(":")
        if kind == "user":
            return key
        if kind == "token":
            return f"the token {self._token_name(key)}"
        return _OTHERS.get(actor, actor)

    def _token_name(self, token_id: str) -> str:
        if self._tokens is None:
            tokens = self._access.load_tokens(self._company)
            self._tokens = {token.id: token.name for token in tokens}
        return self._tokens.get(token_id) or token_id
