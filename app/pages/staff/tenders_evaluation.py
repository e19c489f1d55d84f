"""What the buyer's evaluation would make of our bid beside rivals whose prices we assume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import Optional

from app.db import db
from app.errors import NotYours
from app.money import NOUGHT, Money
from app.pages import bid_words, web
from app.pages.bid_fields import MoneyField, Needed, NotNegative, Percent, Positive, QuantityField, line
from app.pages.plain_fields import RadioField
from app.pages.seen import SeenForm
from app.pages.staff.tenders_price_parts import price_parts
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.joint import actions
from app.tenders.joint.actions import TermsDraft
from app.tenders.models import Bid, BidReckoning
from bids import evaluation, pricing, scoring
from bids.evaluation import Contender, Model, Placed, Terms
from bids.kinds import AwardBasis
from bids.offer import Offer

bp = Blueprint("evaluation", __name__, url_prefix="/<int:tender_id>/priser/utvardering")
MODELS = {
    Model.LOWEST_PRICE: _l("Lowest price"),
    Model.DEDUCTIONS: _l("Price minus deductions in kronor"),
    Model.WEIGHTS: _l("Weights, price on a fixed scale"),
    Model.RELATIVE: _l("Weights, price relative to the lowest"),
}
IN_POINTS = {Model.WEIGHTS, Model.RELATIVE}


class TermsForm(SeenForm):
    """The buyer's model."""

    model = RadioField(_l("How the buyer compares"), choices=bid_words.choices(MODELS))
    price_weight = QuantityField(
        _l("The price's weight, per cent"),
        [Needed(_l("Write 0 to 100.")), Percent()],
        description=_l("For the models with weights; quality has the rest."),
    )
    our_quality = QuantityField(_l("Our points for quality, 0 to 100"), [Needed(_l("Write 0 to 100.")), Percent()])
    full_at = MoneyField(
        _l("Full points at a price of, kronor a year"),
        [Optional(), NotNegative()],
        description=_l("For the fixed scale."),
    )
    none_at = MoneyField(
        _l("No points at a price of, kronor a year"), [Optional(), Positive()], description=_l("For the fixed scale.")
    )

    def draft(self) -> TermsDraft:
        """What was typed."""
        return TermsDraft(
            model=next(model for model in Model if model == self.model.data),
            price_weight=self.price_weight.data,
            full_at=self.full_at.data,
            none_at=self.none_at.data,
            our_quality=self.our_quality.data,
        )


class RivalForm(FlaskForm):  # type: ignore[misc]
    """Somebody else's bid as we believe it to be."""

    name = line(_l("Who"), 100, Needed(_l("Write a name.")))
    price = MoneyField(_l("Assumed price, kronor a year"), [Needed(_l("Write an amount.")), Positive()])
    deductions = MoneyField(_l("Assumed deductions, kronor"), [Optional(), NotNegative()])
    quality = QuantityField(_l("Assumed points for quality, 0 to 100"), [Optional(), Percent()])


@dataclass(frozen=True, slots=True)
class Bar:
    """A bid in the picture: its parts, and what they add up to in words.

    A part has a kind, where it begins and how wide it is, in per cent of the picture's width.
    """

    name: str
    ours: bool
    parts: tuple[tuple[str, Decimal, Decimal], ...]
    says: str


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The model, the bids, and who would win."""
    return _page(open_room(tender_id))


def _page(room: Room, terms: TermsForm | None = None, rival: RivalForm | None = None) -> ResponseReturnValue:
    bid, offer = room.bid, room.offer
    if bid is None or offer is None:
        return show_tab("no_bid", room, "prices"), 200
    given, contenders = _terms(room, bid), _contenders(bid, offer)
    can = contenders[0].price > NOUGHT
    placed = evaluation.evaluate(contenders, given) if can else ()
    page = show_tab(
        "evaluation",
        room,
        "prices",
        parts=price_parts(room.tender.id, "evaluation"),
        terms=given,
        model_name=MODELS[given.model],
        in_points=given.model in IN_POINTS,
        placed=placed,
        bars=_bars(placed),
        ours=next((one for one in placed if one.contender.is_ours), None),
        to_win=evaluation.price_to_win(contenders, given) if can and bid.rivals else None,
        terms_form=terms or _terms_form(room, bid, formdata=None),
        rival_form=rival or RivalForm(formdata=None, prefix="rival-"),
    )
    return page, 422 if terms or rival else 200


def _terms(room: Room, bid: Bid) -> Terms:
    """The model that staff have chosen, else the one that the tender's facts point at."""
    own = bid.reckoning
    if own is None:
        return Terms(model=Model.DEDUCTIONS if room.tender.deductions else Model.LOWEST_PRICE)
    return Terms(
        model=own.model,
        price_weight=own.price_weight,
        full_at=own.full_at or NOUGHT,
        none_at=own.none_at or NOUGHT,
    )


