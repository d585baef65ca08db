"""The server answers as its own OpenAPI description says, whatever is sent."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Literal, get_args
from urllib.parse import quote

import pytest
import requests
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from regulars.api.application import HANDLERS
from regulars.api.documentation import OPENAPI
from regulars.domain.access.scopes import METHODS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx
    from hypothesis import settings
    from schemathesis.schemas import BaseSchema

    from tests.running_server import RunningServer, Shop

SEGMENTS: Final = ("vips", "a/b", "50 %", "Å")
Kind = Literal["done", "planned", "held", "rejected", "csv", "ndjson", "cancelled", "undone"]

ANSWER_SECONDS: Final = 20
PATHS: Final = Litestar(HANDLERS, openapi_config=OPENAPI).openapi_schema.to_schema()["paths"]
OPERATIONS: Final = [(path, method) for path, methods in PATHS.items() for method in methods]
# Where there is only an id or a name, any text is as good as another.
THAT_TAKE_SOMETHING: Final = [
    (path, method)
    for path, method in OPERATIONS
    if "requestBody" in PATHS[path][method]
    or any(each["in"] != "path" for each in PATHS[path][method].get("parameters", ()))
]
# The description cannot say which fields a company has; and `ignored_auth` makes up credentials.
EXCLUDED_CHECKS: Final = [positive_data_acceptance, ignored_auth]

_numbers = count(1)


@pytest.fixture(scope="module")
def shop(server: RunningServer) -> Shop:
    return server.make_shop()


@pytest.fixture(scope="module")
def token(server: RunningServer, shop: Shop) -> str:
    """A token that may do everything."""
    depths = [f"/api/{'*/' * depth}" for depth in range(1, 5)]
    scopes = [f"{method} {path}" for method in METHODS for path in depths]
    return server.access.create_token(shop.short_name, "everything", scopes, actor="test")[1]


@pytest.fixture(scope="module")
def description(server: RunningServer) -> BaseSchema:
    load_all_checks()
    loaded = schemathesis.openapi.from_url(f"{server.url}/api/docs/openapi.json")
    # Made-up credentials would soon be refused with 429 instead of 401, as they should be.
    loaded.config.generation.update(with_security_parameters=False)
    return loaded


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        *((*each, GenerationMode.POSITIVE) for each in OPERATIONS),
        *((*each, GenerationMode.NEGATIVE) for each in THAT_TAKE_SOMETHING),
    ],
)
def test_an_operation_answers_as_described(  # noqa: PLR0913 - fixtures
    path: str,
    method: str,
    mode: GenerationMode,
    *,
    description: BaseSchema,
    shop: Shop,
    token: str,
    session: requests.Session,
    examples: Callable[[int], settings],
) -> None:
    operation = description[path][method]
    kinds: st.SearchStrategy[Kind | None] = st.none()
    if "{import_id}" in path and mode is GenerationMode.POSITIVE:
        kinds |= st.sampled_from(get_args(Kind))
    segments: st.SearchStrategy[str | None] = st.none()
    if "{name}" in path:
        segments |= st.sampled_from(SEGMENTS)
    with shop.server.client(token) as http:

        @examples(60)
        @given(case=operation.as_strategy(mode), kind=kinds, segment=segments)
        def check(case: schemathesis.Case[Any], kind: Kind | None, segment: str | None) -> None:
            if mode is GenerationMode.POSITIVE:
                # Its body is not packed.
                case.headers.pop("Content-Encoding", None)
            if kind is not None:
                case.path_parameters["import_id"] = make_import(http, kind)
            if segment is not None:
                case.path_parameters["name"] = make_segment(http, segment)
            headers = {"Authorization": f"Bearer {token}"}
            reply = case.call(session=session, headers=headers, timeout=ANSWER_SECONDS)
            excluded = EXCLUDED_CHECKS
            if path == "/api/customers/upload" and is_told_in_report(reply):
                excluded = [*EXCLUDED_CHECKS, negative_data_rejection]
            case.validate_response(reply, excluded_checks=excluded)
            check_shape(reply.status_code, reply)

        check()


@pytest.mark.parametrize(("path", "method"), [each for each in OPERATIONS if each[0] != "/healthz"])
def test_an_operation_is_refused_without_credentials(
    path: str,
    method: str,
    *,
    description: BaseSchema,
    session: requests.Session,
    examples: Callable[[int], settings],
) -> None:
    @examples(5)
    @given(case=description[path][method].as_strategy())
    def check(case: schemathesis.Case[Any]) -> None:
        reply = case.call(session=session, timeout=ANSWER_SECONDS)
        case.validate_response(reply, excluded_checks=EXCLUDED_CHECKS)
        assert reply.status_code == 401
        check_shape(401, reply)

    check()


def test_boundary_values_and_sequences_of_requests_are_answered_as_described(
    server: RunningServer, token: str, tmp_path: Path
) -> None:
    factor = float(os.environ.get("REGULARS_TEST_EXAMPLES", "1"))
    # On PostgreSQL the same code is asked.
    seconds = 5 if "REGULARS_DATABASE_URL" in server.environment else 15
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run"),
            f"{server.url}/api/docs/openapi.json",
            f"--header=Authorization: Bearer {token}",
            "--phases=examples,coverage,stateful",
            f"--max-examples={max(1, int(2 * factor))}",
            f"--max-time={max(1, int(seconds * factor))}",
            "--checks=all",
            f"--exclude-checks={','.join(each.__name__ for each in EXCLUDED_CHECKS)}",
            "--continue-on-failure",
            "--no-color",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def make_import(http: httpx.Client, kind: Kind) -> str:
    """The id of a new import of a kind."""
    email = f"{next(_numbers)}@example.org"
    records: list[dict[str, Any]] = [{"email": email}] * 4
    parameters = {"dry_run": "true"} if kind in ("planned", "cancelled") else {}
    if kind in ("csv", "ndjson"):
        bodies = {"csv": f"email,city\n{email},Turku\n,Turku\n", "ndjson": '{"city":"Turku"}\n'}
        types = {"csv": "text/csv", "ndjson": "application/x-ndjson"}
        reply = upload(http, bodies[kind].encode(), types[kind])
    elif kind == "rejected":
        reply = upload(http, b'[{"city":"Turku"},{"email":"x"}]', "application/json")
    else:
        reply = http.post(
            "/api/customers/upload/",
            json=records if kind == "held" else records[:1],
            params=parameters,
        ).json()
    found: str = (reply.get("error") or reply)["import"]["id"]
    if kind == "undone":
        assert http.post(f"/api/imports/{found}/undo/").status_code == 200
    if kind == "cancelled":
        assert http.post(f"/api/imports/{found}/cancel/").status_code == 200
    return found


def make_segment(http: httpx.Client, name: str) -> str:
    """The name of a segment that there is then."""
    path = f"/api/segments/{quote(name, safe='')}/"
    assert http.put(path, json={"where": "city = Turku"}).status_code == 200
    return name


def upload(http: httpx.Client, body: bytes, content_type: str) -> dict[str, Any]:
    reply: dict[str, Any] = http.post(
        "/api/customers/upload/", content=body, headers={"Content-Type": content_type}
    ).json()
    return reply


def is_told_in_report(reply: Any) -> bool:
    """Whether what was wrong was wrong with records: an import goes on without these."""
    return bool(reply.status_code == 200 and reply.json()["import"]["rejected"])


def check_shape(status: int, reply: Any) -> None:
    """No failure of ours, and every failure in the one shape."""
    assert status < 500
    if status >= 400:
        body = reply.json()
        assert body.keys() == {"error"}
        assert isinstance(body["error"]["reason"], str)
        assert body["error"].keys() <= {"reason", "import", "records", "problems", "progress"}
