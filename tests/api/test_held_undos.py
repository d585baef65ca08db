"""An undo that takes a permission from many customers is held, as any import (SPEC section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.test_plans import do, holding_shop, post, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_server import RunningServer


def test_an_undo_past_a_limit_is_held_until_it_is_released(
    start_server: Callable[..., RunningServer],
) -> None:
    shop, admin = holding_shop(start_server)
    numbers = range(1, 6)
    shop.upload_in_parts([{"external_id": str(n), "can_email": False} for n in numbers], size=2)
    given = shop.upload(*({"external_id": str(n), "can_email": True} for n in numbers))
    before = shop.customers()
    undone = read(shop, do(shop, given, "undo"))
    assert (undone["status"], undone["undoes"], undone["updated"]) == ("held", given["id"], 5)
    (why,) = undone["plan"]["holds"]
    assert (why["code"], why["field"], why["count"], why["of"]) == (
        "permission_taken", "can_email", 5, 5,
    )  # fmt: skip
    assert shop.customers() == before
    # It left the line, and what others write meanwhile stays.
    shop.upload({"external_id": "1", "can_email": False})
    shop.upload({"external_id": "1", "can_email": True})
    assert post(shop, undone, "release").status_code == 403
    done = do(admin, undone, "release")
    assert (done["status"], done["updated"], done["unchanged"]) == ("done", 4, 1)
    assert [(each["code"], each["record"], each["field"]) for each in done["problems"]] == [
        ("written_since", 1, "can_email")
    ]
    assert [each["can_email"] for each in shop.customers()] == [True] + [False] * 4
    assert post(admin, undone, "release").status_code == 409


def test_a_held_undo_survives_a_restart_and_can_be_dropped(
    start_server: Callable[..., RunningServer],
) -> None:
    shop, _ = holding_shop(start_server)
    shop.upload(*({"external_id": str(n), "can_post": False} for n in range(1, 6)))
    given = shop.upload(*({"external_id": str(n), "can_post": True} for n in range(1, 6)))
    before = shop.customers()
    undone = do(shop, given, "undo")
    shop.server.kill()
    shop.server.restart()
    assert read(shop, undone)["status"] == "held"
    assert do(shop, undone, "cancel")["status"] == "cancelled"
    assert shop.customers() == before
    # Within the limits it goes its way.
    few = shop.upload(*({"external_id": str(n), "can_sms": True} for n in range(1, 3)))
    assert do(shop, few, "undo")["status"] == "done"
