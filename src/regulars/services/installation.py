"""An open installation: its store, settings, secret key and clock, and its companies.

Owns what every other service needs at hand, and the making of companies.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from msgspec.structs import asdict, replace

from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import FIELD_TYPES, REMOVE, ReadingContext, Unreadable
from regulars.domain.privacy.secret import (
    check_value,
    compile_hash_address,
    derive_secret,
    sample_secret,
)
from regulars.errors import InvalidValueError, SecretKeyError, UnknownNameError
from regulars.services.due_audit import carry_over_soon
from regulars.store.contract import AuditEntry, Company

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from regulars.domain.customers.change import HashAddress
    from regulars.settings import Settings
    from regulars.store.contract import CompanyLimits, CompanyStore, InstallationStore

_SHORT_NAME: Final = re.compile(r"[a-z][a-z0-9]{1,29}")
_NAME_LENGTH: Final = 200


class Register:
    """The register of one company: its store, and how its values are read."""

    def __init__(
        self,
        company: Company,
        store: CompanyStore,
        hash_address: HashAddress,
        settings: Settings,
        sample_salt: bytes,
    ) -> None:
        self.company: Final = company
        self.store: Final = store
        self.hash_address: Final = hash_address
        self.sample_salt: Final = sample_salt
        """What the numbers of customers for samples are made with."""
        self.settings: Final = settings_in_force(settings, company.limits)
        """The installation's, but for what the company has settled for itself."""
        self.context: Final = ReadingContext(ZoneInfo(company.timezone), company.country)

    def load_schema(self) -> Schema:
        """The company's fields as they are now."""
        return Schema(
            self.company.short_name,
            self.context,
            self.store.load_fields(),
            field_limit=self.settings.company_fields,
        )


class FollowedRegister:
    """The register of a company for whoever keeps it open: its fields are read in the timezone and
    country that the company has now.
    """

    def __init__(self, installation: Installation, short_name: str) -> None:
        """Raises `UnknownNameError`."""
        register = installation.open_register(short_name)
        self.store: Final = register.store
        self.sample_salt: Final = register.sample_salt
        self._installation: Final = installation
        self._short_name: Final = short_name

    def load_schema(self) -> Schema:
        """The company's fields as they are now."""
        return self._installation.open_register(self._short_name).load_schema()


class Installation:
    """The whole installation. `now` gives the present instant with zone UTC."""

    def __init__(
        self,
        store: InstallationStore,
        settings: Settings,
        secret_key: bytes,
        now: Callable[[], datetime],
    ) -> None:
        self.store: Final = store
        self.settings: Final = settings
        self.now: Final = now
        self._secret_key: Final = secret_key

    def open_register(self, short_name: str) -> Register:
        """The register of a company. Raises `UnknownNameError`."""
        company = self.store.find_company(short_name)
        if company is None:
            raise UnknownNameError("company", short_name)
        return Register(
            company,
            self.store.open_company(short_name),
            compile_hash_address(self._secret_key, short_name),
            self.settings,
            sample_secret(self._secret_key, short_name),
        )

    def create_company(
        self, short_name: str, *, name: str, timezone: str, country: str, actor: str
    ) -> Company:
        """Make a company. Raises `InvalidValueError`, `NameTakenError`."""
        company = Company(
            _read_short_name(short_name), read_company_name(name), read_company_timezone(timezone),
            read_company_country(country),
        )  # fmt: skip
        entry = self.audit_entry(actor, "company:create", company.short_name)
        self.store.create_company(company, self.now(), entry)
        carry_over_soon(self.store, company.short_name)
        return company

    def derive_secret(self, purpose: str) -> bytes:
        """A secret of the installation's own for a purpose."""
        return derive_secret(self._secret_key, purpose)

    def check_health(self) -> None:
        """Raises what keeps the installation from working: `StoreUnavailableError`,
        `StorageFullError`, `SecretKeyError`.
        """
        self.store.check()
        if not self.store.check_secret_key(check_value(self._secret_key)):
            msg = "the secret key is not the one that the data was made with"
            raise SecretKeyError(msg)

    def add_audit_entry(
        self, company: str, actor: str, action: str, subject: str, details: str = ""
    ) -> None:
        """Append to a company's audit log."""
        entry = self.audit_entry(actor, action, subject, details)
        self.store.open_company(company).audit_log.add(entry)

    def audit_entry(self, actor: str, action: str, subject: str, details: str = "") -> AuditEntry:
        """An entry of this moment, for a store method that writes it with what it tells of."""
        return AuditEntry(self.now(), actor, action, subject, details)

    def close(self) -> None:
        """Give back connections and files."""
        self.store.close()


def settings_in_force(settings: Settings, limits: CompanyLimits) -> Settings:
    """The settings of an installation, but for what a company has settled for itself."""
    own = {name: value for name, value in asdict(limits).items() if value is not None}
    return replace(settings, **own) if own else settings


def _read_short_name(short_name: str) -> str:
    if not _SHORT_NAME.fullmatch(short_name):
        raise InvalidValueError(
            "short name", "2 to 30 letters a-z and digits, beginning with a letter"
        )
    return short_name


def read_company_name(name: str) -> str:
    """The display name of a company, as it is stored. Raises `InvalidValueError`."""
    name = name.strip()
    if not name or len(name) > _NAME_LENGTH or not name.isprintable():
        raise InvalidValueError("name", f"1 to {_NAME_LENGTH} characters")
    return name


def read_company_timezone(timezone: str) -> str:
    """The IANA name of a timezone, as it is stored. Raises `InvalidValueError`."""
    try:
        return ZoneInfo(timezone).key
    except (LookupError, ValueError, OSError):
        raise InvalidValueError("timezone", "an IANA name such as Europe/Helsinki") from None


def read_company_country(country: str) -> str:
    """The code of a country, as it is stored. Raises `InvalidValueError`."""
    context = ReadingContext(ZoneInfo("UTC"), "FI")
    try:
        code = FIELD_TYPES["country_code"].compile_reader(context)(country)
    except Unreadable:
        code = REMOVE
    if not isinstance(code, str):
        raise InvalidValueError("country", "an ISO 3166-1 code such as FI")
    return code
