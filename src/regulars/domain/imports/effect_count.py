"""What an import would do to a whole register, counted exactly (SPEC section 4, hold).

Owns how losses are counted once for each customer, however often its records change their mind.
The memory used grows with the register, by a few bits a customer, and not with the import.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, Final

from regulars.domain.customers.customer import state_of
from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.domain.imports.hold import HoldReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from regulars.domain.customers.customer import Fields, WorkingCustomer
    from regulars.domain.imports.decision import Decision, Position
    from regulars.domain.imports.hold import HoldLimits
    from regulars.domain.records.read_record import ReadRecord

_BUCKETS: Final = 2**21
"""Of each of two tables: an address is counted too high only where it shares both with others."""
_FEW: Final = 100_000


class EffectCount:
    """Counts what the batches of one import do to the customers that were there before it."""

    def __init__(self, position: Position) -> None:
        self._last_id: Final = position.last_customer_id
        self._living: Final = position.living
        self._lost: Final = {name: _Customers(self._last_id) for name in PERMISSIONS}
        self._gained: Final = {name: _Customers(self._last_id) for name in PERMISSIONS}
        self._gone: Final = _Customers(self._last_id)
        self._emails: Final = _Repeats()
        self._phone_numbers: Final = _Repeats()

    def add(self, decision: Decision, records: Iterable[ReadRecord]) -> None:
        """Count in what a batch did; `records` are those that were decided."""
        for customer in decision.customers:
            if customer.id <= self._last_id and customer.stored_fields is not None:
                self._add_customer(customer, customer.stored_fields)
        self.add_addresses(records)

    def add_addresses(self, records: Iterable[ReadRecord]) -> None:
        """Count in only what the records themselves say: enough where there is no customer yet."""
        for record in records:
            if record.email is not None:
                self._emails.add(record.email)
            if record.phone_number is not None:
                self._phone_numbers.add(record.phone_number)

    def _add_customer(self, customer: WorkingCustomer, before: Fields) -> None:
        after = customer.fields
        for name in PERMISSIONS:
            had, has = before.get(name) is True, after.get(name) is True
            if had and not has and not self._gained[name].remove(customer.id):
                self._lost[name].add(customer.id)
            elif has and not had and not self._lost[name].remove(customer.id):
                self._gained[name].add(customer.id)
        if state_of(before) != state_of(after):
            self._gone.add(customer.id)

    def is_near(self, limits: HoldLimits) -> bool:
        """Whether any number is past its limit, whatever the percentages."""
        return (
            any(lost.count > limits.permission_customers for lost in self._lost.values())
            or self._gone.count > limits.gone_customers
            or self._emails.most > limits.address_records
            or self._phone_numbers.most > limits.address_records
        )

    def find_reasons(
        self, limits: HoldLimits, count_permitted: Callable[[str], int]
    ) -> list[HoldReason]:
        """Why the import is to be held; none if it is not. `count_permitted` tells how many
        customers had a permission before it.
        """
        reasons = []
        for name, lost in self._lost.items():
            if lost.count > limits.permission_customers:
                permitted = count_permitted(name)
                if 100 * lost.count > limits.permission_percent * permitted:
                    reasons.append(HoldReason("permission_taken", lost.count, permitted, name))
        gone = self._gone.count
        if gone > limits.gone_customers and 100 * gone > limits.gone_percent * self._living:
            reasons.append(HoldReason("customers_gone", gone, self._living))
        reasons += [
            HoldReason("address_repeated", repeats.most, None, name)
            for name, repeats in (("email", self._emails), ("phone_number", self._phone_numbers))
            if repeats.most > limits.address_records
        ]
        return reasons


class _Customers:
    """A set of customers, one bit for each that there might be."""

    __slots__ = ("_bits", "_last_id", "count")

    def __init__(self, last_id: int) -> None:
        self._last_id = last_id
        self._bits: bytearray | None = None
        self.count = 0

    def add(self, number: int) -> None:
        if self._bits is None:
            self._bits = bytearray(self._last_id // 8 + 1)
        bit = 1 << number % 8
        if not self._bits[number // 8] & bit:
            self._bits[number // 8] |= bit
            self.count += 1

    def remove(self, number: int) -> bool:
        """Take a customer out; False if it was not there."""
        bit = 1 << number % 8
        if self._bits is None or not self._bits[number // 8] & bit:
            return False
        self._bits[number // 8] &= ~bit
        self.count -= 1
        return True


class _Repeats:
    """How often the most frequent of many values occurs. Few are counted each for itself, many in
    two tables of counters that they share (a count-min sketch).
    """

    __slots__ = ("_counts", "_first", "_second", "most")

    def __init__(self) -> None:
        self._counts: Counter[int] | None = Counter()
        self._first: array[int] = array("I")
        self._second: array[int] = array("I")
        self.most = 0

    def add(self, value: str) -> None:
        number = hash(value)
        if self._counts is None:
            count = self._add_shared(number, 1)
        else:
            count = self._counts[number] = self._counts[number] + 1
            if len(self._counts) > _FEW:
                self._share(self._counts)
        self.most = max(self.most, count)

    def _add_shared(self, number: int, times: int) -> int:
        one, other = number % _BUCKETS, (number >> 32) % _BUCKETS
        self._first[one] += times
        self._second[other] += times
        return min(self._first[one], self._second[other])

    def _share(self, counts: Counter[int]) -> None:
        self._counts = None
        self._first = array("I", bytes(4 * _BUCKETS))
        self._second = array("I", bytes(4 * _BUCKETS))
        for number, count in counts.items():
            self._add_shared(number, count)
