"""The member's deliveries in its own calendar."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import db
from app.members.queries import member_with
from app.orders.calendars import actions, queries
from app.pages import calendar_links, web

bp = Blueprint("calendars", __name__, url_prefix="/kalender")


@bp.get("")
def show() -> ResponseReturnValue:
    """The secret address, and how to use it."""
    address = queries.address_of(member_id=web.member().id)
    return render_template("member/calendar.html", address=address, link=calendar_links.link)


@bp.post("/<any(ny,stang):act>")
def change(act: str) -> ResponseReturnValue:
    """Make an address or another one, or close it."""
    member = member_with(web.member().id, lock=True)
    if act == "ny":
        actions.renew(member, by=web.user(), now=clock.now())
        flash(_("The calendar has an address of its own now. Whoever knows it can read it."), "success")
    else:
        actions.close(member, by=web.user(), now=clock.now())
        flash(_("The calendar is closed. The old address shows nothing any longer."), "success")
    db.session.commit()
    return web.back_to(".show")
