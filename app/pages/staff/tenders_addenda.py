"""What the buyer adds: entered, acknowledged, and gone through for what it touches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from app import files, office, teamflow
from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, nearest
from app.pages import bid_fields, web
from app.pages.bid_fields import BelievableDay, Needed, SwedishMomentField, at_most, line
from app.pages.plain_fields import IntegerField
from app.pages.staff.tenders_room import Room, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders import paper_actions, word_files
from app.tenders.models import AddendumTouch
from app.tenders.paper_actions import Upload
from app.tenders.working import buyer_actions
from app.tenders.working.buyer_actions import NewAddendum
from app.tenders.working.duties import Act

bp = Blueprint("addenda", __name__, url_prefix="/<int:tender_id>/kompletteringar")
PAGE = 10
MOST_TOUCHES = 50
"""So many open points of an addendum the page lists; when they are gone through, the next come."""


class AddendumForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """An addendum as it came."""

    number = IntegerField(
        _l("The buyer's number"),
        [InputRequired(_l("Write the number.")), NumberRange(1, 999, _l("Write a number from 1 to 999."))],
    )
    title = line(_l("What it is about"), 200, Needed(_l("Write what it is about.")))
    received_at = SwedishMomentField(_l("Received"), [InputRequired(_l("Write when.")), BelievableDay()])
    text = TextAreaField(_l("What it says"), [Optional(), at_most(bid_fields.LONG_TEXT)])
    file = bid_fields.PaperFileField([Optional()])
    requirements = line(_l("Requirements that it touches"), 2000, Optional())
    rows = line(_l("Price rows that it touches"), 2000, Optional())
    lots = line(_l("Lots that it touches as a whole"), 400, Optional())
    new_deadline = SwedishMomentField(_l("New last day and time for bids"), [Optional(), BelievableDay()])


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The latest first, each with what is still to be gone through."""
    return _page(open_room(tender_id))


def _page(room: Room, form: AddendumForm | None = None) -> ResponseReturnValue:
    tender = room.tender
    latest = tender.addenda[::-1]
    number = nearest(request.args.get("sida", 1, type=int), len(latest), PAGE)
    shown = latest[(number - 1) * PAGE : number * PAGE]
    ready = {
        "number": max((one.number for one in latest), default=0) + 1,
        "received_at": room.now.replace(second=0, microsecond=0),
    }
    page = show_tab(
        "addenda",
        room,
        "addenda",
        addenda=Leaf(shown, number, len(latest), PAGE),
        open_touches={one.id: _open(room, one.touches) for one in shown},
        most=MOST_TOUCHES,
        in_word=word_files.of_addenda(shown),
        form=form or AddendumForm(formdata=None, data=ready),
        may_receive=room.may(Act.RECEIVE) and tender.state in buyer_actions.OPEN,
        may_acknowledge=room.may(Act.ACKNOWLEDGE),
        may_confirm=room.may(Act.CONFIRM),
        page_url=lambda leaf: url_for(".show", tender_id=tender.id, sida=leaf),
    )
    return page, 422 if form else 200


def _open(room: Room, touches: Iterable[AddendumTouch]) -> list[tuple[AddendumTouch, str, str]]:
    """What nobody has looked at again: each point, what it is called, and where it is looked at."""
    tender = room.tender
    requirements = {one.id: one.ref for one in tender.requirements}
    rows = {row.id: row.ref for row in tender.rows}
    lots = {lot.id: lot.ref for lot in tender.lots}
    found = []
    for touch in touches:
        if touch.confirmed_at is not None:
            continue
        if touch.requirement_id in requirements:
            where = url_for("staff.tenders.answers.edit", tender_id=tender.id, requirement_id=touch.requirement_id)
            found.append((touch, _("Requirement %(ref)s", ref=requirements[touch.requirement_id]), where))
        elif touch.row_id in rows:
            where = url_for("staff.tenders.prices.show", tender_id=tender.id, _anchor=f"rad-{touch.row_id}")
            found.append((touch, _("Price row %(ref)s", ref=rows[touch.row_id]), where))
        elif touch.lot_id in lots:
            where = url_for("staff.tenders.rows.show", tender_id=tender.id)
            found.append((touch, _("Lot %(ref)s", ref=lots[touch.lot_id]), where))
    return found


