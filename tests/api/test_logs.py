"""Neither the log nor an error ever tells what was sent: no address, number, name, token."""

from __future__ import annotations

import base64
import json
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from tests.running_server import RunningServer, Shop

EMAIL = "zaphira.quillfeather@secret.example.org"
PHONE = "+358405550199"
NATIONAL = "040 555 0199"
NAME = "Quillfeather"
EXTERNAL_ID = "member-8472610"
PASSWORD = "correct horse zaphira battery"
UNKNOWN_TOKEN = "rgl_zaphirazaphirazaphirazaphirazaphira"
VALUES = (
    EMAIL, "zaphira", "secret.example.org", PHONE, PHONE[1:], "405550199", NATIONAL, "5550199",
    NAME, EXTERNAL_ID, PASSWORD, UNKNOWN_TOKEN, "horse",
)  # fmt: skip
PERSON = {"external_id": EXTERNAL_ID, "email": EMAIL, "phone_number": PHONE, "last_name": NAME}


def told_by(text: str, *others: str) -> list[str]:
    """The values of a person, and other secrets, that stand in a text."""
    lower = text.lower()
    return [value for value in (*VALUES, *others) if value.lower() in lower]


def basic(name: str, password: str) -> dict[str, str]:
    pair = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def bad_uploads(shop: Shop) -> list[httpx.Response]:
    """Uploads that are refused, or of which all records are."""
    whole = json.dumps({"customers": [PERSON]})
    return [
        shop.post_bytes(whole[:-3].encode()),
        shop.post_bytes(whole.encode("utf-16")),
        shop.post_bytes(whole.encode() + NAME.encode()),
        shop.post_bytes(whole.replace("last_name", EMAIL).encode()[1:]),
        shop.post_bytes(whole.encode(), f"text/{NAME}"),
        shop.post_bytes(whole.encode(), f"application/json; charset={NAME}"),
        shop.post_bytes(whole.encode(), headers={"Content-Encoding": NAME}),
        shop.post([{"external_id": f"{EXTERNAL_ID} {NAME}", "email": EMAIL}]),
        shop.post([{"last_name": NAME}, NAME, [EMAIL]]),
        shop.post([{"email": f"{EMAIL} {NAME}", "phone_number": f"{PHONE}{NAME}"}]),
        shop.post(
            [PERSON | {"is_deleted": True, "birth_date": NAME}, NAME, NAME], params={"a": NAME}
        ),
    ]


def bad_requests(shop: Shop) -> list[httpx.Response]:
    """Requests for what is not there, or cannot be read."""
    get = shop.http.get
    return [
        get("/api/data/customers/", params={"email": f"{EMAIL} {NAME}"}),
        get("/api/data/customers/", params={"phone_number": f"x{PHONE}"}),
        get("/api/data/customers/", params={"external_id": f"{NAME} {EXTERNAL_ID}"}),
        get("/api/data/customers/", params={"fields": NAME}),
        get("/api/data/customers/", params={"limit": PHONE}),
        get("/api/data/customers/", params={"datetimes": NAME}),
        get(f"/api/imports/{EMAIL}/"),
        get("/api/imports/", params={"before": PHONE}),
        get(f"/api/{EMAIL}/{PHONE}/"),
        get(f"/{NAME}", headers={"X-Name": NAME, "Referer": f"https://h/?{EMAIL}"}),
        shop.http.request("DELETE", f"/api/imports/{NAME}/"),
        shop.http.post("/api/access-tokens/", content=f'{{"name": "{NAME}'),
        shop.http.post("/api/access-tokens/", json={"owner_id": NAME, "scopes": []}),
        shop.http.post("/api/integrations/", json={"integration_name": [EMAIL]}),
        get("/api/data/customers/", headers=basic(EMAIL, PASSWORD)),
        get("/api/data/customers/", headers=basic(NAME, PASSWORD)),
        get("/api/data/customers/", headers={"Authorization": f"Bearer {UNKNOWN_TOKEN}"}),
        get("/api/data/customers/", headers={"Authorization": f"{NAME} {UNKNOWN_TOKEN}"}),
        get("/api/data/customers/", headers={"Authorization": f"Basic {UNKNOWN_TOKEN}"}),
    ]  # fmt: skip


def good_requests(shop: Shop) -> list[httpx.Response]:
    get = shop.http.get
    return [
        shop.post([PERSON, PERSON | {"phone_number": NATIONAL, "can_email": "1"}]),
        get("/api/data/customers/", params={"email": EMAIL}),
        get("/api/data/customers/", params={"phone_number": PHONE}),
        get("/api/data/customers/", params={"external_id": EXTERNAL_ID}),
        shop.post([{"external_id": EXTERNAL_ID, "is_forgotten": True}]),
        shop.post([PERSON]),
    ]


def break_off(shop: Shop) -> None:
    """Send what is no HTTP, and half an upload."""
    head = (
        f"POST /api/customers/upload/?{EMAIL} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 999\r\n"
        f"Authorization: Bearer {shop.token}\r\nContent-Type: application/json\r\n\r\n"
    )
    for request in (f"{EMAIL} {NAME}\r\n\r\n", head + json.dumps([PERSON])):
        with socket.create_connection(("127.0.0.1", shop.server.port)) as client:
            client.sendall(request.encode())
            client.settimeout(0.2)
            with suppress(TimeoutError):
                client.recv(1000)


def test_no_error_and_no_line_of_the_log_tells_a_value(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server()
    shop = server.make_shop()
    server.access.create_token(shop.short_name, "x", actor="test")
    assert [reply.status_code for reply in good_requests(shop)] == [200] * 6
    replies = bad_uploads(shop) + bad_requests(shop)
    break_off(shop)
    for reply in replies:
        assert 400 <= reply.status_code < 500, reply.text
        assert list(reply.json()) == ["error"]
        assert told_by(reply.text + str(reply.headers), shop.token) == []
    server.kill()
    server.restart()
    assert server.stop() == 0
    assert server.log.count("\n") > len(replies)
    assert told_by(server.log, shop.token) == []
    assert "Traceback" not in server.log


def test_the_command_line_tells_no_value_of_a_record(
    start_server: Callable[..., RunningServer], tmp_path: Path
) -> None:
    server = start_server()
    company = server.make_shop().short_name
    path = tmp_path / "people.ndjson"
    path.write_text(
        json.dumps({"last_name": NAME}) + f'\n{{"email": "{EMAIL}", "{NAME}\n'
        + json.dumps(PERSON | {"birth_date": NAME, "phone_number": f"{PHONE} {NAME}"}),
        encoding="utf-8",
    )  # fmt: skip
    for arguments in ([company], ["nosuch"], [company, "--format", "json"]):
        ended = server.spawn("import", arguments[0], str(path), *arguments[1:])
        assert ended.status == 1
        assert "Traceback" not in ended.errors
        assert told_by(ended.output + ended.errors) == []
