"""Passwords are stored and checked at the cost that RFC 9106 recommends, known user or not."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from regulars.services.passwords import Passwords

PASSWORD = "correct horse battery"


def test_a_password_is_hashed_at_the_recommended_cost() -> None:
    passwords = Passwords()
    stored = passwords.hash(PASSWORD)
    assert extract_parameters(stored) == RFC_9106_LOW_MEMORY
    assert passwords.is_right(stored, PASSWORD)
    assert not passwords.is_right(stored, PASSWORD + " ")


def test_nobodys_password_is_checked_at_the_same_cost_and_never_right() -> None:
    passwords = Passwords()
    assert extract_parameters(passwords._nobodys_hash) == RFC_9106_LOW_MEMORY
    assert not passwords.is_right(None, PASSWORD)
    # The library takes it for one of its own, and does not refuse it before the work is done.
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(passwords._nobodys_hash, PASSWORD)


def test_a_password_is_checked_at_the_cost_at_which_it_was_hashed() -> None:
    stored = Passwords(CHEAPEST).hash(PASSWORD)
    assert Passwords().is_right(stored, PASSWORD)
    assert not Passwords().is_right(stored, "another password")
