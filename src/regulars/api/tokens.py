"""`POST /api/access-tokens/` and `/api/integrations/`, in Custobar's shapes (SPEC section 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, post

from regulars.api.context import check_parameters, check_scope, principal_of
from regulars.api.documentation import INTEGRATION_BODY, TOKEN_BODY, failures
from regulars.api.json_body import read_json
from regulars.api.replies import show_instant
from regulars.edge.services import services_of

if TYPE_CHECKING:
    from regulars.services.access import Principal


class ScopeBody(msgspec.Struct):
    """A method and path that a token may use."""

    method: str
    path: str


class TokenBody(msgspec.Struct):
    """What to make a token with; everything may be left out."""

    name: str = ""
    owner_id: str = ""
    scopes: list[ScopeBody] = []
    transfer_privileges: bool = False
    """Accepted for the sake of clients in use: a token's rights are its scopes."""


class TokenReply(msgspec.Struct):
    """A token that was made; `token` is the secret, shown this once."""

    id: str
    owner_id: str
    created_at: str
    hint: str
    name: str
    created_by: str
    scopes: list[ScopeBody]
    token: str


class TokenCreatedReply(msgspec.Struct):
    """The answer to making a token."""

    access_token: TokenReply


class IntegrationParameters(msgspec.Struct):
    """What an integration is called."""

    name: str = ""
    description: str = ""


class IntegrationBody(msgspec.Struct):
    """What to make an integration with."""

    integration_name: str = ""
    parameters: IntegrationParameters = msgspec.field(default_factory=IntegrationParameters)


class IntegrationReply(msgspec.Struct):
    """An integration that was made."""

    id: str
    name: str
    description: str
    enabled: bool
    created_at: str


class IntegrationCreatedReply(msgspec.Struct):
    """The answer to making an integration."""

    integration: IntegrationReply


@post(
    "/api/access-tokens",
    status_code=200,
    guards=[check_scope],
    operation_class=TOKEN_BODY,
    responses=failures(400, 401, 403, 404, 429, 503),
    tags=["Access"],
    summary="Make a token",
)
async def create_token(request: Request[Any, Any, Any]) -> TokenCreatedReply:
    """The token's secret is in the answer, and never again. Without scopes it may upload, read,
    and follow imports.
    """
    check_parameters(request, set())
    body = await read_json(request, TokenBody)
    services, principal = services_of(request), principal_of(request)
    token, secret = services.access.create_token(
        principal.company,
        body.name,
        [f"{scope.method} {scope.path}" for scope in body.scopes],
        actor=principal.actor,
        owner_id=body.owner_id,
        creator=principal,
    )
    scopes = [ScopeBody(*scope.split(" ", 1)) for scope in token.scopes]
    return TokenCreatedReply(
        TokenReply(
            token.id,
            token.owner_id,
            show_instant(token.created_at),
            f"{secret[:4]}***{secret[-3:]}",
            token.name,
            token.created_by,
            scopes,
            secret,
        )
    )


@post(
    "/api/integrations",
    status_code=200,
    guards=[check_scope],
    operation_class=INTEGRATION_BODY,
    responses=failures(400, 401, 403, 429, 503),
    tags=["Access"],
    summary="Make an integration",
)
async def create_integration(request: Request[Any, Any, Any]) -> IntegrationCreatedReply:
    """An integration is a program that tokens can be made for, as `owner_id`."""
    check_parameters(request, set())
    body = await read_json(request, IntegrationBody)
    principal: Principal = principal_of(request)
    integration = services_of(request).access.create_integration(
        principal.company,
        body.parameters.name or body.integration_name,
        body.parameters.description,
        actor=principal.actor,
    )
    return IntegrationCreatedReply(
        IntegrationReply(
            integration.id,
            integration.name,
            integration.description,
            enabled=True,
            created_at=show_instant(integration.created_at),
        )
    )
