"""The page of customers over HTTP, as a browser without script meets it."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import TYPE_CHECKING

import pytest

from tests.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.running_server import RunningServer
    from tests.site import Visit

PLACE = re.compile(r"/customers/view/([0-9a-f]{32})/(?:\?[a-z0-9=&_-]*)?")
SCRIPT = {"HX-Request": "true"}
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>']


def look_for(visit: Visit, **form: str) -> httpx.Response:
    """Send the form; the page that it leads to."""
    return visit.get(address_of(visit, **form))


def address_of(visit: Visit, **form: str) -> str:
    reply = visit.submit("/customers/", form)
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]


def view_in(address: str) -> str:
    found = PLACE.fullmatch(address)
    assert found is not None, address
    return found[1]


def names(page: httpx.Response) -> list[str]:
    found = re.findall(r'<th scope="row"><a href="/customers/\d+/">(.*?)</a></th>', page.text)
    return [html.unescape(name) for name in found]


def ids(page: httpx.Response) -> list[int]:
    return [int(number) for number in re.findall(r'<a href="/customers/(\d+)/">', page.text)]


def chips(page: httpx.Response) -> list[str]:
    return [
        html.unescape(chip) for chip in re.findall(r'<li class="chip filter">(.*?)<', page.text)
    ]


def link(page: httpx.Response, text: str) -> str | None:
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{text}(?:<svg.*?</svg>)?</a>', page.text)
    return None if found is None else html.unescape(found[1])


@pytest.fixture(scope="module")
def shop_site(page_server: RunningServer) -> Iterator[Site]:
    """A company with a few customers, which tests leave as they are."""
    made = Site(page_server.make_shop())
    made.shop.upload(
        {"external_id": "A-1", "first_name": "Anna", "last_name": "Åström", "city": "Turku",
         "email": "anna@example.org", "phone_number": "040 123 4567", "country": "FI",
         "can_email": True, "tags": ["vip"], "mailing_lists": ["news"],
         "date_joined": "2026-02-03"},
        {"external_id": "B-2", "first_name": "Bo", "last_name": "Anna", "city": "Åbo",
         "country": "SE", "date_joined": "2026-01-03"},
        {"external_id": "C-3", "first_name": "Cia", "last_name": "Berg", "city": "=1+1",
         "country": "FI", "date_joined": "2025-11-03"},
    )  # fmt: skip
    yield made
    made.close()


@pytest.fixture(scope="module")
def shopper(shop_site: Site) -> Visit:
    return shop_site.sign_in("planner")


@pytest.fixture(scope="module")
def onlooker(shop_site: Site) -> Visit:
    """A viewer of the same company."""
    return shop_site.sign_in("viewer")


def test_all_customers_are_seen_page_by_page(planner: Visit) -> None:
    page = planner.get("/customers/")
    assert "<strong>300 customers</strong>" in page.text
    seen = ids(page)
    assert len(seen) == 50
    address = link(page, "Next")
    while address is not None:
        page = planner.get(address)
        seen += ids(page)
        address = link(page, "Next")
    assert len(seen) == len(set(seen)) == 300
    assert "251–300 of 300" in page.text
    back = planner.get(link(page, "Previous") or "")
    assert ids(back) == seen[200:250]


def test_a_sorted_table_is_paged_in_its_order(planner: Visit) -> None:
    page = planner.get(link(planner.get("/customers/"), "City") or "")
    assert 'aria-sort="ascending"' in page.text
    seen = ids(page)
    while (address := link(page, "Next")) is not None:
        page = planner.get(address)
        seen += ids(page)
    assert len(seen) == len(set(seen)) == 300
    assert "order=-city" in (link(page, "City") or "")
    assert planner.get("/customers/?order=tags").status_code == 400
    assert planner.get("/customers/?order=no_such_field").status_code == 400
    assert planner.get("/customers/?after=x").status_code == 400


def test_words_find_customers_and_stand_in_no_address(shop_site: Site, shopper: Visit) -> None:
    address = address_of(shopper, search="astrom TURKU")
    view_in(address)
    page = shopper.get(address)
    assert names(page) == ["Anna Åström"]
    assert 'value="astrom TURKU"' in page.text
    assert "astrom" not in shop_site.server.log.lower()


def test_a_view_can_be_sent_to_a_colleague_and_to_nobody_else(
    shopper: Visit, onlooker: Visit, planner: Visit
) -> None:
    address = address_of(shopper, search="country = FI and city is set")
    page = onlooker.get(address)
    assert names(page) == ["Anna Åström", "Cia Berg"]
    for each in (address, f"{address}statistics/", f"/customers/view/{'0' * 32}/"):
        assert planner.get(each).status_code == 404
    for form in ("/customers/", "/customers/export/", "/customers/segment/", "/customers/columns/"):
        reply = planner.submit(form, {"view": view_in(address), "name": "x"})
        assert reply.status_code == 404


def test_whoever_has_the_very_identifier_comes_first(shopper: Visit) -> None:
    assert names(look_for(shopper, search="anna")) == ["Anna Åström", "Bo Anna"]
    assert names(look_for(shopper, search="040 123-4567")) == ["Anna Åström"]
    assert names(look_for(shopper, search="b-2"))[0] == "Bo Anna"


def test_a_condition_is_shown_in_its_parts_each_of_which_can_go(shopper: Visit) -> None:
    address = address_of(shopper, search="country = FI and (city = Turku or tags has any (vip))")
    page = shopper.get(address)
    assert chips(page) == ["country is FI", "city is “Turku” or tags has any of “vip”"]
    assert names(page) == ["Anna Åström"]
    page = look_for(shopper, view=view_in(address), remove="search-1")
    assert chips(page) == ["country is FI"]
    assert 'value="country = FI"' in page.text
    assert names(page) == ["Anna Åström", "Cia Berg"]
    everyone = shopper.submit("/customers/", {"view": view_in(address), "step": "clear"})
    assert everyone.headers["location"] == "/customers/"


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("country = ", "The condition is not finished."),
        ("country FI", "<mark>FI</mark>"),
        ("country = XX", "<mark>XX</mark>"),
        ("cuntry = FI", "It could be <code>country</code>"),
        ('segment "gone"', "There is no such segment"),
        ("not anna", "The condition is not finished."),
        ("city = " + "x" * 21_000, "longer than 20,000 characters"),
    ],
)
def test_a_wrong_condition_says_where_and_never_means_everyone(
    shopper: Visit, search: str, said: str
) -> None:
    address = address_of(shopper, search=search)
    page = shopper.get(address)
    assert said in page.text
    assert names(page) == []
    assert "Search these words instead" in page.text
    assert shopper.submit("/customers/export/", {"view": view_in(address)}).status_code == 400
    # As words it finds nobody here, and says so.
    page = look_for(shopper, view=view_in(address), search=search, step="words")
    assert "Nobody is found" in page.text
    assert "Read it as a condition" in page.text


def test_words_that_look_like_a_condition_are_words_until_they_change(shopper: Visit) -> None:
    address = address_of(shopper, search="city åbo", step="words")
    again = address_of(shopper, view=view_in(address), search="city åbo")
    assert "Searched as words" in shopper.get(again).text
    changed = address_of(shopper, view=view_in(again), search="city = åbo")
    assert names(shopper.get(changed)) == ["Bo Anna"]


def test_a_filter_is_added_without_script_in_two_steps(shopper: Visit) -> None:
    page = shopper.submit("/customers/", {"step": "f-row", "f-field": "country"})
    assert page.status_code == 200
    assert "Finland" in page.text
    form = {"step": "add", "f-field": "country", "f-operator": "is", "f-value": "FI"}
    address = address_of(shopper, **form)
    assert chips(shopper.get(address)) == ["country is FI"]
    tags = {"step": "add", "f-field": "tags", "f-operator": "has_none", "f-more": "vip, x"}
    page = look_for(shopper, view=view_in(address), search="berg", **tags)
    assert chips(page) == ["country is FI", "tags has none of “vip” or “x”"]
    assert names(page) == ["Cia Berg"]
    assert 'value="berg"' in page.text


def test_a_filter_joins_the_condition_in_the_search_box(shopper: Visit) -> None:
    form = {"step": "add", "f-field": "date_joined", "f-operator": "at_least",
            "f-value": "2026-01-01"}  # fmt: skip
    page = look_for(shopper, search="country = FI", **form)
    assert 'value="country = FI and date_joined &gt;= 2026-01-01"' in page.text
    assert names(page) == ["Anna Åström"]


def test_a_filter_that_cannot_be_asked_is_told_at_its_inputs(shopper: Visit) -> None:
    form = {"step": "add", "f-field": "birth_date", "f-operator": "in_last", "f-days": "soon"}
    page = shopper.submit("/customers/", {"search": "anna", **form})
    assert page.status_code == 422
    assert "Days are a whole number" in page.text
    assert 'value="soon"' in page.text
    assert names(page) == ["Anna Åström", "Bo Anna"]


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
    shop_site: Site, shopper: Visit
) -> None:
    view = view_in(address_of(shopper, search="country = FI"))
    reply = shopper.submit("/customers/export/", {"view": view})
    assert reply.headers["content-disposition"] == 'attachment; filename="customers.csv"'
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [row["external_id"] for row in rows] == ["A-1", "C-3"]
    # No spreadsheet takes it for a formula.
    assert rows[1]["city"] == "'=1+1"
    store = shop_site.server.installation.open_register(shop_site.shop.short_name).store
    log = [(each.action, each.details) for each in store.load_audit_log()]
    assert log[-2:] == [("export:start", "customers by country"), ("export:end", "2 customers")]
    words = view_in(address_of(shopper, search="berg"))
    reply = shopper.submit("/customers/export/", {"view": words})
    assert reply.text.count("\r\n") == 2
    assert shopper.submit("/customers/export/").text.count("\r\n") == 4


def test_statistics_say_who_is_shown(shopper: Visit) -> None:
    address = address_of(shopper, search="country = FI")
    page = shopper.get(f"{address}statistics/")
    assert chips(page) == ["country is FI"]
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