@bp.post("")
def receive(tender_id: int) -> ResponseReturnValue:
    """An addendum has come."""
    room, form = open_for_change(tender_id, Act.RECEIVE), AddendumForm()
    if form.validate_on_submit():
        with web.refusals(form):
            new = _new(room, form)
            if not form.errors:
                upload = bid_fields.upload(form.file)
                _receive(room, new, upload)
                db.session.commit()
                flash(_("Addendum %(number)s is entered.", number=new.number), "success")
                return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, form)


def _receive(room: Room, new: NewAddendum, upload: Upload | None) -> None:
    """With its file, or with a Word file that a worker makes a PDF of."""
    in_word = upload is not None and office.is_word(upload.data)
    file = paper_actions.keep(upload, now=room.now) if upload is not None and not in_word else None
    made = teamflow.receive_addendum(room.tender, new, file, by=web.user(), now=room.now)
    if upload is not None and in_word:
        db.session.flush()
        whose = word_files.For(addendum_id=made.id)
        word_files.keep(upload, whose, title=made.title, by=web.user(), now=room.now)


@bp.post("/<int:number>/igen")
def convert_again(tender_id: int, number: int) -> ResponseReturnValue:
    """Let a worker try once more to make a PDF of the Word file."""
    room = open_for_change(tender_id, Act.RECEIVE)
    addendum = buyer_actions.addendum_in(room.tender, number)
    word_files.try_again(word_files.of_addenda([addendum]).get(addendum.id))
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id, _anchor=f"komplettering-{number}")


def _new(room: Room, form: AddendumForm) -> NewAddendum:
    """What was typed; numbers that are not in the tender become errors of their fields."""
    tender = room.tender
    return NewAddendum(
        number=web.given(form.number.data),
        title=form.title.data,
        text=form.text.data or "",
        received_at=web.given(form.received_at.moment()),
        new_deadline=form.new_deadline.moment(),
        requirement_ids=_ids(form.requirements, tender.requirements),
        row_ids=_ids(form.rows, tender.rows),
        lot_ids=_ids(form.lots, tender.lots),
    )


def _ids(field: Any, there: Sequence[Any]) -> list[int]:
    """The rows whose numbers were typed with commas or semicolons between; a number in several lots means all."""
    wanted = [part.strip() for part in re.split(r"[,;]", field.data or "") if part.strip()]
    known = {one.ref for one in there}
    unknown = [ref for ref in wanted if ref not in known]
    if unknown:
        field.errors = [_("There is no %(refs)s in the tender. Check the numbers.", refs=", ".join(unknown[:5]))]
    return [one.id for one in there if one.ref in wanted]


@bp.post("/<int:number>/kvittera")
def acknowledge(tender_id: int, number: int) -> ResponseReturnValue:
    """It has been read by who answers for the bid."""
    room = open_for_change(tender_id, Act.ACKNOWLEDGE)
    addendum = buyer_actions.addendum_in(room.tender, number)
    buyer_actions.acknowledge(room.tender, addendum, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id, _anchor=f"komplettering-{number}")


@bp.post("/<int:number>/bekrafta/<int:touch_id>")
def confirm(tender_id: int, number: int, touch_id: int) -> ResponseReturnValue:
    """What it touches holds, or has been put right."""
    room = open_for_change(tender_id, Act.CONFIRM)
    addendum = buyer_actions.addendum_in(room.tender, number)
    touch = next((one for one in addendum.touches if one.id == touch_id), None)
    if touch is None:
        raise NotYours
    buyer_actions.confirm_touch(room.tender, addendum, touch, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id, _anchor=f"komplettering-{number}")


@bp.get("/<int:number>/fil")
def read(tender_id: int, number: int) -> ResponseReturnValue:
    """The file as it came. Offered for saving: it is a stranger's."""
    file = buyer_actions.addendum_in(open_room(tender_id).tender, number).file
    if file is None:
        raise NotYours
    response = Response(files.read(file), mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
