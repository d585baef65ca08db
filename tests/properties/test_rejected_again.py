"""Every file of rejected records can be uploaded again as it is, and mended (SPEC section 4)."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.imports.body_form import BodyForm, Charset, Format
from regulars.domain.imports.formula_guard import guard_cell
from regulars.domain.imports.options import ImportOptions
from regulars.services.import_reports import write_rejected_file
from tests.properties.company import UploadedCompany, examples

if TYPE_CHECKING:
    from regulars.store.contract import ImportRun, InstallationStore

FORMATS: Final = get_args(Format)
NOTES: Final = {"_record", "_problem", "_field", "_suggestion", "_original"}
COLUMNS: Final[dict[str, list[object]]] = {
    "external_id": ["1001", "1002", "10 01", "x" * 256, "=1", "\u00c5-77", ""],
    "Email": ["ada@example.org", "bob@example.com", "ada at example.org", "=@", ""],
    "phone_number": ["+358401234567", "040 123 4567", "soon", ""],
    "city": ["Oulu", "=1+1", "'=x", 'a"b', "x\ny", "a;b\tc,d", " \u00e5\u20ac ", "x" * 10_001],
    "birth_date": ["1991-06-14", "1991-02-29"],
    "tags.add": ["a,b", 'a,"b,c"', "-1"],
    "can_email": ["true", "yes", "maybe"],
    "acme__size": ["7", "gold", "{}"],
    "state;;;;;;;;;;;;;\tit": ["FI"],
    "_problem": ["an old note"],
}
ONLY_JSON: Final[dict[str, list[object]]] = {
    "external_id": [1001, True, ["1001"], None, 10**500],
    "Email": [7, ["ada@example.org"], "a\x00b", "\ud800"],
    "city": [7.5, {"a": "b"}, "\ud800", None],
    "tags.add": [["a", "b"], 7],
    "acme__size": [7, {"a": [1]}, [7, "x"], 1e300],
}
CITIES: Final = {None, "Oulu", "=1+1", "'=x", 'a"b', "x\ny", "a;b\tc,d", "\u00e5\u20ac", "7.5"}
"""Those that can be read, as they are stored."""
NO_OBJECTS: Final = ["7", '"x"', "[1]", "null", '["ada@example.org"]']
CODECS: Final[dict[Charset, str]] = {
    "utf-8": "utf-8", "utf-16": "utf-16", "iso-8859-1": "windows-1252"
}  # fmt: skip
MENDED: Final = {"birth_date": "1991-06-14", "can_email": "true"}


@st.composite
def records_of(draw: st.DrawFn, form: Format) -> list[dict[str, object] | str]:
    """Records, many of them with faults; as text those that are no objects at all."""
    found: list[dict[str, object] | str] = []
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.integers(0, 7)) == 0:
            junk = [*NO_OBJECTS, "{", "x", '{"email":"\x00'] if form == "ndjson" else NO_OBJECTS
            found.append(draw(st.sampled_from(junk)))
            continue
        record: dict[str, object] = {}
        for name in draw(st.sets(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=5)):
            odd = [] if form == "csv" else ONLY_JSON.get(name, [])
            record[name] = draw(st.sampled_from([*COLUMNS[name], *odd]))
        found.append(record)
    return found


def body_of(records: list[dict[str, object] | str], form: Format, delimiter: str) -> str:
    if form == "csv":
        lines = io.StringIO()
        if delimiter == "|":
            lines.write("sep=|\n")
        writer = csv.writer(lines, delimiter=delimiter)
        # Each name in quotes: one of them has a delimiter in it.
        csv.writer(lines, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerow(COLUMNS)
        for record in records:
            cells = [record] * 12 if isinstance(record, str) else map(record.get, COLUMNS)
            writer.writerow([guard_cell(str(cell or "")) for cell in cells])
        return lines.getvalue()
    texts = [each if isinstance(each, str) else json.dumps(each) for each in records]
    if form == "ndjson":
        return "\n".join(texts)
    return f'{{"customers":[{",".join(texts)}]}}'


def rejected_by(company: UploadedCompany, run: ImportRun) -> list[list[tuple[str, str | None]]]:
    """The problems of each rejected record, in their order."""
    rows = company.store.reports.load_rejected(run.number, 0, 1000)
    assert len(rows) == run.report.rejected
    return [sorted((each.code, each.field) for each in row.problems) for row in rows]


def mend(number: int, given_values: dict[str, Any]) -> dict[str, Any]:
    """A record without what was wrong with it, and with an external_id of its own."""
    own = {"external_id": f"mended-{number}"}
    if "malformed_record" in given_values["_problem"]:
        return own
    wrong = given_values["_field"].lower().split("; ")
    kept = {
        name: MENDED.get(name, "") if name.lower().partition(".")[0] in wrong else value
        for name, value in given_values.items()
        if name not in NOTES and not name.startswith("state")
    }
    return kept | own


def mended(body: str, form: Format, delimiter: str) -> str:
    """The file as somebody mends it."""
    match form:
        case "csv":
            sheet = io.StringIO(body.removeprefix("sep=|\r\n"), newline="")
            rows = list(csv.DictReader(sheet, restkey="_more", delimiter=delimiter))
            for row in rows:
                row.pop("_more", None)
            made = [mend(number, row) for number, row in enumerate(rows)]
            lines = io.StringIO()
            if delimiter == "|":
                lines.write("sep=|\n")
            names = sorted({"external_id"}.union(*made))
            writer = csv.DictWriter(lines, names, delimiter=delimiter)
            writer.writeheader()
            writer.writerows(made)
            return lines.getvalue()
        case "ndjson":
            found = [json.loads(line) for line in body.splitlines()]
        case _:
            found = json.loads(body)["customers"]
    return json.dumps([mend(number, record) for number, record in enumerate(found)])


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(
    data=st.data(),
    is_strict=st.booleans(),
    delimiter=st.sampled_from(",;\t|"),
    charset=st.sampled_from(sorted(CODECS)),
)
def test_rejected_records_are_rejected_again_until_they_are_mended(
    installation: InstallationStore,
    form: Format,
    data: st.DataObject,
    is_strict: bool,
    delimiter: str,
    charset: Charset,
) -> None:
    if form != "csv":
        charset = "utf-8"
    codec = CODECS[charset]
    options = ImportOptions(BodyForm(form, charset), is_strict=is_strict)
    records = data.draw(records_of(form))
    with UploadedCompany.found(installation) as company:
        first = company.upload_body(body_of(records, form, delimiter).encode(codec), None, options)
        file = b"".join(write_rejected_file(company.register, first))
        before = company.contents()
        again = company.upload_body(file, None, options)
        assert again.report.records == again.report.rejected == first.report.rejected
        # What was no object is an object with its text beside the notes: that has no identifier.
        expected = [
            [("no_identifier", None)] if form != "csv" and each == [("malformed_record", None)]
            else each
            for each in rejected_by(company, first)
        ]  # fmt: skip
        assert rejected_by(company, again) == expected
        assert company.contents() == before
        # The file of the second upload says the same of the same records.
        twice = b"".join(write_rejected_file(company.register, again))
        assert len(twice.splitlines()) == len(file.splitlines())

        good = msgspec.structs.replace(
            options, form=BodyForm("csv" if form == "csv" else "json", charset)
        )
        body = mended(file.decode(codec), form, delimiter).encode(codec)
        last = company.upload_body(body, None, good)
        cities = {each.fields.get("city") for each in company.customers()}
        assert cities <= CITIES
        assert (last.report.rejected, last.report.problems) == (0, [])
        ids = {str(each.fields.get("external_id")) for each in company.customers()}
        assert {f"mended-{number}" for number in range(first.report.rejected)} <= ids
