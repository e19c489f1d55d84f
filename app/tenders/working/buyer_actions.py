"""Talking with the buyer: questions and their answers, addenda, and what they open again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import audit
from app.accounts.models import User
from app.db import db
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.tenders.calls import naming
from app.tenders.dates import asking
from app.tenders.tender import Tender, TenderRequirement, TenderState
from app.tenders.working import touched
from app.tenders.working.addenda import AddendumTouch, TenderAddendum
from app.tenders.working.models import QuestionState, TenderQuestion

OPEN = {TenderState.NOTICED, TenderState.BIDDING, TenderState.SUBMITTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddendum:
    """What the buyer has added, under its own number, and what of ours that touches."""

    number: int
    title: str
    text: str
    received_at: datetime
    new_deadline: datetime | None = None
    requirement_ids: Sequence[int] = ()
    row_ids: Sequence[int] = ()
    lot_ids: Sequence[int] = ()


def _check_open(tender: Tender) -> None:
    if tender.state not in OPEN:
        raise Refused("Utlysningen är avslutad." if tender.is_call else "Upphandlingen är avslutad.")


def write_question(
    tender: Tender, text: str, requirement: TenderRequirement | None, *, by: User, now: datetime
) -> TenderQuestion:
    """Something we want to ask the buyer; nothing is sent by us."""
    _check_open(tender)
    question = TenderQuestion(tender_id=tender.id, text=text.strip(), written_by=by.name, written_at=now)
    question.state, question.requirement_id = QuestionState.DRAFT, requirement.id if requirement else None
    db.session.add(question)
    audit.record(tender, "question_written", by=by, now=now, title=text.strip()[:200])
    return question


def rewrite_question(question: TenderQuestion, text: str, *, by: User, now: datetime) -> TenderQuestion:
    """Raises Refused when it has been sent: what was asked stays as it was."""
    if question.state != QuestionState.DRAFT:
        raise Refused("Frågan är redan skickad och kan inte ändras. Skriv en ny.")
    question.text, question.written_by, question.written_at = text.strip(), by.name, now
    return question


def mark_sent(question: TenderQuestion, *, sent_in: str, at: datetime, by: User, now: datetime) -> TenderQuestion:
    """Somebody has put the question in the buyer's system. Raises Refused for a time to come."""
    if at > now:
        raise Refused("Frågan kan inte ha skickats i framtiden.")
    if question.state != QuestionState.DRAFT:
        raise Refused("Frågan är redan skickad eller besvarad.")
    question.state = QuestionState.SENT
    question.sent_by, question.sent_at, question.sent_in = by.name, at, sent_in
    _note(question, "question_sent", by=by, now=now)
    return question


def enter_answer(question: TenderQuestion, answer: str, *, at: datetime, by: User, now: datetime) -> TenderQuestion:
    """What the buyer has answered. Raises Refused for a time to come, and for a second answer."""
    if at > now:
        raise Refused("Svaret kan inte ha kommit i framtiden.")
    if question.state == QuestionState.ANSWERED:
        raise Refused("Frågan är redan besvarad. Läs in sidan igen.")
    question.state = QuestionState.ANSWERED
    question.answer, question.answered_at, question.answer_entered_by = answer.strip(), at, by.name
    _note(question, "question_answered", by=by, now=now)
    return question


def enter_others(tender: Tender, text: str, answer: str, *, at: datetime, by: User, now: datetime) -> TenderQuestion:
    """Somebody else has asked, and the buyer has published question and answer."""
    _check_open(tender)
    question = TenderQuestion(tender_id=tender.id, ours=False, text=text.strip(), written_by=by.name, written_at=now)
    question.state = QuestionState.DRAFT
    db.session.add(question)
    return enter_answer(question, answer, at=at, by=by, now=now)


def drop_question(question: TenderQuestion, *, by: User, now: datetime) -> None:
    """We do not ask after all. Raises Refused when it has been sent."""
    if question.state != QuestionState.DRAFT:
        raise Refused("Frågan är redan skickad och finns kvar.")
    _note(question, "question_removed", by=by, now=now)
    db.session.delete(question)


