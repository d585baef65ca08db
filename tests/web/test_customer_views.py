"""What becomes of what is looked at: columns, segments, exports, statistics, parts for scripts."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from tests.web.customer_pages import (
    HOSTILE,
    SCRIPT,
    address_of,
    chips,
    look_for,
    names,
    view_in,
)

if TYPE_CHECKING:
    from tests.site import Site, Visit


def test_columns_are_kept_with_the_view(shopper: Visit) -> None:
    reply = shopper.submit("/customers/columns/", {"column": ["zip_code", "tags", "nothing"]})
    page = shopper.get(reply.headers["location"])
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a.*?>)?(.*?)<', page.text)
    assert heads == ["Customer", "Postal code", "Tags"]
    view = view_in(reply.headers["location"])
    page = look_for(shopper, view=view, search="country = SE")
    assert "Postal code</a>" in page.text
    reply = shopper.submit("/customers/columns/", {"view": view, "step": "reset"})
    assert reply.headers["location"] == "/customers/"


def test_a_condition_becomes_a_segment(shopper: Visit, onlooker: Visit) -> None:
    view = view_in(address_of(shopper, search="country = FI"))
    reply = shopper.submit("/customers/segment/", {"view": view, "name": "Finns"})
    assert reply.status_code == 303
    assert re.fullmatch(r"/segments/\d+/", reply.headers["location"])
    page = shopper.submit("/customers/segment/", {"view": view, "name": "finns"})
    assert page.status_code == 422
    assert "There is a segment Finns already." in page.text
    words = view_in(address_of(shopper, search="anna"))
    page = shopper.submit("/customers/segment/", {"view": words, "name": "Annas"})
    assert "cannot hold words" in page.text
    page = look_for(shopper, step="add", **{"f-field": "segment", "f-value": "Finns"})
    assert chips(page) == ["the customer is in the segment “Finns”"]
    assert names(page) == ["Anna Åström", "Cia Berg"]
    assert "Save as segment" not in onlooker.get(f"/customers/view/{view}/").text
    reply = onlooker.submit("/customers/segment/", {"view": view, "name": "Mine"})
    assert reply.status_code == 403


def test_an_export_holds_whom_the_view_shows_and_is_in_the_audit_log(
    searched_site: Site, shopper: Visit
) -> None:
    view = view_in(address_of(shopper, search="country = FI"))
    reply = shopper.submit("/customers/export/", {"view": view})
    assert reply.headers["content-disposition"] == 'attachment; filename="customers.csv"'
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [row["external_id"] for row in rows] == ["A-1", "C-3"]
    # No spreadsheet takes it for a formula.
    assert rows[1]["city"] == "'=1+1"
    store = searched_site.server.installation.open_register(searched_site.shop.short_name).store
    log = [(each.action, each.details) for each in store.audit_log.load()]
    assert log[-2:] == [("export:start", "customers by country"), ("export:end", "2 customers")]
    words = view_in(address_of(shopper, search="berg"))
    reply = shopper.submit("/customers/export/", {"view": words})
    assert reply.text.count("\r\n") == 2
    assert shopper.submit("/customers/export/").text.count("\r\n") == 4


def test_statistics_say_who_is_shown(shopper: Visit) -> None:
    address = address_of(shopper, search="country = FI")
    page = shopper.get(f"{address}statistics/")
    assert chips(page) == ["Country is FI"]
    assert "<title>Feb 2026: 1</title>" in page.text
    assert "<title>Dec 2025: 0</title>" in page.text
    assert '<td class="number">2</td><td class="number"><small>100 %</small></td>' in page.text
    part = shopper.get(f"{address}statistics/", headers=SCRIPT).text
    assert part.lstrip().startswith("<section")
    assert "Finland" in part
    page = look_for(shopper, view=view_in(address), pick="tags:vip")
    assert names(page) == ["Anna Åström"]
    assert shopper.get("/customers/statistics/").text.count("<title>") > 3


def test_a_script_gets_the_part_that_changes(shopper: Visit) -> None:
    form = {"search": "an", "typed": "1", "view": ""}
    reply = shopper.submit("/customers/", form, headers=SCRIPT)
    assert reply.status_code == 200
    assert reply.text.lstrip().startswith('<div id="found"')
    address = reply.headers["hx-replace-url"]
    # Whoever goes on typing changes the same view …
    form |= {"search": "anna ast", "view": view_in(address)}
    reply = shopper.submit("/customers/", form, headers=SCRIPT)
    assert reply.headers["hx-replace-url"] == address
    # … until somebody has looked at its address.
    assert names(shopper.get(address)) == ["Anna Åström"]
    reply = shopper.submit("/customers/", form | {"search": "bo"}, headers=SCRIPT)
    assert reply.headers["hx-replace-url"] != address
    assert names(shopper.get(address)) == ["Anna Åström"]
    reply = shopper.submit("/customers/", {"search": "bo"}, headers=SCRIPT)
    assert "hx-push-url" in reply.headers
    assert reply.text.lstrip().startswith('<div id="workbench"')


def test_an_empty_company_is_told_how_to_begin(own_site: Site) -> None:
    page = own_site.sign_in("viewer").get("/customers/")
    assert "No customers yet" in page.text
    assert 'href="/imports/"' in page.text
    assert f"{own_site.url}/api/customers/upload/" in page.text


def test_nothing_from_customers_is_markup(own_site: Site) -> None:
    fields = ["first_name", "last_name", "city", "company", "gender", "zip_code", "shop_id"]
    records = []
    for number, text in enumerate(HOSTILE):
        record: dict[str, object] = dict.fromkeys(fields, text)
        record |= {
            "external_id": f"{number}",
            "tags": [text],
            "mailing_lists": [text],
            f"{own_site.shop.prefix}own": text,
            f"{own_site.shop.prefix}deep": {text: text},
        }
        records.append(record)
    own_site.shop.upload(*records)
    visit = own_site.sign_in("planner")
    own = own_site.shop.prefix.lower()
    columns = [*fields, "tags", "mailing_lists", f"{own}own", f"{own}deep"]
    shown = visit.submit("/customers/columns/", {"column": columns}).headers["location"]
    row = {"row": "f-", "f-field": "tags", "f-operator": "has_any"}
    for page in (
        visit.get(shown),
        visit.get(f"/customers/view/{view_in(shown)}/statistics/"),
        look_for(visit, view=view_in(shown), search=HOSTILE[0]),
        look_for(visit, search=f'city = "{HOSTILE[0]}"'),
        look_for(visit, search=f"city {HOSTILE[1]}"),
        visit.submit("/conditions/row/", row),
        visit.submit("/conditions/row/", row | {"f-field": "city", "f-operator": "is"}),
    ):
        assert "alert(1)" in page.text
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
