"""Sharing the rows as cheaply as the parties' limits allow: limits, a proposal beside what stands, taking it over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app import bidflow, legalflow
from app.db import db, take_writers_place
from app.errors import Refused
from app.money import NOUGHT, Money
from app.pages import web
from app.pages.bid_fields import Percent, QuantityField
from app.pages.bid_words import listed
from app.pages.plain_fields import SelectMultipleField
from app.pages.seen import SeenForm
from app.pages.staff.tenders_price_parts import price_parts
from app.pages.staff.tenders_room import Room, bid_in, check_writer, leafed, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import queries
from app.tenders.joint import actions, proposing
from app.tenders.joint.actions import LimitDraft
from app.tenders.joint.free import Free
from app.tenders.joint.proposing import Ground
from app.tenders.models import Bid, BidParty, TenderPriceRow
from app.tenders.offers import key_of
from app.tenders.watching.whereabouts import in_words
from bids import pricing
from bids.capacity_values import Limit
from bids.offer import Offer
from bids.pricing import PartyValue
from bids.proposal_values import Proposal

bp = Blueprint("allocation", __name__, url_prefix="/<int:tender_id>/priser/fordelning")


class LimitForm(SeenForm):
    """What a party may have of the bid."""

    smallest = QuantityField(_l("Smallest part, per cent"), [Optional(), Percent()])
    largest = QuantityField(_l("Largest part, per cent"), [Optional(), Percent()])
    wish = QuantityField(
        _l("Would rather stay under, per cent"),
        [Optional(), Percent()],
        description=_l("Holds as long as all rows can be carried."),
    )
    under_line = BooleanField(
        _l("At most 10 per cent, so that no sanctions declaration is needed"),
        description=_l("Regulation (EU) 833/2014, article 5k."),
    )
    lots = SelectMultipleField(
        _l("Works in"),
        description=_l("None chosen: everywhere."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def draft(self) -> LimitDraft:
        """What was typed."""
        return LimitDraft(
            smallest=self.smallest.data,
            largest=self.largest.data,
            wish=self.wish.data,
            under_line=self.under_line.data,
        )


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party's part now and, beside a proposal, after it."""

    party: BidParty
    limit: Limit
    now: PartyValue
    after: PartyValue | None = None

    @property
    def difference(self) -> Money:
        """What the proposal gives it more; under nought for less."""
        return (self.after.amount if self.after else NOUGHT) - self.now.amount


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A row that would be shared in another way, with names."""

    row: TenderPriceRow
    before: Sequence[tuple[str, Decimal]]
    after: Sequence[tuple[str, Decimal]]


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The parties' limits, and what is taken of their capacity already."""
    room = open_room(tender_id)
    bid, offer = room.bid, room.offer
    if bid is None or offer is None:
        return show_tab("no_bid", room, "prices")
    ground = proposing.ground_of(bid, offer, now=room.now)
    return show_tab(
        "allocation",
        room,
        "prices",
        parts=price_parts(tender_id, "allocation"),
        lines=_lines(bid, ground.limits, pricing.value_per_party(offer)),
        taken=leafed(_taken(ground.free.values())),
    )


def _taken(free: Iterable[Free]) -> list[Free]:
    found = [one for one in free if one.taken]
    return sorted(found, key=lambda one: (one.offering.article.name, one.offering.id))


def _lines(
    bid: Bid,
    limits: Sequence[Limit],
    before: dict[str, PartyValue],
    after: dict[str, PartyValue] | None = None,
) -> list[PartyLine]:
    by_key = {limit.party_key: limit for limit in limits}
    none = PartyValue(NOUGHT, Decimal(0))
    return [
        PartyLine(party, by_key[key], before.get(key, none), after.get(key, none) if after is not None else None)
        for party in bid.parties
        if (key := key_of(party.member)) in by_key
    ]


