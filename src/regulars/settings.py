"""The settings of an installation: one frozen value, read from the environment.

Owns names, defaults and help texts. Must not know what a setting does.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, get_type_hints

import msgspec
from msgspec import Meta

from regulars.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: Final = "REGULARS_"

PositiveInt = Annotated[int, Meta(gt=0)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation can be told. Each entry is `REGULARS_` and its name in upper case."""

    data: Annotated[
        str,
        Meta(description="Folder of the data: databases, waiting uploads, and `secret.key`."),
    ] = "./data"
    database_url: Annotated[
        str,
        Meta(
            description="`postgresql://…` keeps all data in PostgreSQL. Unset: SQLite in the data "
            "folder."
        ),
    ] = ""
    secret_key: Annotated[
        str,
        Meta(
            description="The secret key, at least 32 characters. Unset: the file `secret.key` in "
            "the data folder, made at the first start. Keep a copy: data cannot be used without."
        ),
    ] = ""
    public_url: Annotated[
        str,
        Meta(description="The address under which clients reach the server, for links in replies."),
    ] = ""
    body_bytes: Annotated[
        PositiveInt, Meta(description="The largest body of an upload, in bytes as it is sent.")
    ] = 4 * 1024**3
    unpacked_bytes: Annotated[
        PositiveInt, Meta(description="The most bytes that a compressed body may unpack to.")
    ] = 16 * 1024**3
    large_uploads: Annotated[
        PositiveInt, Meta(description="Bodies of more than 1 MiB that may come at the same time.")
    ] = 32
    requests_per_minute: Annotated[
        PositiveInt, Meta(description="Requests that one token or user may make in a minute.")
    ] = 180
    customers_per_record: Annotated[
        PositiveInt,
        Meta(description="Customers that one record without external_id may change."),
    ] = 100
    rejected_days: Annotated[
        PositiveInt, Meta(description="Days for which rejected records are kept.")
    ] = 30
    deleted_days: Annotated[
        PositiveInt,
        Meta(description="Days for which the data of deleted customers is kept, out of sight."),
    ] = 90
    company_fields: Annotated[
        PositiveInt, Meta(description="Fields of its own that a company may have.")
    ] = 300
    index_memory_mib: Annotated[
        Annotated[int, Meta(ge=128)],
        Meta(description="Memory in MiB that the open index of a company may take, at least 128."),
    ] = 512
    hold_permission_customers: Annotated[
        PositiveInt,
        Meta(
            description="An import is held if it would take one permission from more customers "
            "than this, and from more than the percentage below."
        ),
    ] = 1_000
    hold_permission_percent: Annotated[
        PositiveInt, Meta(description="… and of those who have the permission, in percent.")
    ] = 20
    hold_gone_customers: Annotated[
        PositiveInt,
        Meta(
            description="An import is held if it would delete or forget more customers than this, "
            "and more than the percentage below."
        ),
    ] = 100
    hold_gone_percent: Annotated[
        PositiveInt, Meta(description="… and of all customers, in percent.")
    ] = 1
    hold_address_records: Annotated[
        PositiveInt,
        Meta(
            description="An import is held if one email or phone number stands in more of its "
            "records than this."
        ),
    ] = 100
    plan_days: Annotated[
        PositiveInt, Meta(description="Days for which plans and held imports are kept.")
    ] = 7


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment. Raises `SettingsError` for a value that cannot be used, and
    for a name that is none of ours: it is likely a typing error.
    """
    hints = get_type_hints(Settings, include_extras=True)
    values: dict[str, object] = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX) or variable.startswith(f"{PREFIX}TEST_"):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in hints:
            msg = f"{variable} is not a setting"
            raise SettingsError(msg)
        try:
            values[name] = msgspec.convert(text.strip(), hints[name], strict=False)
        except msgspec.ValidationError as error:
            msg = f"{variable}: {error}"
            raise SettingsError(msg) from None
    return Settings(**values)  # type: ignore[arg-type]


def data_folder(settings: Settings) -> Path:
    """The data folder as an absolute path."""
    return Path(settings.data).expanduser().absolute()
