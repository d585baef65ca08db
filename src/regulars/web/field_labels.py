"""What pages call the fields of a customer, and in which groups they show them.

Owns names and order. Every built-in field is in one group; those of a company's own follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from regulars.domain.fields.schema import CompiledField, Schema

_LABELS: Final = {
    "external_id": "External ID",
    "canonical_id": "Canonical ID",
    "email": "E-mail address",
    "can_email": "E-mail permission",
    "can_sms": "SMS permission",
    "can_post": "Post permission",
    "can_push": "Push permission",
    "can_profile": "Profiling permission",
    "is_forgotten": "Forgotten",
    "is_deleted": "Deleted",
    "shop_id": "Shop",
    "vat_number": "VAT number",
    "zip_code": "Postal code",
    "last_login": "Last sign-in",
}
"""Where the name itself says too little."""

_GROUPS: Final = (
    ("Person", ("first_name", "last_name", "birth_date", "gender", "language", "company",
                "vat_number")),
    ("Contact", ("email", "phone_number", "external_id", "canonical_id")),
    ("Permissions", ("can_email", "can_sms", "can_post", "can_push", "can_profile")),
    ("Membership", ("date_joined", "last_login", "shop_id", "mailing_lists", "tags")),
    ("Address", ("street_address", "street_name", "house_number", "house_number_addition",
                 "zip_code", "city", "province", "country")),
    ("State", ("is_deleted", "is_forgotten")),
)  # fmt: skip
STATE_GROUP: Final = "State"
"""What no living customer has."""
OWN_GROUP: Final = "Your own fields"


class FieldGroup(msgspec.Struct, frozen=True):
    """Some fields that belong together."""

    label: str
    fields: list[CompiledField]


def label_field(schema: Schema, name: str) -> str:
    """What a field is called, by its name or key: `first_name` is "First name"; a company's own
    is called by its name without the prefix. What is no field is called what it is.
    """
    field = schema.find(name)
    if field is None:
        return name
    if field.name in _LABELS:
        return _LABELS[field.name]
    words = field.name.removeprefix(schema.prefix).replace("_", " ").strip() or field.name
    return words[:1].upper() + words[1:]


def group_fields(schema: Schema) -> list[FieldGroup]:
    """All fields that there are, in the order in which they are shown."""
    groups = [
        FieldGroup(label, [schema.fields[name] for name in names]) for label, names in _GROUPS
    ]
    own = [schema.fields[key] for key in schema.company_fields]
    if own:
        own.sort(key=lambda field: label_field(schema, field.name).lower())
        groups.append(FieldGroup(OWN_GROUP, own))
    return groups
