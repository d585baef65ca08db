"""NDJSON that is odd: each line stands alone, whatever the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.running_server import Shop

NDJSON = "application/x-ndjson"
MEBIBYTE = 1024 * 1024
BOM = b"\xef\xbb\xbf"


def found_ids(shop: Shop) -> list[str]:
    return [customer["external_id"] for customer in shop.customers()]


GOOD = [b'{"external_id":"1"}', b'{"external_id":"2"}']


@pytest.mark.parametrize(
    ("body", "problems", "expected"),
    [
        (b"", [], []),
        (b"\n\r\n \n", [], []),
        (b"\n".join(GOOD), [], ["1", "2"]),
        (b"\r\n".join(GOOD) + b"\r\n", [], ["1", "2"]),
        (b"\n\n".join(GOOD) + b"\n\n", [], ["1", "2"]),
        (BOM + b"\n".join(GOOD), [], ["1", "2"]),
        (b"\n[]\n".join(GOOD), ["malformed_record"], ["1", "2"]),
        (b"\nnope\n".join(GOOD), ["malformed_record"], ["1", "2"]),
        (b"\n\0\0\n".join(GOOD), ["malformed_record"], ["1", "2"]),
        (b'\n{"external_id":"3","city":"\0"}\n'.join(GOOD), ["malformed_record"], ["1", "2"]),
        (b'\n{"external_id":"3","city":"\\u0000"}\n'.join(GOOD), ["bad_text"], ["1", "3", "2"]),
        (b'\n{"external_id":"3","city":"\xff"}\n'.join(GOOD), ["malformed_record"], ["1", "2"]),
        (b'\n{"external_id":"3","x":\n'.join(GOOD), ["malformed_record"], ["1", "2"]),
        (b"\n" .join([GOOD[0], b'{"a":' * 100_000, GOOD[1]]), ["malformed_record"], ["1", "2"]),
        (b"\n".join([GOOD[0], b"x" * (3 * MEBIBYTE), GOOD[1]]), ["record_too_large"], ["1", "2"]),
        (b"\n".join([*GOOD, b"x" * (3 * MEBIBYTE)]), ["record_too_large"], ["1", "2"]),
        (b'\n{"external_id":"3","city":1e400}\n'.join(GOOD), ["wrong_type"], ["1", "3", "2"]),
        (b'{"external_id":"1"}{"external_id":"2"}\n{"external_id":"3"}',
         ["malformed_record"], ["3"]),
        (b'{"customers":[{"external_id":"1"}]}\n{"external_id":"3"}',
         ["no_identifier", "unknown_field"], ["3"]),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_each_line_of_ndjson_stands_alone(
    shop: Shop, body: bytes, problems: list[str], expected: list[str]
) -> None:
    reply = shop.post_bytes(body, NDJSON)
    assert reply.status_code == 200
    report = shop.wait(reply.json()["import"])
    assert [each["code"] for each in report["problems"]] == problems
    assert found_ids(shop) == expected


def test_a_line_may_be_exactly_one_mebibyte(shop: Shop) -> None:
    def line(number: int, size: int) -> bytes:
        start = b'{"external_id":"%d","city":"' % number
        return start + b"x" * (size - len(start) - 2) + b'"}'

    sizes: Iterable[int] = (MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, MEBIBYTE + 2, MEBIBYTE + 3)
    for end in (b"\n", b"\r\n"):
        body = b"".join(line(number, size) + end for number, size in enumerate(sizes))
        report = shop.wait(shop.post_bytes(body, NDJSON).json()["import"])
        too_large = [p["record"] for p in report["problems"] if p["code"] == "record_too_large"]
        assert too_large == [3, 4, 5]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_ndjson_in_another_encoding_is_rejected_line_by_line(shop: Shop, encoding: str) -> None:
    reply = shop.post_bytes(b"\n".join(GOOD).decode().encode(encoding), NDJSON)
    assert reply.status_code == 400
    assert reply.json()["error"]["import"]["created"] == 0
    assert "malformed_record" in reply.json()["error"]["reason"]
    assert found_ids(shop) == []
