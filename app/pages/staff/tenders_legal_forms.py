"""The three legal forms side by side, and what a change of form means before it is made."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app import legalflow
from app.db import db
from app.errors import NotYours
from app.pages import web
from app.pages.staff.tenders_room import Room, bid_in, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from bids import form_choice
from bids.kinds import BidForm

bp = Blueprint("legal_forms", __name__, url_prefix="/<int:tender_id>/anbudsformer")
MOST_SHOWN = 40
"""So many gaps are listed before and after; the rest is counted."""


class ChangeForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Nothing but the button."""


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """What the bid would be and lack under each form."""
    room = open_room(tender_id)
    if room.offer is None:
        return show_tab("no_bid", room, "bid")
    found = form_choice.compared(room.offer, now=room.now)
    return show_tab("legal_forms", room, "bid", outcomes=found)


@bp.get("/byt")
def preview(tender_id: int) -> ResponseReturnValue:
    """Before and after."""
    return _preview(open_room(tender_id), ChangeForm())


@bp.post("/byt")
def change(tender_id: int) -> ResponseReturnValue:
    """Change the form; the parties' roles follow."""
    room, form = open_for_change(tender_id), ChangeForm()
    if form.validate_on_submit():
        with web.refusals(form):
            bid, chosen = bid_in(room), _chosen()
            legalflow.change_form(bid, chosen, bid.lots, by=web.user(), now=room.now)
            legalflow.look_anew(bid, now=room.now)
            db.session.commit()
            flash(_("The form is changed, and the parties' roles with it. Look through the roles."), "success")
            return web.back_to("staff.tenders.bid.show", tender_id=tender_id, _anchor="parter")
        room = open_room(tender_id)
    return _preview(room, form)


def _chosen() -> BidForm:
    """The form that is asked about. Raises NotYours for one that there is not."""
    asked = request.values.get("till", "")
    found = next((form for form in BidForm if form == asked), None)
    if found is None:
        raise NotYours
    return found


def _preview(room: Room, form: ChangeForm) -> ResponseReturnValue:
    if room.offer is None:
        return show_tab("no_bid", room, "bid")
    change = form_choice.change(room.offer, _chosen(), now=room.now)
    was = {party.key: party.role for party in room.offer.parties}
    page = show_tab("legal_form_change", room, "bid", change=change, form=form, was=was, most=MOST_SHOWN)
    return page, web.status(form)
