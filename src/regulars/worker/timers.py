"""What the worker does from time to time, whether or not anybody asks for it.

Owns when. Must not know what: `services.maintenance` does.
"""

from __future__ import annotations

import logging
import time
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from regulars.errors import RegularsError, TooBusyError, describe_failure
from regulars.services.due_audit import carry_over
from regulars.services.maintenance import Maintenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from regulars.services.installation import Installation

    CountSegments = Callable[[str], object]
    """Counts the segments of a company that have not been counted today."""

PERIOD_SECONDS: Final = 60 * 60.0
RETRY_SECONDS: Final = 60.0
"""For companies whose lock somebody else held, and those where something failed; and between two
looks for segments that have not been counted today.
"""

log: Final = logging.getLogger(__name__)


class Timers:
    """The timers of an installation. Each worker has them; doing a thing twice does no harm."""

    def __init__(self, installation: Installation, count_segments: CountSegments) -> None:
        self._installation: Final = installation
        self._count_segments: Final = count_segments
        self._uncounted: Final[dict[str, str]] = {}
        """Companies whose segments could not be counted, and why: the log has been told."""
        self._maintenance: Final = Maintenance(installation)
        self._is_stopped: Final = Event()

    def start(self) -> None:
        """Do what is due now, and when it is due again."""
        Thread(target=self._run, name="timers", daemon=True).start()

    def stop(self) -> None:
        """Do nothing more; what is being done is done."""
        self._is_stopped.set()

    def _run(self) -> None:
        next_round = 0.0
        due: list[str] = []
        while not self._is_stopped.is_set():
            if time.monotonic() >= next_round:
                companies = self._companies()
                next_round = time.monotonic() + (PERIOD_SECONDS if companies else RETRY_SECONDS)
                due = companies
            self._carry_over()
            due = self._maintain(due)
            self._count()
            self._is_stopped.wait(RETRY_SECONDS)

    def _carry_over(self) -> None:
        """Complete the audit logs after a crash, or now that the disk has room again."""
        store = self._installation.store
        try:
            companies = store.due_audit.load_companies()
        except Exception:  # noqa: BLE001 - as below; the line of imports cannot be seen either
            return
        for company in companies:
            try:
                carry_over(store, company)
            except Exception as error:  # noqa: BLE001 - as below
                log.warning("audit entries of %s wait: %s", company, describe_failure(error))

    def _companies(self) -> list[str]:
        try:
            self._maintenance.maintain_installation()
        except RegularsError:
            return []  # The line of imports cannot be seen either, and the log says so.
        except Exception as error:  # noqa: BLE001 - without this thread nothing is ever due again
            log.warning("retention of the installation fails: %s", describe_failure(error))
            return []
        return self._load_companies()

    def _load_companies(self) -> list[str]:
        try:
            return [company.short_name for company in self._installation.store.load_companies()]
        except Exception:  # noqa: BLE001 - as above
            return []

    def _maintain(self, companies: Iterable[str]) -> list[str]:
        """Do it for these companies; gives those for which it is still to be done."""
        due = []
        for company in companies:
            if self._is_stopped.is_set():
                break
            try:
                register = self._installation.open_register(company)
                done = self._maintenance.maintain(register, wait=False)
            except Exception as error:  # noqa: BLE001 - the other companies are not to suffer
                log.warning("retention of %s fails: %s", company, describe_failure(error))
                done = None
            if done is None:
                due.append(company)
        return due

    def _count(self) -> None:
        """Count the segments of companies where it is another day now, and new ones."""
        for company in self._load_companies():
            if self._is_stopped.is_set():
                return
            try:
                self._count_segments(company)
                self._uncounted.pop(company, None)
            except TooBusyError:
                pass  # The index is being made; the next look is soon.
            except Exception as error:  # noqa: BLE001 - as above
                told = describe_failure(error)
                if self._uncounted.get(company) != told:
                    log.warning("segments of %s cannot be counted: %s", company, told)
                self._uncounted[company] = told
