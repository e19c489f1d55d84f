"""Why each member could not bid alone, lot by lot, and who has another bid beside ours."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.db import db
from app.pages import bid_words, web
from app.pages.bid_fields import at_most
from app.pages.plain_fields import SelectMultipleField
from app.pages.seen import SeenForm
from app.pages.staff.tenders_room import bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import queries
from app.tenders.legal import reason_actions
from app.tenders.legal.offered import reasons_of
from app.tenders.legal.reason_actions import LONGEST, Reason
from app.tenders.models import BidParty
from bids.competition import lots_without_reason
from bids.legal_values import ReasonKind

bp = Blueprint("competition", __name__, url_prefix="/<int:tender_id>/konkurrens")
REASONS = {
    ReasonKind.CAPACITY: _l("Capacity"),
    ReasonKind.GEOGRAPHY: _l("Geography"),
    ReasonKind.INSURANCE: _l("Insurance"),
    ReasonKind.TURNOVER: _l("Turnover"),
    ReasonKind.TIME: _l("Time"),
}


class GeneralForm(SeenForm):
    """What holds for all lots; the fields for each lot are made as the bid has them."""

    general = TextAreaField(_l("In general"), [Optional(), at_most(2000)])


def reasons_form(party: BidParty) -> GeneralForm:
    """The general words, and for each lot of the bid five reasons and a few words."""

    class ReasonsForm(GeneralForm):
        """This bid's lots."""

    for key in reason_actions.lot_keys(party):
        reasons = SelectMultipleField(
            _l("Reasons"),
            choices=bid_words.choices(REASONS),
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
        )
        setattr(ReasonsForm, f"kinds_{key}", reasons)
        setattr(ReasonsForm, f"words_{key}", TextAreaField(_l("In a few words"), [Optional(), at_most(LONGEST)]))
    return ReasonsForm(data=_data(party))


def _data(party: BidParty) -> dict[str, Any]:
    data: dict[str, Any] = {"general": party.why_not_alone}
    for key, given in party.lot_reasons.items():
        data |= {f"kinds_{key}": given["kinds"], f"words_{key}": given["words"]}
    return data


def _typed(form: GeneralForm, party: BidParty) -> dict[str, Reason]:
    return {
        key: Reason(
            tuple(kind for kind in ReasonKind if kind.value in (form[f"kinds_{key}"].data or ())),
            (form[f"words_{key}"].data or "").strip(),
        )
        for key in reason_actions.lot_keys(party)
    }


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Each party's reasons, and what it says of other bids."""
    room = open_room(tender_id)
    if room.offer is None or room.bid is None:
        return show_tab("no_bid", room, "bid")
    values = {party.key: party for party in room.offer.parties}
    shown = [party for party in room.bid.parties if not party.has_declined and not party.member.is_sales_company]
    return show_tab(
        "competition",
        room,
        "bid",
        shown=shown,
        reasons={party.id: {one.lot_ref: one for one in reasons_of(party)} for party in shown},
        wanting={party.id: lots_without_reason(room.offer, values[party.member.slug]) for party in shown},
        lot_refs=[lot.ref for lot in room.offer.lots] or [None],
        labels=REASONS,
    )


@bp.route("/<int:party_id>", methods=["GET", "POST"])
def edit(tender_id: int, party_id: int) -> ResponseReturnValue:
    """Why a party could not bid alone."""
    room = open_for_change(tender_id)
    party = queries.party_of(bid_in(room), party_id)
    form = reasons_form(party)
    if form.validate_on_submit():
        with web.refusals(form):
            general = (form.general.data or "").strip()
            reason_actions.give_reasons(party, _typed(form, party), general, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The reasons are saved."), "success")
            return web.back_to(".show", tender_id=tender_id, _anchor=f"part-{party_id}")
        room = open_room(tender_id)
        party = queries.party_of(bid_in(room), party_id)
    lots = [(str(lot.id), f"{lot.ref} {lot.title}") for lot in party.bid.lots] or [("", _("The whole tender"))]
    return show_tab("reasons", room, "bid", form=form, party=party, lots=lots), web.status(form)
