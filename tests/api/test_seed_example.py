"""The upload at the end of the page that the project comes from, byte for byte as it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from tests.running_server import Shop

if TYPE_CHECKING:
    import httpx

    from tests.running_server import RunningServer

EXAMPLE: Final = Path(__file__).with_name("seed_example.json").read_bytes()
NO_PERMISSION: Final = dict.fromkeys(
    ("can_email", "can_post", "can_profile", "can_push", "can_sms"), False
)


class Sent(NamedTuple):
    """The company of the page's address, and the answer to its first upload."""

    shop: Shop
    reply: httpx.Response


@pytest.fixture(scope="session")
def sent(server: RunningServer) -> Sent:
    server.installation.create_company(
        "company", name="Company", timezone="Europe/London", country="GB", actor="test"
    )
    server.access.create_user(
        "company", "user@example.org", "planner", "a long password", actor="test"
    )
    _, token = server.access.create_token("company", "test", actor="test")
    shop = Shop(server, "company", token)
    return Sent(shop, send(shop))


def send(shop: Shop) -> httpx.Response:
    return shop.server.client().post(
        "/api/customers/upload/",
        content=EXAMPLE,
        headers={"Content-Type": "application/json"},
        auth=("user@example.org", "a long password"),
    )


def test_the_answer_is_200_and_holds_the_bytes_that_clients_look_for(sent: Sent) -> None:
    assert sent.reply.status_code == 200
    assert b'"response":"ok"' in sent.reply.content


def test_both_customers_are_made_without_a_problem(sent: Sent) -> None:
    report = sent.reply.json()["import"]
    assert (report["status"], report["records"], report["created"]) == ("done", 2, 2)
    assert (report["warnings"], report["problems"]) == (0, [])


def test_both_customers_are_read_back_with_every_value_in_canonical_form(sent: Sent) -> None:
    james, joshua = (dict(customer) for customer in json.loads(EXAMPLE)["customers"])
    james |= {
        "date_joined": "2015-11-23T13:11:23",
        "last_login": "2015-11-25T13:11:23",
        "language": "en",
    }
    joshua |= {
        "date_joined": "2015-06-03T13:11:23",
        "last_login": "2017-10-15T03:01:13",
        "language": "en",
    }
    assert sent.shop.customers() == [NO_PERMISSION | james, NO_PERMISSION | joshua]


def test_the_same_upload_again_changes_nothing_and_makes_no_history(sent: Sent) -> None:
    store = sent.shop.server.installation.open_register("company").store
    before = store.read_position()
    report = send(sent.shop).json()["import"]
    assert (report["unchanged"], report["customers_changed"]) == (2, 0)
    assert store.read_position() == before
