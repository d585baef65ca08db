"""A command waits for a busy index as long as something moves, and shows a person how far it is."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from regulars.cli import patience
from regulars.cli.patience import PatientIndexes
from regulars.errors import IndexBusyError, TooBusyError, UnknownNameError

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal


class Busy:
    """An index that raises these, one after the other, and then answers 7; the last one for ever
    where there is no end.
    """

    def __init__(self, *errors: Exception, is_endless: bool = False) -> None:
        self._errors = list(errors)
        self._is_endless = is_endless

    def count(self, _company: str, _condition: str) -> int:
        if len(self._errors) == 1 and self._is_endless:
            raise self._errors[0]
        if self._errors:
            raise self._errors.pop(0)
        return 7


def count(busy: Busy) -> int:
    indexes: Any = busy
    with patch.object(patience, "_LOOK_SECONDS", 0.01):
        return PatientIndexes(indexes).count("acme", "city = Oulu")


def test_what_is_being_made_is_waited_for() -> None:
    steps = [IndexBusyError(share / 10, 60) for share in range(10)]
    with patch.object(patience, "STANDSTILL_SECONDS", 0.5):
        assert count(Busy(TooBusyError("another command has it"), *steps)) == 7


@pytest.mark.parametrize("error", [TooBusyError("another command has it"), IndexBusyError(0.5, 1)])
def test_where_nothing_moves_it_is_given_up_in_the_end(error: TooBusyError) -> None:
    with patch.object(patience, "STANDSTILL_SECONDS", 0.1), pytest.raises(type(error)):
        count(Busy(error, is_endless=True))


def test_what_will_not_work_later_either_is_not_waited_for() -> None:
    with pytest.raises(UnknownNameError):
        count(Busy(TooBusyError("later"), UnknownNameError("company", "acme"), is_endless=True))


def test_a_person_at_a_terminal_sees_how_far_the_index_is(terminal: Terminal) -> None:
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "regulars", "index", "rebuild", "acme"],
        env=os.environ | terminal.environment,
        stderr=theirs,
    )
    os.close(theirs)
    assert process.wait(60) == 0
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "Making the index" in shown
    assert "100%" in shown
    assert "index of acme made" in shown
