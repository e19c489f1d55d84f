"""Members that leave a bid: what opens, who could step in, and what those who have left had promised."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from app import legalflow
from app.db import db
from app.pages import web
from app.pages.bid_fields import Needed, at_most
from app.pages.staff.tenders_room import bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import queries
from app.tenders.legal import withdrawing
from app.tenders.legal.withdrawing import Kept
from app.tenders.models import BidState

bp = Blueprint("withdrawals", __name__, url_prefix="/<int:tender_id>/avhopp")


class LeavesForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What the member said."""

    reason = TextAreaField(_l("Why it leaves"), [Needed(_l("Write a few words about why.")), at_most(1000)])


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Those who have left, the latest first."""
    room = open_room(tender_id)
    if room.bid is None:
        return show_tab("no_bid", room, "bid")
    rows = withdrawing.withdrawals_of(room.bid)
    kept = {row.id: [Kept.read(told) for told in row.promised] for row in rows}
    return show_tab("withdrawals", room, "bid", withdrawals=rows, kept=kept)


@bp.route("/<int:party_id>", methods=["GET", "POST"])
def leave(tender_id: int, party_id: int) -> ResponseReturnValue:
    """What it would mean that a party leaves; and when it does, what it had promised is kept."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    party, form = queries.party_of(bid, party_id), LeavesForm()
    if form.validate_on_submit():
        with web.refusals(form):
            reason = (form.reason.data or "").strip()
            if bid.is_draft:
                legalflow.take_out(bid, party, reason, by=web.user(), now=room.now)
                legalflow.look_anew(bid, now=room.now)
            else:
                legalflow.note_left(bid, party, reason, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("It is written down. What was promised can still be read here."), "success")
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
        bid = bid_in(room)
        party = queries.party_of(bid, party_id)
    opens = legalflow.what_if_gone(bid, party, now=room.now) if room.offer is not None else []
    steps_in = withdrawing.who_steps_in(bid, party, now=room.now)
    page = show_tab(
        "leaves",
        room,
        "bid",
        form=form,
        party=party,
        opens=opens,
        steps_in=steps_in,
        may_reopen=bid.state == BidState.SUBMITTED and room.offer is not None and room.now <= room.offer.deadline,
    )
    return page, web.status(form)
