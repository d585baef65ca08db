"""Whoever imports a file by a command is told how far it has come, whichever way it takes."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pytest

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.services.file_import import Watcher, import_file, run_to_its_end
from regulars.services.import_undo import accept_undo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.store.contract import ImportRun
    from tests.services.shop import Shop

COUNT: Final = 6_000
RECORDS: Final = [
    {"external_id": str(number), "email": f"p{number}@example.org", "can_email": True}
    for number in range(COUNT)
]


class Notes(Watcher):
    """Notes what an import was seen to be: its status, and how many of its records were counted,
    and done.
    """

    def __init__(self) -> None:
        self.seen: list[tuple[str, int, int]] = []

    def follow(self, run: ImportRun) -> None:
        self.seen.append((run.status, run.report.counted, run.report.records))

    @property
    def counted(self) -> set[int]:
        return {counted for status, counted, _ in self.seen if status == "running"} - {0}

    @property
    def done(self) -> set[int]:
        return {done for status, _, done in self.seen if status == "running"} - {0}


@pytest.fixture(autouse=True)
def looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.services.file_import._LOOK_SECONDS", 0.001)
    monkeypatch.setattr("regulars.services.import_plan._SAVED_SECONDS", 0.0)


def bring(
    shop: Shop, watcher: Watcher, records: Sequence[object], *, is_dry_run: bool = False
) -> ImportRun:
    options = ImportOptions(BodyForm("json"), is_dry_run=is_dry_run)
    body = json.dumps(records).encode()
    return import_file(
        shop.imports, shop.register, BytesIO(body), options, size_bytes=len(body), actor="test",
        watcher=watcher,
    )  # fmt: skip


def test_a_dry_run_tells_what_it_counts_and_its_import_what_it_does(shop: Shop) -> None:
    notes = Notes()
    run = bring(shop, notes, RECORDS, is_dry_run=True)
    assert run.status == "planned"
    assert notes.counted
    assert not notes.done

    notes = Notes()
    shop.imports.kept.apply(shop.register, run, actor="test", may_release=False)
    done = run_to_its_end(shop.imports, shop.register, run.id, notes)
    assert (done.status, done.report.records) == ("done", COUNT)
    assert notes.done
    assert not notes.counted

    notes = Notes()
    undo = accept_undo(shop.installation, shop.register, done, "test")
    assert run_to_its_end(shop.imports, shop.register, undo.id, notes).status == "done"
    # It is one transaction.
    assert ("running", 0, 0) in notes.seen


def test_an_import_that_may_be_held_tells_what_is_counted(shop: Shop) -> None:
    bring(shop, Watcher(), RECORDS)
    notes = Notes()
    taking = [record | {"can_email": False} for record in RECORDS]
    assert bring(shop, notes, taking).status == "held"
    assert notes.counted
    assert not notes.done
