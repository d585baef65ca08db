"""Bodies that came compressed: what is damaged is refused, and a bomb costs no memory."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.imports.sources import check_records
from regulars.errors import BodyTooLargeError, MalformedBodyError
from tests.domain.imports.bodies import dribble, open_body, read_body
from tests.domain.imports.streams import peak_bytes

try:
    from backports import zstd
except ImportError:  # from Python 3.14 on it is in the standard library
    from compression import zstd  # type: ignore[import-not-found, no-redef, unused-ignore]

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.imports.body_form import ContentEncoding

RECORDS = [{"external_id": str(number)} for number in range(300)]
BODY = json.dumps(RECORDS).encode()
PACK: dict[ContentEncoding, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstd.compress,
}
encodings = pytest.mark.parametrize("encoding", PACK)
cuttings = st.lists(st.integers(1, 2000), min_size=1, max_size=5)


@encodings
@given(cuttings)
def test_a_packed_body_gives_its_records_however_it_comes(
    encoding: ContentEncoding, sizes: list[int]
) -> None:
    packed = PACK[encoding](BODY)
    assert read_body(dribble(packed, sizes), "json", encoding) == RECORDS


@encodings
@given(st.lists(st.integers(0, len(BODY)), max_size=5), cuttings)
def test_a_body_may_be_packed_in_several_parts(
    encoding: ContentEncoding, cuts: list[int], sizes: list[int]
) -> None:
    places = [0, *sorted(cuts), len(BODY)]
    parts = (BODY[begin:end] for begin, end in pairwise(places))
    packed = b"".join(map(PACK[encoding], parts))
    assert read_body(dribble(packed, sizes), "json", encoding) == RECORDS


@encodings
def test_a_packed_body_cut_short_is_refused(encoding: ContentEncoding) -> None:
    packed = PACK[encoding](BODY)
    for end in range(len(packed)):
        with pytest.raises(MalformedBodyError):
            read_body(packed[:end], "json", encoding)
        with pytest.raises(MalformedBodyError):
            read_body(packed[:end], "ndjson", encoding)


@encodings
@pytest.mark.parametrize("garbage", [b"x", b"\0", b"\0" * 100_000, b"\x1f\x8b", b"[]"])
def test_garbage_behind_a_packed_body_is_refused(encoding: ContentEncoding, garbage: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        read_body(PACK[encoding](BODY) + garbage, "json", encoding)


@encodings
@given(st.data())
def test_a_damaged_body_is_refused_or_read_but_never_fails_otherwise(
    encoding: ContentEncoding, data: st.DataObject
) -> None:
    packed = bytearray(PACK[encoding](BODY))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(MalformedBodyError, BodyTooLargeError):
        read_body(bytes(packed), "json", encoding, limit=len(BODY))


@encodings
@given(st.binary(max_size=100))
def test_any_bytes_are_refused(encoding: ContentEncoding, body: bytes) -> None:
    with suppress(MalformedBodyError, BodyTooLargeError):
        read_body(body, "ndjson", encoding)


@encodings
@pytest.mark.parametrize(("limit", "fits"), [(len(BODY), True), (len(BODY) - 1, False)])
def test_a_body_may_unpack_to_the_limit(encoding: ContentEncoding, limit: int, fits: bool) -> None:
    records = open_body(PACK[encoding](BODY), "json", encoding, limit=limit)
    if fits:
        assert check_records(records) == len(RECORDS)
    else:
        with pytest.raises(BodyTooLargeError, match=r"to more than \d+ bytes"):
            check_records(records)


def test_the_limit_is_of_packed_bodies_only() -> None:
    assert read_body(BODY, "json", limit=1) == RECORDS


def bomb(encoding: ContentEncoding) -> bytes:
    """A small body that unpacks to 400 MB of white space."""
    if encoding == "zstd":
        packer = zstd.ZstdCompressor(level=3)
        parts = [packer.compress(b" " * 10_000_000) for _ in range(40)]
        return b"".join([*parts, packer.flush()])
    squeezer = zlib.compressobj(wbits=31)
    parts = [squeezer.compress(b" " * 10_000_000) for _ in range(40)]
    return b"".join([*parts, squeezer.flush()])


@encodings
def test_a_bomb_costs_no_memory(encoding: ContentEncoding) -> None:
    packed = bomb(encoding)
    assert len(packed) < 1_000_000
    for limit, error in ((200_000_000, BodyTooLargeError), (10**9, MalformedBodyError)):
        with peak_bytes() as peak, pytest.raises(error):
            check_records(open_body(packed, "json", encoding, limit=limit))
        assert peak() < 30_000_000


def test_a_frame_that_asks_for_a_huge_window_is_refused() -> None:
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 27}
    packed = zstd.compress(b" " * 20_000_000, options=options)
    with pytest.raises(MalformedBodyError):
        check_records(open_body(packed, "ndjson", "zstd", limit=10**9))


def test_an_empty_gzip_member_is_an_empty_body() -> None:
    assert read_body(gzip.compress(b""), "ndjson", "gzip") == []
    with pytest.raises(MalformedBodyError):
        read_body(b"", "ndjson", "gzip")


@given(st.lists(st.sampled_from([b'{"a":1}', b"", b"5", b"{", b"\r"]), max_size=6), cuttings)
def test_ndjson_is_the_same_however_it_comes(lines: list[bytes], sizes: list[int]) -> None:
    body = b"\n".join(lines)
    assert read_body(dribble(body, sizes), "ndjson") == read_body(body, "ndjson")


def test_a_line_can_be_sent_again_as_it_came() -> None:
    records = open_body(b'{"a": 1}\r\n{"b"', "ndjson")
    assert [records.original(given) for given in records] == [b'{"a": 1}', b'{"b"']
    large = open_body(b"x" * 3_000_000, "ndjson")
    assert [(large.original(given), large.line(given)) for given in large] == [(None, None)]
