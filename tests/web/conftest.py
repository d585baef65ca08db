"""One running server with a filled company, for all tests of pages that only look; and companies of
their own for tests that change something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running_server import running_server
from tests.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_server import RunningServer
    from tests.site import Visit


@pytest.fixture(scope="session")
def page_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server on SQLite: what differs between engines lies below the pages."""
    with running_server(tmp_path_factory.mktemp("pages")) as running:
        running.await_worker()
        yield running


@pytest.fixture(scope="session")
def site(page_server: RunningServer) -> Iterator[Site]:
    """A company with 300 customers, which tests leave as it is."""
    made = Site(page_server.make_shop(), customers=300)
    yield made
    made.close()


@pytest.fixture
def own_site(page_server: RunningServer) -> Iterator[Site]:
    """An empty company of this test alone."""
    made = Site(page_server.make_shop())
    yield made
    made.close()


@pytest.fixture
def admin(own_site: Site) -> Visit:
    """A visit of the admin of an own company."""
    return own_site.sign_in("admin")


@pytest.fixture(params=["admin", "planner", "viewer"])
def visit(request: pytest.FixtureRequest, site: Site) -> Visit:
    """A visit of a user of each role."""
    return site.sign_in(request.param)


@pytest.fixture
def planner(site: Site) -> Visit:
    """A planner's visit."""
    return site.sign_in("planner")


@pytest.fixture(scope="session")
def shop_site(page_server: RunningServer) -> Iterator[Site]:
    """A company for all tests here that need not be alone in it."""
    made = Site(page_server.make_shop())
    yield made
    made.close()


@pytest.fixture
def shop_planner(shop_site: Site) -> Visit:
    return shop_site.sign_in("planner")


@pytest.fixture
def own_planner(own_site: Site) -> Visit:
    return own_site.sign_in("planner")


@pytest.fixture(scope="session")
def searched_site(page_server: RunningServer) -> Iterator[Site]:
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


@pytest.fixture(scope="session")
def shopper(searched_site: Site) -> Visit:
    return searched_site.sign_in("planner")


@pytest.fixture(scope="session")
def onlooker(searched_site: Site) -> Visit:
    """A viewer of the same company."""
    return searched_site.sign_in("viewer")
