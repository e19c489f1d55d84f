"""All that was said in a bid, and a word about the whole of it."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from app import teamflow
from app.db import db
from app.pages import web
from app.pages.staff.tenders_beside import RemarkForm, addressed, remark_form
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.working import comment_actions, queries
from app.tenders.working.duties import Act

bp = Blueprint("comments", __name__, url_prefix="/<int:tender_id>/kommentarer")


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The latest first."""
    return _page(open_room(tender_id))


def _page(room: Room, form: RemarkForm | None = None) -> ResponseReturnValue:
    if room.bid is None:
        return show_tab("no_bid", room, "together"), 200
    page = show_tab(
        "comments",
        room,
        "together",
        comments=queries.comments_of(room.bid, request.args.get("sida", 1, type=int)),
        refs={one.id: one.ref for one in room.tender.requirements},
        remark_form=form or remark_form(room, (), formdata=None),
        may_comment=room.may(Act.COMMENT) and room.bid.is_draft,
        me=web.user(),
        page_url=lambda number: url_for(".show", tender_id=room.tender.id, sida=number),
    )
    return page, 422 if form else 200


@bp.post("")
def say(tender_id: int) -> ResponseReturnValue:
    """A remark on the whole bid."""
    room = open_for_change(tender_id, Act.COMMENT)
    form = remark_form(room, ())
    if form.validate_on_submit():
        with web.refusals(form):
            to, text = addressed(room, form), web.given(form.text.data)
            teamflow.comment(bid_in(room), None, text, to=to, by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, form)


@bp.post("/<int:comment_id>/ta-bort")
def erase(tender_id: int, comment_id: int) -> ResponseReturnValue:
    """Take one's own remark back."""
    room = open_for_change(tender_id, Act.COMMENT)
    comment = queries.comment_in(bid_in(room), comment_id)
    comment_actions.erase(comment, by=web.user(), now=room.now)
    db.session.commit()
    if comment.requirement_id is not None and request.form.get("till") == "svaret":
        where = "staff.tenders.answers.edit"
        return web.back_to(where, tender_id=tender_id, requirement_id=comment.requirement_id, _anchor="kommentarer")
    return web.back_to(".show", tender_id=tender_id)
