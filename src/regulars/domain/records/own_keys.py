"""Keys that our own files carry beside the fields, and what an upload makes of them.

Owns their names. Must not know the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.records.read_record import ReadRecord

CUSTOMER_KEY: Final = "_customer"
"""In exports, of customers without external_id: the id of the customer, so that the line means the
one that it shows and not all who share its address (SPEC section 10).
"""

REPORT_KEYS: Final = ("_record", "_problem", "_field", "_suggestion", "_original")
"""In our files of rejected records; ignored in uploads (SPEC section 4)."""

_MOST_DIGITS: Final = 18


def _ignore(record: ReadRecord, value: object) -> None:
    """Skip a key that says nothing of the customer (SPEC section 4)."""


def _note_customer(record: ReadRecord, value: object) -> None:
    """Note which customer an exported line shows; what is no such number says nothing."""
    text = str(value)
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        record.exported_from = int(text)


OWN_KEYS: Final[dict[str, Callable[[ReadRecord, object], None]]] = {
    **dict.fromkeys(REPORT_KEYS, _ignore),
    CUSTOMER_KEY: _note_customer,
}
"""By key, what takes its value."""
