"""The index of one company, as others use it.

Owns its file: when it is brought on, made anew, and swapped. It answers nothing from before the
call of `catch_up`, and nothing while there is no file that it can vouch for.
"""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from regulars.errors import IndexBusyError
from regulars.index import questions, statistics
from regulars.index.abandonment import asked_by_whoever_waits
from regulars.index.building import Building, build_file, busy_error, open_file
from regulars.index.copy import IndexCopy
from regulars.index.database import Resources, remove_file
from regulars.index.errors import UnfitIndexError
from regulars.index.gathering import GatheredRuns
from regulars.index.statistics import MOST_VALUES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from regulars.domain.fields.schema import Schema
    from regulars.index.questions import Order, Query, View
    from regulars.index.source import Source
    from regulars.index.statistics import Distribution, Reach, Statistics

    BuildCommand = Callable[[str, Path], list[str]]
    """The arguments of a process that makes a file of the register of that name there."""

Answer = TypeVar("Answer")
PERIOD_SECONDS: Final = 0.05
"""Between two catch-ups."""
PATIENCE_SECONDS: Final = 1.0
"""For which one catch-up goes on before it says that the index is busy."""
AT_ONCE_CHANGES: Final = 20_000
"""Of a register whose index is made while the caller waits."""
RETRY_SECONDS: Final = 5.0
"""After a process that made an index failed."""
SUFFIX: Final = ".duckdb"
NEW_SUFFIX: Final = ".new"
log: Final = logging.getLogger(__name__)


