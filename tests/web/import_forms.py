"""What tests of the pages of imports do again and again, as a browser without script does it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from tests.site import Visit

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
ODD = (
    "Asiakasnumero;Sähköposti;Förnamn;Sukunimi;Kenkäkoko;Muistiinpano\r\n"
    "A-1;anna@example.org;Anna;Åkerlund;38;x\r\n"
    f"A 2;eva@example.org;{SCRIPT};Mäki;37;x\r\n"
    "A-3;no address;Ida;Lind;40;\r\n"
).encode("windows-1252")


def send(visit: Visit, content: bytes, name: str = "odd.csv") -> httpx.Response:
    """Upload a file as a form does."""
    files = {"file": (name, content, "text/csv")}
    return visit.http.post("/imports/new/", data={"_csrf": visit.csrf_token}, files=files)


def send_well(visit: Visit, content: bytes, name: str = "odd.csv") -> str:
    """The address of the page of a file that was uploaded."""
    reply = send(visit, content, name)
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]


def choices(page: httpx.Response) -> dict[str, Any]:
    """What the form of a page of columns would send as it stands."""
    chosen: dict[str, Any] = {"mode": "upsert"}
    selects = re.compile(r'<select name="(key-\d+)".*?>(.*?)</select>', re.DOTALL)
    for name, options in selects.findall(page.text):
        selected = re.search(r'<option value="([^"]*)" selected>', options)
        chosen[name] = selected[1] if selected else ""
    named = re.findall(r'<input name="(new-\d+)" value="([^"]*)"', page.text)
    return chosen | dict(named)


def start(visit: Visit, address: str, do: str = "import", **changes: Any) -> str:
    """Start an import as the page of a file stands, and wait for its end; gives its address."""
    form = choices(visit.get(address)) | changes | {"do": do}
    return ended(visit, visit.submit(address, form))


def ended(visit: Visit, reply: httpx.Response) -> str:
    """The address of an import that a form has started, when it has ended: the answer waits some
    seconds only.
    """
    assert reply.status_code == 303, reply.text
    address: str = reply.headers["location"]
    import_id = address.rstrip("/").rpartition("/")[2]
    visit.site.shop.wait({"id": import_id, "status": "running"})
    return address
