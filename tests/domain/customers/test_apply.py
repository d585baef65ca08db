"""How a record changes a customer: partial update, removal, lists (SPEC section 5, step 2)."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.domain.imports.deciding import decide_on

ONE = {"external_id": "1"}


def fields_after(*records: dict[str, object]) -> dict[str, object]:
    """The fields of the customer 1 when these records were applied in a row."""
    decision = decide_on(*(ONE | record for record in records))
    (customer,) = decision.customers
    return {name: value for name, value in customer.fields.items() if name != "external_id"}


@pytest.mark.parametrize(
    ("records", "fields"),
    [
        ([{"city": "Espoo"}, {"gender": "x"}], {"city": "Espoo", "gender": "x"}),
        ([{"city": "Espoo"}, {"city": ""}], {}),
        ([{"city": "Espoo"}, {"city": None}], {"city": "Espoo"}),
        ([{"can_email": True}, {"can_email": ""}], {}),
        ([{"tags": ["a", "b"]}, {"tags": []}], {}),
        ([{"tags": ["a"]}, {"tags.add": []}, {"tags.remove": ""}], {"tags": ["a"]}),
        ([{"tags": ["a"]}, {"tags.add": ["b", "a", "b"]}], {"tags": ["a", "b"]}),
        ([{"tags": ["a"]}, {"tags.remove": "a"}], {}),
        ([{"mailing_lists": ["a", "b", "a"]}, {"mailing_lists.remove": "a"}],
         {"mailing_lists": ["b"]}),
        ([{"mailing_lists": ["a", "a"]}, {"mailing_lists.add": "a"}],
         {"mailing_lists": ["a", "a"]}),
        ([{"tags.remove": "a"}], {}),
        ([{"acme__a": 7}, {"acme__a": ["x"]}, {"acme__a.add": "y"}], {"ACME__a": ["x", "y"]}),
        # A number from before its field became a list is its first item.
        ([{"acme__a": 7}, {"external_id": "1", "acme__a": None}, {"acme__b": ["x"]}],
         {"ACME__a": 7, "ACME__b": ["x"]}),
        # A national number is read with the customer's country.
        ([{"country": "GB"}, {"phone_number": "020 7946 0958"}],
         {"country": "GB", "phone_number": "+442079460958"}),
        ([{"phone_number": "020 7946 0958", "country": "GB"}],
         {"country": "GB", "phone_number": "+442079460958"}),
        ([{"phone_number": "040 123 4567"}], {"phone_number": "+358401234567"}),
        ([{"phone_number": "07757 138957", "can_sms": True, "can_post": 1}], {"can_post": True}),
    ],
)  # fmt: skip
def test_records_in_a_row_leave_these_fields(
    records: list[dict[str, object]], fields: dict[str, object]
) -> None:
    assert fields_after(*records) == fields


@pytest.mark.parametrize("name", ["tags", "mailing_lists", "acme__interests"])
def test_the_order_of_keys_does_not_count_for_operations(name: str) -> None:
    keys = {name: ["a", "b"], f"{name}.add": ["c", "d"], f"{name}.remove": ["b", "d"]}
    for order in permutations(keys):
        record = {key: keys[key] for key in order}
        (value,) = fields_after({"city": "Espoo"}, record | {"city": ""}).values()
        assert value == ["a", "c"]


@pytest.mark.parametrize(
    ("record", "again"),
    [
        ({"tags": ["a", "b", "a"]}, {"tags": ["a", "b"]}),
        ({"city": "A\u030asa"}, {"city": "\u00c5sa"}),
        ({"acme__a": 7}, {"acme__a": "7"}),
        ({"acme__a": 7}, {"acme__a": 7.0}),
        ({"acme__a": {"a": [1]}}, {"acme__a": {"a": [1]}}),
        ({"date_joined": "2015-08-28"}, {"date_joined": "2015-08-27T21:00:00Z"}),
        ({}, {"city": ""}),
        ({}, {"tags.remove": "a"}),
        ({"is_deleted": False}, {"is_forgotten": ""}),
    ],
)
def test_the_same_said_otherwise_is_unchanged(
    record: dict[str, object], again: dict[str, object]
) -> None:
    assert decide_on(ONE | record, ONE | again).outcomes == ["created", "unchanged"]
