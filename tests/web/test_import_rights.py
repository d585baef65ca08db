"""Who may do what with files and imports in the browser; holds, plans, and the list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.web.import_forms import ODD, ended, send, send_well, start

if TYPE_CHECKING:
    from tests.site import Site, Visit


def test_a_file_is_its_company_s_alone_until_it_is_discarded(
    shop_site: Site, shop_planner: Visit, site: Site, planner: Visit
) -> None:
    address = send_well(shop_planner, ODD)
    assert shop_site.sign_in("admin").get(address).status_code == 200
    assert planner.get(address).status_code == 404
    assert planner.submit(address, {"do": "import"}).status_code == 404
    assert planner.submit(f"{address}discard/").status_code == 404
    assert site.sign_in("viewer").get(address).status_code == 403
    assert shop_planner.submit(f"{address}discard/").headers["location"] == "/imports/"
    assert shop_planner.get(address).status_code == 404


def test_viewers_see_the_list_and_reports_and_change_nothing(
    shop_site: Site, shop_planner: Visit
) -> None:
    report = start(shop_planner, send_well(shop_planner, ODD))
    viewer = shop_site.sign_in("viewer")
    listed = viewer.get("/imports/").text
    assert report in listed
    assert "/imports/new/" not in listed
    page = viewer.get(report).text
    assert "Download rejected records" in page
    assert "Undo it" not in page
    assert viewer.get(f"{report}rejected/").status_code == 200
    for action in ("undo", "apply", "cancel", "release", "restart"):
        assert viewer.submit(f"{report}{action}/").status_code == 403
    assert viewer.get("/imports/new/").status_code == 403
    assert send(viewer, ODD).status_code == 403


def test_an_import_of_another_company_is_not_there(shop_planner: Visit, planner: Visit) -> None:
    report = start(shop_planner, send_well(shop_planner, ODD))
    for part in ("", "rejected/", "problems/"):
        assert planner.get(f"{report}{part}").status_code == 404
    assert planner.submit(f"{report}undo/").status_code == 404


def test_a_held_import_says_why_and_an_admin_releases_it(own_site: Site) -> None:
    planner, admin = own_site.sign_in("planner"), own_site.sign_in("admin")
    rows = "".join(f"{n},same@example.org\n" for n in range(150))
    report = start(planner, send_well(planner, f"Customer number,E-mail\n{rows}".encode()))
    page = planner.get(report).text
    assert "150 records have one and the same e-mail address." in page
    assert "Release it" not in page
    assert planner.submit(f"{report}release/").status_code == 403
    assert "Release it" in admin.get(report).text
    assert ended(admin, admin.submit(f"{report}release/")) == report
    assert len(own_site.shop.customers()) == 150


def test_a_plan_that_has_moved_is_not_applied_and_a_plan_can_be_dropped(
    shop_site: Site, shop_planner: Visit
) -> None:
    shop_site.shop.upload({"external_id": "M-1", "city": "Oulu"})
    planned = start(shop_planner, send_well(shop_planner, ODD.replace(b"A-1", b"M-1")), "plan")
    shop_site.shop.upload({"external_id": "M-1", "city": "Turku"})
    reply = shop_planner.submit(f"{planned}apply/")
    assert reply.status_code == 409
    assert "Record 1: A customer that it means has changed since." in reply.text
    assert shop_planner.submit(f"{planned}cancel/").status_code == 303
    assert "It was cancelled" in shop_planner.get(planned).text
    assert shop_planner.submit(f"{planned}apply/").status_code == 409
    assert shop_planner.submit(f"{planned}restart/").status_code == 409


def test_the_list_goes_on_page_by_page(own_site: Site, own_planner: Visit) -> None:
    assert "No imports yet" in own_planner.get("/imports/").text
    for number in range(51):
        own_site.shop.upload({"external_id": str(number)})
    first = own_planner.get("/imports/").text
    assert first.count("<tr>") == 51
    older = re.search(r'href="(/imports/\?before=\d+)"', first)
    assert older is not None
    assert own_planner.get(older[1]).text.count("<tr>") == 2
    assert "Token " in first
    for before in ("0", "-5", str(2**70)):
        assert own_planner.get(f"/imports/?before={before}").status_code == 200
