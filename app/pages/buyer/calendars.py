"""Deliveries to each of the customer's places, in its own calendar."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.customers.models import Customer
from app.customers.queries import customer_with, site_of
from app.db import db
from app.errors import NotYours
from app.orders.calendars import actions, queries
from app.pages import calendar_links, web

bp = Blueprint("calendars", __name__, url_prefix="/bestallningar/kalender")


@bp.get("")
def show() -> ResponseReturnValue:
    """The secret address of each place."""
    if web.viewer().user is None:
        return redirect(url_for("security.login", next=request.path))
    page = queries.sites_of(_customer(), request.args.get("sida", 1, type=int))
    addresses = queries.addresses_of(page.rows)
    to_page = lambda number: url_for(".show", sida=number)  # noqa: E731  the template's pagination wants a function
    return render_template(
        "buyer/calendar.html", page=page, addresses=addresses, link=calendar_links.link, to_page=to_page
    )


@bp.post("/<int:site_id>/<any(ny,stang):act>")
def change(site_id: int, act: str) -> ResponseReturnValue:
    """Make an address or another one for a place, or close it."""
    site = site_of(customer_with(_customer().id, lock=True), site_id)
    if act == "ny":
        actions.renew(site, by=web.user(), now=clock.now())
        flash(_("The calendar has an address of its own now. Whoever knows it can read it."), "success")
    else:
        actions.close(site, by=web.user(), now=clock.now())
        flash(_("The calendar is closed. The old address shows nothing any longer."), "success")
    db.session.commit()
    return web.back_to(".show")


def _customer() -> Customer:
    found = web.viewer().customer
    if found is None:
        raise NotYours
    return found
