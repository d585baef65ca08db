"""`python -m regulars` is the program `regulars`."""

from __future__ import annotations

from regulars.cli import main

main()
