"""When an import is held: a quick count of its bytes, and an exact count of its effects."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.domain.imports.decision import Position
from regulars.domain.imports.effect_count import EffectCount
from regulars.domain.imports.hold import HoldCounter, HoldLimits, HoldReason
from tests.domain.imports.choosing import decide_with
from tests.domain.imports.deciding import read_records
from tests.record_strategies import objects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from regulars.domain.customers.customer import Customer

from regulars.domain.customers.customer import Customer as StoredCustomer
from regulars.domain.customers.customer import encode_fields
from regulars.domain.imports.choices import Choices

ADA = "ada@example.org"
FEW = HoldLimits(permission_customers=2, gone_customers=2, address_records=2)
STATES = ("is_deleted", "is_forgotten")
PERMISSIONS = ("can_email", "can_sms", "can_post", "can_profile", "can_push")


def could_hold(*records: object, limits: HoldLimits = FEW) -> bool:
    counter = HoldCounter(limits, customers_per_record=5)
    for record in records:
        counter.feed(json.dumps(record).encode())
    return counter.could_hold()


def passes(records: list[object], limits: HoldLimits) -> bool:
    """Whether records, read as an import reads them, pass a limit whoever the customers are."""
    losses: Counter[str] = Counter()
    emails: Counter[str] = Counter()
    phone_numbers: Counter[str] = Counter()
    for record in read_records(*records):
        emails.update([record.email] if record.email else [])
        phone_numbers.update([record.phone_number] if record.phone_number else [])
        if record.rejected:
            continue
        customers = 1 if record.external_id else 5
        for name in PERMISSIONS:
            is_taken = name in record.changes and record.changes[name] is not True
            losses[name] += customers * (is_taken or record.is_forgotten)
        losses["gone"] += customers * (record.is_deleted or record.is_forgotten)
    return (
        any(losses[name] > limits.permission_customers for name in PERMISSIONS)
        or losses["gone"] > limits.gone_customers
        or max(emails.values(), default=0) > limits.address_records
        or max(phone_numbers.values(), default=0) > limits.address_records
    )


def only_addresses(limits: HoldLimits) -> HoldLimits:
    """Limits that only addresses can pass."""
    return msgspec.structs.replace(limits, permission_customers=10**9, gone_customers=10**9)


@st.composite
def written(draw: st.DrawFn) -> tuple[object, bytes]:
    """A record, and one of the ways in which its JSON may be written."""
    record = draw(objects())
    as_ascii = draw(st.booleans())
    text = json.dumps(record, ensure_ascii=as_ascii, separators=draw(
        st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " :\t")])
    ))  # fmt: skip
    if draw(st.booleans()):
        # Any character of a key or a value may be written as an escape.
        for plain, escaped in (("e", "\\u0065"), ("a", "\\u0061"), ("1", "\\u0031")):
            if draw(st.booleans()):
                inside = [json.dumps(part)[1:-1] for part in record]
                for key in inside:
                    text = text.replace(f'"{key}"', f'"{key.replace(plain, escaped)}"')
    return record, text.encode()


@settings(max_examples=300)
@given(
    pool=st.lists(written(), min_size=1, max_size=6),
    repeats=st.integers(1, 4),
    most=st.integers(1, 6),
)
def test_the_quick_count_never_counts_too_little(
    pool: list[tuple[object, bytes]], repeats: int, most: int
) -> None:
    limits = HoldLimits(permission_customers=most, gone_customers=most, address_records=most)
    counter = HoldCounter(limits, customers_per_record=5)
    records = []
    for record, text in pool * repeats:
        counter.feed(text)
        records.append(record)
    if passes(records, limits):
        assert counter.could_hold()
    if passes(records, only_addresses(limits)):
        assert counter.could_repeat()


@settings(max_examples=100)
@given(pool=st.lists(objects(), min_size=1, max_size=8), most=st.integers(1, 6))
def test_decoded_records_are_never_counted_too_little(pool: list[object], most: int) -> None:
    limits = HoldLimits(permission_customers=most, gone_customers=most, address_records=most)
    counter = HoldCounter(limits, customers_per_record=5)
    for record in pool:
        counter.feed(record)
    if passes(pool, limits):
        assert counter.could_hold()
    if passes(pool, only_addresses(limits)):
        assert counter.could_repeat()


@pytest.mark.parametrize("as_bytes", [True, False])
def test_addresses_are_counted_on_where_a_limit_of_losses_is_passed(*, as_bytes: bool) -> None:
    counter = HoldCounter(FEW)

    def feed(numbers: range, email: str) -> None:
        for number in numbers:
            record = {
                "external_id": str(number),
                "email": email.format(number),
                "can_email": False,
            }
            counter.feed(json.dumps(record).encode() if as_bytes else record)

    feed(range(2_000), "ada{}@example.org")
    assert (counter.could_hold(), counter.could_repeat()) == (True, False)
    feed(range(2_000, 2_003), ADA)
    assert (counter.could_hold(), counter.could_repeat()) == (True, True)


@pytest.mark.parametrize(
    "record",
    [
        {"email": "{0}@example.org", "can_email": True, "can_sms": "yes", "can_post": 1},
        {"phone_number": "+35840123456{0}", "is_deleted": False, "is_forgotten": None},
        {"external_id": "{0}", "can_email": None, "email": "", "phone_number": None},
        {"external_id": "{0}", "email": "none", "phone_number": "n/a"},
    ],
)
def test_what_takes_nothing_from_anybody_is_not_counted(record: dict[str, object]) -> None:
    text = json.dumps(record)
    assert not could_hold(*[json.loads(text.replace("{0}", str(number))) for number in range(10)])


@pytest.mark.parametrize(
    ("records", "is_near"),
    [
        ([{"external_id": str(number), "can_sms": False} for number in range(2)], False),
        ([{"external_id": str(number), "can_sms": False} for number in range(3)], True),
        ([{"external_id": str(number), "CAN_SMS ": ""} for number in range(3)], True),
        ([{"email": ADA, "can_sms": 0}], True),
        ([{"external_id": "", "email": ADA, "can_sms": 0}], True),
        ([{"external_id": str(number), "is_deleted": 1} for number in range(3)], True),
        ([{"email": text} for text in (ADA, " Ada@example.org", "ADA@EXAMPLE.ORG")], True),
        ([{"phone_number": text} for text in ("040 1234567", "+358401234567", 401234567)], True),
        ([{"phone_number": f"+35840{number}234567"} for number in range(1, 4)], True),
        ([{"email": f"ada@b\u00fccher{number}.example"} for number in range(3)], True),
    ],
)
def test_records_come_near_a_limit(records: list[object], is_near: bool) -> None:
    assert could_hold(*records) is is_near


def test_many_addresses_share_counters_and_are_still_counted() -> None:
    limits = HoldLimits(address_records=100)
    counter = HoldCounter(limits)
    for number in range(120_000):
        counter.feed(msgspec.json.encode({"email": f"p{number}@example.org"}))
    assert not counter.could_hold()
    for _ in range(101):
        counter.feed(msgspec.Raw(msgspec.json.encode({"email": "p7@example.org"})))
    assert counter.could_hold()


def test_bytes_that_are_no_record_raise_nothing() -> None:
    counter = HoldCounter()
    for given_bytes in (b"", b"\\", b'{"email": "', b"\xff\xfe", b'{"a":"\\ud800"}', b"[" * 70):
        counter.feed(given_bytes)
    counter.feed([1])
    counter.feed(None)
    counter.feed((1, ["a cell"]))
    # What only somebody more lenient could read may hold anything.
    assert counter.could_hold()


# The exact count


def stored(count: int, **fields: object) -> tuple[Customer, ...]:
    return tuple(
        StoredCustomer(number, number, encode_fields({"external_id": str(number), **fields}))
        for number in range(1, count + 1)
    )


def count_effects(customers: tuple[Customer, ...], *batches: Sequence[object]) -> EffectCount:
    """What batches of records do, one after the other, to stored customers."""
    counted = EffectCount(Position(len(customers), 5, len(customers)))
    for batch in batches:
        decision = decide_with(Choices(), *batch, stored=customers)
        counted.add(decision, read_records(*batch))
        changed = {each.id: each for each in decision.customers}
        customers = tuple(
            StoredCustomer(
                each.id, changed[each.id].version, encode_fields(changed[each.id].fields)
            )
            if each.id in changed
            else each
            for each in customers
        )
    return counted


def reasons_of(counted: EffectCount, permitted: int = 0) -> list[HoldReason]:
    count: Callable[[str], int] = lambda _: permitted  # noqa: E731
    return counted.find_reasons(FEW, count)


def test_customers_who_lose_a_permission_are_counted_once() -> None:
    no = [{"external_id": str(number), "can_sms": False} for number in range(1, 4)]
    yes = [{"external_id": str(number), "can_sms": True} for number in range(1, 4)]
    having = stored(3, can_sms=True)
    lost = HoldReason("permission_taken", 3, 10, "can_sms")
    assert reasons_of(count_effects(having, no), 10) == [lost]
    assert reasons_of(count_effects(having, no, yes, no), 10) == [lost]
    assert reasons_of(count_effects(having, no, yes), 10) == []
    assert reasons_of(count_effects(having, no), 15) == []
    # Whoever had it not has nothing to lose.
    assert reasons_of(count_effects(stored(3), yes, no), 0) == []


def test_deleted_and_forgotten_customers_are_counted_once() -> None:
    delete = [{"external_id": str(number), "is_deleted": True} for number in range(1, 4)]
    forget = [{"external_id": str(number), "is_forgotten": True} for number in range(1, 4)]
    gone = [HoldReason("customers_gone", 3, 3)]
    assert reasons_of(count_effects(stored(3), delete)) == gone
    assert reasons_of(count_effects(stored(3), delete, forget)) == gone
    assert reasons_of(count_effects(stored(3), delete[:2])) == []
    assert reasons_of(count_effects(stored(300), delete)) == []


def test_records_with_the_same_address_are_counted() -> None:
    same = [{"external_id": str(number), "email": " Ada@example.org"} for number in range(1, 4)]
    counted = count_effects(stored(3), same[:2])
    assert not counted.is_near(FEW)
    counted = count_effects(stored(3), same)
    assert counted.is_near(FEW)
    assert reasons_of(counted) == [HoldReason("address_repeated", 3, None, "email")]
