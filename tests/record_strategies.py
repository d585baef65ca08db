"""Hypothesis strategies for records in which collisions are likely.

Owns small pools of values (many of them different spellings of one value, some unreadable) and
the way they are put together; the company's short name is `acme`. Leaves out what the
specification does not decide: two spellings of one company field in one record, an operation
beside a scalar of the same company field, bad text in company fields, and two different problems
of one field in one record.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

# Capital and small letter are different customers; composed and decomposed are the same one.
EXTERNAL_IDS = ["1001", " 1001 ", 1001, "1002", 1002.0, "\u00c5-77", "A\u030a-77", "\u00e5-77"]
ODD_EXTERNAL_IDS = ["", "  ", None, True, "10 01", "x" * 256, "a\x00b", ["1001"]]

EMAILS = [
    "ada@example.org",
    "Ada@Example.ORG",
    " ada@example.org ",
    "bob@example.com",
    "cy@b\u00fccher.example.net",
    "cy@xn--bcher-kva.example.net",
]
ODD_EMAILS = ["", " ", None, "ada at example.org", "@example.org", 7, ["ada@example.org"]]

PHONE_NUMBERS = [
    "+358401234567",
    "+358 40 123-4567",
    "00358 (40) 123.4567",
    "040 123 4567",  # Finnish only
    358401234567,
    "050 123 4567",  # Finnish only
    "+44 7757 138957",
    "07757 138957",  # British only
    "020 7946 0958",  # one number in Finland, another in Britain
    "+442079460958",
]
ODD_PHONE_NUMBERS = ["", None, "soon", "12", True, ["+358401234567"]]

TEXTS = ["Ada", " Ada ", "ada", "\u00c5sa", "A\u030asa", 7, 7.0, "7", 7.5, True, "true"]
ODD_TEXTS = ["", " \t", None, ["Ada"], {"a": "b"}, "a\x00b", "x" * 10_001]

BOOLEANS = [True, False, 1, 0, 1.0, "1", "0", "yes", "No", " TRUE ", "false"]
ODD_BOOLEANS: list[object] = ["", None, "maybe", 2, [], "a\x00b"]

COUNTRIES = ["FI", "fi", "FIN", " GB ", "gb", "GBR", "", None, "Narnia", 7]
LANGUAGES = ["en", "EN", "en-GB", "en_US", "sv", "", None, "klingon", 7]

DATES = [
    "1991-06-14",
    " 1991-06-14 ",
    "1991-06-14T23:30:00-05:00",
    "1992-02-29",
    "",
    None,
    "1991-02-29",
    "0000-00-00",
    19910614,
]
DATETIMES = [
    "2015-08-28",
    "2015-08-27T21:00:00Z",  # the midnight before, in Helsinki
    "2015-08-28T14:10:00Z",
    "2015-08-28T17:10:00+03:00",
    "2015-08-28 17:10",
    "2015-08-28T14:10:00.250+00",
    "2021-10-31T03:30",  # happens twice
    "2021-03-28T03:30",  # never happens
    "",
    None,
    "soon",
    "2015-08-28T25:00",
    1440771000,
]

LISTS: list[object] = [
    "vip",
    " vip ",
    ["vip"],
    ["vip", "kitchenware"],
    ["kitchenware", "vip", "vip"],
    ["vip", "", None, 7, True],
    ["7", "true"],
    [],
    "",
    None,
    [" "],
]
ODD_LISTS: list[object] = [7, True, {"a": "b"}, ["vip", ["kitchenware"]]]

COMPANY_VALUES: list[object] = [
    True,
    False,
    0,
    1,
    7,
    "7",
    7.0,
    7.5,
    "7.50",
    2**60 + 1,
    2**70,
    "yes",
    "gold",
    " gold ",
    "A\u030asa",
    "\u00c5sa",
    "",
    None,
    ["gold"],
    ["gold", 7, True, None],
    [],
    ["gold", ["silver"]],
    {"a": "b"},
    {"a": {"b": ["c"]}},
]
COMPANY_FIELDS = ["level", "group", "size"]

UNKNOWN: list[tuple[str, object]] = [
    ("state", "FI"),
    ("store_id", 3),
    ("mage_type", {"a": "b"}),
    ("other__level", "gold"),
    ("state.add", ["vip"]),
    ("_record", 1),
    ("_problem", "bad_email"),
    ("acme__", 1),
    ("ACME__1st", 1),
    ("acme__a-b", "gold"),
]
REFUSED_OPERATIONS: list[tuple[str, object]] = [
    ("tags.toggle", ["vip"]),
    ("city.add", ["Ada"]),
    ("external_id.remove", "1001"),
    ("email.add", "ada@example.org"),
]

# The identifiers of a record, the usual ones more often.
IDENTIFIERS = [
    ("external_id",),
    ("email",),
    ("phone_number",),
    ("external_id", "email"),
    ("external_id", "email"),
    ("external_id", "phone_number"),
    ("email", "phone_number"),
    ("email", "phone_number"),
    ("external_id", "email", "phone_number"),
    ("external_id", "email", "phone_number"),
    ("external_id", "email", "phone_number"),
    (),
]

NO_OBJECTS: SearchStrategy[object] = st.sampled_from([None, 7, "Ada", True, ["1001"]])

TEXT_FIELDS = ["first_name", "last_name", "city", "gender", "canonical_id", "zip_code"]


def records() -> SearchStrategy[object]:
    """One record: nearly always an object, with identifiers that other records have as well."""
    return st.integers(1, 40).flatmap(lambda turn: objects() if turn < 40 else NO_OBJECTS)


def uploads() -> SearchStrategy[list[list[object]]]:
    """Some uploads, one after the other, of a few records each."""
    return st.lists(st.lists(records(), max_size=10), min_size=1, max_size=4)


@st.composite
def objects(draw: DrawFn) -> dict[str, object]:
    """A record that is an object, its keys in any order."""
    pairs = draw(identifiers()) + draw(st.lists(built_in_pairs(), max_size=5))
    pairs += draw(company_pairs())
    if draw(st.integers(0, 11)) == 11:
        state = draw(st.sampled_from(["is_deleted", "is_forgotten"]))
        pairs.append((state, draw(pooled([True, True, *BOOLEANS], ODD_BOOLEANS))))
    if draw(st.integers(0, 11)) == 11:
        key, value = draw(st.sampled_from(REFUSED_OPERATIONS))
        named = {field_of(key) for key, _ in pairs}
        pairs.extend([(key, value)] if field_of(key) not in named else [])
    return dict(draw(st.permutations(pairs)))


@st.composite
def identifiers(draw: DrawFn) -> list[tuple[str, object]]:
    """Any of the three identifiers, seldom none, and now and then the country they depend on."""
    pools = {
        "external_id": pooled(EXTERNAL_IDS, ODD_EXTERNAL_IDS),
        "email": pooled(EMAILS, ODD_EMAILS),
        "phone_number": pooled(PHONE_NUMBERS, ODD_PHONE_NUMBERS),
        "country": pooled(COUNTRIES, []),
    }
    names = [*draw(st.sampled_from(IDENTIFIERS)), *draw(st.sampled_from([(), (), ("country",)]))]
    return [(draw(spelled(name)), draw(pools[name])) for name in names]


@st.composite
def built_in_pairs(draw: DrawFn) -> tuple[str, object]:
    """A key and value of a built-in field or an unknown one."""
    permissions = ["can_email", "can_email", "can_sms", "can_sms", "can_post", "can_profile"]
    lists = ["tags", "mailing_lists"]
    operations = [f"{name}.{operation}" for name in lists for operation in ("add", "remove")]
    pools: list[tuple[list[str], SearchStrategy[object]]] = [
        (TEXT_FIELDS, pooled(TEXTS, ODD_TEXTS)),
        (permissions, pooled(BOOLEANS, ODD_BOOLEANS)),
        (lists, pooled(LISTS, ODD_LISTS)),
        (operations, pooled(LISTS, ODD_LISTS)),
        (["birth_date"], pooled(DATES, [])),
        (["date_joined", "last_login"], pooled(DATETIMES, [])),
        (["language"], pooled(LANGUAGES, [])),
    ]
    kind = draw(st.integers(0, len(pools)))
    if kind == len(pools):
        return copy.deepcopy(draw(st.sampled_from(UNKNOWN)))
    names, values = pools[kind]
    return draw(spelled(draw(st.sampled_from(names)))), draw(values)


@st.composite
def company_pairs(draw: DrawFn) -> list[tuple[str, object]]:
    """Keys and values of company fields, each field in one spelling."""
    pairs: list[tuple[str, object]] = []
    for name in draw(st.lists(st.sampled_from(COMPANY_FIELDS), max_size=2, unique=True)):
        prefix = draw(st.sampled_from(["acme__", "ACME__", "Acme__"]))
        key = prefix + draw(st.sampled_from([name, name.upper(), name.title()]))
        if draw(st.integers(0, 3)) < 3:
            pairs.append((key, draw(pooled(COMPANY_VALUES, []))))
            continue
        items = st.sampled_from(["gold", ["gold"], ["silver", "gold"]])
        if draw(st.booleans()):
            pairs.append((key, ["silver"]))
        operations = draw(st.sampled_from([(".add",), (".remove",), (".add", ".REMOVE")]))
        pairs.extend((key + operation, copy.deepcopy(draw(items))) for operation in operations)
    return pairs


def field_of(key: str) -> str:
    """The field that a key names, in lower case and without operation."""
    return key.strip().lower().partition(".")[0]


def pooled(usual: Sequence[object], odd: Sequence[object]) -> SearchStrategy[object]:
    """One of the usual values, now and then an odd one; a copy, so that no test spoils it."""
    # Odd values take a sixth of the choices.
    repeats = max(1, 5 * len(odd) // len(usual))
    return st.sampled_from([*usual] * repeats + [*odd]).map(copy.deepcopy)


def spelled(name: str) -> SearchStrategy[str]:
    """A field's name as somebody may write it: any case, outer spaces."""
    return st.sampled_from([name, name, name, name.upper(), name.title(), f" {name} "])
