"""The installation's own schema in PostgreSQL, and the schemas of its companies."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

import msgspec
from psycopg.errors import UniqueViolation

from regulars.errors import ConflictError, NameTakenError, StorageFullError, UnknownNameError
from regulars.store.company_rows import company_columns, read_company
from regulars.store.contract.installation import QUEUED_BYTES
from regulars.store.postgres.company_store import PostgresCompanyStore
from regulars.store.postgres.schema import Schema
from regulars.store.postgres.sessions import Sessions
from regulars.store.postgres.visits import PostgresVisitStore
from regulars.store.rows import (
    idempotency_key_columns,
    integration_columns,
    is_storable,
    queued_import_columns,
    read_idempotency_key,
    read_integration,
    read_queued_import,
    read_token,
    read_user,
    to_microseconds,
    token_columns,
    user_columns,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from regulars.domain.access.credentials import Integration, Token, User
    from regulars.store.contract import Company, IdempotencyKey, QueuedImport

_SCHEMA: Final = "regulars"


class PostgresInstallationStore:
    """`InstallationStore` in a PostgreSQL database.

    `derive_secret` gives the secret of a company, by its short name, that its identifiers are
    hashed with. Raises `StoreUnavailableError`, and `SettingsError` if the URL or the encoding of
    the database cannot be used.
    """

    def __init__(self, database_url: str, derive_secret: Callable[[str], bytes]) -> None:
        self._derive_secret: Final = derive_secret
        self._sessions: Final = Sessions(database_url)
        self._companies: Final[dict[str, PostgresCompanyStore]] = {}
        self._companies_lock: Final = Lock()
        try:
            schema = Schema(self._sessions, _SCHEMA, "installation")
        except BaseException:
            self._sessions.close()
            raise
        self._sql: Final = schema.statements
        self.visits: Final = PostgresVisitStore(schema, self._sessions)

    def check_secret_key(self, check_value: bytes) -> bool:
        """See `InstallationStore.check_secret_key`."""
        self._write("insert_secret_check", {"value": check_value})
        ((stored,),) = self._load("read_secret_check")
        return bool(stored == check_value)

    # Companies

    def create_company(self, company: Company, created_at: datetime) -> None:
        """See `InstallationStore.create_company`."""
        columns = company_columns(company) | {"created_at": to_microseconds(created_at)}
        try:
            self._write("insert_company", columns)
        except UniqueViolation as error:
            msg = f"there is a company {company.short_name} already"
            raise NameTakenError(msg) from error
        # Should this not come to pass, whoever opens the company next makes its schema.
        self.open_company(company.short_name)

    def save_company(self, company: Company) -> None:
        """See `InstallationStore.save_company`."""
        self._write("update_company", company_columns(company))

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

    def create_user(self, user: User) -> None:
        """See `InstallationStore.create_user`."""
        try:
            self._write("insert_user", user_columns(user))
        except UniqueViolation as error:
            msg = "there is a user with that address already"
            raise NameTakenError(msg) from error

    def find_user(self, email: str) -> User | None:
        """See `InstallationStore.find_user`."""
        row = self._find("find_user", {"email": email})
        return None if row is None else read_user(row)

    def save_user(self, user: User) -> None:
        """See `InstallationStore.save_user`."""
        self._write("update_user", user_columns(user))

    def save_user_beside_admin(self, user: User) -> bool:
        """See `InstallationStore.save_user_beside_admin`."""
        with self._sessions.session() as connection, connection.transaction():
            # Of two who would go at the same time, the second one waits for the first.
            connection.execute(self._sql["lock_line"], {"company": user.company})
            columns = user_columns(user)
            return connection.execute(self._sql["update_user_beside_admin"], columns).rowcount > 0

    def load_users(self, company: str) -> list[User]:
        """See `InstallationStore.load_users`."""
        return [read_user(row) for row in self._load("load_users", {"company": company})]

    def create_integration(self, integration: Integration) -> None:
        """See `InstallationStore.create_integration`."""
        self._write("insert_integration", integration_columns(integration))

    def find_integration(self, company: str, integration_id: str) -> Integration | None:
        """See `InstallationStore.find_integration`."""
        row = self._find("find_integration", {"company": company, "id": integration_id})
        return None if row is None else read_integration(row)

    def create_token(self, token: Token) -> None:
        """See `InstallationStore.create_token`."""
        self._write("insert_token", token_columns(token))

    def find_token(self, secret_hash: bytes) -> Token | None:
        """See `InstallationStore.find_token`."""
        row = self._find("find_token", {"secret_hash": secret_hash})
        return None if row is None else read_token(row)

    def load_tokens(self, company: str) -> list[Token]:
        """See `InstallationStore.load_tokens`."""
        return [read_token(row) for row in self._load("load_tokens", {"company": company})]

    def revoke_token(self, company: str, token_id: str, revoked_at: datetime) -> bool:
        """See `InstallationStore.revoke_token`."""
        columns = {"company": company, "id": token_id, "revoked_at": to_microseconds(revoked_at)}
        return is_storable(token_id) and self._write("revoke_token", columns) > 0

    # The line of imports

    def enqueue_import(self, queued: QueuedImport) -> QueuedImport:
        """See `InstallationStore.enqueue_import`."""
        try:
            with self._sessions.transaction() as connection:
                return self._insert_queued_import(connection, queued)
        except UniqueViolation as error:
            raise ConflictError("the import waits in the line already") from error

    def enqueue_import_once(
        self, queued: QueuedImport, key: IdempotencyKey, expired_before: datetime
    ) -> QueuedImport | IdempotencyKey:
        """See `InstallationStore.enqueue_import_once`."""
        with self._sessions.transaction() as connection:
            used = self._use_idempotency_key(connection, key, expired_before)
            return used or self._insert_queued_import(connection, queued)

    def use_idempotency_key(
        self, key: IdempotencyKey, expired_before: datetime
    ) -> IdempotencyKey | None:
        """See `InstallationStore.use_idempotency_key`."""
        with self._sessions.transaction() as connection:
            return self._use_idempotency_key(connection, key, expired_before)

    def delete_idempotency_keys(self, before: datetime) -> int:
        """See `InstallationStore.delete_idempotency_keys`."""
        return self._write("delete_idempotency_keys", {"before": to_microseconds(before)})

    def cancel_queued_import(self, company: str, import_id: str) -> bool:
        """See `InstallationStore.cancel_queued_import`."""
        columns = {"company": company, "id": import_id}
        return is_storable(import_id) and self._write("cancel_queued_import", columns) > 0

    def next_import(self, company: str) -> QueuedImport | None:
        """See `InstallationStore.next_import`."""
        with self._sessions.session() as connection, connection.cursor(binary=True) as cursor:
            row = cursor.execute(self._sql["next_import"], {"company": company}).fetchone()
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
        rows = self._load(statement, {"company": company, "ids": list(import_ids or ())})
        return [read_queued_import(row) for row in rows]

    def load_uploads_in_line(
        self, company: str, before_sequence: int | None, limit: int
    ) -> list[QueuedImport]:
        """See `InstallationStore.load_uploads_in_line`."""
        before = 2**63 - 1 if before_sequence is None else before_sequence
        sought = {"company": company, "before_sequence": before, "limit": limit}
        return [read_queued_import(row) for row in self._load("load_uploads_in_line", sought)]

    def dequeue_import(self, import_id: str, *, unless_cancelled: bool = False) -> bool:
        """See `InstallationStore.dequeue_import`."""
        statement = "delete_uncancelled_import" if unless_cancelled else "delete_queued_import"
        return self._write(statement, {"id": import_id}) > 0

    def load_waiting_companies(self) -> list[str]:
        """See `InstallationStore.load_waiting_companies`."""
        return [company for (company,) in self._load("load_waiting_companies")]

    def find_waiting(self, import_ids: Collection[str]) -> dict[str, int]:
        """See `InstallationStore.find_waiting`."""
        sought = {"ids": list(import_ids), "queued_bytes": QUEUED_BYTES}
        rows: list[tuple[str, int]] = self._load("find_waiting", sought)
        return dict(rows)

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

    def _insert_queued_import(
        self, connection: Connection[TupleRow], queued: QueuedImport
    ) -> QueuedImport:
        connection.execute(self._sql["lock_line"], {"company": queued.company})
        columns = queued_import_columns(queued)
        ((sequence,),) = connection.execute(self._sql["insert_queued_import"], columns).fetchall()
        return msgspec.structs.replace(queued, sequence=sequence)

    def _use_idempotency_key(
        self, connection: Connection[TupleRow], key: IdempotencyKey, expired_before: datetime
    ) -> IdempotencyKey | None:
        columns = idempotency_key_columns(key)
        expired = {"expired_before": to_microseconds(expired_before)}
        # Waits for whoever is about to use the same key.
        if connection.execute(self._sql["take_idempotency_key"], columns | expired).fetchone():
            return None
        ((*row,),) = connection.execute(self._sql["find_idempotency_key"], columns).fetchall()
        return read_idempotency_key(tuple(row))

    def _find(self, statement: str, parameters: Mapping[str, str | bytes]) -> TupleRow | None:
        if not all(is_storable(text) for text in parameters.values() if isinstance(text, str)):
            return None
        rows = self._load(statement, parameters)
        return rows[0] if rows else None

    def _load(
        self, statement: str, parameters: Mapping[str, object] | None = None
    ) -> list[TupleRow]:
        with self._sessions.session() as connection:
            return connection.execute(self._sql[statement], parameters).fetchall()

    def _write(self, statement: str, parameters: Mapping[str, object]) -> int:
        with self._sessions.session() as connection:
            return connection.execute(self._sql[statement], parameters).rowcount
