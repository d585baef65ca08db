"""The installation's own database in a SQLite file, and the folders of its companies."""

from __future__ import annotations

import shutil
import sqlite3
from threading import Lock
from typing import TYPE_CHECKING, Final

from regulars.errors import ConflictError, NameTakenError, StorageFullError, UnknownNameError
from regulars.store.company_rows import company_columns, read_company
from regulars.store.contract.installation import QUEUED_BYTES
from regulars.store.rows import (
    Row,
    integration_columns,
    is_storable,
    read_integration,
    read_queued_import,
    read_token,
    read_user,
    to_microseconds,
    token_columns,
    user_columns,
)
from regulars.store.sqlite.company_store import SqliteCompanyStore
from regulars.store.sqlite.database import Database
from regulars.store.sqlite.line import SQL, insert_queued_import, take_idempotency_key
from regulars.store.sqlite.register import json_list
from regulars.store.sqlite.visits import SqliteVisitStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from regulars.domain.access.credentials import Integration, Token, User
    from regulars.store.contract import Company, IdempotencyKey, QueuedImport

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

    def create_company(self, company: Company, created_at: datetime) -> None:
        """See `InstallationStore.create_company`."""
        columns = company_columns(company) | {"created_at": to_microseconds(created_at)}
        try:
            with self._database.write() as connection:
                connection.execute(SQL["insert_company"], columns)
        except sqlite3.IntegrityError as error:
            msg = f"there is a company {company.short_name} already"
            raise NameTakenError(msg) from error
        self.open_company(company.short_name)

    def save_company(self, company: Company) -> None:
        """See `InstallationStore.save_company`."""
        with self._database.write() as connection:
            connection.execute(SQL["update_company"], company_columns(company))

    def find_company(self, short_name: str) -> Company | None:
        """See `InstallationStore.find_company`."""
        row = self._find("find_company", {"short_name": short_name})
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

    def create_user(self, user: User) -> None:
        """See `InstallationStore.create_user`."""
        try:
            with self._database.write() as connection:
                connection.execute(SQL["insert_user"], user_columns(user))
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
                raise
            msg = "there is a user with that address already"
            raise NameTakenError(msg) from error

    def find_user(self, email: str) -> User | None:
        """See `InstallationStore.find_user`."""
        row = self._find("find_user", {"email": email})
        return None if row is None else read_user(row)

    def save_user(self, user: User) -> None:
        """See `InstallationStore.save_user`."""
        with self._database.write() as connection:
            connection.execute(SQL["update_user"], user_columns(user))

    def save_user_beside_admin(self, user: User) -> bool:
        """See `InstallationStore.save_user_beside_admin`."""
        with self._database.write() as connection:
            saved = connection.execute(SQL["update_user_beside_admin"], user_columns(user))
            return saved.rowcount > 0

    def load_users(self, company: str) -> list[User]:
        """See `InstallationStore.load_users`."""
        with self._database.read() as connection:
            rows = connection.execute(SQL["load_users"], {"company": company})
            return [read_user(row) for row in rows]

    def create_integration(self, integration: Integration) -> None:
        """See `InstallationStore.create_integration`."""
        with self._database.write() as connection:
            connection.execute(SQL["insert_integration"], integration_columns(integration))

    def find_integration(self, company: str, integration_id: str) -> Integration | None:
        """See `InstallationStore.find_integration`."""
        row = self._find("find_integration", {"company": company, "id": integration_id})
        return None if row is None else read_integration(row)

    def create_token(self, token: Token) -> None:
        """See `InstallationStore.create_token`."""
        with self._database.write() as connection:
            connection.execute(SQL["insert_token"], token_columns(token))

    def find_token(self, secret_hash: bytes) -> Token | None:
        """See `InstallationStore.find_token`."""
        row = self._find("find_token", {"secret_hash": secret_hash})
        return None if row is None else read_token(row)

    def load_tokens(self, company: str) -> list[Token]:
        """See `InstallationStore.load_tokens`."""
        with self._database.read() as connection:
            rows = connection.execute(SQL["load_tokens"], {"company": company})
            return [read_token(row) for row in rows]

    def revoke_token(self, company: str, token_id: str, revoked_at: datetime) -> bool:
        """See `InstallationStore.revoke_token`."""
        columns = {"company": company, "id": token_id, "revoked_at": to_microseconds(revoked_at)}
        if not is_storable(token_id):
            return False
        with self._database.write() as connection:
            return connection.execute(SQL["revoke_token"], columns).rowcount > 0

    # The line of imports

    def enqueue_import(self, queued: QueuedImport) -> QueuedImport:
        """See `InstallationStore.enqueue_import`."""
        try:
            with self._database.write() as connection:
                return insert_queued_import(connection, queued)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise
            raise ConflictError("the import waits in the line already") from error

    def enqueue_import_once(
        self, queued: QueuedImport, key: IdempotencyKey, expired_before: datetime
    ) -> QueuedImport | IdempotencyKey:
        """See `InstallationStore.enqueue_import_once`."""
        with self._database.write() as connection:
            used = take_idempotency_key(connection, key, expired_before)
            return used or insert_queued_import(connection, queued)

    def use_idempotency_key(
        self, key: IdempotencyKey, expired_before: datetime
    ) -> IdempotencyKey | None:
        """See `InstallationStore.use_idempotency_key`."""
        with self._database.write() as connection:
            return take_idempotency_key(connection, key, expired_before)

    def delete_idempotency_keys(self, before: datetime) -> int:
        """See `InstallationStore.delete_idempotency_keys`."""
        columns = {"before": to_microseconds(before)}
        with self._database.write() as connection:
            return connection.execute(SQL["delete_idempotency_keys"], columns).rowcount

    def cancel_queued_import(self, company: str, import_id: str) -> bool:
        """See `InstallationStore.cancel_queued_import`."""
        columns = {"company": company, "id": import_id}
        if not is_storable(import_id):
            return False
        with self._database.write() as connection:
            return connection.execute(SQL["cancel_queued_import"], columns).rowcount > 0

    def next_import(self, company: str) -> QueuedImport | None:
        """See `InstallationStore.next_import`."""
        row = self._find("next_import", {"company": company})
        return None if row is None else read_queued_import(row)

    def find_queued_import(self, company: str, import_id: str) -> QueuedImport | None:
        """See `InstallationStore.find_queued_import`."""
        row = self._find("find_queued_import", {"company": company, "id": import_id})
        return None if row is None else read_queued_import(row)

    def load_queued_imports(
        self, company: str, import_ids: Collection[str] | None = None
    ) -> list[QueuedImport]:
        """See `InstallationStore.load_queued_imports`."""
        statement = "load_queued_imports" if import_ids is None else "load_queued_of"
        sought = {"company": company, "ids": json_list(import_ids or ())}
        with self._database.read() as connection:
            return [read_queued_import(row) for row in connection.execute(SQL[statement], sought)]

    def load_uploads_in_line(
        self, company: str, before_sequence: int | None, limit: int
    ) -> list[QueuedImport]:
        """See `InstallationStore.load_uploads_in_line`."""
        before = 2**63 - 1 if before_sequence is None else before_sequence
        sought = {"company": company, "before_sequence": before, "limit": limit}
        with self._database.read() as connection:
            rows = connection.execute(SQL["load_uploads_in_line"], sought)
            return [read_queued_import(row) for row in rows]

    def dequeue_import(self, import_id: str, *, unless_cancelled: bool = False) -> bool:
        """See `InstallationStore.dequeue_import`."""
        statement = "delete_uncancelled_import" if unless_cancelled else "delete_queued_import"
        with self._database.write() as connection:
            return connection.execute(SQL[statement], {"id": import_id}).rowcount > 0

    def load_waiting_companies(self) -> list[str]:
        """See `InstallationStore.load_waiting_companies`."""
        with self._database.read() as connection:
            return [company for (company,) in connection.execute(SQL["load_waiting_companies"])]

    def find_waiting(self, import_ids: Collection[str]) -> dict[str, int]:
        """See `InstallationStore.find_waiting`."""
        sought = {"ids": json_list(import_ids), "queued_bytes": QUEUED_BYTES}
        with self._database.read() as connection:
            return dict(connection.execute(SQL["find_waiting"], sought))

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

    def _find(self, statement: str, parameters: dict[str, str | bytes]) -> Row | None:
        if not all(is_storable(text) for text in parameters.values() if isinstance(text, str)):
            return None
        with self._database.read() as connection:
            row: Row | None = connection.execute(SQL[statement], parameters).fetchone()
        return row
