"""What demo customers allow, subscribe to, buy and are tagged with.

Owns the shares and how they hang together: who allows e-mail is likelier to allow text messages,
who likes the outdoors is on the outdoor list. Must not know names or addresses.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from regulars.demo.dice import Dice, weighted

CATEGORIES: Final = weighted(
    [
        ("kitchenware", 24),
        ("outdoor", 18),
        ("home-textiles", 16),
        ("kids", 13),
        ("garden", 12),
        ("lighting", 9),
        ("books", 8),
    ]
)
_CATEGORIES_WITH_LIST: Final = frozenset({"kitchenware", "outdoor", "home-textiles", "kids"})
_CAMPAIGN_TAGS: Final = weighted(
    [("christmas-2025", 5), ("black-week", 4), ("gift-card", 4), ("survey-2026", 2)]
)


class Asking(NamedTuple):
    """How a permission comes about: who was never asked, and how open one must be to grant it."""

    permission: str
    never_asked: float
    reserve: float


_LAPSED_AFTER_DAYS: Final = 730
_LAST_STUDENT_AGE_YEARS: Final = 26


class Standing(NamedTuple):
    """What the shop knows of somebody today; ``level`` is that of the loyalty scheme."""

    level: str | None
    absent_days: int
    business: bool
    online: bool
    age_years: int


# The reserve is a point on the scale of openness, 0 to 1; the shares that follow are tested.
_BY_EMAIL: Final = Asking("can_email", 0.05, 0.382)
_BY_SMS: Final = Asking("can_sms", 0.12, 0.468)
_WITHOUT_ADDRESS: Final = (
    Asking("can_post", 0.20, 0.561),
    Asking("can_push", 0.45, 0.627),
    Asking("can_profile", 0.08, 0.303),
)

_WELCOME_POINTS: Final = 25
# Points from which a level is reached, highest first.
_LEVELS: Final = ((8_000, "platinum"), (3_000, "gold"), (800, "silver"), (0, "bronze"))


def draw_permissions(dice: Dice, *, has_email: bool, has_phone: bool) -> dict[str, object]:
    """Return the permissions somebody was asked for; one never asked for is left out."""
    openness = dice.throw()
    asked = [*((_BY_EMAIL,) if has_email else ()), *((_BY_SMS,) if has_phone else ())]
    permissions: dict[str, object] = {}
    for permission, never_asked, reserve in (*asked, *_WITHOUT_ADDRESS):
        if not dice.chance(never_asked):
            permissions[permission] = 0.6 * openness + 0.4 * dice.throw() > reserve
    return permissions


def draw_mailing_lists(dice: Dice, *, can_email: bool, favourite: str | None) -> list[str]:
    """Return the lists somebody is on; a few stay on one after withdrawing the permission."""
    chance = dice.chance
    if not can_email:
        return ["newsletter"] if chance(0.04) else []
    lists = ["newsletter"] if chance(0.84) else []
    if favourite in _CATEGORIES_WITH_LIST and chance(0.45):
        lists.append(favourite)
    if chance(0.30):
        lists.append("sale-alerts")
    return lists


def draw_points(dice: Dice, years: float) -> int:
    """Return loyalty points gathered in ``years`` of membership: few for most, many for a few."""
    throw = dice.throw()
    return _WELCOME_POINTS + int(throw * throw * throw * (1_500 + 1_400 * years))


def loyalty_level(points: int) -> str:
    """Return the level that ``points`` have reached."""
    return next(level for least, level in _LEVELS if points >= least)


def draw_tags(dice: Dice, standing: Standing) -> list[str]:
    """Return the tags of somebody; most have none."""
    level, chance = standing.level, dice.chance
    likely = {
        "vip": 0.9 if level == "platinum" else 0.2 if level == "gold" else 0.0,
        "lapsed": 0.45 if standing.absent_days > _LAPSED_AFTER_DAYS else 0.0,
        "wholesale": 0.5 if standing.business else 0.0,
        "click-and-collect": 0.12 if standing.online else 0.0,
        "student": 0.15 if standing.age_years <= _LAST_STUDENT_AGE_YEARS else 0.0,
        "staff": 0.003,
    }
    tags = [tag for tag, share in likely.items() if share and chance(share)]
    if chance(0.065):
        tags.append(dice.pick(_CAMPAIGN_TAGS))
    return tags
