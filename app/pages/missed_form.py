"""The choice after nobody was at home: the same for the customer and for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _

from app import clock, deliveryflow
from app.accounts.models import User
from app.errors import Refused
from app.orders.checks import check_day
from app.orders.delivery.event_models import MissedVisit


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was typed for a visit, and why it will not do."""

    visit_id: int
    typed: str
    sentence: str


def choose(visit: MissedVisit, *, by: User | None) -> Wrong | None:
    """Another day, or collect. Returns what is wrong with the day, if anything; raises Refused for the rest."""
    if request.form.get("choice") == "collect":
        deliveryflow.collect(visit, by=by, now=clock.now())
        return None
    typed = request.form.get("day", "")[:20]
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return Wrong(visit.id, typed, _("Choose a day."))
    try:
        if visit.choice is None:
            check_day(day, clock.now())
    except Refused as no:
        return Wrong(visit.id, typed, str(no))
    deliveryflow.come_again(visit, day, by=by, now=clock.now())
    return None
