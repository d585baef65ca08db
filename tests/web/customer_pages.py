"""The page of customers as tests read and use it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

    from tests.site import Visit

PLACE = re.compile(r"/customers/view/([0-9a-f]{32})/(?:\?[a-z0-9=&_-]*)?")
SCRIPT = {"HX-Request": "true"}
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>']


def look_for(visit: Visit, **form: str) -> httpx.Response:
    """Send the form; the page that it leads to."""
    return visit.get(address_of(visit, **form))


def address_of(visit: Visit, **form: str) -> str:
    reply = visit.submit("/customers/", form)
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]


def view_in(address: str) -> str:
    found = PLACE.fullmatch(address)
    assert found is not None, address
    return found[1]


def names(page: httpx.Response) -> list[str]:
    found = re.findall(r'<th scope="row"><a href="/customers/\d+/">(.*?)</a></th>', page.text)
    return [html.unescape(name) for name in found]


def ids(page: httpx.Response) -> list[int]:
    return [int(number) for number in re.findall(r'<a href="/customers/(\d+)/">', page.text)]


def chips(page: httpx.Response) -> list[str]:
    return [
        html.unescape(chip) for chip in re.findall(r'<li class="chip filter">(.*?)<', page.text)
    ]


def link(page: httpx.Response, text: str) -> str | None:
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{text}(?:<svg.*?</svg>)?</a>', page.text)
    return None if found is None else html.unescape(found[1])
