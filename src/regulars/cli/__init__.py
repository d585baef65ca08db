"""The command line, one file a noun.

Owns what commands are called and how they show their answers. Must not know SQL or HTTP.
"""

from __future__ import annotations


def main() -> None:
    """Run the program."""
    # Not above: the processes that a server starts are modules here, and need none of the others.
    from regulars.cli.program import main as run  # noqa: PLC0415

    run()
