"""Secrets derived from the installation's secret key; keyed hashes of addresses (SPEC section 7).

Owns which derived secret serves what. Must not know where the key is kept.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def derive_secret(key: bytes, purpose: str) -> bytes:
    """A secret of its own for a purpose: HMAC-SHA256 (RFC 2104) of the purpose under the key."""
    return hmac.digest(key, purpose.encode(), "sha256")


def identifier_secret(key: bytes, company: str) -> bytes:
    """The secret that a company's identifiers are hashed with for look-up."""
    return derive_secret(key, f"identifier:{company}")


def sample_secret(key: bytes, company: str) -> bytes:
    """The secret that the numbers of a company's customers for samples are made with."""
    return derive_secret(key, f"sample:{company}")


def check_value(key: bytes) -> bytes:
    """What the database keeps to know the key again, and that does not give it away."""
    return derive_secret(key, "check")


def compile_hash_address(key: bytes, company: str) -> Callable[[str], str]:
    """The function that turns a canonical address into the hash that a company's suppression list
    and ledger keep, as 64 hexadecimal digits.
    """
    secret = derive_secret(key, f"address:{company}")
    digest = hmac.digest

    def hash_address(address: str) -> str:
        return digest(secret, address.encode(), "sha256").hex()

    return hash_address
