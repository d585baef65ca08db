"""Who may look at segments, and who may change them (SPEC section 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.api.segment_client import SegmentClient

if TYPE_CHECKING:
    from tests.running_server import RunningServer

PASSWORD = "a long password"
LOOKING = [
    "/api/segments/",
    "/api/segments/vips/",
    "/api/segments/vips/count/",
    "/api/segments/vips/customers/",
    "/api/segments/vips/statistics/",
    "/api/segments/vips/trend/",
    "/api/segments/vips/overlap/?with=vips",
]


@pytest.fixture(scope="module")
def segments(server: RunningServer) -> SegmentClient:
    client = SegmentClient(server.make_shop())
    client.made("vips", "tags has any (vip)")
    return client


def looks(http: httpx.Client) -> set[int]:
    return {http.get(path).status_code for path in LOOKING}


def changes(http: httpx.Client) -> set[int]:
    body = {"where": "city = Turku"}
    return {
        http.post("/api/segments/", json={"name": "new", **body}).status_code,
        http.put("/api/segments/new/", json=body).status_code,
        http.delete("/api/segments/new/").status_code,
    }


@pytest.mark.parametrize(
    ("role", "changed"),
    [("viewer", {403}), ("planner", {201, 200, 204}), ("admin", {201, 200, 204})],
)
def test_viewers_look_and_planners_and_admins_change(
    segments: SegmentClient, role: str, changed: set[int]
) -> None:
    shop = segments.shop
    email = f"{role}@{shop.short_name}.example.org"
    shop.server.access.create_user(shop.short_name, email, role, PASSWORD, actor="test")
    http = shop.server.client()
    http.auth = httpx.BasicAuth(email, PASSWORD)
    assert looks(http) == {200}
    assert changes(http) == changed


def test_a_token_needs_a_scope(segments: SegmentClient) -> None:
    shop = segments.shop
    assert looks(shop.http) == {403}
    assert changes(shop.http) == {403}
    scopes = ["GET /api/segments/*/count/"]
    _, secret = shop.server.access.create_token(shop.short_name, "", scopes, actor="test")
    http = shop.server.client(secret)
    assert [http.get(path).status_code for path in LOOKING] == [403, 403, 200, 403, 403, 403, 403]


def test_no_segment_of_another_company_is_seen_or_touched(segments: SegmentClient) -> None:
    other = SegmentClient(segments.shop.server.make_shop())
    assert other.names() == []
    assert [other.http.get(path).status_code for path in LOOKING[1:]] == [404] * 6
    assert other.delete("vips").status_code == 404
    assert other.put("vips", name="mine").status_code == 404
    other.made("vips", "city = Oulu")
    assert segments.get("vips").json()["segment"]["where"] == "tags has any (vip)"
