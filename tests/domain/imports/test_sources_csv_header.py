"""The header of CSV: what its delimiter is, and which headers refuse the whole body."""

from __future__ import annotations

import pytest

from regulars.errors import MalformedBodyError
from tests.domain.imports.bodies import open_body


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("external_id,city", ("external_id", "city")),
        ("external_id;city", ("external_id", "city")),
        ("external_id\tcity", ("external_id", "city")),
        ('external_id;"city, town, or, place"', ("external_id", "city, town, or, place")),
        ("email,a;b\tc", ("email", "a;b\tc")),
        ("email;a;b,c", ("email", "a", "b,c")),
        ("sep=|\r\nemail|a;b;c", ("email", "a;b;c")),
        ("SEP=;\nemail;a,b,c", ("email", "a,b,c")),
        ('"sep=,"\nemail,a;b;c', ("email", "a;b;c")),
        ("sep=\t\t\nemail\ta", ("email", "a")),
        (" Email , City ", (" Email ", " City ")),
        ('"external_id","ci""ty"', ("external_id", 'ci"ty')),
        ('"external_id","ci\nty"', ("external_id", "ci\nty")),
        ("phone_number", ("phone_number",)),
        ("\r\n\r\nemail", ("email",)),
        ("email,tags.add,_record,acme__Level", ("email", "tags.add", "_record", "acme__Level")),
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r"])
def test_the_header_says_what_the_delimiter_is(
    header: str, names: tuple[str, ...], end: str
) -> None:
    records = open_body((header + end).encode(), "csv")
    assert records.header == names
    assert list(records) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "no header"),
        ("\n\r\n ", "no header"),
        ("sep=,\n", "no header"),
        ("name,city", "identifier"),
        ("email,,city", "cell 2 is empty"),
        ("email,city,", "cell 3 is empty"),
        ("email, ,city", "cell 2 is empty"),
        ("email,city,EMAIL ", "cells 1 and 3"),
        ('email,"city', "never closed"),
        ('email,"city\n' + "x" * 3_000_000, "never closed|longer"),
        ("email," * 1_000_000, "longer than 1 MiB"),
    ],
    ids=lambda value: value[:20],
)
def test_a_header_that_cannot_be_used_is_refused(body: str, reason: str) -> None:
    with pytest.raises(MalformedBodyError, match=reason):
        open_body(body.encode(), "csv")
