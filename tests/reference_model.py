"""A deliberately naive model of what records do to one company's customers, for tests.

Owns SPEC sections 5, 6 and 7 written down once more, with lists and loops and nothing clever, so
that another implementation can be compared with it. Must not know the program beyond its field
types, and nothing of stores, batches or time.
"""

from __future__ import annotations

from typing import cast

from regulars.domain.fields.types import REMOVE, Unreadable, read_phone_number
from tests.reference_customer import ModelCustomer
from tests.reference_reading import PERMISSIONS, STATES, Reading, RecordReader, as_json


class Refused(Exception):  # noqa: N818 - the outcome of a record, no failure
    """The record is rejected or ignored, for the reason `code`, which lies in the field `name`."""

    def __init__(self, outcome: str, code: str, name: str | None = None) -> None:
        super().__init__(code)
        self.outcome = outcome
        self.code = code
        self.name = name


class ReferenceModel:
    """The customers of one company, as its records make them."""

    def __init__(
        self,
        short_name: str,
        timezone: str = "Europe/Helsinki",
        country: str = "FI",
        customers_per_record_limit: int = 100,
    ) -> None:
        self.problems: list[tuple[int, str, str | None]] = []
        self.suppressed: set[str] = set()
        self.version = 0
        self._reader = RecordReader(short_name, timezone, country)
        self._customers: list[ModelCustomer] = []
        self._limit = customers_per_record_limit
        self._record_number = 0

    @property
    def customers(self) -> list[ModelCustomer]:
        """All of them, deleted and forgotten ones included, in order of creation."""
        return list(self._customers)

    @property
    def records(self) -> int:
        """How many records were uploaded so far."""
        return self._record_number

    @property
    def field_types(self) -> dict[str, str]:
        """The company fields by the name as first seen, with their present types."""
        return dict(self._reader.field_types)

    def upload(self, records: list[object]) -> list[str]:
        """Applies the records in order and answers the outcome of each."""
        return [self._take(record) for record in records]

    def as_read(self) -> list[dict[str, object]]:
        """The living customers as they read back; every value in its canonical form."""
        rows = []
        for one in self._in_state("living"):
            values = {name: self._reader.read_back(name, one.fields[name]) for name in one.fields}
            rows.append({**dict.fromkeys(PERMISSIONS, False), **values})
        return rows

    def _take(self, record: object) -> str:
        self._record_number += 1
        if not isinstance(record, dict):
            self._report("malformed_record", None)
            return "rejected"
        reading = self._reader.read(record, self._report)
        forgets = reading.values.get("is_forgotten") is True
        try:
            customers = self._find(reading)
            if not forgets:
                return self._apply(customers, reading)
            outcome = self._forget(customers, reading)
        except Refused as refused:
            self._report(refused.code, refused.name)
            outcome = refused.outcome
        # The number was applied to nobody, so what counts is how it reads for finding.
        if reading.finding_number_problem is not None:
            self._report(reading.finding_number_problem, "phone_number")
        return outcome

    def _report(self, code: str, name: str | None) -> None:
        """Adds a problem, but only one for each field of a record."""
        by_occurrence = code in ("unknown_field", "bad_field_name")
        reported = [(number, known) for number, _, known in self.problems]
        if name is None or by_occurrence or (self._record_number, name) not in reported:
            self.problems.append((self._record_number, code, name))

    # Identify (SPEC section 5, step 1)

    def _find(self, reading: Reading) -> list[ModelCustomer]:
        """The customers that the record means; none if it means a new one."""
        if "external_id" in reading.unreadable:
            raise Refused("rejected", "bad_external_id", "external_id")
        if reading.external_id is None and not reading.addresses:
            raise Refused("rejected", "no_identifier")
        if reading.external_id is not None:
            return self._find_by_external_id(reading)
        living = self._in_state("living")
        if self._is_crowded(living, reading):
            raise Refused("rejected", "too_many_customers")
        found = self._find_by_address(living, reading)
        if not found:
            deleted = [one for one in self._in_state("deleted") if one.external_id is None]
            found = self._find_by_address(deleted, reading)
        if len(found) > self._limit:
            raise Refused("rejected", "too_many_customers")
        return found

    def _find_by_external_id(self, reading: Reading) -> list[ModelCustomer]:
        external_id, email, number = reading.external_id, reading.email, reading.finding_number
        owners = [one for one in self._customers if one.external_id == external_id]
        if owners:
            return owners
        unregistered = [one for one in self._in_state("living") if one.external_id is None]
        by_email = [one for one in unregistered if email is not None and one.email == email]
        by_number = [
            one
            for one in unregistered
            if number is not None and one.phone_number == number and one.email is None
        ]
        return (by_email or by_number)[:1]

    def _find_by_address(
        self, customers: list[ModelCustomer], reading: Reading
    ) -> list[ModelCustomer]:
        email, number = reading.email, reading.finding_number
        with_email = [one for one in customers if email is not None and one.email == email]
        with_number = [
            one for one in customers if number is not None and one.phone_number == number
        ]
        if with_email:
            with_both = [one for one in with_email if one in with_number]
            return with_both or with_email
        if email is not None:
            return [one for one in with_number if one.email is None]
        return with_number

    def _is_crowded(self, customers: list[ModelCustomer], reading: Reading) -> bool:
        """Whether email and phone number each lead to too many, so that none narrows the other."""
        by_email = [one for one in customers if one.email == reading.email is not None]
        by_number = [
            one
            for one in customers
            if one.phone_number == reading.finding_number is not None and one.email is not None
        ]
        return len(by_email) > self._limit and len(by_number) > self._limit

    def _in_state(self, state: str) -> list[ModelCustomer]:
        return [customer for customer in self._customers if customer.state == state]

    # Apply and compare (SPEC section 5, steps 2 and 3; section 6)

    def _apply(self, customers: list[ModelCustomer], reading: Reading) -> str:
        for state in ("forgotten", "deleted"):
            if any(customer.state == state for customer in customers):
                raise Refused("ignored", f"customer_is_{state}")
        if self._brings_somebody_back(customers, reading):
            raise Refused("ignored", "suppressed_identifier")
        deletes = reading.values.get("is_deleted") is True
        if deletes and not customers and reading.external_id is None:
            raise Refused("ignored", "no_such_customer")
        if not customers:
            self._change(self._new_customer(), reading, deletes=deletes)
            return "created"
        changed = [self._change(customer, reading, deletes=deletes) for customer in customers]
        return "updated" if any(changed) else "unchanged"

    def _brings_somebody_back(self, customers: list[ModelCustomer], reading: Reading) -> bool:
        has_its_external_id = any(one.external_id == reading.external_id for one in customers)
        if reading.external_id is not None and has_its_external_id:
            return False  # applies; only the suppressed value will be skipped
        return any(
            address in self.suppressed
            and not any(address in (one.email, one.phone_number) for one in customers)
            for address in reading.addresses
        )

    def _new_customer(self) -> ModelCustomer:
        customer = ModelCustomer(number=len(self._customers) + 1)
        self._customers.append(customer)
        return customer

    def _change(self, customer: ModelCustomer, reading: Reading, *, deletes: bool) -> bool:
        fields = self._fields_after(customer, reading)
        if not deletes and as_json(fields) == as_json(customer.fields):
            return False
        self._save(customer, fields, "deleted" if deletes else "living")
        return True

    def _save(self, customer: ModelCustomer, fields: dict[str, object], state: str) -> None:
        customer.fields = fields
        customer.state = state
        customer.changes += 1
        self.version += 1
        for address in (customer.email, customer.phone_number):
            if address is not None:
                customer.past_addresses.add(str(address))

    def _fields_after(self, customer: ModelCustomer, reading: Reading) -> dict[str, object]:
        fields = dict(customer.fields)
        for name, value in self._values_for(customer, reading).items():
            if value is REMOVE:
                fields.pop(name, None)
            else:
                fields[name] = value
        for name in {**reading.additions, **reading.removals}:
            items = [] if name not in fields else self._reader.read_back(name, fields[name])
            fields[name] = reading.operate(name, cast("list[str]", items))
            if not fields[name]:
                del fields[name]
        # What reads as before stays stored as it was.
        for name, value in customer.fields.items():
            if name in fields and self._reader.reads_the_same(name, value, fields[name]):
                fields[name] = value
        return fields

    def _values_for(self, customer: ModelCustomer, reading: Reading) -> dict[str, object]:
        """What the record gives this customer, without what it must not set."""
        values = dict(reading.values)
        for name in STATES:
            values.pop(name, None)
        if reading.given_number is not None:
            try:
                values["phone_number"] = self._number_for(customer, reading)
            except Unreadable as unreadable:
                self._report(unreadable.code, "phone_number")
        number_unreadable = reading.given_number is not None and "phone_number" not in values
        if "email" in reading.unreadable:
            self._skip_permission(values, "can_email")
        if number_unreadable:
            self._skip_permission(values, "can_sms")
        for name, permission in (("email", "can_email"), ("phone_number", "can_sms")):
            address = values.get(name)
            if address in self.suppressed and address != customer.fields.get(name):
                del values[name]
                self._report("suppressed_identifier", name)
                self._skip_permission(values, permission)
        return values

    def _skip_permission(self, values: dict[str, object], name: str) -> None:
        if values.get(name) is True:
            del values[name]
            self._report("permission_without_address", name)

    def _number_for(self, customer: ModelCustomer, reading: Reading) -> object:
        number = reading.finding_number
        if reading.external_id is None and number is not None and number == customer.phone_number:
            return number
        country = reading.country or customer.fields.get("country") or self._reader.country
        return read_phone_number(reading.given_number, str(country))

    # Forget (SPEC section 7)

    def _forget(self, customers: list[ModelCustomer], reading: Reading) -> str:
        if any(customer.state == "forgotten" for customer in customers):
            raise Refused("ignored", "customer_is_forgotten")
        outcome = "updated"
        if not customers and reading.external_id is None:
            self._suppress(reading.addresses)
            raise Refused("ignored", "no_such_customer")
        if not customers:
            customers = [self._new_customer()]
            outcome = "created"
        addresses = list(reading.addresses)
        for customer in customers:
            addresses.extend(sorted(customer.past_addresses))
            external_id = reading.external_id or customer.external_id
            kept = {} if external_id is None else {"external_id": external_id}
            self._save(customer, {**kept, "is_forgotten": True}, "forgotten")
            customer.past_addresses.clear()
        self._suppress(addresses)
        return outcome

    def _suppress(self, addresses: list[str]) -> None:
        """Puts addresses on the suppression list, but for those that somebody still holds."""
        held = [
            address
            for customer in self._customers
            if customer.state != "forgotten"
            for address in (customer.email, customer.phone_number)
        ]
        self.suppressed.update(address for address in addresses if address not in held)
