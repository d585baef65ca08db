"""`python -m regulars` is the program `regulars`."""

from regulars.cli import main

main()
