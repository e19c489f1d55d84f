"""Questions to the buyer: drafted here, sent by us in the buyer's system, answered; and what others have asked."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Optional

from app.db import db
from app.pages import bid_fields, web
from app.pages.bid_fields import BelievableDay, Needed, SwedishMomentField, at_most, line
from app.pages.staff.tenders_room import Room, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.pages.working_words import QUESTIONS
from app.tenders.models import TenderQuestion, TenderRequirement
from app.tenders.working import buyer_actions, queries
from app.tenders.working.duties import Act
from bids import asking

bp = Blueprint("questions", __name__, url_prefix="/<int:tender_id>/fragor")
LONG = bid_fields.LONG_TEXT


class QuestionForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """What we want to ask."""

    text = TextAreaField(_l("Our question"), [Needed(_l("Write the question.")), at_most(LONG)])
    ref = line(_l("The requirement's number"), 40, Optional())


class SentForm(FlaskForm):  # type: ignore[misc]
    """When and where the question went."""

    sent_in = line(_l("In which system"), 200, Needed(_l("Write where it was sent.")))
    at = SwedishMomentField(_l("Sent on"), [InputRequired(_l("Write when.")), BelievableDay()])


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What the buyer answered."""

    answer = TextAreaField(_l("The buyer's answer"), [Needed(_l("Write what the buyer answered.")), at_most(LONG)])
    at = SwedishMomentField(_l("Answered on"), [InputRequired(_l("Write when.")), BelievableDay()])


class OthersForm(AnswerForm):
    """What somebody else asked and the buyer has published."""

    text = TextAreaField(_l("The question as published"), [Needed(_l("Write the question.")), at_most(LONG)])


class UntilForm(FlaskForm):  # type: ignore[misc]
    """Until when the buyer takes questions."""

    until = SwedishMomentField(_l("The buyer takes questions until"), [Optional(), BelievableDay()])


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The latest first."""
    return _page(open_room(tender_id))


def _page(
    room: Room,
    *,
    question: QuestionForm | None = None,
    others: OthersForm | None = None,
    until: UntilForm | None = None,
) -> ResponseReturnValue:
    found, own_time, urgent = queries.questions_of(room.tender, request.args.get("sida", 1, type=int))
    page = show_tab(
        "questions",
        room,
        "questions",
        questions=found,
        states=QUESTIONS,
        refs={one.id: one.ref for one in room.tender.requirements},
        question=question or QuestionForm(prefix="question", formdata=None),
        others=others or OthersForm(prefix="others", formdata=None),
        until=until or UntilForm(prefix="until", formdata=None, data={"until": own_time}),
        own_time=own_time,
        answers_due=_answers_due(room, urgent=urgent),
        too_late=_too_late(room, own_time, urgent=urgent),
        may_ask=_may_ask(room),
        page_url=lambda number: url_for(".show", tender_id=room.tender.id, sida=number),
    )
    return page, 422 if question or others or until else 200


def _may_ask(room: Room) -> bool:
    return room.may(Act.ASK) and room.tender.state in buyer_actions.OPEN


def _answers_due(room: Room, *, urgent: bool) -> date | None:
    """By law; no law says when a funder must answer."""
    tender = room.tender
    if tender.deadline is None or tender.is_call:
        return None
    return asking.answers_due(tender.deadline, tender.zone, urgent=urgent)


def _too_late(room: Room, own_time: datetime | None, *, urgent: bool) -> bool:
    tender = room.tender
    if tender.deadline is None or (tender.is_call and own_time is None):
        return False
    return asking.is_late(room.now, tender.deadline, tender.zone, own_time, urgent=urgent)


@bp.post("")
def write(tender_id: int) -> ResponseReturnValue:
    """A question is drafted."""
    room, form = open_for_change(tender_id, Act.ASK), QuestionForm(prefix="question")
    if form.validate_on_submit():
        with web.refusals(form):
            requirement = _named(room, form)
            if not form.errors:
                buyer_actions.write_question(
                    room.tender, web.given(form.text.data), requirement, by=web.user(), now=room.now
                )
                db.session.commit()
                return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, question=form)


def _named(room: Room, form: QuestionForm) -> TenderRequirement | None:
    """The requirement whose number was typed, if any."""
    if not form.ref.data:
        return None
    found = next((one for one in room.tender.requirements if one.ref == form.ref.data), None)
    if found is None:
        form.ref.errors = [_("There is no requirement %(ref)s.", ref=form.ref.data)]
    return found


@bp.post("/andras")
def enter_others(tender_id: int) -> ResponseReturnValue:
    """Somebody else's question, as the buyer has published it."""
    room, form = open_for_change(tender_id, Act.ASK), OthersForm(prefix="others")
    if form.validate_on_submit():
        with web.refusals(form):
            text, answer, at = web.given(form.text.data), web.given(form.answer.data), web.given(form.at.moment())
            buyer_actions.enter_others(room.tender, text, answer, at=at, by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, others=form)


