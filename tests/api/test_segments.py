"""`/api/segments/` and `/api/segments/NAME/`: saved, read, renamed, deleted (SPEC section 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.segment_client import SegmentClient, refusal, segment_in

if TYPE_CHECKING:
    from tests.running_server import Shop


@pytest.fixture
def segments(shop: Shop) -> SegmentClient:
    return SegmentClient(shop)


# Making and reading


def test_a_segment_is_made_and_read_back_in_all_its_forms(segments: SegmentClient) -> None:
    reply = segments.create(" VIPs in Turku ", "City=turku  and tags has any(vip)")
    made = segment_in(reply, 201)
    assert reply.headers["Location"] == made["url"] == "/api/segments/VIPs%20in%20Turku/"
    assert made["name"] == "VIPs in Turku"
    assert made["where"] == "City = turku and tags has any (vip)"
    assert made["tree"] == {
        "kind": "all",
        "parts": [
            {"kind": "test", "field": "City", "operator": "is", "operands": ["turku"]},
            {"kind": "test", "field": "tags", "operator": "has_any", "operands": ["vip"]},
        ],
    }
    assert made["sentence"].startswith("Customers where city ")
    assert made["fields"] == ["city", "tags"]
    assert (made["uses"], made["used_by"], made["problems"]) == ([], [], [])
    assert made["version"] == 1
    assert made["created_by"] == made["changed_by"]
    assert made["created_by"].startswith("token:")
    assert made["created_at"] == made["changed_at"]
    assert segment_in(segments.http.get(reply.headers["Location"])) == made
    assert segment_in(segments.get("vips IN turku")) == made


def test_a_tree_makes_the_same_segment_as_its_text(segments: SegmentClient) -> None:
    made = segments.made("text", "country in (FI, SE) or not last_login in last 30 days")
    body = {"name": "tree", "tree": made["tree"]}
    from_tree = segment_in(segments.http.post("/api/segments/", json=body), 201)
    assert from_tree["where"] == made["where"]
    assert from_tree["tree"] == made["tree"]


@pytest.mark.parametrize("name", ["vips", "VIPS", " Vips "])
def test_a_name_is_taken_once_in_whatever_case(segments: SegmentClient, name: str) -> None:
    segments.made("Vips", "tags has any (vip)")
    assert "there is a segment Vips already" in refusal(segments.create(name, "city = Oulu"), 409)


def test_a_problem_of_a_condition_is_told_with_its_place_and_nothing_is_saved(
    segments: SegmentClient,
) -> None:
    reply = segments.create("vips", "country = FI and cty = Turku")
    assert "there is no such field (character 18)" in refusal(reply, 400)
    (problem,) = reply.json()["error"]["problems"]
    assert problem["code"] == "unknown_field"
    assert (problem["start"], problem["end"]) == (17, 20)
    assert (problem["path"], problem["part"]) == ([1], "field")
    assert "Turku" not in reply.text
    tree = {"kind": "test", "field": "city", "operator": "is", "operands": []}
    reply = segments.http.post("/api/segments/", json={"name": "vips", "tree": tree})
    (problem,) = reply.json()["error"]["problems"]
    assert (problem["code"], problem["start"]) == ("unfit_operands", None)
    assert segments.names() == []


def test_segments_are_listed_by_name_page_by_page(segments: SegmentClient) -> None:
    for name in ("Überall", "a", "C", "b", "ä"):
        segments.made(name, "can_email = true")
    listed = segments.http.get("/api/segments/").json()
    assert [each["name"] for each in listed["segments"]] == ["a", "b", "C", "ä", "Überall"]
    assert listed["count"] == 5
    assert "next_url" not in listed
    names: list[str] = []
    url = "/api/segments/?limit=2"
    while url:
        page = segments.http.get(url).json()
        assert page["count"] == 5
        names += [each["name"] for each in page["segments"]]
        # A segment that goes in between takes no other one along.
        segments.delete(names[-1])
        url = page.get("next_url", "")
        if url:
            segments.made(names[-1], "can_email = true")
    assert names == ["a", "b", "C", "ä", "Überall"]


# Changing


def test_a_condition_is_replaced_and_who_changed_it_is_kept(segments: SegmentClient) -> None:
    segments.made("vips", "tags has any (vip)")
    other = SegmentClient(segments.shop)
    changed = segment_in(other.put("VIPs", where="tags has any (gold)"))
    assert (changed["name"], changed["version"]) == ("vips", 2)
    newest, oldest = changed["versions"]
    assert [newest["version"], oldest["version"]] == [2, 1]
    assert newest["where"] == "tags has any (gold)"
    assert oldest["where"] == "tags has any (vip)"
    assert newest["changed_by"] == changed["changed_by"] != oldest["changed_by"]
    assert changed["created_by"] == oldest["changed_by"]
    assert segment_in(segments.put("vips", where="tags has any(gold)"))["version"] == 2


def test_putting_a_condition_at_a_new_name_makes_the_segment(segments: SegmentClient) -> None:
    assert segment_in(segments.put("vips", where="tags has any (vip)"))["version"] == 1
    assert segments.names() == ["vips"]


def test_what_somebody_else_has_changed_since_is_not_overwritten(segments: SegmentClient) -> None:
    version = segments.made("vips", "tags has any (vip)")["version"]
    assert segment_in(segments.put("vips", where="city = Turku", version=version))["version"] == 2
    for reply in (
        segments.put("vips", where="city = Oulu", version=version),
        segments.put("vips", name="other", version=version),
        segments.delete("vips", version=version),
    ):
        assert "the segment is at version 2, not 1" in refusal(reply, 409)
    assert segment_in(segments.get("vips"))["where"] == "city = Turku"
    assert segments.delete("vips", version=2).status_code == 204
    refusal(segments.put("vips", where="city = Turku", version=2), 404)


def test_a_renamed_segment_keeps_what_refers_to_it(segments: SegmentClient) -> None:
    segments.made("vips", "tags has any (vip)")
    segments.made("VIPs by mail", "segment vips and can_email = true")
    assert segment_in(segments.get("vips"))["used_by"] == ["VIPs by mail"]
    renamed = segment_in(segments.put("vips", name="Regulars"))
    assert (renamed["name"], renamed["used_by"]) == ("Regulars", ["VIPs by mail"])
    user = segment_in(segments.get("vips by mail"))
    assert user["where"] == 'segment "Regulars" and can_email = true'
    assert user["uses"] == ["Regulars"]
    refusal(segments.get("vips"), 404)
    assert segment_in(segments.put("regulars", name="REGULARS"))["name"] == "REGULARS"
    refusal(segments.put("REGULARS", name="vips by MAIL"), 409)
    refusal(segments.put("nobody", name="somebody", where="city = Turku"), 404)


def test_a_segment_that_another_one_uses_is_not_deleted(segments: SegmentClient) -> None:
    segments.made("vips", "tags has any (vip)")
    segments.made("young", "segment vips and birth_date > 2000-01-01")
    segments.made("old", "segment vips and not segment young")
    assert "the segment is used by others: old, young" in refusal(segments.delete("vips"), 409)
    for name in ("old", "young", "vips"):
        assert segments.delete(name).status_code == 204
        refusal(segments.delete(name), 404)
    assert segments.names() == []


def test_a_segment_cannot_come_to_refer_to_itself(segments: SegmentClient) -> None:
    segments.made("a", "city = Turku")
    segments.made("b", "segment a")
    segments.made("c", "not segment b")
    for name, where in (("a", "segment c"), ("a", "segment A"), ("b", "city = Oulu or segment c")):
        reply = segments.put(name, where=where)
        refusal(reply, 400)
        assert {each["code"] for each in reply.json()["error"]["problems"]} == {"segment_cycle"}
    assert refusal(segments.put("d", where="segment d"), 400)
    assert segment_in(segments.get("a"))["where"] == "city = Turku"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "name"),
        ({"name": "x"}, "either where or tree"),
        (
            {"name": "x", "where": "city = Turku", "tree": {"kind": "sample", "percent": "1"}},
            "either where or tree",
        ),
        ({"name": "x", "where": 1}, "Expected `str | null`, got `int` (where)"),
        ({"name": 1, "where": "city = Turku"}, "(name)"),
        ({"name": "x", "where": "city = Turku", "versoin": 1}, "it has no key versoin"),
        ({"name": "x", "where": "city = Turku", "a@example.org": 1}, "it has no key one"),
        ({"name": "x", "tree": {"kind": "secret@example.org"}}, "(tree.kind)"),
        ({"name": "x", "tree": {"kind": "all", "parts": []}}, "at least two parts (tree)"),
        ({"name": "x", "tree": {"kind": "test", "field": "city"}}, "`operator` (tree)"),
        ({"name": "", "where": "city = Turku"}, "1 to 100 characters"),
        ({"name": "x", "where": ""}, "expected"),
        ([], "Expected `object`, got `array`"),
    ],
)
def test_a_body_that_makes_no_segment_is_refused_and_says_what_is_wrong(
    segments: SegmentClient, body: Any, named: str
) -> None:
    reply = segments.http.post("/api/segments/", json=body)
    assert named in refusal(reply, 400)
    assert "example.org" not in reply.text


def test_a_change_of_nothing_is_refused(segments: SegmentClient) -> None:
    segments.made("vips", "tags has any (vip)")
    assert "where, tree or name" in refusal(segments.put("vips", version=1), 400)
    refusal(segments.put("vips", where="city = Turku", version=0), 409)
    refusal(segments.delete("vips", version="x"), 400)


def test_changes_stand_in_the_audit_log_with_names_and_no_values(segments: SegmentClient) -> None:
    segments.made("vips", "email = aino@example.org")
    segments.put("vips", where="email = eino@example.org")
    segments.put("vips", name="Aino and Eino")
    segments.delete("aino AND eino")
    register = segments.shop.server.installation.open_register(segments.shop.short_name)
    entries = [each for each in register.store.audit_log.load() if "segment" in each.action]
    assert [(each.action, each.subject, each.details) for each in entries] == [
        ("segment:create", "vips", ""),
        ("segment:change", "vips", ""),
        ("segment:change", "vips", "renamed to Aino and Eino"),
        ("segment:delete", "Aino and Eino", ""),
    ]


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/api/segments/", {"GET", "POST"}), ("/api/segments/vips/", {"GET", "PUT", "DELETE"})],
)
def test_an_address_tells_its_methods(
    segments: SegmentClient, path: str, methods: set[str]
) -> None:
    for method, status in (("OPTIONS", 204), ("PATCH", 405)):
        reply = segments.http.request(method, path)
        assert reply.status_code == status
        assert set(reply.headers["Allow"].split(", ")) == {*methods, "OPTIONS"}
