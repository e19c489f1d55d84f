"""The letters about standing orders. Their words are in templates/emails; here is who gets which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from app import clock, mail
from app.catalog.house import house
from app.orders.standing import queries
from app.orders.standing.limits import limit_now
from app.orders.standing.models import OccurrenceState, StandingOccurrence, StandingOrder

MOST_TIMES = 6


def tell_made(standing: StandingOrder, *, now: datetime) -> None:
    """To the customer: what comes again, and when it comes first."""
    _to_customer(
        "standing_made",
        f"Stående beställning: {standing.name}",
        standing,
        now=now,
        limit=limit_now(standing, now),
    )


def tell_changed(
    standing: StandingOrder, what: str, *, now: datetime, staying: Sequence[StandingOccurrence] = ()
) -> None:
    """To the customer: what is changed, when it comes next, and what is ordered already and stays."""
    subject = f"Ändrad stående beställning: {standing.name}"
    limit = limit_now(standing, now)
    _to_customer("standing_changed", subject, standing, now=now, what=what, staying=staying, limit=limit)


def tell_not_ordered(occurrence: StandingOccurrence, *, now: datetime) -> None:
    """To the customer and to staff: this time could not be ordered, why, and whether we try again."""
    standing, missed = occurrence.standing_order, occurrence.state == OccurrenceState.MISSED
    subject = f"Inte beställt: {standing.name}"
    _to_customer("standing_not_ordered", subject, standing, now=now, time=occurrence, missed=missed)
    desk = house()
    if desk.email:
        link = f"{current_app.config['BASE_URL']}/personal/staende/{standing.id}"
        body = mail.words("standing_not_ordered_staff", standing=standing, time=occurrence, missed=missed, link=link)
        mail.write(kind="standing_not_ordered_staff", to=(desk.name, desk.email), subject=subject, body=body, now=now)


def _to_customer(kind: str, subject: str, standing: StandingOrder, *, now: datetime, **values: object) -> None:
    times = queries.coming(standing, clock.local_date(now), MOST_TIMES)
    link = f"{current_app.config['BASE_URL']}/staende/{standing.id}"
    body = mail.words(kind, standing=standing, times=times, link=link, **values)
    to = (standing.customer.name, standing.customer.email)
    mail.write(kind=kind, to=to, subject=subject, body=body, now=now)
