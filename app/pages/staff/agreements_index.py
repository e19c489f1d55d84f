"""New prices by an agreement's index: a figure is entered, what it means is shown, and then it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import agreementflow, clock
from app.catalog.pricing.queries import ROWS, row_page
from app.db import db
from app.errors import NotYours
from app.money import Money
from app.orders.agreements import queries, rising
from app.orders.agreements.models import Agreement
from app.orders.agreements.rising import Figure
from app.orders.agreements.terms import Window
from app.pages import web
from app.pages.agreement_forms import FigureForm, asked_day
from bids.index_rise import Weighed, price_after

bp = Blueprint("index", __name__, url_prefix="/<int:agreement_id>/index")


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A row before and after."""

    name: str
    number: str
    before: Money
    after: Money


@bp.route("/<from_day>", methods=["GET", "POST"])
def weigh(agreement_id: int, from_day: str) -> ResponseReturnValue:
    """First what a figure would mean; with the second button the prices follow."""
    agreement = queries.agreement_with(agreement_id, lock=web.changing())
    window, answer = _window(agreement, from_day), None
    if not web.changing():
        rising.check_undecided(agreement, window)
    form = FigureForm(asked_on=clock.local_date(clock.now()))
    if form.validate_on_submit():
        with web.refusals(form):
            figure = Figure(form.figure.data, form.source.data, form.asked_on.data)
            if request.form.get("then") == "decide":
                rise = agreementflow.raise_prices(agreement, window, figure, by=web.user(), now=clock.now())
                applied = rise.price_list_id is not None
                db.session.commit()
                told = _("The new prices are saved, and the buyers get a letter.")
                flash(told if applied else _("The change is carried over to next time."), "success")
                return web.back_to("staff.agreements.show", agreement_id=agreement_id, _anchor="index")
            answer = rising.weighed(agreement, window, figure, now=clock.now())
        agreement = queries.agreement_with(agreement_id)
    page = render_template(
        "staff/agreement_index.html",
        agreement=agreement,
        window=window,
        form=form,
        answer=answer,
        prices=_preview(agreement, window.from_day, answer) if answer and answer.applies else (),
        most=ROWS,
    )
    return page, web.status(form)


def _window(agreement: Agreement, typed: str) -> Window:
    day = asked_day(typed)
    if day is None:
        raise NotYours
    return rising.window_from(agreement, day)


def _preview(agreement: Agreement, day: date, answer: Weighed) -> list[NewPrice]:
    """The first rows as they would be."""
    price_list = queries.list_on(agreement, day)
    if price_list is None:
        return []
    return [
        NewPrice(row.name, row.number, row.price, price_after(row.price, answer.percent))
        for row in row_page(price_list, "", 1).rows
    ]
