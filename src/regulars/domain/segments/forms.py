"""The text forms of all operators, as a tree of the words that can follow one another.

Owns how the operator table is read as a grammar. Must not know tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.segments.operators import OPERATORS

if TYPE_CHECKING:
    from regulars.domain.segments.operators import Operator

VALUE: Final = "{value}"
VALUES: Final = "{values}"
DAYS: Final = "{days}"

_DESCRIBED: Final = {VALUE: "a value", VALUES: "values in brackets", DAYS: "a number of days"}


class Form:
    """Some first words of forms. Where nothing can follow, they are the whole of `operator`'s."""

    __slots__ = ("after", "operator")

    def __init__(self) -> None:
        self.after: dict[str, Form] = {}
        """The next words, and what takes their place, with what they lead to."""
        self.operator: Operator | None = None

    @property
    def expected(self) -> tuple[str, ...]:
        """What can follow, in words for a reader."""
        return tuple(_DESCRIBED.get(word, word) for word in self.after)


def _compile_forms() -> Form:
    root = Form()
    for operator in OPERATORS.values():
        form = root
        for word in operator.form.split():
            form = form.after.setdefault(word, Form())
        form.operator = operator
    return root


FORMS: Final = _compile_forms()
