"""Passwords: hashing and checking them (SPEC section 13).

Argon2id with the parameters of RFC 9106 for little memory. It is slow on purpose, so that a pair
of user and password that was right is remembered, as a keyed hash in memory, for some minutes.
"""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import b64encode
from typing import Final

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from regulars.errors import InvalidValueError

LEAST_CHARACTERS: Final = 8
MOST_CHARACTERS: Final = 1000
REMEMBERED_SECONDS: Final = 5 * 60
_MOST_REMEMBERED: Final = 10_000


class Passwords:
    """Hashes and checks passwords. `cost` is what hashing one takes; a password is checked at the
    cost at which it was hashed.
    """

    def __init__(self, cost: Parameters = RFC_9106_LOW_MEMORY) -> None:
        self._hasher: Final = PasswordHasher.from_parameters(cost)
        self._nobodys_hash: Final = _make_nobodys_hash(cost)
        self._memory_key: Final = secrets.token_bytes()
        self._remembered: Final[dict[bytes, float]] = {}

    def hash(self, password: str) -> str:
        """The form in which a password is stored. Raises `InvalidValueError`."""
        if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
            raise InvalidValueError(
                "password", f"{LEAST_CHARACTERS} to {MOST_CHARACTERS} characters"
            )
        return self._hasher.hash(password)

    def is_right(self, password_hash: str | None, password: str) -> bool:
        """Whether a password is the one of a hash; for nobody's hash, None, it is never right but
        takes as long to say so.
        """
        if len(password) > MOST_CHARACTERS:
            return False
        stored = self._nobodys_hash if password_hash is None else password_hash
        pair = hmac.digest(
            self._memory_key, f"{stored}\0{password}".encode("utf-8", "replace"), "sha256"
        )
        if self._remembered.get(pair, 0.0) < time.monotonic():
            try:
                self._hasher.verify(stored, password)
            except (VerificationError, InvalidHashError, UnicodeError):
                return False
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[pair] = time.monotonic() + REMEMBERED_SECONDS
        return password_hash is not None


def _make_nobodys_hash(cost: Parameters) -> str:
    """A hash that no password is known for: checking one against it takes as long as against a real
    one. It is made of random bytes, so that not every start of a command takes the time of hashing.
    """
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (cost.salt_len, cost.hash_len)
    )
    numbers = f"m={cost.memory_cost},t={cost.time_cost},p={cost.parallelism}"
    return f"$argon2id$v={cost.version}${numbers}${salt}${digest}"
