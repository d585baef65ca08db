"""A form of a page as a browser without script has it: filled in, and sent with one of its buttons.

Owns what a browser makes of the values: a line of text has no breaks, and breaks are sent as two
characters.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_VOID_TYPES: Final = frozenset({"submit", "button", "reset", "file"})


class HtmlForm:
    """The form with that id. Names and values are in the order in which they are sent."""

    def __init__(self, page: str, form_id: str) -> None:
        reader = _Reader(form_id)
        reader.feed(page)
        reader.close()
        assert reader.action is not None, f"no form {form_id}: {page}"
        self.action: Final = reader.action
        self.buttons: Final = reader.buttons
        """Names and values of the buttons that send it."""
        self.options: Final = reader.options
        """What can be chosen, by the name of the input."""
        self._controls: Final = reader.controls

    def names(self) -> list[str]:
        """The names of all inputs."""
        return [control.name for control in self._controls]

    def value(self, name: str) -> str:
        """What stands in the first input of that name."""
        return next(each.value for each in self._controls if each.name == name)

    def values(self, name: str) -> list[str]:
        """What is sent of all inputs of that name."""
        return [value for each, value in self.fields() if each == name]

    def fill(self, name: str, value: str, number: int = 0) -> None:
        """Fill in an input, or choose what is there to be chosen."""
        control = [each for each in self._controls if each.name == name][number]
        assert name not in self.options or value in self.options[name], self.options[name]
        control.value = value

    def tick(self, name: str, value: str) -> None:
        """Tick a box, or take its tick away."""
        control = next(each for each in self._controls if (each.name, each.value) == (name, value))
        control.is_sent = not control.is_sent

    def fields(self) -> Iterator[tuple[str, str]]:
        """What is sent."""
        for control in self._controls:
            if control.is_sent:
                value = re.sub(r"\r\n|\r|\n", "\r\n", control.value)
                yield control.name, value

    def data(self, button: tuple[str, str]) -> dict[str, list[str]]:
        """What is sent with a button, which must be there."""
        assert button in self.buttons, self.buttons
        sent: dict[str, list[str]] = {}
        for name, value in [*self.fields(), button]:
            sent.setdefault(name, []).append(value)
        return sent


class _Control:
    def __init__(self, name: str, value: str, *, is_sent: bool = True) -> None:
        self.name = name
        self.value = value
        self.is_sent = is_sent


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.controls: list[_Control] = []
        self.buttons: list[tuple[str, str]] = []
        self.options: dict[str, list[str]] = {}
        self._form_id = form_id
        self._is_inside = False
        self._select: tuple[_Control, list[str]] | None = None
        self._has_chosen = False
        self._textarea: _Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = given.get("id") == self._form_id
            if self._is_inside:
                self.action = given["action"]
            return
        if tag == "option" and self._select is not None:
            self._option(given)
        form_id = given.get("form", self._form_id if self._is_inside else None)
        if form_id == self._form_id:
            self._control(tag, given.get("name", ""), given)

    def _control(self, tag: str, name: str, given: dict[str, str]) -> None:
        if tag == "button" and name:
            self.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name and given.get("type") not in _VOID_TYPES:
            self._input(name, given)
        elif tag == "select":
            self._select, self._has_chosen = (_Control(name, ""), []), False
            self.controls.append(self._select[0])
        elif tag == "textarea":
            self._textarea = _Control(name, "")
            self.controls.append(self._textarea)

    def _input(self, name: str, given: dict[str, str]) -> None:
        value, kind = given.get("value", ""), given.get("type", "text")
        if kind in ("checkbox", "radio"):
            self.controls.append(_Control(name, value, is_sent="checked" in given))
            return
        if kind != "hidden":
            value = value.replace("\r", "").replace("\n", "")
        if kind == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            value = ""
        self.controls.append(_Control(name, value))

    def _option(self, given: dict[str, str]) -> None:
        assert self._select is not None
        control, options = self._select
        if "selected" in given or (not options and not self._has_chosen):
            control.value = given["value"]
            self._has_chosen = "selected" in given
        options.append(given["value"])

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "select" and self._select is not None:
            self.options[self._select[0].name] = self._select[1]
            self._select = None
        elif tag == "textarea" and self._textarea is not None:
            # A break right behind the tag is none of the text.
            self._textarea.value = self._textarea.value.removeprefix("\n")
            self._textarea = None
