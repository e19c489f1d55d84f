"""Which invoices are to be sent or asked after, how each stands, and what receivers have answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.customers.models import Customer, CustomerKind, InvoiceRoute
from app.db import db
from app.errors import NotYours
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending.access_point import is_refusal
from app.invoicing.sending.models import DispatchAttempt, InvoiceDispatch, InvoiceResponse
from app.invoicing.sending.states import DispatchRoute, DispatchState
from app.jobs import Job, JobState
from app.leaves import Leaf, leaf
from app.mail import Letter
from app.workers import RoutineRun

ROWS = 30
AT_ONCE = 50
MOST_AGAIN = 200
INBOX = "invoice responses"
"""Under this name it is noted when the inbox was looked into."""
EVERY = timedelta(minutes=2)
DELIVER = "app.mail.deliver"
NUMBER = re.compile(r"(.*?)(\d{1,9})")

to_hand_over = and_(
    InvoiceDispatch.state == DispatchState.QUEUED,
    or_(
        and_(InvoiceDispatch.route == DispatchRoute.ACCESS_POINT, InvoiceRecord.xml_file_id.is_not(None)),
        and_(
            InvoiceDispatch.route == DispatchRoute.FOLDER,
            InvoiceRecord.xml_file_id.is_not(None),
            InvoiceRecord.file_id.is_not(None),
        ),
    ),
)
"""What has its documents and can go."""


def due(now: datetime) -> Sequence[int]:
    """The ids of what is to be handed over or asked after now, and with which nobody is busy."""
    waiting = (
        select(InvoiceDispatch.id).join(InvoiceDispatch.invoice).where(to_hand_over, InvoiceDispatch.next_at <= now)
    )
    asked = select(InvoiceDispatch.id).where(InvoiceDispatch.ask_at <= now, InvoiceDispatch.state == DispatchState.SENT)
    found: list[int] = []
    for query, first in ((waiting, InvoiceDispatch.next_at), (asked, InvoiceDispatch.ask_at)):
        found += db.session.scalars(query.where(is_free(now)).order_by(first).limit(AT_ONCE))
    return found


def is_free(now: datetime) -> ColumnElement[bool]:
    """Whether no worker is busy with it."""
    return or_(InvoiceDispatch.claimed_until.is_(None), InvoiceDispatch.claimed_until <= now)


def dispatch_with(dispatch_id: int, *, lock: bool = False) -> InvoiceDispatch:
    """One dispatch, for staff and for who sends. Raises NotYours when there is none."""
    whole = joinedload(InvoiceDispatch.invoice, innerjoin=True).joinedload(InvoiceRecord.customer, innerjoin=True)
    query = select(InvoiceDispatch).where(InvoiceDispatch.id == dispatch_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    else:
        query = query.options(whole, selectinload(InvoiceDispatch.attempts))
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found


def dispatches_of(invoice_id: int) -> Sequence[InvoiceDispatch]:
    """Each way that an invoice has taken, with its attempts, the newest first; none for what is older than these."""
    query = select(InvoiceDispatch).where(InvoiceDispatch.invoice_id == invoice_id)
    return db.session.scalars(
        query.options(selectinload(InvoiceDispatch.attempts)).order_by(InvoiceDispatch.id.desc())
    ).all()


def held_of(invoice_id: int) -> tuple[InvoiceRecord, InvoiceDispatch | None]:
    """An invoice and the way that it takes now, both locked: whoever else decides waits. Raises NotYours."""
    query = select(InvoiceRecord).where(InvoiceRecord.id == invoice_id)
    record = db.session.scalar(query.with_for_update(of=InvoiceRecord).execution_options(populate_existing=True))
    if record is None:
        raise NotYours
    newest = select(InvoiceDispatch).where(InvoiceDispatch.invoice_id == invoice_id).order_by(InvoiceDispatch.id.desc())
    locked = newest.limit(1).with_for_update().execution_options(populate_existing=True)
    return record, db.session.scalar(locked)


def was_refused(dispatch: InvoiceDispatch) -> bool:
    """Whether the access point has been asked, and has refused it each time: then nobody has it."""
    answers = select(DispatchAttempt.status).where(DispatchAttempt.dispatch_id == dispatch.id)
    found = db.session.scalars(answers.where(DispatchAttempt.route == DispatchRoute.ACCESS_POINT)).all()
    return bool(found) and all(status is not None and is_refusal(status) for status in found)


def was_named(record: InvoiceRecord) -> bool:
    """Whether it has been handed over as an e-invoice, or may have been."""
    mine = select(InvoiceDispatch.id).where(InvoiceDispatch.invoice_id == record.id)
    return db.session.scalar(mine.where(InvoiceDispatch.sender.is_not(None)).limit(1)) is not None


def responses_to(record: InvoiceRecord) -> Sequence[InvoiceResponse]:
    """What the receiver has answered, in the order in which it was said."""
    mine = select(InvoiceResponse).where(InvoiceResponse.invoice_id == record.id)
    return db.session.scalars(mine.order_by(InvoiceResponse.said_at, InvoiceResponse.id).limit(ROWS)).all()


def failed(number: int) -> Leaf[InvoiceDispatch]:
    """What was not sent, and will not be by itself; the oldest first."""
    return _leaf(InvoiceDispatch.state == DispatchState.FAILED, number)


def failed_electronically(now: datetime) -> Sequence[InvoiceDispatch]:
    """The oldest of what failed and might go by itself, held for whoever lets it go again."""
    by_itself = InvoiceDispatch.route.in_((DispatchRoute.ACCESS_POINT, DispatchRoute.FOLDER))
    query = select(InvoiceDispatch).where(InvoiceDispatch.state == DispatchState.FAILED, by_itself, is_free(now))
    whole = joinedload(InvoiceDispatch.invoice, innerjoin=True)
    query = query.options(whole).order_by(InvoiceDispatch.id).limit(MOST_AGAIN)
    return db.session.scalars(query.with_for_update(of=InvoiceDispatch)).all()


def for_hand(number: int) -> Leaf[InvoiceDispatch]:
    """What somebody must print or enter; the oldest first."""
    return _leaf(_by_hand(), number)


def waiting(number: int) -> Leaf[InvoiceDispatch]:
    """What goes by itself and has not gone yet: its documents are being made, or it is tried again later."""
    return _leaf(_by_itself(), number)


def _by_hand() -> ColumnElement[bool]:
    return and_(InvoiceDispatch.state == DispatchState.QUEUED, InvoiceDispatch.route == DispatchRoute.HAND)


def _by_itself() -> ColumnElement[bool]:
    return and_(InvoiceDispatch.state == DispatchState.QUEUED, InvoiceDispatch.route != DispatchRoute.HAND)


def _leaf(which: ColumnElement[bool], number: int) -> Leaf[InvoiceDispatch]:
    query = select(InvoiceDispatch).join(InvoiceDispatch.invoice).join(InvoiceRecord.customer).where(which)
    whole = contains_eager(InvoiceDispatch.invoice).contains_eager(InvoiceRecord.customer)
    return leaf(query.options(whole).order_by(InvoiceDispatch.id), number, ROWS)


def waiting_responses(number: int) -> Leaf[InvoiceResponse]:
    """Answers that somebody must do something about, the oldest first."""
    query = select(InvoiceResponse).where(InvoiceResponse.waits).order_by(InvoiceResponse.id)
    whole = joinedload(InvoiceResponse.invoice).joinedload(InvoiceRecord.customer)
    return leaf(query.options(whole), number, ROWS)


def response_with(response_id: int, *, lock: bool = False) -> InvoiceResponse:
    """One answer, for staff. Raises NotYours when there is none."""
    query = select(InvoiceResponse).where(InvoiceResponse.id == response_id)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotYours
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of each kind."""

    failed: int
    for_hand: int
    waiting: int
    responses: int

    @property
    def tasks(self) -> int:
        """What a person must see to."""
        return self.failed + self.for_hand + self.responses


