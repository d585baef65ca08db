"""An index that was caught up holds what one made from nothing holds: what the store says."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.fields.company_field import CompanyField
from regulars.store.contract import AuditEntry
from tests.index.indexed import IndexedCompany
from tests.properties.company import NOON, examples
from tests.properties.test_undo import RECORDS
from tests.properties.undoing import undo

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore

LEAVING = st.fixed_dictionaries(
    {
        "external_id": st.sampled_from(["1001", "1002"]),
        "is_deleted": st.sampled_from([True, False]),
        "is_forgotten": st.sampled_from([False, False, True]),
    }
)
STEPS = st.lists(
    st.one_of(
        st.lists(st.one_of(RECORDS, RECORDS, RECORDS, LEAVING), min_size=1, max_size=8),
        st.sampled_from(["catch up", "undo the first", "undo the last", "declare", "reopen"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_caught_up_is_rebuilt_is_what_the_store_says(
    installation: InstallationStore, steps: list[list[object] | str]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        IndexedCompany.found(installation, Path(folder)) as company,
    ):
        for step in steps:
            take(company, step)
        caught_up = company.caught_up()
        expected = company.expected()
        assert caught_up == company.rebuilt()
        assert caught_up | {"state": []} == expected


def take(company: IndexedCompany, step: list[object] | str) -> None:
    uploaded = company.uploaded
    match step:
        case "catch up":
            company.index.catch_up()
        case "reopen":
            company.close()
        case "undo the first" | "undo the last":
            with suppress(IndexError):
                undo(uploaded, uploaded.runs[0 if step == "undo the first" else -1])
        case "declare":
            declare_widest(company)
        case _:
            company.upload(*step)


def declare_widest(company: IndexedCompany) -> None:
    """Give a field of scalars the type that all of them read as."""
    store = company.uploaded.store
    for field in store.load_fields():
        if field.type not in ("list", "object"):
            declared = CompanyField(field.name, "string", "declared", as_given=True)
            entry = AuditEntry(NOON, "user", "field:declare", field.name, "string")
            with store.lock():
                store.save_field(declared, entry)
            return
