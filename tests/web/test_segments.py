"""The pages of segments: what they show, to whom, and what a planner does with a segment there."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import httpx
import pytest

from regulars.services.segments import Segments
from regulars.web.trend_chart import draw_trend

if TYPE_CHECKING:
    from regulars.store.contract.segments import Segment
    from tests.site import Site, Visit

MARKUP = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>')


def save(site: Site, name: str, condition: str) -> Segment:
    """A segment made behind the back of the pages."""
    register = site.server.installation.open_register(site.shop.short_name)
    return Segments(site.server.installation).save(register, name, condition, actor="user:a@b.fi")


def text_of(page: str) -> str:
    """What a page says, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def address_of(page: str, name: str) -> str:
    """The address that a link of that name leads to."""
    found = re.search(rf'href="(/segments/\d+/)">{re.escape(name)}<', page)
    assert found is not None, page
    return found[1]


def test_the_list_shows_every_segment_with_what_it_holds_and_whom_it_reaches(visit: Visit) -> None:
    page = visit.get("/segments/").text
    for name in ("VIPs", "Newsletter", "Gone quiet"):
        assert address_of(page, name)
    # A busy machine may not have counted all of them in time: then a row asks for itself.
    newsletter = visit.get(f"{address_of(page, 'Newsletter')}row/").text
    cells = re.findall(r'<td class="number">(.*?)</td>', newsletter)
    numbers = [int(text_of(each)) for each in cells]
    assert len(numbers) == 5
    assert numbers[0] > 0
    assert numbers[1] == numbers[0], "all of them may be written to"
    assert "Customers where Mailing lists has any of “newsletter”" in text_of(newsletter)


def test_without_segments_the_list_says_what_to_do(own_site: Site) -> None:
    assert "/segments/new/" in own_site.sign_in("planner").get("/segments/").text
    page = own_site.sign_in("viewer").get("/segments/").text
    assert "No segments yet" in page
    assert "/segments/new/" not in page


def test_more_segments_than_a_page_holds_are_on_the_next(own_site: Site) -> None:
    for number in range(51):
        save(own_site, f"Segment {number:02}", "city is set")
    planner = own_site.sign_in("planner")
    first, second = (planner.get(f"/segments/?page={number}").text for number in (1, 99))
    assert "Segment 49<" in first
    assert "Segment 50<" not in first
    assert "Segment 50<" in second
    assert "page 2 of 2" in second


def test_a_segment_shows_its_condition_its_figures_and_its_versions(own_site: Site) -> None:
    own_site.shop.upload(
        {"external_id": "1", "email": "a@example.org", "can_email": True, "city": "Turku"},
        {"external_id": "2", "city": "Turku"},
        {"external_id": "3"},
    )
    segment = save(own_site, "Turku", "city = Turku")
    save(own_site, "Turku", 'city = "Turku" and is_deleted = false')
    save(own_site, "Others", 'not segment "turku"')
    page = text_of(own_site.sign_in("viewer").get(f"/segments/{segment.id}/").text)
    assert "Customers now 2 67 % of all" in page
    assert "Reached by E-mail 1 50 %" in page
    assert "Used by Others" in page
    assert "Version 2" in page
    assert "Version 1" in page
    assert "by a@b.fi" in page


def test_a_segment_tells_who_its_customers_are(own_site: Site) -> None:
    own_site.shop.upload(
        {"external_id": "1", "country": "FI", "tags": ["vip"], "can_email": True},
        {"external_id": "2", "country": "FI"},
        {"external_id": "3", "country": "SE", "tags": [MARKUP[0]]},
        {"external_id": "4", "country": "FI", "is_deleted": True},
    )
    segment = save(own_site, "Some", "country is set")
    viewer = own_site.sign_in("viewer")
    address = f"/segments/{segment.id}/statistics/"
    page = viewer.get(address).text
    said = text_of(page)
    assert "Finland 2 67 %" in said
    assert "Sweden 1 33 %" in said
    assert "E-mail permission 1 33 %" in said
    assert "vip 1 33 %" in said
    assert MARKUP[0] not in page
    fragment = viewer.get(address, headers={"HX-Request": "true"}).text
    assert fragment.lstrip().startswith('<div id="statistics"')


