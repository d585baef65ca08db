"""`/ID/rejected/` of CSV: in the charset and with the delimiter in which it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from tests.running_server import Shop

CODECS: Final = {"utf-8": "utf-8", "utf-16": "utf-16", "iso-8859-1": "windows-1252"}


def upload(shop: Shop, body: bytes, content_type: str) -> dict[str, Any]:
    reply = shop.post_bytes(body, content_type).json()
    return shop.wait(reply["import"] if "import" in reply else reply["error"]["import"])


def told(report: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(each["code"], each["field"]) for each in report["problems"]]


@pytest.mark.parametrize("charset", CODECS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_it_is_accepted_again_with_the_content_type_of_the_upload(
    shop: Shop, charset: str, delimiter: str
) -> None:
    content_type = f"text/csv; charset={charset}"
    rows = [["external_id", "city", "tags"], ["K 1", "Äijö \u20ac;,|", '"a,b"'], ["K2", "x", ""]]
    body = "".join(f"{delimiter.join(row)}\r\n" for row in rows).replace(" \u20ac;,|", " \u20ac")
    if delimiter == "|":
        body = f"sep=|\r\n{body}"
    first = upload(shop, body.encode(CODECS[charset]), content_type)
    assert (first["rejected"], first["created"] + first["updated"] + first["unchanged"]) == (1, 1)

    reply = shop.http.get(f"{first['url']}rejected/")
    assert reply.headers["content-type"] == content_type
    text = reply.content.decode(CODECS[charset])
    assert delimiter.join(["external_id", "city", "tags", "_record"]) in text
    again = upload(shop, reply.content, content_type)
    assert (again["records"], again["rejected"], told(again)) == (1, 1, told(first))

    name = f"K-{charset}-{ord(delimiter)}"
    mended = text.replace("K 1", name).encode(CODECS[charset])
    accepted = upload(shop, mended, content_type)
    assert (accepted["created"], accepted["problems"]) == (1, [])
    found = shop.customer(name)
    assert found is not None
    assert (found["city"], found["tags"]) == ("Äijö \u20ac", ["a", "b"])


@pytest.mark.parametrize(("charset", "byte"), [("utf-8", b"\xe4"), ("iso-8859-1", b"\x81")])
def test_a_row_with_a_byte_that_is_no_character_is_rejected_alone(
    shop: Shop, charset: str, byte: bytes
) -> None:
    content_type = f"text/csv; charset={charset}"
    rows = [b"external_id;city", b"good-1;Turku", b"bad-1;" + byte + b"bo", b"good-2;Turku"]
    report = upload(shop, b"\n".join(rows), content_type)
    assert (report["records"], report["rejected"]) == (3, 1)
    (problem,) = report["problems"]
    assert (problem["record"], problem["line"], problem["code"]) == (2, 3, "malformed_record")
    assert "its charset" in problem["message"]
    assert "charset" in problem["suggestion"]
    (listed,) = shop.http.get(f"{report['url']}problems/").json()["problems"]
    assert listed == problem
    (group,) = shop.http.get(report["url"]).json()["import"]["error_groups"]
    assert group["message"] == problem["message"]
    file = shop.http.get(f"{report['url']}rejected/").content
    assert b"bad-1;" + byte + b"bo;" in file
    assert told(upload(shop, file, content_type)) == told(report)
    mended = upload(shop, file.replace(byte, b"A"), content_type)
    assert mended["rejected"] == 0
    found = shop.customer("bad-1")
    assert found is not None
    assert found["city"] == "Abo"
