"""`/api/docs/` and `/api/docs/openapi.json`: the API described, nothing loaded from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx

    from tests.running_server import RunningServer

UPLOAD = "/api/customers/upload"


class Elements(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action")]


@pytest.fixture
def client(server: RunningServer) -> httpx.Client:
    return server.client()


@pytest.fixture
def description(client: httpx.Client) -> dict[str, Any]:
    reply = client.get("/api/docs/openapi.json")
    assert reply.status_code == 200
    body: dict[str, Any] = reply.json()
    return body


def operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for path in description["paths"].values() for each in path.values()]


def follow(description: dict[str, Any], reference: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = description["components"]["schemas"]
    found: dict[str, Any] = schema[reference["$ref"].rpartition("/")[2]]
    return found


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/"])
def test_the_page_needs_no_sign_in(client: httpx.Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith("text/html")


def test_the_page_loads_nothing_from_elsewhere_and_runs_no_script(client: httpx.Client) -> None:
    reply = client.get("/api/docs/")
    page = Elements(reply.text)
    assert "script" not in page.tags
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in page.links)
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    for link in {link for link in page.links if link.startswith("/")}:
        assert client.get(link).status_code == 200


def test_the_stylesheet_loads_nothing_either(client: httpx.Client) -> None:
    reply = client.get("/api/docs/style.css")
    assert reply.headers["Content-Type"].startswith("text/css")
    assert not re.search(r"url\(|@import", reply.text)


def test_every_link_within_the_page_has_its_target(client: httpx.Client) -> None:
    text = client.get("/api/docs/").text
    targets = set(re.findall(r'id="([^"]+)"', text))
    assert {link[1:] for link in Elements(text).links if link.startswith("#")} <= targets


def test_every_route_stands_on_the_page_and_is_described(
    client: httpx.Client, description: dict[str, Any]
) -> None:
    text = client.get("/api/docs/").text
    for path, methods in description["paths"].items():
        assert f"<code>{path}" in text
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert operation["summary"] in text


def test_every_parameter_is_described(description: dict[str, Any]) -> None:
    parameters = [each for found in operations(description) for each in found.get("parameters", [])]
    assert [each["name"] for each in parameters if not each.get("description")] == []
    named = {each["name"] for each in parameters}
    assert named >= {"external_id", "email", "phone_number", "limit", "fields", "datetimes"}


def test_every_failure_is_described_as_the_one_shape(description: dict[str, Any]) -> None:
    for operation in operations(description):
        failures = {
            status: answer
            for status, answer in operation["responses"].items()
            if status.startswith(("4", "5"))
        }
        assert failures
        for answer in failures.values():
            (content,) = answer["content"].values()
            error = follow(
                description, follow(description, content["schema"])["properties"]["error"]
            )
            assert error["required"] == ["reason"]


def test_the_upload_takes_json_and_ndjson_by_post_and_put(description: dict[str, Any]) -> None:
    methods = description["paths"][UPLOAD]
    assert methods.keys() == {"post", "put"}
    for operation in methods.values():
        assert {"application/json", "application/x-ndjson"} <= set(
            operation["requestBody"]["content"]
        )


def test_every_operation_has_a_name_of_its_own(description: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(description)]
    assert len(names) == len(set(names))


def test_every_reference_has_its_schema(description: dict[str, Any]) -> None:
    references = set(re.findall(r"#/components/schemas/([\w.]+)", str(description)))
    assert references <= description["components"]["schemas"].keys()


def test_the_description_says_how_to_sign_in(description: dict[str, Any]) -> None:
    schemes = description["components"]["securitySchemes"].values()
    assert {scheme["scheme"] for scheme in schemes} == {"bearer", "basic"}
    assert all(scheme["description"] for scheme in schemes)
    assert description["paths"]["/healthz"]["get"]["security"] == []