def test_two_segments_are_compared_in_numbers(own_site: Site) -> None:
    own_site.shop.upload(
        {"external_id": "1", "city": "Turku", "tags": ["vip"]},
        {"external_id": "2", "city": "Turku"},
        {"external_id": "3", "tags": ["vip"]},
        {"external_id": "4", "tags": ["vip"]},
    )
    one = save(own_site, "Turku", "city = Turku")
    other = save(own_site, "VIPs", "tags has any (vip)")
    viewer = own_site.sign_in("viewer")
    page = text_of(viewer.get(f"/segments/{one.id}/?other={other.id}").text)
    assert "Only in Turku 1 25 % In both 1 25 % Only in VIPs 2 50 %" in page
    fragment = viewer.get(
        f"/segments/{one.id}/?other={other.id}", headers={"HX-Request": "true"}
    ).text
    assert fragment.lstrip().startswith('<div id="overlap"')


def test_a_page_tells_why_a_customer_is_in_a_segment(own_site: Site) -> None:
    own_site.shop.upload(
        {"external_id": "1", "email": "ann@example.org", "first_name": "Ann", "city": "Turku",
         "tags": ["vip", "new"]},
    )  # fmt: skip
    inner = save(own_site, "VIPs", "tags has any (vip)")
    segment = save(
        own_site, "Some", '(city = Oulu or segment "VIPs") and not birth_date in last 9 days'
    )
    viewer = own_site.sign_in("viewer")
    page = viewer.submit(f"/segments/{segment.id}/why/", {"customer": "ANN@example.org"}).text
    said = text_of(page)
    assert "Ann In the segment" in said
    assert "No City is “Oulu” found: Turku" in said
    assert "Yes In the segment “VIPs” Yes Tags has any of “vip” found: vip, new" in said
    assert "No Birth date is in the last 9 days found: not set" in said
    assert inner.id != segment.id
    nobody = viewer.submit(f"/segments/{segment.id}/why/", {"customer": "bo@example.org"}).text
    assert "No customer has this identifier" in nobody


def test_the_customers_of_a_segment_are_exported_and_the_audit_log_says_so(own_site: Site) -> None:
    own_site.shop.upload(
        {"external_id": "1", "city": "=cmd()"}, {"external_id": "2"}, {"external_id": "3"}
    )
    segment = save(own_site, "Some", "city is set or external_id = 3")
    reply = own_site.sign_in("planner").get(f"/segments/{segment.id}/export/")
    assert reply.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert [each["external_id"] for each in rows] == ["1", "3"]
    assert not rows[0]["city"].startswith("="), "a spreadsheet would run it"


def test_a_segment_is_renamed_and_what_uses_it_follows(own_site: Site) -> None:
    segment = save(own_site, "VIPs", "tags has any (vip)")
    save(own_site, "Taken", "city is set")
    user = save(own_site, "User", 'segment "VIPs"')
    planner = own_site.sign_in("planner")
    rename = f"/segments/{segment.id}/rename/"
    assert (
        planner.submit(rename, {"name": "Best"}).headers["location"] == f"/segments/{segment.id}/"
    )
    assert "segment &#34;Best&#34;" in planner.get(f"/segments/{user.id}/").text
    taken = planner.submit(rename, {"name": "TAKEN"})
    assert taken.status_code == 409
    assert "Another segment has this name" in taken.text
    assert planner.submit(rename, {"name": " "}).status_code == 400


def test_a_segment_that_another_one_uses_is_not_deleted_and_the_page_says_why(
    own_site: Site,
) -> None:
    segment = save(own_site, "VIPs", "tags has any (vip)")
    user = save(own_site, "User", 'segment "VIPs"')
    planner = own_site.sign_in("planner")
    refused = planner.submit(f"/segments/{segment.id}/delete/", {"version": "1"})
    assert refused.status_code == 409
    assert "other segments use it" in refused.text
    assert address_of(refused.text, "User") == f"/segments/{user.id}/"
    save(own_site, "User", "city is set")
    stale = planner.submit(f"/segments/{user.id}/delete/", {"version": "1"})
    assert stale.status_code == 409
    assert "somebody has changed it" in stale.text
    deleted = planner.submit(f"/segments/{segment.id}/delete/", {"version": "1"})
    assert deleted.headers["location"] == "/segments/"
    assert planner.get(f"/segments/{segment.id}/").status_code == 404


