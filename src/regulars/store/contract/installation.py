"""What the store of the installation must be able to do, method by method.

It holds what belongs to no single company: companies, users, tokens, the line of waiting imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from regulars.domain.access.credentials import Integration, Token, User
    from regulars.store.contract.company import CompanyStore
    from regulars.store.contract.values import Company, IdempotencyKey, QueuedImport
    from regulars.store.contract.visits import VisitStore

QUEUED_BYTES: Final = 2_000
"""What an import costs beside its body, as if it were a part of it."""


class InstallationStore(Protocol):
    """What belongs to no single company, and the way to each company's store."""

    @property
    def visits(self) -> VisitStore:
        """Who is signed in with a browser, and views of pages."""

    def check_secret_key(self, check_value: bytes) -> bool:
        """Whether the value equals the one stored; the first one ever given is stored."""

    def create_company(self, company: Company, created_at: datetime) -> None:
        """Make a company and its store. Raises `NameTakenError`."""

    def save_company(self, company: Company) -> None:
        """Store what a company has settled otherwise; nothing happens if there is no such one."""

    def find_company(self, short_name: str) -> Company | None:
        """The company of that short name."""

    def load_companies(self) -> list[Company]:
        """All companies by short name."""

    def open_company(self, short_name: str) -> CompanyStore:
        """The store of a company; the same object each time. Raises `UnknownNameError`."""

    def create_user(self, user: User) -> None:
        """Raises `NameTakenError` if the address is in use in the installation."""

    def find_user(self, email: str) -> User | None:
        """The user with that address."""

    def save_user(self, user: User) -> None:
        """Store a user's role, password hash and whether it is disabled."""

    def save_user_beside_admin(self, user: User) -> bool:
        """The same, but False, and nothing happens, where nobody else in the company is an admin
        who may sign in; however many ask at a time.
        """

    def load_users(self, company: str) -> list[User]:
        """The users of a company in order of address."""

    def create_integration(self, integration: Integration) -> None:
        """Store a new integration."""

    def find_integration(self, company: str, integration_id: str) -> Integration | None:
        """An integration of a company."""

    def create_token(self, token: Token) -> None:
        """Store a new token."""

    def find_token(self, secret_hash: bytes) -> Token | None:
        """The token with that hash of its secret."""

    def load_tokens(self, company: str) -> list[Token]:
        """The tokens of a company in order of creation."""

    def revoke_token(self, company: str, token_id: str, revoked_at: datetime) -> bool:
        """Revoke a token; False if the company has none such in force."""

    def enqueue_import(self, queued: QueuedImport) -> QueuedImport:
        """Accept an import: durable once this returns. Gives it with its sequence. Raises
        `ConflictError` where it stands in the line already.
        """

    def enqueue_import_once(
        self, queued: QueuedImport, key: IdempotencyKey, expired_before: datetime
    ) -> QueuedImport | IdempotencyKey:
        """As `enqueue_import`, in one with the use of a key. Where that is in use since
        `expired_before`, nothing happens; gives the key as it was used.
        """

    def use_idempotency_key(
        self, key: IdempotencyKey, expired_before: datetime
    ) -> IdempotencyKey | None:
        """Use a key for what is no import. Gives it as it was used, where it is in use already."""

    def delete_idempotency_keys(self, before: datetime) -> int:
        """Let go of keys used before then; gives how many."""

    def cancel_queued_import(self, company: str, import_id: str) -> bool:
        """Ask an import to stop; False where it has ended, or was asked before."""

    def next_import(self, company: str) -> QueuedImport | None:
        """The oldest import of a company that has not ended, with its body where it is small."""

    def find_queued_import(self, company: str, import_id: str) -> QueuedImport | None:
        """An import that has not ended."""

    def load_queued_imports(
        self, company: str, import_ids: Collection[str] | None = None
    ) -> list[QueuedImport]:
        """Imports of a company that have not ended, or those of them, in order of acceptance."""

    def load_uploads_in_line(
        self, company: str, before_sequence: int | None, limit: int
    ) -> list[QueuedImport]:
        """The newest uploads of a company that have not ended, newest first; none that was planned,
        held or failed before.
        """

    def dequeue_import(self, import_id: str, *, unless_cancelled: bool = False) -> bool:
        """The import has ended; False where it had left the line, or stays in it, since it is to
        stay if somebody asked it to stop.
        """

    def load_waiting_companies(self) -> list[str]:
        """The companies, by short name, that have an import that has not ended."""

    def find_waiting(self, import_ids: Collection[str]) -> dict[str, int]:
        """Those of the imports that have not ended, and how many bytes stand before each in its
        line. Every import counts `QUEUED_BYTES` more than its body.
        """

    def check(self) -> None:
        """Raises `StoreUnavailableError` or `StorageFullError` if the store cannot be written."""

    def close(self) -> None:
        """Give back connections and files."""
