"""`/api/segments/NAME/count/`, `/statistics/`, `/trend/` and `/overlap/` (SPEC section 11)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from regulars.services.fields import declare_field
from regulars.store.contract.segments import SegmentCount
from tests.api.segment_client import SegmentClient, refusal, segment_in

if TYPE_CHECKING:
    from tests.running_server import RunningServer

CUSTOMERS = [
    {"external_id": "1", "email": "a@example.org", "can_email": True, "country": "FI",
     "language": "fi", "tags": ["VIP", "Gold"], "date_joined": "2026-01-31T23:30:00+02:00",
     "city": "Turku"},
    {"external_id": "2", "email": "b@example.org", "country": "FI", "tags": ["vip"],
     "date_joined": "2026-02-01", "city": "TURKU", "mailing_lists": ["News"]},
    {"external_id": "3", "phone_number": "+46701234567", "can_sms": True, "country": "SE",
     "city": "Åbo"},
    {"external_id": "4", "can_push": True},
]  # fmt: skip


@pytest.fixture(scope="module")
def segments(server: RunningServer) -> SegmentClient:
    shop = server.make_shop()
    shop.upload(*CUSTOMERS)
    client = SegmentClient(shop)
    client.made("everybody", "external_id is set")
    client.made("Finns", "country = FI")
    client.made("vips", "tags has any (vip)")
    client.made("nobody", "city = Nowhere")
    return client


# Count


def test_a_segment_is_counted_with_whom_each_channel_reaches(segments: SegmentClient) -> None:
    assert segments.figures("everybody", "count") == {
        "customers": 4,
        "reach": {"email": 1, "sms": 1, "post": 0, "push": 1},
    }
    assert segments.figures("FINNS", "count") == {
        "customers": 2,
        "reach": {"email": 1, "sms": 0, "post": 0, "push": 0},
    }


def test_a_count_knows_what_was_uploaded_before(segments: SegmentClient) -> None:
    segments.made("counted", "city = Oulu")
    for number in range(1, 6):
        segments.shop.upload({"external_id": f"o{number}", "city": "Oulu"})
        assert segments.figures("counted", "count")["customers"] == number
    segments.shop.upload(
        *({"external_id": f"o{number}", "is_deleted": True} for number in range(1, 6))
    )
    assert segments.figures("counted", "count")["customers"] == 0


# Statistics


def test_statistics_tell_who_the_customers_are_in_the_spelling_they_have(
    segments: SegmentClient,
) -> None:
    found = segments.figures("everybody", "statistics")
    assert found["customers"] == 4
    assert found["reach"] == {"email": 1, "sms": 1, "post": 0, "push": 1}
    assert {each["field"]: (each["customers"], each["share"]) for each in found["permissions"]} == {
        "can_email": (1, 0.25),
        "can_post": (0, 0.0),
        "can_profile": (0, 0.0),
        "can_push": (1, 0.25),
        "can_sms": (1, 0.25),
    }
    fields = {each["field"]: each for each in found["fields"]}
    assert fields.keys() == {"country", "language", "mailing_lists", "tags"}
    assert fields["country"]["values"] == [
        {"value": "FI", "customers": 2, "share": 0.5},
        {"value": "SE", "customers": 1, "share": 0.25},
    ]
    assert fields["country"]["without"] == 1
    assert [each["value"] for each in fields["tags"]["values"]] == ["VIP", "Gold"]
    assert fields["mailing_lists"]["values"][0]["value"] == "News"
    # Months are those of the company's calendar.
    assert found["joined"] == [
        {"month": "2026-01", "customers": 1},
        {"month": "2026-02", "customers": 1},
    ]
    assert found["joined_without"] == 2


def test_any_other_field_is_asked_for_by_name(segments: SegmentClient) -> None:
    found = segments.figures("everybody", "statistics", field=" City")
    assert found.keys() == {"customers", "fields"}
    (field,) = found["fields"]
    assert field == {
        "field": "city",
        "type": "string",
        "values": [
            {"value": "Turku", "customers": 2, "share": 0.5},
            {"value": "Åbo", "customers": 1, "share": 0.25},
        ],
        "other_values": 0,
        "others": 0,
        "without": 1,
    }


def test_of_nobody_there_is_nothing_to_tell(segments: SegmentClient) -> None:
    found = segments.figures("nobody", "statistics")
    assert found["customers"] == 0
    assert found["joined"] == []
    assert all(each["values"] == [] for each in found["fields"])
    assert all(each["share"] == 0 for each in found["permissions"])


def test_most_values_are_told_one_by_one_and_the_others_counted(segments: SegmentClient) -> None:
    shop = segments.shop
    shop.upload(
        *(
            {"external_id": f"z{number}", "zip_code": f"{number // 2:05}", "gender": "x"}
            for number in range(60)
        )
    )
    segments.made("many", "gender = x")
    (field,) = segments.figures("many", "statistics", field="zip_code")["fields"]
    assert len(field["values"]) == 20
    assert (field["other_values"], field["others"], field["without"]) == (10, 20, 0)
    shop.upload(*({"external_id": f"z{number}", "is_deleted": True} for number in range(60)))


@pytest.mark.parametrize("field", ["shoe_size", "x" * 5000, "city,country", '"city"', "\x00"])
def test_a_field_that_there_is_not_is_refused(segments: SegmentClient, field: str) -> None:
    reply = segments.get("everybody", "statistics", field=field)
    assert "field: there is no such field" in refusal(reply, 400)


def test_an_object_has_no_values_to_count(segments: SegmentClient) -> None:
    shop = segments.shop
    shop.upload({"external_id": "1", f"{shop.prefix}extra": {"a": 1}})
    reply = segments.get("everybody", "statistics", field=f"{shop.prefix}extra")
    assert "field: a field of values" in refusal(reply, 400)


# Trend


def test_a_trend_gives_the_counts_kept_of_each_day(segments: SegmentClient) -> None:
    segments.made("grown", "country = SE")
    register = segments.shop.server.installation.open_register(segments.shop.short_name)
    segment = next(each for each in register.store.segments.load()[1] if each.name == "grown")
    today = datetime.now(UTC).date()
    kept = [3, 2, 40, 100]
    register.store.segments.add_counts(
        SegmentCount(segment.id, today - timedelta(days=days), days, {"email": 1}) for days in kept
    )
    counts = [each for each in segments.figures("grown", "trend")["counts"] if
              date.fromisoformat(each["day"]) < today - timedelta(days=1)]  # fmt: skip
    assert counts == [
        {"day": (today - timedelta(days=days)).isoformat(), "customers": days,
         "reach": {"email": 1}}
        for days in (40, 3, 2)
    ]  # fmt: skip
    longer = segments.figures("grown", "trend", days=200)["counts"]
    assert longer[0]["customers"] == 100
    for days in ("0", "-1", "3661", "all"):
        assert "days: " in refusal(segments.get("grown", "trend", days=days), 400)


# Overlap


def test_an_overlap_tells_how_many_are_in_both_and_in_one_only(segments: SegmentClient) -> None:
    assert segments.figures("everybody", "overlap", **{"with": "VIPS"}) == {
        "segment": "everybody", "with": "vips", "both": 2, "only_segment": 2, "only_with": 0,
    }  # fmt: skip
    assert segments.figures("vips", "overlap", **{"with": "nobody"}) == {
        "segment": "vips", "with": "nobody", "both": 0, "only_segment": 2, "only_with": 0,
    }  # fmt: skip
    assert segments.figures("finns", "overlap", **{"with": "finns"})["both"] == 2


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({}, "with: "),
        ({"with": "Romans"}, "with: there is no such segment"),
        ({"with": " "}, "with"),
    ],
)
def test_an_overlap_needs_a_segment_that_there_is(
    segments: SegmentClient, parameters: dict[str, str], named: str
) -> None:
    assert named in refusal(segments.get("vips", "overlap", **parameters), 400)


# A condition that fits its fields no more


def test_a_segment_that_fits_its_fields_no_more_says_so_and_counts_nobody(
    segments: SegmentClient,
) -> None:
    shop = segments.shop
    level = f"{shop.prefix}level"
    shop.upload({"external_id": "1", level: "7"})
    segments.made("high", f"{level} starts with 7")
    segments.made("high and far", "segment high and country = SE")
    register = shop.server.installation.open_register(shop.short_name)
    declare_field(shop.server.installation, register, level, "integer", actor="test")
    for name in ("high", "high and far"):
        for part in ("count", "statistics"):
            assert "does not fit" in refusal(segments.get(name, part), 409)
        refusal(segments.get("vips", "overlap", **{"with": name}), 409)
        assert segments.get(name, "trend").status_code == 200
        assert len(segment_in(segments.get(name))["problems"]) == 1
    assert "high" in segments.names()
    assert segment_in(segments.put("high", where=f"{level} >= 7"))["problems"] == []
    assert segments.figures("high", "count")["customers"] == 1
