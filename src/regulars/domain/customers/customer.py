"""A customer as it is stored, and as a batch of records sees it.

Owns states and their meaning for the fields. Must not know how records are read or stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from regulars.domain.fields.types import Value
    from regulars.domain.identity.identifiers import Entry

State = Literal["living", "deleted", "forgotten"]
Fields = dict[str, "Value"]

ADDRESS_FIELDS: Final = ("email", "phone_number")

_encode: Final = msgspec.json.Encoder(order="sorted").encode


def encode_fields(fields: Mapping[str, object]) -> bytes:
    """The canonical JSON of fields: sorted keys, so that equal fields give equal bytes."""
    return _encode(fields)


def is_same(one: object, other: object) -> bool:
    """Whether two stored values, or the lack of one, are the same: 1, 1.0 and True are equal in
    Python, but different values of a field.
    """
    return one == other and encode_fields({"": one}) == encode_fields({"": other})


decode_fields: Final[Callable[[bytes | str], dict[str, Any]]] = msgspec.json.Decoder(dict).decode
"""The fields in a document."""


class Customer(msgspec.Struct, frozen=True, gc=False):
    """A stored customer. `version` is that of its last change, `document` canonical JSON."""

    id: int
    version: int
    document: bytes

    @property
    def fields(self) -> Fields:
        """What the document says; read anew each time."""
        return decode_fields(self.document)

    @property
    def state(self) -> State:
        """Whether the customer is living, deleted or forgotten (SPEC sections 6 and 7)."""
        return state_of(self.fields)


def state_of(fields: Mapping[str, object]) -> State:
    """The state of a customer with these fields."""
    if "is_forgotten" in fields:
        return "forgotten"
    return "deleted" if "is_deleted" in fields else "living"


class WorkingCustomer:
    """A customer while a batch of records is decided: changes follow one another in `fields`, which
    are read from the document only where somebody asks for them.
    """

    __slots__ = (
        "_fields",
        "document",
        "entries",
        "former_addresses",
        "id",
        "record_hash",
        "stored_document",
        "version",
    )

    def __init__(self, number: int, version: int, stored_document: bytes | None) -> None:
        self.id = number
        self.version = version
        """Version of the last change; 0 before the first."""
        self.stored_document: Final = stored_document
        """Its document before this batch; None for a customer that the batch made."""
        self.document = stored_document
        """Canonical JSON of the fields, where it is known already."""
        self._fields: Fields | None = None
        self.record_hash: int | None = None
        """Hash of the record, as it came, that alone said what its last change wrote."""
        self.entries: list[Entry] = []
        """What it can be found by; kept by the register along with `fields`."""
        self.former_addresses: frozenset[str] = frozenset()
        """Addresses that it had at some time within this batch and has no longer."""

    @property
    def fields(self) -> Fields:
        """The fields after the records so far."""
        fields = self._fields
        if fields is None:
            fields = self._fields = decode_fields(self.document or b"{}")
        return fields

    @fields.setter
    def fields(self, fields: Fields) -> None:
        self._fields = fields
        self.document = None

    @property
    def stored_fields(self) -> Fields | None:
        """The fields before this batch; None for a customer that the batch made."""
        return None if self.stored_document is None else decode_fields(self.stored_document)

    @property
    def state(self) -> State:
        """The state after the records so far."""
        if self._fields is None and self.stored_document is None:
            # What a plain record makes is living.
            return "living"
        return state_of(self.fields)

    @property
    def addresses(self) -> set[str]:
        """Its email and phone number, as far as it has them."""
        return {str(self.fields[name]) for name in ADDRESS_FIELDS if name in self.fields}
