"""What a client says of its upload before the body: form, choices, and its key for the request.

Owns the names of media types, charsets, encodings and parameters. Must not read the body.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from regulars.api.context import check_parameters
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.edge.failures import UnsupportedMediaError
from regulars.errors import InvalidValueError
from regulars.services.import_acceptance import RequestKey

if TYPE_CHECKING:
    from litestar import Request

    from regulars.domain.imports.body_form import Charset, ContentEncoding, Format
    from regulars.domain.imports.options import Mode

FORMATS: Final[dict[str, Format]] = {
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "text/csv": "csv",
}
_NAMED_TYPES: Final = "application/json, application/x-ndjson or text/csv"
CHARSETS: Final[dict[str, Charset]] = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16",
    "utf16": "utf-16",
    "utf-16le": "utf-16",
    "iso-8859-1": "iso-8859-1",
    "iso8859-1": "iso-8859-1",
    "iso_8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "windows-1252": "iso-8859-1",
    "cp1252": "iso-8859-1",
}
ENCODINGS: Final[dict[str, ContentEncoding]] = {
    "identity": "identity",
    "gzip": "gzip",
    "x-gzip": "gzip",
    "zstd": "zstd",
}
MODES: Final[tuple[Mode, ...]] = ("upsert", "create", "update")
PARAMETERS: Final = frozenset({"dry_run", "strict", "mode", "keep", "empty_cells"})

_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_TYPE_PARAMETER: Final = re.compile(r'\s*([^\s;="]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]*)\s*(?:;|$)')
_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")


class UploadForm(msgspec.Struct, frozen=True):
    """What an upload is, by its head."""

    options: ImportOptions
    """Without `keep`, whose names only the company's schema knows."""
    keep: str | None
    key: RequestKey | None


def read_upload_form(request: Request[Any, Any, Any]) -> UploadForm:
    """Read the head of an upload. Raises `InvalidValueError`, `UnsupportedMediaError`."""
    given = check_parameters(request, set(PARAMETERS))
    form = _read_body_form(request, clear_empty_cells=_read_empty_cells(given))
    mode = given.get("mode", "upsert")
    if mode not in MODES:
        raise InvalidValueError("mode", f"one of {', '.join(MODES)}")
    options = ImportOptions(
        form,
        mode,
        is_strict=_read_boolean(given, "strict"),
        is_dry_run=_read_boolean(given, "dry_run"),
    )
    return UploadForm(options, given.get("keep"), _read_key(request))


def _read_boolean(given: dict[str, str], name: str) -> bool:
    value = _BOOLEANS.get(given.get(name, "false").lower())
    if value is None:
        raise InvalidValueError(name, "true or false")
    return value


def _read_empty_cells(given: dict[str, str]) -> bool:
    value = given.get("empty_cells")
    if value not in (None, "clear"):
        raise InvalidValueError("empty_cells", "only clear, or leave it out")
    return value is not None


def _read_body_form(request: Request[Any, Any, Any], *, clear_empty_cells: bool) -> BodyForm:
    encoding = ENCODINGS.get((_single(request, "content-encoding") or "identity").lower())
    if encoding is None:
        msg = "the Content-Encoding must be gzip, zstd or identity"
        raise UnsupportedMediaError(msg)
    media_type, _, rest = (_single(request, "content-type") or "").partition(";")
    import_format = FORMATS.get(media_type.strip().lower())
    if import_format is None:
        msg = f"the Content-Type must be {_NAMED_TYPES}"
        raise UnsupportedMediaError(msg)
    parameters = _read_type_parameters(rest)
    if clear_empty_cells and import_format != "csv":
        raise InvalidValueError("empty_cells", "only CSV has cells")
    if import_format == "csv" and parameters.get("header", "present") != "present":
        msg = "CSV must have a header line"
        raise UnsupportedMediaError(msg)
    charset = CHARSETS.get(parameters.get("charset", "utf-8"))
    if import_format != "csv" and charset != "utf-8":
        msg = "the charset of JSON is UTF-8"
        raise UnsupportedMediaError(msg)
    if charset is None:
        msg = "the charset of CSV must be utf-8, utf-16 or iso-8859-1"
        raise UnsupportedMediaError(msg)
    return BodyForm(import_format, charset, encoding, clear_empty_cells)


def _read_type_parameters(text: str) -> dict[str, str]:
    """The parameters of a media type (RFC 9110, 8.3.1), in lower case."""
    parameters: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _TYPE_PARAMETER.match(text, position)
        if match is None:
            if text[position:].strip(" \t;"):
                msg = "the parameters of the Content-Type cannot be read"
                raise UnsupportedMediaError(msg)
            break
        value = match[2]
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        parameters[match[1].lower()] = value.strip().lower()
        position = match.end()
    return parameters


def _read_key(request: Request[Any, Any, Any]) -> RequestKey | None:
    given = request.headers.getall("idempotency-key", [])
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise InvalidValueError("Idempotency-Key", "1 to 255 printable ASCII characters, once")
    parts = [
        str(request.method).encode(),
        request.scope["query_string"],
        *(request.headers.get(name, "").encode() for name in ("content-type", "content-encoding")),
    ]
    return RequestKey(given[0], msgspec.json.encode([part.hex() for part in parts]))


def _single(request: Request[Any, Any, Any], name: str) -> str | None:
    given = request.headers.getall(name, [])
    if len(given) > 1:
        msg = f"{name} is given more than once"
        raise UnsupportedMediaError(msg)
    return given[0].strip() if given else None
