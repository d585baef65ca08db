"""The field types: how a supplied value becomes its canonical form (SPEC section 2).

Owns the table of types; each type has a module of its own. Must not know fields, records,
or where values come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from regulars.domain.fields.types.boolean import BOOLEAN
from regulars.domain.fields.types.country_code import COUNTRY_CODE
from regulars.domain.fields.types.date import DATE
from regulars.domain.fields.types.datetime import DATETIME
from regulars.domain.fields.types.day_of_year import DAY_OF_YEAR
from regulars.domain.fields.types.email import EMAIL
from regulars.domain.fields.types.external_id import EXTERNAL_ID
from regulars.domain.fields.types.integer import INTEGER
from regulars.domain.fields.types.language_code import LANGUAGE_CODE
from regulars.domain.fields.types.list import LIST
from regulars.domain.fields.types.money import MONEY
from regulars.domain.fields.types.number import NUMBER
from regulars.domain.fields.types.object import OBJECT
from regulars.domain.fields.types.phone_number import PHONE_NUMBER, is_national, read_phone_number
from regulars.domain.fields.types.phone_patterns import is_plainly_valid
from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    OutOfRange,
    Reader,
    ReadingContext,
    Remove,
    Unreadable,
    Value,
)
from regulars.domain.fields.types.set import SET
from regulars.domain.fields.types.string import STRING

__all__ = [
    "EXTERNAL_ID",
    "FIELD_TYPES",
    "REMOVE",
    "FieldType",
    "OutOfRange",
    "Reader",
    "ReadingContext",
    "Remove",
    "Unreadable",
    "Value",
    "is_national",
    "is_plainly_valid",
    "read_phone_number",
]

FIELD_TYPES: Final[Mapping[str, FieldType]] = MappingProxyType(
    {
        field_type.name: field_type
        for field_type in (
            STRING,
            EMAIL,
            PHONE_NUMBER,
            BOOLEAN,
            INTEGER,
            NUMBER,
            MONEY,
            DATE,
            DATETIME,
            DAY_OF_YEAR,
            COUNTRY_CODE,
            LANGUAGE_CODE,
            LIST,
            SET,
            OBJECT,
        )
    }
)
"""Every type that a field can have, by name, in the order of SPEC section 2.

`EXTERNAL_ID` stands apart: it is the rule of one field and never that of a company field.
"""
