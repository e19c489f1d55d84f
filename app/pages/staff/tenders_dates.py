"""The days of one tender: reckoned from what is known, with what the buyer and we have set."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import Optional

from app import clock
from app.db import db
from app.pages import bid_fields, bid_words, date_words, web
from app.pages.bid_fields import Needed, line
from app.pages.plain_fields import SelectField, TimeField
from app.pages.seen import SeenForm
from app.pages.staff.tenders_room import Room, may_sell, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.dates import actions, queries
from app.tenders.dates.models import TenderDates
from app.tenders.dates.reckoning import HowSent
from app.tenders.models import TenderState

bp = Blueprint("dates", __name__, url_prefix="/<int:tender_id>/datum")
OVER = (TenderState.CANCELLED, TenderState.DECLINED)


class QuestionsForm(SeenForm):
    """What the buyer says of questions."""

    questions_on = bid_fields.day(_l("The buyer's last day for questions"), Optional())
    is_urgent = BooleanField(_l("The time for bids is shortened because of urgency: answers 4 days before"))


class AwardForm(SeenForm):
    """The notice of the award decision."""

    sent_on = bid_fields.day(_l("When the buyer sent the notice of its decision"), Optional())
    how = SelectField(_l("How it was sent"), choices=bid_words.choices({"": _l("–"), **date_words.HOW_SENT}))
    report_asked_on = bid_fields.day(_l("When we asked for the reasons"), Optional())


class EntryForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """Something of our own."""

    title = line(_l("What happens"), 200, Needed(_l("Write what happens, such as a visit to the site.")))
    day = bid_fields.day(_l("Day"), Needed(_l("Choose a day.")))
    at = TimeField(_l("Time"), [Optional()])
    place = line(_l("Place"), 200, Optional())


def award_form(row: TenderDates | None, **options: object) -> AwardForm:
    """The notice as it is entered now."""
    values = (row.notice_sent_on, row.notice_sent_how, row.report_asked_on) if row else (None, None, None)
    sent_on, how, asked = values
    data = {"sent_on": sent_on, "how": str(how or ""), "report_asked_on": asked}
    return AwardForm(**options, prefix="award", data=data)


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """All of them."""
    return _page(open_room(tender_id))


@bp.post("/fragor")
def questions(tender_id: int) -> ResponseReturnValue:
    """The buyer's day for questions."""
    room = open_for_change(tender_id)
    form = QuestionsForm(prefix="questions", obj=queries.dates_of(room.tender))
    if form.validate_on_submit():
        with web.refusals(form):
            urgent = bool(form.is_urgent.data)
            actions.set_questions(room.tender, form.questions_on.data, is_urgent=urgent, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The days are reckoned anew."), "success")
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, questions=form)


@bp.post("/tilldelning")
def award(tender_id: int) -> ResponseReturnValue:
    """The buyer has told of its decision."""
    room = open_for_change(tender_id)
    form = award_form(queries.dates_of(room.tender))
    if form.validate_on_submit():
        with web.refusals(form):
            how = HowSent(form.how.data) if form.how.data else None
            days = (form.sent_on.data, how, form.report_asked_on.data)
            actions.record_notice(room.tender, *days, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The days are reckoned anew."), "success")
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, award=form)


@bp.post("/egna")
def add(tender_id: int) -> ResponseReturnValue:
    """A day of our own."""
    room, form = open_for_change(tender_id), EntryForm(prefix="entry")
    if form.validate_on_submit():
        with web.refusals(form):
            values = {"day": form.day.data, "at": form.at.data, "title": form.title.data, "place": form.place.data}
            actions.add_entry(room.tender, **values, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The day stands in the calendar."), "success")
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, entry=form)


@bp.post("/egna/<int:entry_id>/bort")
def remove(tender_id: int, entry_id: int) -> ResponseReturnValue:
    """It is called off."""
    room = open_for_change(tender_id)
    actions.remove_entry(room.tender, queries.entry_of(room.tender, entry_id), by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The day is taken away."), "success")
    return web.back_to(".show", tender_id=tender_id)


def _page(room: Room, **forms: Any) -> ResponseReturnValue:
    row = queries.dates_of(room.tender)
    days = queries.days_of(room.tender, row, room.bid)
    values = {
        "questions": QuestionsForm(formdata=None, prefix="questions", obj=row),
        "award": award_form(row, formdata=None),
        "entry": EntryForm(formdata=None, prefix="entry"),
        **forms,
    }
    page = show_tab(
        "dates",
        room,
        "dates",
        days=days,
        today=clock.local_date(room.now),
        kinds=date_words.KINDS,
        origins=date_words.ORIGINS,
        explained=date_words.EXPLAINED,
        may_enter=may_sell() and room.tender.state not in OVER,
        may_award=may_sell() and room.tender.state in actions.SENT,
        **values,
    )
    return page, next((422 for form in forms.values() if form.errors), 200)
