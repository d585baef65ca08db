"""The installation's own schema in PostgreSQL, and the schemas of its companies."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from psycopg.errors import UniqueViolation

from regulars.errors import NameTakenError, StorageFullError, UnknownNameError
from regulars.store.company_rows import company_columns, read_company
from regulars.store.due_audit import SqlDueAuditStore, change
from regulars.store.postgres.company_store import PostgresCompanyStore
from regulars.store.postgres.line import PostgresImportLine
from regulars.store.postgres.schema import Schema
from regulars.store.postgres.sessions import Sessions
from regulars.store.postgres.tables import Tables
from regulars.store.postgres.visits import PostgresVisitStore
from regulars.store.rows import (
    integration_columns,
    is_storable,
    read_integration,
    read_token,
    read_user,
    to_microseconds,
    token_columns,
    user_columns,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from regulars.domain.access.credentials import Integration, Token, User
    from regulars.store.contract import AuditEntry, Company

_SCHEMA: Final = "regulars"


class PostgresInstallationStore(Tables):
    """`InstallationStore` in a PostgreSQL database.

    `derive_secret` gives the secret of a company, by its short name, that its identifiers are
    hashed with. Raises `StoreUnavailableError`, and `SettingsError` if the URL or the encoding of
    the database cannot be used.
    """

    def __init__(self, database_url: str, derive_secret: Callable[[str], bytes]) -> None:
        self._derive_secret: Final = derive_secret
        sessions = Sessions(database_url)
        self._companies: Final[dict[str, PostgresCompanyStore]] = {}
        self._companies_lock: Final = Lock()
        try:
            schema = Schema(sessions, _SCHEMA, "installation")
        except BaseException:
            sessions.close()
            raise
        super().__init__(schema.statements, sessions)
        self.visits: Final = PostgresVisitStore(schema, sessions)
        self.line: Final = PostgresImportLine(schema.statements, sessions)
        self.due_audit: Final = SqlDueAuditStore(
            schema.statements, sessions.session, sessions.transaction
        )

    def check_secret_key(self, check_value: bytes) -> bool:
        """See `InstallationStore.check_secret_key`."""
        self._write("insert_secret_check", {"value": check_value})
        ((stored,),) = self._load("read_secret_check")
        return bool(stored == check_value)

    # Companies

    def create_company(self, company: Company, created_at: datetime, entry: AuditEntry) -> None:
        """See `InstallationStore.create_company`."""
        columns = company_columns(company) | {"created_at": to_microseconds(created_at)}
        try:
            self._change("insert_company", columns, company.short_name, entry)
        except UniqueViolation as error:
            msg = f"there is a company {company.short_name} already"
            raise NameTakenError(msg) from error
        # Should this not come to pass, whoever opens the company next makes its schema.
        self.open_company(company.short_name)

    def save_company(self, company: Company, entry: AuditEntry) -> None:
        """See `InstallationStore.save_company`."""
        self._change("update_company", company_columns(company), company.short_name, entry)

    def find_company(self, short_name: str) -> Company | None:
        """See `InstallationStore.find_company`."""
        row = self._find("find_company", {"short_name": short_name})
        return None if row is None else read_company(row)

    def load_companies(self) -> list[Company]:
        """See `InstallationStore.load_companies`."""
        return [read_company(row) for row in self._load("load_companies")]

    def open_company(self, short_name: str) -> PostgresCompanyStore:
        """See `InstallationStore.open_company`."""
        with self._companies_lock:
            store = self._companies.get(short_name)
            if store is None:
                if self.find_company(short_name) is None:
                    raise UnknownNameError("company", short_name)
                store = PostgresCompanyStore(
                    self._sessions, short_name, self._derive_secret(short_name)
                )
                self._companies[short_name] = store
        return store

    # Users and tokens

    def create_user(self, user: User, entry: AuditEntry) -> None:
        """See `InstallationStore.create_user`."""
        try:
            self._change("insert_user", user_columns(user), user.company, entry)
        except UniqueViolation as error:
            msg = "there is a user with that address already"
            raise NameTakenError(msg) from error

    def find_user(self, email: str) -> User | None:
        """See `InstallationStore.find_user`."""
        row = self._find("find_user", {"email": email})
        return None if row is None else read_user(row)

    def save_user(self, user: User, entry: AuditEntry) -> None:
        """See `InstallationStore.save_user`."""
        self._change("update_user", user_columns(user), user.company, entry)

    def save_user_beside_admin(self, user: User, entry: AuditEntry) -> bool:
        """See `InstallationStore.save_user_beside_admin`."""
        with self._sessions.session() as connection, connection.transaction():
            # Of two who would go at the same time, the second one waits for the first.
            connection.execute(self._sql["lock_line"], {"company": user.company})
            columns = user_columns(user)
            statement = "update_user_beside_admin"
            return change(connection, self._sql, statement, columns, user.company, entry)

    def load_users(self, company: str) -> list[User]:
        """See `InstallationStore.load_users`."""
        return [read_user(row) for row in self._load("load_users", {"company": company})]

    def create_integration(self, integration: Integration, entry: AuditEntry) -> None:
        """See `InstallationStore.create_integration`."""
        columns = integration_columns(integration)
        self._change("insert_integration", columns, integration.company, entry)

    def find_integration(self, company: str, integration_id: str) -> Integration | None:
        """See `InstallationStore.find_integration`."""
        row = self._find("find_integration", {"company": company, "id": integration_id})
        return None if row is None else read_integration(row)

    def create_token(self, token: Token, entry: AuditEntry) -> None:
        """See `InstallationStore.create_token`."""
        self._change("insert_token", token_columns(token), token.company, entry)

    def find_token(self, secret_hash: bytes) -> Token | None:
        """See `InstallationStore.find_token`."""
        row = self._find("find_token", {"secret_hash": secret_hash})
        return None if row is None else read_token(row)

    def load_tokens(self, company: str) -> list[Token]:
        """See `InstallationStore.load_tokens`."""
        return [read_token(row) for row in self._load("load_tokens", {"company": company})]

    def revoke_token(
        self, company: str, token_id: str, revoked_at: datetime, entry: AuditEntry
    ) -> bool:
        """See `InstallationStore.revoke_token`."""
        columns = {"company": company, "id": token_id, "revoked_at": to_microseconds(revoked_at)}
        return is_storable(token_id) and self._change("revoke_token", columns, company, entry)

    # The whole

    def check(self) -> None:
        """See `InstallationStore.check`."""
        ((is_read_only,),) = self._load("is_read_only")
        if is_read_only:
            raise StorageFullError("the database takes no writes")

    def close(self) -> None:
        """See `InstallationStore.close`."""
        with self._companies_lock:
            self._companies.clear()
        self._sessions.close()

    # Parts

    def _change(
        self, statement: str, columns: dict[str, object], company: str, entry: AuditEntry
    ) -> bool:
        """Run a statement with the audit entry of what it does; gives whether it did."""
        with self._sessions.transaction() as connection:
            return change(connection, self._sql, statement, columns, company, entry)
