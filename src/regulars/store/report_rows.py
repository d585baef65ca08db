"""How problems and rejected records become columns and come back, alike for both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.identity.identifiers import Kind, is_email
from regulars.domain.records.problem import Problem
from regulars.store.contract.reports import RejectedRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from regulars.domain.identity.identifiers import Entry

    IdentifierKey = Callable[[int, str], int]

_encode: Final = msgspec.json.Encoder().encode
_decode_problems: Final = msgspec.json.Decoder(list[Problem]).decode
_decode_header: Final = msgspec.json.Decoder(tuple[str, ...]).decode


def identifier_keys(identifier_key: IdentifierKey, identifiers: Iterable[Entry]) -> set[int]:
    """The keys under which rejected records are found by identifiers.

    One kind an identifier: whoever is forgotten, it does not matter how they were registered.
    """
    return {identifier_key(_kind(kind, value), value) for kind, value in identifiers}


def _kind(kind: Kind, value: str) -> Kind:
    if kind == Kind.EXTERNAL_ID:
        return kind
    return Kind.EMAIL_REGISTERED if is_email(value) else Kind.PHONE_REGISTERED


def identifier_rows(
    identifier_key: IdentifierKey, import_number: int, rejected: Iterable[RejectedRow]
) -> list[tuple[int, int, int]]:
    """The columns of the identifiers of rejected records."""
    return [
        (key, import_number, row.record)
        for row in rejected
        for key in identifier_keys(identifier_key, row.identifiers)
    ]


def rejected_columns(import_number: int, row: RejectedRow) -> tuple[int, int, bytes | None, str]:
    """The columns of a rejected record; its problems are JSON."""
    return import_number, row.record, row.original, _encode(row.problems).decode()


def read_rejected(row: tuple[int, bytes | None, str]) -> RejectedRow:
    """A rejected record from its columns."""
    record, original, problems = row
    return RejectedRow(record, original, _decode_problems(problems))


def problem_columns(
    import_number: int, number: int, problem: Problem
) -> tuple[int, int, int, int | None, str, str | None, bool, str | None]:
    """The columns of a problem with its number."""
    return (
        import_number, number, problem.record, problem.line, problem.code, problem.field,
        problem.rejects, problem.cause,
    )  # fmt: skip


def read_problem(
    row: tuple[int, str, int, str | None, int | None, bool | int, str | None],
) -> tuple[int, Problem]:
    """A problem with its number from its columns."""
    number, code, record, field, line, rejects, cause = row
    return number, Problem(code, record, field, line, bool(rejects), cause)


def encode_header(header: Sequence[str]) -> str:
    """The column of a header: JSON."""
    return _encode(header).decode()


def decode_header(text: str) -> tuple[str, ...]:
    """A header from its column."""
    return _decode_header(text)
