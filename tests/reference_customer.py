"""One customer of the reference model, for tests.

Owns what the model remembers of a customer. Must not know records.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ModelCustomer:
    """One customer; `fields` as stored, `state` one of living, deleted, forgotten.

    `changes` counts the entries of its history, `past_addresses` are all the emails and phone
    numbers that it ever had.
    """

    number: int
    fields: dict[str, object] = field(default_factory=dict)
    state: str = "living"
    changes: int = 0
    past_addresses: set[str] = field(default_factory=set)

    @property
    def external_id(self) -> object:
        return self.fields.get("external_id")

    @property
    def email(self) -> object:
        return self.fields.get("email")

    @property
    def phone_number(self) -> object:
        return self.fields.get("phone_number")
