"""Two doors to the same pages about a member's work: its own people's, and the one by which staff stand in for it.

Which door somebody came by shows in the address, so that two tabs for two members never answer for each other.
"""

from __future__ import annotations

from typing import Any

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from app.audit import Acting, Actor
from app.members.models import Member
from app.orders.models import Order
from app.pages import web

OWN, FOR_A_MEMBER = "member", "staff.acting"
ELSEWHERE = {"days.note": "staff.days.note"}
"""Pages that staff have already, under their own address."""


def acted_for() -> Member | None:
    """The member for which staff stand in on this page."""
    found: Member | None = g.get("acted_for")
    return found


def member() -> Member:
    """The member whose work it is. Only for pages behind one of the doors."""
    return acted_for() or web.member()


def actor() -> Actor:
    """Who does it, as it is written down: ``Sam Exempel för Ljungbacken`` when staff stand in."""
    whose, user = acted_for(), web.user()
    return Acting(user.id, f"{user.name} för {whose.name}") if whose else user


def page(name: str, **values: Any) -> str:
    """The address of one of the member's pages, by the door through which one came."""
    if acted_for() is None:
        return url_for(f"{OWN}.{name}", **values)
    return url_for(ELSEWHERE.get(name, f"{FOR_A_MEMBER}.{name}"), **values)


def back_to(name: str, **values: Any) -> ResponseReturnValue:
    """After an act: see what came of it."""
    return redirect(page(name, **values), code=303)


def done(order: Order) -> ResponseReturnValue:
    """After an act that ends the errand: a member goes on with the day, staff with the order."""
    if acted_for() is None:
        return web.back_to("member.today.show")
    return web.back_to("staff.orders.show", number=order.number)
