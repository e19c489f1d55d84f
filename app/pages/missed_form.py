"""The choice after nobody was at home: the same for the customer and for staff."""

from __future__ import annotations

from datetime import date

from flask import request
from flask_babel import gettext as _

from app import clock, deliveryflow
from app.accounts.models import User
from app.errors import Refused
from app.orders.delivery.event_models import MissedVisit


def choose(visit: MissedVisit, *, by: User | None) -> MissedVisit:
    """Another day, or collect. Raises Refused."""
    if request.form.get("choice") == "collect":
        return deliveryflow.collect(visit, by=by, now=clock.now())
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError as wrong:
        raise Refused(_("Choose a day.")) from wrong
    return deliveryflow.come_again(visit, day, by=by, now=clock.now())
