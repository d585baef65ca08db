"""The system's Chromium, for tests and screenshots of pages.

Owns finding it, and installing it where that is ours to do. It is never done without: where there
is none, whoever asks fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_NAMES: Final = ("chromium", "google-chrome", "google-chrome-stable", "chrome")
# Chromium's own sandbox needs rights that root in a container lacks; pages here are our own.
_ARGUMENTS: Final = ("--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb")


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser for the block. Raises `RuntimeError` where there is none and none can be had."""
    executable = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def find_chromium() -> str | None:
    """The path of the system's Chromium, installed if need be; None for the one that Playwright
    brought, where the distribution has none.
    """
    path = _present()
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _run(["apt-get", "update", "-qq"])
        # Ubuntu's package is an empty one that asks for a snap: it leaves no program here.
        _run(["apt-get", "install", "-y", "-qq", "chromium"])
        path = _present()
        if path is None:
            _run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"])
            return None
    if path is None:
        msg = "There is no Chromium. Install it: sudo apt-get install chromium"
        raise RuntimeError(msg)
    return path


def _present() -> str | None:
    # A name may be a script that only says how to install the real one.
    return next((path for name in _NAMES if (path := shutil.which(name)) and _answers(path)), None)


def _answers(path: str) -> bool:
    asked = subprocess.run([path, "--version"], capture_output=True, check=False)
    return asked.returncode == 0


def _run(command: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
