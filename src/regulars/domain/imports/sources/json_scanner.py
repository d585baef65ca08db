"""Checks JSON (RFC 8259) of any size byte by byte, holding next to nothing of it.

Owns the grammar. It is the slow and sure way: it finds where the JSON is wrong, and steps over
values that are larger than memory. Must not know which values are records.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn

from regulars.domain.imports.sources.contract import NESTING_LIMIT
from regulars.errors import MalformedBodyError

if TYPE_CHECKING:
    from regulars.domain.imports.sources.byte_window import ByteWindow

_S: Final = rb"[ \t\r\n]*+"
# Possessive groups have an empty alternative: before Python 3.11.5 a turn that failed in its middle
# ended the group there, not where it began (https://github.com/python/cpython/issues/106052).
_TEXT: Final = rb'[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+|)*+'
_STRING: Final = rb'"' + _TEXT + rb'"'
_NUMBER: Final = rb"-?(?:0|[1-9][0-9]*+)(?>\.[0-9]++|)(?>[eE][+-]?[0-9]++|)"
_SCALAR: Final = rb"(?:" + _STRING + rb"|" + _NUMBER + rb"|true|false|null)"


def _members(begin: bytes, member: bytes, end: bytes) -> bytes:
    more = rb"(?:," + _S + member + _S + rb"|)*+"
    return rb"%b%b(?>%b%b%b|)%b" % (begin, _S, member, _S, more, end)


def _nested(value: bytes) -> bytes:
    """A scalar, or a container of such values."""
    items = _members(rb"\[", value, rb"\]")
    pairs = _members(rb"\{", _STRING + _S + rb":" + _S + value, rb"\}")
    return rb"(?:%b|%b|%b)" % (_SCALAR, items, pairs)


_QUICK_LEVELS: Final = 3
# What most members are. An empty container is nearly a scalar, and a whole level more would make
# the pattern slow to compile.
_QUICK: Final = _nested(_nested(rb"(?:%b|\[%b\]|\{%b\})" % (_SCALAR, _S, _S)))
# Each with the comma behind it: then all of it is there, wherever the window ends.
_QUICK_ITEMS: Final = re.compile(rb"(?:%b%b,%b|)*+" % (_QUICK, _S, _S))
_QUICK_PAIRS: Final = re.compile(rb"(?:%b%b:%b%b%b,%b|)*+" % (_STRING, _S, _S, _QUICK, _S, _S))

SPACE: Final = re.compile(_S)
_TEXT_RUN: Final = re.compile(_TEXT)
_DIGITS: Final = re.compile(rb"[0-9]*+")
_ESCAPE: Final = re.compile(rb'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
_LITERALS: Final = {b"t": b"true", b"f": b"false", b"n": b"null"}
_CLOSERS: Final = {b"[": b"]", b"{": b"}"}


def refuse(reason: str, position: int) -> NoReturn:
    """Say where a body is no JSON. Raises `MalformedBodyError`."""
    msg = f"the body is not JSON: {reason}"
    raise MalformedBodyError(msg, position)


def skip_value(window: ByteWindow, depth: int) -> None:
    """Move a window behind the value that begins at it, inside of `depth` containers.

    Raises `MalformedBodyError` with the place where it is no JSON or nested too deep.
    """
    inside: list[bytes] = []
    while True:
        if _opens(window, inside, depth):
            continue
        # A value has ended: so may have any number of containers around it.
        while inside:
            window.skip(SPACE)
            mark = window.peek()
            if mark == b",":
                window.at += 1
                _begin_member(window, inside[-1], depth + len(inside))
                break
            if mark != _CLOSERS[inside[-1]]:
                refuse(f"expected , or {_CLOSERS[inside[-1]].decode()}", window.position)
            window.at += 1
            inside.pop()
        if not inside:
            return


def skip_string(window: ByteWindow) -> None:
    """Move behind the string that begins at a window. Raises `MalformedBodyError`."""
    begin = window.position
    window.at += 1
    while True:
        window.skip(_TEXT_RUN)
        mark = window.peek()
        if mark == b'"':
            window.at += 1
            return
        if not mark:
            refuse("a string is never closed", begin)
        place = window.position
        if mark != b"\\":
            refuse("a control character in a string", place)
        # The window ended within the escape, or it is none.
        escape = window.take(2)
        if escape == b"\\u":
            escape += window.take(4)
        if not _ESCAPE.fullmatch(escape):
            refuse("a bad escape in a string", place)


def skip_key(window: ByteWindow) -> None:
    """Move behind a key. Raises `MalformedBodyError`."""
    if window.peek() != b'"':
        refuse("expected a key", window.position)
    skip_string(window)


def skip_colon(window: ByteWindow) -> None:
    """Move from behind a key to its value. Raises `MalformedBodyError`."""
    window.skip(SPACE)
    if window.peek() != b":":
        refuse("expected :", window.position)
    window.at += 1
    window.skip(SPACE)


def _opens(window: ByteWindow, inside: list[bytes], depth: int) -> bool:
    """Move behind a scalar or an empty container, or into a container: then this is true."""
    mark = window.peek()
    if mark not in _CLOSERS:
        _skip_scalar(window, mark)
        return False
    if depth + len(inside) >= NESTING_LIMIT:
        msg = f"the body is nested deeper than {NESTING_LIMIT}"
        raise MalformedBodyError(msg, window.position)
    window.at += 1
    window.skip(SPACE)
    if window.peek() == _CLOSERS[mark]:
        window.at += 1
        return False
    inside.append(mark)
    _begin_member(window, mark, depth + len(inside))
    return True


def _begin_member(window: ByteWindow, container: bytes, depth: int) -> None:
    """Move to a value in a container: behind all that can be checked at once."""
    window.skip(SPACE)
    if depth + _QUICK_LEVELS <= NESTING_LIMIT:
        quick = _QUICK_ITEMS if container == b"[" else _QUICK_PAIRS
        window.skip(quick)
        window.skip(SPACE)
    if container == b"{":
        skip_key(window)
        skip_colon(window)


def _skip_scalar(window: ByteWindow, mark: bytes) -> None:
    begin = window.position
    if mark == b'"':
        skip_string(window)
    elif mark in _LITERALS:
        if window.take(len(_LITERALS[mark])) != _LITERALS[mark]:
            refuse("expected a value", begin)
    elif mark == b"-" or mark.isdigit():
        _skip_number(window)
    else:
        refuse("expected a value", begin)


def _skip_number(window: ByteWindow) -> None:
    if window.peek() == b"-":
        window.at += 1
    if window.peek() == b"0":
        window.at += 1
    else:
        _skip_digits(window)
    if window.peek() == b".":
        window.at += 1
        _skip_digits(window)
    if window.peek() in (b"e", b"E"):
        window.at += 1
        if window.peek() in (b"+", b"-"):
            window.at += 1
        _skip_digits(window)


def _skip_digits(window: ByteWindow) -> None:
    if not window.peek().isdigit():
        refuse("expected a digit", window.position)
    window.skip(_DIGITS)
