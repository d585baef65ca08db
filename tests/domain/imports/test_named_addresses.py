"""Whoever is named in a record that nobody could read is found all the same."""

from __future__ import annotations

import pytest

from regulars.domain.imports.named_addresses import MOST_CANDIDATES, find_named_addresses
from tests.domain.imports.deciding import CONTEXT


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"email": "Ada@Example.org", broken', {"ada@example.org"}),
        (b"Ada <ada@example.org>; bob@example.org.", {"ada@example.org", "bob@example.org"}),
        (b'["1","040 123 4567","x"]', {"+358401234567"}),
        (b'{"phone_number": "+358 (40) 123-4567"', {"+358401234567"}),
        ('{"email": "örjan@exämple.org"'.encode(), {"örjan@exämple.org"}),
        (b'{"email": "nobody"} 12345 @ @@ a@', set()),
        (b"\xff\xfe ada@example.org \x00", {"ada@example.org"}),
        (b"", set()),
    ],
)
def test_addresses_are_found_in_canonical_form(content: bytes, found: set[str]) -> None:
    assert find_named_addresses(content, CONTEXT) == found


def test_a_record_that_names_very_many_is_told_apart() -> None:
    many = b" ".join(b"a%d@example.org" % number for number in range(MOST_CANDIDATES + 1))
    assert find_named_addresses(many, CONTEXT) is None


@pytest.mark.parametrize("unit", [b"@", b"1", b"a@", b"+1 ", b"(", b"\xff", b"1-"])
def test_no_record_is_slow_to_look_through(unit: bytes) -> None:
    find_named_addresses(unit * (1024 * 1024 // len(unit)), CONTEXT)