@bp.route("/part/<int:party_id>", methods=["GET", "POST"])
def limit(tender_id: int, party_id: int) -> ResponseReturnValue:
    """What a party may have."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    party = queries.party_of(bid, party_id)
    form = _limit_form(bid, party)
    if form.validate_on_submit():
        with web.refusals(form):
            lots = [lot for lot in bid.lots if str(lot.id) in (form.lots.data or ())]
            actions.set_limit(party, form.draft(), lots, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The limits of %(name)s are saved.", name=party.member.name), "success")
            return web.back_to("staff.tenders.allocation.show", tender_id=tender_id)
        room = open_room(tender_id)
        party = queries.party_of(bid_in(room), party_id)
    return show_tab("limit", room, "prices", form=form, party=party), web.status(form)


def _limit_form(bid: Bid, party: BidParty) -> LimitForm:
    own = party.limit
    form = LimitForm(
        data={
            "smallest": own.smallest if own else None,
            "largest": own.largest if own else None,
            "wish": own.wish if own else None,
            "under_line": own.under_line if own else False,
            "lots": sorted(str(lot_id) for lot_id in proposing.areas_of(party)),
        }
    )
    form.lots.choices = listed(
        (str(lot.id), f"{lot.ref} {lot.title}{f', {in_words(lot.place)}' if lot.place else ''}") for lot in bid.lots
    )
    return form


@bp.get("/forslag")
def proposal(tender_id: int) -> ResponseReturnValue:
    """The cheapest sharing within the limits, beside what stands. Nothing is changed by looking."""
    room = open_room(tender_id)
    bid, offer = room.bid, room.offer
    if bid is None or offer is None:
        return show_tab("no_bid", room, "prices")
    ground = proposing.ground_of(bid, offer, now=room.now)
    found = proposing.proposal_on(ground, offer)
    return show_tab(
        "proposal",
        room,
        "prices",
        parts=price_parts(tender_id, "allocation"),
        proposal=found,
        short_times=proposing.short_times(bid, ground, found),
        lines=_lines(bid, ground.limits, found.before, found.after),
        changes=leafed(_changes(room, bid, found)),
        take_over_url=url_for(".take_over", tender_id=tender_id),
    )


def _changes(room: Room, bid: Bid, found: Proposal) -> list[ChangeLine]:
    refs = {lot.id: lot.ref for lot in room.tender.lots}
    rows = {(refs.get(row.lot_id or 0), row.ref): row for row in room.tender.rows}
    names = {key_of(party.member): party.member.name for party in bid.parties}

    def named(parts: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
        return [(names.get(key, key), quantity) for key, quantity in parts]

    return [
        ChangeLine(rows[change.lot_ref, change.ref], named(change.before), named(change.after))
        for change in found.changes
    ]


@bp.post("/forslag")
@web.writes_late
def take_over(tender_id: int) -> ResponseReturnValue:
    """Ask the parties for what was proposed. Refused when the proposal is no longer the one that was looked at.

    It is found anew before anything is held: it takes a second or two, and meanwhile others work in the bid. What it
    rests on is then read once more, held.
    """
    ground, offer = _looked_at(tender_id)
    found = proposing.proposal_on(ground, offer)
    take_writers_place()
    room = open_for_change(tender_id)
    bid = bid_in(room)
    same = proposing.is_same((ground, offer), _ground(room))
    if not same or request.form.get("mark", "") != found.mark:
        raise Refused(_("Prices, limits or quantities have changed since you saw the proposal. Look at the new one."))
    changed = bidflow.take_over(bid, found, by=web.user(), now=room.now)
    legalflow.look_anew(bid, now=room.now)
    db.session.commit()
    names = ", ".join(party.member.name for party in changed)
    if changed:
        flash(_("The rows are shared as proposed. New quantities for %(names)s.", names=names.rstrip(".")), "success")
    else:
        flash(_("The rows were shared like that already."), "success")
    return web.back_to("staff.tenders.prices.show", tender_id=tender_id)


def _looked_at(tender_id: int) -> tuple[Ground, Offer]:
    """What a proposal rests on, read without holding anything; and the transaction is over by then."""
    check_writer(tender_id)
    room = open_room(tender_id)
    found = _ground(room)
    db.session.rollback()
    return found


def _ground(room: Room) -> tuple[Ground, Offer]:
    bid, offer = bid_in(room), room.offer
    if offer is None:
        raise Refused(_("There is no bid yet. Begin one first."))
    return proposing.ground_of(bid, offer, now=room.now), offer
