"""A won bid becomes an agreement: what it would be, corrected and confirmed by staff."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import agreementflow
from app.db import db
from app.orders.agreements import queries as agreements
from app.pages import web
from app.pages.agreement_forms import TermsForm
from app.pages.staff.tenders_room import bid_in, leafed, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.agreeing import actions as agreeing
from app.tenders.agreeing.proposal import Proposal, proposal_of
from app.tenders.models import BidState
from app.tenders.working.duties import Act

bp = Blueprint("agreement", __name__, url_prefix="/<int:tender_id>/ramavtal")


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """What it would be; or the agreement, when it is made."""
    return _page(tender_id)


def _page(tender_id: int, form: TermsForm | None = None) -> ResponseReturnValue:
    room = open_room(tender_id)
    bid = bid_in(room)
    there = agreements.agreement_of_bid(bid.id)
    if there is not None:
        return web.back_to("staff.agreements.show", agreement_id=there.id)
    if bid.state != BidState.WON:
        return show_tab("agreement_later", room, "send"), 409 if form else 200
    proposal = proposal_of(bid, now=room.now)
    standstill = agreeing.standstill_of(bid) if form else None  # Asked about once a day lies before its end.
    form = form or TermsForm.showing(proposal, bid)
    form.fill_lists(proposal, bid)
    page = show_tab(
        "agreement",
        room,
        "send",
        form=form,
        proposal=proposal,
        leaf=leafed(proposal.rows),
        standstill=standstill,
        may_agree=room.may(Act.SUBMIT),
    )
    return page, web.status(form)


@bp.post("")
def make(tender_id: int) -> ResponseReturnValue:
    """Make it. Whoever comes second finds what the first has made."""
    room, form = open_for_change(tender_id, Act.SUBMIT), TermsForm()
    bid = bid_in(room)
    there = agreements.agreement_of_bid(bid.id)
    if there is not None:
        flash(_("The agreement was made already."), "info")
        return web.back_to("staff.agreements.show", agreement_id=there.id)
    proposal: Proposal = proposal_of(bid, now=room.now)
    form.fill_lists(proposal, bid)
    if form.validate_on_submit():
        with web.refusals(form):
            confirmed = form.confirmed(proposal, room.tender.buyer_name)
            made = agreementflow.make(bid, confirmed, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The agreement is made. Its buyers can call off from its first day."), "success")
            return web.back_to("staff.agreements.show", agreement_id=made.id)
    return _page(tender_id, form)


@bp.post("/rader")
def point(tender_id: int) -> ResponseReturnValue:
    """Which article each row of the page points at."""
    room = open_for_change(tender_id, Act.SUBMIT)
    typed = {
        int(name.removeprefix("artikel-")): value[:60]
        for name, value in request.form.items()
        if name.startswith("artikel-") and name.removeprefix("artikel-").isdecimal()
    }
    changed = agreeing.point_at(bid_in(room), typed, by=web.user(), now=room.now)
    db.session.commit()
    flash(ngettext("%(num)s row changed.", "%(num)s rows changed.", changed), "success")
    sida = request.form.get("sida", type=int)
    return web.back_to(".show", tender_id=tender_id, sida=sida, _anchor="rader")
