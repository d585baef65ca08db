"""The reference model is trusted because these scenarios, small enough to check by eye, hold."""

from __future__ import annotations

import pytest

from tests.reference_model import ReferenceModel

ADA = "ada@example.org"
BOB = "bob@example.org"
MOBILE = "+358401234567"
OTHER_MOBILE = "+358501234567"


def model_after(*records: object, limit: int = 100) -> ReferenceModel:
    model = ReferenceModel("acme", customers_per_record_limit=limit)
    model.upload(list(records))
    return model


def outcomes_of(*records: object, limit: int = 100) -> list[str]:
    return ReferenceModel("acme", customers_per_record_limit=limit).upload(list(records))


def fields_after(*records: object) -> list[dict[str, object]]:
    return [customer.fields for customer in model_after(*records).customers]


def problems_of_last(*records: object) -> list[tuple[str, str | None]]:
    return [
        (code, name)
        for number, code, name in model_after(*records).problems
        if number == len(records)
    ]


REGISTERED = {"external_id": "1", "email": ADA}
TWINS = [REGISTERED, {"external_id": "2", "email": ADA, "phone_number": MOBILE}]


@pytest.mark.parametrize(
    ("records", "last_outcome", "numbers_changed"),
    [
        ([REGISTERED], "created", [1]),
        ([REGISTERED, REGISTERED], "unchanged", []),
        # the external_id decides, whatever the email
        ([REGISTERED, {"external_id": "1", "email": BOB}], "updated", [1]),
        ([REGISTERED, {"external_id": "2", "email": ADA}], "created", [2]),
        ([{"external_id": "\u00c5"}, {"external_id": "\u00e5"}], "created", [2]),
        ([{"external_id": "\u00c5"}, {"external_id": " A\u030a "}], "unchanged", []),
        # an unregistered customer becomes registered: by email, else by phone number without email
        ([{"email": ADA}, {"external_id": "1", "email": ADA}], "updated", [1]),
        ([{"phone_number": MOBILE}, {"external_id": "1", "phone_number": MOBILE}], "updated", [1]),
        (
            [
                {"email": ADA, "phone_number": MOBILE},
                {"external_id": "1", "phone_number": MOBILE},
            ],
            "created",
            [2],
        ),
        (
            [
                {"phone_number": MOBILE},
                {"email": ADA},
                {"external_id": "1", "email": ADA, "phone_number": MOBILE},
            ],
            "updated",
            [2],
        ),
        # without external_id: all with the email; of these, those with the phone number
        ([*TWINS, {"email": ADA, "city": "Espoo"}], "updated", [1, 2]),
        ([*TWINS, {"email": ADA, "phone_number": MOBILE, "city": "Espoo"}], "updated", [2]),
        ([*TWINS, {"email": ADA, "phone_number": OTHER_MOBILE}], "updated", [1, 2]),
        ([*TWINS, {"phone_number": MOBILE, "city": "Espoo"}], "updated", [2]),
        # a shared phone number does not overwrite somebody's address
        ([*TWINS, {"phone_number": MOBILE, "email": BOB}], "created", [3]),
        ([{"phone_number": MOBILE}, {"phone_number": MOBILE, "email": BOB}], "updated", [1]),
        # for finding, a national number is read with the record's country
        (
            [{"phone_number": "+442079460958"}, {"phone_number": "020 7946 0958", "country": "gb"}],
            "updated",
            [1],
        ),
        # an email that cannot be read is no email
        ([*TWINS, {"phone_number": MOBILE, "email": "bob", "city": "Espoo"}], "updated", [2]),
        ([{"city": "Espoo"}], "rejected", []),
        ([{"external_id": " ", "email": "", "phone_number": "12"}], "rejected", []),
        ([REGISTERED, {"external_id": "a b", "email": ADA}], "rejected", []),
        ([REGISTERED, {"external_id": "", "email": ADA}], "unchanged", []),
        (["Ada"], "rejected", []),
    ],
)
def test_a_record_means_the_customers_it_identifies(
    records: list[object], last_outcome: str, numbers_changed: list[int]
) -> None:
    model = model_after(*records[:-1])
    before = {customer.number: customer.changes for customer in model.customers}
    version = model.version
    assert model.upload(records[-1:]) == [last_outcome]
    changed = [one.number for one in model.customers if one.changes > before.get(one.number, 0)]
    assert changed == numbers_changed
    assert model.version == version + len(changed)


