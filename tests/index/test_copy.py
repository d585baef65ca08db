"""An index that was caught up holds what one made from nothing holds: what the store says."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.fields.company_field import CompanyField
from regulars.index import copy
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


class Declared(str):
    """The type that a field is declared to have."""

    __slots__ = ()


STEPS = st.lists(
    st.one_of(
        st.lists(st.one_of(RECORDS, RECORDS, RECORDS, LEAVING), min_size=1, max_size=8),
        st.sampled_from(["catch up", "undo the first", "undo the last", "reopen", "rebuild"]),
        st.sampled_from(["string", "number", "date", "list"]).map(Declared),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
@given(steps=STEPS, page=st.sampled_from([1, 2, 5, copy.PAGE_CHANGES]))
def test_caught_up_is_rebuilt_is_what_the_store_says(
    installation: InstallationStore, steps: list[list[object] | str], page: int
) -> None:
    with (
        patch.object(copy, "_FIRST_PAGE_CHANGES", page),
        patch.object(copy, "PAGE_CHANGES", page),
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
        case "rebuild":
            company.index.rebuild()
        case Declared():
            declare(company, str(step))
        case _:
            company.upload(*step)


def declare(company: IndexedCompany, type_name: str) -> None:
    """Give the first field of scalars another type; values that it does not read count as missing,
    and stay as they were given.
    """
    store = company.uploaded.store
    for field in store.load_fields():
        if field.type not in ("list", "object"):
            declared = CompanyField(field.name, type_name, "declared", as_given=True)
            entry = AuditEntry(NOON, "user", "field:declare", field.name, type_name)
            with store.lock():
                store.save_field(declared, entry)
            return
