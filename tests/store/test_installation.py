"""What belongs to no single company: companies, users, tokens, integrations, the secret key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec
import pytest

from regulars.domain.access.credentials import Integration, Token, User
from regulars.domain.identity.identifiers import Kind
from regulars.domain.imports.decision import Position
from regulars.errors import NameTakenError, UnknownNameError
from regulars.store.contract import Company, CompanyLimits
from tests.store.make import (
    ACME,
    ADA,
    BOB,
    BOLT,
    LATER,
    NOON,
    keep_body,
    make_batch,
    make_entry,
    save,
    save_customers,
    start_run,
)

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore
    from tests.store.places import Place

USER = User(ADA, "acme", "admin", "$argon2id$v=19$...", NOON)
TOKEN = Token(
    id="t1",
    company="acme",
    name="till \\ shop",
    secret_hash=bytes(range(256)),
    scopes=("GET /api/data/customers/", "POST /api/*/upload/"),
    owner_id="integrations/i1",
    created_by="user:ada@example.org",
    created_at=NOON,
    expires_at=LATER,
)
INTEGRATION = Integration("i1", "acme", "Till", "in the \\ shop\n", "user:ada@example.org", NOON)

IMPOSSIBLE_NAMES = ["", "\0", "acme\0", "\ud800", "ACME", "acme ", "' OR 1=1 --", "%(id)s"]


# Secret key


def test_the_first_secret_key_is_the_right_one(place: Place) -> None:
    first = place.open()
    assert first.check_secret_key(b"\x00\xffkey")
    assert first.check_secret_key(b"\x00\xffkey")
    assert not first.check_secret_key(b"other")
    first.close()
    second = place.open()
    assert not second.check_secret_key(b"other")
    assert second.check_secret_key(b"\x00\xffkey")
    second.close()


# Companies


def test_a_company_comes_back_as_it_was_made(installation: InstallationStore) -> None:
    assert installation.find_company("acme") == ACME
    assert installation.find_company("bolt") is None


def test_companies_come_in_order_of_short_name(installation: InstallationStore) -> None:
    short_names = ["z9", "ab", "a1", "b2", "company30characterslongxxxxxxx"]
    for short_name in short_names:
        installation.create_company(
            msgspec.structs.replace(BOLT, short_name=short_name), NOON, make_entry()
        )
    loaded = [company.short_name for company in installation.load_companies()]
    assert loaded == sorted([*short_names, "acme"])


def test_a_short_name_is_taken_once(installation: InstallationStore) -> None:
    with pytest.raises(NameTakenError):
        installation.create_company(
            msgspec.structs.replace(BOLT, short_name="acme"), NOON, make_entry()
        )
    assert installation.load_companies() == [ACME]


def test_an_unknown_company_has_no_store(installation: InstallationStore) -> None:
    with pytest.raises(UnknownNameError):
        installation.open_company("bolt")


def test_the_store_of_a_company_is_the_same_object_each_time(
    installation: InstallationStore,
) -> None:
    assert installation.open_company("acme") is installation.open_company("acme")


def test_a_company_is_saved_with_what_it_has_settled(
    installation: InstallationStore, other_installation: InstallationStore
) -> None:
    limits = CompanyLimits(deleted_days=5, hold_gone_percent=7)
    moved = Company("acme", "Acme \\ Ltd", "Europe/London", "GB", limits)
    other_installation.save_company(moved, make_entry())
    installation.save_company(BOLT, make_entry())
    assert installation.find_company("acme") == moved
    assert installation.load_companies() == [moved]


@pytest.mark.parametrize("name", IMPOSSIBLE_NAMES)
def test_nothing_is_found_under_a_name_that_nothing_has(
    installation: InstallationStore, name: str
) -> None:
    installation.create_user(USER, make_entry())
    installation.create_token(TOKEN, make_entry())
    installation.create_integration(INTEGRATION, make_entry())
    assert installation.find_company(name) is None
    assert installation.find_user(name) is None
    assert installation.find_integration("acme", name) is None
    assert installation.line.find_queued_import("acme", name) is None
    assert not installation.revoke_token("acme", name, LATER, make_entry())
    with pytest.raises(UnknownNameError):
        installation.open_company(name)


def test_companies_never_see_each_others_rows(installation: InstallationStore) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    acme, bolt = installation.open_company("acme"), installation.open_company("bolt")
    save_customers(acme, {"external_id": "1", "email": ADA})
    batch = make_batch(start_run(acme, "abc"))
    batch.suppressed.append(("email", "a"))
    batch.position = Position(1, 1, 1)
    save(acme, batch)
    acme.audit_log.add(make_entry())
    keep_body(acme, "abc", [b"body"])
    entries = [(Kind.EXTERNAL_ID, "1"), (Kind.EMAIL_REGISTERED, ADA)]
    assert bolt.find_customers(entries, 100) == ([], set())
    assert bolt.load_customers([1]) == []
    assert bolt.load_living_customers(0, 10) == []
    assert bolt.load_changes([1]) == []
    assert bolt.read_position() == Position(0, 0, 0)
    assert not bolt.has_suppressions()
    assert bolt.find_suppressed(["a"]) == set()
    assert bolt.load_suppressions() == []
    assert bolt.find_import("abc") is None
    assert bolt.load_imports(None, 10) == []
    assert bolt.audit_log.load() == []
    with pytest.raises(FileNotFoundError):
        bolt.open_spool("abc")
    save_customers(bolt, {"external_id": "1", "email": BOB})
    assert acme.load_customers([1])[0].fields["email"] == ADA


# Users


def test_a_user_comes_back_as_it_was_made(installation: InstallationStore) -> None:
    installation.create_user(USER, make_entry())
    assert installation.find_user(ADA) == USER
    assert installation.find_user(BOB) is None


def test_an_address_is_used_once_in_the_installation(installation: InstallationStore) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    installation.create_user(USER, make_entry())
    with pytest.raises(NameTakenError) as caught:
        installation.create_user(msgspec.structs.replace(USER, company="bolt"), make_entry())
    assert ADA not in str(caught.value)
    assert installation.find_user(ADA) == USER


def test_a_user_of_no_company_is_not_made(installation: InstallationStore) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        installation.create_user(msgspec.structs.replace(USER, company="bolt"), make_entry())
    assert installation.find_user(ADA) is None


def test_password_and_end_of_access_of_a_user_can_change(installation: InstallationStore) -> None:
    installation.create_user(USER, make_entry())
    changed = msgspec.structs.replace(USER, password_hash="$argon2id$new", disabled_at=LATER)
    installation.save_user(changed, make_entry())
    assert installation.find_user(ADA) == changed


# Integrations and tokens


def test_an_integration_is_found_by_its_own_company(installation: InstallationStore) -> None:
    installation.create_integration(INTEGRATION, make_entry())
    assert installation.find_integration("acme", "i1") == INTEGRATION
    assert installation.find_integration("bolt", "i1") is None
    assert installation.find_integration("acme", "i2") is None


def test_a_token_is_found_by_the_hash_of_its_secret(installation: InstallationStore) -> None:
    without_end = msgspec.structs.replace(
        TOKEN, id="t2", secret_hash=b"2", scopes=(), expires_at=None
    )
    installation.create_token(TOKEN, make_entry())
    installation.create_token(without_end, make_entry())
    assert installation.find_token(TOKEN.secret_hash) == TOKEN
    assert installation.find_token(b"2") == without_end
    assert installation.find_token(b"3") is None


def test_tokens_of_a_company_come_in_order_of_creation(installation: InstallationStore) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    made = [
        msgspec.structs.replace(TOKEN, id=number, secret_hash=number.encode(), created_at=at)
        for number, at in (("t3", LATER), ("t2", NOON), ("t1", LATER))
    ]
    for token in made:
        installation.create_token(token, make_entry())
    installation.create_token(
        msgspec.structs.replace(TOKEN, id="t4", secret_hash=b"t4", company="bolt"), make_entry()
    )
    assert [token.id for token in installation.load_tokens("acme")] == ["t2", "t1", "t3"]


def test_a_token_is_revoked_once_and_by_its_own_company(installation: InstallationStore) -> None:
    installation.create_token(TOKEN, make_entry())
    assert not installation.revoke_token("bolt", "t1", LATER, make_entry())
    assert not installation.revoke_token("acme", "t2", LATER, make_entry())
    assert installation.find_token(TOKEN.secret_hash) == TOKEN
    assert installation.revoke_token("acme", "t1", LATER, make_entry())
    assert not installation.revoke_token("acme", "t1", NOON, make_entry())
    revoked = msgspec.structs.replace(TOKEN, revoked_at=LATER)
    assert installation.find_token(TOKEN.secret_hash) == revoked
    assert installation.load_tokens("acme") == [revoked]


# The whole


def test_a_store_that_can_be_written_passes_its_check(installation: InstallationStore) -> None:
    installation.check()


def test_what_was_stored_is_there_after_a_restart(place: Place) -> None:
    first = place.open()
    first.create_company(ACME, NOON, make_entry())
    first.create_user(USER, make_entry())
    save_customers(first.open_company("acme"), {"external_id": "1"})
    first.close()
    second = place.open()
    assert second.find_user(ADA) == USER
    store = second.open_company("acme")
    assert [customer.id for customer in store.load_living_customers(0, 10)] == [1]
    entries = [(Kind.EXTERNAL_ID, "1")]
    assert [customer.id for customer in store.find_customers(entries, 1)[0]] == [1]
    second.close()


# Users of a company


def test_users_of_a_company_come_in_order_of_address(installation: InstallationStore) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    bob = User(BOB, "acme", "viewer", "hash", NOON, LATER)
    eve = User("eve@example.org", "bolt", "admin", "hash", NOON)
    for user in (bob, eve, USER):
        installation.create_user(user, make_entry())
    assert installation.load_users("acme") == [USER, bob]
    assert installation.load_users("bolt") == [eve]
    assert installation.load_users("none") == []


def test_the_only_admin_who_may_sign_in_stays_one(installation: InstallationStore) -> None:
    disabled = User("eve@example.org", "acme", "admin", "hash", NOON, LATER)
    for user in (USER, disabled, User(BOB, "acme", "planner", "hash", NOON)):
        installation.create_user(user, make_entry())
    demoted = msgspec.structs.replace(USER, role="viewer")
    assert not installation.save_user_beside_admin(demoted, make_entry())
    assert installation.find_user(ADA) == USER
    installation.save_user(msgspec.structs.replace(disabled, disabled_at=None), make_entry())
    assert installation.save_user_beside_admin(demoted, make_entry())
    assert installation.find_user(ADA) == demoted


def test_of_two_admins_who_end_each_other_one_stays(
    installation: InstallationStore, other_installation: InstallationStore
) -> None:
    bob = User(BOB, "acme", "admin", "hash", NOON)
    for user in (USER, bob):
        installation.create_user(user, make_entry())
    both = [
        (store, msgspec.structs.replace(user, disabled_at=LATER))
        for store, user in ((installation, USER), (other_installation, bob))
    ]
    with ThreadPoolExecutor() as pool:
        saving = [pool.submit(s.save_user_beside_admin, user, make_entry()) for s, user in both]
        saved = [each.result() for each in saving]
    assert sorted(saved) == [False, True]
