"""What is asked of the index, each as Regulars asks it and as somebody would write it by hand.

Owns the statements of the floor: plain DuckDB over the tables of the same file, by somebody who
knows them. Nothing of theirs comes from ours.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from benchmarks.made_up import COMPANY
from benchmarks.ours import TIMEZONE
from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.days import local_day
from regulars.domain.segments.search import search_words
from regulars.domain.segments.text import read_condition
from regulars.index.answers import Answers
from regulars.index.questions import Query
from regulars.index.statistics import describe_customers

if TYPE_CHECKING:
    import duckdb

    from regulars.index.company_index import CompanyIndex

Kind = Literal["count", "page", "statistics"]

PAGE_CUSTOMERS: Final = 100
_TODAY: Final = "current_date"
_GROUP: Final = f"{COMPANY.upper()}__customer_group"
_LATE: Final = "history WHERE field = 'last_login' AND day >= current_date - 30"


class Question(msgspec.Struct, frozen=True):
    """A question. `where` is by hand what the condition and the words say."""

    name: str
    kind: Kind
    condition: str
    words: str
    where: str

    @property
    def factor(self) -> float:
        """How many times the floor it may take, but for ten milliseconds (DESIGN section 5)."""
        return 1.5 if self.words else 1.3


def _count(name: str, condition: str, where: str) -> Question:
    return Question(name, "count", condition, "", where)


_TWO: Final = "language = FI and last_login >= 2025-07-01"
_TWO_BY_HAND: Final = """language = 'fi' AND "last_login day" >= DATE '2025-07-01'"""
_FIVE: Final = f"{_TWO} and can_email = true and date_joined < 2020-01-01 and {_GROUP} in (1, 2)"
_FIVE_BY_HAND: Final = (
    f"""{_TWO_BY_HAND} AND can_email AND "date_joined day" < DATE '2020-01-01'"""
    f" AND {_GROUP.lower()} IN (1, 2)"
)

QUESTIONS: Final = (
    _count("count, 1 condition", "language = FI", "language = 'fi'"),
    _count("count, 2 conditions", _TWO, _TWO_BY_HAND),
    _count("count, 5 conditions", _FIVE, _FIVE_BY_HAND),
    _count(
        "count, opposites",
        f"language != FI and not {_GROUP} = 1",
        f"language IS DISTINCT FROM 'fi' AND {_GROUP.lower()} IS DISTINCT FROM 1",
    ),
    _count(
        "count, list",
        "tags has any (vip, garden)",
        "list_contains(tags, 'vip') OR list_contains(tags, 'garden')",
    ),
    _count(
        "count, list, all of it",
        "tags has all (vip, garden)",
        "list_contains(tags, 'vip') AND list_contains(tags, 'garden')",
    ),
    _count("count, text", "last_name contains on", "last_name LIKE '%on%'"),
    _count("count, one e-mail", "email = none@example.org", "email = 'none@example.org'"),
    _count(
        "count, anniversary",
        "date_joined anniversary in next 7 days",
        """strftime("date_joined day", '%m%d') IN"""
        " (SELECT strftime(current_date + day::INT, '%m%d') FROM range(8) AS days (day))",
    ),
    _count("count, sample", "sample 10 %", "sample < 1000"),
    _count(
        "count, changed of late",
        "last_login changed in last 30 days",
        f"id IN (SELECT customer FROM {_LATE} AND old IS DISTINCT FROM new)",
    ),
    _count(
        "count, became of late",
        "can_email became true in last 30 days",
        '(can_email AND "created_at day" >= current_date - 30 AND id NOT IN'
        " (SELECT customer FROM history WHERE field = 'can_email'))"
        " OR id IN (SELECT customer FROM history WHERE field = 'can_email'"
        " AND day >= current_date - 30 AND new = 'true' AND old = 'false')",
    ),
    Question("search, 1 word", "count", "", "korho", "contains(search, 'korho')"),
    Question(
        "search, 2 words",
        "count",
        "",
        "aino korho",
        "contains(search, 'aino') AND contains(search, 'korho')",
    ),
    Question("search, 1 word, page", "page", "", "korho", "contains(search, 'korho')"),
    Question("search, rare word, page", "page", "", "0000077", "contains(search, '0000077')"),
    Question("first page, 2 conditions", "page", _TWO, "", _TWO_BY_HAND),
    Question("first page, everybody", "page", "external_id is set", "", "external_id IS NOT NULL"),
    Question("statistics, everybody", "statistics", "external_id is set", "", "true"),
    Question("statistics, 2 conditions", "statistics", _TWO, "", _TWO_BY_HAND),
)


def ask(index: CompanyIndex, question: Question) -> Any:  # noqa: ANN401 - compared, no more
    """The answer as a request gets it: the index caught up, the condition read and checked."""
    schema = index.catch_up()
    condition = None
    if question.condition:
        parsed = read_condition(question.condition)
        condition = check_condition(parsed.tree, schema, no_segments, parsed.places)
    query = Query(condition, search_words(question.words))
    if question.kind == "count":
        return index.count(query)
    if question.kind == "page":
        return index.find_ids(query, limit=PAGE_CUSTOMERS)
    # As if nobody had asked before: statistics are kept until something changes.
    found = index.ask(lambda view: describe_customers(replace(view, answers=Answers()), query))
    values = {
        each.field: {value.value: value.customers for value in each.values}
        for each in found.distributions
    }
    joined = {month.month: month.customers for month in found.joined}
    return (found.customers, found.permissions["can_email"], values, joined)


def ask_by_hand(connection: duckdb.DuckDBPyConnection, question: Question) -> Any:  # noqa: ANN401
    """The same answer by hand, by somebody to whom today is the company's day."""
    today = local_day(datetime.now(UTC), ZoneInfo(TIMEZONE))
    where = question.where.replace(_TODAY, f"DATE '{today}'")
    if question.kind == "count":
        ((number,),) = connection.execute(f"SELECT count(*) FROM customer WHERE {where}").fetchall()
        return number
    if question.kind == "page":
        found = connection.execute(
            f"SELECT id FROM customer WHERE {where} ORDER BY id LIMIT {PAGE_CUSTOMERS}"
        )
        return [number for (number,) in found.fetchall()]
    return _describe_by_hand(connection, where)


def _describe_by_hand(connection: duckdb.DuckDBPyConnection, where: str) -> Any:  # noqa: ANN401
    def grouped(value: str) -> Counter[Any]:
        rows = connection.execute(
            f"SELECT {value} AS value, count(*) FROM customer WHERE {where} GROUP BY value"
        ).fetchall()
        return Counter({value: number for value, number in rows if value is not None})

    ((customers, *shares),) = connection.execute(
        "SELECT count(*), count_if(can_email), count_if(can_post), count_if(can_profile),"
        " count_if(can_push), count_if(can_sms), count_if(can_email AND email IS NOT NULL),"
        " count_if(can_sms AND phone_number IS NOT NULL), count_if(can_post AND"
        f" (street_address IS NOT NULL OR street_name IS NOT NULL)) FROM customer WHERE {where}"
    ).fetchall()
    columns = {
        "country": "country",
        "language": "language",
        "mailing_lists": "unnest(mailing_lists)",
        "tags": "unnest(tags)",
    }
    values = {key: dict(grouped(value)) for key, value in columns.items()}
    months = grouped("strftime(date_trunc('month', \"date_joined day\"), '%Y-%m')")
    return (customers, shares[0], values, dict(months))