def test_a_segment_that_does_not_fit_the_fields_any_more_says_so(own_site: Site) -> None:
    planner = own_site.sign_in("planner")
    prefix = own_site.shop.prefix
    own_site.shop.upload({"external_id": "1", f"{prefix}level": "7"})
    segment = save(own_site, "Levels", f"{prefix}level contains x")
    declared = own_site.server.regulars(
        "field", "declare", own_site.shop.short_name, "level", "integer"
    )
    assert declared.status == 0, declared.errors
    page = planner.get(f"/segments/{segment.id}/")
    assert "cannot be counted" in page.text
    assert "Cannot be counted" in planner.get("/segments/").text
    assert planner.submit(f"/segments/{segment.id}/why/", {"customer": "1"}).status_code == 200


@pytest.mark.parametrize("action", ["rename", "delete"])
def test_a_viewer_changes_nothing(own_site: Site, action: str) -> None:
    segment = save(own_site, "VIPs", "tags has any (vip)")
    viewer = own_site.sign_in("viewer")
    page = viewer.get(f"/segments/{segment.id}/").text
    assert f"/{action}/" not in page
    assert "/edit/" not in page
    refused = viewer.submit(f"/segments/{segment.id}/{action}/", {"name": "x", "version": "1"})
    assert refused.status_code == 403


def test_nobody_sees_a_segment_of_another_company(own_site: Site, planner: Visit) -> None:
    segment = save(own_site, "Own", "city = Nowhere")
    theirs = planner.get(f"/segments/{segment.id}/")
    assert "Nowhere" not in theirs.text


@pytest.mark.parametrize("markup", MARKUP)
def test_text_is_never_taken_for_markup(own_site: Site, markup: str) -> None:
    quoted = markup.replace("\\", "\\\\").replace('"', '\\"')
    own_site.shop.upload({"external_id": "1", "first_name": markup, "city": markup})
    segment = save(own_site, markup, f'city = "{quoted}"')
    other = save(own_site, f"other {markup}", f'segment "{quoted}"')
    planner = own_site.sign_in("planner")
    pages: list[httpx.Response] = [
        planner.get("/segments/"),
        planner.get(f"/segments/{segment.id}/?other={other.id}"),
        planner.get(f"/segments/{segment.id}/row/"),
        planner.submit(f"/segments/{other.id}/why/", {"customer": "1"}),
        planner.submit(f"/segments/{other.id}/why/", {"customer": markup}),
        planner.submit(f"/segments/{other.id}/rename/", {"name": markup}),
    ]
    for page in pages:
        assert "alert(1)" in page.text
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


def test_a_line_is_drawn_through_days_and_broken_where_none_was_counted() -> None:
    chart = draw_trend(
        [(date(2026, 1, day), number) for day, number in ((1, 10), (2, 20), (5, 15), (6, 10))]
    )
    assert chart is not None
    assert chart.lines == ["0.00,37.00 20.00,3.00", "80.00,20.00 100.00,37.00"]
    assert (chart.lowest, chart.highest, chart.change) == (10, 20, 0)
    alone = draw_trend([(date(2026, 1, 1), 7)])
    assert alone is not None
    assert alone.lines == ["100.00,20.00 100.00,20.00"]
    assert draw_trend([]) is None


def test_the_customers_of_a_segment_are_shown_on_their_page(own_site: Site) -> None:
    own_site.shop.upload(
        {"external_id": "1", "last_name": "Virta", "city": "Turku"},
        {"external_id": "2", "last_name": "Aalto", "city": "Oulu"},
    )
    own_site.settle()
    register = own_site.server.installation.open_register(own_site.shop.short_name)
    segments = Segments(own_site.server.installation)
    segment = segments.save(register, 'In "Turku"', "city = Turku", actor="test")
    viewer = own_site.sign_in("viewer")
    reply = viewer.submit(f"/segments/{segment.id}/customers/")
    assert reply.status_code == 303
    assert "Turku" not in reply.headers["location"]
    page = viewer.get(reply.headers["location"]).text
    assert "Virta" in page
    assert "Aalto" not in page
