"""A request with an Idempotency-Key takes effect once, however often it is sent."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.api.large_import import history_of, wait_for_all_imports

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.running_server import RunningServer, Shop

BODY = json.dumps({"customers": [{"external_id": "1", "city": "Oulu"}]}).encode()
OTHER = json.dumps({"customers": [{"external_id": "2"}]}).encode()
LARGE = b"\n".join(b'{"external_id":"%d"}' % n for n in range(120_000))
NDJSON = "application/x-ndjson"
PATH = "/api/customers/upload/"


def send(
    shop: Shop,
    key: str,
    body: bytes = BODY,
    content_type: str = "application/json",
    query: str = "",
) -> httpx.Response:
    headers = {"Content-Type": content_type, "Idempotency-Key": key}
    return shop.http.post(PATH + query, content=body, headers=headers)


def number_of_imports(shop: Shop) -> int:
    return len(shop.http.get("/api/imports/").json()["imports"])


def is_replay(reply: httpx.Response) -> bool:
    return str(reply.headers.get("Idempotency-Replayed")) == "true"


@pytest.mark.parametrize(("body", "content_type"), [(BODY, "application/json"), (LARGE, NDJSON)])
def test_the_same_request_again_changes_nothing(shop: Shop, body: bytes, content_type: str) -> None:
    first = send(shop, "k", body, content_type)
    assert first.status_code == 200
    assert not is_replay(first)
    report = shop.wait(first.json()["import"])
    again = send(shop, "k", body, content_type)
    assert again.status_code == 200
    assert is_replay(again)
    replayed = again.json()["import"]
    assert (replayed["id"], replayed["status"]) == (report["id"], "done")
    assert replayed["created"] == report["created"]
    assert number_of_imports(shop) == 1


def test_another_request_with_that_key_is_refused(shop: Shop) -> None:
    assert send(shop, "k").status_code == 200
    for reply in (
        send(shop, "k", OTHER),
        send(shop, "k", BODY + b" "),
        send(shop, "k", query="?strict=false"),
        send(shop, "k", content_type="application/json; charset=utf-8"),
        shop.http.put(
            PATH, content=BODY,
            headers={"Content-Type": "application/json", "Idempotency-Key": "k"},
        ),
        send(shop, "k", LARGE, NDJSON),
        send(shop, "k", b"{"),
    ):  # fmt: skip
        assert reply.status_code == 422
        assert "key" in reply.json()["error"]["reason"]
    assert number_of_imports(shop) == 1
    assert send(shop, "k2", OTHER).status_code == 200


def test_companies_have_keys_of_their_own(server: RunningServer) -> None:
    one, other = server.make_shop(), server.make_shop()
    assert send(one, "k").status_code == 200
    assert not is_replay(send(other, "k", OTHER))


def test_tokens_of_a_company_share_its_keys(server: RunningServer, shop: Shop) -> None:
    first = send(shop, "k").json()["import"]["id"]
    _, secret = server.access.create_token(shop.short_name, "other", actor="test")
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    reply = server.client(secret).post(PATH, content=BODY, headers=headers)
    assert is_replay(reply)
    assert reply.json()["import"]["id"] == first


def test_an_upload_whose_records_were_all_rejected_is_replayed_as_such(shop: Shop) -> None:
    body = b'[{"city":"Oulu"}]'
    reply = send(shop, "k", body)
    assert not is_replay(reply)
    begun = reply.json()
    shop.wait((begun.get("error") or begun)["import"])
    first, again = send(shop, "k", body), send(shop, "k", body)
    assert (first.status_code, again.status_code) == (400, 400)
    assert is_replay(first)
    assert is_replay(again)
    assert first.json() == again.json()


@pytest.mark.parametrize("body", [b"{", b"[1" + b"," * 200_000], ids=["small", "large"])
def test_a_body_that_cannot_be_read_uses_its_key_up(shop: Shop, body: bytes) -> None:
    first = send(shop, "k", body)
    assert first.status_code == 400
    assert send(shop, "k", body).json() == first.json()
    assert send(shop, "k", BODY).status_code == 422
    assert number_of_imports(shop) == 0


def test_refusals_that_say_nothing_of_the_body_use_no_key(shop: Shop) -> None:
    assert send(shop, "k", BODY, "text/plain").status_code == 415
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    anonymous = shop.server.client().post(PATH, content=OTHER, headers=headers)
    assert anonymous.status_code == 401
    reply = send(shop, "k")
    assert reply.status_code == 200
    assert not is_replay(reply)


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "ä".encode("latin-1").decode("latin-1")])
def test_a_key_must_be_printable_ascii(shop: Shop, key: str) -> None:
    headers = [
        (b"content-type", b"application/json"), (b"idempotency-key", key.encode("latin-1")),
    ]  # fmt: skip
    reply = shop.http.post(PATH, content=BODY, headers=headers)
    assert reply.status_code == 400
    assert "Idempotency-Key" in reply.json()["error"]["reason"]


def test_a_key_is_given_once(shop: Shop) -> None:
    headers = [
        ("Content-Type", "application/json"), ("Idempotency-Key", "a"), ("Idempotency-Key", "b"),
    ]  # fmt: skip
    assert shop.http.post(PATH, content=BODY, headers=headers).status_code == 400


def test_the_longest_key_is_taken(shop: Shop) -> None:
    assert send(shop, "~ " * 127 + "!").status_code == 200
    assert is_replay(send(shop, "~ " * 127 + "!"))


@pytest.mark.parametrize(("body", "content_type"), [(BODY, "application/json"), (LARGE, NDJSON)])
def test_of_two_at_once_one_takes_effect(shop: Shop, body: bytes, content_type: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        replies = list(threads.map(lambda _: send(shop, "k", body, content_type), range(4)))
    assert [reply.status_code for reply in replies] == [200] * 4
    assert len({reply.json()["import"]["id"] for reply in replies}) == 1
    assert sorted(map(is_replay, replies)) == [False, True, True, True]
    assert number_of_imports(shop) == 1


def test_a_key_counts_after_the_server_was_killed(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server()
    shop = server.make_shop()
    for number in range(3):
        body = json.dumps([{"external_id": str(number)}]).encode()
        first = send(shop, str(number), body)
        server.kill()
        server.restart()
        again = send(shop, str(number), body)
        assert is_replay(again)
        assert again.json()["import"]["id"] == first.json()["import"]["id"]
    wait_for_all_imports(shop)
    assert len(history_of(shop)) == 3


def test_a_key_may_be_used_anew_after_a_week(shop: Shop) -> None:
    installation = shop.server.installation
    first = send(shop, "k").json()["import"]["id"]
    assert is_replay(send(shop, "k"))
    installation.store.line.delete_idempotency_keys(installation.now() - timedelta(minutes=1))
    assert is_replay(send(shop, "k"))
    assert installation.store.line.delete_idempotency_keys(installation.now()) >= 1
    reply = send(shop, "k")
    assert not is_replay(reply)
    assert reply.json()["import"]["id"] != first
