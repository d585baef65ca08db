"""When an import is held before its first write (SPEC section 4): the limits, the reasons, and a
quick count of a body that tells whether it could come near a limit.

Owns that count: it looks at bytes, in memory that does not grow, may count too much, and never too
little. The exact count is made where it says so. Must not know the register.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from types import NoneType
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.domain.imports.sources import RefusedRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.imports.sources.contract import Records

HoldCode = Literal["permission_taken", "customers_gone", "address_repeated"]


class HoldLimits(msgspec.Struct, frozen=True):
    """An import is held if it passes a number and, where there is one, the percentage beside it."""

    permission_customers: int = 1_000
    permission_percent: int = 20
    """Of the customers who have the permission."""
    gone_customers: int = 100
    gone_percent: int = 1
    """Of all living customers."""
    address_records: int = 100


class HoldReason(msgspec.Struct, frozen=True):
    """Why an import is held."""

    code: HoldCode
    count: int
    """Customers who would lose something, or records with the same address."""
    of: int | None = None
    """How many customers there are who could lose it."""
    field: str | None = None


_BUCKETS: Final = 2**20
_FEW: Final = 50_000
"""So many different addresses are counted each for itself, before they share counters."""
_WAITING_BYTES: Final = 64 * 1024
_LEAST_DIGITS: Final = 7
_LEAST_DIGITS_WITH_COUNTRY: Final = 10
_TELLING_DIGITS: Final = 6
"""The last digits of a number are the same however it is written."""

_NO_EFFECT: Final = rb"null\b"
_TRUE: Final = rb'true\b|1\b|"\s*(?:true|yes|1)\s*"'
_FALSE: Final = rb'false\b|0\b|"\s*(?:false|no|0|)\s*"'
# Of bytes in lower case, without escapes. What follows a name up to the quote may be space: that of
# Unicode too, so that anything goes.
_WITHDRAWN: Final = re.compile(
    rb'can_(email|sms|post|push|profile)[^"]*"\s*+:\s*+(?!' + _NO_EFFECT + rb"|" + _TRUE + rb")"
)
_GONE: Final = re.compile(
    rb'is_(?:deleted|forgotten)[^"]*"\s*+:\s*+(?!' + _NO_EFFECT + rb"|" + _FALSE + rb")"
)
_IDENTIFIED: Final = re.compile(rb'"external_id"\s*:\s*(?:"[a-z0-9]|[1-9])')
_EMAIL: Final = re.compile(rb'email[^"]*"\s*:\s*"([^"]+)"')
_PHONE_NUMBER: Final = re.compile(rb'phone_number[^"]*"\s*:\s*("[^"]+"|[0-9-][^",}\]]*)')
_PLAIN_SIGNS: Final = b'0123456789+ ().-"'
_NOT_DIGITS: Final = bytes(set(range(256)) - set(b"0123456789"))

_NO_RECORDS: Final = (str, int, float, list, NoneType, RefusedRecord)

_decode: Final = msgspec.json.Decoder().decode
_TRUE_VALUES: Final = ("true", "yes", "1", "1.0")
_FALSE_VALUES: Final = ("", "false", "no", "0", "0.0", "-0.0")


class HoldCounter:
    """Counts, record by record, what could make an import be held.

    `customers_per_record` is how many customers one record without external_id may mean. Once the
    limit of addresses could be passed, the rest is not looked at; what is lost is not counted any
    further once a limit of that could be.
    """

    def __init__(
        self, limits: HoldLimits | None = None, *, customers_per_record: int = 100
    ) -> None:
        self._limits: Final = limits or HoldLimits()
        self._customers_per_record: Final = customers_per_record
        self._withdrawn: Final = dict.fromkeys(PERMISSIONS, 0)
        self._gone = 0
        self._emails: Final = _Addresses()
        self._phone_numbers: Final = _Addresses()
        self._may_lose = False
        self._may_repeat = False
        self._waiting: list[bytes] = []
        """Records in JSON that are counted together, which is quicker."""
        self._waiting_bytes = 0

    def feed(self, given: object) -> None:
        """Count a record: its JSON as it came, or the decoded record where it did not come as JSON.

        A JSON value that is no record has no effect, and counts nothing. Anything else may have
        any effect.
        """
        if self._may_repeat:
            return
        if isinstance(given, msgspec.Raw):
            given = bytes(memoryview(given))
        if not isinstance(given, bytes):
            self._count_value(given)
        elif b"\\" in given:
            self._count_escaped(given)
        else:
            self._waiting.append(given)
            self._waiting_bytes += len(given)
            if self._waiting_bytes > _WAITING_BYTES:
                self._count_waiting()

    def feed_all(self, records: Records) -> int:
        """Count the records of a body; gives how many there are. Raises what reading them does."""
        count = 0
        for count, given in enumerate(records, start=1):  # noqa: B007 - the last one counts
            is_as_it_came = isinstance(given, bytes) and not records.is_renamed
            self.feed(given if is_as_it_came else records.decode(given))
        return count

    def could_hold(self) -> bool:
        """Whether what was fed might pass one of the limits."""
        return self.could_repeat() or self._may_lose

    def could_repeat(self) -> bool:
        """Whether what was fed might pass the limit of records with the same address."""
        self._count_waiting()
        return self._may_repeat

    def _look_at_limits(self) -> None:
        limits = self._limits
        self._may_lose = (
            self._may_lose
            or max(self._withdrawn.values()) + self._gone > limits.permission_customers
            or self._gone > limits.gone_customers
        )
        self._may_repeat = (
            self._emails.most > limits.address_records
            or self._phone_numbers.most > limits.address_records
        )

    def _count_waiting(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        low = b"\n".join(waiting).lower()
        if not self._may_lose and (_WITHDRAWN.search(low) or _GONE.search(low)):
            for given in waiting:
                self._count_effects(given.lower())
        self._emails.add_all(map(_email_key, _EMAIL.findall(low)))
        self._phone_numbers.add_all(map(_number_key, _PHONE_NUMBER.findall(low)))
        self._look_at_limits()

    def _count_effects(self, low: bytes) -> None:
        withdrawn, gone = _WITHDRAWN.findall(low), len(_GONE.findall(low))
        if withdrawn or gone:
            weight = self._weight(low)
            for name in withdrawn:
                self._withdrawn[f"can_{name.decode()}"] += weight
            self._gone += gone * weight

    def _weight(self, low: bytes) -> int:
        """How many customers a record may mean."""
        is_flat = low.count(b"{") == 1 and low.count(b"external_id") == 1
        return 1 if is_flat and _IDENTIFIED.search(low) else self._customers_per_record

    def _count_escaped(self, given: bytes) -> None:
        try:
            record = _decode(given)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # Somebody more lenient may read it.
            self._count_unknown()
        else:
            self._count_value(record)

    def _count_value(self, value: object) -> None:
        if isinstance(value, dict):
            self._count_decoded(value)
        elif not isinstance(value, _NO_RECORDS):
            self._count_unknown()

    def _count_unknown(self) -> None:
        for permission in PERMISSIONS:
            self._withdrawn[permission] += self._customers_per_record
        self._gone += self._customers_per_record
        self._emails.add_all([None])
        self._phone_numbers.add_all([None])
        self._look_at_limits()

    def _count_decoded(self, record: dict[object, object]) -> None:
        named = {str(key).strip().lower(): value for key, value in record.items()}
        if not self._may_lose:
            self._count_losses(named)
        if isinstance(email := named.get("email"), str):
            self._emails.add_all([_email_key(email.lower().encode("utf-8", "replace"))])
        if (number := named.get("phone_number")) is not None:
            text = str(number).encode("utf-8", "replace")
            self._phone_numbers.add_all([_number_key(text.lower())])
        self._look_at_limits()

    def _count_losses(self, named: dict[str, object]) -> None:
        identified = named.get("external_id")
        is_identified = identified is not None and bool(str(identified).strip())
        weight = 1 if is_identified else self._customers_per_record
        for permission in PERMISSIONS:
            if not _says(named.get(permission), _TRUE_VALUES):
                self._withdrawn[permission] += weight
        for name in ("is_deleted", "is_forgotten"):
            if not _says(named.get(name), _FALSE_VALUES):
                self._gone += weight


def _says(value: object, those: tuple[str, ...]) -> bool:
    """Whether a value is missing, or for certain one of those."""
    return value is None or str(value).strip().lower() in those


def _email_key(value: bytes) -> bytes | None:
    """What equal addresses share: nothing where it is no address, None where only reading would
    tell.
    """
    if not value.isascii() or b"xn--" in value:
        return None
    return value.strip() if b"@" in value else b""


def _number_key(value: bytes) -> bytes | None:
    digits = value.translate(None, _NOT_DIGITS)
    if value.translate(None, _PLAIN_SIGNS):
        return b"" if value.isascii() and not digits else None
    has_country = value.lstrip(b'" (').startswith((b"+", b"00"))
    least = _LEAST_DIGITS_WITH_COUNTRY if has_country else _LEAST_DIGITS
    if len(digits) < least:
        return None if digits else b""
    return digits[-_TELLING_DIGITS:]


class _Addresses:
    """How often addresses occur. Many of them share counters, which then say too much."""

    __slots__ = ("_counts", "_unclear", "most")

    def __init__(self) -> None:
        self._counts: Counter[int] | array[int] = Counter()
        self._unclear = 0
        """Addresses that may be equal to any other."""
        self.most = 0
        """How often one address may occur."""

    def add_all(self, keys: Iterable[bytes | None]) -> None:
        """Count addresses in, each by what equal ones share."""
        most = self.most - self._unclear
        counts = self._counts
        for key in keys:
            if not key:
                self._unclear += key is None
                continue
            number = hash(key) % _BUCKETS
            count = counts[number] = counts[number] + 1
            if count > most:  # noqa: PLR1730 - max() takes twice as long
                most = count
        self.most = most + self._unclear
        if isinstance(counts, Counter) and len(counts) > _FEW:
            self._counts = array("I", bytes(4 * _BUCKETS))
            for number, count in counts.items():
                self._counts[number] = count
