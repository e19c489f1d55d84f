"""A member declares for itself: it is asked what nobody knows, reads the rest, and signs. It sees only its own."""

from __future__ import annotations

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, declareflow
from app.db import db
from app.errors import Refused
from app.pages import bid_words, declaring, web
from app.pages.declaring import Sent
from app.tenders import queries
from app.tenders.espd.queries import Standing
from app.tenders.models import BidParty

bp = Blueprint("declarations", __name__, url_prefix="/anbud/<int:bid_id>/forsakran/<kind>")


def _own(bid_id: int, kind: str, *, lock: bool = False) -> Standing:
    """The member's own declaration. Raises NotYours for a bid in which it has no part."""
    wanted = declaring.kind_in(kind)
    party = queries.invitation_of(web.member(), bid_id, lock=lock)
    queries.bid_by_id(bid_id)  # With everything in it, so that what is known of the party can be told.
    return declaring.the_one(declareflow.stand_of(party, now=clock.now()), wanted)


def _open(bid_id: int, kind: str) -> Standing:
    """The same to be changed. Raises Refused when the bid is handed in or its time has run out."""
    standing = _own(bid_id, kind, lock=True)
    if not _is_open(standing.party):
        raise Refused(_("The bid is handed in or its time has run out. Call us if something is wrong."))
    return standing


def _is_open(party: BidParty) -> bool:
    deadline = party.bid.tender.deadline
    return party.bid.is_draft and not party.has_declined and (deadline is None or deadline > clock.now())


@bp.get("")
def show(bid_id: int, kind: str) -> ResponseReturnValue:
    """What is left to answer, what is known, what has changed since last time."""
    return _page(_own(bid_id, kind), Sent())


def _page(standing: Standing, sent: Sent) -> ResponseReturnValue:
    party = standing.party
    page = render_template(
        "member/bids/declaration.html",
        party=party,
        tender=party.bid.tender,
        is_open=_is_open(party),
        words=bid_words,
        **declaring.values(standing, sent, may_change=_is_open(party)),
    )
    return page, sent.status


@bp.post("")
def answer(bid_id: int, kind: str) -> ResponseReturnValue:
    """Save what was answered."""
    sent = declaring.save(_open(bid_id, kind), by=web.user(), now=clock.now())
    if sent.status == 200:
        db.session.commit()
        flash(declaring.said_on(_own(bid_id, kind)), "success")
        return web.back_to(".show", bid_id=bid_id, kind=kind)
    return _page(_own(bid_id, kind), sent)


@bp.post("/underteckna")
def sign(bid_id: int, kind: str) -> ResponseReturnValue:
    """Put the member's name to it."""
    sent = declaring.sign(_open(bid_id, kind), declareflow.sign, by=web.user(), now=clock.now())
    if sent.status == 200:
        db.session.commit()
        flash(_("Thank you! The declaration is signed, and its papers are being made."), "success")
        return web.back_to(".show", bid_id=bid_id, kind=kind)
    return _page(_own(bid_id, kind), sent)


@bp.post("/oppna")
def reopen(bid_id: int, kind: str) -> ResponseReturnValue:
    """Something must be changed."""
    standing = _open(bid_id, kind)
    declareflow.reopen(standing.party, standing.kind, by=web.user(), now=clock.now())
    db.session.commit()
    flash(_("The declaration is open again. Sign it when it is right."), "success")
    return web.back_to(".show", bid_id=bid_id, kind=kind, visa="alla")


@bp.get("/<any(pdf, xml):which>")
def paper(bid_id: int, kind: str, which: str) -> ResponseReturnValue:
    """The member's own paper."""
    return declaring.paper(_own(bid_id, kind), which)
