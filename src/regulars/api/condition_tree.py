"""What the OpenAPI description says of a condition as a tree (`domain.segments.tree`)."""

from __future__ import annotations

from typing import Final

from litestar.openapi.spec import OpenAPIType, Schema

from regulars.domain.segments.operators import OPERATORS

_TEXT: Final = Schema(type=OpenAPIType.STRING)


def _node(kind: str, description: str, **properties: Schema) -> Schema:
    return Schema(
        type=OpenAPIType.OBJECT,
        description=description,
        properties={"kind": Schema(type=OpenAPIType.STRING, enum=[kind]), **properties},
        required=["kind", *(name for name in properties if name not in ("operands", "days"))],
    )


_NODE: Final = Schema(type=OpenAPIType.OBJECT, description="A node of the same kinds.")
"""Not a reference to the whole: programs that make up requests cannot follow circles."""
_PARTS: Final = Schema(type=OpenAPIType.ARRAY, items=_NODE, min_items=2)
TREE: Final = Schema(
    description="A condition as a tree of nodes, told apart by `kind`.",
    one_of=[
        _node("all", "Holds where all parts do.", parts=_PARTS),
        _node("any", "Holds where one of the parts does.", parts=_PARTS),
        _node("not", "Holds where its part does not.", part=_NODE),
        _node(
            "test",
            "One field, one operator; values are texts, as they stand in the text form.",
            field=_TEXT,
            operator=Schema(type=OpenAPIType.STRING, enum=list(OPERATORS)),
            operands=Schema(type=OpenAPIType.ARRAY, items=_TEXT),
            days=Schema(type=OpenAPIType.INTEGER, minimum=0),
        ),
        _node("segment", "Holds for the customers of another segment.", name=_TEXT),
        _node("sample", "Holds for so many per cent of all customers.", percent=_TEXT),
    ],
)
