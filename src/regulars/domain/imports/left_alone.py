"""What is left alone of a record; and what an applied plan has left alone so far, as far as it
matters to the records that follow.

A plan may have skipped an address since a request to forget had suppressed it, further up in the
plan. Where that request is left alone, the address is not suppressed: a record that names it must
not do more than was shown.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import msgspec

from regulars.domain.customers.customer import is_same
from regulars.domain.fields.catalogue import ADDRESS_OF_PERMISSION
from regulars.domain.fields.types import REMOVE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from regulars.domain.customers.change import HashAddress
    from regulars.domain.customers.customer import Fields
    from regulars.domain.records.read_record import ReadRecord


class LeftAlonePart(msgspec.Struct, array_like=True):
    """What was left alone since the part before: keyed hashes of addresses."""

    has_forgets: bool
    hashes: list[str]


class LeftAlone:
    """The addresses in records of a plan that were left alone, over all batches. Only their keyed
    hashes are known here, as this outlives an interruption.
    """

    def __init__(self, hash_address: HashAddress) -> None:
        self._hash_address = hash_address
        self._hashes: set[str] = set()
        self._new: set[str] = set()
        self._has_forgets = False
        self._has_taken_forgets = False

    def note(self, record: ReadRecord) -> None:
        """A record is left alone."""
        self._add(self._hashes_of(record))

    def note_forget(self, addresses: Iterable[str]) -> None:
        """A request to forget is left alone, which would have suppressed these."""
        self._add(set(map(self._hash_address, addresses)))
        self._has_forgets = True

    def concerns(self, record: ReadRecord) -> bool:
        """Whether a record may have had an address skipped for what was left alone."""
        return self._has_forgets and not self._hashes.isdisjoint(self._hashes_of(record))

    def take_part(self) -> LeftAlonePart | None:
        """What was noted since the last call; None if nothing was."""
        if not self._new and self._has_taken_forgets == self._has_forgets:
            return None
        part = LeftAlonePart(self._has_forgets, sorted(self._new))
        self._new.clear()
        self._has_taken_forgets = self._has_forgets
        return part

    def give_part(self, part: LeftAlonePart) -> None:
        """Note again what was taken before an interruption."""
        self._hashes.update(part.hashes)
        self._has_forgets |= part.has_forgets
        self._has_taken_forgets = self._has_forgets

    def _hashes_of(self, record: ReadRecord) -> set[str]:
        addresses = (record.email, record.phone_number)
        return {self._hash_address(address) for address in addresses if address is not None}

    def _add(self, hashes: set[str]) -> None:
        self._new |= hashes - self._hashes
        self._hashes |= hashes


def leave_alone(
    record: ReadRecord, names: Collection[str], fields: Fields
) -> tuple[ReadRecord, list[tuple[str, str]]]:
    """A record without some fields, and problems, as (code, field), that say what was left out:
    where the customer has the very value, nothing is.

    A permission that was given for an address which is left out goes with it: the customer has
    another one, for which nobody gave it.
    """
    # A list that is added to or taken from as well does not stay what it is.
    operated = {name for name, _, _ in record.operations}
    names = {
        name
        for name in names
        if name in operated
        or name not in record.changes
        or not _says_nothing_new(record.changes[name], fields, name)
    }
    changes = {name: value for name, value in record.changes.items() if name not in names}
    operations = [each for each in record.operations if each[0] not in names]
    number_is_left = record.national_number is not None and "phone_number" in names
    left = [name for name in record.changes if name in names]
    left += [name for name, _, _ in record.operations if name in names and name not in left]
    left += ["phone_number"] if number_is_left else []
    if not left:
        return record, []
    problems = [("written_since", name) for name in left]
    for permission, address in ADDRESS_OF_PERMISSION.items():
        given = record.phone_number if address == "phone_number" else record.email
        if (
            address in left
            and changes.get(permission) is True
            and fields.get(permission) is not True
            and (given is None or fields.get(address) != given)
        ):
            del changes[permission]
            problems.append(("permission_without_address", permission))
    # The record itself stays as it was read: it may mean other customers as well.
    shortened = copy.copy(record)
    shortened.changes = changes
    shortened.operations = operations
    if number_is_left:
        shortened.national_number = None
    return shortened, problems


def _says_nothing_new(value: object, fields: Fields, name: str) -> bool:
    return is_same(None if value is REMOVE else value, fields.get(name))
