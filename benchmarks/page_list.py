"""Which pages are measured, and parts of pages that a script asks for: to the list of an area
everybody who makes pages adds their own.

What is typed is another text with every request: no answer is one that was given before.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any, Final

import httpx

from benchmarks.page_store import FIVE, HISTORY, TWO, KnownStore
from benchmarks.page_visit import Browser
from regulars.demo.__main__ import COMPANY

Ask = Callable[[Browser], httpx.Response]

AFTER_A_CHANGE: Final = ", after a change"
"""How names of pages end before each request to which a customer changes: no answer is known."""

_LETTERS: Final = ("an", "ma", "vi", "el", "ni", "ka", "so", "ra", "li", "to")
_WORDS: Final = (
    "anna virt", "mikko hel", "liisa niem", "erik joh", "maria kor", "johan ber", "sofia esp",
    "emil osl", "karin sto", "juha tam",
)  # fmt: skip
_NOBODY: Final = ("xqzw", "qqxz", "zzyxq", "wxqj", "jqxk")
_DAYS: Final = range(300, 400)
_DRAFT_ROWS: Final = 5_000


def make_pages(known: KnownStore) -> dict[str, Ask]:
    """All pages and parts by name. Views and drafts are those of one server: the list is made for
    each.
    """
    return {
        **_customers(known),
        **_filters(),
        **_statistics(),
        **_customer(known),
        **_segments(known),
        **_builder(known),
        **_imports(known),
        **_overviews(),
        **_settings(),
    }


def _page(address: str) -> Ask:
    return lambda browser: browser.get(address)


def _part(address: str) -> Ask:
    return lambda browser: browser.get(address, script=True)


def _form(address: str, **form: str) -> Ask:
    return lambda browser: browser.post(address, form, script=True)


def _typed(*texts: str) -> Ask:
    following = cycle(texts)
    return lambda browser: browser.post(
        "/customers/", {"search": next(following), "typed": "1"}, script=True
    )


def _of_view(below: str, *texts: str) -> Ask:
    """A page below a view of each of the searches in turn; views are made while others are not
    timed, as everything that is asked for first.
    """
    following = cycle(texts)
    addresses: dict[str, str] = {}

    def ask(browser: Browser) -> httpx.Response:
        if not addresses:
            addresses.update((text, browser.look_for(search=text)) for text in texts)
        return browser.get(f"{addresses[next(following)]}{below}")

    return ask


def _days(condition: str) -> tuple[str, ...]:
    """A condition about some days, of other days each time."""
    return tuple(condition.format(days=days) for days in _DAYS)


def _customers(known: KnownStore) -> dict[str, Ask]:
    two = "country = FI and last_login in last {days} days"
    return {
        "customers": _page("/customers/"),
        "customers, sorted": _part("/customers/?order=last_name"),
        "customers, sorted, far": _part("/customers/?order=-date_joined&after=1-500"),
        "customers, 2 conditions": _of_view("", *_days(two)[:10]),
        "customers, words, sorted": _of_view("?order=last_name", *_LETTERS),
        "customers, typed, 2 letters": _typed(*_LETTERS),
        "customers, typed, 2 words": _typed(*_WORDS),
        "customers, typed, nobody": _typed(*_NOBODY),
        "customers, typed, e-mail": _typed(*known.emails),
        "customers, typed, foreign e-mail": _typed("nobody.here@example.org"),
        "customers, typed, 2 conditions": _typed(*_days(two)),
        "customers, typed, list": _typed("tags has any (vip)"),
        "customers, typed, history": _typed(*_days("city changed in last {days} days")),
        "customers, typed, not finished": _typed("country = FI and"),
    }


def _filters() -> dict[str, Ask]:
    fields = {
        "country": "country", "city": "city", "tags": "tags", "street": "street_address",
    }  # fmt: skip
    return {
        f"filter, {name}{ending}": _form("/conditions/row/", row="f-", **{"f-field": field})
        for name, field in fields.items()
        for ending in ("", AFTER_A_CHANGE)
    }


def _statistics() -> dict[str, Ask]:
    return {
        "statistics": _page("/customers/statistics/"),
        f"statistics{AFTER_A_CHANGE}": _page("/customers/statistics/"),
        "statistics, 2 conditions": _of_view(
            "statistics/", *_days("country = FI and last_login in last {days} days")[:40]
        ),
        "statistics, words": _of_view("statistics/", *_words_of_their_own()),
    }


def _words_of_their_own() -> tuple[str, ...]:
    """Two letters each, more of them than requests are made."""
    return tuple(f"{first}{second}" for first in "aeioulnrst" for second in "aeinr")


def _customer(known: KnownStore) -> dict[str, Ask]:
    plain, changed = (f"/customers/{each}/" for each in (known.customer, known.changed_customer))
    return {
        "customer": _page(plain),
        "customer, many changes": _page(changed),
        "customer, edited": _page(f"{plain}edit/"),
        "customer, to be forgotten": _page(f"{plain}forget/"),
    }


def _segments(known: KnownStore) -> dict[str, Ask]:
    two, five, history = (f"/segments/{known.segments[name]}/" for name in (TWO, FIVE, HISTORY))
    return {
        "segments": _page("/segments/"),
        f"segments{AFTER_A_CHANGE}": _page("/segments/"),
        "segments, a row": _part(f"{two}row/"),
        "segment, 2 conditions": _page(two),
        "segment, 5 conditions": _page(five),
        "segment, history": _page(history),
        f"segment, 5 conditions{AFTER_A_CHANGE}": _page(five),
        "segment, statistics": _part(f"{two}statistics/"),
        f"segment, statistics{AFTER_A_CHANGE}": _part(f"{two}statistics/"),
        f"segment, statistics, 5 conditions{AFTER_A_CHANGE}": _part(f"{five}statistics/"),
        f"segment, statistics, history{AFTER_A_CHANGE}": _part(f"{history}statistics/"),
        f"segment, overlap{AFTER_A_CHANGE}": _part(f"{two}?other={known.segments[FIVE]}"),
        "segment, why": _form(f"{five}why/", customer=known.emails[0]),
    }


def _builder(known: KnownStore) -> dict[str, Ask]:
    counted = {
        "2 conditions": known.segments[TWO],
        "5 conditions": known.segments[FIVE],
        "history": known.segments[HISTORY],
    }
    return {
        "builder, new": _page("/segments/new/"),
        f"builder, 5 conditions{AFTER_A_CHANGE}": _page(f"/segments/{known.segments[FIVE]}/edit/"),
        **{
            f"builder, typed, {name}{AFTER_A_CHANGE}": _built(number)
            for name, number in counted.items()
        },
    }


def _built(segment: int) -> Ask:
    """The counts of each condition and of the whole, as somebody types in the builder."""
    address = f"/segments/{segment}/edit/"
    form: dict[str, list[str]] = {}

    def ask(browser: Browser) -> httpx.Response:
        if not form:
            form.update(browser.read_form(address, "builder"), do=["count"])
        return browser.post(address, form, script=True)

    return ask


def _imports(known: KnownStore) -> dict[str, Ask]:
    mapping: list[str] = []
    chosen: dict[str, Any] = {}

    def open_draft(browser: Browser) -> str:
        if not mapping:
            mapping.append(browser.send_file("customers.csv", _write_rows()))
        return mapping[0]

    def choose(browser: Browser) -> httpx.Response:
        address = open_draft(browser)
        if not chosen:
            chosen.update(browser.read_choices(address))
        return browser.post(address, chosen, script=True)

    return {
        "imports": _page("/imports/"),
        "import, report": _page(f"/imports/{known.problem_import}/"),
        "import, upload": _page("/imports/new/"),
        "import, mapping": lambda browser: browser.get(open_draft(browser)),
        "import, preview": choose,
    }


def _write_rows() -> bytes:
    rows = (
        f"D-{number};draft.{number}@example.org;Aino;Åkerlund;{number % 9 + 35}"
        for number in range(_DRAFT_ROWS)
    )
    head = "Asiakasnumero;Sähköposti;First name;Sukunimi;Kenkäkoko"
    return "\r\n".join((head, *rows)).encode()


def _overviews() -> dict[str, Ask]:
    return {
        "permissions": _page("/permissions/"),
        f"permissions{AFTER_A_CHANGE}": _page("/permissions/"),
        "mailing lists and tags": _page("/lists/"),
        f"mailing lists and tags{AFTER_A_CHANGE}": _page("/lists/"),
        "help": _page("/help/"),
        "help, customers": _page("/help/customers/"),
        "sign-in": lambda browser: browser.get_signed_out("/sign-in/"),
    }


def _settings() -> dict[str, Ask]:
    return {
        "settings": _page("/settings/"),
        "settings, fields": _page("/settings/fields/"),
        f"settings, fields{AFTER_A_CHANGE}": _page("/settings/fields/"),
        "settings, preview of a type": _form(
            "/settings/fields/preview/", name=f"{COMPANY.upper()}__loyalty_level", type="integer"
        ),
        "settings, users": _page("/settings/users/"),
        "settings, tokens": _page("/settings/tokens/"),
        "settings, audit log": _page("/settings/audit/"),
        "settings, suppressions": _page("/settings/suppressions/"),
    }
