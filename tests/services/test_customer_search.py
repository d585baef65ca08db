"""Questions about customers: conditions, words and pages, over real stores and a real index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.domain.segments.tree import InSegment, Test
from regulars.errors import ConflictError, InvalidConditionError, InvalidValueError
from regulars.services.customer_search import Order

if TYPE_CHECKING:
    from regulars.services.customer_search import Asked, FoundPage
    from tests.services.shop import Shop

AINO = {
    "external_id": "1", "email": "aino@example.org", "phone_number": "+358401234567",
    "last_name": "Åström", "city": "Turku", "can_email": True,
}  # fmt: skip
EINO = {"external_id": "2", "email": "eino@example.org", "last_name": "Virta", "city": "Oulu"}
OLLI = {"external_id": "3", "last_name": "Aino", "city": "Turku"}


def ids(page: FoundPage) -> list[object]:
    return [customer.fields.get("external_id") for customer in page.customers]


def find(asked: Asked) -> list[object]:
    """The external ids of all customers, page by page, each page of two."""
    found: list[object] = []
    after: int | None = None
    while True:
        page = asked.find_page(after=after, limit=2)
        found += ids(page)
        if page.next_after is None:
            assert asked.count() == len(found)
            return found
        after = page.next_after


@pytest.mark.parametrize(
    ("condition", "words", "found"),
    [
        (None, "", ["1", "2", "3"]),
        ("city = turku", "", ["1", "3"]),
        (None, "TURKU astrom", ["1"]),
        ("city = Turku", "aino", ["1", "3"]),
        ("city = Oulu", "aino", []),
        ('segment "south"', "", ["1", "3"]),
        (None, "´", []),
        (None, "\u0301", []),
    ],
)
def test_a_condition_and_every_word_must_hold(
    shop: Shop, condition: str | None, words: str, found: list[str]
) -> None:
    shop.upload(AINO, EINO, OLLI)
    shop.segments.save(shop.register, "south", "city = Turku", actor="test")
    assert find(shop.ask(condition, words)) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("3", ["3", "1"]),
        (" 040 123 4567 ", ["1"]),
        ("+358401234567", ["1"]),
        ("0401234567", ["1"]),
        ("AINO@example.org", ["1"]),
        ("example.org", ["1", "2"]),
    ],
)
def test_the_customer_whose_identifier_was_typed_comes_first(
    shop: Shop, words: str, found: list[str]
) -> None:
    shop.upload(AINO, EINO, OLLI)
    assert find(shop.ask(words=words)) == found


def test_customers_of_one_identifier_come_first_on_all_pages_and_each_once(shop: Shop) -> None:
    shop.upload(
        *({"external_id": f"a{n}", "city": "x eino@example.org"} for n in range(3)),
        *({"external_id": f"b{n}", "email": "eino@example.org"} for n in range(5)),
        {"external_id": "a3", "city": "x eino@example.org"},
    )
    exact = [f"b{n}" for n in range(5)]
    assert find(shop.ask(words="eino@example.org")) == [*exact, "a0", "a1", "a2", "a3"]
    assert find(shop.ask("external_id != b1", "eino@example.org")) == [
        "b0", "b2", "b3", "b4", "a0", "a1", "a2", "a3",
    ]  # fmt: skip


def test_what_no_text_can_hold_is_refused_and_so_are_too_many_words(shop: Shop) -> None:
    for words in ("a\0b", "\ud800", " ".join(map(str, range(31)))):
        with pytest.raises(InvalidValueError):
            shop.ask(words=words)


def test_customers_come_in_the_order_of_a_field_with_those_without_a_value_last(
    shop: Shop,
) -> None:
    shop.upload(AINO, EINO, {"external_id": "4"}, OLLI)
    asked = shop.ask()
    page = asked.find_page(order=Order("city", is_descending=True), limit=2)
    assert ids(page) == ["1", "3"]
    rest = asked.find_page(order=Order("city", is_descending=True), after=page.next_after, limit=2)
    assert (ids(rest), rest.next_after) == (["2", "4"], None)
    with pytest.raises(InvalidValueError):
        asked.find_page(order=Order("tags"), limit=2)
    with pytest.raises(ConflictError):
        asked.find_page(order=Order("city"), after=99, limit=2)


def test_whoever_goes_leaves_the_next_answer_and_is_left_out_of_one_at_hand(shop: Shop) -> None:
    shop.upload(AINO, EINO, OLLI)
    asked = shop.ask()
    shop.upload(
        {"external_id": "1", "is_deleted": True},
        {"external_id": "2", "is_forgotten": True},
        {"external_id": "5", "city": "Pori"},
    )
    assert ids(asked.find_page(limit=10)) == ["3"]
    assert find(shop.ask()) == ["3", "5"]
    forgotten = shop.search.find_forgotten(shop.register)
    assert (forgotten.count(), ids(forgotten.find_page(limit=10))) == (1, ["2"])


def test_customers_are_told_in_numbers(shop: Shop) -> None:
    shop.upload(AINO, EINO, OLLI)
    asked = shop.ask("city = turku")
    assert (asked.measure().customers, asked.measure().reach["email"]) == (2, 1)
    assert asked.statistics().permissions["can_email"] == 1
    assert [(each.value, each.customers) for each in asked.distribution("last_name").values] == [
        ("aino", 1), ("åström", 1),
    ]  # fmt: skip


def test_a_condition_is_explained_in_all_its_forms(shop: Shop) -> None:
    shop.segments.save(shop.register, "south", "city = Turku", actor="test")
    explained = shop.search.explain(shop.register, 'CITY=Turku and segment "south" or city is set')
    assert explained.text == 'CITY = Turku and segment "south" or city is set'
    assert explained.fields == ("city",)
    assert "“Turku”" in explained.sentence
    again = shop.search.explain(shop.register, explained.tree)
    assert again == explained


def test_a_problem_points_at_its_place_in_text_and_tree(shop: Shop) -> None:
    with pytest.raises(InvalidConditionError) as of_text:
        shop.search.explain(shop.register, "city = Turku and shoe_size = 42")
    (problem,) = of_text.value.problems
    assert (problem.code, problem.start, problem.end) == ("unknown_field", 17, 26)
    with pytest.raises(InvalidConditionError) as of_tree:
        shop.search.ask(shop.register, condition=Test("shoe_size", "is", ("42",)))
    (problem,) = of_tree.value.problems
    assert (problem.code, problem.path, problem.start) == ("unknown_field", (), None)


def test_why_shows_what_was_found_at_each_node_history_included(shop: Shop) -> None:
    shop.upload(AINO)
    shop.upload({"external_id": "1", "city": "Oulu", "can_email": ""})
    condition = "city = Turku or city changed in last 1 days and not can_email = true"
    why = shop.search.why(shop.register, condition, shop.customer("1"))
    assert why.is_true
    was, (changed, denied) = why.parts[0], why.parts[1].parts
    assert (was.is_true, was.found) == (False, "Oulu")
    assert changed.is_true
    assert isinstance(changed.found, list)
    assert [(each["before"], each["after"]) for each in changed.found] == [
        ("Turku", "Oulu"), (None, "Turku"),
    ]  # fmt: skip
    assert (denied.is_true, denied.parts[0].found) == (True, False)
    shop.segments.save(shop.register, "south", "city = Turku", actor="test")
    inner = shop.search.why(shop.register, InSegment("South"), shop.customer("1"))
    assert (inner.is_true, inner.parts[0].found) == (False, "Oulu")
