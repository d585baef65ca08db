"""The type `money`: an amount in whole cents (SPEC section 2)."""

from __future__ import annotations

from typing import Final

from regulars.domain.fields.types.integer import read_whole_number
from regulars.domain.fields.types.reading import FieldType, Remove, same_for_every_company

_CODE: Final = "bad_money"


def read_money(value: object) -> int | Remove:
    """The cents; raises `bad_money`.

    Every float is refused, 12.0 too: it is more likely twelve of the main unit than twelve cents.
    """
    return read_whole_number(value, _CODE)


MONEY: Final = FieldType(
    name="money",
    problem_code=_CODE,
    accepts="An amount in whole cents, as an integer or as a string of digits.",
    example="1250",
    compile_reader=same_for_every_company(read_money),
)
