"""Which field each column of a file becomes, where the file does not call them as we do.

Owns the guess, and what is wrong with a choice. A column becomes a key of a record: a field, one
with an operation such as `tags.add`, or nothing, which is "". Must not know how it is asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from regulars.domain.fields.catalogue import BUILTIN_FIELDS
from regulars.domain.fields.company_field import is_own_name
from regulars.domain.fields.schema import LIST_TYPES
from regulars.domain.imports.column_names import FIELD_OF_NAME, fold_name
from regulars.domain.records.own_keys import CUSTOMER_KEY, REPORT_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from regulars.domain.fields.company_field import CompanyField
    from regulars.domain.fields.schema import Schema

IDENTIFIERS: Final = ("external_id", "email", "phone_number")
OPERATIONS: Final = (".add", ".remove")
_BUILTIN_NAMES: Final = {fold_name(field.name): field.name for field in BUILTIN_FIELDS}
_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME: Final = 60


def guess_columns(schema: Schema, names: Sequence[str]) -> list[str]:
    """The key that each of the columns most likely is, by its name. No two get the same: a field's
    own name comes before other spellings, and the first column before later ones.
    """
    guesses = [""] * len(names)
    taken: set[str] = set()
    for find in (_find_key, _find_meaning):
        for place, name in enumerate(names):
            key = "" if guesses[place] else find(schema, name)
            if key and key.lower() not in taken:
                taken.add(key.lower())
                guesses[place] = key
    if "street_name" in taken and taken.isdisjoint(("house_number", "street_address")):
        # A street whose number has no column of its own holds it.
        guesses = ["street_address" if key == "street_name" else key for key in guesses]
    return guesses


def find_repeated(keys: Iterable[str]) -> set[str]:
    """The keys, in lower case, that more than one column has."""
    counts = Counter(key.lower() for key in keys if key)
    return {key for key, count in counts.items() if count > 1}


def has_identifier(keys: Iterable[str]) -> bool:
    """Whether records with these keys can name their customers."""
    return any(key.lower() in IDENTIFIERS for key in keys)


def read_key(schema: Schema, text: str) -> str | None:
    """A key that a column may become, as fields are written; None for what is none. A company's
    field need not be there yet.
    """
    text = text.strip()
    if text in ("", CUSTOMER_KEY):
        return text
    base, dot, operation = text.rpartition(".")
    name, operation = (base, f".{operation.lower()}") if dot else (text, "")
    field = schema.find(name)
    if operation and (
        operation not in OPERATIONS or (field is not None and field.type not in LIST_TYPES)
    ):
        return None
    if field is not None:
        return f"{field.name}{operation}"
    own_name = schema.own_name(name)
    return None if own_name is None else f"{own_name}{operation}"


def propose_field(schema: Schema, name: str) -> str:
    """A name for a company field that a column could become."""
    apart = _NOT_IN_NAMES.sub("_", _unaccented(name)).strip("_")[:_LONGEST_NAME].rstrip("_")
    if not apart or not is_own_name(apart):
        apart = f"column_{apart}".rstrip("_")
    return f"{schema.prefix}{apart}"


def is_note(name: str) -> bool:
    """Whether a column is of our own making, and says nothing of the customer."""
    return name.strip().lower() in REPORT_KEYS


def _find_key(schema: Schema, name: str) -> str:
    key = "" if is_note(name) else read_key(schema, name)
    return key or ""


def _find_meaning(schema: Schema, name: str) -> str:
    folded = fold_name(name)
    own = {fold_name(each.name[len(schema.prefix) :]): each.name for each in _own(schema)}
    return _BUILTIN_NAMES.get(folded) or FIELD_OF_NAME.get(folded) or own.get(folded, "")


def _own(schema: Schema) -> Iterable[CompanyField]:
    return schema.company_fields.values()


def _unaccented(name: str) -> str:
    return "".join(fold_name(sign) if sign.isalnum() else "_" for sign in name.strip())
