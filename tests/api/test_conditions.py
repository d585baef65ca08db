"""`POST /api/conditions/count/`, `/explain/` and `/why/` (SPEC section 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from regulars.services.segments import Segments

if TYPE_CHECKING:
    from tests.running_server import RunningServer, Shop

COUNT, EXPLAIN, WHY = (f"/api/conditions/{each}/" for each in ("count", "explain", "why"))
CITY = {"kind": "test", "field": "city", "operator": "is", "operands": ["Turku"]}
PASSWORD = "a long password"


@pytest.fixture(scope="module")
def reader(server: RunningServer) -> Shop:
    """A company whose client is a viewer, and may not upload."""
    shop = server.make_shop()
    shop.upload(
        {"external_id": "1", "city": "Turku", "email": "aino@example.org", "can_email": True},
        {"external_id": "2", "city": "Oulu", "email": "both@example.org", "can_email": True},
        {"external_id": "3", "email": "both@example.org", "city": "Turku"},
        {"external_id": "gone", "city": "Turku", "is_deleted": True},
        {"external_id": "lost", "city": "Turku", "is_forgotten": True},
    )
    shop.upload({"external_id": "2", "city": "Pori", "can_email": False})
    name = f"viewer@{shop.short_name}.example.org"
    server.access.create_user(shop.short_name, name, "viewer", PASSWORD, actor="test")
    register = server.installation.open_register(shop.short_name)
    Segments(server.installation).save(register, "South", "city = Turku", actor="test")
    shop.http.auth = httpx.BasicAuth(name, PASSWORD)
    shop.http.headers.pop("Authorization")
    return shop


def post(shop: Shop, path: str, **body: Any) -> dict[str, Any]:
    reply = shop.http.post(path, json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def refuse(shop: Shop, path: str, status: int = 400, /, **body: Any) -> dict[str, Any]:
    reply = shop.http.post(path, json=body)
    assert reply.status_code == status, reply.text
    error: dict[str, Any] = reply.json()["error"]
    return error


def test_a_condition_is_counted_with_those_whom_each_channel_reaches(reader: Shop) -> None:
    reach = {"email": 1, "sms": 0, "post": 0, "push": 0}
    assert post(reader, COUNT, where="city = turku") == {"customers": 2, "reach": reach}
    assert post(reader, COUNT, tree=CITY) == {"customers": 2, "reach": reach}
    assert post(reader, COUNT, where='not segment "south"')["customers"] == 1
    assert post(reader, COUNT, tree={"kind": "segment", "name": "SOUTH"})["customers"] == 2


def test_a_condition_is_shown_as_text_tree_and_sentence(reader: Shop) -> None:
    tree = {"kind": "all", "parts": [CITY, {"kind": "not", "part": {
        "kind": "test", "field": "last_login", "operator": "in_last", "days": 30,
    }}]}  # fmt: skip
    by_text = post(reader, EXPLAIN, where="city=Turku AND not (last_login in last 30 days)")
    assert by_text == {
        "text": "city = Turku and not last_login in last 30 days",
        "tree": tree,
        "sentence": by_text["sentence"],
        "fields": ["city", "last_login"],
    }
    assert "“Turku”" in by_text["sentence"]
    assert post(reader, EXPLAIN, tree=tree) == by_text


def test_problems_are_told_with_their_places_in_text_and_tree(reader: Shop) -> None:
    for path, more in ((EXPLAIN, {}), (COUNT, {}), (WHY, {"external_id": "1"})):
        error = refuse(reader, path, where="city = Turku or shoe_size = 42", **more)
        assert error["reason"] == "where: there is no such field (character 17)"
        (problem,) = error["problems"]
        assert problem == {
            "code": "unknown_field",
            "message": "there is no such field",
            "expected": [],
            "path": [1],
            "part": "field",
            "start": 16,
            "end": 25,
        }
        tree = {"kind": "any", "parts": [{**CITY, "operator": "has_any"}, CITY]}
        error = refuse(reader, path, tree=tree, **more)
        assert error["reason"].startswith("condition: the operator does not fit")
        (problem,) = error["problems"]
        assert (problem["code"], problem["path"], problem["part"], problem["start"]) == (
            "unfit_operator", [0], "operator", None,
        )  # fmt: skip
        assert "= {value}" in problem["expected"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"where": None},
        {"where": "city is set", "tree": CITY},
        {"where": 1},
        {"where": ["city is set"]},
        {"condition": "city is set"},
        {"tree": "city is set"},
        {"tree": {"kind": "test"}},
        {"tree": {"kind": "every"}},
        {"tree": {"kind": "all", "parts": [CITY]}},
        {"tree": {**CITY, "operands": [1]}},
    ],
)
def test_a_body_that_is_no_condition_is_refused(reader: Shop, body: dict[str, Any]) -> None:
    for path, more in ((EXPLAIN, {}), (COUNT, {}), (WHY, {"external_id": "1"})):
        assert refuse(reader, path, **body, **more)["reason"].startswith("body: ")


@pytest.mark.parametrize("depth", [60, 5_000, 100_000])
def test_a_tree_too_deep_is_refused_however_deep_it_is(reader: Shop, depth: int) -> None:
    inner = b'{"kind":"sample","percent":"1"}'
    body = b'{"tree":' + b'{"kind":"not","part":' * depth + inner + b"}" * depth + b"}"
    for path in (EXPLAIN, COUNT):
        reply = reader.http.post(path, content=body)
        assert reply.status_code in (400, 413), reply.text
        assert reply.json()["error"]["reason"]


def test_where_a_body_cannot_be_read_the_place_is_told_and_no_value(reader: Shop) -> None:
    tree = {"kind": "all", "parts": [CITY, {"kind": "aino@example.org"}]}
    reason = refuse(reader, COUNT, tree=tree)["reason"]
    assert "(tree.parts[1].kind)" in reason
    assert "aino" not in reason


# Why


def test_why_shows_the_truth_and_what_was_found_at_each_node(reader: Shop) -> None:
    condition = 'segment "South" or city changed in last 7 days'
    body = post(reader, WHY, where=condition, external_id="2")
    assert body["external_id"] == "2"
    why = body["why"]
    assert (why["is_true"], why["text"]) == (True, condition)
    segment, changed = why["parts"]
    assert segment == {
        "text": 'segment "South"',
        "is_true": False,
        "found": None,
        "parts": [
            {"text": "city = Turku", "is_true": False, "found": "Pori", "parts": []},
        ],
    }
    assert changed["is_true"]
    latest, first = changed["found"]
    assert (latest["before"], latest["after"], first["after"]) == ("Oulu", "Pori", "Oulu")
    assert latest["at"].endswith("Z")


def test_why_names_a_customer_by_any_identifier_as_long_as_it_is_one(reader: Shop) -> None:
    by_email = post(reader, WHY, tree=CITY, email="AINO@example.org")
    assert (by_email["external_id"], by_email["why"]["is_true"]) == ("1", True)
    refuse(reader, WHY, 409, tree=CITY, email="both@example.org")
    for name in ("nobody", "gone", "lost"):
        refuse(reader, WHY, 404, tree=CITY, external_id=name)
    refuse(reader, WHY, 404, tree=CITY, phone_number="0401234567")
    assert "email" in refuse(reader, WHY, tree=CITY, email="aino")["reason"]
    assert refuse(reader, WHY, tree=CITY)["reason"].startswith("body")
    more = {"external_id": "1", "email": "aino@example.org"}
    assert refuse(reader, WHY, tree=CITY, **more)["reason"].startswith("body")


# Who may


def test_a_token_without_scopes_reads_customers_and_asks_no_conditions(
    server: RunningServer,
) -> None:
    shop = server.make_shop()
    reply = shop.http.get("/api/data/customers/", params={"where": "city is set"})
    assert reply.status_code == 200
    for path in (COUNT, EXPLAIN, WHY):
        assert shop.http.post(path, json={"where": "city is set"}).status_code == 403
    _, secret = server.access.create_token(
        shop.short_name, "", ["POST /api/conditions/count/"], actor="test"
    )
    counting = server.client(secret)
    assert counting.post(COUNT, json={"where": "city is set"}).json()["customers"] == 0
    assert counting.post(WHY, json={"where": "city is set"}).status_code == 403


def test_conditions_stay_out_of_the_log(reader: Shop) -> None:
    reader.http.get(
        "/api/data/customers/",
        params={"where": 'last_name = "Secretname"', "q": "secretword", "city": "Secretcity"},
    )
    refuse(reader, COUNT, where='last_name = "Secretname" and')
    assert "secret" not in reader.server.log.lower()
