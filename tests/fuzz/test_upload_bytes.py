"""Bytes of any kind as uploads: answered in time, and applied whole or not at all."""

from __future__ import annotations

import csv
import gzip
import io
import json
import time
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.busy import is_within
from tests.fuzz.conftest import MOST_UNPACKED_BYTES

try:
    from backports import zstd
except ImportError:  # from Python 3.14 on it is in the standard library
    from compression import zstd  # type: ignore[import-not-found, no-redef, unused-ignore]

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from hypothesis import settings

    from tests.running_server import RunningServer, Shop

ANSWER_SECONDS: Final = 10
TYPES: Final = {"json": "application/json", "ndjson": "application/x-ndjson", "csv": "text/csv"}
OUTCOMES: Final = ("created", "updated", "unchanged", "rejected", "ignored")

# Few values, so that records of different uploads meet in one customer.
RECORDS: Final = st.lists(
    st.fixed_dictionaries(
        {"external_id": st.sampled_from(["1", "2", "3", "Å-4"])},
        optional={
            "email": st.sampled_from(["ada@example.org", "bob@example.org", "nobody"]),
            "phone_number": st.sampled_from(["+358401234567", "+358501234567"]),
            "city": st.sampled_from(["Turku", "Bod\u00f8", 'the "old" town', "a,b;c", "x\ny", ""]),
            "can_email": st.booleans(),
            "tags": st.sampled_from(["vip", "new"]),
        },
    )
    | st.fixed_dictionaries({"email": st.sampled_from(["cy@example.org", "di@example.org"])}),
    max_size=8,
)
# What breaks readers, put anywhere.
PIECES: Final = st.sampled_from(
    [
        b"\0", b'"', b'""', b"'", b"\\", b"\\ud800", b"\\u0000", b"\xff", b"\xc3", b"\xed\xa0\x80",
        b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b",", b";", b"\t", b"|", b"\r", b"\n", b"\r\n",
        b"\x1a", b"\x1f\x8b", b"{", b"}", b"[", b"]", b":", b"null", b"NaN", b"-Infinity",
        b"9" * 5_000, b"1e999999999", b"-", b"[" * 100_000, b'{"a":' * 100_000, b'"' * 10_001,
        b'{"customers":[', b'"customers":[],', b'"external_id":"5",', b"external_id,", b"\n\n\n",
        b" " * 100_000, b"x" * 200_000, b",," * 50_000, b"\xe2\x80\xa8", b"=1+1", b"sep=;\n",
    ]
)  # fmt: skip
CHARSETS: Final = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "utf-8-sig"]
CHARSET_NAMES: Final = ["", "; charset=utf-8", "; charset=utf-16", "; charset=iso-8859-1"]

_numbers = count(1)


@st.composite
def texts(draw: DrawFn, form: str) -> str:
    """Records in a format, as they should be."""
    records: list[dict[str, Any]] = draw(RECORDS)
    if form == "json":
        return json.dumps(records if draw(st.booleans()) else {"customers": records})
    if form == "ndjson":
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    lines = io.StringIO()
    writer = csv.DictWriter(
        lines,
        ["external_id", "email", "phone_number", "city", "can_email", "tags"],
        delimiter=draw(st.sampled_from(",;\t|")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])),
    )
    writer.writeheader()
    writer.writerows(records)
    return lines.getvalue()


@st.composite
def mutated(draw: DrawFn, body: bytes) -> bytes:
    """A body to which a few things happened."""
    for _ in range(draw(st.integers(0, 3))):
        at, to = sorted(draw(st.tuples(*[st.integers(0, len(body))] * 2)))
        match draw(st.sampled_from(["cut", "insert", "take out", "repeat", "flip", "bytes"])):
            case "cut":
                body = body[:to]
            case "insert":
                body = body[:at] + draw(PIECES) + body[at:]
            case "take out":
                body = body[:at] + body[to:]
            case "repeat":
                body = body[:to] + body[at:]
            case "flip" if at < to:
                body = body[:at] + bytes([body[at] ^ draw(st.integers(1, 255))]) + body[at + 1 :]
            case _:
                body = body[:at] + draw(st.binary(max_size=20)) + body[at:]
    return body


@st.composite
def uploads(draw: DrawFn) -> tuple[bytes, dict[str, str]]:
    """A body, and what is said of it."""
    form, said = draw(st.sampled_from([*((each, each) for each in TYPES), ("csv", "json"),
                                       ("ndjson", "json"), ("json", "csv")]))  # fmt: skip
    charset = draw(st.just("utf-8") | st.sampled_from(CHARSETS))
    text: str = draw(texts(form))
    body: bytes = draw(mutated(text.encode(charset, "replace")))
    kind = TYPES[said] + draw(st.just("") | st.sampled_from(CHARSET_NAMES))
    headers = {"Content-Type": kind}
    packing = draw(st.sampled_from(["", "", "gzip", "zstd"]))
    if packing:
        body = gzip.compress(body, 1) if packing == "gzip" else zstd.compress(body, 1)
        headers["Content-Encoding"] = draw(st.just(packing) | st.sampled_from(["gzip", "zstd"]))
        if draw(st.booleans()):
            body = draw(mutated(body))
    return body, headers


