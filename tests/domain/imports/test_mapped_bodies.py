"""Bodies whose columns or keys are read as others than they are called."""

from __future__ import annotations

import io
from typing import Any

import pytest

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.hold import HoldCounter, HoldLimits
from regulars.domain.imports.rejected import write_rejected
from regulars.domain.imports.sources import Records, open_records
from regulars.domain.records.problem import Problem
from regulars.errors import MalformedBodyError
from tests.domain.imports.bodies import LIMIT

COLUMNS = ("external_id", "", "email", "tags.add")
FILE = "Nro;Muisti;S-posti;Tagit\r\nA1;a;a@example.org;x,y\r\nA2;;;\r\n"


def open_text(text: str, form: BodyForm) -> Records:
    return open_records(io.BytesIO(text.encode()), form, unpacked_bytes_limit=LIMIT)


def read(text: str, form: BodyForm) -> list[object]:
    records = open_text(text, form)
    return [records.decode(each) for each in records]


def test_columns_are_read_as_the_keys_that_were_chosen() -> None:
    form = BodyForm("csv", delimiter=";", columns=COLUMNS)
    assert read(FILE, form) == [
        {"external_id": "A1", "email": "a@example.org", "tags.add": ["x", "y"]},
        {"external_id": "A2"},
    ]


def test_empty_cells_of_columns_that_are_not_read_clear_nothing() -> None:
    form = BodyForm("csv", columns=COLUMNS, clear_empty_cells=True)
    assert read(FILE, form)[1] == {"external_id": "A2", "email": "", "tags.add": ""}


def test_a_header_may_be_any_where_its_columns_are_chosen() -> None:
    assert read(",x,x\n1,2,3\n", BodyForm("csv", columns=("email", "", "city"))) == [
        {"email": "1", "city": "3"}
    ]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (("email",), "4 cells"),
        (("city", "", "", ""), "no identifier"),
        (("", "", "", ""), "no identifier"),
        (("email", "email", "", ""), "the same name"),
    ],
)
def test_columns_that_cannot_be_are_refused(columns: tuple[str, ...], said: str) -> None:
    with pytest.raises(MalformedBodyError, match=said):
        open_text(FILE, BodyForm("csv", columns=columns))


def test_a_delimiter_that_is_given_counts_more_than_the_header() -> None:
    text = "email,;city\na@example.org;Oulu, north\n"
    form = BodyForm("csv", delimiter=";", columns=("email", "city"))
    assert read(text, form) == [{"email": "a@example.org", "city": "Oulu, north"}]
    assert read("sep=,\n" + text, form) == read(text, form)


@pytest.mark.parametrize("body_format", ["json", "ndjson"])
def test_keys_of_json_are_read_as_others(body_format: Any) -> None:
    record = '{"Kunde": "1", "E-Mail ": "a@example.org", "note": 1, "city": "Bonn"}'
    text = f"[{record}]" if body_format == "json" else record
    form = BodyForm(body_format, keys=(("kunde", "external_id"), ("e-mail", "email"), ("note", "")))
    records = open_text(text, form)
    given = list(records)
    assert records.decode(given[0]) == {
        "external_id": "1", "email": "a@example.org", "city": "Bonn",
    }  # fmt: skip
    assert records.original(given[0]) == record.encode()
    assert records.header is None


def test_what_a_renamed_key_takes_from_customers_is_counted() -> None:
    lines = "".join(f'{{"id": "{n}", "lupa": false}}\n' for n in range(5))
    form = BodyForm("ndjson", keys=(("id", "external_id"), ("lupa", "can_email")))
    counter = HoldCounter(HoldLimits(permission_customers=4))
    assert counter.feed_all(open_text(lines, form)) == 5
    assert counter.could_hold()


def test_rejected_rows_have_the_columns_of_the_file_and_can_be_sent_again() -> None:
    form = BodyForm("csv", delimiter=";", columns=COLUMNS)
    records = open_text(FILE, form)
    original = records.original(next(iter(records)))
    rejected = [(1, original, [Problem("bad_email", 1, "email")])]

    body = b"".join(write_rejected(form, records.header, rejected)).decode()

    assert body.splitlines()[0] == "Nro;Muisti;S-posti;Tagit;_record;_problem;_field;_suggestion"
    again = BodyForm("csv", delimiter=";", columns=(*COLUMNS, "", "", "", ""))
    assert read(body, again) == read(FILE, form)[:1]
