"""`/api/segments/` and `/api/segments/NAME/`: segments saved, changed and deleted (SPEC 11)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from litestar import Request, Response, delete, get, post, put

from regulars.api.conditions import ConditionBody
from regulars.api.context import (
    check_parameters,
    check_scope,
    principal_of,
    read_number,
    register_of,
)
from regulars.api.documentation import failures
from regulars.api.encoded_names import (
    SEGMENTS_PATH,
    SegmentName,
    read_segment_name,
    segment_path,
)
from regulars.api.errors import ConditionErrorReply
from regulars.api.json_body import read_json
from regulars.api.links import absolute_url
from regulars.api.segment_documentation import (
    CHANGED_SEGMENT,
    DELETED_SEGMENT,
    LIST_LIMIT,
    MOST_LISTED,
    NEW_SEGMENT,
    SEGMENT_LIST,
)
from regulars.api.segment_replies import (
    SegmentFoundReply,
    SegmentListReply,
    segment_detail_reply,
    segment_reply,
)
from regulars.domain.segments.tree import segment_key
from regulars.edge.services import services_of
from regulars.errors import InvalidValueError
from regulars.services.segment_descriptions import describe_segments

if TYPE_CHECKING:
    from regulars.services.installation import Register
    from regulars.store.contract.segments import Segment

_SHOWN_VERSIONS: Final = 100
_MOST_VERSIONS: Final = 2**31 - 1


class NewSegment(ConditionBody, forbid_unknown_fields=True, kw_only=True):
    """A segment to make."""

    name: str


class ChangedSegment(ConditionBody, forbid_unknown_fields=True):
    """What of a segment to change."""

    name: str | None = None
    version: int | None = None

    @property
    def has_condition(self) -> bool:
        """Whether the condition is to be another one."""
        return self.where is not None or self.tree is not None


@get(
    "/api/segments",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=SEGMENT_LIST,
    responses=failures(400, 401, 403, 429, 503),
    tags=["Segments"],
    summary="List segments",
)
def read_segments(request: Request[Any, Any, Any]) -> SegmentListReply:
    """Segments of the company in order of their names, each with what its condition asks for."""
    parameters = check_parameters(request, {"limit", "after"})
    limit = read_number(parameters, "limit", LIST_LIMIT, MOST_LISTED)
    after = segment_key(parameters.get("after", ""))
    register = register_of(request)
    segments = services_of(request).segments.load(register)
    following = [each for each in segments if each.key > after]
    page = following[:limit]
    next_url = None
    if len(following) > limit:
        next_url = absolute_url(request, SEGMENTS_PATH, {"limit": limit, "after": page[-1].name})
    described = describe_segments(register, page)
    return SegmentListReply(list(map(segment_reply, described)), len(segments), next_url)


@post(
    "/api/segments",
    status_code=201,
    guards=[check_scope],
    operation_class=NEW_SEGMENT,
    responses=failures(401, 403, 409, 429, 503, detailed={400: ConditionErrorReply}),
    tags=["Segments"],
    summary="Make a segment",
)
async def create_segment(request: Request[Any, Any, Any]) -> Response[SegmentFoundReply]:
    """The condition is given as text, `where`, or as a tree, `tree`. A field of the company's own
    that it tests is declared by it. 409 where there is a segment of that name.
    """
    check_parameters(request, set())
    body = await read_json(request, NewSegment)
    condition = body.given()

    def create() -> Response[SegmentFoundReply]:
        register = register_of(request)
        segment = services_of(request).segments.create(
            register, body.name, condition, actor=principal_of(request).actor
        )
        headers = {"Location": segment_path(segment.name)}
        return Response(_reply(request, register, segment), headers=headers, status_code=201)

    return await asyncio.to_thread(create)


@get(
    "/api/segments/{name:str}",
    guards=[check_scope],
    sync_to_thread=True,
    responses=failures(400, 401, 403, 404, 429, 503),
    tags=["Segments"],
    summary="Read a segment",
)
def read_segment(request: Request[Any, Any, Any], name: SegmentName) -> SegmentFoundReply:
    """A segment, what its condition asks for, and who changed it when."""
    check_parameters(request, set())
    register = register_of(request)
    segment = services_of(request).segments.find(register, read_segment_name(name))
    return _reply(request, register, segment)


@put(
    "/api/segments/{name:str}",
    guards=[check_scope],
    operation_class=CHANGED_SEGMENT,
    responses=failures(401, 403, 404, 409, 429, 503, detailed={400: ConditionErrorReply}),
    tags=["Segments"],
    summary="Change or rename a segment",
)
async def save_segment(request: Request[Any, Any, Any], name: SegmentName) -> SegmentFoundReply:
    """Gives the segment the condition in `where` or `tree`, and makes it where there is none of
    that name. With `name` it is renamed, and conditions that refer to it follow; the condition may
    then be left out. What changes nothing makes no version. Send the `version` that you have read
    to change nothing that somebody else has changed since: then the answer is 409.
    """
    check_parameters(request, set())
    body = await read_json(request, ChangedSegment)
    condition = body.given() if body.has_condition else None
    if condition is None and body.name is None:
        raise InvalidValueError("body", "nothing is to be changed: where, tree or name")
    found_name = read_segment_name(name)

    def save() -> SegmentFoundReply:
        register, segments = register_of(request), services_of(request).segments
        actor = principal_of(request).actor
        if body.name is None and condition is not None:
            segment = segments.save(
                register, found_name, condition, version=body.version, actor=actor
            )
        else:
            segment = segments.change(
                register,
                found_name,
                new_name=body.name,
                condition=condition,
                version=body.version,
                actor=actor,
            )
        return _reply(request, register, segment)

    return await asyncio.to_thread(save)


@delete(
    "/api/segments/{name:str}",
    status_code=204,
    guards=[check_scope],
    operation_class=DELETED_SEGMENT,
    responses=failures(400, 401, 403, 404, 409, 429, 503),
    tags=["Segments"],
    summary="Delete a segment",
)
async def delete_segment(request: Request[Any, Any, Any], name: SegmentName) -> None:
    """Its versions and its daily counts go with it. 409, with their names, where other segments
    refer to it.
    """
    parameters = check_parameters(request, {"version"})
    version = read_number(parameters, "version", 0, _MOST_VERSIONS) or None
    found_name = read_segment_name(name)

    def delete_it() -> None:
        services_of(request).segments.delete(
            register_of(request), found_name, version=version, actor=principal_of(request).actor
        )

    await asyncio.to_thread(delete_it)


def _reply(
    request: Request[Any, Any, Any], register: Register, segment: Segment
) -> SegmentFoundReply:
    (described,) = describe_segments(register, [segment])
    versions = services_of(request).segments.load_versions(register, segment)
    return segment_detail_reply(described, versions[:_SHOWN_VERSIONS])
