"""The file of an index is a whole copy at all times, though not always the newest."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest

from regulars.index import company_index, database
from tests.index.answers import answers, made_anew

if TYPE_CHECKING:
    from tests.index.indexed import IndexedCompany


def saved_version(company: IndexedCompany) -> int:
    """The store's version that the file would be at after a crash."""
    left = company.path.with_suffix(".left")
    shutil.copy(company.path, left)
    with duckdb.connect(left, read_only=True) as after:
        ((version,),) = after.execute("SELECT version FROM state").fetchall()
    return int(version)


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