def counts() -> Counts:
    """How much has failed, waits for a hand or goes later, and how many answers wait."""
    each: list[Select[int]] = [
        select(func.count(InvoiceDispatch.id)).where(which)
        for which in (InvoiceDispatch.state == DispatchState.FAILED, _by_hand(), _by_itself())
    ]
    each.append(select(func.count(InvoiceResponse.id)).where(InvoiceResponse.waits))
    return Counts(*db.session.execute(select(*(one.scalar_subquery() for one in each))).one())


def public_by_email(most: int = 20) -> Sequence[Customer]:
    """Public bodies whose invoices go by e-mail: a PDF is no e-invoice (lag 2018:1277), and they may refuse it."""
    query = select(Customer).where(Customer.kind == CustomerKind.PUBLIC, Customer.invoice_route == InvoiceRoute.EMAIL)
    return db.session.scalars(query.order_by(Customer.name).limit(most)).all()


def answered(number: str, our_address: str) -> InvoiceDispatch | None:
    """What an answer is about: what we sent under that number, from that address of ours if it ever went from there.

    None for a number that never went, and for an answer to nobody.
    """
    parts = NUMBER.fullmatch(number.strip())
    if parts is None or not our_address:
        return None
    query = select(InvoiceDispatch).join(InvoiceDispatch.invoice)
    mine = (InvoiceRecord.series == parts[1], InvoiceRecord.number == int(parts[2]))
    from_there = InvoiceDispatch.sender == our_address
    sent = query.where(*mine, InvoiceDispatch.sender.is_not(None))
    sent = sent.order_by(from_there.desc(), InvoiceDispatch.id.desc()).limit(1)
    return db.session.scalar(sent.with_for_update(of=InvoiceDispatch))


