"""The command line, one file a noun.

Owns what commands are called and how they show their answers. Must not know SQL or HTTP.
"""

from __future__ import annotations

from regulars.cli.program import main

__all__ = ["main"]
