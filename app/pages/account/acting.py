"""For whom a person acts who may act for several: seen at the top of each page, and changed here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.accounts import queries
from app.pages import web
from app.pages.seats_chosen import choose_seat
from app.tokens.queries import seats_of

bp = Blueprint("acting", __name__, url_prefix="/byt")


@bp.route("", methods=["GET"])
def show() -> ResponseReturnValue:
    """Each organisation, and which of them it is now."""
    viewer = web.viewer()
    seats = seats_of(web.user(), web.MOST_SEATS)
    now = viewer.member or viewer.customer
    return render_template("account/acting.html", seats=seats, now=now.name if now else "")


@bp.route("/<int:seat_id>", methods=["POST"])
def choose(seat_id: int) -> ResponseReturnValue:
    """Act for another one."""
    seat = queries.seat_of(web.user(), seat_id)
    if FlaskForm().validate_on_submit():
        choose_seat(seat)
        viewer = web.viewer()
        chosen = viewer.member or viewer.customer
        flash(_("You act for %(organisation)s now.", organisation=chosen.name if chosen else ""), "success")
        if session.get("basket"):
            flash(_("What lay in the basket still does, now at this organisation's prices."), "info")
        if (onward := web.own_path(request.form.get("next", ""))) is not None:
            return redirect(onward, code=303)
    return web.back_to("public.home.mine")
