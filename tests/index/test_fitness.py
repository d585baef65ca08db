"""An index that does not fit its register is noticed, and made anew, before it answers wrongly."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import duckdb
import msgspec
import pytest

from regulars.index import database
from regulars.services.installation import Register
from regulars.settings import Settings
from tests.index.answers import answers, made_anew
from tests.index.indexed import IndexedCompany, at_once
from tests.properties.company import ACME, KEY, UploadedCompany, examples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.store.contract import InstallationStore

BLOCK: Final = 262_144
"""Bytes that DuckDB reads at a time, each with a checksum."""
HEADERS: Final = 3 * 4096
# Files that are not what they were


def damages(path: Path) -> Iterator[tuple[str, str]]:
    """What may have become of a file, with what the log then says; each from the whole one."""
    whole = path.read_bytes()
    unreadable, missing = "the file cannot be read", "there is none"
    contents = {
        "cut to nothing": (b"", "cannot be read|other tables"),
        "cut in its header": (whole[:5000], unreadable),
        "without its end": (whole[: len(whole) // 2], unreadable),
        "garbage": (b"this is no index" * 1000, unreadable),
        "a text in each block": (_in_each_block(whole, b"x" * 500), unreadable),
        "nothing in the middle": (_with(whole, HEADERS + 500, bytes(2 * BLOCK)), unreadable),
    }
    for name, (content, said) in contents.items():
        path.write_bytes(content)
        yield name, said
        path.write_bytes(whole)
    path.unlink()
    yield "missing", missing
    with duckdb.connect(":memory:") as other:
        path.unlink()
        other.execute(f"ATTACH '{path}' AS other")
        other.execute("CREATE TABLE other.state AS SELECT 1 AS one")
    yield "a database of something else", "the file has other tables"


def _in_each_block(whole: bytes, put: bytes) -> bytes:
    # Some hold nothing that is in use: it takes all of them to meet one that does.
    for place in range(HEADERS + 1000, len(whole), BLOCK):
        whole = _with(whole, place, put)
    return whole


def _with(whole: bytes, place: int, put: bytes) -> bytes:
    return (whole[:place] + put + whole[place + len(put) :])[: len(whole)]


def test_a_damaged_file_is_made_anew_and_gives_no_wrong_answer(
    filled: IndexedCompany, caplog: pytest.LogCaptureFixture
) -> None:
    expected = answers(filled)
    filled.close()
    assert filled.path.stat().st_size > 3 * BLOCK
    for name, said in damages(filled.path):
        caplog.clear()
        assert answers(filled) == expected, name
        filled.close()
        (message,) = made_anew(caplog)
        assert any(each in message for each in said.split("|")), (name, message)


def test_damage_that_only_a_question_meets_is_noticed_by_it(
    filled: IndexedCompany, caplog: pytest.LogCaptureFixture
) -> None:
    expected = answers(filled)
    # What is in memory already is not read again.
    filled.index.release()
    filled.index.catch_up()
    with filled.path.open("r+b") as file:
        file.seek(HEADERS)
        file.write(bytes(filled.path.stat().st_size - HEADERS))
    assert answers(filled) == expected
    assert len(made_anew(caplog)) == 1


def test_bits_that_turned_over_anywhere_change_no_answer(filled: IndexedCompany) -> None:
    expected = answers(filled)
    filled.close()
    whole = filled.path.read_bytes()
    for seed in range(examples(12)):
        dice = random.Random(seed)  # noqa: S311
        place = dice.randrange(len(whole))
        filled.path.write_bytes(_with(whole, place, bytes([whole[place] ^ 1 << dice.randrange(8)])))
        assert answers(filled) == expected, seed
        filled.close()


def test_a_file_that_can_take_nothing_more_is_made_anew(
    filled: IndexedCompany, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.index.catch_up()
    filled.upload({"external_id": "1", "city": "Kemi"})
    with filled.path.open("r+b") as file:
        file.seek(HEADERS)
        file.write(bytes(filled.path.stat().st_size - HEADERS))
    monkeypatch.setattr(database, "CHECKPOINT_BYTES", 0)
    filled.index.wait_until_current()
    filled.index.follow()
    filled.index.wait_until_current()
    assert filled.caught_up() == filled.rebuilt()
    assert len(made_anew(caplog)) == 1


# Whole files of another time or place


def test_a_file_of_an_older_layout_is_made_anew(
    filled: IndexedCompany, caplog: pytest.LogCaptureFixture
) -> None:
    expected = answers(filled)
    filled.close()
    with duckdb.connect(filled.path) as older:
        older.execute("UPDATE state SET layout = layout - 1; DELETE FROM customer")
    assert answers(filled) == expected
    assert made_anew(caplog)[-1].endswith("of another layout")


def test_the_file_of_another_company_is_not_answered_from(
    installation: InstallationStore,
    filled: IndexedCompany,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with IndexedCompany.found(installation, tmp_path / "other") as other:
        other.upload(*({"external_id": f"{number}", "city": "Turku"} for number in range(1800)))
        other.index.catch_up()
        other.close()
        shutil.copy(filled.path, other.path)
        assert other.caught_up() == other.rebuilt()
    assert made_anew(caplog)[-1].endswith("the history is another one")


def test_a_file_that_is_ahead_of_its_store_is_made_anew(
    installation: InstallationStore, filled: IndexedCompany, tmp_path: Path
) -> None:
    # As after a backup of the store was put back.
    with IndexedCompany.found(installation, tmp_path / "earlier") as earlier:
        earlier.upload({"external_id": "1", "city": "Turku"})
        earlier.folder.mkdir()
        shutil.copy(filled.path, earlier.path)
        assert earlier.caught_up() == earlier.rebuilt()


class Elsewhere(UploadedCompany):
    """A company that has moved since its index was made."""

    @property
    def register(self) -> Register:
        moved = msgspec.structs.replace(ACME, timezone="Pacific/Apia", country="WS")
        return Register(moved, self.store, self.hash_address, Settings(), KEY)


def test_a_company_in_another_timezone_and_country_has_its_days_and_numbers_read_anew(
    filled: IndexedCompany, caplog: pytest.LogCaptureFixture
) -> None:
    moved = IndexedCompany(Elsewhere(filled.uploaded.store), filled.folder, at_once())
    assert moved.index.catch_up().context.timezone == ZoneInfo("Pacific/Apia")
    assert moved.caught_up() == moved.rebuilt() != filled.rebuilt()
    assert made_anew(caplog)[-1].endswith("values are read in another way")
