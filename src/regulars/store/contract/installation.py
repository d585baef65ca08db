"""What the store of the installation must be able to do, method by method.

It holds what belongs to no single company: companies, users, tokens, the line of waiting imports.
Methods that take an `AuditEntry` write it with what it tells of, as one that is due: see
`DueAuditStore`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.domain.access.credentials import Integration, Token, User
    from regulars.store.contract.company import CompanyStore
    from regulars.store.contract.due_audit import DueAuditStore
    from regulars.store.contract.line import ImportLine
    from regulars.store.contract.values import AuditEntry, Company
    from regulars.store.contract.visits import VisitStore


class InstallationStore(Protocol):
    """What belongs to no single company, and the way to each company's store."""

    @property
    def visits(self) -> VisitStore:
        """Who is signed in with a browser, and views of pages."""

    @property
    def line(self) -> ImportLine:
        """Imports that have not ended."""

    @property
    def due_audit(self) -> DueAuditStore:
        """Entries for the audit logs of companies."""

    def check_secret_key(self, check_value: bytes) -> bool:
        """Whether the value equals the one stored; the first one ever given is stored."""

    def create_company(self, company: Company, created_at: datetime, entry: AuditEntry) -> None:
        """Make a company and its store. Raises `NameTakenError`."""

    def save_company(self, company: Company, entry: AuditEntry) -> None:
        """Store what a company has settled otherwise; nothing happens if there is no such one."""

    def find_company(self, short_name: str) -> Company | None:
        """The company of that short name."""

    def load_companies(self) -> list[Company]:
        """All companies by short name."""

    def open_company(self, short_name: str) -> CompanyStore:
        """The store of a company; the same object each time. Raises `UnknownNameError`."""

    def create_user(self, user: User, entry: AuditEntry) -> None:
        """Raises `NameTakenError` if the address is in use in the installation."""

    def find_user(self, email: str) -> User | None:
        """The user with that address."""

    def save_user(self, user: User, entry: AuditEntry) -> None:
        """Store a user's role, password hash and whether it is disabled."""

    def save_user_beside_admin(self, user: User, entry: AuditEntry) -> bool:
        """The same, but False, and nothing happens, where nobody else in the company is an admin
        who may sign in; however many ask at a time.
        """

    def load_users(self, company: str) -> list[User]:
        """The users of a company in order of address."""

    def create_integration(self, integration: Integration, entry: AuditEntry) -> None:
        """Store a new integration."""

    def find_integration(self, company: str, integration_id: str) -> Integration | None:
        """An integration of a company."""

    def create_token(self, token: Token, entry: AuditEntry) -> None:
        """Store a new token."""

    def find_token(self, secret_hash: bytes) -> Token | None:
        """The token with that hash of its secret."""

    def load_tokens(self, company: str) -> list[Token]:
        """The tokens of a company in order of creation."""

    def revoke_token(
        self, company: str, token_id: str, revoked_at: datetime, entry: AuditEntry
    ) -> bool:
        """Revoke a token; False if the company has none such in force."""

    def check(self) -> None:
        """Raises `StoreUnavailableError` or `StorageFullError` if the store cannot be written."""

    def close(self) -> None:
        """Give back connections and files."""
