"""The installation's own database in a SQLite file, and the folders of its companies."""

from __future__ import annotations

import shutil
import sqlite3
from threading import Lock
from typing import TYPE_CHECKING, Final

from regulars.errors import NameTakenError, StorageFullError, UnknownNameError
from regulars.store.company_rows import company_columns, read_company
from regulars.store.due_audit import SqlDueAuditStore, change
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
from regulars.store.sqlite.company_store import SqliteCompanyStore
from regulars.store.sqlite.database import Database
from regulars.store.sqlite.line import SQL, SqliteImportLine, find_row
from regulars.store.sqlite.visits import SqliteVisitStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from regulars.domain.access.credentials import Integration, Token, User
    from regulars.store.contract import AuditEntry, Company

_LEAST_FREE_BYTES: Final = 32 * 1024 * 1024


class SqliteInstallationStore:
    """`InstallationStore` in a data folder.

    `derive_secret` gives the secret of a company, by its short name, that its identifiers are
    hashed with.
    """

    def __init__(self, data_folder: Path, derive_secret: Callable[[str], bytes]) -> None:
        self._folder: Final = data_folder
        self._derive_secret: Final = derive_secret
        self._database: Final = Database(data_folder / "installation.db", "installation")
        self.visits: Final = SqliteVisitStore(self._database)
        self.line: Final = SqliteImportLine(self._database)
        self.due_audit: Final = SqlDueAuditStore(SQL, self._database.read, self._database.write)
        self._companies: Final[dict[str, SqliteCompanyStore]] = {}
        self._companies_lock: Final = Lock()

    def check_secret_key(self, check_value: bytes) -> bool:
        """See `InstallationStore.check_secret_key`."""
        with self._database.read() as connection:
            row = connection.execute(SQL["read_secret_check"]).fetchone()
        if row is None:
            with self._database.write() as connection:
                row = connection.execute(SQL["read_secret_check"]).fetchone()
                if row is None:
                    connection.execute(SQL["insert_secret_check"], {"value": check_value})
                    return True
        return bool(row[0] == check_value)

    # Companies

    def create_company(self, company: Company, created_at: datetime, entry: AuditEntry) -> None:
        """See `InstallationStore.create_company`."""
        columns = company_columns(company) | {"created_at": to_microseconds(created_at)}
        try:
            self._change("insert_company", columns, company.short_name, entry)
        except sqlite3.IntegrityError as error:
            msg = f"there is a company {company.short_name} already"
            raise NameTakenError(msg) from error
        self.open_company(company.short_name)

    def save_company(self, company: Company, entry: AuditEntry) -> None:
        """See `InstallationStore.save_company`."""
        self._change("update_company", company_columns(company), company.short_name, entry)

    def find_company(self, short_name: str) -> Company | None:
        """See `InstallationStore.find_company`."""
        row = find_row(self._database, "find_company", {"short_name": short_name})
        return None if row is None else read_company(row)

    def load_companies(self) -> list[Company]:
        """See `InstallationStore.load_companies`."""
        with self._database.read() as connection:
            return [read_company(row) for row in connection.execute(SQL["load_companies"])]

    def open_company(self, short_name: str) -> SqliteCompanyStore:
        """See `InstallationStore.open_company`."""
        with self._companies_lock:
            store = self._companies.get(short_name)
            if store is None:
                if self.find_company(short_name) is None:
                    raise UnknownNameError("company", short_name)
                store = SqliteCompanyStore(
                    self._folder / "companies" / short_name, self._derive_secret(short_name)
                )
                self._companies[short_name] = store
        return store

    # Users and tokens

    def create_user(self, user: User, entry: AuditEntry) -> None:
        """See `InstallationStore.create_user`."""
        try:
            self._change("insert_user", user_columns(user), user.company, entry)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
                raise
            msg = "there is a user with that address already"
            raise NameTakenError(msg) from error

    def find_user(self, email: str) -> User | None:
        """See `InstallationStore.find_user`."""
        row = find_row(self._database, "find_user", {"email": email})
        return None if row is None else read_user(row)

    def save_user(self, user: User, entry: AuditEntry) -> None:
        """See `InstallationStore.save_user`."""
        self._change("update_user", user_columns(user), user.company, entry)

    def save_user_beside_admin(self, user: User, entry: AuditEntry) -> bool:
        """See `InstallationStore.save_user_beside_admin`."""
        return self._change("update_user_beside_admin", user_columns(user), user.company, entry)

    def load_users(self, company: str) -> list[User]:
        """See `InstallationStore.load_users`."""
        with self._database.read() as connection:
            rows = connection.execute(SQL["load_users"], {"company": company})
            return [read_user(row) for row in rows]

    def create_integration(self, integration: Integration, entry: AuditEntry) -> None:
        """See `InstallationStore.create_integration`."""
        columns = integration_columns(integration)
        self._change("insert_integration", columns, integration.company, entry)

    def find_integration(self, company: str, integration_id: str) -> Integration | None:
        """See `InstallationStore.find_integration`."""
        row = find_row(
            self._database, "find_integration", {"company": company, "id": integration_id}
        )
        return None if row is None else read_integration(row)

    def create_token(self, token: Token, entry: AuditEntry) -> None:
        """See `InstallationStore.create_token`."""
        self._change("insert_token", token_columns(token), token.company, entry)

    def find_token(self, secret_hash: bytes) -> Token | None:
        """See `InstallationStore.find_token`."""
        row = find_row(self._database, "find_token", {"secret_hash": secret_hash})
        return None if row is None else read_token(row)

    def load_tokens(self, company: str) -> list[Token]:
        """See `InstallationStore.load_tokens`."""
        with self._database.read() as connection:
            rows = connection.execute(SQL["load_tokens"], {"company": company})
            return [read_token(row) for row in rows]

    def revoke_token(
        self, company: str, token_id: str, revoked_at: datetime, entry: AuditEntry
    ) -> bool:
        """See `InstallationStore.revoke_token`."""
        columns = {"company": company, "id": token_id, "revoked_at": to_microseconds(revoked_at)}
        return is_storable(token_id) and self._change("revoke_token", columns, company, entry)

    # The whole

    def check(self) -> None:
        """See `InstallationStore.check`."""
        with self._database.read() as connection:
            connection.execute(SQL["read_secret_check"]).fetchone()
        if shutil.disk_usage(self._folder).free < _LEAST_FREE_BYTES:
            msg = "the disk is nearly full"
            raise StorageFullError(msg)

    def close(self) -> None:
        """See `InstallationStore.close`."""
        with self._companies_lock:
            for store in self._companies.values():
                store.close()
            self._companies.clear()
        self._database.close()

    def _change(
        self, statement: str, columns: dict[str, object], company: str, entry: AuditEntry
    ) -> bool:
        """Run a statement with the audit entry of what it does; gives whether it did."""
        with self._database.write() as connection:
            return change(connection, SQL, statement, columns, company, entry)
