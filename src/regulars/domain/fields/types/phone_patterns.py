"""Valid E.164 numbers told by one pattern per calling code, made from libphonenumber's metadata.

The library takes some 20 µs a number, mostly for finding out anew which patterns apply. For
numbers written as `+` and digits this compiles, once per calling code, what the library does:
the regions of a code in its order, their leading digits, lengths, fixed and mobile patterns.
Numbers that it might change, or of rarer kinds, are left to the library: a pattern that does not
match says nothing. Must not know any other way of writing a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, TypeAlias

import phonenumbers
from phonenumbers import PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

Matcher: TypeAlias = Callable[[str], re.Match[str] | None]

_MAX_CODE_DIGITS: Final = 3
_NOTHING: Final = "(?!)"


def is_plainly_valid(text: str) -> bool:
    """True only for a valid number in E.164 that is its own canonical form."""
    matcher = _MATCHERS[text[:4]]
    return matcher is not None and matcher(text) is not None


class _Matchers(dict[str, Matcher | None]):
    """The matcher by `+` and the three digits after it, which always hold the calling code.

    At most a thousand keys: anything else is answered without being kept.
    """

    __slots__ = ()

    def __missing__(self, beginning: str) -> Matcher | None:
        digits = beginning[1:]
        if not (beginning[:1] == "+" and len(digits) == _MAX_CODE_DIGITS):
            return None
        if not (digits.isascii() and digits.isdigit()):
            return None
        # No calling code begins another one, so that the first found is the only one.
        for length in range(1, _MAX_CODE_DIGITS + 1):
            code = int(digits[:length])
            if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
                self[beginning] = matcher = _compile_matcher(code)
                return matcher
        self[beginning] = None
        return None


_MATCHERS: Final = _Matchers()


@cache
def _compile_matcher(calling_code: int) -> Matcher | None:
    regions = [
        metadata
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[calling_code]
        if (metadata := PhoneMetadata.metadata_for_region(region, None)) is not None
    ]
    if not regions:  # a code of no country, such as 800
        return None
    return compile_pattern(calling_code, regions).fullmatch


def compile_pattern(calling_code: int, regions: Sequence[PhoneMetadata]) -> re.Pattern[str]:
    """The pattern of the plainly valid numbers of one calling code.

    `regions` are those that share the code, in the library's order, the main one first.
    """
    # Leading zeros, and what may be taken for a national prefix, are the library's business.
    untouched = _group("0", regions[0].national_prefix_for_parsing)
    # A region's leading digits claim a number for it, whatever the patterns of later regions say.
    claimed: list[str] = []
    alternatives = []
    for region in regions:
        condition = f"(?!{_group(*claimed)})" if claimed else ""
        if region.leading_digits is not None and len(regions) > 1:
            condition += f"(?={_group(region.leading_digits)})"
            claimed.append(region.leading_digits)
        alternatives.append(condition + _region_pattern(region))
    # The metadata's \d must not mean Arabic digits here.
    return re.compile(rf"\+{calling_code}(?!{untouched}){_group(*alternatives)}", re.ASCII)


def _region_pattern(region: PhoneMetadata) -> str:
    """The numbers of a region that are mobile or fixed, and fit its general description."""
    kinds = [_kind_pattern(kind) for kind in (region.mobile, region.fixed_line)]
    return rf"(?={_kind_pattern(region.general_desc)}\Z){_group(*kinds)}"


def _kind_pattern(kind: PhoneNumberDesc | None) -> str:
    """The numbers of one kind: one of its lengths, if it says any, and its pattern."""
    if kind is None or kind.national_number_pattern is None:
        return _NOTHING
    lengths = _group(*(rf"\d{{{length}}}" for length in kind.possible_length))
    length_fits = rf"(?={lengths}\Z)" if kind.possible_length else ""
    return length_fits + _group(kind.national_number_pattern)


def _group(*alternatives: str | None) -> str:
    return f"(?:{'|'.join(pattern for pattern in alternatives if pattern)})"
