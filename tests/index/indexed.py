"""A company with an index: made of uploads, and told what its index must hold.

Owns the oracle of the tables: it goes by customers and their history, one value at a time, where
the code goes by pages of changes.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from regulars.domain.customers.customer import decode_fields
from regulars.domain.segments.days import local_day
from regulars.domain.segments.search import search_text
from regulars.domain.segments.values import comparable, compile_recorded, sample_number
from regulars.index.building import build_file
from regulars.index.company_index import IndexSettings
from regulars.index.company_indexes import CompanyIndexes
from regulars.index.database import Database, Resources
from regulars.index.questions import Query
from tests.properties.company import NOON, UploadedCompany

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from regulars.domain.customers.customer import Customer, Fields
    from regulars.domain.segments.values import Comparable
    from regulars.index.company_index import CompanyIndex
    from regulars.store.contract import InstallationStore

NAME: Final = "acme"
TABLES: Final = ("customer", "history", "forgotten", "state")
RESOURCES: Final = Resources(memory_mib=256)
Row = dict[str, Any]
Rows = dict[str, list[Row]]


def at_once(*, changes: int = 1_000_000) -> IndexSettings:
    """Registers of so many changes have their index made while the caller waits."""
    return IndexSettings(no_command, RESOURCES, changes)


def no_command(name: str, path: Path) -> list[str]:
    raise AssertionError(name, path)


class IndexedCompany:
    """A company and the folder of its index."""

    def __init__(self, company: UploadedCompany, folder: Path, settings: IndexSettings) -> None:
        self.uploaded: Final = company
        self.folder: Final = folder
        self.path: Final = folder / f"{NAME}.duckdb"
        self._settings: Final = settings
        self._indexes: CompanyIndexes | None = None

    @classmethod
    @contextmanager
    def found(
        cls, installation: InstallationStore, folder: Path, settings: IndexSettings | None = None
    ) -> Iterator[IndexedCompany]:
        """A new company of the installation."""
        with UploadedCompany.found(installation) as uploaded:
            company = cls(uploaded, folder, settings or at_once())
            yield company
            company.close()

    @property
    def index(self) -> CompanyIndex:
        """The index, opened where it is not."""
        if self._indexes is None:
            self._indexes = CompanyIndexes(
                self.folder, lambda _: self.uploaded.register, self._settings
            )
        return self._indexes.open(NAME)

    def upload(self, *records: object) -> None:
        """One import."""
        self.uploaded.upload(records)

    def close(self) -> None:
        """Close the index, as the end of the process would."""
        if self._indexes is not None:
            self._indexes.close()
            self._indexes = None

    def ids(self) -> list[int]:
        """The ids that the index finds, once it is caught up."""
        self.index.catch_up()
        return self.index.find_ids(Query(), limit=1_000_000)

    # What tables hold

    def caught_up(self) -> Rows:
        """What the index holds once it is caught up; it is closed then."""
        self.index.catch_up()
        self.close()
        return rows_in(self.path)

    def rebuilt(self) -> Rows:
        """What an index holds that is made from nothing."""
        path = self.folder / "other.duckdb"
        build_file(path, self.uploaded.register, RESOURCES).database.close()
        return rows_in(path)

    def expected(self) -> Rows:
        """What the index must hold, but for its state, which is empty."""
        customers = self.uploaded.customers()
        living = [customer for customer in customers if customer.state == "living"]
        forgotten = [
            {"id": each.id, "external_id": each.fields.get("external_id")}
            for each in customers
            if each.state == "forgotten"
        ]
        return {
            "customer": _sorted(map(self._row, living)),
            "history": _sorted(self._history({customer.id for customer in living})),
            "forgotten": _sorted(forgotten),
            "state": [],
        }

    def _row(self, customer: Customer) -> Row:
        schema = self.uploaded.schema
        return {
            "id": customer.id,
            "version": customer.version,
            "created_at": NOON.replace(tzinfo=None),
            "created_at day": local_day(NOON, schema.context.timezone),
            "sample": sample_number(self.uploaded.register.sample_salt, customer.id),
            "flags": _flags(customer.fields),
            "search": sorted(search_text(schema, customer.fields).split("\n")),
            **self._values(customer.fields),
        }

    def _history(self, living: set[int]) -> Iterator[Row]:
        schema = self.uploaded.schema
        timezone = schema.context.timezone
        fields = {field.name: (key, field) for key, field in schema.fields.items()}
        for row in self.uploaded.history():
            if row.customer_id in living and row.before is not None:
                before = decode_fields(row.before)
                for name, value in decode_fields(row.after).items():
                    key, field = fields[name]
                    record = compile_recorded(field, timezone)
                    yield {
                        "customer": row.customer_id,
                        "field": key,
                        "changed_at": NOON.replace(tzinfo=None),
                        "day": local_day(NOON, timezone),
                        "old": record(before.get(name)),
                        "new": record(value),
                        "version": row.version,
                    }

    def _values(self, fields: Fields) -> Row:
        schema = self.uploaded.schema
        values: Row = {}
        for key, field in schema.fields.items():
            stored = fields.get(field.name)
            value = None if stored is None else comparable(field, stored)
            values[key] = _as_in_table(value)
            if field.type == "datetime":
                assert value is None or isinstance(value, datetime)
                values[f"{key} day"] = value and local_day(value, schema.context.timezone)
        return values


def rows_in(path: Path) -> Rows:
    """Everything that an index file holds, whatever the order of rows and columns."""
    database = Database(path, RESOURCES)
    try:
        with database.read() as cursor:
            tables: Rows = {}
            for table in TABLES:
                result = cursor.table(table)
                rows = [dict(zip(result.columns, row, strict=True)) for row in result.fetchall()]
                for row in rows:
                    if "search" in row:
                        row["search"] = sorted(row["search"].split("\n"))
                tables[table] = _sorted(rows)
            return tables
    finally:
        database.close()


def _flags(fields: Fields) -> int:
    """The permissions in order of their names, then whether there is an address of each kind."""
    given = [
        fields.get(f"can_{way}") is True for way in ("email", "post", "profile", "push", "sms")
    ]
    has_street = "street_address" in fields or "street_name" in fields
    bits = [*given, "email" in fields, "phone_number" in fields, has_street]
    return sum(1 << place for place, bit in enumerate(bits) if bit)


def _as_in_table(value: Comparable | None) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None)
        case tuple():
            return list(dict.fromkeys(value))
        case date() | None | _:
            return value


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: str(sorted(row.items())))
