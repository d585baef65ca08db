"""What the addresses below `/api/segments/` take, for the OpenAPI description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, Schema

from regulars.api.condition_tree import TREE
from regulars.api.documentation import or_null, query_parameter, with_body

if TYPE_CHECKING:
    from litestar.openapi.spec import Parameter

LIST_LIMIT: Final = 100
MOST_LISTED: Final = 1_000
TREND_DAYS: Final = 90
MOST_TREND_DAYS: Final = 3_660

_NAME: Final = Schema(
    type=OpenAPIType.STRING,
    min_length=1,
    max_length=100,
    description="1 to 100 characters, unique without regard to case.",
)
_CONDITION: Final = {
    "where": or_null(
        Schema(
            type=OpenAPIType.STRING,
            description="The condition as text, such as `country = FI and can_email = true`.",
        )
    ),
    "tree": or_null(TREE),
}
_VERSION: Final = Schema(
    type=OpenAPIType.INTEGER,
    minimum=1,
    description="Nothing happens, and the answer is 409, where the segment is at another version.",
)


def _body(properties: dict[str, Schema], required: list[str]) -> dict[str, OpenAPIMediaType]:
    schema = Schema(
        type=OpenAPIType.OBJECT,
        properties={**properties},
        required=required,
        additional_properties=False,
    )
    return {"application/json": OpenAPIMediaType(schema=schema)}


def _with_parameters(*parameters: Parameter) -> type[Operation]:
    @dataclass
    class WithParameters(Operation):
        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or []), *parameters]

    return WithParameters


SEGMENT_LIST: Final = _with_parameters(
    query_parameter(
        "limit", "Segments in one reply.",
        Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=MOST_LISTED, default=LIST_LIMIT),
    ),
    query_parameter("after", "Only names behind this one; `next_url` has it."),
)  # fmt: skip
NEW_SEGMENT: Final = with_body(_body({"name": _NAME, **_CONDITION}, ["name"]), required=True)
CHANGED_SEGMENT: Final = with_body(
    _body({"name": or_null(_NAME), **_CONDITION, "version": or_null(_VERSION)}, []), required=True
)
DELETED_SEGMENT: Final = _with_parameters(
    query_parameter("version", _VERSION.description or "", _VERSION)
)
STATISTICS: Final = _with_parameters(
    query_parameter("field", "Only the values of this field, whichever it is.")
)
TREND: Final = _with_parameters(
    query_parameter(
        "days", "So many days, the last of them today.",
        Schema(
            type=OpenAPIType.INTEGER, minimum=1, maximum=MOST_TREND_DAYS, default=TREND_DAYS
        ),
    )
)  # fmt: skip
OVERLAP: Final = _with_parameters(query_parameter("with", "The name of the other segment."))
