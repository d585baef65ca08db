"""Names of countries and languages for people, by the codes that data holds."""

from __future__ import annotations

from functools import cache

import pycountry


@cache
def country_names() -> dict[str, str]:
    """Names by alpha-2 code, in order of name."""
    names = {each.alpha_2: getattr(each, "common_name", each.name) for each in pycountry.countries}
    return dict(sorted(names.items(), key=lambda item: item[1]))


@cache
def language_names() -> dict[str, str]:
    """Names by ISO 639-1 code, in order of name."""
    names = {
        each.alpha_2: each.name.split(" (")[0].split(";")[0]
        for each in pycountry.languages
        if hasattr(each, "alpha_2")
    }
    return dict(sorted(names.items(), key=lambda item: item[1]))


def name_code(type_name: str, code: str) -> str:
    """What a code of that type of field stands for; any other value is what it is."""
    if type_name == "country_code":
        return country_names().get(code.upper(), code)
    if type_name == "language_code":
        return language_names().get(code.lower(), code)
    return code
