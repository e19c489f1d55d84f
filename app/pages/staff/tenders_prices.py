"""Sharing the price rows among the parties, asking them, and what the bid price is built of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms.validators import Optional

from app import bidflow, legalflow
from app.db import db
from app.errors import Refused
from app.pages import web
from app.pages.bid_fields import MoneyField, Needed, NotNegative, Positive, QuantityField
from app.pages.bid_words import listed
from app.pages.plain_fields import SelectField
from app.pages.promise_form import PromiseForm
from app.pages.seen import SeenForm
from app.pages.staff import tenders_asking
from app.pages.staff.tenders_costed import costed
from app.pages.staff.tenders_price_parts import price_parts
from app.pages.staff.tenders_room import Room, bid_in, leafed, open_for_change, open_room, page_with, priced_rows
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import bid_actions, promise_actions, queries, wanting
from app.tenders.bid_actions import RowCost
from app.tenders.models import Bid, BidParty, PromiseState, RowPrice, TenderPriceRow
from bids import scoring, simulation

bp = Blueprint("prices", __name__, url_prefix="/<int:tender_id>/priser")


class PercentForm(SeenForm):
    """The framework fee and our margin."""

    fee = QuantityField(_l("Framework fee, per cent"), [Needed(_l("Write a number, 0 if there is none."))])
    margin = QuantityField(_l("Our margin, per cent"), [Needed(_l("Write a number, 0 if there is none."))])


class AskForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Who is asked for what."""

    party = SelectField(_l("Party"))
    what = SelectField(_l("Row"))
    quantity = QuantityField(
        _l("Quantity a year"), [Optional(), Positive()], description=_l("Blank: all that nobody carries yet.")
    )


