"""Bodies in every format, charset and encoding, and what is said of others."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tests.api.raw_requests import forget_peak, peak_megabytes
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_server import RunningServer, Shop

JSON = "application/json"
CSV = "text/csv"
UPLOAD = "/api/customers/upload/"


@pytest.fixture(scope="module")
def narrow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that lets bodies unpack to 20 MB at most."""
    data = tmp_path_factory.mktemp("narrow") / "data"
    with running_server(data, unpacked_bytes="20000000") as running:
        yield running


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
@pytest.mark.parametrize("records", [1, 100_000])
def test_a_body_may_be_compressed(shop: Shop, encoding: str, records: int) -> None:
    lines = b"\n".join(b'{"external_id":"%d"}' % n for n in range(records))
    reply = shop.post_bytes(
        gzip.compress(lines, 1), "application/x-ndjson", headers={"Content-Encoding": encoding}
    )
    assert reply.status_code == 200
    assert shop.wait(reply.json()["import"])["created"] == records


@pytest.mark.parametrize("cut", [1, 20])
def test_a_compressed_body_that_is_damaged_is_malformed(empty_shop: Shop, cut: int) -> None:
    body = gzip.compress(json.dumps([{"external_id": "1"}]).encode())[:-cut]
    reply = empty_shop.post_bytes(body, headers={"Content-Encoding": "gzip"})
    assert reply.status_code == 400


@pytest.mark.parametrize("content_type", [JSON, "application/x-ndjson"])
def test_a_body_that_unpacks_to_too_much_costs_nothing(
    narrow_server: RunningServer, content_type: str
) -> None:
    shop = narrow_server.make_shop()
    body = gzip.compress(b" " * 300_000_000, 1)
    forget_peak(narrow_server)
    before = peak_megabytes(narrow_server)
    reply = shop.post_bytes(body, content_type, headers={"Content-Encoding": "gzip"})
    assert reply.status_code == 413
    assert peak_megabytes(narrow_server) - before < 40
    assert shop.http.get("/api/imports/").json()["imports"] == []


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ('"utf-16"', "utf-16-le"),
        ("iso-8859-1", "windows-1252"),
        ("windows-1252; header=present", "windows-1252"),
    ],
)
def test_csv_may_come_in_these_charsets(shop: Shop, charset: str, codec: str) -> None:
    body = "external_id;city;tags\n1;Jyväskylä;vip\n".encode(codec)
    reply = shop.post_bytes(body, f"{CSV}; charset={charset}")
    assert reply.status_code == 200
    customer = shop.customer("1")
    assert customer is not None
    assert (customer["city"], customer["tags"]) == ("Jyväskylä", ["vip"])


def test_an_empty_cell_says_nothing_unless_it_is_to_clear(shop: Shop) -> None:
    shop.upload({"external_id": "1", "city": "Oulu"})
    body = b"external_id,city\n1,\n"
    shop.post_bytes(body, CSV)
    assert (shop.customer("1") or {}).get("city") == "Oulu"
    headers = {"Content-Type": CSV}
    reply = shop.http.post(f"{UPLOAD}?empty_cells=clear", content=body, headers=headers)
    assert reply.status_code == 200
    assert "city" not in (shop.customer("1") or {})


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/plain", None),
        ("", None),
        (f"{JSON}; charset=utf-16", None),
        (f"{CSV}; charset=utf-7", None),
        (f"{CSV}; header=absent", None),
        (f'{CSV}; charset="utf-8', None),
        (JSON, "br"),
        (JSON, "gzip, gzip"),
        (JSON, "deflate"),
    ],
)
def test_other_kinds_are_refused_with_what_is_taken(
    empty_shop: Shop, content_type: str, encoding: str | None
) -> None:
    headers = {} if encoding is None else {"Content-Encoding": encoding}
    reply = empty_shop.post_bytes(b"[]", content_type, headers=headers)
    assert reply.status_code == 415
    assert reply.json()["error"]["reason"]


@pytest.mark.parametrize(
    "query",
    ["dry_run=yes", "strict=", "strict=true&strict=true", "mode=replace", "keep=nonsense", "keep=,",
     "empty_cells=clear", "empty_cells=keep", "dryrun=true"],
)  # fmt: skip
def test_a_parameter_that_cannot_be_used_is_refused(empty_shop: Shop, query: str) -> None:
    reply = empty_shop.http.post(f"{UPLOAD}?{query}", json=[{"external_id": "1"}])
    assert reply.status_code == 400
    assert query.partition("=")[0] in reply.json()["error"]["reason"]
    assert empty_shop.http.get("/api/imports/").json()["imports"] == []


def test_parameters_choose_how_an_import_is_carried_out(shop: Shop) -> None:
    shop.upload({"external_id": "1", "city": "Oulu"})

    def send(query: str, *records: object) -> dict[str, object]:
        reply = shop.http.post(f"{UPLOAD}?{query}", json=list(records)).json()
        return shop.wait((reply.get("error") or reply)["import"])

    assert send("mode=create", {"external_id": "1", "city": "Turku"})["ignored"] == 1
    assert send("mode=update", {"external_id": "2"})["ignored"] == 1
    assert send("keep=City,language", {"external_id": "1", "city": "Turku"})["unchanged"] == 1
    assert send("strict=1", {"external_id": "1", "birth_date": "never"})["rejected"] == 1
    assert send("dry_run=TRUE", {"external_id": "3"})["status"] == "planned"
    assert [each["external_id"] for each in shop.customers()] == ["1"]
