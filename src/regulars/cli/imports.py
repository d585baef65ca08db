"""`regulars import`."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import msgspec

from regulars.cli.context import ACTOR, installation
from regulars.cli.import_bar import import_bar
from regulars.cli.import_plans import settle
from regulars.cli.import_report import print_report
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.choices import read_keep
from regulars.domain.imports.options import ImportOptions
from regulars.services import file_import
from regulars.services.file_form import FORMAT_OF_ENDING
from regulars.services.imports import Imports
from regulars.settings import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from regulars.domain.imports.body_form import Charset, ContentEncoding, Format
    from regulars.domain.imports.options import Mode

_PIECE_BYTES: Final = 1024 * 1024
_ENCODING_OF_ENDING: Final[dict[str, ContentEncoding]] = {".gz": "gzip", ".zst": "zstd"}


@click.command("import")
@click.argument("company")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--format", "import_format", type=click.Choice(["json", "ndjson", "csv"]))
@click.option(
    "--charset", type=click.Choice(["utf-8", "utf-16", "iso-8859-1"]), help="Of CSV, if not utf-8."
)
@click.option("--empty-cells", type=click.Choice(["clear"]), help="Of CSV: they remove the value.")
@click.option("--dry-run", is_flag=True, help="Only plan: show what would change.")
@click.option("--strict", is_flag=True, help="A warning rejects its record.")
@click.option("--mode", type=click.Choice(["upsert", "create", "update"]), default="upsert")
@click.option("--keep", metavar="FIELDS", help="Leave these alone where they have a value.")
@click.pass_context
def import_file(  # noqa: PLR0913 - as many as it has options
    context: click.Context,
    company: str,
    file: Path,
    *,
    import_format: Format | None,
    charset: Charset | None,
    empty_cells: str | None,
    mode: Mode,
    keep: str | None,
    dry_run: bool,
    strict: bool,
) -> None:
    """Apply a file of records, - for standard input, in its turn; exit status 1 if any record was
    rejected, or if it is held because it would take much from many customers.
    """
    form = _read_csv_options(_read_form(file, import_format), charset, empty_cells)
    # Records leave no cycles behind: looking for them costs a tenth of the time.
    gc.disable()
    with installation() as opened, _open(file, data_folder(opened.settings)) as stream:
        register = opened.open_register(company)
        imports = Imports(opened)
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        with import_bar("Checking") as watcher:
            kept = () if keep is None else read_keep(register.load_schema(), keep)
            options = ImportOptions(form, mode, strict, kept, dry_run)
            run = file_import.import_file(
                imports,
                register,
                stream,
                options,
                size_bytes=size,
                actor=ACTOR,
                watcher=watcher,
            )
        run = settle(imports, register, run)
    print_report(run)
    context.exit(1 if run.report.rejected or run.status not in ("done", "planned") else 0)


def _read_form(file: Path, import_format: Format | None) -> BodyForm:
    """How a file is written, by the endings of its name where nobody says it."""
    encoding = _ENCODING_OF_ENDING.get(file.suffix.lower(), "identity")
    ending = file.suffix if encoding == "identity" else Path(file.stem).suffix
    import_format = import_format or FORMAT_OF_ENDING.get(ending.lower())
    if import_format is None:
        msg = f"the ending of the file is none of {', '.join(FORMAT_OF_ENDING)}; use --format"
        raise click.UsageError(msg)
    return BodyForm(import_format, content_encoding=encoding)


def _read_csv_options(form: BodyForm, charset: Charset | None, empty_cells: str | None) -> BodyForm:
    if form.format != "csv" and (charset or empty_cells):
        msg = "--charset and --empty-cells are for CSV"
        raise click.UsageError(msg)
    return msgspec.structs.replace(
        form, charset=charset or form.charset, clear_empty_cells=empty_cells is not None
    )


@contextmanager
def _open(file: Path, folder: Path) -> Iterator[BinaryIO]:
    """The file; what can be read once only, such as a pipe, by way of a file in a folder."""
    with nullcontext(sys.stdin.buffer) if str(file) == "-" else file.open("rb") as stream:
        if stream.seekable():
            yield stream
            return
        with tempfile.TemporaryFile(dir=folder) as copy:
            shutil.copyfileobj(stream, copy, _PIECE_BYTES)
            copy.seek(0)
            yield copy
