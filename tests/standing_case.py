"""A standing order that things happen to: Nordbyn has two fruit baskets each Thursday."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import clock, jobs, standingflow
from app.accounts.models import User
from app.customers.models import Customer
from app.db import db
from app.orders.standing.actions import Wish
from app.orders.standing.models import StandingOccurrence, StandingOrder
from app.orders.standing.rhythm import Every, HolidayRule, Rhythm
from tests.order_case import BUYER, DELIVERY

FIRST = date(2026, 12, 3)
THURSDAY = 3


def wish(cart: dict[int, Decimal], first: date = FIRST, **rhythm: Any) -> Wish:
    """Each Thursday, to the office in Göteborg, the next working day when it is a holiday."""
    fixed = {"every": Every.WEEK, "step": 1, "weekdays": frozenset({THURSDAY}), "holiday": HolidayRule.NEXT}
    return Wish(Rhythm(**{**fixed, **rhythm}, anchor=first), cart, replace(DELIVERY, day=first))


def start(cart: dict[int, Decimal], name: str = "Fruktkorgar", **other: Any) -> StandingOrder:
    """Nordbyn agrees on it."""
    customer = db.session.scalars(select(Customer).order_by(Customer.id)).first()
    user = db.session.scalars(select(User).where(User.email == BUYER)).one()
    ticket = f"standing-{name}-{customer.id}-{len(db.session.scalars(select(StandingOrder.id)).all())}"
    wanted = other.pop("wish", None) or wish(cart)
    values = {"customer": customer, "ticket": ticket, "by": user, "now": clock.now(), **other}
    made = standingflow.start(wanted, name, **values)
    db.session.commit()
    return made


def minute(app: Flask, rounds: int = 1) -> None:
    """Be a worker for a minute: look after the routines, then do what is due."""
    db.session.commit()
    for _round in range(rounds):
        for routine in (standingflow.order_all_due, standingflow.tend_all):
            routine(clock.now())
            db.session.commit()
        jobs.work_off()
    db.session.expire_all()


def times(standing: StandingOrder, states: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(day, state) of each of its times, the first ones."""
    query = select(StandingOccurrence).where(StandingOccurrence.standing_order_id == standing.id)
    found = db.session.scalars(query.order_by(StandingOccurrence.nominal)).all()
    return [(one.day.isoformat(), one.state.value) for one in found if not states or one.state in states]
