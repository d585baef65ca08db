"""What stands in a company's audit log (SPEC section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.audit import audit_log

if TYPE_CHECKING:
    from regulars.store.contract import AuditEntry
    from tests.running_server import Shop

PASSWORD = "a long password"


def log_of(shop: Shop) -> list[AuditEntry]:
    return audit_log(shop.server.installation, shop.short_name)


def entries(shop: Shop) -> list[tuple[str, str]]:
    return [(entry.action, entry.actor) for entry in log_of(shop)]


def test_a_company_begins_its_log_with_its_own_making(shop: Shop) -> None:
    assert entries(shop) == [("company:create", "test"), ("token:create", "test")]


def test_every_administrative_act_of_a_command_is_an_entry(shop: Shop) -> None:
    name = shop.short_name
    email = f"jane@{name}.example.org"
    before = len(entries(shop))
    for arguments in (
        ("user", "create", name, email, "--role", "admin", "--password-stdin"),
        ("user", "password", name, email, "--password-stdin"),
        ("user", "disable", name, email),
        ("token", "create", name, "--name", "nightly"),
        ("field", "declare", name, "loyalty_level", "integer"),
        ("export", name),
    ):
        done = shop.server.regulars(*arguments, stdin=f"{PASSWORD}\n")
        assert done.status == 0, done.errors
    assert entries(shop)[before:] == [
        ("user:create", "command"),
        ("user:password", "command"),
        ("user:disable", "command"),
        ("token:create", "command"),
        ("field:declare", "command"),
        ("export:start", "command"),
        ("export:end", "command"),
    ]


def test_tokens_and_integrations_made_over_http_name_their_maker(shop: Shop) -> None:
    email = f"admin@{shop.short_name}.example.org"
    shop.server.access.create_user(shop.short_name, email, "admin", PASSWORD, actor="test")
    before = len(entries(shop))
    client = shop.server.client()
    for path, body in (
        ("/api/integrations/", {"integration_name": "Till"}),
        ("/api/access-tokens/", {"name": "nightly"}),
    ):
        assert client.post(path, json=body, auth=(email, PASSWORD)).status_code == 200
    assert entries(shop)[before:] == [
        ("integration:create", f"user:{email}"),
        ("token:create", f"user:{email}"),
    ]


def test_a_forgotten_customer_is_an_entry_that_names_import_and_record(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": "aino@example.org"})
    report = shop.upload({"external_id": "2"}, {"external_id": "1", "is_forgotten": True})
    entry = log_of(shop)[-1]
    assert (entry.action, entry.actor.partition(":")[0]) == ("customer:forget", "token")
    assert report["id"] in entry.details
    assert "record 2" in entry.details
    assert "aino" not in f"{entry.subject} {entry.details}"


def test_a_forget_request_for_an_unknown_person_is_an_entry_too(shop: Shop) -> None:
    before = len(entries(shop))
    report = shop.upload({"email": "aino@example.org", "is_forgotten": True})
    (entry,) = log_of(shop)[before:]
    assert entry.action == "customer:forget"
    assert report["id"] in entry.details
    assert "aino" not in f"{entry.subject} {entry.details}"


def test_a_lifted_suppression_is_an_entry_with_its_reason(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": "aino@example.org"})
    shop.upload({"external_id": "1", "is_forgotten": True})
    (suppression,) = shop.server.installation.open_register(
        shop.short_name
    ).store.load_suppressions()
    done = shop.server.regulars(
        "suppression", "lift", shop.short_name, str(suppression.id), "--reason", "asked for it"
    )
    assert done.status == 0, done.errors
    entry = log_of(shop)[-1]
    assert (entry.action, entry.actor) == ("suppression:lift", "command")
    assert entry.details == "asked for it"


def test_uploads_and_reading_are_no_entries(shop: Shop) -> None:
    before = entries(shop)
    shop.upload({"external_id": "1"})
    shop.customers()
    assert entries(shop) == before
