"""The report of an import grows by batches, and stays small whatever the import."""

from __future__ import annotations

from regulars.domain.imports.report import LISTED_PROBLEMS, Report
from regulars.domain.records.problem import Problem
from tests.domain.imports.deciding import decide_on


def report_of(*records: object) -> Report:
    report = Report()
    report.add(decide_on(*records))
    return report


def test_outcomes_and_customers_are_counted() -> None:
    one = {"external_id": "1"}
    report = report_of(one, one, one | {"city": "Espoo"}, 5, {"email": "a@example.org"})
    assert (report.records, report.created, report.updated) == (5, 2, 1)
    assert (report.unchanged, report.rejected, report.ignored) == (1, 1, 0)
    assert report.customers_changed == 2


def test_batches_add_up() -> None:
    report = report_of({"external_id": "1"})
    report.add(decide_on(5, {"external_id": "2", "email": "x"}))
    assert (report.records, report.rejected, report.warnings) == (3, 1, 1)


def test_errors_come_first() -> None:
    report = report_of({"external_id": "1", "email": "x"}, 5)
    assert [problem.code for problem in report.problems] == ["malformed_record", "bad_email"]


def test_an_unknown_field_is_listed_once_with_its_count() -> None:
    report = report_of(*({"external_id": str(number), "state": 1} for number in range(7)))
    (problem,) = report.problems
    assert report.count_of(problem) == 7
    assert report.warnings == 1


def test_a_problem_of_a_value_is_listed_each_time() -> None:
    report = report_of(*({"external_id": str(number), "email": "x"} for number in range(7)))
    assert [report.count_of(problem) for problem in report.problems] == [1] * 7
    assert report.groups["bad_email email"].count == 7


def test_a_hostile_import_has_a_small_report() -> None:
    report = report_of(
        *({"external_id": "1", f"k{number}": 1} for number in range(3000)), *[5] * 999
    )
    assert len(report.problems) == LISTED_PROBLEMS
    assert len(report.groups) == 1002
    assert report.problems[0].code == "malformed_record"
    # Past so many names, all others are counted together.
    assert report.groups["unknown_field "].count == 2000
    assert report.groups["unknown_field "].field is None


def test_errors_are_grouped_however_many_names_came_before() -> None:
    unknown = {f"k{number}": 1 for number in range(1200)}
    report = report_of({"external_id": "1"} | unknown, *[{"city": "Turku"}] * 4, {"email": "x"})
    assert [(each.code, each.count, each.first_record) for each in report.list_groups("error")] == [
        ("no_identifier", 5, 2)
    ]
    warnings = {each.code: each.count for each in report.list_groups("warning")}
    assert warnings["bad_email"] == 1
    assert sum(each.count for each in report.list_groups("warning")) == 1201


def test_problems_of_more_fields_than_have_room_are_grouped_by_their_code() -> None:
    report = Report()
    problems = [Problem("bad_integer", number, f"ACME__f{number}") for number in range(1, 1501)]
    decision = decide_on({"external_id": "1"})
    decision.problems = [*problems, *problems[:1], Problem("bad_email", 1501, "email")]
    report.add(decision)
    assert len(report.problems) == LISTED_PROBLEMS
    assert len(report.groups) == 1002
    assert report.groups["bad_integer "].count == 500
    assert report.groups["bad_integer "].field is None
    assert report.groups["bad_integer ACME__f1"].count == 2
    assert report.warnings == 1502


def test_adding_a_batch_tells_which_problems_to_keep_one_by_one() -> None:
    report = Report()
    first = report.add(decide_on({"external_id": "1", "state": 1, "email": "x"}, 5))
    assert [problem.code for problem in first] == ["unknown_field", "bad_email", "malformed_record"]
    second = report.add(decide_on({"external_id": "1", "state": 1, "email": "x"}))
    assert [problem.code for problem in second] == ["bad_email"]


def test_of_names_past_a_thousand_only_the_count_is_kept() -> None:
    report = Report()
    kept = report.add(
        decide_on(*({"external_id": "1", f"k{number}": 1} for number in range(3000)), 5)
    )
    assert len(kept) == 1001
    assert kept[-1].code == "malformed_record"
