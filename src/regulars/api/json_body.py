"""JSON bodies of requests other than uploads: read, and what is wrong with them told.

A reason never holds a value that a client sent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from regulars.api.context import NAME_OF_PARAMETER, read_body
from regulars.errors import InvalidValueError

if TYPE_CHECKING:
    from litestar import Request

Body = TypeVar("Body")

_WRONG: Final = "not the JSON object that this address takes"
_PLACED: Final = re.compile(r"(?P<reason>.*) - at `\$\.?(?P<place>[^`]*)`", re.DOTALL)
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_TELLING: Final = ("Expected ", "Object missing required field ", "JSON is malformed: ", "a group ")
"""How reasons begin that hold no value."""


async def read_json(request: Request[Any, Any, Any], kind: type[Body]) -> Body:
    """The JSON body; a missing one is an empty object. Raises `InvalidValueError`."""
    body = await read_body(request) or b"{}"
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise InvalidValueError("body", f"{_WRONG}{_describe(str(error))}") from None
    except UnicodeDecodeError:
        raise InvalidValueError("body", f"{_WRONG}: it is not UTF-8") from None
    except RecursionError:
        raise InvalidValueError("body", f"{_WRONG}: it is nested too deeply") from None


def _describe(reason: str) -> str:
    placed = _PLACED.fullmatch(reason)
    place = ""
    if placed is not None:
        reason = placed["reason"]
        place = f" ({placed['place']})" if placed["place"] else ""
    unknown = _UNKNOWN.fullmatch(reason)
    if unknown is not None:
        known = unknown["name"] if NAME_OF_PARAMETER.fullmatch(unknown["name"]) else "one"
        return f": it has no key {known}{place}"
    return f": {reason}{place}" if reason.startswith(_TELLING) else place