class Watch:
    """A company, and what its customers were when somebody last looked."""

    def __init__(self, shop: Shop) -> None:
        self.shop: Final = shop
        self.customers = shop.customers()

    def upload(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """Upload bytes, and hold what became of the customers against the answer."""
        began = time.monotonic()
        reply = self.shop.http.post("/api/customers/upload/", content=body, headers=headers)
        assert is_within(time.monotonic() - began, ANSWER_SECONDS)
        assert reply.status_code in (200, 400, 413, 415), reply.text
        report: dict[str, Any] = reply.json().get("error", reply.json()).get("import", {})
        if report:
            report = self.shop.wait(report)
        before, self.customers = self.customers, self.shop.customers()
        self._compare(before, report, is_applied=reply.status_code == 200)
        return reply

    def check_history(self) -> None:
        """A good upload still applies, and no version is one of no import's."""
        email = f"{next(_numbers)}@example.com"
        reply = self.upload(
            json.dumps([{"email": email}]).encode(), {"Content-Type": TYPES["json"]}
        )
        assert reply.json()["import"]["created"] == 1
        store = self.shop.server.installation.open_register(self.shop.short_name).store
        version = 0
        for run in reversed(store.load_imports(None, 1_000_000)):
            if run.status == "done":
                assert run.began_at_version == version
                version = max(version, run.report.last_version)

    def _compare(
        self, before: list[dict[str, Any]], report: dict[str, Any], *, is_applied: bool
    ) -> None:
        assert not is_applied or report["status"] in ("done", "held"), report
        if report.get("status") == "done":
            assert sum(report[outcome] for outcome in OUTCOMES) == report["records"]
        if not is_applied or report["status"] == "held":
            assert self.customers == before
            return
        kept = self.customers[: len(before)]
        differing = sum(now != then for now, then in zip(kept, before, strict=True))
        assert len(self.customers) - len(before) == report["created"]
        assert differing + report["created"] <= report["customers_changed"]
        if report["created"] == report["updated"] == 0:
            assert self.customers == before


@pytest.fixture(scope="module")
def watch(server: RunningServer) -> Watch:
    return Watch(server.make_shop())


def test_no_bytes_hurt(watch: Watch, examples: Callable[[int], settings]) -> None:
    @examples(400)
    @given(upload=uploads())
    def check(upload: tuple[bytes, dict[str, str]]) -> None:
        watch.upload(*upload)

    check()
    watch.check_history()


def many(form: str, number: int = 15_000) -> bytes:
    """Many good records."""
    run = next(_numbers)
    if form == "csv":
        rows = (f'{run}-{each},"{each}@example.net",Turku\n' for each in range(number))
        return ("external_id,email,city\n" + "".join(rows)).encode()
    lines = (f'{{"external_id":"{run}-{each}","city":"Turku"}}' for each in range(number))
    return ("\n".join(lines) if form == "ndjson" else f"[{','.join(lines)}]").encode()


@pytest.mark.parametrize("packing", ["", "gzip", "zstd"])
@pytest.mark.parametrize(
    ("form", "end"),
    [
        ("json", b',{"external_id":'), ("json", b"]]"), ("json", b'{"external_id":"x\xff"}]'),
        ("csv", b'x,"never closed\n'),
    ],
)  # fmt: skip
def test_a_large_body_that_is_malformed_at_its_end_is_not_applied(
    watch: Watch, form: str, end: bytes, packing: str
) -> None:
    body = many(form).removesuffix(b"]") + end
    headers = {"Content-Type": TYPES[form]}
    if packing:
        body = gzip.compress(body, 1) if packing == "gzip" else zstd.compress(body, 1)
        headers["Content-Encoding"] = packing
    reply = watch.upload(body, headers)
    assert reply.status_code == 400, reply.text


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_packed_body_that_breaks_off_is_not_applied(
    watch: Watch, form: str, packing: str
) -> None:
    body = many(form)
    packed = gzip.compress(body, 1) if packing == "gzip" else zstd.compress(body, 1)
    headers = {"Content-Type": TYPES[form], "Content-Encoding": packing}
    for length in (1, len(packed) // 2, len(packed) - 1):
        assert watch.upload(packed[:length], headers).status_code == 400


# How a bomb begins, and what it is full of.
BOMBS: Final = [
    (b"", b" "),
    (b"", b"["),
    (b'["', b"a"),
    (b"external_id", b"\n"),
    (b"external_id", b","),
]


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("packing", ["gzip", "zstd"])
@pytest.mark.parametrize(("begin", "filling"), BOMBS)
def test_a_bomb_is_refused(
    watch: Watch, begin: bytes, filling: bytes, *, form: str, packing: str
) -> None:
    body = begin + filling * (2 * MOST_UNPACKED_BYTES)
    packed = gzip.compress(body, 1) if packing == "gzip" else zstd.compress(body, 1)
    headers = {"Content-Type": TYPES[form], "Content-Encoding": packing}
    assert watch.upload(packed, headers).status_code in (400, 413)


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_body_of_many_empty_parts_is_read_in_time(watch: Watch, form: str, packing: str) -> None:
    part = gzip.compress(b"") if packing == "gzip" else zstd.compress(b"")
    headers = {"Content-Type": TYPES[form], "Content-Encoding": packing}
    reply = watch.upload(part * (200_000 // len(part)), headers)
    # Without a line, NDJSON is no record.
    assert reply.status_code == (200 if form == "ndjson" else 400)


def test_a_body_packed_twice_is_malformed(watch: Watch) -> None:
    packed = gzip.compress(gzip.compress(b'[{"external_id":"1"}]'))
    headers = {"Content-Type": TYPES["json"], "Content-Encoding": "gzip"}
    assert watch.upload(packed, headers).status_code == 400


def test_after_all_this_the_server_still_works(watch: Watch) -> None:
    watch.check_history()
