"""The exceptions of the project: operations that failed.

Bad input in a record is never an exception, but a problem (`domain.records.problem`). Messages
hold no personal values and no words of HTTP; the edges map classes to theirs.

    RegularsError
    ├── SettingsError
    ├── SecretKeyError
    ├── StoreUnavailableError
    ├── StorageFullError
    ├── InvalidValueError
    ├── InvalidConditionError
    ├── MalformedBodyError
    │   └── BrokenBodyError
    ├── BodyTooLargeError
    ├── ReusedKeyError
    ├── TooBusyError
    │   └── IndexBusyError
    ├── AbandonedError
    ├── UnknownNameError
    ├── NameTakenError
    ├── ConflictError
    ├── AuthenticationError
    ├── TooManyAttemptsError
    └── NotAllowedError
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class RegularsError(Exception):
    """The root of all exceptions of the project."""


def describe_failure(error: Exception) -> str:
    """An exception as a log may tell of it: the messages of ours hold no values of people, others
    might.
    """
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, RegularsError) else name


class SettingsError(RegularsError):
    """A setting has a value that cannot be used."""


class SecretKeyError(RegularsError):
    """The secret key is missing, or is not the one that the data was made with."""


class StoreUnavailableError(RegularsError):
    """The database cannot be reached."""


class StorageFullError(RegularsError):
    """The disk is full or cannot be written. Nothing was accepted."""


class InvalidValueError(RegularsError):
    """A value that somebody gave cannot be used; `name` says which one."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class PlacedProblem(Protocol):
    """What is wrong at one place of a condition; without values."""

    @property
    def code(self) -> str:
        """What is wrong, as a word."""

    @property
    def message(self) -> str:
        """What is wrong, as a line."""

    @property
    def path(self) -> tuple[int, ...]:
        """The node of the tree."""

    @property
    def part(self) -> str | int:
        """What of the node."""

    @property
    def start(self) -> int | None:
        """The first character in the text, where there is one."""

    @property
    def end(self) -> int | None:
        """The character behind the last one."""

    @property
    def expected(self) -> tuple[str, ...]:
        """What could stand there."""


class InvalidConditionError(RegularsError):
    """A condition on customers cannot be read, or asks for what there is not.

    `problems` are all that were found, at least one. `name` says which of several things that were
    given is the condition.
    """

    def __init__(self, problems: Sequence[PlacedProblem], name: str = "") -> None:
        told = "; ".join(map(_placed_message, problems))
        super().__init__(f"{name}: {told}" if name else told)
        self.problems = tuple(problems)
        self.name = name


class MalformedBodyError(RegularsError):
    """An uploaded body cannot be read at all. Nothing of it was applied."""

    def __init__(self, reason: str, byte: int | None = None) -> None:
        super().__init__(reason if byte is None else f"{reason} (byte {byte})")
        self.byte = byte


class BrokenBodyError(MalformedBodyError):
    """A body ended before its end: whoever sent it may be gone."""


class BodyTooLargeError(RegularsError):
    """An uploaded body is larger than it may be, packed or unpacked. Nothing was applied."""


class ReusedKeyError(RegularsError):
    """The idempotency key was used for another request."""


class TooBusyError(RegularsError):
    """Too much of the same is going on; later it may work."""


class IndexBusyError(TooBusyError):
    """The index is being made or is far behind: `progress` is between 0 and 1."""

    def __init__(self, progress: float, retry_after_seconds: int) -> None:
        super().__init__(f"the index is being made: {progress:.0%} of it is done")
        self.progress = progress
        self.retry_after_seconds = retry_after_seconds


class AbandonedError(RegularsError):
    """Nobody waits for the answer any more."""


class UnknownNameError(RegularsError):
    """There is no such thing; `kind` says of which sort."""

    def __init__(self, kind: str, name: str = "") -> None:
        super().__init__(f"there is no {kind} {name}".rstrip())
        self.kind = kind


class NameTakenError(RegularsError):
    """A name that must be unique is in use already."""


class ConflictError(RegularsError):
    """The operation does not fit the present state."""


class AuthenticationError(RegularsError):
    """The credentials are missing or wrong."""


class TooManyAttemptsError(RegularsError):
    """Too many failed sign-ins or requests; `retry_after_seconds` says how long to wait."""

    def __init__(self, reason: str, retry_after_seconds: int) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class NotAllowedError(RegularsError):
    """Whoever asks may not do this."""


def _placed_message(problem: PlacedProblem) -> str:
    # People count characters from 1.
    place = "" if problem.start is None else f" (character {problem.start + 1})"
    return problem.message + place