def test_a_record_that_means_more_customers_than_the_limit_is_rejected() -> None:
    third = {"external_id": "3", "email": ADA}
    record = {"email": ADA, "city": "Espoo"}
    assert outcomes_of(*TWINS, record, limit=2)[-1] == "updated"
    assert outcomes_of(*TWINS, third, record, limit=2)[-1] == "rejected"


@pytest.mark.parametrize(
    ("stored", "supplied", "expected"),
    [
        ({"city": "Espoo"}, {"city": " "}, {}),
        ({"city": "Espoo"}, {"city": None, " CITY.x": None}, {"city": "Espoo"}),
        ({"city": "Espoo"}, {"city": "Turku", " CITY ": "Oulu"}, {"city": "Oulu"}),
        ({"city": "Espoo"}, {"city": ["Turku"]}, {"city": "Espoo"}),
        ({"can_email": True}, {"can_email": ""}, {}),
        ({}, {"can_email": "yes", "email": "ada"}, {}),
        ({}, {"can_email": "no", "email": "ada"}, {"can_email": False}),
        ({}, {"can_email": "yes", "email": ""}, {"can_email": True}),
        ({}, {"can_sms": 1, "phone_number": "12"}, {}),
        ({}, {"is_deleted": "", "is_forgotten": "no"}, {}),
        # x sets, then x.add, then x.remove
        ({"tags": ["a"]}, {"tags.add": ["b", "b", "a"]}, {"tags": ["a", "b"]}),
        ({"tags": ["a"]}, {"tags.remove": "b", " Tags.ADD ": "b"}, {"tags": ["a"]}),
        ({"tags": ["a"]}, {"tags.remove": "a"}, {}),
        ({"tags": ["a"]}, {"tags.add": "b", "tags": "c"}, {"tags": ["c", "b"]}),
        ({"tags": ["a"]}, {"tags.add": "b", "tags": []}, {"tags": ["b"]}),
        ({"tags": ["a"]}, {"tags.add": "b", "tags": 7}, {"tags": ["a", "b"]}),
        ({"tags": ["a"]}, {"tags.add": [], "tags.remove": ""}, {"tags": ["a"]}),
        ({"tags": ["a"]}, {"tags.add": {"a": "b"}, "tags.remove": "a"}, {}),
        (
            {"mailing_lists": ["a", "b", "a"]},
            {"mailing_lists.remove": "a"},
            {"mailing_lists": ["b"]},
        ),
        (
            {"mailing_lists": ["a", "a"]},
            {"mailing_lists.add": "b"},
            {"mailing_lists": ["a", "a", "b"]},
        ),
        # a national number: the record's country, else the customer's, else the company's
        ({}, {"phone_number": "040 123 4567"}, {"phone_number": MOBILE}),
        (
            {"country": "GB"},
            {"phone_number": "020 7946 0958"},
            {"country": "GB", "phone_number": "+442079460958"},
        ),
        (
            {"country": "GB"},
            {"phone_number": "020 7946 0958", "country": "fin"},
            {"country": "FI", "phone_number": "+3582079460958"},
        ),
        (
            {"country": "GB"},
            {"phone_number": "020 7946 0958", "country": ""},
            {"phone_number": "+442079460958"},
        ),
        (
            {"country": "GB"},
            {"phone_number": "07757 138957", "can_sms": True},
            {"country": "GB", "phone_number": "+447757138957", "can_sms": True},
        ),
        ({"country": "GB"}, {"phone_number": "040 123 4567", "can_sms": True}, {"country": "GB"}),
    ],
)
def test_only_supplied_and_readable_keys_change(
    stored: dict[str, object], supplied: dict[str, object], expected: dict[str, object]
) -> None:
    found = fields_after({"external_id": "1"} | stored, {"external_id": "1"} | supplied)
    assert found == [{"external_id": "1"} | expected]


def test_a_number_by_which_the_customer_was_found_stays_as_it_is() -> None:
    stored = {"phone_number": "+3582079460958", "country": "GB"}
    assert outcomes_of(stored, {"phone_number": "020 7946 0958"})[-1] == "unchanged"


