"""`POST /api/conditions/count/`, `/explain/` and `/why/` (SPEC section 11)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from litestar import Request, post

from regulars.api.context import check_parameters, check_scope, register_of
from regulars.api.customer_documentation import CONDITION_BODY, WHY_BODY
from regulars.api.documentation import failures
from regulars.api.errors import BusyErrorReply, ConditionErrorReply
from regulars.api.json_body import read_json
from regulars.api.segment_replies import CountReply, count_reply
from regulars.domain.segments.tree import Condition
from regulars.edge.services import services_of
from regulars.errors import ConflictError, InvalidValueError, UnknownNameError
from regulars.services.customers import IDENTIFIERS
from regulars.services.retrieval import Retrieval, Wanted

if TYPE_CHECKING:
    from regulars.domain.customers.customer import Customer
    from regulars.domain.segments.why import Why
    from regulars.services.installation import Register
    from regulars.services.segments import Given


class ConditionBody(msgspec.Struct, forbid_unknown_fields=True):
    """A condition in one of its two forms."""

    where: str | None = None
    tree: Condition | None = None

    def given(self) -> Given:
        """The condition. Raises `InvalidValueError` unless there is just one."""
        if self.where is not None and self.tree is None:
            return self.where
        if self.tree is not None and self.where is None:
            return self.tree
        raise InvalidValueError("body", "either where or tree")


class WhyBody(ConditionBody, forbid_unknown_fields=True):
    """A condition, and one customer."""

    external_id: str | None = None
    email: str | None = None
    phone_number: str | None = None

    def identifier(self) -> dict[str, str]:
        """What names the customer. Raises `InvalidValueError` unless there is just one."""
        given = {name: getattr(self, name) for name in IDENTIFIERS}
        named = {name: str(text) for name, text in given.items() if text is not None}
        if len(named) != 1:
            raise InvalidValueError("body", f"one of {', '.join(IDENTIFIERS)}")
        return named


class ExplainReply(msgspec.Struct):
    """A condition in all its forms."""

    text: str
    tree: dict[str, Any]
    sentence: str
    fields: list[str]
    """The fields that it asks for."""


class WhyNodeReply(msgspec.Struct):
    """A node of a condition, held against one customer."""

    text: str
    is_true: bool
    found: Any
    """The value of the field, null where there is none; of a test on history the last changes."""
    parts: list[WhyNodeReply]


class WhyReply(msgspec.Struct):
    """Why a customer meets a condition, or does not."""

    external_id: str | None
    why: WhyNodeReply


Body = TypeVar("Body", bound=ConditionBody)


@post(
    "/api/conditions/count",
    status_code=200,
    guards=[check_scope],
    operation_class=CONDITION_BODY,
    responses=failures(401, 403, 429, detailed={400: ConditionErrorReply, 503: BusyErrorReply}),
    tags=["Conditions"],
    summary="Count the customers who meet a condition",
)
async def count_customers(request: Request[Any, Any, Any]) -> CountReply:
    """How many customers meet the condition now, and how many of them can be reached by each
    channel.
    """
    condition = (await _read(request, ConditionBody)).given()

    def count() -> CountReply:
        asked = services_of(request).search.ask(register_of(request), condition=condition)
        return count_reply(asked.measure())

    return await asyncio.to_thread(count)


@post(
    "/api/conditions/explain",
    status_code=200,
    guards=[check_scope],
    operation_class=CONDITION_BODY,
    responses=failures(401, 403, 429, 503, detailed={400: ConditionErrorReply}),
    tags=["Conditions"],
    summary="Show a condition in all its forms",
)
async def explain_condition(request: Request[Any, Any, Any]) -> ExplainReply:
    """The condition as text, as tree and as a sentence. Where it cannot be used, the answer is 400
    with all problems and their places in text and tree.
    """
    condition = (await _read(request, ConditionBody)).given()
    search = services_of(request).search
    explained = await asyncio.to_thread(lambda: search.explain(register_of(request), condition))
    tree = msgspec.to_builtins(explained.tree)
    return ExplainReply(explained.text, tree, explained.sentence, list(explained.fields))


@post(
    "/api/conditions/why",
    status_code=200,
    guards=[check_scope],
    operation_class=WHY_BODY,
    responses=failures(401, 403, 404, 409, 429, 503, detailed={400: ConditionErrorReply}),
    tags=["Conditions"],
    summary="Explain why a customer meets a condition",
)
async def explain_customer(request: Request[Any, Any, Any]) -> WhyReply:
    """The condition with its truth at each node for one living customer, and with what was found
    there. Where several customers have the email or phone number, the answer is 409.
    """
    body = await _read(request, WhyBody)
    condition, named = body.given(), body.identifier()

    def explain() -> WhyReply:
        register = register_of(request)
        customer = _find_one(request, register, named)
        why = services_of(request).search.why(register, condition, customer)
        external_id = customer.fields.get("external_id")
        return WhyReply(None if external_id is None else str(external_id), _why_reply(why))

    return await asyncio.to_thread(explain)


def _find_one(
    request: Request[Any, Any, Any], register: Register, named: dict[str, str]
) -> Customer:
    services = services_of(request)
    retrieval = Retrieval(services.search, services.segments, services.installation.now())
    page = retrieval.find(register, register.load_schema(), Wanted(named, limit=2))
    found = [customer for customer in page.customers if customer.state == "living"]
    if len(found) > 1:
        raise ConflictError("several customers have this; name one of them by external_id")
    if not found:
        raise UnknownNameError("such customer")
    return found[0]


def _why_reply(why: Why) -> WhyNodeReply:
    return WhyNodeReply(why.text, why.is_true, why.found, [*map(_why_reply, why.parts)])


async def _read(request: Request[Any, Any, Any], kind: type[Body]) -> Body:
    check_parameters(request, set())
    return await read_json(request, kind)
