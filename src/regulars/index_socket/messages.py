"""What is said over the socket: a line of JSON each.

Owns the requests and what answers them. Must not know sockets.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

MOST_LINE_BYTES: Final = 256 * 1024
"""Of a request. The longest condition takes less."""


class Count(msgspec.Struct, frozen=True, tag="count"):
    """How many customers there are that meet a condition."""

    company: str
    condition: str


class FindIds(msgspec.Struct, frozen=True, tag="find_ids"):
    """The next customers that meet a condition, in order of id."""

    company: str
    condition: str
    after: int
    limit: int


class Measure(msgspec.Struct, frozen=True, tag="measure"):
    """How many customers meet a condition, and how many of them each channel reaches."""

    company: str
    condition: str


class Rebuild(msgspec.Struct, frozen=True, tag="rebuild"):
    """Make the index anew from the store."""

    company: str


Request = Count | FindIds | Measure | Rebuild


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """A part of what is asked for is done, from 0 to 1; an answer follows."""

    share: float


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """What was asked for."""

    value: Any


class Failure(msgspec.Struct, frozen=True, tag="failure", omit_defaults=True):
    """Why there is no answer: the message of an exception of ours, without values of people."""

    message: str
    is_busy: bool = False
    """Whether it may work later."""
    progress: float | None = None
    """Of what is waited for: the index is being made."""
    retry_after_seconds: int = 1


Reply = Progress | Answer | Failure

encode_line: Final = msgspec.json.Encoder().encode
decode_request: Final = msgspec.json.Decoder(Request).decode
decode_reply: Final = msgspec.json.Decoder(Reply).decode
