"""A form that is sent when the session it belonged to is over, or another organisation is chosen: nothing is done.

What lay in the basket and what was typed at the checkout comes back with the next checkout.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db
from app.orders.cart import MOST_LINES
from app.pages import web

TYPED = (
    *("buyer", "day", "site", "recipient", "street", "postcode", "city", "municipality", "note"),
    *("buyer_reference", "order_reference", "cost_centre", "name", "email", "phone"),
)
LONGEST = 1500
"""Characters. The browser keeps it in a cookie, which holds no more than four kilobytes."""
_GOODS = re.compile(r"(?<![^ ])([0-9]{1,9}):([0-9]{1,7}(?:\.[0-9]{1,3})?)(?![^ ])", re.ASCII)


def show() -> ResponseReturnValue:
    """What happened, and the way on."""
    db.session.rollback()
    if request.endpoint == "buyer.checkout.show" and _from_here():
        return _checkout()
    return render_template("errors/lapsed.html", sentence=_what_happened(), back=_page_before()), 400


def written(basket: Mapping[int, object]) -> str:
    """A basket as the checkout carries it: ``12:4 15:2.5``."""
    return " ".join(f"{article_id}:{quantity}" for article_id, quantity in basket.items())


def typed() -> dict[str, object]:
    """What the same customer typed at a checkout that had lapsed, once."""
    found: dict[str, object] = session.pop("typed", {})
    if found.pop("buyer", "") != _buyer():
        return {}
    try:
        return {**found, "day": date.fromisoformat(str(found["day"]))}
    except (KeyError, ValueError):
        return {name: value for name, value in found.items() if name != "day"}


def _checkout() -> ResponseReturnValue:
    if not session.get("basket"):
        session["basket"] = dict(_GOODS.findall(request.form.get("goods", ""))[:MOST_LINES])
    values = {name: request.form.get(name, "") for name in TYPED}
    if sum(map(len, values.values())) <= LONGEST:
        session["typed"] = {name: value for name, value in values.items() if value}
    kept = _("Nothing is ordered yet. The basket is still here: look it through, and order.")
    flash(f"{_what_happened()} {kept}", "warning")
    again = url_for("buyer.checkout.show")
    if web.viewer().user is None and "email" not in request.form:
        return redirect(url_for("security.login", next=again), code=303)
    return redirect(again, code=303)


def _buyer() -> str:
    customer = web.viewer().customer
    return str(customer.id) if customer else ""


def _what_happened() -> str:
    viewer = web.viewer()
    chosen = viewer.member or viewer.customer
    if viewer.user is None:
        return str(_("You are no longer signed in, or the page has been open for too long."))
    if chosen and viewer.seats > 1:
        words = _("You act for %(organisation)s now, and the page was opened before.", organisation=chosen.name)
        return str(words)
    return str(_("You have signed in anew since the page was opened, or it has been open for too long."))


def _from_here() -> bool:
    """Whether a page of ours sent it; another site's must put nothing into a basket."""
    sender = urlsplit(request.headers.get("Origin") or request.referrer or "")
    return f"{sender.scheme}://{sender.netloc}/" == request.host_url


def _page_before() -> str:
    return page_before() or url_for("public.home.start")


def page_before() -> str | None:
    """The page of ours with the form that was sent; None where the browser names none, or somebody else's."""
    parts = urlsplit(request.referrer or "")
    before = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return web.own_path(before) if parts.netloc == request.host else None
