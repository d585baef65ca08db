"""What is wrong with a condition is shown where it stands."""

from __future__ import annotations

from regulars.cli.condition_problems import describe_problems
from tests.domain.segments.acme import problems_of


def shown(text: str) -> list[str]:
    return describe_problems(text, tuple(problems_of(text))).splitlines()


def test_the_mark_stands_below_the_place() -> None:
    assert shown("country = FI and cty = Turku") == [
        "regulars: the condition has a problem",
        "",
        "  country = FI and cty = Turku",
        "                   ^^^",
        "  there is no such field",
    ]


def test_all_problems_are_shown_with_what_could_stand_there() -> None:
    lines = shown("tags = vip or birth_date = soon")
    assert lines[0] == "regulars: the condition has 2 problems"
    assert lines[2:4] == ["  tags = vip or birth_date = soon", "       ^^^^^"]
    assert "has any" in "".join(lines[4:7])
    assert "                             ^^^^" in lines


def test_what_is_missing_at_the_end_is_marked_behind_it() -> None:
    assert shown("city =")[2:4] == ["  city =", "        ^"]


def test_letters_of_two_columns_and_steering_signs_leave_the_mark_in_place() -> None:
    assert shown('city = "東\x1b京" and cty = x')[2:4] == [
        '  city = "東?京" and cty = x',
        "                     ^^^",
    ]


def test_of_a_long_text_what_is_near_is_shown() -> None:
    many = " or ".join(f"city = town{number}" for number in range(300))
    lines = shown(f"{many} or cty = x or {many}")
    assert lines[2].startswith("  …")
    assert lines[2].endswith("…")
    assert len(lines[2]) < 100
    assert lines[2][lines[3].index("^") :].startswith("cty = x")


def test_of_several_lines_the_one_with_the_place_is_shown() -> None:
    assert shown("city = Turku\n  and cty = x\n  and zip_code = 1")[2:4] == [
        "    and cty = x",
        "        ^^^",
    ]
