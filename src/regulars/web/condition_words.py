"""Conditions as pages say them: sentences that call fields as pages call them.

Must not know where they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.segments.sentence import explain, say
from regulars.web.field_labels import label_field

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.domain.segments.tree import Condition


def tell_condition(tree: Condition, schema: Schema) -> str:
    """What a condition asks for: "Customers where Country is FI."; raises as `explain`."""
    return explain(tree, schema, lambda field: label_field(schema, field.name))


def tell_part(tree: Condition, schema: Schema) -> str:
    """The same as a part of a sentence: "Country is FI"; raises as `say`."""
    return say(tree, schema, lambda field: label_field(schema, field.name))
