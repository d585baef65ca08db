"""Who may do what: credentials, scopes, companies (SPEC section 13).

Wrong credentials count against the network address of whoever sends them: tests that send some
have a server of their own (`test_refused_credentials.py`).
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from regulars.domain.access.scopes import DEFAULT_SCOPES

if TYPE_CHECKING:
    import httpx

    from tests.running_server import RunningServer, Shop

PASSWORD = "a long pässword"
UPLOAD = "POST /api/customers/upload/"
READ = "GET /api/data/customers/"
LIST = "GET /api/imports/"
FOLLOW = "GET /api/imports/*/"
MAKE_TOKEN = "POST /api/access-tokens/"
MAKE_INTEGRATION = "POST /api/integrations/"


def make_user(shop: Shop, role: str) -> str:
    email = f"{role}@{shop.short_name}.example.org"
    shop.server.access.create_user(shop.short_name, email, role, PASSWORD, actor="test")
    return email


def make_token(shop: Shop, *scopes: str) -> httpx.Client:
    _, secret = shop.server.access.create_token(shop.short_name, "", scopes, actor="test")
    return shop.server.client(secret)


def basic(name: str, password: str) -> str:
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


def status(client: httpx.Client, scope: str, **options: Any) -> int:
    """The answer to a request that asks for nothing but permission."""
    method, path = scope.split()
    if method != "GET":
        options = {"json": {"customers": [], **token_body(MAKE_TOKEN)}, **options}
    return client.request(method, path.replace("*", "0000000000000000"), **options).status_code


def token_body(*scopes: str) -> dict[str, Any]:
    return {"scopes": [dict(zip(("method", "path"), each.split(), strict=True)) for each in scopes]}


def allowed(client: httpx.Client, **options: Any) -> set[str]:
    scopes = (UPLOAD, READ, LIST, FOLLOW, MAKE_TOKEN, MAKE_INTEGRATION)
    found = {scope: status(client, scope, **options) for scope in scopes}
    assert set(found.values()) <= {200, 400, 403, 404}, found
    return {scope for scope, answer in found.items() if answer != 403}


# Forms of credentials


@pytest.mark.parametrize("form", ["Bearer {}", "Token {}", "bearer {}", "TOKEN  {}"])
def test_a_token_comes_as_bearer_or_token(busy_shop: Shop, form: str) -> None:
    headers = {"Authorization": form.format(busy_shop.token)}
    assert status(busy_shop.server.client(), READ, headers=headers) == 200


@pytest.mark.parametrize("pair", [("anyone", "{}"), ("", "{}"), ("{}", "")])
def test_a_token_comes_as_password_under_any_name_or_as_name_without_password(
    busy_shop: Shop, pair: tuple[str, str]
) -> None:
    header = basic(*(part.format(busy_shop.token) for part in pair))
    assert status(busy_shop.server.client(), READ, headers={"Authorization": header}) == 200


def test_a_token_comes_as_password_under_the_address_of_a_user(shop: Shop) -> None:
    header = basic(make_user(shop, "viewer"), shop.token)
    assert status(shop.server.client(), UPLOAD, headers={"Authorization": header}) == 200


def test_a_user_comes_with_address_and_password(shop: Shop) -> None:
    email = make_user(shop, "viewer")
    for name in (email, email.upper()):
        header = basic(name, PASSWORD)
        assert status(shop.server.client(), READ, headers={"Authorization": header}) == 200


# Scopes


def test_a_token_without_scopes_uploads_reads_and_follows_imports_and_nothing_else(
    shop: Shop,
) -> None:
    assert allowed(shop.http) == {UPLOAD, READ, LIST, FOLLOW}


@pytest.mark.parametrize("scope", [READ, LIST, FOLLOW, MAKE_TOKEN, MAKE_INTEGRATION])
def test_a_scope_allows_its_method_and_path_and_nothing_else(busy_shop: Shop, scope: str) -> None:
    assert allowed(make_token(busy_shop, scope)) == {scope}


def test_a_scope_counts_neither_the_last_slash_nor_the_case_of_its_method(busy_shop: Shop) -> None:
    client = make_token(busy_shop, "get /api/data/customers")
    assert client.get("/api/data/customers/").status_code == 200
    assert client.get("/api/data/customers").status_code == 200


def test_a_scope_for_one_method_is_none_for_another(busy_shop: Shop) -> None:
    client = make_token(busy_shop, "PUT /api/customers/upload/")
    assert client.put("/api/customers/upload/", json=[]).status_code == 200
    assert client.post("/api/customers/upload/", json=[]).status_code == 403


def test_a_star_stands_for_one_part_of_the_path(shop: Shop) -> None:
    report = shop.upload({"external_id": "1"})
    client = make_token(shop, "GET /api/*/*/")
    assert client.get(report["url"]).status_code == 200
    assert client.get("/api/data/customers/").status_code == 200
    assert client.get("/api/imports/").status_code == 403


@pytest.mark.parametrize("path", ["/api//data/customers/", "/api/data/../data/customers/"])
def test_no_other_spelling_of_a_path_gets_around_a_scope(busy_shop: Shop, path: str) -> None:
    client = make_token(busy_shop, UPLOAD)
    assert client.get(path).status_code in (403, 404)


def test_an_upload_only_token_follows_its_own_imports_and_no_others(shop: Shop) -> None:
    client = make_token(shop, UPLOAD)
    own = client.post("/api/customers/upload/", json=[{"external_id": "1"}]).json()["import"]
    others = shop.upload({"external_id": "2"})
    assert client.get(own["url"]).status_code == 200
    assert client.get(others["url"]).status_code == 404
    assert client.get("/api/imports/").status_code == 403
    assert client.get("/api/data/customers/").status_code == 403


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        ("viewer", {READ, LIST, FOLLOW}),
        ("planner", {UPLOAD, READ, LIST, FOLLOW}),
        ("admin", {UPLOAD, READ, LIST, FOLLOW, MAKE_TOKEN, MAKE_INTEGRATION}),
    ],
)
def test_a_role_says_what_a_user_may(shop: Shop, role: str, scopes: set[str]) -> None:
    assert allowed(shop.server.client(), auth=(make_user(shop, role), PASSWORD)) == scopes


# Making tokens and integrations


def test_a_token_is_made_and_its_secret_shown_once(shop: Shop) -> None:
    email = make_user(shop, "admin")
    body = {"name": "nightly", "scopes": [{"method": "POST", "path": "/api/customers/upload/"}]}
    reply = shop.server.client().post("/api/access-tokens/", json=body, auth=(email, PASSWORD))
    assert reply.status_code == 200
    made = reply.json()["access_token"]
    assert made["name"] == "nightly"
    assert made["scopes"] == body["scopes"]
    assert made["created_by"] == made["owner_id"] == f"user:{email}"
    assert made["token"] not in str(
        shop.server.access.load_tokens(shop.short_name)  # only its hash is kept
    )
    assert made["hint"] != made["token"]
    assert allowed(shop.server.client(made["token"])) == {UPLOAD, FOLLOW}


@pytest.mark.parametrize("options", [{}, {"json": {}}, {"json": {"name": "x", "scopes": []}}])
def test_a_token_made_without_scopes_has_the_default_ones(
    shop: Shop, options: dict[str, Any]
) -> None:
    reply = shop.server.client().post(
        "/api/access-tokens/", auth=(make_user(shop, "admin"), PASSWORD), **options
    )
    assert reply.status_code == 200, reply.text
    client = shop.server.client(reply.json()["access_token"]["token"])
    assert allowed(client) == {UPLOAD, READ, LIST, FOLLOW}


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ((MAKE_TOKEN,), (UPLOAD,)),
        ((MAKE_TOKEN,), ()),
        ((MAKE_TOKEN, UPLOAD), (UPLOAD, READ)),
        ((MAKE_TOKEN, "GET /api/imports/1/"), (FOLLOW,)),
        ((MAKE_TOKEN, FOLLOW), ("GET /api/*/*/",)),
        ((MAKE_TOKEN, UPLOAD), (FOLLOW,)),
    ],
)
def test_no_token_grants_what_it_lacks(
    busy_shop: Shop, held: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    reply = make_token(busy_shop, *held).post("/api/access-tokens/", json=token_body(*wanted))
    assert reply.status_code == 403


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ((MAKE_TOKEN, UPLOAD), (UPLOAD,)),
        ((MAKE_TOKEN, FOLLOW), ("GET /api/imports/1/",)),
        ((MAKE_TOKEN,), (MAKE_TOKEN,)),
    ],
)
def test_a_token_grants_what_it_has(
    busy_shop: Shop, held: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    reply = make_token(busy_shop, *held).post("/api/access-tokens/", json=token_body(*wanted))
    assert reply.status_code == 200, reply.text


def test_a_token_is_made_for_an_integration(shop: Shop) -> None:
    admin = (make_user(shop, "admin"), PASSWORD)
    client = shop.server.client()
    body = {"integration_name": "webshop", "parameters": {"name": "Till", "description": "d"}}
    reply = client.post("/api/integrations/", json=body, auth=admin)
    assert reply.status_code == 200
    integration = reply.json()["integration"]
    assert (integration["name"], integration["description"]) == ("Till", "d")
    assert integration["enabled"] is True
    owner = f"integrations/{integration['id']}"
    made = client.post("/api/access-tokens/", json={"owner_id": owner}, auth=admin)
    assert made.json()["access_token"]["owner_id"] == owner


def test_no_token_is_made_for_another_companys_integration(
    server: RunningServer, shop: Shop
) -> None:
    other = server.access.create_integration(
        server.make_shop().short_name, "Till", "", actor="test"
    )
    admin = (make_user(shop, "admin"), PASSWORD)
    for owner in (f"integrations/{other.id}", "integrations/none"):
        reply = server.client().post("/api/access-tokens/", json={"owner_id": owner}, auth=admin)
        assert reply.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"scopes":"all"}',
        b'{"scopes":[{"method":"GET"}]}',
        b'{"scopes":[{"method":"BREW","path":"/api/imports/"}]}',
        b'{"scopes":[{"method":"GET","path":"/healthz"}]}',
        b'{"scopes":[{"method":"GET","path":"/api/imports/?limit=1"}]}',
        b'{"name":"' + b"a" * 201 + b'"}',
        b'{"owner_id":"user:somebody@example.org"}',
    ],
)
def test_a_token_of_an_unreadable_body_is_not_made(busy_shop: Shop, body: bytes) -> None:
    client = make_token(busy_shop, MAKE_TOKEN, *DEFAULT_SCOPES)
    before = busy_shop.server.access.load_tokens(busy_shop.short_name)
    reply = client.post(
        "/api/access-tokens/", content=body, headers={"Content-Type": "application/json"}
    )
    assert reply.status_code == 400
    assert busy_shop.server.access.load_tokens(busy_shop.short_name) == before


# Companies


def test_one_company_cannot_reach_another_by_id_host_header_or_path(
    server: RunningServer, shop: Shop
) -> None:
    other = server.make_shop()
    report = other.upload({"external_id": "1", "email": "aino@example.org"})
    name = other.short_name
    for headers in (
        {},
        {"Host": f"{name}.example.org"},
        {"X-Company": name},
        {"X-Forwarded-Host": f"{name}.example.org"},
    ):
        assert shop.http.get(report["url"], headers=headers).status_code == 404
        for query in ("", "?external_id=1", "?email=aino@example.org"):
            reply = shop.http.get(f"/api/data/customers/{query}", headers=headers)
            assert reply.json() == {"customers": [], "count": 0}
    # That is a field of customers.
    assert shop.http.get(f"/api/data/customers/?company={name}").json()["count"] == 0
    assert shop.http.get(f"/{name}/api/data/customers/").status_code == 404


def test_the_same_external_id_is_another_customer_in_each_company(
    server: RunningServer, shop: Shop
) -> None:
    other = server.make_shop()
    assert other.upload({"external_id": "1", "city": "Oulu"})["created"] == 1
    assert shop.upload({"external_id": "1", "city": "Turku"})["created"] == 1
    assert shop.upload({"external_id": "1", "is_deleted": True})["updated"] == 1
    assert [customer["city"] for customer in other.customers()] == ["Oulu"]
