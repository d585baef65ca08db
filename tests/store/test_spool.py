"""Bodies of accepted uploads are kept byte by byte until they are let go of."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from regulars.errors import MalformedBodyError
from tests.store.make import keep_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.store.contract import CompanyStore, InstallationStore

MEBIBYTE = 1024 * 1024
BODY = random.Random(7).randbytes(5 * MEBIBYTE + 12_345)  # noqa: S311 - any bytes will do


def read_body(store: CompanyStore, import_id: str) -> bytes:
    with store.open_spool(import_id) as body:
        return body.read()


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [b""],
        [b'{"customers":[]}'],
        [BODY],
        [BODY[:MEBIBYTE]],
        [BODY[start : start + 65_536] for start in range(0, len(BODY), 65_536)],
        [BODY[: MEBIBYTE + 1], b"", BODY[MEBIBYTE + 1 :]],
    ],
    ids=["nothing", "an empty part", "small", "one large part", "1 MiB", "many", "uneven"],
)
def test_a_body_comes_back_as_it_was_written(store: CompanyStore, parts: list[bytes]) -> None:
    keep_body(store, "abc1", parts)
    assert read_body(store, "abc1") == b"".join(parts)


def test_a_body_can_be_read_in_pieces_and_by_line(store: CompanyStore) -> None:
    lines = [b"%d %b\n" % (number, b"x" * 1000) for number in range(3000)]
    keep_body(store, "abc1", [b"".join(lines)])
    with store.open_spool("abc1") as body:
        assert body.readline() == lines[0]
        assert body.read(len(lines[1])) == lines[1]
        assert list(body) == lines[2:]
        assert body.read(1) == b""


def test_a_body_is_there_for_other_processes(
    store: CompanyStore, other_installation: InstallationStore
) -> None:
    keep_body(store, "abc1", [BODY])
    assert read_body(other_installation.open_company("acme"), "abc1") == BODY


def test_bodies_are_apart(store: CompanyStore) -> None:
    keep_body(store, "abc1", [b"one"])
    keep_body(store, "abc2", [b"two"])
    store.remove_spool("abc1")
    assert read_body(store, "abc2") == b"two"


def test_a_body_that_was_let_go_of_is_gone(store: CompanyStore) -> None:
    keep_body(store, "abc1", [BODY])
    store.remove_spool("abc1")
    store.remove_spool("abc1")
    with pytest.raises(FileNotFoundError):
        store.open_spool("abc1")


def test_a_body_that_breaks_off_is_not_kept(store: CompanyStore) -> None:
    def parts() -> Iterator[bytes]:
        yield BODY
        raise MalformedBodyError("it ends too early")

    with pytest.raises(MalformedBodyError):
        keep_body(store, "abc1", parts())
    with pytest.raises(FileNotFoundError):
        store.open_spool("abc1")
    keep_body(store, "abc1", [b"again"])
    assert read_body(store, "abc1") == b"again"


def test_a_body_is_never_written_over(store: CompanyStore) -> None:
    keep_body(store, "abc1", [b"first"])
    with pytest.raises(Exception, match=r"(?i)exists|unique"):
        keep_body(store, "abc1", [b"second"])
    assert read_body(store, "abc1") == b"first"


def test_a_body_removed_while_it_is_read_does_not_just_end(store: CompanyStore) -> None:
    keep_body(store, "abc1", [BODY])
    with store.open_spool("abc1") as body:
        start = body.read(10)
        store.remove_spool("abc1")
        try:
            rest = body.read()
        except FileNotFoundError:
            return
    assert start + rest == BODY


def test_a_sweep_leaves_drafts_for_longer(store: CompanyStore) -> None:
    for name in ("draftaa", "abc1", "abc2"):
        keep_body(store, name, [b"x"])
    store.sweep_spool({"abc2"}, -60, 3600)
    assert read_body(store, "draftaa") == b"x"
    assert read_body(store, "abc2") == b"x"
    with pytest.raises(FileNotFoundError):
        store.open_spool("abc1")
    store.sweep_spool({"abc2"}, -60, -60)
    with pytest.raises(FileNotFoundError):
        store.open_spool("draftaa")