class IndexSettings(msgspec.Struct, frozen=True):
    """How an index is kept."""

    build_command: BuildCommand
    resources: Resources = Resources()
    at_once_changes: int = AT_ONCE_CHANGES
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class CompanyIndex:
    """The index of one company; any number of threads may use it at once."""

    def __init__(self, folder: Path, name: str, source: Source, settings: IndexSettings) -> None:
        self._name: Final = name
        self._path: Final = folder / f"{name}{SUFFIX}"
        self._source: Final = source
        self._settings: Final = settings
        self._runs: Final = GatheredRuns(self._bring_on, PERIOD_SECONDS)
        self._working: Final = Lock()
        """Held by whoever changes what stands below."""
        self._handing_out: Final = Lock()
        """Held while `_copy` is read to be used, and while it is replaced."""
        self._copy: IndexCopy | None = None
        self._building: Building | None = None
        self._build_after = 0.0
        self._failed: tuple[IndexCopy, UnfitIndexError] | None = None
        """What could not be read, and why."""
        self._behind_since: tuple[float, int] | None = None
        """Since when, and from which version on, the index is behind."""
        self.used_at = time.monotonic()
        """When somebody asked last."""

    # Catching up

    def catch_up(self) -> Schema:
        """Bring the index to the state that the store has now, or a later one; gives the fields
        that conditions on it are checked with.

        Raises `IndexBusyError` while it is being made or is far behind; `StorageFullError`,
        `StoreUnavailableError`.
        """
        self.used_at = time.monotonic()
        copy = self._copy
        is_at_rest = self._building is None and self._failed is None
        if copy is None or not is_at_rest or not copy.is_current():
            self._runs.run()
            copy = self._copy
        if copy is None:
            raise busy_error(0, 0, 0)
        return copy.schema

    def follow(self) -> None:
        """The same for nobody in particular, and what else is to be done when nobody waits."""
        with suppress(IndexBusyError):
            self._runs.run()
        # Also where much is still to be taken over: what was taken so far takes memory.
        copy = self._copy
        if copy is not None and copy.database.is_checkpoint_due():
            try:
                copy.database.checkpoint()
            except UnfitIndexError as error:
                self._failed = copy, error

    def wait_until_current(self, on_progress: Callable[[float], None] = lambda _: None) -> Schema:
        """As `catch_up`, for as long as it takes."""
        while True:
            try:
                schema = self.catch_up()
            except IndexBusyError as busy:
                on_progress(busy.progress)
                time.sleep(PERIOD_SECONDS)
            else:
                self.follow()
                on_progress(1.0)
                return schema

    def rebuild(self) -> Building | None:
        """Have a new file made; the present one answers meanwhile. Gives what still makes it."""
        with self._working:
            if self._building is None:
                with suppress(IndexBusyError):
                    self._build(self._source.store.read_position().last_version)
            return self._building

    def release(self) -> None:
        """Close the file; it is opened again when somebody asks."""
        with self._working:
            self._replace(None)

    def close(self) -> None:
        """Close the file, and end what is being made."""
        with self._working:
            self._replace(None)
            if self._building is not None:
                self._building.stop()
                self._building = None

    # Questions; whoever asks has called `catch_up` before

    def count(self, query: Query) -> int:
        """How many customers there are."""
        return self.ask(lambda view: questions.count_customers(view, query))

    def find_ids(
        self, query: Query, order: Order | None = None, after: int | None = None, limit: int = 100
    ) -> list[int]:
        """The ids of the next customers behind the one with id `after`, in order of id or `order`.
        Raises `ConflictError` where that one is gone from an order of values.
        """
        return self.ask(lambda view: questions.find_customers(view, query, order, after, limit))

    def find_forgotten(
        self, external_id: str | None = None, after: int | None = None, limit: int = 100
    ) -> list[int]:
        """The ids of forgotten customers, in order; of all, or with this external_id."""
        return self.ask(lambda view: questions.find_forgotten(view, external_id, after, limit))

    def count_forgotten(self, external_id: str | None = None) -> int:
        """How many customers are forgotten; of all, or with this external_id."""
        return self.ask(lambda view: questions.count_forgotten(view, external_id))

    def measure(self, query: Query) -> Reach:
        """How many customers there are, and how many of them can be reached."""
        return self.ask(lambda view: statistics.count_reach(view, query))

    def count_each(self, queries: Sequence[Query]) -> list[int]:
        """How many customers each query gives, all counted at one moment."""
        return self.ask(lambda view: statistics.count_each(view, queries))

    def statistics(self, query: Query) -> Statistics:
        """Who the customers are."""
        return self.ask(lambda view: statistics.describe_customers(view, query))

    def distribution(self, query: Query, key: str, most: int = MOST_VALUES) -> Distribution:
        """The most frequent values of a field."""
        return self.ask(lambda view: statistics.describe_field(view, query, key, most))

    def ask(self, question: Callable[[View], Answer]) -> Answer:
        """What a question gives, asked again where the file had to be made anew for it."""
        try:
            with self._reading() as view:
                return question(view)
        except (UnfitIndexError, IndexBusyError):
            # A small one is made anew while the caller waits.
            self.catch_up()
        with self._reading() as view:
            return question(view)

    @contextmanager
    def _reading(self) -> Iterator[View]:
        copy = None
        try:
            with ExitStack() as stack:
                with self._handing_out:
                    copy = self._copy
                    if copy is None:
                        raise busy_error(0, 0, 0)
                    cursor = stack.enter_context(copy.database.read())
                stack.enter_context(asked_by_whoever_waits(cursor))
                yield questions.View(cursor, copy.schema, self._settings.now(), copy.answers)
        except UnfitIndexError as error:
            # Only out here: it is one of ours once the cursor is given back.
            if copy is not None:
                self._failed = copy, error
            raise

    # What the one thread does that brings the index on

    def _bring_on(self) -> None:
        with self._working:
            self._take_over_building()
            failed, self._failed = self._failed, None
            if failed is not None and failed[0] is self._copy:
                self._make_anew(failed[1])
            copy = self._copy or self._open()
            try:
                self._advance(copy)
            except UnfitIndexError as error:
                self._advance(self._make_anew(error))

    def _advance(self, copy: IndexCopy) -> None:
        self._behind_since = self._behind_since or (time.monotonic(), copy.mark.version)
        began, first = self._behind_since
        until = time.monotonic() + PATIENCE_SECONDS
        target = copy.mark.version + copy.count_behind()
        while copy.advance() and copy.mark.version < target:
            if (now := time.monotonic()) > until:
                raise busy_error(copy.mark.version - first, target - first, now - began)
        self._behind_since = None

    def _open(self) -> IndexCopy:
        """Open the file, or make it. Raises `IndexBusyError` where that takes longer."""
        self._check_building()
        try:
            copy = open_file(self._path, self._source, self._settings.resources)
        except UnfitIndexError as error:
            return self._make_anew(error)
        self._replace(copy)
        return copy

    def _make_anew(self, error: UnfitIndexError) -> IndexCopy:
        """Make the file from nothing. Raises `IndexBusyError` where that takes longer."""
        self._replace(None)
        self._check_building()
        changes = self._source.store.read_position().last_version
        log.warning("the index of %s is made anew of %d changes: %s", self._name, changes, error)
        return self._build(changes)

    def _build(self, changes: int) -> IndexCopy:
        if changes > self._settings.at_once_changes:
            path = self._path.with_name(f"{self._name}.{secrets.token_hex(4)}{NEW_SUFFIX}")
            self._building = Building(path, self._settings.build_command(self._name, path))
            raise self._building.busy()
        self._replace(None)
        copy = build_file(self._path, self._source, self._settings.resources)
        self._replace(copy)
        return copy

    def _check_building(self) -> None:
        """Raises `IndexBusyError` where a process is at work, or has just failed."""
        if self._building is not None:
            raise self._building.busy()
        if time.monotonic() < self._build_after:
            raise busy_error(0, 0, 0)

    def _take_over_building(self) -> None:
        building = self._building
        if building is None or not building.has_ended():
            return
        self._building = None
        if building.is_made():
            self._replace(None)
            remove_file(self._path)
            building.path.rename(self._path)
        else:
            log.error("the index of %s could not be made", self._name)
            self._build_after = time.monotonic() + RETRY_SECONDS
        building.stop()

    def _replace(self, copy: IndexCopy | None) -> None:
        with self._handing_out:
            former, self._copy = self._copy, copy
        if former is not None and former is not copy:
            former.database.close()
