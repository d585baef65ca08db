"""`python -m regulars.demo`, also `./run demo`: a server with a made-up company, ready to try.

Owns the demo's company, its user, its token and what is printed. The customers are made in
``people``, the server is that of `regulars serve`.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from regulars.app import open_installation
from regulars.cli.serve import serve
from regulars.demo.people import make_customers
from regulars.demo.segments import make_segments
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.errors import AuthenticationError, RegularsError, UnknownNameError
from regulars.services.access import Access
from regulars.services.import_pages import ImportPlace, load_page
from regulars.services.imports import Imports
from regulars.services.segments import Segments
from regulars.settings import Settings, data_folder, read_settings

if TYPE_CHECKING:
    from types import FrameType

    from regulars.domain.imports.report import Report
    from regulars.services.installation import Installation, Register

COMPANY: Final = "demo"
NAME: Final = "Demo Oy"
ACTOR: Final = "demo"
"""Who made the customers, in history; how a second start sees that they are all there."""
HOST: Final = "127.0.0.1"
DATA: Final = "data/demo"
TOKEN_FILE: Final = "demo.token"  # noqa: S105 - a file's name
USER: Final = "demo@example.org"
"""An admin, so that all pages can be looked at."""
PASSWORD_FILE: Final = "demo.password"  # noqa: S105 - a file's name

_ANSWER_SECONDS: Final = 60
_RETRY_SECONDS: Final = 0.1
_LOOKED_AT: Final = 100


class _Credentials(NamedTuple):
    """By which the demo lets somebody in."""

    token: str
    password: str


@click.command()
@click.option("--records", default=20_000, show_default=True, type=click.IntRange(1, 10_000_000))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--data", help=f"Folder of the data. Without: REGULARS_DATA, else {DATA}.")
def demo(records: int, port: int, data: str | None) -> None:
    """Start a server with a made-up company; Ctrl-C stops it.

    The company and its customers are made at the first start and found again at the next.
    """
    _check_port(port)
    os.environ["REGULARS_DATA"] = data or os.environ.get("REGULARS_DATA") or DATA
    settings = read_settings(os.environ)
    installation = open_installation(settings)
    try:
        register = _prepare_company(installation)
        _prepare_customers(installation, register, records)
        _prepare_segments(installation, register)
        folder = data_folder(settings)
        credentials = _Credentials(
            _prepare_token(installation, folder / TOKEN_FILE),
            _prepare_user(installation, folder / PASSWORD_FILE),
        )
        guide = _guide(settings, register, f"http://{HOST}:{port}", credentials)
    finally:
        installation.close()
    Thread(target=_print_once_it_answers, args=(guide, port), daemon=True).start()
    serve.main(["--host", HOST, "--port", str(port)], standalone_mode=False)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        # As the server itself will ask for it: a port that was in use a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} cannot be used ({error.strerror}); "
                "choose another one: ./run demo --port NUMBER"
            ) from error


def _prepare_company(installation: Installation) -> Register:
    try:
        register = installation.open_register(COMPANY)
    except UnknownNameError:
        installation.create_company(
            COMPANY, name=NAME, timezone="Europe/Helsinki", country="FI", actor=ACTOR
        )
        return installation.open_register(COMPANY)
    if register.company.name != NAME:
        # Made-up customers must not end up among somebody's real ones.
        raise click.ClickException(
            f"the data folder has a company {COMPANY} that is not ours; choose another with --data"
        )
    return register


def _prepare_customers(installation: Installation, register: Register, records: int) -> None:
    """Import the customers, unless an earlier start did: an interrupted one left only a part."""
    imports = Imports(installation)
    runs, _ = load_page(installation.store.line, register, ImportPlace(), _LOOKED_AT)
    if any(run.actor == ACTOR and run.status == "done" for run in runs):
        living = register.store.read_position().living
        click.echo(f"{living:,} customers are there from an earlier start")
        return
    began = time.monotonic()
    click.echo(f"Making up and importing {records:,} customers:", nl=False)
    with tempfile.TemporaryFile() as file:
        today = datetime.now(UTC).date()
        for record in make_customers(records, company=COMPANY.upper(), today=today):
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        size_bytes = file.tell()
        file.seek(0)
        imports.run_file(
            register, file, ImportOptions(BodyForm("ndjson")), size_bytes, ACTOR, _show_progress
        )
    click.echo(f", done in {time.monotonic() - began:.1f} s")


def _prepare_segments(installation: Installation, register: Register) -> None:
    """Save the segments, where there are none."""
    segments = Segments(installation)
    if segments.load(register):
        return
    for name, condition in make_segments(COMPANY.upper()):
        segments.save(register, name, condition, actor=ACTOR)


def _show_progress(report: Report) -> None:
    click.echo(f" {report.records:,}", nl=False)


def _prepare_token(installation: Installation, path: Path) -> str:
    """The token of an earlier start, while it is in force, else a new one."""
    access = Access(installation)
    if path.exists():
        secret = path.read_text(encoding="ascii").strip()
        try:
            if access.authenticate_token(secret, HOST).company == COMPANY:
                return secret
        except AuthenticationError:
            path.unlink()
    _, secret = access.create_token(COMPANY, "demo", actor=ACTOR)
    _write_secret(path, secret)
    return secret


def _prepare_user(installation: Installation, path: Path) -> str:
    """The password of the demo's user, who is made at the first start."""
    access = Access(installation)
    is_new = installation.store.find_user(USER) is None
    if is_new or not path.exists():
        password = secrets.token_urlsafe(9)
        if is_new:
            access.create_user(COMPANY, USER, "admin", password, actor=ACTOR)
        else:
            access.set_password(COMPANY, USER, password, actor=ACTOR)
        _write_secret(path, password)
    return path.read_text(encoding="ascii").strip()


def _write_secret(path: Path, secret: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as stream:
        stream.write(f"{secret}\n")


def _guide(settings: Settings, register: Register, url: str, credentials: _Credentials) -> str:
    """What to try, as lines to paste."""
    token = credentials.token
    registered = (
        str(customer.fields["external_id"])
        for customer in register.store.load_living_customers(0, _LOOKED_AT)
        if "external_id" in customer.fields
    )
    someone = next(registered, "1")
    return f"""
Regulars is running. Ctrl-C stops it; the next start finds the same data.

  Pages            {url}/
    sign in as     {USER}
    password       {credentials.password}
  The API's page   {url}/api/docs/
  Data folder      {settings.data}
  Token            {token}

Read a customer:

  curl -H 'Authorization: Bearer {token}' \\
    '{url}/api/data/customers/?external_id={someone}'

Upload one:

  curl -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
    -d '{{"customers": [{{"external_id": "1", "email": "ada@example.org"}}]}}' \\
    {url}/api/customers/upload/

Count those who joined lately and may be mailed:

  REGULARS_DATA='{settings.data}' '{sys.executable}' -m regulars \\
    count {COMPANY} 'date_joined in last 90 days and can_email = true'
"""


def _print_once_it_answers(guide: str, port: int) -> None:
    deadline = time.monotonic() + _ANSWER_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(HOST, port, timeout=_ANSWER_SECONDS)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                click.echo(guide)
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(_RETRY_SECONDS)


def _stop(_number: int, _frame: FrameType | None) -> None:
    # Raised where the program stands: what is open is closed, an import ends as interrupted.
    sys.exit(0)


def main() -> None:
    """Run the demo until it is told to stop, which is how it is meant to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        demo.main(prog_name="./run demo", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"demo: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except (RegularsError, OSError) as error:
        click.echo(f"demo: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