def set_question_time(tender: Tender, until: datetime | None, *, by: User, now: datetime) -> None:
    """Until when the buyer itself says that it takes questions; None where it says nothing."""
    if until is not None and tender.deadline is not None and until > tender.deadline:
        raise Refused(f"Sista dag för frågor kan inte vara efter {naming.last_day(tender).lower()}.")
    asking.set_until(tender, until)
    audit.record(tender, "question_time_set", by=by, now=now)


def receive(tender: Tender, new: NewAddendum, file: StoredFile | None, *, by: User, now: datetime) -> TenderAddendum:
    """An addendum has come. What it touches must be looked at again; a new last day holds at once.

    Raises Refused for a number that is there already, for what is not of this tender, and for days that cannot be.
    """
    _check_open(tender)
    if any(one.number == new.number for one in tender.addenda):
        raise Refused(f"Komplettering {new.number} är redan införd.")
    if new.received_at > now:
        raise Refused("Kompletteringen kan inte ha kommit i framtiden.")
    if new.new_deadline is not None and new.new_deadline <= new.received_at:
        raise Refused(f"Den nya {naming.last_day(tender).lower()}en måste vara efter att kompletteringen kom.")
    addendum = TenderAddendum(
        number=new.number,
        title=new.title,
        text=new.text.strip(),
        received_at=new.received_at,
        new_deadline=new.new_deadline,
        file=file,
        entered_by=by.name,
        touches=_touches(tender, new),
    )
    tender.addenda.append(addendum)
    if new.new_deadline is not None:
        tender.deadline = new.new_deadline
    audit.record(tender, "addendum_received", by=by, now=now, number=new.number, title=new.title)
    return addendum


def _touches(tender: Tender, new: NewAddendum) -> list[AddendumTouch]:
    own = (
        {one.id for one in tender.requirements},
        {row.id for row in tender.rows},
        {lot.id for lot in tender.lots},
    )
    asked = (set(new.requirement_ids), set(new.row_ids), set(new.lot_ids))
    if any(not wanted <= there for wanted, there in zip(asked, own, strict=True)):
        raise NotYours
    return [
        *(AddendumTouch(requirement_id=each) for each in sorted(asked[0])),
        *(AddendumTouch(row_id=each) for each in sorted(asked[1])),
        *(AddendumTouch(lot_id=each) for each in sorted(asked[2])),
    ]


def acknowledge(tender: Tender, addendum: TenderAddendum, *, by: User, now: datetime) -> TenderAddendum:
    """It has been read. Once more changes nothing."""
    if addendum.acknowledged_at is None:
        addendum.acknowledged_by, addendum.acknowledged_at = by.name, now
        audit.record(tender, "addendum_acknowledged", by=by, now=now, number=addendum.number, title=addendum.title)
    return addendum


def confirm_touch(
    tender: Tender, addendum: TenderAddendum, touch: AddendumTouch, *, by: User, now: datetime
) -> AddendumTouch:
    """What it touches holds. Once more changes nothing."""
    if touch.confirmed_at is None:
        touched.confirm(touch, by=by, now=now)
        ref = next((one.ref for one in tender.requirements if one.id == touch.requirement_id), None)
        ref = ref or next((row.ref for row in tender.rows if row.id == touch.row_id), None)
        audit.record(tender, "touch_confirmed", by=by, now=now, number=addendum.number, ref=ref)
    return touch


def confirm_answer(tender: Tender, requirement: TenderRequirement, *, by: User, now: datetime) -> int:
    """Our answer holds after all that has come. Returns after how many addenda."""
    many = touched.confirm_answer(tender, requirement, by=by, now=now)
    if many:
        said: dict[str, str | int | None] = {"ref": requirement.ref, "requirement_id": requirement.id}
        audit.record(tender, "answer_confirmed", by=by, now=now, **said)
    return many


def addendum_in(tender: Tender, number: int) -> TenderAddendum:
    """The tender's addendum with that number. Raises NotYours when there is none."""
    found = next((one for one in tender.addenda if one.number == number), None)
    if found is None:
        raise NotYours
    return found


def _note(question: TenderQuestion, what: str, *, by: User, now: datetime) -> None:
    db.session.flush()
    tender = db.session.get_one(Tender, question.tender_id)
    audit.record(tender, what, by=by, now=now, title=question.text[:200])
