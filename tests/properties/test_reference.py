"""Whatever is uploaded, the store holds what the reference model says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.customers.customer import state_of
from tests.properties.company import KNOWN_ADDRESSES, UploadedCompany, examples
from tests.record_strategies import uploads
from tests.reference_model import ReferenceModel
from tests.reference_reading import as_json

if TYPE_CHECKING:
    from regulars.domain.imports.report import Report
    from regulars.store.contract import InstallationStore

OUTCOMES = ("created", "updated", "unchanged", "rejected", "ignored")
ONCE_AN_IMPORT = ("unknown_field", "bad_field_name", "too_many_fields")

Problems = set[tuple[int, str, str | None]]


@settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
@given(uploaded=uploads(), limit=st.sampled_from([2, 3, 100]))
def test_the_store_holds_what_the_reference_model_says(
    installation: InstallationStore, uploaded: list[list[object]], limit: int
) -> None:
    model = ReferenceModel("acme", customers_per_record_limit=limit)
    with UploadedCompany.found(installation, limit=limit) as company:
        for records in uploaded:
            known_problems, taken = len(model.problems), model.records
            outcomes = model.upload(records)
            report = company.upload(records).report
            assert counts_of(report) == {name: outcomes.count(name) for name in OUTCOMES}
            expected = {
                (number - taken, code, field)
                for number, code, field in model.problems[known_problems:]
            }
            assert problems_of(report) == once_an_import(expected)
            compare(company, model)


def counts_of(report: Report) -> dict[str, int]:
    return {name: getattr(report, name) for name in OUTCOMES}


def problems_of(report: Report) -> Problems:
    return {(problem.record, problem.code, problem.field) for problem in report.problems}


def once_an_import(problems: Problems) -> Problems:
    """The problems that a report lists: the first for each name only, where a name is listed
    once.
    """
    kept: dict[tuple[int, str, str | None], tuple[int, str, str | None]] = {}
    for number, code, field in sorted(problems, key=str):
        place = 0 if code in ONCE_AN_IMPORT else number
        first = kept.get((place, code, field), (number, code, field))
        kept[place, code, field] = min(first, (number, code, field), key=lambda each: each[0])
    return set(kept.values())


def compare(company: UploadedCompany, model: ReferenceModel) -> None:
    schema = company.schema
    assert {field.name: field.type for field in schema.company_fields.values()} == (
        model.field_types
    )
    customers = company.customers()
    assert [(customer.id, customer.state) for customer in customers] == [
        (expected.number, expected.state) for expected in model.customers
    ]
    shown = [
        as_json(schema.read_customer(customer.fields))
        for customer in customers
        if state_of(customer.fields) == "living"
    ]
    assert shown == [as_json(values) for values in model.as_read()]
    history = company.history()
    assert [row.version for row in history] == list(range(1, model.version + 1))
    changes = [row.customer_id for row in history]
    for expected in model.customers:
        assert changes.count(expected.number) == expected.changes
    addresses = {*KNOWN_ADDRESSES, *model.suppressed}
    suppressed = {address for address in addresses if company.is_suppressed(address)}
    assert suppressed == model.suppressed
