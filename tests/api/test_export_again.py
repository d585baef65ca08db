"""An export of the command can be uploaded again, and changes nothing (SPEC section 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.large_import import history_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.running_server import Shop

MEDIA_TYPES = {"csv": "text/csv", "ndjson": "application/x-ndjson"}
AWKWARD = [
    "=1+1", "'=1+1", "+cmd", "-1", "-x", "@SUM(A1)", "'", '"', 'a"b', '"a"', "a;b", "a,b", "a\nb",
    "a\r\nb", "a\tb", "\u00c5bo", "\U0001f600", "0400", "1e5", "true", "{}", '{"a":1}', "[1]", ",",
    "1,5", "2015-08-28",
]  # fmt: skip


def awkward_records(prefix: str) -> list[dict[str, Any]]:
    """Customers with what spreadsheets, CSV and lists in cells take for something else."""
    odd = [
        {
            "external_id": f"odd-{number}",
            "city": text,
            "tags": [text, "x"],
            "mailing_lists": [text],
            f"{prefix}text": text,
            f"{prefix}items": ["x", text],
        }
        for number, text in enumerate(AWKWARD)
    ]
    kinds: list[dict[str, Any]] = [
        {f"{prefix}whole": -7, f"{prefix}part": -7.5, f"{prefix}is_so": False},
        {f"{prefix}whole": 2**62, f"{prefix}part": 1e-7, f"{prefix}is_so": True},
        {f"{prefix}thing": {"a": [1, {"b": None}], "c": "=\n"}, "can_email": False},
        {"last_login": "2015-08-28T14:10:00.250Z", "date_joined": "2021-10-31T03:30"},
        {f"{prefix}mixed": 7}, {f"{prefix}mixed": "seven"}, {f"{prefix}mixed": ["7", "8,9"]},
        {"email": "=x@example.org", "phone_number": "+358401234567", "can_sms": True},
    ]  # fmt: skip
    return odd + [each | {"external_id": f"kind-{n}"} for n, each in enumerate(kinds)]


@pytest.mark.parametrize("export_format", ["ndjson", "csv"])
def test_an_export_uploaded_again_changes_nothing(
    shop: Shop, tmp_path: Path, export_format: str
) -> None:
    given = awkward_records(shop.prefix)
    assert shop.upload(*given)["created"] == len(given)
    assert shop.upload({"email": "nobody@example.org", "city": "=1"})["created"] == 1
    before, history = shop.customers(), history_of(shop)
    path = tmp_path / f"customers.{export_format}"
    done = shop.server.regulars(
        "export", shop.short_name, "--format", export_format, "--out", str(path)
    )
    assert done.status == 0, done.errors

    reply = shop.post_bytes(path.read_bytes(), MEDIA_TYPES[export_format])
    report = shop.wait(reply.json()["import"])
    assert (report["unchanged"], report["problems"]) == (len(given) + 1, [])
    done = shop.server.regulars("import", shop.short_name, str(path))
    assert done.status == 0, done.errors
    assert (shop.customers(), history_of(shop)) == (before, history)
    again = tmp_path / f"again.{export_format}"
    shop.server.regulars("export", shop.short_name, "--format", export_format, "--out", str(again))
    assert again.read_bytes() == path.read_bytes()


def test_an_export_makes_the_same_customers_in_another_company(shop: Shop, tmp_path: Path) -> None:
    given = [
        {name: value for name, value in each.items() if not name.startswith(shop.prefix)}
        for each in awkward_records(shop.prefix)
    ]
    shop.upload(*given)
    other = shop.server.make_shop()
    for export_format, media_type in MEDIA_TYPES.items():
        path = tmp_path / f"customers.{export_format}"
        shop.server.regulars(
            "export", shop.short_name, "--format", export_format, "--out", str(path)
        )
        reply = other.post_bytes(path.read_bytes(), media_type)
        assert other.wait(reply.json()["import"])["problems"] == []
        assert other.customers() == shop.customers()
