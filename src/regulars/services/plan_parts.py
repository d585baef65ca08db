"""What is planned for single records: where it lies, and the key of its digests."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from regulars.domain.imports.plan import PlanPart, decode_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.records.read_record import ReadRecord
    from regulars.store.contract import CompanyStore, ImportRun


def load_parts(store: CompanyStore, run: ImportRun, records: list[ReadRecord]) -> list[PlanPart]:
    """What is planned for records in a row."""
    first, last = records[0].number, records[-1].number
    return [decode_part(part) for part in store.plans.load_parts(run.number, first, last)]


def digest_key(run: ImportRun, hash_address: Callable[[str], str]) -> bytes:
    """The key of an import's digests: from the secret key, which is in no database."""
    return sha256(hash_address(f"digests of import {run.id}").encode()).digest()
