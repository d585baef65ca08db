"""A real Chromium on a running server with made-up customers.

Whatever a page logs as an error, or would load against its policy, fails the test that looked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

import pytest
from playwright.sync_api import expect

from tests.chromium import running_chromium
from tests.running_server import running_server
from tests.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


_WAIT_MILLISECONDS: Final = 15_000

expect.set_options(timeout=_WAIT_MILLISECONDS)


class OpenPage(Protocol):
    """Opens a browser's window in which a user has signed in."""

    def __call__(
        self,
        address: str = "/",
        *,
        role: str = "planner",
        site: Site | None = None,
        script: bool = True,
        dark: bool = False,
        width: int = 1280,
    ) -> Page:
        """The window, with the page at an address."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's browser."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def shown_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A company with 2,000 customers. Tests may add to it, each what is its own."""
    with running_server(tmp_path_factory.mktemp("shown")) as server:
        server.await_worker()
        made = Site(server.make_shop(), customers=2_000)
        yield made
        made.close()


@pytest.fixture
def open_page(chromium: Browser, shown_site: Site) -> Iterator[OpenPage]:
    """Opens windows, and sees to it that nothing went wrong in them."""
    contexts, complaints = [], []

    def open_window(
        address: str = "/",
        *,
        role: str = "planner",
        site: Site | None = None,
        script: bool = True,
        dark: bool = False,
        width: int = 1280,
    ) -> Page:
        shown = site or shown_site
        context = chromium.new_context(
            base_url=shown.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            accept_downloads=True,
        )
        context.set_default_timeout(_WAIT_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(message, complaints))
        # The form is looked at elsewhere: each page that is opened takes the browser long.
        visit = shown.sign_in(role)
        context.add_cookies(
            [{"name": each.name, "value": each.value or "", "url": shown.url}
             for each in visit.http.cookies.jar]
        )  # fmt: skip
        page.goto(address)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


_EXPECTED: Final = (
    # A page that says what is wrong has a status to match, which the browser tells of as well.
    "the server responded with a status of 4",
    # What somebody types makes the request before obsolete, which htmx then ends.
    "htmx:abort",
    "htmx:sendAbort",
    "htmx:afterRequest",
)


def _note(message: Any, complaints: list[str]) -> None:
    if message.type == "error" and not any(each in message.text for each in _EXPECTED):
        complaints.append(message.text)


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """A folder for files that a page gives."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder
