"""Failures of PostgreSQL as exceptions of ours, and without anybody's values.

Owns what an error may say. PostgreSQL's own messages can hold parts of rows, and what is raised
may end in a log.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import errors

from regulars.errors import StorageFullError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CANNOT_WRITE: Final = (errors.DiskFull, errors.IoError, errors.ReadOnlySqlTransaction)
_DATA_EXCEPTION: Final = "22"
"""The class of SQLSTATE whose primary message quotes the value it is about."""


@contextmanager
def translated_errors() -> Iterator[None]:
    """Failures of disk and connection become exceptions of ours.

    Others, errors in our SQL among them, stay of their class, to be known for what they are.
    """
    try:
        yield
    except _CANNOT_WRITE as error:
        raise StorageFullError("the disk is full or cannot be written") from without_values(error)
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise StoreUnavailableError("the database cannot be reached") from without_values(error)
    except psycopg.Error as error:
        raise without_values(error) from None


def without_values(error: psycopg.Error) -> psycopg.Error:
    """The same error, without details and context, in which values of rows may stand."""
    state, message = error.diag.sqlstate, error.diag.message_primary
    if state is None or message is None:
        # The server did not say it, but the driver, which knows no rows.
        return error
    if state.startswith(_DATA_EXCEPTION):
        message = "a value does not fit"
    return type(error)(f"{message} (SQLSTATE {state})")
