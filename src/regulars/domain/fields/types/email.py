"""The type `email`: an RFC 5322 addr-spec without its rare forms (SPEC section 2)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import email_validator

from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    Remove,
    Unreadable,
    same_for_every_company,
)
from regulars.domain.fields.types.text import trimmed

_CODE: Final = "bad_email"
# RFC 5321 section 4.5.3.1.3. The library checks it too, but only after slow work on long text.
_MAX_CHARACTERS: Final = 254
_MEMO_ENTRIES: Final = 20_000
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_plain: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@([A-Za-z0-9.-]+)").fullmatch

# Names such as shop.test and till.local (RFC 6761) cannot be reached from everywhere, but whether
# an address can be reached is not a matter of its syntax, and systems being tested use them. The
# list is documented by the library as its users' to change.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


class _PlainDomains(dict[str, bool]):
    """A memo: whether a lower-case ASCII domain is valid and its own canonical form."""

    __slots__ = ()

    def __missing__(self, domain: str) -> bool:
        address = f"a@{domain}"
        try:
            plain = _read_by_library(address) == address
        except Unreadable:
            plain = False
        if len(self) >= _MEMO_ENTRIES:
            self.clear()
        self[domain] = plain
        return plain


_PLAIN_DOMAINS: Final = _PlainDomains()


def read_email(value: object) -> str | Remove:
    """The address in lower case, its domain in Unicode, NFC; raises `bad_email`, `bad_text`."""
    if type(value) is str:
        # ASCII dot-atoms need no library, which takes 30 times as long; the domain does, once.
        text = value.strip()
        match = _plain(text)
        if match and len(text) <= _MAX_CHARACTERS and _PLAIN_DOMAINS[match[1].lower()]:
            return text.lower()
    text = trimmed(value, _CODE)
    if not text:
        return REMOVE
    if len(text) > _MAX_CHARACTERS:
        raise Unreadable(_CODE)
    address = _read_by_library(text)
    # Lower case can be longer than upper case, and then too long to be read again.
    if not address.isascii() and _read_by_library(address) != address:
        raise Unreadable(_CODE)
    return address


def _read_by_library(text: str) -> str:
    try:
        valid = email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError:
        raise Unreadable(_CODE) from None
    return unicodedata.normalize("NFC", valid.normalized.lower())


EMAIL: Final = FieldType(
    name="email",
    problem_code=_CODE,
    accepts="An e-mail address without name, comment, quotes or bracketed host.",
    example="james.carroll@example.org",
    compile_reader=same_for_every_company(read_email),
)
