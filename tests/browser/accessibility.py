"""What every page must be: usable without mouse and with a screen reader, and on a phone.

Owns how that is seen in a real browser. axe-core finds what can be found by rule (WCAG); texts
that say nothing, it does not find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE_WIDTH: Final = 360
_COLOURS: Final = ("light", "dark")
_GRAVE: Final = ("serious", "critical")

# The elements that reach out of the page to the right, but for those in what scrolls by itself.
_REACHING_OUT: Final = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (element) => {
    for (let each = element.parentElement; each; each = each.parentElement) {
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(each).overflowX)) return true;
    }
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > width + 0.5 && !scrolls(each))
    .map((each) => `${each.tagName.toLowerCase()}.${each.className} "${each.textContent.trim().slice(0, 40)}"`)
    .concat(["the page itself"]);
}"""  # noqa: E501 - a script


def check_page(page: Page) -> None:
    """A page as it is shown now: accessible in light and dark colours, and no wider than a phone.

    The window is as it was before when this returns.
    """
    before = page.viewport_size
    # A colour on its way to another one is neither.
    for colours in _COLOURS:
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        check_accessible(page)
    page.emulate_media(color_scheme="light")
    check_fits_phone(page)
    if before is not None:
        page.set_viewport_size(before)


def check_accessible(page: Page) -> None:
    """No serious and no critical violation of axe's rules."""
    # The policy of our pages, which allows no foreign script, does not hold for what a browser's
    # driver evaluates.
    found = Axe().run(page).response["violations"]
    grave = [each for each in found if each["impact"] in _GRAVE]
    assert not grave, "\n".join(map(_describe, grave))


def check_fits_phone(page: Page) -> None:
    """Nothing reaches out of a window as wide as a phone."""
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
    reaching_out = page.evaluate(_REACHING_OUT)
    assert not reaching_out, "\n".join(reaching_out)


def _describe(violation: dict[str, Any]) -> str:
    places = [f"  {node['target']}: {node['html']}" for node in violation["nodes"][:5]]
    return "\n".join([f"{violation['id']} ({violation['impact']}): {violation['help']}", *places])