@bp.post("/tid")
def set_time(tender_id: int) -> ResponseReturnValue:
    """Until when the buyer says that it takes questions."""
    room, form = open_for_change(tender_id, Act.ASK), UntilForm(prefix="until")
    if form.validate_on_submit():
        with web.refusals(form):
            buyer_actions.set_question_time(room.tender, form.until.moment(), by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, until=form)


@bp.get("/<int:question_id>")
def one(tender_id: int, question_id: int) -> ResponseReturnValue:
    """One question: rewrite it, say that it was sent, enter the answer."""
    room = open_room(tender_id)
    return _one(room, queries.question_in(room.tender, question_id))


def _one(
    room: Room,
    question: TenderQuestion,
    *,
    text: QuestionForm | None = None,
    sent: SentForm | None = None,
    answer: AnswerForm | None = None,
) -> ResponseReturnValue:
    ready = {"sent_in": room.tender.system, "at": room.now.replace(second=0, microsecond=0)}
    page = show_tab(
        "question",
        room,
        "questions",
        asked=question,
        states=QUESTIONS,
        refs={each.id: each.ref for each in room.tender.requirements},
        text=text or QuestionForm(prefix="question", formdata=None, data={"text": question.text}),
        sent=sent or SentForm(prefix="sent", formdata=None, data=ready),
        answer=answer
        or AnswerForm(prefix="answer", formdata=None, data={"at": room.now.replace(second=0, microsecond=0)}),
        may_ask=_may_ask(room),
    )
    return page, 422 if text or sent or answer else 200


@bp.post("/<int:question_id>")
def rewrite(tender_id: int, question_id: int) -> ResponseReturnValue:
    """Put the draft better."""
    room, form = open_for_change(tender_id, Act.ASK), QuestionForm(prefix="question")
    question = queries.question_in(room.tender, question_id)
    if form.validate_on_submit():
        with web.refusals(form):
            buyer_actions.rewrite_question(question, web.given(form.text.data), by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to(".one", tender_id=tender_id, question_id=question_id)
        room = open_room(tender_id)
        question = queries.question_in(room.tender, question_id)
    return _one(room, question, text=form)


@bp.post("/<int:question_id>/skickad")
def mark_sent(tender_id: int, question_id: int) -> ResponseReturnValue:
    """It has been put in the buyer's system."""
    room, form = open_for_change(tender_id, Act.ASK), SentForm(prefix="sent")
    question = queries.question_in(room.tender, question_id)
    if form.validate_on_submit():
        with web.refusals(form):
            at = web.given(form.at.moment())
            buyer_actions.mark_sent(question, sent_in=form.sent_in.data, at=at, by=web.user(), now=room.now)
            db.session.commit()
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
        question = queries.question_in(room.tender, question_id)
    return _one(room, question, sent=form)


@bp.post("/<int:question_id>/svar")
def enter_answer(tender_id: int, question_id: int) -> ResponseReturnValue:
    """The buyer has answered."""
    room, form = open_for_change(tender_id, Act.ASK), AnswerForm(prefix="answer")
    question = queries.question_in(room.tender, question_id)
    if form.validate_on_submit():
        with web.refusals(form):
            said, at = web.given(form.answer.data), web.given(form.at.moment())
            buyer_actions.enter_answer(question, said, at=at, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The answer is saved. Does it change what is required? Then enter it as an addendum too."), "info")
            return web.back_to(".show", tender_id=tender_id)
        room = open_room(tender_id)
        question = queries.question_in(room.tender, question_id)
    return _one(room, question, answer=form)


@bp.post("/<int:question_id>/ta-bort")
def drop(tender_id: int, question_id: int) -> ResponseReturnValue:
    """We do not ask after all."""
    room = open_for_change(tender_id, Act.ASK)
    buyer_actions.drop_question(queries.question_in(room.tender, question_id), by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(".show", tender_id=tender_id)
