"""Parquet: a column for each field, of the field's type, whatever customers hold."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from pyarrow import parquet

from regulars.domain.customers.customer import Customer, encode_fields
from regulars.domain.fields.company_field import CompanyField
from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import FIELD_TYPES, ReadingContext
from regulars.services.parquet import write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.fields.types import Value

INFERRED: Final = ("boolean", "integer", "number", "string", "list", "object")
SCHEMA: Final = Schema(
    "acme",
    ReadingContext(ZoneInfo("Europe/Helsinki"), "FI"),
    [
        *(CompanyField(f"ACME__of_{name}", name, "declared", as_given=False)
          for name in FIELD_TYPES),
        *(CompanyField(f"ACME__given_{name}", name, "inferred", as_given=True)
          for name in INFERRED),
    ],
)  # fmt: skip


def customers(documents: Iterable[dict[str, Value]]) -> list[Customer]:
    return [
        Customer(number, number, encode_fields(document))
        for number, document in enumerate(documents, start=1)
    ]


def written(*documents: dict[str, Value]) -> pa.Table:
    file = io.BytesIO()
    assert write_parquet(SCHEMA, customers(documents), file) == len(documents)
    return parquet.read_table(io.BytesIO(file.getvalue()))


@pytest.mark.parametrize(
    ("name", "stored", "shown", "column_type"),
    [
        ("external_id", "00\u00c4-1", "00\u00c4-1", pa.string()),
        ("can_email", False, False, pa.bool_()),
        ("birth_date", "0001-01-01", date(1, 1, 1), pa.date32()),
        (
            "last_login",
            "9999-12-31T23:59:59.123456Z",
            datetime(9999, 12, 31, 23, 59, 59, 123456, tzinfo=UTC),
            pa.timestamp("us", tz="UTC"),
        ),
        ("tags", ["a", "a,b"], ["a", "a,b"], pa.list_(pa.string())),
        ("ACME__of_integer", -(2**63), -(2**63), pa.int64()),
        ("ACME__of_money", 2**63 - 1, 2**63 - 1, pa.int64()),
        ("ACME__of_number", 0.1, 0.1, pa.float64()),
        ("ACME__of_object", {"size": ["\u00e5"]}, '{"size":["\u00e5"]}', pa.string()),
        ("ACME__of_day_of_year", "02/29", "02/29", pa.string()),
        ("ACME__given_number", 2**53 + 1, 2.0**53, pa.float64()),
        ("ACME__given_string", True, "true", pa.string()),
        ("ACME__given_list", 7, ["7"], pa.list_(pa.string())),
    ],
)
def test_a_value_is_read_back_with_its_type(
    name: str, stored: Any, shown: object, column_type: pa.DataType
) -> None:
    table = written({name: stored}, {})
    assert table.schema.field(name).type == column_type
    assert table.column(name).to_pylist() == [shown, None]


def test_no_customers_are_a_file_with_all_columns_but_states() -> None:
    table = written()
    names = {field.name for field in SCHEMA.fields.values()}
    assert set(table.column_names) == (names | {"_customer"}) - {"is_deleted", "is_forgotten"}


def test_customers_without_external_id_are_told_apart() -> None:
    table = written(
        {"external_id": "1"}, {"email": "ada@example.org"}, {"email": "ada@example.org"}
    )
    assert table.column("_customer").to_pylist() == [None, 2, 3]


def test_many_customers_are_cut_into_groups_and_stay_in_order() -> None:
    file = io.BytesIO()
    documents: Iterable[dict[str, Value]] = ({"external_id": str(number)} for number in range(25))
    with (
        patch("regulars.services.parquet._CONVERTED_CUSTOMERS", 3),
        patch("regulars.services.parquet._ROW_GROUP_CUSTOMERS", 6),
    ):
        write_parquet(SCHEMA, customers(documents), file)
    read = parquet.ParquetFile(io.BytesIO(file.getvalue()))
    assert [read.metadata.row_group(each).num_rows for each in range(read.num_row_groups)] == [
        6, 6, 6, 6, 1,
    ]  # fmt: skip
    assert read.read(["external_id"]).column(0).to_pylist() == [str(each) for each in range(25)]
