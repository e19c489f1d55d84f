"""What a funder decided is written down; it stands on the page of what follows a decision."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import bidflow
from app.db import db
from app.errors import NotYours
from app.pages import web
from app.pages.staff import tenders_debrief
from app.pages.staff.decision_form import decision_form
from app.pages.staff.tenders_room import bid_in, open_for_change, open_room
from app.tenders.debrief import actions
from app.tenders.working.duties import Act

bp = Blueprint("decision", __name__, url_prefix="/<int:tender_id>/beslut")


@bp.post("")
def settle(tender_id: int) -> ResponseReturnValue:
    """Granted, granted in part, refused, or withdrawn."""
    room = open_for_change(tender_id, Act.SUBMIT)
    if not room.tender.is_call:
        raise NotYours
    bid = bid_in(room)
    actions.check_handed_in(bid)
    form = decision_form(bid)
    if form.validate_on_submit():
        with web.refusals(form):
            bidflow.settle(
                bid,
                form.state,
                decided_on=form.decided_on.data,
                granted=form.part,
                note=form.note.data or "",
                by=web.user(),
                now=room.now,
            )
            db.session.commit()
            flash(_("The decision is saved."), "success")
            return web.back_to("staff.tenders.debrief.show", tender_id=tender_id, _anchor="beslut")
        room = open_room(tender_id)
    return tenders_debrief.of_call(room, decision=form)
