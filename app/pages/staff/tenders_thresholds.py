"""The dated table of thresholds: what the program knows, and what staff enter when a new amount is made known."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import Optional

from app import clock, shelf
from app.db import db
from app.pages import bid_fields, bid_words, limit_words, web
from app.pages.bid_fields import MoneyField, Needed, Positive, line
from app.pages.plain_fields import IntegerField, SelectField
from app.pages.rules import Between
from app.pages.staff.tenders_room import may_sell
from app.tenders.choosing import actions, queries
from app.tenders.choosing.actions import NewThreshold
from app.tenders.choosing.thresholds import LimitKind, built_in

bp = Blueprint("thresholds", __name__, url_prefix="/troskelvarden")


class ThresholdForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """An amount that has been made known."""

    kind = SelectField(_l("What it limits"), choices=bid_words.choices(limit_words.KINDS))
    valid_from = bid_fields.day(_l("First day"), Needed(_l("Choose the first day.")))
    valid_to = bid_fields.day(_l("Last day"), Optional())
    amount = MoneyField(_l("Kronor excl. VAT"), [Needed(_l("Write the amount.")), Positive()])
    euro = IntegerField(_l("Euro"), [Optional(), Between(1, 100_000_000, _l("Write whole euro, such as 216000."))])
    source = line(_l("Where it stands"), 300, Needed(_l("Write where it stands, so that others can check it.")))

    def given(self) -> NewThreshold:
        """What was typed."""
        return NewThreshold(
            kind=LimitKind(self.kind.data),
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            amount=self.amount.data,
            euro=self.euro.data,
            source=self.source.data,
        )


@bp.get("")
def show() -> ResponseReturnValue:
    """The whole table."""
    return _page(ThresholdForm(formdata=None))


@bp.post("")
def enter() -> ResponseReturnValue:
    """A new amount, or another for the same kind and day."""
    web.sales_only()
    form = ThresholdForm()
    if form.validate_on_submit():
        with web.refusals(form):
            actions.enter_threshold(form.given(), by=web.user(), now=clock.now())
            db.session.commit()
            shelf.clear()
            flash(_("The amount is entered and holds from its first day."), "success")
            return web.back_to(".show")
    return _page(form)


@bp.post("/<int:threshold_id>/bort")
def remove(threshold_id: int) -> ResponseReturnValue:
    """It was wrong."""
    web.sales_only()
    actions.remove_threshold(queries.entered_with(threshold_id), by=web.user(), now=clock.now())
    db.session.commit()
    shelf.clear()
    flash(_("The row is taken away. What the program brought holds again."), "success")
    return web.back_to(".show")


def _page(form: ThresholdForm) -> ResponseReturnValue:
    brought = sorted(built_in(), key=lambda one: one.valid_from, reverse=True)
    page = render_template(
        "staff/tenders/thresholds.html",
        form=form,
        entered=queries.entered(),
        brought=brought,
        kinds=limit_words.KINDS,
        may_change=may_sell(),
    )
    return page, web.status(form)
