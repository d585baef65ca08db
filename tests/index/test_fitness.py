"""An index that does not fit its register is noticed, and made anew, before it answers wrongly."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import duckdb
import msgspec
import pytest

from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.text import read_condition
from regulars.index import company_index, database
from regulars.index.questions import Order, Query
from regulars.services.installation import Register
from regulars.settings import Settings
from tests.index.indexed import IndexedCompany, at_once
from tests.properties.company import ACME, KEY, UploadedCompany, examples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.store.contract import InstallationStore

BLOCK: Final = 262_144
"""Bytes that DuckDB reads at a time, each with a checksum."""
HEADERS: Final = 3 * 4096
CONDITIONS: Final = (
    "city = Turku", "tags has any (vip)", "email contains 7", "acme__n between 5 and 90",
    "last_login > 2020-01-01", "city changed in last 30000 days",
)  # fmt: skip


@pytest.fixture
def filled(company: IndexedCompany) -> IndexedCompany:
    """A company whose index file has several blocks, a log, and is closed."""
    dice = random.Random(7)  # noqa: S311
    company.upload(
        *(
            {
                "external_id": f"{number}",
                "email": f"{number}.{dice.random()}@example.org",
                "city": dice.choice(["Turku", "Oulu"]),
                "street_address": dice.randbytes(200).hex(),
                "tags": [dice.choice(["vip", "garden"])],
                "last_login": f"20{dice.randint(10, 26)}-03-29T01:30:00Z",
                "ACME__n": number,
            }
            for number in range(1500)
        )
    )
    company.index.catch_up()
    company.upload(*({"external_id": f"{number}", "city": "Lahti"} for number in range(300)))
    company.index.catch_up()
    company.close()
    return company


def answers(company: IndexedCompany) -> list[object]:
    """What the index says to all kinds of questions."""
    schema = company.index.catch_up()
    index = company.index
    found: list[object] = []
    for text in CONDITIONS:
        tree = read_condition(text).tree
        query = Query(check_condition(tree, schema, no_segments))
        found += [index.count(query), index.find_ids(query, limit=2000)]
    everybody = Query()
    by_email = index.find_ids(Query(None, ("turku",)), Order("email"), limit=50)
    return [*found, by_email, index.statistics(everybody), index.measure(everybody)]


def made_anew(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if "made anew" in each.getMessage()]


def saved_version(company: IndexedCompany) -> int:
    """The store's version that the file would be at after a crash."""
    left = company.path.with_suffix(".left")
    shutil.copy(company.path, left)
    with duckdb.connect(left, read_only=True) as after:
        ((version,),) = after.execute("SELECT version FROM state").fetchall()
    return int(version)


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


# Files after a crash


def test_what_a_crash_has_taken_is_taken_over_again(
    filled: IndexedCompany, caplog: pytest.LogCaptureFixture
) -> None:
    filled.index.catch_up()
    filled.index.release()
    caplog.clear()
    before = answers(filled)
    filled.upload({"external_id": "new", "city": "Turku"}, {"external_id": "1", "city": "Kemi"})
    filled.upload({"external_id": "2", "is_forgotten": True})
    expected = answers(filled)
    assert expected != before
    # As a process that is killed now leaves it.
    left = filled.path.read_bytes()
    filled.close()
    assert filled.path.read_bytes() != left
    filled.path.write_bytes(left)
    assert answers(filled) == expected
    assert filled.caught_up() == filled.rebuilt()
    assert made_anew(caplog) == []


@pytest.mark.parametrize("bound", ["CHECKPOINT_BYTES", "CHECKPOINT_SECONDS"])
def test_much_or_long_ago_a_crash_takes_nothing(
    bound: str, filled: IndexedCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.index.catch_up()
    filled.upload({"external_id": "new", "city": "Turku"})
    filled.index.follow()
    assert saved_version(filled) < filled.uploaded.store.read_position().last_version
    monkeypatch.setattr(database, bound, 0)
    filled.index.follow()
    assert saved_version(filled) == filled.uploaded.store.read_position().last_version


def test_an_index_that_is_far_behind_is_written_on_the_way(
    filled: IndexedCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.index.catch_up()
    filled.close()
    before = saved_version(filled)
    filled.upload(*({"external_id": f"n-{number}"} for number in range(1000)))
    monkeypatch.setattr(company_index, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(database, "CHECKPOINT_BYTES", 0)
    filled.index.follow()
    assert before < saved_version(filled) < before + 1000


def test_whatever_log_an_earlier_version_left_is_not_read(
    filled: IndexedCompany, caplog: pytest.LogCaptureFixture
) -> None:
    expected = answers(filled)
    filled.close()
    log = filled.path.with_name(f"{filled.path.name}.wal")
    log.write_bytes(b"anything")
    caplog.clear()
    assert answers(filled) == expected
    assert made_anew(caplog) == []
    assert not log.exists()


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
