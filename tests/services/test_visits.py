"""Visits and views end by themselves, and what is left of them goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from regulars.app import open_installation
from regulars.services.access import Access
from regulars.services.customer_views import CustomerView, CustomerViews
from regulars.services.installation import Installation
from regulars.services.maintenance import Maintenance
from regulars.services.visits import Visits
from regulars.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "as long as it need be"
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_maintenance_takes_away_what_nobody_has_seen_for_long(tmp_path: Path) -> None:
    opened = open_installation(Settings(data=str(tmp_path)))
    clock = [NOON]
    installation = Installation(opened.store, opened.settings, b"k" * 32, lambda: clock[0])
    installation.create_company(
        "acme", name="Acme", timezone="Europe/Helsinki", country="FI", actor="test"
    )
    access = Access(installation)
    access.create_user("acme", "jane@example.org", "viewer", PASSWORD, actor="test")
    visits, views = Visits(installation, access), CustomerViews(installation)
    maintenance = Maintenance(installation)

    secret = visits.begin("jane@example.org", PASSWORD, "127.0.0.1")
    view_id = views.save(installation.open_register("acme"), CustomerView(search="Virta"))
    clock[0] += timedelta(hours=1)
    maintenance.maintain_installation()
    assert visits.find_user(secret) is not None
    assert installation.store.visits.find_view("acme", view_id) is not None

    clock[0] += timedelta(days=89)
    maintenance.maintain_installation()
    # It has ended: nothing is kept of it either.
    clock[0] = NOON + timedelta(hours=2)
    assert visits.find_user(secret) is None
    assert installation.store.visits.find_view("acme", view_id) is not None

    clock[0] = NOON + timedelta(days=91)
    maintenance.maintain_installation()
    assert installation.store.visits.find_view("acme", view_id) is None
    opened.close()
