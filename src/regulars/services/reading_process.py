"""Reads the records of a large body in a process of its own, while others of it are stored.

Owns that process and what passes between the two: the body goes in as it is, read records come out
in batches. The process knows no store, no settings, no clock.
"""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import shutil
import struct
import subprocess
import sys
from contextlib import contextmanager, suppress
from itertools import islice
from queue import Empty, Queue
from threading import Thread
from typing import IO, TYPE_CHECKING, BinaryIO, Final
from zoneinfo import ZoneInfo

import msgspec

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import ReadingContext
from regulars.domain.imports.options import ImportOptions
from regulars.services.hashed_records import HashedRecords, hash_records
from regulars.services.record_packing import pack_records, unpack_records
from regulars.services.record_reading import RecordReading, read_records
from regulars.store.identifier_key import IdentifierHashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.records.read_record import ReadRecord

_BATCH_RECORDS: Final = 1_000
_WAITING_BATCHES: Final = 100
"""Read ahead while the other process commits or moves keys over, which may take a second or two;
some 50 MB."""
_PART_BYTES: Final = 1024 * 1024
"""Of the body, and what fits in a pipe: with the usual 64 KiB, the process that reads would stand
still until a thread here has its turn, many times for each batch."""
_ENDING_SECONDS: Final = 0.05
_NICENESS: Final = 5
"""It reads ahead: where cores are few, requests that somebody waits for go first."""
_LENGTH: Final = struct.Struct(">I")


_Arrived = Queue["bytes | Exception | None"]
"""Batches; an empty one is the end, None the end of a process that failed."""


class _Task(msgspec.Struct, frozen=True):
    """What the process must know before the first byte of the body."""

    options: ImportOptions
    done: int
    short_name: str
    timezone: str
    country: str
    company_fields: list[CompanyField]
    field_limit: int
    identifier_secret: bytes
    hashed_batch: int = 0
    """Where it is not 0, the records are not read but only hashed, so many at a time."""


@contextmanager
def read_in_process(
    body: BinaryIO, options: ImportOptions, schema: Schema, done: int, hashes: IdentifierHashes
) -> Iterator[Iterator[ReadRecord]]:
    """The records of a body, but for the first `done`; the process ends with the block.

    Reading raises `RuntimeError` where the process failed.
    """
    with _running(_make_task(options, schema, done, hashes), body) as frames:
        yield _unpack(frames, schema, hashes)


@contextmanager
def hash_in_process(
    body: BinaryIO,
    options: ImportOptions,
    schema: Schema,
    done: int,
    hashes: IdentifierHashes,
    batch_records: int,
) -> Iterator[Iterator[HashedRecords]]:
    """The records of a body in JSON or NDJSON, but for the first `done`, hashed by the company's
    fields as they are now. As `read_in_process` otherwise.
    """
    with _running(_make_task(options, schema, done, hashes, batch_records), body) as frames:
        yield (HashedRecords._make(pickle.loads(frame)) for frame in frames)  # noqa: S301 - from our own process


def _make_task(
    options: ImportOptions,
    schema: Schema,
    done: int,
    hashes: IdentifierHashes,
    hashed_batch: int = 0,
) -> _Task:
    context = schema.context
    return _Task(
        options,
        done,
        schema.short_name,
        context.timezone.key,
        context.country,
        list(schema.company_fields.values()),
        schema.field_limit,
        hashes.secret,
        hashed_batch,
    )


@contextmanager
def _running(task: _Task, body: BinaryIO) -> Iterator[Iterator[bytes]]:
    """The frames that a process of its own gives, which ends with the block."""
    process = subprocess.Popen(  # noqa: S603 - this program itself
        [sys.executable, "-m", __name__, str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    for pipe in (process.stdin, process.stdout):
        # Where the system refuses, since its pipes hold much already, it goes on as it is.
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PART_BYTES)
    arrived: _Arrived = Queue(_WAITING_BATCHES)
    threads = [
        Thread(target=_feed, args=(task, body, process.stdin, arrived), daemon=True),
        Thread(target=_fetch, args=(process.stdout, arrived), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield _take(arrived)
    finally:
        process.kill()
        process.wait()
        while any(thread.is_alive() for thread in threads):
            # One of them may wait for room.
            with suppress(Empty):
                arrived.get(timeout=_ENDING_SECONDS)


def _feed(task: _Task, body: BinaryIO, to_process: IO[bytes], arrived: _Arrived) -> None:
    # It ended before its time where the pipe is broken, also at closing, and says itself why.
    with suppress(BrokenPipeError), to_process:
        try:
            _write_frame(to_process, msgspec.msgpack.encode(task))
            shutil.copyfileobj(body, to_process, _PART_BYTES)
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - raised where the records are read
            # Before closing: else what was fed so far might pass for all that there is.
            arrived.put(error)


def _fetch(from_process: IO[bytes], arrived: _Arrived) -> None:
    with from_process:
        while batch := _read_frame(from_process):
            arrived.put(batch)
        # An empty frame is the end; nothing at all is the end of a process that failed.
        arrived.put(batch)


def _take(arrived: _Arrived) -> Iterator[bytes]:
    while frame := arrived.get():
        if isinstance(frame, Exception):
            raise frame
        yield frame
    if frame is None:
        msg = "the process that reads records ended before its time"
        raise RuntimeError(msg)


def _unpack(
    frames: Iterator[bytes], schema: Schema, hashes: IdentifierHashes
) -> Iterator[ReadRecord]:
    for frame in frames:
        records = unpack_records(frame, schema, hashes)
        schema = records[-1].schema
        yield from records


def _write_frame(stream: IO[bytes], content: bytes) -> None:
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)


def _read_frame(stream: IO[bytes]) -> bytes | None:
    """What one frame holds; None where the stream has ended."""
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(length)
    content = stream.read(size)
    return content if len(content) == size else None


def _read_all(
    task: _Task, body: BinaryIO, schema: Schema, hashes: IdentifierHashes
) -> Iterator[bytes]:
    records = read_records(body, task.options, schema, task.identifier_secret, task.done)
    while batch := list(islice(records, _BATCH_RECORDS)):
        yield pack_records(batch, schema, hashes)
        schema = batch[-1].schema


def _hash_all(
    task: _Task, body: BinaryIO, schema: Schema, hashes: IdentifierHashes
) -> Iterator[bytes]:
    reading = RecordReading(body, task.options, schema, task.identifier_secret)
    given = islice(reading.given, task.done, None)
    while batch := list(islice(given, task.hashed_batch)):
        yield pickle.dumps(tuple(hash_records(batch, reading, hashes)))


def _main() -> None:
    """The process. Its argument is the id of the one that started it."""
    gc.disable()
    os.nice(_NICENESS)
    try:
        _answer()
    except Exception:
        if os.getppid() != int(sys.argv[1]):
            # Whoever wanted the records was killed, and the body broke off: nobody is to be told.
            os._exit(1)
        raise


def _answer() -> None:
    body, out = sys.stdin.buffer, sys.stdout.buffer
    task = msgspec.msgpack.decode(_read_frame(body) or b"", type=_Task)
    context = ReadingContext(ZoneInfo(task.timezone), task.country)
    schema = Schema(task.short_name, context, task.company_fields, field_limit=task.field_limit)
    hashes = IdentifierHashes(task.identifier_secret)
    frames = _hash_all if task.hashed_batch else _read_all
    for frame in frames(task, body, schema, hashes):
        _write_frame(out, frame)
    _write_frame(out, b"")
    out.flush()


if __name__ == "__main__":
    _main()
