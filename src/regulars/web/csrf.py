"""Forms that come from our own pages, and no others (cross-site request forgery).

Owns the token that every form carries: it is made of a secret that only the visitor's own browser
holds, so that nobody else can put it into a form. Must not know what forms do.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

FIELD: Final = "_csrf"
"""The name under which a form carries its token."""
HEADER: Final = "x-csrf-token"
"""The header in which a request that a script makes carries it."""


def make_token(key: bytes, browser_secret: str) -> str:
    """The token for the forms of the browser that holds the secret; `key` is the installation's."""
    return hmac.new(key, browser_secret.encode(), hashlib.sha256).hexdigest()


def is_own_token(expected: str, given: str) -> bool:
    """Whether a form came with the token that it must have."""
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
