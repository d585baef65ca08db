"""Steps of imports that may have to wait for another one: applying a plan, and cancelling.

Owns that no thread is taken while they wait: those of one company must not keep all others waiting.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final

from regulars.errors import TooBusyError
from regulars.services.import_cancel import (
    LOOK_SECONDS,
    STOP_SECONDS,
    ask_to_cancel,
    conclude_cancel,
)
from regulars.services.kept_imports import BUSY

if TYPE_CHECKING:
    from regulars.edge.services import Services
    from regulars.services.installation import Register
    from regulars.store.contract import ImportRun, QueuedImport

# Checking a plan takes as long as applying it: not all threads may be taken by it.
_CHECKING: Final = ThreadPoolExecutor(4, "plan-check")
_WAIT_SECONDS: Final = 3.0
_TRY_SECONDS: Final = 0.1


async def apply_plan(
    services: Services, register: Register, run: ImportRun, *, actor: str, may_release: bool
) -> QueuedImport:
    """Apply a plan, where no import of the company is running soon. See `KeptImports.apply`.

    Raises `TooBusyError` where one is.
    """

    def attempt() -> QueuedImport | None:
        return services.imports.kept.apply(register, run, actor=actor, may_release=may_release)

    loop = asyncio.get_running_loop()
    until = loop.time() + _WAIT_SECONDS
    while (queued := await loop.run_in_executor(_CHECKING, attempt)) is None:
        if loop.time() > until:
            raise TooBusyError(BUSY)
        await asyncio.sleep(_TRY_SECONDS)
    return queued


async def cancel_import(
    services: Services, register: Register, import_id: str, *, actor: str
) -> ImportRun:
    """Cancel an import; gives it as it is a moment later: one that runs may be running still.

    Raises `UnknownNameError`, and `ConflictError` where it has ended before.
    """
    installation, imports = services.installation, services.imports
    ask = partial(ask_to_cancel, installation, imports, register, import_id, actor=actor)
    run = await asyncio.to_thread(ask)
    loop = asyncio.get_running_loop()
    until = loop.time() + STOP_SECONDS
    while run.status == "running" and loop.time() < until:
        await asyncio.sleep(LOOK_SECONDS)
        run = await asyncio.to_thread(imports.find, register, import_id)
    await asyncio.to_thread(conclude_cancel, installation, register, run)
    return run
