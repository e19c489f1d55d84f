"""What the buyer's notices have changed in a tender, and how the buyer decided."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import files
from app.db import db
from app.errors import NotYours
from app.pages import bid_words, web
from app.pages.staff import tenders_typed as typed
from app.pages.staff.tenders_room import open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.noticing import actions, queries

bp = Blueprint("changes", __name__, url_prefix="/<int:tender_id>/andringar")


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """All that notices have said, the newest first."""
    room = open_room(tender_id)
    return show_tab(
        "changes",
        room,
        "facts",
        changes=queries.changes(room.tender, request.args.get("sida", 1, type=int)),
        notices=queries.notices(room.tender),
        outcomes=queries.outcomes(room.tender),
        address=lambda number: url_for(".show", tender_id=tender_id, sida=number),
        notice_kinds=bid_words.NOTICE_KINDS,
    )


@bp.post("/sett")
def acknowledge(tender_id: int) -> ResponseReturnValue:
    """Somebody has read what is new, as far as the page showed it."""
    room = open_for_change(tender_id)
    actions.acknowledge(room.tender, request.form.get("upto", 0, type=int), by=web.user(), now=room.now)
    db.session.commit()
    back = request.form.get(typed.FOR, type=int)
    if back in {each.id for each in room.tender.requirements}:
        return web.back_to("staff.tenders.answers.edit", tender_id=tender_id, requirement_id=back)
    return web.back_to("staff.tenders.facts.show", tender_id=tender_id)


@bp.post("/<int:change_id>/ta")
def take(tender_id: int, change_id: int) -> ResponseReturnValue:
    """The buyer's value instead of our own."""
    room = open_for_change(tender_id)
    change = actions.take_value(room.tender, queries.change_of(room.tender, change_id), by=web.user(), now=room.now)
    db.session.commit()
    flash(_("%(fact)s is as in the notice now.", fact=change.label), "success")
    return web.back_to(".show", tender_id=tender_id)


@bp.get("/<int:notice_id>.xml")
def notice(tender_id: int, notice_id: int) -> ResponseReturnValue:
    """A notice's file as it came. Offered for saving, never shown: it is a stranger's XML."""
    found = queries.notice_of(open_room(tender_id).tender, notice_id)
    if found.file is None:
        raise NotYours
    response = Response(files.read(found.file), mimetype="application/xml")
    response.headers.set("Content-Disposition", "attachment", filename=found.file.name)
    return response
