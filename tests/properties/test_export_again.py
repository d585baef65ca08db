"""Every export can be uploaded again, and changes nothing (SPEC section 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.imports.body_form import BodyForm, Format
from regulars.domain.imports.options import ImportOptions
from regulars.services.customers import iterate_living
from regulars.services.exports import LINE_FORMATS, export_lines
from regulars.store.contract import AuditEntry
from tests.properties.company import NOON, UploadedCompany, examples
from tests.record_strategies import objects

if TYPE_CHECKING:
    from regulars.store.contract import ImportRun, InstallationStore

FORMATS: Final = get_args(Format)
# What spreadsheets, CSV and lists in cells take for something else.
MARKS: Final = "=+-@'\"\t\r\n,;| \\.:{}[]0179eaA\u00e5\u00a0\u2028\u3000\x0b\x1c\U0001f600"
AWKWARD: Final = st.text(MARKS, max_size=8)
DECLARED: Final[dict[str, st.SearchStrategy[object]]] = {
    "string": AWKWARD,
    "email": st.sampled_from(["ada@example.org", "-ada@example.org", "+a=b@example.org"]),
    "phone_number": st.sampled_from(["+358401234567", "+3582079460958"]),
    "boolean": st.booleans(),
    "integer": st.integers(-(2**63), 2**63 - 1),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "money": st.integers(-(2**63), 2**63 - 1),
    "date": st.dates().map(str),
    "datetime": st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    "day_of_year": st.sampled_from(["05/01", "02/29"]),
    "country_code": st.sampled_from(["FI", "NO"]),
    "language_code": st.sampled_from(["no", "sv"]),
    "list": st.lists(AWKWARD, max_size=3),
    "set": st.lists(AWKWARD, max_size=3),
    "object": st.dictionaries(AWKWARD, AWKWARD | st.integers() | st.lists(AWKWARD), max_size=2),
}
INFERRED: Final = st.one_of(
    AWKWARD, st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.lists(AWKWARD | st.integers(0, 9) | st.booleans(), max_size=3),
    DECLARED["object"],
)  # fmt: skip


@st.composite
def awkward_records(draw: st.DrawFn) -> dict[str, object]:
    """A record with values that are easily taken for something else."""
    record: dict[str, object] = {
        "external_id": draw(st.sampled_from(["1001", "1002", "-1", "1e5"]))
    }
    for name in draw(st.sets(st.sampled_from(("first_name", "city", "canonical_id", "zip_code")))):
        record[name] = draw(AWKWARD)
    for name in draw(st.sets(st.sampled_from(("tags", "mailing_lists", "tags.add")))):
        record[name] = draw(DECLARED["list"])
    for name in draw(st.sets(st.sampled_from(("last_login", "date_joined")))):
        record[name] = draw(DECLARED["datetime"])
    for name in draw(st.sets(st.sampled_from(sorted(DECLARED)), max_size=4)):
        record[f"acme__of_{name}"] = draw(DECLARED[name])
    for name in draw(st.sets(st.sampled_from(("size", "level")))):
        record[f"ACME__{name}"] = draw(INFERRED)
    return record


def declare_fields(company: UploadedCompany) -> None:
    """A field of each type, as an admin declares it."""
    entry = AuditEntry(NOON, "test", "field:declare", "field", "")
    with company.store.lock():
        for name in DECLARED:
            field = CompanyField(f"ACME__of_{name}", name, "declared", as_given=False)
            company.store.save_field(field, entry)


def upload_export(company: UploadedCompany, export_format: Format) -> ImportRun:
    register = company.register
    lines = export_lines(register.load_schema(), export_format, iterate_living(register))
    body = b"".join(line for _, line in lines)
    return company.upload_body(body, None, ImportOptions(BodyForm(export_format)))


@pytest.mark.parametrize("export_format", LINE_FORMATS)
@settings(max_examples=examples(30), suppress_health_check=list(HealthCheck))
@given(given_records=st.lists(awkward_records() | objects(), max_size=6))
def test_an_export_uploaded_again_changes_nothing(
    installation: InstallationStore, export_format: Format, given_records: list[object]
) -> None:
    with UploadedCompany.found(installation) as company:
        declare_fields(company)
        company.upload(given_records)
        before, exported = company.contents(), company.exported()
        run = upload_export(company, export_format)
        assert (run.report.rejected, run.report.problems) == (0, [])
        assert company.contents() == before
        assert run.report.unchanged == len(exported)
