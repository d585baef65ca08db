"""Which customers a record means (SPEC section 5, step 1)."""

from __future__ import annotations

import pytest

from tests.domain.imports.deciding import codes_of, decide_on

ADA = "ada@example.org"
BOB = "bob@example.org"
MOBILE = "+358401234567"
OTHER = "+358501234567"
MARK = {"city": "Espoo"}


def customers_meant(earlier: list[dict[str, object]], record: dict[str, object]) -> list[int]:
    """The ids of the customers that a record changes; earlier records make customers 1, 2, ..."""
    decision = decide_on(*earlier, record | MARK)
    return [change.customer_id for change in decision.changes if change.record == len(earlier) + 1]


REGISTERED = {"external_id": "1", "email": ADA, "phone_number": MOBILE}


@pytest.mark.parametrize(
    ("earlier", "record", "meant"),
    [
        # With an external_id.
        ([REGISTERED], {"external_id": "1", "email": BOB}, [1]),
        ([REGISTERED], {"external_id": "2", "email": ADA}, [2]),
        ([{"email": ADA}], {"external_id": "1", "email": ADA}, [1]),
        ([{"phone_number": MOBILE}], {"external_id": "1", "phone_number": MOBILE}, [1]),
        (
            [{"phone_number": MOBILE}, {"email": ADA}],
            {"external_id": "1", "email": ADA, "phone_number": MOBILE},
            [2],
        ),
        (
            [{"email": BOB, "phone_number": MOBILE}],
            {"external_id": "1", "phone_number": MOBILE},
            [2],
        ),
        # The oldest of several is adopted.
        (
            [{"phone_number": MOBILE}, {"email": ADA}, {"phone_number": MOBILE, "email": ADA}],
            {"external_id": "1", "email": ADA},
            [2],
        ),
        # Without an external_id.
        ([REGISTERED], {"email": ADA}, [1]),
        ([REGISTERED, {"external_id": "2", "email": ADA}], {"email": ADA}, [1, 2]),
        (
            [REGISTERED, {"external_id": "2", "email": ADA}],
            {"email": ADA, "phone_number": MOBILE},
            [1],
        ),
        (
            [REGISTERED, {"external_id": "2", "email": ADA}],
            {"email": ADA, "phone_number": OTHER},
            [1, 2],
        ),
        ([REGISTERED], {"email": BOB, "phone_number": MOBILE}, [2]),
        (
            [{"external_id": "1", "phone_number": MOBILE}],
            {"email": BOB, "phone_number": MOBILE},
            [1],
        ),
        ([REGISTERED], {"phone_number": MOBILE}, [1]),
        ([REGISTERED], {"email": BOB}, [2]),
        # A national number finds by the record's country, else by the company's.
        ([REGISTERED], {"phone_number": "040 123 4567"}, [1]),
        ([REGISTERED], {"phone_number": "040 123 4567", "country": "FI"}, [1]),
        # A line of an export means the customer that it shows, if it means it at all.
        ([REGISTERED, {"external_id": "2", "email": ADA}], {"email": ADA, "_customer": 2}, [2]),
        ([REGISTERED, {"external_id": "2", "email": ADA}], {"email": ADA, "_customer": "1"}, [1]),
        ([REGISTERED, {"external_id": "2", "email": ADA}], {"email": ADA, "_customer": 9}, [1, 2]),
        ([REGISTERED, {"external_id": "2", "email": ADA}], {"email": ADA, "_customer": []}, [1, 2]),
        ([REGISTERED], {"email": BOB, "_customer": 1}, [2]),
        ([REGISTERED], {"external_id": "2", "_customer": 1}, [2]),
    ],
)
def test_a_record_means_these_customers(
    earlier: list[dict[str, object]], record: dict[str, object], meant: list[int]
) -> None:
    assert customers_meant(earlier, record) == meant


def shared(number: int, **fields: object) -> list[dict[str, object]]:
    return [{"external_id": f"shared-{each}", **fields} for each in range(number)]


@pytest.mark.parametrize(
    ("earlier", "record", "is_rejected"),
    [
        (shared(2, email=ADA), {"email": ADA}, False),
        (shared(3, email=ADA), {"email": ADA}, True),
        (shared(3, phone_number=MOBILE), {"phone_number": MOBILE}, True),
        (shared(3, email=ADA), {"external_id": "new", "email": ADA}, False),
        # A phone number narrows a crowded email, unless it is crowded as well.
        ([*shared(3, email=ADA), REGISTERED], {"email": ADA, "phone_number": MOBILE}, False),
        (
            shared(3, email=ADA, phone_number=MOBILE),
            {"email": ADA, "phone_number": MOBILE},
            True,
        ),
    ],
)
def test_a_record_that_means_too_many_customers_is_rejected(
    earlier: list[object], record: object, is_rejected: bool
) -> None:
    decision = decide_on(*earlier, record, limit=2)
    assert (decision.outcomes[-1] == "rejected") == is_rejected
    assert codes_of(decision) == ["too_many_customers"] * is_rejected


def test_deleted_registered_customers_do_not_crowd_an_address() -> None:
    deleted = [each | {"is_deleted": True} for each in shared(3, email=ADA)]
    decision = decide_on(*deleted, {"email": ADA}, limit=2)
    assert decision.outcomes[-1] == "created"
