"""How a rhythm is said on screens."""

from __future__ import annotations

from datetime import date

from babel.dates import get_day_names
from babel.lists import format_list
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.orders.delivery.states import WayWish
from app.orders.standing.models import OccurrenceState
from app.orders.standing.rhythm import LAST, WORKWEEK, Every, HolidayRule, Rhythm, Season
from app.pages import web

BEST = "best"
WISHED_WAYS = {
    BEST: _l("The best way there is: delivered where that is possible, as cheaply as can be"),
    WayWish.BROUGHT.value: _l("Delivered to us"),
    WayWish.COLLECT.value: _l("We collect it"),
}
HOLIDAYS = {
    HolidayRule.NEXT: _l("It comes on the next working day"),
    HolidayRule.PREVIOUS: _l("It comes on the working day before"),
    HolidayRule.SKIP: _l("Nothing comes that time"),
}
NTH = {
    1: _l("the first"),
    2: _l("the second"),
    3: _l("the third"),
    4: _l("the fourth"),
    LAST: _l("the last"),
}
STATES = {
    OccurrenceState.COMING: (_l("Coming"), "neutral"),
    OccurrenceState.ORDERED: (_l("Ordered"), "good"),
    OccurrenceState.FAILED: (_l("Could not be ordered, we try again"), "bad"),
    OccurrenceState.MISSED: (_l("Was not ordered"), "bad"),
    OccurrenceState.SKIPPED: (_l("Skipped"), "neutral"),
}
LEAP_YEAR = 2028


def weekday(number: int) -> str:
    """Monday is 0, as it is written in a sentence."""
    return str(get_day_names("wide", locale=web.language())[number])


def working_weekdays() -> list[tuple[str, str]]:
    """Monday to Friday as choices."""
    return [(str(number), weekday(number)) for number in range(WORKWEEK)]


def rhythm_said(rhythm: Rhythm) -> str:
    """All of it in a sentence: how often, when in the year, and what happens on holidays."""
    often = _weeks(rhythm) if rhythm.every == Every.WEEK else _months(rhythm)
    season = f", {_season(rhythm.season)}" if rhythm.season else ""
    return f"{often}{season}. {_on_holidays(rhythm.holiday)}"


def _weeks(rhythm: Rhythm) -> str:
    days = format_list([weekday(number) for number in sorted(rhythm.weekdays)], locale=web.language())
    return str(ngettext("Every week on %(days)s", "Every %(num)d weeks on %(days)s", rhythm.step, days=days))


def _months(rhythm: Rhythm) -> str:
    step = rhythm.step
    if not rhythm.nth:
        day = rhythm.month_day
        return str(ngettext("Every month on day %(day)d", "Every %(num)d months on day %(day)d", step, day=day))
    which = {"nth": NTH[rhythm.nth], "day": weekday(min(rhythm.weekdays))}
    return str(ngettext("Every month on %(nth)s %(day)s", "Every %(num)d months on %(nth)s %(day)s", step, **which))


def _season(season: Season) -> str:
    said = [str(format_date(date(LEAP_YEAR, *when), "d MMM")).replace(".", "") for when in (season.first, season.last)]
    return str(_("from %(first)s to %(last)s each year", first=said[0], last=said[1]))


def _on_holidays(rule: HolidayRule) -> str:
    said = {
        HolidayRule.NEXT: _("On holidays it comes on the next working day."),
        HolidayRule.PREVIOUS: _("On holidays it comes on the working day before."),
        HolidayRule.SKIP: _("On holidays nothing comes."),
    }
    return str(said[rule])
