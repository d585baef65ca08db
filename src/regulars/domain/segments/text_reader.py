"""The text form of conditions, read (SPEC section 11).

`not` binds strongest, then `and`; brackets group. Owns the grammar around the operators, whose own
forms the operator table gives. Takes any text: what is no condition raises, with the place and
what was expected there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.segments.forms import DAYS, FORMS, VALUE, VALUES
from regulars.domain.segments.problem import Part, text_problem
from regulars.domain.segments.tokens import Token, read_tokens
from regulars.domain.segments.tree import (
    MAX_LENGTH,
    MAX_NESTING,
    MAX_NODES,
    All,
    Any,
    Condition,
    InSegment,
    Not,
    Path,
    Sample,
    Test,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from regulars.domain.segments.forms import Form

    Span = tuple[int, int]

JOINING: Final = frozenset({"and", "or", "not"})
"""Words that are a value or a field's name only in quotes."""
LEADING: Final = JOINING | {"segment", "sample"}
"""Words that are a field's name only in quotes."""

_CONDITION: Final = ("a field", "not", "segment", "sample", "(")
_is_days: Final = re.compile(r"-?[0-9]{1,9}").fullmatch


class Parsed(msgspec.Struct, frozen=True):
    """A condition that was read, and where in the text its nodes and their parts stand."""

    tree: Condition
    places: dict[tuple[Path, Part], tuple[int, int]]


class _Read(msgspec.Struct):
    """A node with its places and those of its parts."""

    node: Condition
    places: dict[Part, tuple[int, int]]
    parts: Sequence[_Read] = ()


def read_condition(text: str) -> Parsed:
    """The tree that a text stands for, with the places of its nodes.

    Raises `InvalidConditionError`.
    """
    if len(text) > MAX_LENGTH:
        raise text_problem("too_long", MAX_LENGTH, len(text))
    read = _Reader(text).read()
    places = {}
    waiting: list[tuple[Path, _Read]] = [((), read)]
    while waiting:
        path, each = waiting.pop()
        places.update({(path, part): span for part, span in each.places.items()})
        waiting += [((*path, number), part) for number, part in enumerate(each.parts)]
    return Parsed(read.node, places)


class _Reader:
    """Reads one text from its beginning to its end, a token at a time, never going back."""

    def __init__(self, text: str) -> None:
        self._tokens = read_tokens(text)
        self._token = next(self._tokens)
        self._end = 0
        """The end of the token before."""
        self._nesting = 0
        self._nodes = 0

    def read(self) -> _Read:
        read = self._any()
        if self._token.kind != "end":
            raise self._problem("and", "or", "the end")
        return read

    # Groups

    def _any(self) -> _Read:
        return self._group("or", self._all, Any)

    def _all(self) -> _Read:
        return self._group("and", self._single, All)

    def _group(self, word: str, read_part: Callable[[], _Read], kind: type[All | Any]) -> _Read:
        start = self._token.start
        parts = [read_part()]
        while self._token.keyword == word:
            self._next()
            parts.append(read_part())
        if len(parts) == 1:
            return parts[0]
        return self._node(start, kind(tuple(part.node for part in parts)), parts=parts)

    def _single(self) -> _Read:
        token = self._token
        match token.keyword:
            case "not":
                part = self._nested(self._single)
                return self._node(token.start, Not(part.node), parts=(part,))
            case "(":
                inner = self._nested(self._any)
                self._expect(")", "and", "or")
                return inner
            case "segment":
                self._next()
                name = self._value("the name of a segment")
                return self._node(token.start, InSegment(name.text), {0: name[2:]})
            case "sample":
                self._next()
                percent = self._value("a number")
                self._expect("%")
                return self._node(token.start, Sample(percent.text), {0: percent[2:]})
            case _:
                return self._test()

    def _nested(self, read: Callable[[], _Read]) -> _Read:
        if self._nesting == MAX_NESTING:
            raise text_problem("too_deep", self._token.start, self._token.end)
        self._nesting += 1
        self._next()
        inner = read()
        self._nesting -= 1
        return inner

    # Tests

    def _test(self) -> _Read:
        field = self._token
        if field.kind not in ("word", "quoted") or field.keyword in JOINING:
            raise self._problem(*_CONDITION)
        self._next()
        places: dict[Part, Span] = {"field": field[2:]}
        operands: list[Token] = []
        days: int | None = None
        start = self._token.start
        form = FORMS
        while form.after:
            form, slot = self._follow(form)
            if slot == VALUE:
                operands.append(self._value("a value"))
            elif slot == VALUES:
                operands += self._values()
            elif slot == DAYS:
                places["days"] = self._token[2:]
                days = self._days()
        operator = form.operator
        assert operator is not None, "where nothing can follow, a form ends"  # noqa: S101
        places["operator"] = (start, self._end)
        places.update({number: operand[2:] for number, operand in enumerate(operands)})
        texts = tuple(operand.text for operand in operands)
        return self._node(field.start, Test(field.text, operator.name, texts, days), places)

    def _follow(self, form: Form) -> tuple[Form, str]:
        """What the next word of a form leads to; a slot is named and not read yet."""
        word = self._token.keyword
        if word == "day":
            word = "days"
        if word in form.after:
            self._next()
            return form.after[word], ""
        for slot in (VALUE, VALUES, DAYS):
            if slot in form.after and (slot != VALUES or word == "("):
                return form.after[slot], slot
        raise self._problem(*form.expected)

    def _value(self, described: str) -> Token:
        token = self._token
        if token.kind not in ("word", "quoted") or token.keyword in JOINING:
            raise self._problem(described)
        self._next()
        return token

    def _values(self) -> list[Token]:
        self._next()
        values = [self._value("a value")]
        while self._token.text == "," and self._token.kind == "sign":
            self._next()
            values.append(self._value("a value"))
        self._expect(")", ",")
        return values

    def _days(self) -> int:
        token = self._token
        if token.kind != "word" or _is_days(token.text) is None:
            raise self._problem("a number of days")
        self._next()
        return int(token.text)

    # Tokens and nodes

    def _next(self) -> None:
        self._end = self._token.end
        self._token = next(self._tokens)

    def _expect(self, sign: str, *others: str) -> None:
        if self._token.keyword != sign:
            raise self._problem(sign, *others)
        self._next()

    def _problem(self, *expected: str) -> Exception:
        return text_problem("syntax", self._token.start, self._token.end, expected)

    def _node(
        self,
        start: int,
        node: Condition,
        places: dict[Part, Span] | None = None,
        parts: Sequence[_Read] = (),
    ) -> _Read:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise text_problem("too_many_parts", start, self._end)
        return _Read(node, {"node": (start, self._end), **(places or {})}, parts)
