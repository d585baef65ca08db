"""The made-up customers: the same everywhere, valid, and such as a planner would believe."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import date
from functools import cache
from typing import Final

import phonenumbers
import pytest
from email_validator import validate_email

from regulars.demo.people import make_customers
from regulars.domain.fields.catalogue import BUILTIN_FIELDS

COUNT: Final = 20_000
EXAMPLE_DOMAIN: Final = re.compile(r"@([a-z-]+\.)*example\.(org|com|net)$")
FIRST_THOUSAND: Final = "06e4788aae140c42e0d8632b4788a88092cfab953c7f30eff39a5e180441ea04"
ZIP_CODES: Final = {
    "FI": r"\d{5}",
    "SE": r"\d{3} \d{2}",
    "GB": r"[A-Z]{1,2}\d{1,2} \d[A-Z]{2}",
    "DE": r"\d{5}",
}
COMPANY_FIELDS: Final = {"DEMO__loyalty_level", "DEMO__points", "DEMO__favourite_category"}
NEVER_MADE_UP: Final = {"is_deleted", "is_forgotten"}


@cache
def customers() -> list[dict[str, object]]:
    return list(make_customers(COUNT))


def texts(field: str) -> list[str]:
    return [str(record[field]) for record in customers() if field in record]


def share(field: str, value: object) -> float:
    return sum(record.get(field) == value for record in customers()) / COUNT


def test_the_first_thousand_customers_are_the_same_on_every_machine() -> None:
    lines = "\n".join(json.dumps(record, ensure_ascii=False) for record in make_customers(1_000))
    assert hashlib.sha256(lines.encode()).hexdigest() == FIRST_THOUSAND


def test_two_makings_running_at_once_do_not_disturb_each_other() -> None:
    pairs = zip(make_customers(500), make_customers(500), strict=True)
    assert all(one == other for one, other in pairs)


def test_another_seed_gives_other_people() -> None:
    assert list(make_customers(20, seed=2)) != list(make_customers(20, seed=1))


def test_company_fields_bear_the_short_name_of_the_company() -> None:
    named = {
        name for record in make_customers(50, company="SHOP") for name in record if "__" in name
    }
    assert named == {"SHOP__loyalty_level", "SHOP__points", "SHOP__favourite_category"}


@pytest.mark.parametrize("count", [0, 1, 7])
def test_as_many_records_come_as_were_asked_for(count: int) -> None:
    assert len(list(make_customers(count))) == count


def test_every_built_in_field_occurs_and_no_unknown_one() -> None:
    built_in = {field.name for field in BUILTIN_FIELDS}
    occurring = {name for record in customers() for name in record}
    assert occurring == (built_in - NEVER_MADE_UP) | COMPANY_FIELDS


def test_no_record_holds_an_empty_value() -> None:
    assert not [record for record in customers() if None in record.values()]
    assert not [record for record in customers() if any(v in ("", []) for v in record.values())]


def test_every_record_has_an_identifier() -> None:
    assert all({"external_id", "email", "phone_number"} & record.keys() for record in customers())


def test_external_ids_rise_with_gaps() -> None:
    numbers = texts("external_id")
    assert all(re.fullmatch(r"R\d{8}", number) for number in numbers)
    assert numbers == sorted(set(numbers))
    assert int(numbers[-1][1:]) - int(numbers[0][1:]) > len(numbers)


def test_every_phone_number_is_a_valid_mobile_number_of_the_country() -> None:
    for record in customers():
        if "phone_number" not in record:
            continue
        text = str(record["phone_number"])
        number = phonenumbers.parse(text)
        assert phonenumbers.is_valid_number(number), text
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE, text
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == text
        region = phonenumbers.region_code_for_number(number)
        assert region == record.get("country", region), text


def test_every_email_is_valid_plain_and_at_an_example_domain() -> None:
    for email in set(texts("email")):
        assert validate_email(email, check_deliverability=False).normalized == email
        assert email.isascii()
        assert email == email.lower()
        assert EXAMPLE_DOMAIN.search(email), email


def test_emails_and_phone_numbers_are_shared_by_some_households_and_no_more() -> None:
    for field in ("email", "phone_number"):
        holders = Counter(texts(field))
        assert 0.95 < len(holders) / holders.total() < 1
        assert max(holders.values()) <= 4


def test_zip_codes_have_the_shape_of_the_country() -> None:
    for record in customers():
        if "zip_code" in record and "country" in record:
            shape = ZIP_CODES[str(record["country"])]
            assert re.fullmatch(shape, str(record["zip_code"])), record["zip_code"]


def test_nobody_joins_before_eighteen_or_comes_after_today() -> None:
    for record in make_customers(5_000, today=date(2024, 2, 29)):
        joined = str(record["date_joined"])
        assert joined[:10] < "2024-02-29"
        assert joined <= str(record.get("last_login", joined)) < "2024-02-29"
        born = str(record.get("birth_date", "1900-01-01"))
        assert int(joined[:4]) - int(born[:4]) >= 18


def test_the_shop_grows_and_is_busiest_before_christmas() -> None:
    years = Counter(joined[:4] for joined in texts("date_joined"))
    months = Counter(joined[5:7] for joined in texts("date_joined"))
    assert years["2013"] < years["2017"] < years["2021"] < years["2025"]
    assert months.most_common(1)[0][0] == "11"


@pytest.mark.parametrize(
    ("field", "value", "expected", "tolerance"),
    [
        ("country", "FI", 0.44, 0.02),
        ("country", "SE", 0.245, 0.02),
        ("country", "GB", 0.145, 0.02),
        ("country", "DE", 0.145, 0.02),
        ("can_email", True, 0.62, 0.02),
        ("can_sms", True, 0.38, 0.02),
        ("can_post", True, 0.30, 0.02),
        ("can_push", True, 0.15, 0.02),
        ("can_profile", True, 0.70, 0.02),
        ("can_push", None, 0.48, 0.03),
        ("external_id", None, 0.06, 0.01),
        ("email", None, 0.08, 0.02),
        ("phone_number", None, 0.22, 0.02),
        ("company", None, 0.96, 0.01),
        ("canonical_id", None, 0.96, 0.02),
        ("street_name", None, 0.91, 0.02),
        ("DEMO__loyalty_level", "bronze", 0.49, 0.03),
        ("DEMO__loyalty_level", "platinum", 0.04, 0.01),
    ],
)
def test_shares_are_those_of_a_believable_shop(
    field: str, value: object, expected: float, tolerance: float
) -> None:
    assert share(field, value) == pytest.approx(expected, abs=tolerance)


def test_who_allows_email_is_likelier_to_allow_text_messages() -> None:
    asked = [record for record in customers() if {"can_email", "can_sms"} <= record.keys()]
    by_email = Counter(record["can_sms"] for record in asked if record["can_email"])
    by_none = Counter(record["can_sms"] for record in asked if not record["can_email"])
    assert by_email[True] / by_email.total() > 2 * by_none[True] / by_none.total()


def test_unregistered_customers_come_with_an_email_and_without_a_phone_number() -> None:
    unregistered = [record for record in customers() if "external_id" not in record]
    assert all("email" in record and "phone_number" not in record for record in unregistered)


def test_customers_with_one_canonical_id_are_one_human_or_one_company() -> None:
    members: dict[str, list[dict[str, object]]] = {}
    for record in customers():
        if "canonical_id" in record:
            members.setdefault(str(record["canonical_id"]), []).append(record)
    assert sum(len(group) > 1 for group in members.values()) > 200
    for group in members.values():
        names = {(record["first_name"], record["last_name"]) for record in group}
        companies = {record.get("company") for record in group}
        assert len(companies) == 1
        assert len(names) == 1 or companies != {None}
