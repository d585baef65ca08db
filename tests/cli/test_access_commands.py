"""`regulars company`, `user` and `token`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from regulars.errors import AuthenticationError

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal

PASSWORD = "a long password"
ELSEWHERE = "127.0.0.1"


# Companies


def test_a_company_is_made(terminal: Terminal) -> None:
    printed = terminal.succeed(
        "company", "create", "bolt", "--name", "Bolt Ltd", "--timezone", "Europe/London",
        "--country", "gb",
    )  # fmt: skip
    assert printed == ""
    company = terminal.installation.open_register("bolt").company
    assert (company.name, company.timezone, company.country) == ("Bolt Ltd", "Europe/London", "GB")
    assert terminal.succeed("company", "list").splitlines() == [
        "acme\tAcme Oy\tEurope/Helsinki\tFI",
        "bolt\tBolt Ltd\tEurope/London\tGB",
    ]


@pytest.mark.parametrize(
    ("short_name", "timezone", "country", "named"),
    [
        ("acme", "Europe/Helsinki", "FI", "acme"),
        ("a", "Europe/Helsinki", "FI", "short name"),
        ("Bolt", "Europe/Helsinki", "FI", "short name"),
        ("1bolt", "Europe/Helsinki", "FI", "short name"),
        ("bo__lt", "Europe/Helsinki", "FI", "short name"),
        ("b" * 31, "Europe/Helsinki", "FI", "short name"),
        ("../bolt", "Europe/Helsinki", "FI", "short name"),
        ("bolt", "Mars/Olympus", "FI", "timezone"),
        ("bolt", "../../etc/passwd", "FI", "timezone"),
        ("bolt", "Europe/Helsinki", "Finland", "country"),
    ],
)
def test_a_company_that_cannot_be_is_not_made(
    terminal: Terminal, short_name: str, timezone: str, country: str, named: str
) -> None:
    arguments = ("--name", "Bolt", "--timezone", timezone, "--country", country)
    assert named in terminal.fail("company", "create", short_name, *arguments)
    assert [each.short_name for each in terminal.installation.store.load_companies()] == ["acme"]


# Users


def test_a_user_is_made_gets_a_new_password_and_is_disabled(terminal: Terminal) -> None:
    def signs_in(password: str) -> bool:
        try:
            principal = terminal.access.authenticate_pair("jane@example.org", password, ELSEWHERE)
        except AuthenticationError:
            return False
        return principal.company == "acme" and principal.may("POST", "/api/access-tokens/")

    jane = ("acme", "jane@example.org")
    role = ("--role", "admin", "--password-stdin")
    assert terminal.succeed("user", "create", *jane, *role, stdin=f"{PASSWORD}\n") == ""
    assert signs_in(PASSWORD)
    terminal.succeed("user", "password", *jane, "--password-stdin", stdin="another password")
    assert not signs_in(PASSWORD)
    assert signs_in("another password")
    terminal.succeed("user", "disable", *jane)
    assert not signs_in("another password")


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("acme", "jane@example.org", "--role", "owner"), PASSWORD),
        (("acme", "jane", "--role", "admin"), PASSWORD),
        (("nobody", "jane@example.org", "--role", "admin"), PASSWORD),
        (("acme", "jane@example.org", "--role", "admin"), "short"),
        (("acme", "jane@example.org", "--role", "admin"), ""),
        (("acme", "jane@example.org"), PASSWORD),
    ],
)
def test_a_user_that_cannot_be_is_not_made(
    terminal: Terminal, arguments: tuple[str, ...], stdin: str
) -> None:
    terminal.fail("user", "create", *arguments, "--password-stdin", stdin=stdin)
    assert terminal.installation.store.find_user("jane@example.org") is None


def test_a_password_is_never_an_argument_and_without_terminal_comes_from_stdin_only(
    terminal: Terminal,
) -> None:
    line = terminal.fail("user", "create", "acme", "jane@example.org", "--role", "admin")
    assert "--password-stdin" in line


def test_a_password_that_is_no_text_is_refused(terminal: Terminal) -> None:
    arguments = ("acme", "jane@example.org", "--role", "admin", "--password-stdin")
    terminal.fail("user", "create", *arguments, stdin=b"\xff\xfe long password\n")


def test_an_address_is_a_user_of_one_company_only(terminal: Terminal) -> None:
    terminal.access.create_user("acme", "jane@example.org", "admin", PASSWORD, actor="test")
    terminal.installation.create_company(
        "bolt", name="Bolt", timezone="Europe/London", country="GB", actor="test"
    )
    arguments = ("bolt", "Jane@Example.org")
    role = ("--role", "admin", "--password-stdin")
    assert "bolt" not in terminal.fail("user", "create", *arguments, *role, stdin=PASSWORD)
    terminal.fail("user", "password", *arguments, "--password-stdin", stdin=PASSWORD)
    terminal.fail("user", "disable", *arguments)


# Tokens


def test_a_token_is_all_that_stands_on_standard_output(terminal: Terminal) -> None:
    done = terminal.run("token", "create", "acme", "--name", "nightly")
    assert done.status == 0
    assert re.fullmatch(r"\S{40,}\n", done.output)
    assert done.errors == ""
    principal = terminal.access.authenticate_token(done.output.strip(), ELSEWHERE)
    assert principal.company == "acme"
    assert principal.may("POST", "/api/customers/upload/")
    assert principal.may("GET", "/api/data/customers/")
    assert not principal.may("POST", "/api/access-tokens/")


def test_a_token_takes_scopes(terminal: Terminal) -> None:
    secret = terminal.succeed(
        "token", "create", "acme", "--name", "nightly", "--scope", "POST /api/customers/upload/",
        "--scope", "GET /api/imports/*/",
    ).strip()  # fmt: skip
    principal = terminal.access.authenticate_token(secret, ELSEWHERE)
    assert principal.scopes == ("POST /api/customers/upload/", "GET /api/imports/*/")


@pytest.mark.parametrize("scope", ["", "POST", "/api/imports/", "BREW /api/imports/", "GET /x/"])
def test_a_scope_that_cannot_be_makes_no_token(terminal: Terminal, scope: str) -> None:
    assert "scope" in terminal.fail("token", "create", "acme", "--name", "n", "--scope", scope)
    assert terminal.access.load_tokens("acme") == []


def test_tokens_are_listed_without_their_secrets_and_revoked_by_id(terminal: Terminal) -> None:
    token, secret = terminal.access.create_token("acme", "nightly", actor="test")
    printed = terminal.succeed("token", "list", "acme")
    assert printed.split("\t")[:2] == [token.id, "in force"]
    assert "nightly" in printed
    assert secret not in printed
    assert terminal.succeed("token", "revoke", "acme", token.id) == ""
    assert terminal.succeed("token", "list", "acme").split("\t")[1] == "revoked"
    with pytest.raises(AuthenticationError):
        terminal.access.authenticate_token(secret, ELSEWHERE)
    assert token.id in terminal.fail("token", "revoke", "acme", token.id)


def test_another_companys_token_cannot_be_revoked(terminal: Terminal) -> None:
    terminal.installation.create_company(
        "bolt", name="Bolt", timezone="Europe/London", country="GB", actor="test"
    )
    token, _ = terminal.access.create_token("bolt", "", actor="test")
    terminal.fail("token", "revoke", "acme", token.id)
    assert terminal.access.load_tokens("bolt")[0].revoked_at is None
