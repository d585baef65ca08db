"""The process that makes the index of a company anew, for the one that holds the indexes.

It ends when that one does. Its arguments are the company and the file; `building` says what passes
between the two.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

from regulars.app import open_installation
from regulars.errors import RegularsError
from regulars.index.building import build_in_child
from regulars.index.database import Resources
from regulars.settings import read_settings


def main() -> None:
    """Make the file."""
    # Ctrl-C reaches the whole process group: the other process then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(0o077)
    company, path = sys.argv[1:]
    try:
        settings = read_settings(os.environ)
        register = open_installation(settings).open_register(company)
        # Customers leave no cycles behind.
        gc.freeze()
        gc.disable()
        build_in_child(Path(path), register, Resources(settings.index_memory_mib))
    except RegularsError as error:
        sys.exit(f"regulars: {error}")
    # The file is closed. What else stands in memory need not be taken apart.
    os._exit(0)


if __name__ == "__main__":
    main()
