"""The built-in fields of a customer, as one table (the seed page; SPEC section 3).

Owns names, types and descriptions. Must not know how values are read or stored.
"""

from __future__ import annotations

from typing import Final

import msgspec


class BuiltinField(msgspec.Struct, frozen=True):
    """A field that every company has."""

    name: str
    type: str
    description: str


BUILTIN_FIELDS: Final = tuple(
    BuiltinField(*row)
    for row in (
        (
            "external_id",
            "external_id",
            "The company's own identifier for the customer, such as a loyalty number.",
        ),
        ("phone_number", "phone_number", "Phone number with country prefix."),
        ("email", "email", "E-mail address."),
        (
            "canonical_id",
            "string",
            "Groups customers that are one natural or legal person.",
        ),
        ("first_name", "string", "First name."),
        ("last_name", "string", "Last name."),
        ("can_email", "boolean", "Permission for marketing by e-mail. False if never given."),
        ("can_post", "boolean", "Permission for postal mail. False if never given."),
        ("can_profile", "boolean", "Permission to be profiled. False if never given."),
        ("can_push", "boolean", "Permission for push messages. False if never given."),
        ("can_sms", "boolean", "Permission for marketing by SMS. False if never given."),
        (
            "date_joined",
            "datetime",
            "When the customer's account was made. Without a zone: the company's timezone.",
        ),
        ("mailing_lists", "list", "Identifiers of the mailing lists the customer is on."),
        (
            "is_forgotten",
            "boolean",
            "True empties the customer for good. It cannot be taken back.",
        ),
        ("shop_id", "string", "Name or identifier of the customer's shop."),
        ("birth_date", "date", "Date of birth."),
        ("city", "string", "City."),
        ("company", "string", "Company on whose behalf the customer buys."),
        ("country", "country_code", "Country of residence."),
        ("gender", "string", "Male, female, other, or free text."),
        ("house_number", "string", "Number of the house in the street."),
        ("house_number_addition", "string", "What follows the number, such as a flat."),
        ("language", "language_code", "Primary language."),
        (
            "last_login",
            "datetime",
            "Last sign-in. Without a zone: the company's timezone.",
        ),
        ("province", "string", "Province."),
        ("street_address", "string", "Street with number; or use its parts."),
        ("street_name", "string", "Street without number."),
        ("tags", "set", "Tags given to the customer."),
        ("vat_number", "string", "Value added tax number of a business customer."),
        ("zip_code", "string", "Postal code."),
        (
            "is_deleted",
            "boolean",
            "True hides the customer for good. It cannot be taken back.",
        ),
    )
)

PERMISSIONS: Final = ("can_email", "can_post", "can_profile", "can_push", "can_sms")

ADDRESS_OF_PERMISSION: Final = {"can_email": "email", "can_sms": "phone_number"}
"""The permissions that are given for one address, with the field that holds it."""
