"""Values of fields as pages write them, and as the inputs of a form hold them.

Owns both forms. Must not know which fields a page shows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.web.code_names import name_code
from regulars.web.wording import write_day, write_instant

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from regulars.domain.fields.types import Value

_encode: Final = msgspec.json.Encoder().encode
_CENTS: Final = 100


def write_value(type_name: str, value: Value, timezone: ZoneInfo) -> str:  # noqa: PLR0911 - a form each
    """A value in words: `24 Nov 2026`, `Yes`, `Finland`. Items of a list are apart by commas."""
    match type_name, value:
        case "datetime", str():
            return write_instant(datetime.fromisoformat(value), timezone)
        case "date", str():
            return write_day(date.fromisoformat(value))
        case "money", int():
            return f"{value / _CENTS:,.2f}"
        case _, bool():
            return "Yes" if value else "No"
        case _, list():
            return ", ".join(map(str, value))
        case _, dict():
            return _encode(value).decode()
        case _, str():
            return name_code(type_name, value)
        case _:
            return str(value)


def fill_input(type_name: str, value: Value | None, timezone: ZoneInfo) -> str:
    """What an input holds of a value: what an upload would give it, an item of a list a line."""
    match type_name, value:
        case _, None:
            return ""
        case "datetime", str():
            local = datetime.fromisoformat(value).astimezone(timezone)
            return local.replace(tzinfo=None).isoformat(" ", "seconds")
        case _, bool():
            return "true" if value else "false"
        case _, list():
            return "\n".join(map(str, value))
        case _, dict():
            return _encode(value).decode()
        case _:
            return str(value)


def read_input(type_name: str, text: str) -> object:
    """What an upload is given of an input. Raises `ValueError` for an object that is no JSON."""
    if type_name in ("list", "set"):
        return [line.strip() for line in text.splitlines() if line.strip()]
    if type_name == "object" and text:
        return msgspec.json.decode(text, type=dict)
    return text
