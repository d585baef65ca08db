"""Bodies made to cost much: time and memory stay bounded, and others are answered meanwhile."""

from __future__ import annotations

import json
import re
import threading
import time
from typing import TYPE_CHECKING

import pytest

from regulars.api.imports import ANSWER_SECONDS
from tests.api.raw_requests import forget_peak, peak_megabytes
from tests.busy import is_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_server import RunningServer, Shop

CUSTOMERS = "/api/data/customers/"
MEGABYTE = 1_000_000
KEYS_TO_COLLIDE = [format(number, "x") for number in range(110_000)]


def many_fields(shop: Shop) -> bytes:
    records = [{"external_id": "1", f"{shop.prefix}f{n}": n, f"x{n}": n} for n in range(10_000)]
    return json.dumps({"customers": records}).encode()


def many_keys(_: Shop) -> bytes:
    return b'[{"external_id":"1",%s}]' % ",".join(f'"{key}":1' for key in KEYS_TO_COLLIDE).encode()


def colliding_keys(_: Shop) -> bytes:
    # Integers of which a naive hash table would put each into the same place.
    keys = ",".join(f'"{number * (2**61 - 1)}":1' for number in range(40_000))
    return b'[{"external_id":"1","tags":[%s]}]' % re.sub(":1", "", keys).encode()


def many_spellings(_: Shop) -> bytes:
    keys = ",".join(f'"{" " * (n % 20)}CiTy{" " * (n // 20)}":"{n}"' for n in range(1000))
    return b'[{"external_id":"1",%s}]' % keys.encode()


def many_brackets_in_text(_: Shop) -> bytes:
    return b'[{"external_id":"1"},{"external_id":"2","city":"' + b"[x" * (4 * MEGABYTE) + b'"}]'


def many_escapes(_: Shop) -> bytes:
    return b'[{"external_id":"1"},{"external_id":"2","city":"' + b'[\\"' * (3 * MEGABYTE) + b'"}]'


def many_empty_records(_: Shop) -> bytes:
    return b'[{"external_id":"1"}' + b",0" * 200_000 + b"]"


def many_records_beside_a_surrogate(_: Shop) -> bytes:
    return b'[{"external_id":"1"},"\\ud800"' + b",{}" * 75_000 + b"]"


def many_other_keys(_: Shop) -> bytes:
    return b'{"a":[%s0],"customers":[{"external_id":"1"}]}' % (b"[{}]," * 250_000)


@pytest.mark.parametrize(
    "make",
    [many_fields, many_keys, colliding_keys, many_spellings, many_brackets_in_text, many_escapes,
     many_empty_records, many_records_beside_a_surrogate, many_other_keys],
)  # fmt: skip
def test_a_body_made_to_cost_much_costs_little(shop: Shop, make: Callable[[Shop], bytes]) -> None:
    body = make(shop)
    forget_peak(shop.server)
    before = peak_megabytes(shop.server)
    began = time.monotonic()
    reply = shop.post_bytes(body)
    answered = time.monotonic() - began
    assert reply.status_code == 200
    report = reply.json()["import"]
    # Where the import was not done so soon, its answer has rightly waited for it.
    waited = 0 if report["status"] == "done" else ANSWER_SECONDS
    in_time = is_within(answered - waited, 4)
    shop.wait(report)
    assert shop.customer("1") is not None
    assert in_time
    assert peak_megabytes(shop.server) - before < 200
    assert len(reply.content) < 100_000


def test_others_are_answered_while_a_costly_body_is_read(shop: Shop, server: RunningServer) -> None:
    other = server.make_shop()
    sender = threading.Thread(target=shop.post_bytes, args=(many_empty_records(shop),))
    sender.start()
    while sender.is_alive():
        began = time.monotonic()
        assert other.http.get(CUSTOMERS).status_code == 200
        assert is_within(time.monotonic() - began, 2)
    sender.join()


def test_a_company_has_no_more_fields_than_it_may(shop: Shop) -> None:
    report = shop.wait(shop.post_bytes(many_fields(shop)).json()["import"])
    customer = shop.customer("1")
    assert customer is not None
    assert sum(name.startswith(shop.prefix) for name in customer) == 300
    assert report["rejected"] == 0
    assert len(report["problems"]) == 100


def test_an_address_of_thousands_changes_none_of_them(shop: Shop) -> None:
    shared = "all@example.org"
    shop.upload_in_parts([{"external_id": f"s{n}", "email": shared} for n in range(5000)])
    began = time.monotonic()
    records = [{"email": shared, "city": "Oulu"} for _ in range(99)]
    for turn in range(10):
        report = shop.upload({"external_id": f"new{turn}"}, *records)
        assert (report["created"], report["rejected"]) == (1, 99)
        assert {problem["code"] for problem in report["problems"]} == {"too_many_customers"}
    assert is_within(time.monotonic() - began, 10)
    found = shop.customers(email=shared)
    assert len(found) == 5000
    assert not any("city" in customer for customer in found)


@pytest.mark.parametrize("customers", [100, 101])
def test_a_record_means_a_hundred_customers_and_no_more(shop: Shop, customers: int) -> None:
    shop.upload_in_parts(
        [{"external_id": f"s{n}", "email": "all@example.org"} for n in range(customers)]
    )
    report = shop.upload({"email": "all@example.org", "city": "Oulu"}, {"external_id": "new"})
    assert report["rejected"] == (0 if customers == 100 else 1)
    assert report["customers_changed"] == (101 if customers == 100 else 1)
