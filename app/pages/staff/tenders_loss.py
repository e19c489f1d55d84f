"""That a price row may run at a loss: decided with a reason, for the price that it has."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from app.db import db
from app.errors import NotYours, Refused
from app.pages import web
from app.pages.bid_fields import Needed, at_most
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room, page_with, priced_rows
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import bid_actions, queries
from app.tenders.models import TenderPriceRow
from bids import cost_checks, pricing
from bids.offer import PriceRow

bp = Blueprint("loss", __name__, url_prefix="/<int:tender_id>/priser/rad/<int:row_id>/forlust")


class LossForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Why."""

    reason = TextAreaField(
        _l("Why the row may run at a loss"), [Needed(_l("Write a few words about why.")), at_most(1000)]
    )


@bp.get("")
def show(tender_id: int, row_id: int) -> ResponseReturnValue:
    """What the row loses, and what was decided of it."""
    return _page(open_room(tender_id), row_id, LossForm(formdata=None))


@bp.post("")
def decide(tender_id: int, row_id: int) -> ResponseReturnValue:
    """It may, at the price that it has."""
    room, form = open_for_change(tender_id), LossForm()
    row = queries.row_of(room.tender, row_id)
    if form.validate_on_submit():
        with web.refusals(form):
            parts = pricing.breakdown(_value(room, row))
            if parts is None or not cost_checks.is_at_loss(_value(room, row), parts):
                raise Refused(_("The row does not run at a loss, so there is nothing to decide."))
            bid_actions.decide_loss(
                bid_in(room), row, parts.unit_price, form.reason.data or "", by=web.user(), now=room.now
            )
            db.session.commit()
            flash(_("It is decided that row %(ref)s may run at a loss.", ref=row.ref), "success")
            return _back(room, row)
        room = open_room(tender_id)
    return _page(room, row_id, form)


@bp.post("/bort")
def take_back(tender_id: int, row_id: int) -> ResponseReturnValue:
    """It may not after all."""
    room = open_for_change(tender_id)
    row = queries.row_of(room.tender, row_id)
    bid_actions.decide_loss(bid_in(room), row, None, "", by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The decision is taken back."), "success")
    return _back(room, row)


def _back(room: Room, row: TenderPriceRow) -> ResponseReturnValue:
    on_page = page_with(priced_rows(room), row.id)
    return web.back_to("staff.tenders.prices.show", tender_id=room.tender.id, sida=on_page, _anchor=f"rad-{row.id}")


def _page(room: Room, row_id: int, form: LossForm) -> ResponseReturnValue:
    row = queries.row_of(room.tender, row_id)
    value = _value(room, row)
    parts = pricing.breakdown(value)
    own = next((price for price in bid_in(room).row_prices if price.row_id == row_id), None)
    page = show_tab(
        "loss",
        room,
        "prices",
        form=form,
        row=row,
        price=parts.unit_price if parts else None,
        lowest=pricing.lowest_price(value),
        is_at_loss=parts is not None and cost_checks.is_at_loss(value, parts),
        decided=own if own is not None and own.loss_from is not None else None,
    )
    return page, web.status(form)


def _value(room: Room, row: TenderPriceRow) -> PriceRow:
    """The row as the offer has it. Raises NotYours for one that the bid does not cover."""
    refs = {lot.id: lot.ref for lot in room.tender.lots}
    wanted = refs.get(row.lot_id or 0), row.ref
    rows = room.offer.rows if room.offer is not None else ()
    found = next((one for one in rows if (one.lot_ref, one.ref) == wanted), None)
    if found is None:
        raise NotYours
    return found
