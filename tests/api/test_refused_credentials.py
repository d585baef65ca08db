"""Wrong, ended and missing credentials; too many of them, too many requests (SPEC section 13).

On a server of their own: failures count against the network address, which all other tests share.
They are counted in memory, so that one engine is as good as the other.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import pytest

from regulars.settings import read_settings
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.running_server import RunningServer, Shop

PATH = "/api/data/customers/"
PASSWORD = "a long password"
MOST_FAILURES = 10


_addresses = count(1)


@pytest.fixture(scope="module")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("strict") / "data"
    with running_server(data, requests_per_minute="40") as running:
        yield running


@pytest.fixture
def strict_shop(strict_server: RunningServer) -> Shop:
    """A company whose clients come from an address of this test alone, which may fail ten times."""
    return strict_server.make_shop(address=f"127.1.0.{next(_addresses)}")


def make_user(shop: Shop, name: str = "jane") -> str:
    email = f"{name}@{shop.short_name}.example.org"
    shop.server.access.create_user(shop.short_name, email, "viewer", PASSWORD, actor="test")
    return email


def assert_refused(reply: httpx.Response) -> None:
    assert reply.status_code == 401, reply.text
    assert reply.headers["WWW-Authenticate"].startswith("Basic ")
    assert reply.json()["error"]["reason"]


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic YQ",
        "Basic //79",
        "Basic OjA=",
        "Bearer",
        "Digest a",
        "rgl_0",
    ],
)
def test_missing_or_unreadable_credentials_are_401(
    server: RunningServer, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    for path in (PATH, "/api/imports/", "/api/nowhere"):
        assert_refused(server.client().get(path, headers=headers))


def test_no_credentials_at_all_count_as_no_failure(strict_shop: Shop) -> None:
    for _ in range(MOST_FAILURES + 2):
        assert_refused(strict_shop.client().get(PATH))


def test_a_revoked_an_expired_and_an_unknown_token_are_401(strict_shop: Shop) -> None:
    access = strict_shop.server.access
    expired = access.create_token(
        strict_shop.short_name, "", actor="test", expires_at=datetime(2020, 1, 1, tzinfo=UTC)
    )[1]
    assert strict_shop.http.get(PATH).status_code == 200
    (token, _) = access.load_tokens(strict_shop.short_name)
    access.revoke_token(strict_shop.short_name, token.id, actor="test")
    for secret in (strict_shop.token, expired, "rgl_unknown"):
        assert_refused(strict_shop.client(secret).get(PATH))


def test_a_disabled_user_is_401_at_once_and_so_is_a_former_password(strict_shop: Shop) -> None:
    access = strict_shop.server.access
    client = strict_shop.client()
    jane, john = make_user(strict_shop), make_user(strict_shop, "john")
    for email in (jane, john):
        assert client.get(PATH, auth=(email, PASSWORD)).status_code == 200
    access.disable_user(strict_shop.short_name, jane, actor="test")
    access.set_password(strict_shop.short_name, john, "another password", actor="test")
    for email in (jane, john):
        assert_refused(client.get(PATH, auth=(email, PASSWORD)))
    assert client.get(PATH, auth=(john, "another password")).status_code == 200


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(strict_shop: Shop) -> None:
    email = make_user(strict_shop)
    client = strict_shop.client()
    wrong = client.get(PATH, auth=(email, "not the password"))
    unknown = client.get(PATH, auth=("nobody@example.org", PASSWORD))
    assert_refused(wrong)
    assert wrong.text == unknown.text
    assert email not in wrong.text


def test_ten_failures_for_an_account_close_it_even_to_the_right_password(strict_shop: Shop) -> None:
    email = make_user(strict_shop)
    client = strict_shop.client()
    for _ in range(MOST_FAILURES):
        assert_refused(client.get(PATH, auth=(email, "not the password")))
    reply = client.get(PATH, auth=(email, PASSWORD))
    assert reply.status_code == 429
    assert 0 < int(reply.headers["Retry-After"]) <= 15 * 60
    assert reply.json()["error"]["reason"]


def test_ten_failures_from_an_address_stop_guessing_but_not_who_has_a_token(
    strict_shop: Shop,
) -> None:
    for number in range(MOST_FAILURES):
        assert_refused(strict_shop.client(f"rgl_{number}").get(PATH))
    for auth in (("", "rgl_11"), ("nobody@example.org", PASSWORD)):
        reply = strict_shop.client().get(PATH, auth=auth)
        assert reply.status_code == 429
        assert int(reply.headers["Retry-After"]) > 0
    assert strict_shop.http.get(PATH).status_code == 200


def test_a_success_forgives_the_failures_of_the_account(strict_shop: Shop) -> None:
    email = make_user(strict_shop)
    client = strict_shop.client()
    for _ in range(MOST_FAILURES - 1):
        client.get(PATH, auth=(email, "not the password"))
    assert client.get(PATH, auth=(email, PASSWORD)).status_code == 200


# Requests a minute


def test_every_answer_says_how_many_requests_are_left(strict_shop: Shop) -> None:
    for used, (path, status) in enumerate(
        ((PATH, 200), ("/api/imports/x/", 404), ("/api/integrations/", 405), ("/nowhere", 404)), 1
    ):
        reply = strict_shop.http.get(path)
        assert reply.status_code == status
        assert reply.headers["RateLimit-Limit"] == "40"
        assert reply.headers["RateLimit-Remaining"] == str(40 - used)
        assert 0 < int(reply.headers["RateLimit-Reset"]) <= 60
    assert "RateLimit-Limit" in strict_shop.client().get(PATH).headers


def test_too_many_requests_of_one_token_are_429_and_leave_the_others_alone(
    strict_shop: Shop,
) -> None:
    replies = [strict_shop.http.get(PATH) for _ in range(41)]
    assert [reply.status_code for reply in replies] == [200] * 40 + [429]
    refused = replies[-1]
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert refused.json()["error"]["reason"]
    assert strict_shop.post([{"external_id": "1"}]).status_code == 429
    assert strict_shop.server.make_shop().customers() == []


def test_the_limit_is_180_requests_a_minute_unless_set() -> None:
    assert read_settings({}).requests_per_minute == 180
