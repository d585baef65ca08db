"""What scopes allow."""

from __future__ import annotations

import pytest

from regulars.domain.access.scopes import DEFAULT_SCOPES, allows, covers, read_scope
from regulars.errors import InvalidValueError


@pytest.mark.parametrize(
    ("scope", "method", "path", "expected"),
    [
        ("POST /api/customers/upload/", "POST", "/api/customers/upload/", True),
        ("POST /api/customers/upload/", "POST", "/api/customers/upload", True),
        ("POST /api/customers/upload/", "PUT", "/api/customers/upload/", False),
        ("POST /api/customers/upload/", "POST", "/api/customers/", False),
        ("POST /api/customers/upload/", "POST", "/api/customers/upload/x/", False),
        ("GET /api/imports/*/", "GET", "/api/imports/4f1c/", True),
        ("GET /api/imports/*/", "GET", "/api/imports/", False),
        ("GET /api/imports/*/", "GET", "/api/imports/4f1c/problems/", False),
        ("GET /api/*/", "GET", "/api/imports/4f1c/", False),
    ],
)
def test_a_scope_is_an_exact_method_and_path_and_a_star_is_one_part(
    scope: str, method: str, path: str, *, expected: bool
) -> None:
    assert allows([scope], method, path) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("POST /api/customers/upload/", "POST /api/customers/upload/"),
        (" post  /api/customers/upload ", "POST /api/customers/upload/"),
    ],
)
def test_a_scope_is_read_into_one_form(given: str, expected: str) -> None:
    assert read_scope(given) == expected


@pytest.mark.parametrize(
    "given",
    ["", "GET", "/api/imports/", "FETCH /api/imports/", "GET /healthz", "GET /api/x?y=1",
     "GET /api//x/", "GET /api/x\0y/", "GET /api/x\ty/", "GET /api/" + "x" * 300],
)  # fmt: skip
def test_what_is_no_scope_is_refused(given: str) -> None:
    with pytest.raises(InvalidValueError):
        read_scope(given)


def test_no_scope_allows_what_is_not_in_it() -> None:
    assert not allows([], "GET", "/api/imports/")
    assert not any(covers(DEFAULT_SCOPES, scope) for scope in ["POST /api/access-tokens/"])


def test_a_star_covers_a_star_but_a_part_does_not() -> None:
    assert covers(["GET /api/imports/*/"], "GET /api/imports/*/")
    assert not covers(["GET /api/imports/1/"], "GET /api/imports/*/")
