"""What the OpenAPI description says of reading customers back, and of conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    Schema,
)

from regulars.api.condition_tree import TREE
from regulars.api.documentation import PLACE, add_answer, or_null, query_parameter, with_body
from regulars.domain.fields.catalogue import BUILTIN_FIELDS
from regulars.domain.fields.schema import LIST_TYPES

_FILLED: Final = Schema(type=OpenAPIType.STRING, min_length=1)


def _filters() -> list[Parameter]:
    return [
        query_parameter(
            field.name,
            f"Only customers who have this in `{field.name}`."
            if field.type in LIST_TYPES
            else f"Only customers with this `{field.name}`.",
            _FILLED,
        )
        for field in BUILTIN_FIELDS
    ]


@dataclass
class _CustomerParameters(Operation):
    def __post_init__(self) -> None:
        add_answer(self, "text/csv")
        self.parameters = [
            *(self.parameters or []),
            query_parameter("segment", "Only the customers of the segment of this name.", _FILLED),
            query_parameter(
                "where", "Only customers who meet this condition, in its text form.", _FILLED
            ),
            query_parameter(
                "q", "Only customers in whose texts every word occurs. Whose identifier the whole "
                "text is, comes first.", _FILLED,
            ),
            query_parameter(
                "limit", "Customers in one reply; up to 100,000 as CSV.",
                Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=100_000, default=100),
            ),
            query_parameter(
                "order",
                "The field by which customers are ordered, with `-` before it the other way "
                "round. Those without a value come last.", _FILLED,
            ),
            query_parameter("fields", "Only these fields, such as `email,city`.", _FILLED),
            query_parameter(
                "format", "`csv` gives a file, whose next page is in the header `Link`.",
                Schema(type=OpenAPIType.STRING, enum=["json", "csv"], default="json"),
            ),
            query_parameter(
                "datetimes", "`rfc3339` adds the zone to instants; in CSV they always have it.",
                Schema(type=OpenAPIType.STRING, enum=["rfc3339"]),
            ),
            query_parameter("after", "Where the reply goes on; `next_url` has it.", PLACE),
            *_filters(),
        ]  # fmt: skip


@dataclass
class _SegmentCustomerParameters(_CustomerParameters):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.parameters = [
            each for each in self.parameters or [] if getattr(each, "name", None) != "segment"
        ]


CUSTOMER_PARAMETERS: Final = _CustomerParameters
SEGMENT_CUSTOMER_PARAMETERS: Final = _SegmentCustomerParameters


_CONDITION: Final[dict[str, Schema | Reference]] = {
    "where": or_null(
        Schema(type=OpenAPIType.STRING, description="The condition in its text form.")
    ),
    "tree": or_null(TREE),
}
_IDENTIFIERS: Final = ("external_id", "email", "phone_number")


def _body(description: str, example: dict[str, str], *more: str) -> type[Operation]:
    # Which keys go together is said in words: programs make little of it as a schema.
    schema = Schema(
        type=OpenAPIType.OBJECT,
        description=description,
        properties={**_CONDITION, **dict.fromkeys(more, or_null(_FILLED))},
        additional_properties=False,
    )
    examples: dict[str, Example | Reference] = {"text": Example(value=example)}
    return with_body(
        {"application/json": OpenAPIMediaType(schema=schema, examples=examples)}, required=True
    )


_EXAMPLE: Final = {"where": "country = FI and tags has any (vip)"}
CONDITION_BODY: Final = _body("Either `where` or `tree`.", _EXAMPLE)
WHY_BODY: Final = _body(
    "Either `where` or `tree`, and one of the three identifiers.",
    {**_EXAMPLE, "external_id": "3619490226"},
    *_IDENTIFIERS,
)
