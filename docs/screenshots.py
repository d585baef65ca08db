"""`./run screenshots`: pictures of the main pages, made from the demo's customers.

They stand in `docs/screenshots/`, for README and pages of the documentation.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import httpx

from regulars.demo.__main__ import PASSWORD_FILE, USER
from tests.chromium import running_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FOLDER: Final = Path(__file__).parent / "screenshots"
START_SECONDS: Final = 120
WIDTH: Final = 1280
HEIGHT: Final = 860


class Shot(NamedTuple):
    """A picture: its file, what it shows, and how."""

    name: str
    address: str
    is_dark: bool = False
    width: int = WIDTH
    search: str = ""
    """Typed into the search box of the customers first."""


SHOTS: Final = (
    Shot("customers", "/customers/", search="country = FI and last_login in last 30 days"),
    Shot("customers-dark", "/customers/", is_dark=True, search="virtanen"),
    Shot("customer", "/customers/17/"),
    Shot("segments", "/segments/"),
    Shot("segment", "/segments/1/"),
    Shot("builder", "/segments/1/edit/"),
    Shot("imports", "/imports/"),
    Shot("permissions", "/permissions/"),
    Shot("customers-phone", "/customers/", width=390),
)


def main() -> None:
    """Make all pictures, and say which."""
    FOLDER.mkdir(exist_ok=True)
    with running_demo() as (url, password), running_chromium() as browser:
        for shot in SHOTS:
            take(browser, url, password, shot)
            print(FOLDER.joinpath(f"{shot.name}.png").relative_to(FOLDER.parent))


def take(browser: Browser, url: str, password: str, shot: Shot) -> None:
    """Make one picture."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": shot.width, "height": HEIGHT},
        color_scheme="dark" if shot.is_dark else "light",
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(USER)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    page.goto(shot.address)
    if shot.search:
        search(page, shot.search)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()


def search(page: Page, text: str) -> None:
    """Look for customers."""
    box = page.locator("[data-search]")
    box.fill(text)
    box.press("Enter")
    page.wait_for_url("**/customers/view/**")


@contextmanager
def running_demo() -> Iterator[tuple[str, str]]:
    """A demo of its own for the block: its address, and the password of its user."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        demo = subprocess.Popen(
            [sys.executable, "-m", "regulars.demo", "--port", str(port), "--data", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(demo, url)
            yield url, Path(folder, PASSWORD_FILE).read_text("ascii").strip()
        finally:
            demo.terminate()
            demo.wait()


def _wait_for(demo: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and demo.poll() is None:
        try:
            if httpx.get(f"{url}/healthz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    msg = "the demo did not start"
    raise RuntimeError(msg)


if __name__ == "__main__":
    main()
