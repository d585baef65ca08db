"""The benchmarks at toy size: they run, and compare like with like. No speed is asserted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from benchmarks import index, latency, pages
from benchmarks.__main__ import ORDERS, main
from benchmarks.index_questions import QUESTIONS
from benchmarks.made_up import MOST_CUSTOMERS, records

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = 12
LEAST_PAGES = 50


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_floor_and_ours_make_the_same_number_of_customers(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "results.json"
    main(["unordered", "--records", "300", "--pairs", "1", "--engine", engine, "--json", str(file)])
    (comparison,) = msgspec.json.decode(file.read_bytes())["comparisons"]
    (floor,), (ours,) = comparison["references"], comparison["ours"]
    assert floor["customers"] == ours["customers"] == floor["records"] == ours["records"] == 300
    assert comparison["ratio"] > 0
    assert "300 new, unordered" in capsys.readouterr().out


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_small_uploads_are_timed_idle_and_beside_a_large_import(engine: str) -> None:
    measured = latency.main(["--engine", engine, "--records", "3000", "--uploads", "5"])
    commits, idle, *_, counted = measured.times
    assert len(commits.milliseconds) == len(idle.milliseconds) == 5
    assert set(idle.statuses) == {"done"}
    # Until the index is made, nobody can count.
    assert set(counted.statuses) <= {"200", "503"}
    assert min(measured.rate_alone, measured.rate_beside) > 0


def test_the_index_and_duckdb_by_hand_give_the_same_answers() -> None:
    measured = index.main(["--customers", "2000", "--part", "100", "--pairs", "1", "--cold", "1"])
    # Each answer was compared with the other one before it was timed.
    assert [each.name for each in measured.warm] == [each.name for each in QUESTIONS]
    assert measured.cold
    assert measured.built.changes == 2020
    assert all(each.milliseconds for each in measured.moments)


def test_growth_is_measured_on_few_and_on_many_stored_customers() -> None:
    results = main(["--records", "--stored", "500", "--part", "10"])
    assert len(results.comparisons) == len(ORDERS)
    for comparison in results.comparisons:
        (few,), (many,) = comparison.references, comparison.ours
        assert (few.customers, few.records, many.customers, many.records) == (540, 40, 580, 40)


def test_pages_are_timed_over_http(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pages.json"
    pages.main(["--customers", "300", "--requests", "1", "--json", str(file)])
    measured = msgspec.json.decode(file.read_bytes())
    assert len({page["name"] for page in measured["pages"]}) == len(measured["pages"]) > LEAST_PAGES
    assert all(page["p95"] >= page["p50"] > 0 for page in measured["pages"])
    assert f"Slowest: {measured['slowest']}" in capsys.readouterr().out


@pytest.mark.parametrize("order", ["ordered", "unordered"])
def test_made_up_customers_share_no_identifier(order: str) -> None:
    made_up = [msgspec.json.decode(line) for line in records(order, 1000, 2000)]  # type: ignore[arg-type]
    assert {len(record) for record in made_up} == {FIELDS}
    for identifier in ("external_id", "email", "phone_number"):
        assert len({record[identifier] for record in made_up}) == len(made_up)


def test_the_population_of_made_up_customers_has_an_end() -> None:
    with pytest.raises(ValueError, match="made-up"):
        next(records("ordered", MOST_CUSTOMERS, 1))
