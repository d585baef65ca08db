"""Names of segments in addresses, and bodies that nobody means: clear refusals, never a failure of
the server.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.segment_client import SegmentClient, path_of, refusal, segment_in

if TYPE_CHECKING:
    from tests.running_server import RunningServer

AWKWARD = [
    "a/b",
    "/",
    "a/count",
    "../../imports",
    "count",
    "%2F",
    "100 %",
    "50%25",
    "a?b=c&d#e",
    "ä ö Å",
    "Ünïçødé 漢字 🛒",
    "e\u0301",
    "a;b,c'\"<script>",
    "\\",
    "+",
    "x" * 100,
    "{name}",
    "…",
]
TEST = {"kind": "test", "field": "city", "operator": "is", "operands": ["Turku"]}


@pytest.fixture(scope="module")
def segments(server: RunningServer) -> SegmentClient:
    return SegmentClient(server.make_shop())


@pytest.mark.parametrize("name", AWKWARD)
def test_any_name_is_reached_by_its_encoded_form(segments: SegmentClient, name: str) -> None:
    made = segments.made(name, "city = Turku")
    found = segment_in(segments.http.get(made["url"]))
    assert found["name"] == made["name"]
    assert segments.figures(name, "count")["customers"] == 0
    assert segments.figures(name, "overlap", **{"with": name})["both"] == 0
    assert segment_in(segments.put(name, where="city = Oulu"))["version"] == 2
    user = segments.made("user", f"segment {json.dumps(name, ensure_ascii=False)}")
    assert user["uses"] == [made["name"]] or user["uses"] == [name]
    refusal(segments.delete(name), 409)
    assert segments.delete("user").status_code == 204
    assert segments.delete(name).status_code == 204
    refusal(segments.get(name), 404)


@pytest.mark.parametrize("name", [".", "..", "x" * 101, "a\nb", "a\x00b", "\u202eabc", "", " \t "])
def test_a_name_that_cannot_be_shown_or_reached_is_refused(
    segments: SegmentClient, name: str
) -> None:
    assert "name: " in refusal(segments.create(name, "city = Turku"), 400)


@pytest.mark.parametrize(
    "path",
    ["%FF", "%C3%28", "%00", "%ED%A0%80", "a%0Ab", "aino%40example.org", "x" * 5000, "%%", "%zz"],
)
def test_a_name_that_there_is_not_is_not_found_and_not_repeated(
    segments: SegmentClient, path: str
) -> None:
    for part in ("", "count/", "statistics/", "trend/"):
        reply = segments.http.get(f"/api/segments/{path}/{part}")
        assert reply.status_code in (400, 404), reply.text
        assert "aino" not in reply.text
        assert "xxx" not in reply.text


def test_a_scope_for_one_segment_is_for_that_one_however_it_is_encoded(
    segments: SegmentClient,
) -> None:
    for name in ("a/b c", "a"):
        segments.made(name, "city = Turku")
    access = segments.shop.server.access
    scopes = [f"GET {path_of('a/b c', 'count')}"]
    _, secret = access.create_token(segments.shop.short_name, "", scopes, actor="test")
    http = segments.shop.server.client(secret)
    for path, status in (
        ("a%2Fb%20c/count/", 200),
        ("%61%2fb%20c/count", 200),
        ("a/b%20c/count/", 403),
        ("a/count/", 403),
        ("a%2Fb%20c/", 403),
        ("a%2Fb%20c%2Fcount", 403),
    ):
        # An address that nobody has is not found, whoever asks.
        assert http.get(f"/api/segments/{path}").status_code in (status, 404), path
    assert http.get("/api/segments/a%2Fb%20c/count/").status_code == 200


def deep(levels: int) -> dict[str, Any]:
    tree: dict[str, Any] = TEST
    for _ in range(levels):
        tree = {"kind": "not", "part": tree}
    return tree


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        ({"kind": "all", "parts": [TEST] * 10_000}, "too_many_parts"),
        ({"kind": "any", "parts": [TEST] * 1_000}, "too_many_parts"),
        (deep(51), "too_deep"),
        (deep(400), "too_deep"),
        ({**TEST, "operands": ["x" * 30_000]}, "bad_value"),
        ({**TEST, "operator": "is_one_of", "operands": ["x" * 9_000] * 3}, "too_long"),
        ({**TEST, "operands": ["a\x00b"]}, "bad_value"),
        ({**TEST, "operator": "is like"}, "unknown_operator"),
        ({**TEST, "operator": "changed", "operands": [], "days": 10**18}, "bad_days"),
        ({**TEST, "field": "x' OR 1=1 --"}, "unknown_field"),
        ({"kind": "segment", "name": "nobody\x00"}, "unknown_segment"),
        ({"kind": "sample", "percent": "1e3"}, "bad_percent"),
    ],
)
def test_a_tree_that_asks_too_much_is_a_problem(
    segments: SegmentClient, tree: dict[str, Any], code: str
) -> None:
    reply = segments.http.post("/api/segments/", json={"name": "new", "tree": tree})
    refusal(reply, 400)
    assert code in {each["code"] for each in reply.json()["error"]["problems"]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b'"city = Turku"',
        b'{"name": "\xff", "where": "city = Turku"}',
        b'{"name": "new", "where": "\\ud800"}',
        b'{"name": "new", "where": "city = \\u0000"}',
        b'{"name": "new", "tree": ' + b'{"kind":"not","part":' * 20_000 + b"1",
        b'{"name": "new", "tree": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"name": "new", "where": "' + b"(" * 20_001 + b'"}',
        b'{"name": "new", "where": "' + b"not " * 4_000 + b'city = a"}',
        b'{"name": "new", "where": "city = ' + b"x" * 900_000 + b'"}',
        b'{"name": "new", "tree": {"kind": "sample", "percent": [1]}}',
        b'{"name": "new", "tree": {"kind": "changed", "days": 1e400}}',
    ],
)
def test_a_body_that_is_no_segment_is_refused(segments: SegmentClient, body: bytes) -> None:
    reply = segments.http.post("/api/segments/", content=body)
    assert len(refusal(reply, 400)) < 1_000
    reply = segments.http.put("/api/segments/new/", content=body)
    # One that is read has a name, by which another one would be renamed.
    assert reply.status_code in (400, 404)
    assert "new" not in segments.names()


def test_a_body_that_is_too_large_is_refused(segments: SegmentClient) -> None:
    reply = segments.http.post("/api/segments/", content=b" " * 2 * 1024 * 1024)
    refusal(reply, 413)
