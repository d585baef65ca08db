"""Once a person is forgotten, no row of the company's store says anything of them."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties.company import UploadedCompany, examples
from tests.record_strategies import objects

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore

TEXT_FIELDS = ("first_name", "city", "canonical_id", "shop_id", "ACME__size", "ACME__level")
LIST_FIELDS = ("tags", "mailing_lists", "ACME__interests")
OPERATIONS = ("tags.add", "mailing_lists.remove", "ACME__interests.add")


class Traces:
    """Values that occur nowhere else, so that finding one tells where it came from."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def mark(self) -> str:
        self.values.append(f"x{secrets.token_hex(8)}")
        return self.values[-1]

    def email(self) -> str:
        return f"{self.mark()}@example.org"

    def phone_number(self) -> str:
        number = f"+35840{secrets.randbelow(10**7):07}"
        self.values.append(number)
        return number


@settings(max_examples=examples(15), suppress_health_check=list(HealthCheck))
@given(data=st.data(), others=st.lists(objects(), max_size=4))
def test_after_forgetting_no_row_holds_a_former_value(
    installation: InstallationStore, data: st.DataObject, others: list[dict[str, object]]
) -> None:
    traces = Traces()
    with UploadedCompany.found(installation) as company:
        records: list[object] = [
            {"external_id": "person", **draw_values(data, traces)}
            for _ in range(data.draw(st.integers(1, 4)))
        ]
        records += [{**other, "external_id": "other"} for other in others]
        last = {"external_id": "person", **draw_values(data, traces), "is_forgotten": True}
        cut = data.draw(st.integers(0, len(records)))
        company.upload(records[:cut])
        company.upload([*records[cut:], last])
        stored = rows_of(company)
        assert [value for value in traces.values if value in stored] == []
        fields = [customer.fields for customer in company.customers()]
        assert {"external_id": "person", "is_forgotten": True} in fields


def draw_values(data: st.DataObject, traces: Traces) -> dict[str, object]:
    """Some fields of a record, each with a value that no other record has."""
    values: dict[str, object] = {}
    for name in data.draw(st.sets(st.sampled_from(TEXT_FIELDS))):
        values[name] = traces.mark()
    for name in data.draw(st.sets(st.sampled_from((*LIST_FIELDS, *OPERATIONS)))):
        values[name] = [traces.mark(), traces.mark()]
    addresses = data.draw(st.sets(st.sampled_from(("email", "phone_number"))))
    if "email" in addresses:
        values["email"] = traces.email()
    if "phone_number" in addresses:
        values["phone_number"] = traces.phone_number()
    for name in data.draw(st.sets(st.sampled_from(("can_email", "can_sms", "can_post")))):
        values[name] = data.draw(st.sampled_from([True, False, ""]))
    if data.draw(st.booleans()):
        values["last_name"] = {"not": traces.mark()}  # skipped, with a problem
    return values


def rows_of(company: UploadedCompany) -> str:
    """Everything that the company's store gives, as one text."""
    store = company.store
    runs = store.load_imports(None, 1000)
    parts: list[object] = [
        *company.customers(),
        *company.history(),
        *(
            row if value is None else (row, value.decode())
            for row in company.history()
            for value in (row.before, row.after, row.proofs)
        ),
        *runs,
        *(run.report for run in runs),
        *store.audit_log.load(),
        *store.load_suppressions(),
        *store.load_fields(),
    ]
    return json.dumps(msgspec.to_builtins(parts), ensure_ascii=False)
