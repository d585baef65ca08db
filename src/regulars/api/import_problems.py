"""`GET /api/imports/ID/problems/` and `GET /api/imports/ID/rejected/` (SPEC section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import MediaType, Request, Response, get
from litestar.openapi.datastructures import ResponseSpec

from regulars.api.context import (
    check_parameters,
    check_scope,
    read_number,
    register_of,
)
from regulars.api.documentation import PROBLEM_PARAMETERS, REJECTED_FILE, failures
from regulars.api.files import CSV, send_file, wants_csv
from regulars.api.imports import ImportId, find_import
from regulars.api.links import absolute_url
from regulars.api.replies import ProblemPageReply, problem_reply
from regulars.edge.media_types import MEDIA_TYPES
from regulars.services.import_reports import (
    iterate_problems,
    load_problems,
    read_codes,
    write_problems,
    write_rejected_file,
)

if TYPE_CHECKING:
    from regulars.store.contract import ImportRun

DEFAULT_LIMIT: Final = 100
MOST_PROBLEMS: Final = 10_000
_PARAMETERS: Final = {"severity", "code", "format", "limit", "after"}


@get(
    "/api/imports/{import_id:str}/problems",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=PROBLEM_PARAMETERS,
    responses={
        200: ResponseSpec(ProblemPageReply, description="Problems", generate_examples=False),
        **failures(400, 401, 403, 404, 429, 503),
    },
    tags=["Imports"],
    summary="List the problems of an import",
)
def read_problems(request: Request[Any, Any, Any], import_id: ImportId) -> Response[Any]:
    """Every problem of an import, in the order in which they came, page by page; or all of them as
    one CSV file. An unknown field is listed once, with its count.
    """
    parameters = check_parameters(request, _PARAMETERS)
    codes = read_codes(parameters.get("severity"), parameters.get("code"))
    after = read_number(parameters, "after", 0, 2**62)
    limit = read_number(parameters, "limit", DEFAULT_LIMIT, MOST_PROBLEMS)
    is_csv = wants_csv(request, parameters)
    run = find_import(request, import_id)
    register = register_of(request)
    if is_csv:
        most = limit if "limit" in parameters else None
        problems = iterate_problems(register, run, codes, after, most)
        return send_file(write_problems(run, problems), CSV, f"problems-{run.id}.csv")
    page = load_problems(register, run, codes, after, limit + 1)
    next_url = None
    if len(page) > limit:
        following = parameters | {"after": str(page[limit - 1][0])}
        next_url = absolute_url(request, f"/api/imports/{run.id}/problems/", following)
    replies = [problem_reply(each, run.report.count_of(each)) for _, each in page[:limit]]
    return Response(ProblemPageReply(replies, next_url), media_type=MediaType.JSON)


@get(
    "/api/imports/{import_id:str}/rejected",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=REJECTED_FILE,
    responses={
        200: ResponseSpec(
            dict[str, Any],
            description="Rejected records, as JSON, NDJSON or CSV",
            generate_examples=False,
        ),
        **failures(400, 401, 403, 404, 429, 503),
    },
    tags=["Imports"],
    summary="Download the rejected records of an import",
)
def read_rejected(request: Request[Any, Any, Any], import_id: ImportId) -> Response[Any]:
    """The rejected records in the format in which they came, each with `_record`, `_problem`,
    `_field` and `_suggestion`: mend them and upload the file again, where these keys are ignored.
    CSV has the charset and the delimiter of the upload, so that its content type fits it again.
    Records are kept for some time only, and never longer than the person whom they name.
    """
    check_parameters(request, set())
    run: ImportRun = find_import(request, import_id)
    pieces = write_rejected_file(register_of(request), run)
    form = run.options.form
    name = f"rejected-{run.id}.{form.format}"
    return send_file(pieces, MEDIA_TYPES[form.format], name, charset=form.charset)
