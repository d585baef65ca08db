"""An import can be cancelled: waiting, running, planned or held (SPEC section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from regulars.services.imports import Imports
from tests.api.large_import import (
    RECORDS,
    halted_halfway,
    history_of,
    register_of,
    send_in_background,
)

if TYPE_CHECKING:
    import httpx

    from tests.running_server import RunningServer, Shop

PASSWORD = "a long password"


def cancel(client: httpx.Client, import_id: str) -> httpx.Response:
    return client.post(f"/api/imports/{import_id}/cancel/")


def newest(shop: Shop) -> dict[str, Any]:
    report: dict[str, Any] = shop.http.get("/api/imports/").json()["imports"][0]
    return report


def send_waiting(shop: Shop, records: int = 1) -> str:
    """Upload behind an import that runs; gives the id."""
    body = b"\n".join(b'{"external_id":"late%d"}' % n for n in range(records))
    with shop.server.client(shop.token) as client:
        client.timeout = 60
        reply = client.post(
            "/api/customers/upload/", content=body,
            headers={"Content-Type": "application/x-ndjson"},
        )  # fmt: skip
    report = reply.json()["import"]
    assert report["status"] == "queued"
    return str(report["id"])


@pytest.mark.parametrize("records", [1, 5_000], ids=["small", "spooled"])
def test_an_import_that_waits_never_starts(shop: Shop, records: int) -> None:
    with register_of(shop).store.lock():
        import_id = send_waiting(shop, records)
        reply = cancel(shop.http, import_id)
        assert reply.status_code == 200
        assert reply.json()["import"]["status"] == "cancelled"
        assert reply.json()["import"]["records"] == 0
        with pytest.raises(FileNotFoundError):
            register_of(shop).store.open_spool(import_id)
        following = shop.server.installation.store.line.next_import(shop.short_name)
        assert following is not None
        assert following.body is None
        assert cancel(shop.http, import_id).status_code == 409
    assert shop.upload({"external_id": "after"})["status"] == "done"
    report = shop.http.get(f"/api/imports/{import_id}/").json()["import"]
    assert (report["status"], report["records"]) == ("cancelled", 0)
    assert (report["started_at"], report["ended_at"] is None) == (None, False)
    assert [each["external_id"] for each in shop.customers()] == ["after"]
    assert cancel(shop.http, import_id).status_code == 409


def test_an_import_that_runs_stops_after_its_batch(shop: Shop) -> None:
    sender = send_in_background(shop)
    with halted_halfway(shop):
        import_id = newest(shop)["id"]
        reply = cancel(shop.http, import_id)
    sender.join()
    report = shop.wait(reply.json()["import"])
    assert report["status"] == "cancelled"
    assert 0 < report["records"] < RECORDS
    assert len(history_of(shop)) == report["created"] + report["updated"]
    assert shop.upload({"external_id": "after"})["status"] == "done"
    with pytest.raises(FileNotFoundError):
        register_of(shop).store.open_spool(import_id)


def test_an_import_that_has_ended_is_a_conflict(shop: Shop) -> None:
    report = shop.upload({"external_id": "1"})
    reply = cancel(shop.http, report["id"])
    assert reply.status_code == 409
    assert "done" in reply.json()["error"]["reason"]


def test_there_is_nothing_to_cancel_where_there_is_no_import(
    server: RunningServer, shop: Shop
) -> None:
    assert cancel(shop.http, "0" * 16).status_code == 404
    report = shop.upload({"external_id": "1"})
    assert cancel(server.make_shop().http, report["id"]).status_code == 404


def test_whoever_may_upload_cancels_what_they_made_and_an_admin_all(
    server: RunningServer, shop: Shop
) -> None:
    _, secret = server.access.create_token(shop.short_name, "other", actor="test")
    _, reader = server.access.create_token(
        shop.short_name, "reader", ["GET /api/imports/*/"], actor="test"
    )
    email = f"admin@{shop.short_name}.example.org"
    server.access.create_user(shop.short_name, email, "admin", PASSWORD, actor="test")
    admin = server.client()
    admin.auth = (email, PASSWORD)
    with register_of(shop).store.lock():
        first, second = send_waiting(shop), send_waiting(shop)
        assert cancel(server.client(secret), first).status_code == 403
        assert cancel(server.client(reader), first).status_code == 403
        assert cancel(shop.http, first).status_code == 200
        assert cancel(admin, second).status_code == 200
    assert shop.upload({"external_id": "after"})["status"] == "done"
    assert len(shop.customers()) == 1


def test_the_command_cancels(server: RunningServer, shop: Shop) -> None:
    with register_of(shop).store.lock():
        import_id = send_waiting(shop)
        ended = server.regulars("imports", "cancel", shop.short_name, import_id)
        assert (ended.status, ended.output) == (0, f"import {import_id} cancelled\n")
        again = server.regulars("imports", "cancel", shop.short_name, import_id)
        assert again.status == 1
        assert "cancelled already" in again.errors


# Planned


def plan(shop: Shop) -> str:
    reply = shop.http.post("/api/customers/upload/?dry_run=true", json=[{"external_id": "1"}])
    report = shop.wait(reply.json()["import"])
    assert report["status"] == "planned"
    return str(report["id"])


def test_a_plan_is_dropped(shop: Shop) -> None:
    import_id = plan(shop)
    reply = cancel(shop.http, import_id)
    assert (reply.status_code, reply.json()["import"]["status"]) == (200, "cancelled")
    assert shop.http.post(f"/api/imports/{import_id}/apply/").status_code == 409
    assert cancel(shop.http, import_id).status_code == 409
    with pytest.raises(FileNotFoundError):
        register_of(shop).store.open_spool(import_id)


def test_a_plan_that_waits_to_be_applied_never_is(shop: Shop) -> None:
    import_id = plan(shop)
    register = register_of(shop)
    imports = Imports(shop.server.installation)
    with register.store.lock():
        queued = msgspec.structs.replace(
            imports.acceptance.new_import(
                register, imports.find(register, import_id).options, 2, "test", is_spooled=True
            ),
            id=import_id,
            step="apply",
        )
        shop.server.installation.store.line.enqueue_import(queued)
        reply = cancel(shop.http, import_id)
        assert (reply.status_code, reply.json()["import"]["status"]) == (200, "cancelled")
    assert shop.upload({"external_id": "after"})["status"] == "done"
    report = shop.http.get(f"/api/imports/{import_id}/").json()["import"]
    assert report["status"] == "cancelled"
    assert [each["external_id"] for each in shop.customers()] == ["after"]
