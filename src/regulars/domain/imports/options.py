"""How an import is to be carried out: what its sender chose (SPEC section 4).

Owns the choices and their names. Must not know how they are asked for.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from regulars.domain.imports.body_form import BodyForm

Mode = Literal["upsert", "create", "update"]


class ImportOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """The choices of one import. Stored with it as JSON: new ones need a default."""

    form: BodyForm
    mode: Mode = "upsert"
    """`create` ignores records that mean an existing customer, `update` those that mean nobody."""
    is_strict: bool = False
    """Whether a warning rejects its record."""
    keep: tuple[str, ...] = ()
    """Fields that are left alone where the customer has a value."""
    is_dry_run: bool = False
    """Whether the import only plans."""
    undoes: str | None = None
    """Id of the import that this one undoes; then the body is empty."""
    by_number: bool = False
    """Whether its records mean the customers whose numbers they carry, whatever identifiers they
    have: of what somebody changes where they look at customers."""
    may_be_held: bool = False
    """Whether a quick count of its body came near a limit past which imports are held."""
    may_repeat_addresses: bool = True
    """Where it may be held: whether that count came near the limit of records with one address. If
    not, only what customers lose can hold it, and no record that changes nothing."""

    def with_delimiter(self, delimiter: str) -> ImportOptions:
        """The same for a body whose cells were found to be divided so, if it has cells."""
        if delimiter == self.form.delimiter:
            return self
        form = msgspec.structs.replace(self.form, delimiter=delimiter)
        return msgspec.structs.replace(self, form=form)
