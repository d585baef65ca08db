"""A condition explains itself: as a sentence, and for one customer node by node."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from regulars.domain.segments.evaluate import PastChange, Subject
from regulars.domain.segments.sentence import explain
from regulars.domain.segments.text import read_condition
from regulars.domain.segments.tree import Test
from regulars.domain.segments.why import Why, explain_why
from regulars.errors import InvalidConditionError
from tests.domain.segments.acme import SCHEMA, checked

NOON: Final = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("country = fi", "Customers where country is fi."),
        (
            "CITY in (Oslo, Bergen) and (can_email = true or not tags has any (vip))",
            (
                "Customers where city is one of “Oslo” or “Bergen” and "
                "(can_email is true or it is not so that tags has any of “vip”)."
            ),
        ),
        (
            "acme__money between 100 and 500 or last_login in last 1 day and city is not set",
            (
                "Customers where ACME__money is between 100 cents and 500 cents or "
                "(last_login is in the last 1 day and city is not set)."
            ),
        ),
        (
            'segment "Churned" and sample 5 %',
            (
                "Customers where the customer is in the segment “Churned” and "
                "the customer is in a fixed sample of 5 % of all customers."
            ),
        ),
        (
            "can_sms became true in last 30 days",
            "Customers where can_sms became true in the last 30 days.",
        ),
    ],
)
def test_a_condition_reads_as_a_sentence(text: str, sentence: str) -> None:
    assert explain(read_condition(text).tree, SCHEMA) == sentence


def test_what_has_no_form_has_no_sentence() -> None:
    for tree in (Test("city", "equals", ("a",)), Test("city", "is")):
        with pytest.raises(InvalidConditionError):
            explain(tree, SCHEMA)


def test_why_shows_the_truth_and_the_value_found_at_each_node() -> None:
    subject = Subject(
        1,
        {"city": "Oslo", "ACME__given_integer": "7", "ACME__given_number": "many"},
        sample=1_234,
        history=[
            PastChange(NOON - timedelta(days=3), None, {"city": "Rome"}),
            PastChange(NOON, {"city": "Rome"}, {"city": "Oslo"}),
        ],
    )
    condition = checked(
        "city = oslo and (can_email = true or can_email is set) and not acme__given_integer > 5"
        " and acme__given_number is set and sample 10 % and segment s"
        " and city changed in last 0 days",
        find_segment=lambda _: read_condition("country != FI").tree,
    )

    why = explain_why(condition, subject, NOON)

    assert not why.is_true
    assert why.parts == (
        Why("city = oslo", True, "Oslo"),
        Why(
            "can_email = true or can_email is set",
            False,
            None,
            (Why("can_email = true", False, False), Why("can_email is set", False, None)),
        ),
        Why("not acme__given_integer > 5", False, None, (Why("acme__given_integer > 5", True, 7),)),
        Why("acme__given_number is set", False, None),
        Why("sample 10 %", False, 12.34),
        Why('segment "s"', True, None, (Why("country != FI", True, None),)),
        Why(
            "city changed in last 0 days",
            True,
            [
                {"at": NOON, "before": "Rome", "after": "Oslo"},
                {"at": NOON - timedelta(days=3), "before": None, "after": "Rome"},
            ],
        ),
    )
