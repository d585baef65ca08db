"""What an upload is told when something is wrong: what, and what can be done (SPEC section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.test_upload_answers import PATH, counts, refusal, report_of

if TYPE_CHECKING:
    from tests.running_server import Shop


def test_a_reason_says_what_is_wrong_and_what_can_be_done(shop: Shop) -> None:
    reason = shop.post([{"city": "Turku"}]).json()["error"]["reason"]
    assert reason.startswith("the only record was rejected; no_identifier: ")
    reason = shop.post([{"city": "Turku"}] * 2).json()["error"]["reason"]
    assert reason.startswith("all 2 records were rejected; ")
    reason = refusal(shop.post_bytes(b"[]", "application/json; charset=utf-7"), 415)
    assert reason == "the charset of JSON is UTF-8"
    key = {"Idempotency-Key": "k"}
    assert shop.post_bytes(b"[]", headers=key).status_code == 200
    reason = refusal(shop.post_bytes(b"[ ]", headers=key), 422)
    assert reason == "the idempotency key was used for another request"
    report = report_of(shop.http.post(f"{PATH}?mode=update", json=[{"external_id": "1"}]))
    (problem,) = report["problems"]
    assert problem["code"] == "no_such_customer"
    assert "nothing to change" in problem["message"]
    assert "mode=update" in problem["suggestion"]


def test_fields_to_keep_need_not_be_there_yet_but_have_to_be_fields(shop: Shop) -> None:
    own = f"{shop.prefix}tier"
    for tier, outcome in (("gold", "created"), ("silver", "unchanged")):
        record = {"external_id": "1", own: tier}
        report = report_of(shop.http.post(f"{PATH}?keep=city,{own}", json=[record]))
        assert counts(report) == {outcome: 1}
    assert shop.customer("1")[own] == "gold"  # type: ignore[index]
    reason = refusal(shop.http.post(f"{PATH}?keep=city,nope", json=[]), 400)
    assert reason == "keep: there is no field nope"