@pytest.mark.parametrize(
    ("values", "field_type", "reads"),
    [
        ([1], "integer", 1),
        ([1, "2"], "integer", 2),
        ([1, 1.0], "integer", 1),
        ([1, 1.5], "number", 1.5),
        ([2**63], "number", 2.0**63),
        ([1, "gold"], "string", "gold"),
        ([True, 1], "boolean", True),
        ([True, 2], "string", "2"),
        (["1", 2], "string", "2"),
        ([1, ["a"]], "list", ["a"]),
        ([[], 1], "list", ["1"]),
        ([" a ", ["b"], "a"], "list", ["a"]),
        ([1, {"a": "b"}], "integer", 1),
        ([{"a": "b"}, 1], "object", {"a": "b"}),
        ([None, "", 1], "integer", 1),
        ([[["a"]], 1], "integer", 1),
    ],
)
def test_a_company_field_widens_as_far_as_its_values_need(
    values: list[object], field_type: str, reads: object
) -> None:
    model = model_after(*({"external_id": "1", "acme__Level": value} for value in values))
    assert model.field_types == {"ACME__Level": field_type}
    assert model.as_read()[0]["ACME__Level"] == reads


def test_a_kept_value_reads_through_the_present_type() -> None:
    kept: list[tuple[object, object]] = [(7.0, ["7"]), (True, ["true"]), (" a ", ["a"])]
    for value, read in kept:
        first = {"external_id": "1", "ACME__x": value}
        model = model_after(first, {"external_id": "2", "acme__X": ["b"]})
        assert [row["ACME__x"] for row in model.as_read()] == [read, ["b"]]
        assert model.upload([first]) == ["unchanged"]


def test_a_company_value_that_reads_the_same_changes_nothing() -> None:
    records = [{"external_id": "1", "acme__x": value} for value in (1, "1", 1.0, True, "true")]
    assert outcomes_of(*records) == ["created", "unchanged", "unchanged", "updated", "unchanged"]
    assert fields_after(*records) == [{"external_id": "1", "ACME__x": True}]


def test_a_rejected_record_declares_company_fields_all_the_same() -> None:
    assert model_after({"ACME__x": 1}, {"acme__x": "a"}).field_types == {"ACME__x": "string"}


def test_operations_declare_a_list_and_need_one() -> None:
    record = {"external_id": "1", "acme__x.add": "a"}
    assert fields_after(record) == [{"external_id": "1", "ACME__x": ["a"]}]
    integer = {"email": ADA, "acme__x": 1}
    assert problems_of_last(integer, record) == [("bad_operation", "ACME__x")]
    assert problems_of_last(integer, record | {"ACME__X": ["b"]}) == []


@pytest.mark.parametrize(
    ("record", "problems"),
    [
        (None, [("malformed_record", None)]),
        ({"city": 7}, [("no_identifier", None)]),
        ({"external_id": True, "email": ADA}, [("bad_external_id", "external_id")]),
        ({"email": ADA, "external_id": "1", "State": 1}, [("unknown_field", "State")]),
        ({"email": ADA, "acme__1": 1}, [("bad_field_name", "acme__1")]),
        ({"email": ADA, "_Record": 1}, []),
        ({"email": ADA, "city": None}, []),
        ({"email": ADA, "mailing_lists": 7}, [("wrong_type", "mailing_lists")]),
        ({"email": ADA, "city.add": "a"}, [("bad_operation", "city")]),
        ({"email": ADA, "tags.toggle": "a"}, [("bad_operation", "tags")]),
        ({"email": ADA, "tags": 1, "tags.add": 2}, [("wrong_type", "tags")]),
        ({"email": ADA, "acme__x": [["a"]]}, [("wrong_type", "ACME__x")]),
        ({"email": ADA, "phone_number": "12"}, [("bad_phone_number", "phone_number")]),
        (
            {"email": "ada", "phone_number": MOBILE, "can_email": True},
            [("bad_email", "email"), ("permission_without_address", "can_email")],
        ),
    ],
)
def test_problems_name_code_and_field(
    record: object, problems: list[tuple[str, str | None]]
) -> None:
    assert problems_of_last(record) == problems


def test_permissions_read_back_as_false_where_unset() -> None:
    unset = dict.fromkeys(["can_sms", "can_post", "can_push", "can_profile"], False)
    row = {**REGISTERED, "can_email": True, **unset}
    assert model_after(
        {**REGISTERED, "can_email": 1}, {"external_id": "2", "is_deleted": True}
    ).as_read() == [row]
