"""What a public buyer has bought from us directly in a year, and how near the limit it is."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.errors import NotYours
from app.pages import limit_words, web
from app.tenders.choosing import purchases

bp = Blueprint("direct_purchases", __name__, url_prefix="/bestallningar/direktkop")


@bp.get("")
def show() -> ResponseReturnValue:
    """The buyer's own purchases of this year, or of an earlier one."""
    viewer = web.viewer()
    if viewer.user is None:
        return redirect(url_for("security.login", next=request.path))
    if viewer.customer is None:
        raise NotYours
    years = purchases.years_of(viewer.customer, clock.local_date(clock.now()))
    asked = request.args.get("ar", type=int)
    found = limit_words.purchases_of(viewer.customer, asked if asked in years else None)
    if found is None:
        raise NotYours
    levels = limit_words.LEVELS
    return render_template("buyer/direct_purchases.html", purchases=found, years=years, limit_levels=levels)
