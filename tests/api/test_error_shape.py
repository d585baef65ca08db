"""Every error body has the one shape, on every route and for every way to fail (SPEC section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_server import RunningServer, Shop

ROUTES = {
    "/api/customers/upload/": {"POST", "PUT"},
    "/api/data/customers/": {"GET"},
    "/api/conditions/count/": {"POST"},
    "/api/conditions/explain/": {"POST"},
    "/api/conditions/why/": {"POST"},
    "/api/imports/": {"GET"},
    "/api/imports/0000000000000000/": {"GET"},
    "/api/imports/0000000000000000/problems/": {"GET"},
    "/api/imports/0000000000000000/rejected/": {"GET"},
    "/api/imports/0000000000000000/apply/": {"POST"},
    "/api/imports/0000000000000000/release/": {"POST"},
    "/api/imports/0000000000000000/undo/": {"POST"},
    "/api/imports/0000000000000000/cancel/": {"POST"},
    "/api/segments/": {"GET", "POST"},
    "/api/segments/nobody/": {"GET", "PUT", "DELETE"},
    "/api/segments/nobody/count/": {"GET"},
    "/api/segments/nobody/customers/": {"GET"},
    "/api/segments/nobody/statistics/": {"GET"},
    "/api/segments/nobody/trend/": {"GET"},
    "/api/segments/nobody/overlap/": {"GET"},
    "/api/access-tokens/": {"POST"},
    "/api/integrations/": {"POST"},
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PASSWORD = "a long password"


@pytest.fixture(scope="module")
def small_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that takes bodies of 1,000 bytes."""
    data = tmp_path_factory.mktemp("small") / "data"
    with running_server(data, body_bytes="1000") as running:
        yield running


@pytest.fixture
def small_shop(small_server: RunningServer) -> Shop:
    return small_server.make_shop()


@pytest.fixture(scope="session")
def admin(busy_shop: Shop) -> httpx.Client:
    """A client of somebody who may do everything."""
    busy_shop.server.access.create_user(
        busy_shop.short_name, f"all@{busy_shop.short_name}.example.org", "admin", PASSWORD,
        actor="test",
    )  # fmt: skip
    client = busy_shop.server.client()
    client.auth = httpx.BasicAuth(f"all@{busy_shop.short_name}.example.org", PASSWORD)
    return client


def assert_error(reply: httpx.Response, *statuses: int) -> None:
    assert reply.status_code in statuses, reply.text
    assert reply.headers["Content-Type"].partition(";")[0] == "application/json"
    body = reply.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() <= {"reason", "import", "problems", "progress"}
    reason = body["error"]["reason"]
    assert isinstance(reason, str)
    assert reason.strip()
    assert "\n" not in reason
    if reply.status_code == 401:
        assert reply.headers["WWW-Authenticate"]
    if reply.status_code == 405:
        assert reply.headers["Allow"]
    if reply.status_code in (429, 503):
        assert int(reply.headers["Retry-After"]) > 0


every_route = pytest.mark.parametrize("path", sorted(ROUTES))


def test_the_routes_below_are_all_there_are(admin: httpx.Client) -> None:
    described = admin.get("/api/docs/openapi.json").json()["paths"]
    known = {
        route.rstrip("/").replace("0" * 16, "{import_id}").replace("nobody", "{name}")
        for route in ROUTES
    }
    assert described.keys() == known | {"/healthz"}


@every_route
@pytest.mark.parametrize("method", METHODS)
def test_without_credentials_every_route_answers_401(
    admin: httpx.Client, path: str, method: str
) -> None:
    assert_error(admin.request(method, path, auth=None), 401)


@every_route
@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_a_route_does_not_take_is_405(
    admin: httpx.Client, path: str, method: str
) -> None:
    if method not in ROUTES[path]:
        reply = admin.request(method, path)
        assert_error(reply, 405)
        assert ROUTES[path] <= set(reply.headers["Allow"].replace(" ", "").split(","))


@every_route
def test_every_route_refuses_an_unknown_parameter(admin: httpx.Client, path: str) -> None:
    for method in ROUTES[path]:
        reply = admin.request(method, path, params={"colour": "red"})
        # Whether there is such a segment may be asked first.
        assert_error(reply, 400, *([404] if "nobody" in path else []))


@every_route
@pytest.mark.parametrize("query", ["%", "&&&=", "limit=%ff", "=", "a=1;b=2", "%00=%00", "[]=1"])
def test_no_malformed_query_makes_the_server_fail(
    admin: httpx.Client, path: str, query: str
) -> None:
    for method in ROUTES[path]:
        reply = admin.request(method, httpx.URL(path).copy_with(query=query.encode()))
        if reply.status_code != 200:
            assert_error(reply, 400, 404, 415)


@every_route
@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data", "a/b; c", "/"])
def test_another_content_type_is_refused_or_makes_no_difference(
    admin: httpx.Client, path: str, content_type: str
) -> None:
    for method in ROUTES[path] - {"GET"}:
        reply = admin.request(method, path, content=b"{", headers={"Content-Type": content_type})
        assert_error(reply, 400, 404, 415)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/api/",
        "/nowhere",
        "/api/customers/",
        "/api/orders/upload/",
        "/api/imports/1/2/",
        "/api/data/customers/1/",
        "/api/%2e%2e/imports/",
        "/api/docs/nowhere",
        "/healthz/nowhere",
        "/" + "a" * 5000,
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_address_is_404(admin: httpx.Client, address: str, method: str) -> None:
    # Below /api/docs/ every address takes GET, if only to say that nothing is there.
    assert_error(admin.request(method, address), 404, *(() if method == "GET" else (405,)))


@pytest.mark.parametrize("address", ["/healthz", "/api/docs", "/api/docs/openapi.json"])
def test_open_addresses_answer_another_method_with_405(admin: httpx.Client, address: str) -> None:
    assert_error(admin.request("POST", address, auth=None), 405)


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("content_type", ["application/json", "application/x-ndjson"])
def test_a_body_over_the_limit_is_413_and_nothing_is_applied(
    small_shop: Shop, method: str, content_type: str
) -> None:
    body = b'{"external_id":"1"}\n' * 100

    def chunks() -> Iterator[bytes]:
        yield body[:900]
        yield body[900:]

    for content in (body, chunks()):
        reply = small_shop.http.request(
            method,
            "/api/customers/upload/",
            content=content,
            headers={"Content-Type": content_type},
        )
        assert_error(reply, 413)
    assert small_shop.customers() == []
    assert small_shop.http.get("/api/imports/").json()["imports"] == []


@pytest.mark.parametrize("path", ["/api/access-tokens/", "/api/integrations/"])
def test_too_large_a_body_is_413_elsewhere_too(small_shop: Shop, path: str) -> None:
    scope = f"POST {path}"
    _, secret = small_shop.server.access.create_token(
        small_shop.short_name, "", [scope], actor="test"
    )
    assert_error(small_shop.server.client(secret).post(path, content=b" " * 2000), 413)


def test_a_body_of_just_the_limit_is_taken(small_shop: Shop) -> None:
    body = b"[]".ljust(1000)
    assert small_shop.post_bytes(body).status_code == 200
    assert_error(small_shop.post_bytes(body + b" "), 413)


def test_a_token_that_may_not_is_403(busy_shop: Shop) -> None:
    assert_error(busy_shop.http.post("/api/access-tokens/"), 403)
