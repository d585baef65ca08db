"""The pages of help, in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.accessibility import check_accessible, check_fits_phone, check_page

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage


def test_help_is_accessible_and_fits_a_phone(open_page: OpenPage) -> None:
    page = open_page("/help/")
    check_page(page)
    page.get_by_role("link", name="Customers").last.click()
    check_page(page)


def test_what_is_not_accessible_or_too_wide_is_seen(open_page: OpenPage) -> None:
    page = open_page("/help/")
    page.evaluate(
        "document.querySelector('main').innerHTML ="
        ' \'<img src="/static/icon.svg" width="700"><input><p>text</p>\''
    )
    with pytest.raises(AssertionError, match="image-alt"):
        check_accessible(page)
    with pytest.raises(AssertionError, match="img"):
        check_fits_phone(page)
