"""What nobody can bring on the day is said before the order is placed: the form comes back once, with a day that works.

Whoever has read it may order all the same. What was read travels with the form; who sends no form of ours, as a script
does, is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _
from wtforms import DateField

from app import clock
from app.errors import Refused
from app.formats import swedish_day
from app.orders.delivery.preview import Missing, Preview, Wanted, Whither, nearest_day, preview
from app.pages import web

FIELD = "told"
"""In the form: what the page said that nobody can bring."""
OTHER_DAY = "day:"
"""The button that takes another day sends this and the day."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """How the day would do, and which one would do better."""

    found: Preview | None
    nearest: date | None


def check(wanted: Sequence[Wanted], whither: Whither | None, *, by_member: bool = False) -> None:
    """Raises Refused when something cannot come that day and the page has not said so.

    What no other member makes a member cannot order at all: that is the order's own refusal.
    """
    if FIELD not in request.form or whither is None or not wanted:
        return
    if by_member and not all(one.priced.is_members for one in wanted):
        return
    now = clock.now()
    found = preview(wanted, whither, now=now)
    if found.told and found.told != request.form[FIELD]:
        raise Refused(_sentence(found, nearest_day(wanted, found, now=now)))


def look(wanted: Sequence[Wanted], whither: Whither | None) -> Unreachable:
    """What the page says of a day before anything is ordered."""
    if whither is None or not wanted:
        return Unreachable(None, None)
    now = clock.now()
    found = preview(wanted, whither, now=now)
    return Unreachable(found, nearest_day(wanted, found, now=now))


def take_other_day(field: DateField) -> bool:
    """Whether the button for another day was pressed; then the form has it."""
    then = request.form.get("then", "")
    if not then.startswith(OTHER_DAY):
        return False
    try:
        field.data = date.fromisoformat(then.removeprefix(OTHER_DAY))
    except ValueError:
        return False
    field.raw_data = None
    return True


def _sentence(found: Preview, nearest: date | None) -> str:
    today = clock.local_date(clock.now())
    names = ", ".join(dict.fromkeys(_name(one) for one in found.missing))
    first = _("Nobody can deliver %(what)s on %(day)s.", what=names, day=_day(found.whither.day, today))
    instead = _("The nearest day that works is %(day)s.", day=_day(nearest, today)) if nearest else ""
    then = _("Nothing is ordered yet. If you order all the same, we look for somebody and come back to you.")
    return " ".join(filter(None, (first, instead, then)))


def _name(one: Missing) -> str:
    return one.line.bundle.name if one.line.bundle else one.line.name


def _day(day: date, today: date) -> str:
    return swedish_day(day, today) if web.language() == "sv" else day.isoformat()