def sent_electronically(invoice_id: int | None) -> InvoiceDispatch:
    """The last way on which an invoice that has been answered went out under an address of ours."""
    query = select(InvoiceDispatch).where(InvoiceDispatch.invoice_id == invoice_id, InvoiceDispatch.sender.is_not(None))
    return db.session.scalars(query.order_by(InvoiceDispatch.id.desc()).limit(1)).one()


def is_stored(inbox_id: str) -> bool:
    """Whether a message of the inbox has been read already."""
    return db.session.scalar(select(InvoiceResponse.id).where(InvoiceResponse.inbox_id == inbox_id)) is not None


def followed_letters() -> Sequence[InvoiceDispatch]:
    """What goes by e-mail, is not known to have gone, and whose letter has got somewhere; with the letter."""
    lost = select(Job.args["letter_id"].as_integer()).where(Job.state == JobState.FAILED, Job.name == DELIVER)
    moved = or_(
        Letter.state == "sent",
        and_(
            InvoiceDispatch.state == DispatchState.QUEUED,
            or_(Letter.state == "uncertain", and_(Letter.state == "waiting", Letter.id.in_(lost))),
        ),
    )
    query = (
        select(InvoiceDispatch)
        .join(InvoiceDispatch.invoice)
        .join(InvoiceRecord.letter)
        .where(InvoiceDispatch.route == DispatchRoute.EMAIL, moved)
        .where(InvoiceDispatch.state.in_((DispatchState.QUEUED, DispatchState.FAILED)))
        .options(contains_eager(InvoiceDispatch.invoice).contains_eager(InvoiceRecord.letter))
    )
    return db.session.scalars(query.order_by(InvoiceDispatch.id).limit(500)).all()


def failed_delivery(letter: Letter) -> Job | None:
    """The job that could not deliver a letter."""
    mine = (Job.state == JobState.FAILED, Job.name == DELIVER, Job.args["letter_id"].as_integer() == letter.id)
    return db.session.scalar(select(Job).where(*mine).order_by(Job.id.desc()).limit(1))


def is_inbox_due(now: datetime) -> bool:
    """Whether it is time to look for answers."""
    last = db.session.scalar(select(RoutineRun.ran_at).where(RoutineRun.name == INBOX))
    return last is None or last <= now - EVERY
