"""What has happened in a bid, read off the acts that are noted: which of them are news, and on which tab they show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.accounts.models import User
from app.audit import AuditEvent
from app.db import db
from app.tenders.bid import Bid
from app.tenders.working.models import BidGlance

PAGE = 40


class Part(StrEnum):
    """On which tab of the workspace a change shows."""

    FACTS = "facts"
    ROWS = "rows"
    REQUIREMENTS = "requirements"
    BID = "bid"
    PRICES = "prices"
    ANSWERS = "answers"
    DOCUMENTS = "documents"
    TOGETHER = "together"
    BUDGET = "budget"
    QUESTIONS = "questions"
    ADDENDA = "addenda"
    SEND = "send"


NEWS: dict[str, Part] = {
    **dict.fromkeys(("facts_changed", "cancelled", "bidding", "noticed"), Part.FACTS),
    **dict.fromkeys(("lot_added", "lot_removed", "rows_added", "row_changed", "row_removed"), Part.ROWS),
    **dict.fromkeys(("requirements_added", "requirement_changed", "requirement_removed"), Part.REQUIREMENTS),
    **dict.fromkeys(("form_chosen", "texts_written", "party_added", "party_changed", "party_removed"), Part.BID),
    **dict.fromkeys(("reference_added", "reference_removed"), Part.BID),
    **dict.fromkeys(("arranged", "section_written", "section_removed", "picture_added", "picture_removed"), Part.BID),
    **dict.fromkeys(("asked", "not_asked", "invited", "promised", "declined"), Part.PRICES),
    **dict.fromkeys(("percentages_set", "row_priced", "deduction_added", "deduction_removed"), Part.PRICES),
    **dict.fromkeys(("budget_row_added", "budget_row_changed", "budget_row_removed", "budget_answered"), Part.BUDGET),
    "call_terms_set": Part.FACTS,
    **dict.fromkeys(("answered", "reviewed", "evidence_added", "evidence_removed"), Part.ANSWERS),
    **dict.fromkeys(("drafted", "draft_taken", "answer_confirmed"), Part.ANSWERS),
    **dict.fromkeys(("attached", "detached"), Part.DOCUMENTS),
    **dict.fromkeys(("paper_signed", "marked_secret", "unmarked_secret"), Part.DOCUMENTS),
    **dict.fromkeys(("espd_request_in", "espd_request_left", "declared", "declaration_opened"), Part.DOCUMENTS),
    **dict.fromkeys(("question_written", "question_sent", "question_answered", "question_removed"), Part.QUESTIONS),
    **dict.fromkeys(("addendum_received", "addendum_acknowledged", "touch_confirmed"), Part.ADDENDA),
    "question_time_set": Part.QUESTIONS,
    **dict.fromkeys(("task_given", "task_changed", "task_done", "task_reopened", "task_removed"), Part.TOGETHER),
    **dict.fromkeys(("task_returned", "person_named", "person_left"), Part.TOGETHER),
    "commented": Part.TOGETHER,
    **dict.fromkeys(("submitted", "reopened", "won", "lost"), Part.SEND),
    **dict.fromkeys(("receipt_noted", "withdrawn_at_buyer"), Part.SEND),
}
"""The acts on a bid or its tender that the others want to know of."""


def about(bid: Bid) -> ColumnElement[bool]:
    """The acts on the bid and on its tender that are news."""
    whose = or_(
        and_(AuditEvent.subject_kind == "Bid", AuditEvent.subject_id == bid.id),
        and_(AuditEvent.subject_kind == "Tender", AuditEvent.subject_id == bid.tender_id),
    )
    return and_(whose, AuditEvent.what.in_(NEWS))


def by_others(user: User) -> ColumnElement[bool]:
    """What the person did is no news to that person."""
    return or_(AuditEvent.by_id.is_(None), AuditEvent.by_id != user.id)


def happened(bid: Bid, *, before: int | None) -> tuple[Sequence[AuditEvent], int | None]:
    """A page of what happened, the latest first, before an act; and from which act on there is more, if there is."""
    query = select(AuditEvent).where(about(bid))
    if before is not None:
        query = query.where(AuditEvent.id < before)
    found = db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    return shown, shown[-1].id if len(found) > PAGE else None


def look(bid: Bid, upto: int, *, by: User, now: datetime) -> BidGlance:
    """The person has seen everything up to an act. Whoever asks holds the bid, so that two tabs do not collide."""
    newest = db.session.scalar(select(func.max(AuditEvent.id)).where(about(bid))) or 0
    upto = min(upto, newest)
    glance = db.session.get(BidGlance, (bid.id, by.id))
    if glance is None:
        glance = BidGlance(bid_id=bid.id, user_id=by.id, upto=upto, looked_at=now)
        db.session.add(glance)
    elif upto >= glance.upto:
        glance.upto, glance.looked_at = upto, now
    return glance
