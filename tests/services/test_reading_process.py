"""Reading in a process of its own gives what reading in this one gives."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import ReadingContext
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.domain.records.read_record import ReadRecord
from regulars.services.reading_process import read_in_process
from regulars.services.record_packing import pack_records, unpack_records
from regulars.services.record_reading import read_records
from regulars.store.identifier_key import IdentifierHashes
from tests.record_strategies import records as some_records

if TYPE_CHECKING:
    from collections.abc import Iterable

NDJSON = ImportOptions(BodyForm("ndjson"))
SECRET = b"a secret of thirty-two characters"


def make_schema() -> Schema:
    return Schema("acme", ReadingContext(ZoneInfo("Europe/Helsinki"), "FI"))


def make_body(records: Iterable[object]) -> io.BytesIO:
    return io.BytesIO(b"".join(json.dumps(record).encode() + b"\n" for record in records))


def read_here(records: Iterable[object]) -> list[ReadRecord]:
    return list(read_records(make_body(records), NDJSON, make_schema(), SECRET, 0))


def contents(record: ReadRecord) -> dict[str, Any]:
    """All that a record says, to be compared."""
    names = (name for name in ReadRecord.__slots__ if name not in ("schema", "_changes"))
    fields = record.schema.company_fields
    return {name: getattr(record, name) for name in names} | {
        "changes": dict(sorted(record.changes.items())),
        "fields": fields,
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(some_records(), max_size=30))
def test_packed_and_unpacked_records_say_the_same(records: list[object]) -> None:
    read = read_here(records)
    if not read:
        return
    packed = pack_records(read, make_schema(), IdentifierHashes(SECRET))
    unpacked = unpack_records(packed, make_schema(), IdentifierHashes(SECRET))
    assert [contents(record) for record in unpacked] == [contents(record) for record in read]


def test_another_process_reads_the_same() -> None:
    records: list[object] = [
        {"external_id": str(number), "email": f"P{number}@Example.org", "ACME__size": number % 7}
        for number in range(3_500)
    ]
    records[7] = {"phone_number": "040 1234567", "can_sms": "1", "tags.add": "vip", "city": ""}
    records[1_500] = {"external_id": "no good", "email": "x"}
    records[2_000] = {"external_id": "2000", "ACME__size": "large", "ACME__more": [1, 2]}
    hashes = IdentifierHashes(SECRET)
    with read_in_process(make_body(records), NDJSON, make_schema(), 2, hashes) as read:
        found = list(read)
    assert [contents(each) for each in found] == [contents(each) for each in read_here(records)[2:]]
    assert dict(hashes)["p9@example.org"] == IdentifierHashes(SECRET)["p9@example.org"]


def test_a_reader_that_is_not_read_to_its_end_is_ended() -> None:
    records = ({"external_id": str(number), "city": "x" * 500} for number in range(60_000))
    hashes = IdentifierHashes(SECRET)
    with read_in_process(make_body(records), NDJSON, make_schema(), 0, hashes) as read:
        assert next(read).external_id == "0"


class _Broken(io.RawIOBase):
    """A body whose store goes away behind its first piece."""

    def __init__(self, piece: bytes) -> None:
        self._piece = piece

    def readable(self) -> bool:
        return True

    def read(self, _size: int = -1) -> bytes:
        piece, self._piece = self._piece, b""
        if not piece:
            raise OSError("gone")
        return piece


@pytest.mark.parametrize("piece", [b"", b'{"external_id":"1"}\n' * 3_000])
def test_a_body_that_breaks_off_is_not_taken_for_a_shorter_one(piece: bytes) -> None:
    body, hashes = cast("BinaryIO", _Broken(piece)), IdentifierHashes(SECRET)
    with (
        read_in_process(body, NDJSON, make_schema(), 0, hashes) as read,
        pytest.raises(OSError, match="gone"),
    ):
        list(read)


def test_a_reader_whose_program_is_killed_ends_without_a_word(tmp_path: Path) -> None:
    program = f"""
import io, os, signal, sys
sys.path.insert(0, {str(Path.cwd())!r})
from tests.services.test_reading_process import *
body = make_body({{"external_id": str(number), "city": "x" * 500}} for number in range(60_000))
with read_in_process(body, NDJSON, make_schema(), 0, IdentifierHashes(SECRET)) as read:
    next(read)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    with (tmp_path / "errors").open("w+b") as errors:
        ended = subprocess.run([sys.executable, "-c", program], stderr=errors, check=False)
        assert ended.returncode == -signal.SIGKILL
        # The reader holds the file as long as it lives.
        deadline = time.monotonic() + 20
        while holders_of(tmp_path / "errors") - {os.getpid()}:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert (tmp_path / "errors").read_bytes() == b""


def holders_of(path: Path) -> set[int]:
    """The processes that have a file open."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if link.readlink() == path:
                found.add(int(link.parts[2]))
    return found


def test_hashes_of_many_values_are_those_of_each() -> None:
    hashes = IdentifierHashes(b"secret")
    values = ["ada@example.org", "+358401234567", "Ä1"]
    assert hashes.make([*values, None]) == [*(hashes[value] for value in values), 0]
