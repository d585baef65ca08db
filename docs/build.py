"""Writes the generated blocks of the reference pages anew; with --check only compares them.

A block stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; what is around it is written
by hand. Owns how code is shown as Markdown; the words come from the code itself.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_type_hints

import click
import msgspec
from litestar import Litestar

from regulars.api.application import HANDLERS
from regulars.api.documentation import OPENAPI, list_operations
from regulars.cli.program import program
from regulars.domain.access.scopes import DEFAULT_SCOPES, ROLE_SCOPES
from regulars.domain.fields.catalogue import BUILTIN_FIELDS
from regulars.domain.fields.types import EXTERNAL_ID, FIELD_TYPES
from regulars.domain.records.problem import MALFORMED_KINDS, PROBLEM_KINDS
from regulars.domain.segments.operators import ALL_TYPES, ONE_VALUE, OPERATORS
from regulars.domain.segments.problem import CONDITION_PROBLEMS
from regulars.edge.failures import STATUS_OF, phrase_of
from regulars.settings import PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

REFERENCE: Final = Path(__file__).parent / "reference"

_BLOCK: Final = re.compile(
    r"(?P<begin><!-- begin (?P<name>\w+) -->\n).*?(?P<end><!-- end (?P=name) -->)", re.DOTALL
)
_HELP_COLUMNS: Final = 96
_FIRST_FAILURE: Final = 300


def fields() -> str:
    """The built-in fields of a customer."""
    return _table(
        ("field", "type", "meaning"),
        ((f"`{each.name}`", _type_link(each.type), each.description) for each in BUILTIN_FIELDS),
    )


def types() -> str:
    """The types that a field can have, and the rule of `external_id`."""
    return "\n".join(
        f"### {each.name}\n\n{each.accepts}\n\n"
        f"Kept like `{each.example}`. Otherwise: [`{each.problem_code}`](problems.md).\n"
        for each in (*FIELD_TYPES.values(), EXTERNAL_ID)
    )


def problems() -> str:
    """The catalogue of problems, errors first."""
    kinds = [kind for kind in PROBLEM_KINDS.values() if kind.code != "malformed_record"]
    kinds = sorted((*MALFORMED_KINDS.values(), *kinds), key=lambda kind: kind.severity)
    return _table(
        ("code", "severity", "meaning", "what to do"),
        ((f"`{kind.code}`", kind.severity, kind.message, kind.suggestion) for kind in kinds),
    )


def operators() -> str:
    """The operators of conditions."""
    return _table(
        ("operator", "text form", "types", "meaning"),
        (
            (
                f"`{each.name}`",
                f"`{each.form.format(value='VALUE', values='(VALUE, …)', days='N')}`",
                _types(each.types),
                each.sentence.format(
                    field="the field", value="VALUE", values="the values", low="VALUE",
                    high="VALUE", days="N days",
                ),
            )
            for each in OPERATORS.values()
        ),
    )  # fmt: skip


def condition_problems() -> str:
    """What can be wrong with a condition."""
    return _table(
        ("code", "meaning"),
        ((f"`{code}`", message) for code, message in CONDITION_PROBLEMS.items()),
    )


def settings() -> str:
    """The settings, by the names of their environment variables."""
    hints = get_type_hints(Settings, include_extras=True)
    rows = []
    for each in msgspec.structs.fields(Settings):
        default = f"`{each.default}`" if each.default != "" else "not set"
        metas = hints[each.name].__metadata__
        meaning = " ".join(meta.description for meta in metas if meta.description)
        rows.append((f"`{PREFIX}{each.name.upper()}`", default, meaning))
    return _table(("variable", "default", "meaning"), rows)


def commands() -> str:
    """Every command with its help."""
    top = click.Context(
        program,
        info_name="regulars",
        terminal_width=_HELP_COLUMNS,
        max_content_width=_HELP_COLUMNS,
        **program.context_settings,
    )
    return "\n".join(
        f"### {context.command_path}\n\n```text\n{context.get_help()}\n```\n"
        for context in _walk(top)
    )


def routes() -> str:
    """Every address of the API with its methods."""
    return "\n".join(_route(*each) for each in list_operations(_description()["paths"]))


def bodies() -> str:
    """The keys of every body that the API answers with."""
    parts = []
    for name, schema in sorted(_description()["components"]["schemas"].items()):
        if "properties" not in schema:
            continue
        keys = ", ".join(
            f"`{key}` {kind}".rstrip()
            for key, value in schema["properties"].items()
            for kind in (_kind(value),)
        )
        parts.append(
            f"### {_short(name)}\n\n{_one_line(schema.get('description', ''))}\n\n{keys}\n"
        )
    return "\n".join(part.replace("\n\n\n", "\n") for part in parts)


def failures() -> str:
    """Which failure answers with which status."""
    return _table(
        ("status", "when"),
        (
            (f"{status.value} {phrase_of(status)}", _first_sentence(kind.__doc__ or ""))
            for kind, status in sorted(STATUS_OF.items(), key=lambda item: item[1])
        ),
    )


def scopes() -> str:
    """What roles, and tokens without scopes, may do."""
    rows = [("a token without scopes", DEFAULT_SCOPES), *ROLE_SCOPES.items()]
    return _table(
        ("who", "may"),
        ((who, "<br>".join(f"`{scope}`" for scope in allowed)) for who, allowed in rows),
    )


BLOCKS: Final[dict[str, Callable[[], str]]] = {
    block.__name__: block
    for block in (
        fields, types, problems, operators, condition_problems, settings, commands, routes, bodies,
        failures, scopes,
    )
}  # fmt: skip


def build(page: str) -> str:
    """A page with its blocks as the code has them now. Raises `KeyError` for an unknown block."""
    return _BLOCK.sub(
        lambda block: f"{block['begin']}\n{BLOCKS[block['name']]()}\n{block['end']}", page
    )


def main(arguments: list[str]) -> int:
    """Write what has changed, or with `--check` say so; gives the exit status."""
    if arguments not in ([], ["--check"]):
        print("usage: docs/build.py [--check]", file=sys.stderr)
        return 2
    outdated = []
    for path in sorted(REFERENCE.glob("*.md")):
        present = path.read_text("utf-8")
        wanted = build(present)
        if wanted != present:
            outdated.append(path)
            if not arguments:
                path.write_text(wanted, "utf-8")
    for path in outdated:
        verb = "is out of date; run ./run docs" if arguments else "written"
        print(f"docs/reference/{path.name} {verb}")
    return 1 if outdated and arguments else 0


# Parts


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _type_link(name: str) -> str:
    return f"[{name}](types.md#{name})"


def _types(names: frozenset[str]) -> str:
    named = {ALL_TYPES: "all", ONE_VALUE: "all but list, set, object"}
    return named.get(names) or ", ".join(name for name in FIELD_TYPES if name in names)


def _walk(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name, inner in sorted(context.command.commands.items()):
            yield from _walk(click.Context(inner, info_name=name, parent=context))


def _description() -> dict[str, Any]:
    # What a handler's docstring says belongs here, whatever the page at /api/docs/ shows of it.
    config = replace(OPENAPI, use_handler_docstrings=True)
    return Litestar(HANDLERS, openapi_config=config).openapi_schema.to_schema()


def _route(path: str, methods: list[str], operation: dict[str, Any]) -> str:
    slash = "" if path == "/healthz" else "/"
    names = " or ".join(f"`{method}`" for method in methods)
    parts = [
        f"### {operation['summary']}\n",
        f"{names} `{path}{slash}`\n",
        f"{_one_line(operation['description'])}\n",
    ]
    if parameters := operation.get("parameters"):
        rows = (
            (f"`{each['name']}`", each.get("description") or "Part of the path.")
            for each in parameters
        )
        parts.append(_table(("parameter", "meaning"), rows))
    if body := operation.get("requestBody"):
        parts.append(f"Body: {' or '.join(f'`{kind}`' for kind in body['content'])}.\n")
        if keys := body["content"].get("application/json", {}).get("schema", {}).get("properties"):
            described = (
                (f"`{key}`", _kind(value), str(value.get("description", "")))
                for key, value in keys.items()
            )
            parts.append(_table(("key", "type", "meaning"), described))
    answer, statuses = _answers(operation["responses"])
    parts.append(f"Answer: {answer}. Failures: {', '.join(statuses)}.\n")
    return "\n".join(parts)


def _answers(responses: dict[str, Any]) -> tuple[str, list[str]]:
    """What a success answers, and the statuses of failures."""
    failed = [status for status in responses if int(status) >= _FIRST_FAILURE]
    (success,) = responses.keys() - set(failed)
    kinds = [_kind(each["schema"]) for each in responses[success].get("content", {}).values()]
    return ", ".join([success, *filter(None, kinds)]), failed


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = _short(schema["$ref"].rsplit("/", 1)[-1])
        return f"[{name}](#{name.lower()})"
    if schema.get("type") == "array":
        return f"array of {_kind(schema['items'])}".removesuffix(" of ")
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return " or ".join(dict.fromkeys(_kind(each) for each in choices))
    kind = schema.get("type", "")
    return kind if isinstance(kind, str) else " or ".join(kind)


def _short(name: str) -> str:
    return name.rsplit("_", 1)[-1]


def _first_sentence(text: str) -> str:
    return re.split(r"[.;]", _one_line(text))[0] + "."


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