def _contenders(bid: Bid, offer: Offer) -> list[Contender]:
    """Our own bid first, at the price that it has now, and then the rivals."""
    ours = Contender(
        name=_("Our bid"),
        price=pricing.grand_total(offer),
        deductions=Money.total(scoring.deducted(deduction) for deduction in offer.deductions),
        quality=bid.reckoning.our_quality if bid.reckoning else Decimal(0),
        is_ours=True,
    )
    rivals = [
        Contender(name=one.name, price=one.price, deductions=one.deductions, quality=one.quality) for one in bid.rivals
    ]
    return [ours, *rivals]


def _bars(placed: Sequence[Placed]) -> list[Bar]:
    """The picture: kronor against the largest figure, points against a hundred."""
    most = max((one.figure.ore for one in placed if one.figure is not None), default=0)
    found = []
    for one in placed:
        parts: tuple[tuple[str, Decimal, Decimal], ...]
        if one.figure is not None:
            parts, says = (("price", Decimal(0), _width(max(0, one.figure.ore), most)),), str(one.figure)
        else:
            price, quality = one.price_points or Decimal(0), one.quality_points or Decimal(0)
            parts = ("price", Decimal(0), price), ("quality", price, quality)
            says = _("%(points)s points", points=f"{one.points}".replace(".", ","))
        found.append(Bar(one.contender.name, one.contender.is_ours, parts, says))
    return found


def _width(part: int, whole: int) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole > 0 else Decimal(0)


def _terms_form(room: Room, bid: Bid, **options: object) -> TermsForm:
    terms, own = _terms(room, bid), bid.reckoning or BidReckoning()
    form = TermsForm(
        **options,
        prefix="terms-",
        data={
            "model": str(terms.model),
            "price_weight": terms.price_weight,
            "our_quality": own.our_quality or Decimal(0),
            "full_at": own.full_at,
            "none_at": own.none_at,
        },
    )
    if room.tender.award_basis == AwardBasis.QUALITY_PRICE and not room.tender.deductions:
        form.model.description = _("The notice says price and quality: see the criteria on the overview.")
    return form


@bp.post("")
def save(tender_id: int) -> ResponseReturnValue:
    """Keep the model."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = _terms_form(room, bid)
    if form.validate_on_submit():
        with web.refusals(form):
            actions.set_terms(bid, form.draft(), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The evaluation is saved."), "success")
            return web.back_to("staff.tenders.evaluation.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, terms=form)


@bp.post("/andra")
def add_rival(tender_id: int) -> ResponseReturnValue:
    """One more bid to reckon with."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = RivalForm(prefix="rival-")
    if form.validate_on_submit():
        with web.refusals(form):
            actions.add_rival(
                bid,
                form.name.data,
                form.price.data,
                deductions=form.deductions.data or NOUGHT,
                quality=form.quality.data or Decimal(0),
                by=web.user(),
                now=room.now,
            )
            db.session.commit()
            return web.back_to("staff.tenders.evaluation.show", tender_id=tender_id, _anchor="andra")
        room = open_room(tender_id)
    return _page(room, rival=form)


@bp.post("/andra/<int:rival_id>/ta-bort")
def remove_rival(tender_id: int, rival_id: int) -> ResponseReturnValue:
    """We no longer reckon with that bid."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    found = next((each for each in bid.rivals if each.id == rival_id), None)
    if found is None:
        raise NotYours
    actions.remove_rival(bid, found, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to("staff.tenders.evaluation.show", tender_id=tender_id, _anchor="andra")
