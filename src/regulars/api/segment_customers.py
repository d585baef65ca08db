"""`GET /api/segments/NAME/customers/` (SPEC section 11)."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.openapi.datastructures import ResponseSpec

from regulars.api.context import check_scope, register_of
from regulars.api.customer_documentation import SEGMENT_CUSTOMER_PARAMETERS
from regulars.api.customers import CustomersReply, reply_with_customers
from regulars.api.documentation import failures
from regulars.api.encoded_names import SegmentName, segment_path
from regulars.api.errors import BusyErrorReply, ConditionErrorReply
from regulars.api.segment_figures import find_segment, unfit_segment
from regulars.errors import InvalidConditionError


@get(
    "/api/segments/{name:str}/customers",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=SEGMENT_CUSTOMER_PARAMETERS,
    responses={
        200: ResponseSpec(CustomersReply, description="Customers", generate_examples=False),
        **failures(
            401, 403, 404, 409, 429, detailed={400: ConditionErrorReply, 503: BusyErrorReply}
        ),
    },
    tags=["Segments"],
    summary="Read the customers of a segment",
)
def read_segment_customers(request: Request[Any, Any, Any], name: SegmentName) -> Response[Any]:
    """The customers of a segment, answered and narrowed down as at `/api/data/customers/`. 409
    where the condition does not fit the company's fields any more.
    """
    segment = find_segment(request, register_of(request), name)
    path = segment_path(segment.name, "customers/")
    try:
        return reply_with_customers(request, path, segment.name)
    except InvalidConditionError as error:
        if error.name == "segment":
            raise unfit_segment(segment, error) from None
        raise
