"""What the bid gives: on some lots only, at other margins and volumes, and whether the prices pay for the work."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from app.db import db
from app.money import Money
from app.pages import web
from app.pages.bid_fields import MoneyField, Positive
from app.pages.seen import SeenForm
from app.pages.staff.tenders_price_parts import price_parts
from app.pages.staff.tenders_room import Room, bid_in, leafed, open_for_change, open_room, priced_rows
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.joint import actions
from app.tenders.models import Bid, TenderLot, TenderPriceRow
from app.tenders.offers import key_of
from bids import cost_checks, simulation
from bids.offer import Offer, Share
from bids.simulation import Result, Turn

bp = Blueprint("reckoning", __name__, url_prefix="/<int:tender_id>/priser/kalkyl")


class LabourForm(SeenForm):
    """What an hour of work costs at least."""

    floor = MoneyField(
        _l("An hour of work costs at least, kronor"),
        [Optional(), Positive()],
        description=_l("Wage by the collective agreement with holiday pay and employer's fees. Blank: no check."),
    )


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot by itself."""

    lot: TenderLot
    result: Result


@dataclass(frozen=True, slots=True)
class TurnLine:
    """What becomes of the whole at another margin or volume, and how much that is more; under nought for less."""

    turn: Turn
    more: Money
    more_for_us: Money


@dataclass(frozen=True, slots=True)
class PartyTurns:
    """What a party's part becomes at each turn: the amount, and how much that is more than now."""

    name: str
    now: Money
    turns: tuple[tuple[Money, Money], ...]


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A row whose member prices do not pay for its hours."""

    row: TenderPriceRow
    hours: Decimal
    floor: Money
    shares: tuple[tuple[str, Share], ...]


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The result, lot by lot and turn by turn."""
    return _page(open_room(tender_id))


def _page(room: Room, labour: LabourForm | None = None) -> ResponseReturnValue:
    bid, offer = room.bid, room.offer
    if bid is None or offer is None:
        return show_tab("no_bid", room, "prices"), 200
    now, turns = simulation.result(offer), simulation.sensitivity(offer)
    chosen = [lot for lot in bid.lots if lot.ref in request.args.getlist("omrade")]
    page = show_tab(
        "reckoning",
        room,
        "prices",
        parts=price_parts(room.tender.id, "reckoning"),
        now=now,
        lot_lines=_lot_lines(bid, offer),
        chosen=chosen,
        only=simulation.result(simulation.on_lots(offer, {lot.ref for lot in chosen})) if chosen else None,
        names={key_of(party.member): party.member.name for party in bid.parties},
        turns=[TurnLine(t, t.result.total - now.total, t.result.margin - now.margin) for t in turns],
        party_turns=_party_turns(bid, now, turns),
        short=leafed(_short(room, bid, offer)),
        labour=labour or _labour_form(bid, formdata=None),
    )
    return page, 422 if labour else 200


def _lot_lines(bid: Bid, offer: Offer) -> list[LotLine]:
    """Each lot by itself, without the rows of the whole tender."""
    return [LotLine(lot, simulation.result(simulation.one_lot(offer, lot.ref))) for lot in bid.lots]


def _party_turns(bid: Bid, now: Result, turns: tuple[Turn, ...]) -> list[PartyTurns]:
    found = []
    for party in bid.parties:
        key = key_of(party.member)
        if key in now.parties:
            before = now.parties[key].amount
            amounts = [turn.result.parties[key].amount for turn in turns]
            found.append(PartyTurns(party.member.name, before, tuple((after, after - before) for after in amounts)))
    return found


def _short(room: Room, bid: Bid, offer: Offer) -> list[ShortLine]:
    """The rows whose price does not pay for the work, in the order of the bid."""
    if offer.labour_floor is None:
        return []
    refs = {lot.id: lot.ref for lot in room.tender.lots}
    names = {key_of(party.member): party.member.name for party in bid.parties}
    values = {(value.lot_ref, value.ref): value for value in offer.rows}
    found = []
    for row in priced_rows(room):
        value = values[refs.get(row.lot_id or 0), row.ref]
        shares = cost_checks.short_of_labour(offer, value)
        if shares:
            named = tuple((names.get(share.party_key, share.party_key), share) for share in shares)
            found.append(ShortLine(row, value.hours, offer.labour_floor.times(value.hours), named))
    return found


def _labour_form(bid: Bid, **options: object) -> LabourForm:
    floor = bid.reckoning.labour_floor if bid.reckoning else None
    return LabourForm(**options, data={"floor": floor}, prefix="labour-")


@bp.post("/arbete")
def set_labour(tender_id: int) -> ResponseReturnValue:
    """What an hour of work costs at least."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = _labour_form(bid)
    if form.validate_on_submit():
        with web.refusals(form):
            actions.set_labour_floor(bid, form.floor.data, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The lowest cost of an hour is saved."), "success")
            return web.back_to("staff.tenders.reckoning.show", tender_id=tender_id, _anchor="arbete")
        room = open_room(tender_id)
    return _page(room, labour=form)
