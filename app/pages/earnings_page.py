"""What a member has earned in a month: its own page, and the one on which staff see the same."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from app import clock
from app.leaves import leaf_of
from app.members.models import Member
from app.pages import web
from app.settlement import queries as settlement
from app.settlement.earned import added_up, by_tax

ROWS = 50
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


def show(
    member: Member, template: str, endpoint: str, *, sells_itself: bool = False, **address: Any
) -> ResponseReturnValue:
    """One month of it; a month that cannot be is the present one."""
    now = clock.local_date(clock.now()).replace(day=1)
    first = min(_asked() or now, now)
    found = settlement.of_month(member, first)

    def page_at(number: int) -> str:
        return url_for(endpoint, **address, manad=first.strftime("%Y-%m"), sida=number)

    def month_at(day: date) -> str:
        return url_for(endpoint, **address, manad=day.strftime("%Y-%m"))

    return render_template(
        template,
        member=member,
        month=format_date(first, "LLLL yyyy"),
        found=leaf_of(found, web.number_asked_for("sida") or 1, ROWS),
        sums=added_up(found),
        taxes=by_tax(found),
        address=page_at,
        earlier=month_at(settlement.before(first)),
        sells_itself=sells_itself,
        later=month_at(settlement.after(first)) if first < now else None,
    )


def _asked() -> date | None:
    typed = _MONTH.fullmatch(request.args.get("manad", ""))
    return date(int(typed[1]), int(typed[2]), 1) if typed else None
