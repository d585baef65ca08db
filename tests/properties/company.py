"""A company made of uploads, for properties: any records in, everything that is stored out.

Owns the way from records to the store that an import takes, and what two stores are compared by.
"""

from __future__ import annotations

import io
import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self
from zoneinfo import ZoneInfo

import msgspec

from regulars.domain.customers.presentation import compile_export
from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import ReadingContext
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.domain.imports.sources import open_records
from regulars.domain.privacy.secret import compile_hash_address
from regulars.services.customers import iterate_living
from regulars.services.import_run import BATCH_RECORDS, ImportRunner, ImportSettings
from regulars.services.installation import Register
from regulars.settings import Settings
from regulars.store.contract import Company, QueuedImport
from tests.reference_reading import as_json
from tests.store.make import make_entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.domain.customers.customer import Customer
    from regulars.store.contract import ChangeRow, CompanyStore, ImportRun, InstallationStore

NOON: Final = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
ACME: Final = Company("acme", "Acme Oy", "Europe/Helsinki", "FI")
"""What the records are written for, whatever the name of the company's store."""

AS_JSON: Final = ImportOptions(BodyForm("json"))
KEY: Final = b"a key for tests, of 32 bytes or so"


def examples(number: int) -> int:
    """How many examples a property takes; more where `REGULARS_TEST_EXAMPLES`, a factor, asks."""
    return max(1, int(number * float(os.environ.get("REGULARS_TEST_EXAMPLES", "1"))))


@dataclass
class UploadedCompany:
    """A company that began empty. `limit` is how many customers one record may mean; bodies from
    `repeated_bytes` on are searched for records that are known, from `large_repeated_bytes` on with
    a second process.
    """

    store: CompanyStore
    limit: int = 100
    repeated_bytes: int = 0
    large_repeated_bytes: int = 2**62
    runs: list[ImportRun] = field(default_factory=list)

    @classmethod
    def found(cls, installation: InstallationStore, *, limit: int = 100) -> UploadedCompany:
        """A new company of the installation."""
        short_name = f"c{secrets.token_hex(8)}"
        company = msgspec.structs.replace(ACME, short_name=short_name)
        installation.create_company(company, NOON, make_entry("company:create"))
        return cls(installation.open_company(short_name), limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    @property
    def register(self) -> Register:
        return Register(ACME, self.store, self.hash_address, Settings(), KEY)

    @property
    def schema(self) -> Schema:
        context = ReadingContext(ZoneInfo(ACME.timezone), ACME.country)
        return Schema(ACME.short_name, context, self.store.load_fields())

    def hash_address(self, address: str) -> str:
        return compile_hash_address(KEY, ACME.short_name)(address)

    def upload(self, records: Sequence[object], *, batch_records: int = BATCH_RECORDS) -> ImportRun:
        """One import of these records."""
        body = json.dumps({"customers": records}).encode()
        return self.upload_body(body, len(records), batch_records=batch_records)

    def upload_body(
        self,
        body: bytes,
        records: int | None = None,
        options: ImportOptions = AS_JSON,
        *,
        batch_records: int = BATCH_RECORDS,
    ) -> ImportRun:
        """One import of a body in any form."""
        if options.form.format == "csv":
            found = open_records(io.BytesIO(body), options.form, unpacked_bytes_limit=len(body))
            options = options.with_delimiter(found.delimiter)
        settings = ImportSettings(
            self.hash_address,
            self.limit,
            lambda: NOON,
            batch_records,
            repeated_bytes=self.repeated_bytes,
            large_repeated_bytes=self.large_repeated_bytes,
        )
        queued = QueuedImport(
            1,
            secrets.token_hex(8),
            ACME.short_name,
            NOON,
            "token:till",
            options,
            len(body),
            records,
            is_spooled=True,
        )
        with self.store.lock():
            runner = ImportRunner(self.store, self.schema, settings)
            run = runner.run(queued, io.BytesIO(body))
        self.runs.append(run)
        return run

    # What is compared

    def customers(self) -> list[Customer]:
        """All customers in order of creation, deleted and forgotten ones included."""
        last = self.store.read_position().last_customer_id
        return self.store.load_customers(range(1, last + 1))

    def history(self) -> list[ChangeRow]:
        """All changes in order of version."""
        last = self.store.read_position().last_customer_id
        return self.store.load_changes(range(1, last + 1))

    def exported(self) -> list[dict[str, object]]:
        """The register as an export shows it."""
        show = compile_export(self.schema)
        return [dict(show(customer.fields)) for customer in iterate_living(self.register)]

    def contents(self) -> dict[str, object]:
        """All that records made of the company, without which import and record made it."""
        return {
            "customers": [
                (customer.id, customer.version, as_json(customer.fields))
                for customer in self.customers()
            ],
            "history": [
                (row.version, row.customer_id, row.before, row.after, row.proofs)
                for row in self.history()
            ],
            "position": self.store.read_position(),
            "suppressed": {address: self.is_suppressed(address) for address in KNOWN_ADDRESSES},
            "fields": self.store.load_fields(),
        }

    def is_suppressed(self, address: str) -> bool:
        return bool(self.store.find_suppressed([self.hash_address(address)]))


KNOWN_ADDRESSES: Final = (
    "ada@example.org",
    "bob@example.com",
    "cy@b\u00fccher.example.net",
    "+358401234567",
    "+358501234567",
    "+447757138957",
    "+442079460958",
    "+3582079460958",
)