class RowPriceForm(SeenForm):
    """What differs for one row."""

    margin = QuantityField(_l("Own margin for the row, per cent"), [Optional(), NotNegative()])
    fixed = MoneyField(_l("Fixed unit price, kronor"), [Optional(), Positive()])
    transport = MoneyField(
        _l("Transport per unit, kronor"),
        [Optional(), NotNegative()],
        description=_l("What it costs to bring a unit. It is paid before fee and margin."),
    )
    hours = QuantityField(
        _l("Hours of work per unit"),
        [Optional(), NotNegative()],
        description=_l("For the check that the member price pays for the work."),
    )

    def cost(self) -> RowCost:
        """What was typed."""
        return RowCost(
            margin=self.margin.data, fixed=self.fixed.data, transport=self.transport.data, hours=self.hours.data
        )


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The price schedule from the inside."""
    return _page(open_room(tender_id))


def _page(room: Room, percent: PercentForm | None = None, ask_form: AskForm | None = None) -> ResponseReturnValue:
    bid, offer = room.bid, room.offer
    if bid is None or offer is None:
        return show_tab("no_bid", room, "prices"), 200
    given, shown = simulation.result(offer), leafed(priced_rows(room))
    page = show_tab(
        "prices",
        room,
        "prices",
        parts=price_parts(room.tender.id, "prices"),
        shown=shown,
        lots=costed(room, bid, shown.rows, given.lots),
        total=given.total,
        whole_term=given.total.times(room.tender.whole_term),
        shares=given.parties,
        figure=scoring.comparison_figure(given.total, offer.deductions) if offer.deductions else None,
        percent=percent or _percent_form(bid, formdata=None),
        ask_form=_short(ask_form or _ask_form(room, bid, formdata=None), shown.rows),
        waiting=[party for party in bid.parties if party.promises and party.invited_at is None],
        waits_for=partial(wanting.waits_for, now=room.now, offer=room.offer),
        may_sign=tenders_asking.who_only_sign(room),
    )
    return page, 422 if percent or ask_form else 200


def _percent_form(bid: Bid, **options: object) -> PercentForm:
    return PercentForm(**options, data={"fee": bid.fee_percent, "margin": bid.margin_percent}, prefix="percent-")


def _ask_form(room: Room, bid: Bid, **options: object) -> AskForm:
    form = AskForm(**options, prefix="ask-")
    form.party.choices = listed((str(party.id), party.member.name) for party in bid.parties)
    covered = {lot.id for lot in bid.lots} | {None}
    what = [
        ("all", _("All rows that nobody carries")),
        *((f"lot-{lot.id}", _("All of lot %(ref)s %(title)s", ref=lot.ref, title=lot.title)) for lot in bid.lots),
        *((f"row-{row.id}", f"{row.ref} {row.text[:60]}") for row in room.tender.rows if row.lot_id in covered),
    ]
    form.what.choices = listed(what)
    return form


def _short(form: AskForm, rows: Sequence[TenderPriceRow]) -> AskForm:
    """Of the rows the form offers those that the page shows, and the one that was chosen."""
    shown = {f"row-{row.id}" for row in rows} | {form.what.data}
    offered: Any = form.what.choices
    form.what.choices = [one for one in offered if one.value in shown or not one.value.startswith("row-")]
    return form


@bp.post("/procent")
def set_percentages(tender_id: int) -> ResponseReturnValue:
    """The framework fee and our margin."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = _percent_form(bid)
    if form.validate_on_submit():
        with web.refusals(form):
            bid_actions.set_percentages(bid, form.fee.data, form.margin.data, by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to("staff.tenders.prices.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, percent=form)


@bp.post("/fordela")
def ask(tender_id: int) -> ResponseReturnValue:
    """Ask a party for one row, a lot, or all that nobody carries."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = _ask_form(room, bid)
    if form.validate_on_submit():
        with web.refusals(form):
            party = next(party for party in bid.parties if str(party.id) == form.party.data)
            asked = _ask_for_rows(room, bid, party, form)
            legalflow.look_anew(bid, now=room.now)
            db.session.commit()
            name = party.member.name
            flash(
                ngettext("%(name)s is asked for %(num)s row.", "%(name)s is asked for %(num)s rows.", asked, name=name),
                "success",
            )
            return web.back_to("staff.tenders.prices.show", tender_id=tender_id, _anchor="fordela")
        room = open_room(tender_id)
    return _page(room, ask_form=form)


def _ask_for_rows(room: Room, bid: Bid, party: BidParty, form: AskForm) -> int:
    kind, _sign, row_id = form.what.data.partition("-")
    covered = {lot.id for lot in bid.lots} | {None}
    if kind == "row":
        rows = [row for row in room.tender.rows if str(row.id) == row_id]
    else:
        rows = [r for r in room.tender.rows if r.lot_id in covered and (kind == "all" or str(r.lot_id) == row_id)]
    asked = 0
    for row in rows:
        quantity = form.quantity.data if kind == "row" and form.quantity.data else _left(bid, row, party)
        if quantity > 0:
            bidflow.ask(party, row, quantity, by=web.user(), now=room.now)
            asked += 1
    if not asked:
        raise Refused(_("Nothing is left to ask for: somebody carries it all."))
    return asked


def _left(bid: Bid, row: TenderPriceRow, party: BidParty) -> Decimal:
    """What the other parties do not carry of the row."""
    taken = (
        promise.quantity
        for other in bid.parties
        if other is not party and not other.has_declined
        for promise in other.promises
        if promise.row_id == row.id and promise.state != PromiseState.DECLINED
    )
    return row.quantity - sum(taken, Decimal(0))


@bp.post("/lofte/<int:promise_id>/ta-bort")
def stop_asking(tender_id: int, promise_id: int) -> ResponseReturnValue:
    """The row goes to somebody else."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    promise = queries.promise_of(bid, promise_id)
    promise_actions.stop_asking(promise.party, promise, by=web.user(), now=room.now)
    legalflow.look_anew(bid, now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.prices.show", tender_id=tender_id)


@bp.route("/rad/<int:row_id>", methods=["GET", "POST"])
def price_row(tender_id: int, row_id: int) -> ResponseReturnValue:
    """What differs for one row."""
    room = open_for_change(tender_id)
    bid, row = bid_in(room), queries.row_of(room.tender, row_id)
    own = next((price for price in bid.row_prices if price.row_id == row_id), None)
    form = RowPriceForm(data=_own(own))
    if form.validate_on_submit():
        with web.refusals(form):
            bid_actions.price_row(bid, row, form.cost(), by=web.user(), now=room.now)
            db.session.commit()
            on_page, anchor = page_with(priced_rows(room), row_id), f"rad-{row_id}"
            return web.back_to("staff.tenders.prices.show", tender_id=tender_id, sida=on_page, _anchor=anchor)
        room = open_room(tender_id)
        row = queries.row_of(room.tender, row_id)
    return show_tab("row_price", room, "prices", form=form, row=row), web.status(form)


def _own(own: RowPrice | None) -> dict[str, object]:
    if own is None:
        return {}
    return {
        "margin": own.margin_percent,
        "fixed": own.fixed_unit_price,
        "transport": own.transport,
        "hours": own.hours,
    }


@bp.post("/bjud-in")
def invite_all(tender_id: int) -> ResponseReturnValue:
    """Invite everybody who has rows and has not been asked."""
    room = open_for_change(tender_id)
    parties = [party for party in bid_in(room).parties if party.promises and party.invited_at is None]
    tenders_asking.invite(parties, room)
    db.session.commit()
    return web.back_to("staff.tenders.prices.show", tender_id=tender_id, _anchor="svar")


@bp.post("/bjud-in/<int:party_id>")
def invite_to_sign(tender_id: int, party_id: int) -> ResponseReturnValue:
    """Invite one that has no row, but something to sign or declare."""
    room = open_for_change(tender_id)
    tenders_asking.invite([queries.party_of(bid_in(room), party_id)], room)
    db.session.commit()
    return web.back_to("staff.tenders.prices.show", tender_id=tender_id, _anchor="svar")


@bp.post("/paminn/<int:party_id>")
def remind(tender_id: int, party_id: int) -> ResponseReturnValue:
    """Remind somebody who has not answered."""
    room = open_for_change(tender_id)
    tenders_asking.remind(room, party_id)
    db.session.commit()
    return web.back_to("staff.tenders.prices.show", tender_id=tender_id, _anchor="svar")


@bp.route("/svara-at/<int:party_id>", methods=["GET", "POST"])
def promise_for(tender_id: int, party_id: int) -> ResponseReturnValue:
    """Write down what a party has promised by telephone or on paper, and who signed."""
    room = open_for_change(tender_id)
    party = queries.party_of(bid_in(room), party_id)
    form = PromiseForm(party, party.promises)
    if form.validate_on_submit():
        with web.refusals(form):
            answers = form.answers(party.promises)
            bidflow.promise_for(party, answers, form.signed_by.data, by=web.user(), now=room.now)
            legalflow.look_anew(party.bid, now=room.now)
            db.session.commit()
            return web.back_to("staff.tenders.prices.show", tender_id=tender_id, _anchor="svar")
        room = open_room(tender_id)
        party = queries.party_of(bid_in(room), party_id)
    own = {str(promise.id): promise for promise in party.promises}
    return show_tab("promise_for", room, "prices", form=form, party=party, own=own), web.status(form)
