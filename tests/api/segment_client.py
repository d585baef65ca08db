"""A company's segments as somebody meets them who may do everything with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from regulars.domain.access.scopes import SEGMENT_CHANGE_SCOPES, SEGMENT_SCOPES

if TYPE_CHECKING:
    import httpx

    from tests.running_server import Shop


class SegmentClient:
    """Sends requests for segments, and gives the answers as they are unless a name says else."""

    def __init__(self, shop: Shop) -> None:
        self.shop: Final = shop
        _, secret = shop.server.access.create_token(
            shop.short_name, "", (*SEGMENT_SCOPES, *SEGMENT_CHANGE_SCOPES), actor="test"
        )
        self.http: Final = shop.server.client(secret)

    def create(self, name: str, where: str) -> httpx.Response:
        return self.http.post("/api/segments/", json={"name": name, "where": where})

    def made(self, name: str, where: str) -> dict[str, Any]:
        """The segment of an answer that must be a success."""
        return segment_in(self.create(name, where), 201)

    def get(self, name: str, part: str = "", **parameters: Any) -> httpx.Response:
        return self.http.get(path_of(name, part), params=parameters)

    def figures(self, name: str, part: str, **parameters: Any) -> dict[str, Any]:
        """The body of an answer that must be a success."""
        reply = self.get(name, part, **parameters)
        assert reply.status_code == 200, reply.text
        body: dict[str, Any] = reply.json()
        return body

    def put(self, name: str, /, **body: Any) -> httpx.Response:
        return self.http.put(path_of(name), json=body)

    def delete(self, name: str, **parameters: Any) -> httpx.Response:
        return self.http.delete(path_of(name), params=parameters)

    def names(self) -> list[str]:
        return [each["name"] for each in self.http.get("/api/segments/").json()["segments"]]


def path_of(name: str, part: str = "") -> str:
    return f"/api/segments/{quote(name, safe='')}/{part}"


def segment_in(reply: httpx.Response, status: int = 200) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    segment: dict[str, Any] = reply.json()["segment"]
    return segment


def refusal(reply: httpx.Response, status: int) -> str:
    assert reply.status_code == status, reply.text
    reason: str = reply.json()["error"]["reason"]
    return reason
