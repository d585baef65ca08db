"""`/help/` and the pages below it: what the other pages say of themselves, shipped as Markdown.

Owns which pages there are, and their order. Pages link to the one that explains them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get
from markdown_it import MarkdownIt
from markupsafe import Markup

from regulars.errors import UnknownNameError
from regulars.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPICS: Final = (
    "customers",
    "conditions",
    "segments",
    "imports",
    "permissions",
    "lists",
    "settings",
)
"""In the order in which they are listed; each is a file of its name."""


class Topic(msgspec.Struct, frozen=True):
    """A page of help. Its first line is its title, the next paragraph says what it is about."""

    name: str
    title: str
    lead: str
    body: Markup


class HelpPage(msgspec.Struct, frozen=True):
    """What the page shows: all topics, and the one that is read."""

    topics: list[Topic]
    topic: Topic | None


@get("/help", sync_to_thread=False)
def show_topics(request: Request[Any, Any, Any]) -> Response[str]:
    """All topics."""
    return render(request, "help.html", HelpPage(list(load_topics().values()), None))


@get("/help/{name:str}", sync_to_thread=False)
def show_topic(request: Request[Any, Any, Any], name: str) -> Response[str]:
    """One topic."""
    topics = load_topics()
    if name not in topics:
        raise UnknownNameError("help on that")
    return render(request, "help.html", HelpPage(list(topics.values()), topics[name]))


@cache
def load_topics() -> Mapping[str, Topic]:
    """All topics by name."""
    return {name: _read_topic(name) for name in TOPICS}


def _read_topic(name: str) -> Topic:
    text = files("regulars.web").joinpath("help", f"{name}.md").read_text("utf-8")
    head, lead, *_ = text.split("\n\n")
    body = text[len(head) :]
    # Our own text; still nothing in it is taken for markup but Markdown's own.
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    return Topic(name, head.removeprefix("# "), " ".join(lead.split()), Markup(html))  # noqa: S704
