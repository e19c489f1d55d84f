"""What others have done in a bid since one last looked."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.db import db
from app.pages import web
from app.pages.staff.tenders_room import bid_in, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.pages.working_words import WHAT_HAPPENED
from app.tenders.working import news

bp = Blueprint("news", __name__, url_prefix="/<int:tender_id>/nytt")


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The latest first, with what it said before and after."""
    room = open_room(tender_id)
    if room.bid is None or room.team is None:
        return show_tab("no_bid", room, "news")
    events, more_from = news.happened(room.bid, before=web.number_asked_for("fore"))
    return show_tab(
        "news",
        room,
        "news",
        events=events,
        more_from=more_from,
        upto=room.team.upto,
        looked_at=room.team.looked_at,
        told=WHAT_HAPPENED,
        me=web.user(),
        newest=max((event.id for event in events), default=0) if "fore" not in request.args else 0,
        requirement_ids={one.id for one in room.tender.requirements},
    )


@bp.post("")
def look(tender_id: int) -> ResponseReturnValue:
    """Everything up to what the page showed has been seen. Whoever may see a bid may say so."""
    room = open_room(tender_id, lock=True)
    news.look(bid_in(room), request.form.get("upto", 0, type=int), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id)
