"""The words and signs of the text form of conditions (SPEC section 11).

Owns where a token begins and ends, and quoting. Must not know what tokens mean together. Takes
time in proportion to the length of the text, whatever the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from regulars.domain.segments.problem import text_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["word", "quoted", "sign", "end"]


class Token(NamedTuple):
    """A token; `text` of a quoted one is what stands within the quotes."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def keyword(self) -> str:
        """What it is as a keyword or sign; empty for a quoted text, which is never one."""
        return "" if self.kind == "quoted" else self.text.lower()


_BARE: Final = r"[^\s(),\"=<>!%]+"
# The quoted alternative is possessive: it never tries another way to read the same characters.
_TOKEN: Final = re.compile(
    rf"""\s*+(?:
        (?P<quoted>"(?:[^"\\]|\\["\\]|)*+")
      | (?P<word>{_BARE})
      | (?P<sign>!=|<=|>=|[=<>(),%])
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_SPACE: Final = re.compile(r"\s*+")
_OPEN_QUOTE: Final = re.compile(r'"(?:[^"\\]|\\["\\]|)*+')
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_is_bare: Final = re.compile(_BARE).fullmatch
_OTHER_QUOTES: Final = tuple("'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb")


def read_tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, at last one of kind `end`.

    Raises `InvalidConditionError` at what is no token.
    """
    position = 0
    while True:
        match = _TOKEN.match(text, position)
        if match is None:
            raise _no_token(text, position)
        kind = match.lastgroup
        start, position = match.span(kind or 0)
        if kind == "quoted":
            yield Token(
                "quoted", _ESCAPE.sub(r"\1", text[start + 1 : position - 1]), start, position
            )
        elif kind == "word":
            if text.startswith(_OTHER_QUOTES, start):
                raise text_problem("bad_quote", start, position)
            yield Token("word", match["word"], start, position)
        elif kind == "sign":
            yield Token("sign", match["sign"], start, position)
        else:
            yield Token("end", "", len(text), len(text))
            return


def quoted(text: str) -> str:
    """The text in quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def is_bare(text: str) -> bool:
    """Whether the text reads as a word without quotes."""
    return _is_bare(text) is not None and not text.startswith(_OTHER_QUOTES)


def _no_token(text: str, position: int) -> Exception:
    """Why there is no token: a quote that does not end well, or a lone `!`."""
    space = _SPACE.match(text, position)
    start = space.end() if space else position
    opened = _OPEN_QUOTE.match(text, start)
    if opened is None:
        return text_problem("syntax", start, start + 1, ("!=",))
    if opened.end() == len(text):
        return text_problem("open_quote", start, len(text))
    if opened.end() == len(text) - 1:
        # A backslash at the very end would have escaped what closes the quote.
        return text_problem("open_quote", start, len(text))
    return text_problem("bad_escape", opened.end(), opened.end() + 2)
