"""Reading the days of tenders: of one, or of all in a span. Bounded: no more than `MOST` tenders and entries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.audit import AuditEvent
from app.clock import SWEDEN
from app.db import db
from app.errors import NotYours
from app.tenders.bid import Bid
from app.tenders.dates import reckoning
from app.tenders.dates.models import ReminderWish, TenderCalendar, TenderDates, TenderEntry, TenderReminder
from app.tenders.dates.reckoning import DateKind, Known, Occasion, Origin, Stage
from app.tenders.tender import Tender, TenderState

MOST = 300
MOST_ENTRIES = 100
"""Of one tender."""
LONGEST_BEFORE = timedelta(days=21)
"""What is reckoned back from a deadline lies no further before it: ten days, and holidays."""
LONGEST_AFTER = timedelta(days=26)
"""What is reckoned on from a notice lies no further after it: fifteen days, and holidays."""
STAGES = {
    TenderState.NOTICED: Stage.BEFORE,
    TenderState.BIDDING: Stage.BEFORE,
    TenderState.SUBMITTED: Stage.WAITING,
    TenderState.WON: Stage.DECIDED,
    TenderState.LOST: Stage.DECIDED,
}
"""All others are over for us."""
Revision = tuple[int, datetime]


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that happens on a day, and in which tender."""

    tender: Tender
    occasion: Occasion
    about: str
    """The same for as long as it is the same thing, whatever day it moves to."""
    title: str = ""
    """What we call it, where it is an entry of ours."""
    place: str = ""
    entry_id: int | None = None

    def left(self, today: date) -> int:
        """Days until it happens; under nought when it has."""
        return (self.occasion.day - today).days


@dataclass(frozen=True, slots=True)
class Span:
    """What happens between two days, the earliest first."""

    rows: tuple[Dated, ...]
    more: bool
    """Whether there is more than is read."""


def dates_of(tender: Tender) -> TenderDates | None:
    """What has been entered of the tender's days."""
    return db.session.get(TenderDates, tender.id)


def known_of(tender: Tender, dates: TenderDates | None, offered_validity: date | None) -> Known:
    """Rows as what the reckoning wants."""
    return Known(
        stage=STAGES.get(tender.state, Stage.OVER),
        is_call=tender.is_call,
        deadline=tender.deadline,
        questions_on=dates.questions_on if dates else None,
        is_urgent=bool(dates and dates.is_urgent),
        above_threshold=tender.above_threshold,
        required_validity=tender.required_validity,
        offered_validity=offered_validity,
        notice=dates.notice if dates else None,
        report_asked_on=dates.report_asked_on if dates else None,
    )


def entries_of(tender: Tender) -> Sequence[TenderEntry]:
    """Our own entries, the earliest first."""
    query = select(TenderEntry).where(TenderEntry.tender_id == tender.id).order_by(TenderEntry.day, TenderEntry.id)
    return db.session.scalars(query.limit(MOST_ENTRIES)).all()


def entry_of(tender: Tender, entry_id: int) -> TenderEntry:
    """The tender's own entry. Raises NotYours for any other."""
    query = select(TenderEntry).where(TenderEntry.id == entry_id, TenderEntry.tender_id == tender.id)
    found = db.session.scalar(query.with_for_update())
    if found is None:
        raise NotYours
    return found


def days_of(tender: Tender, dates: TenderDates | None, bid: Bid | None) -> tuple[Dated, ...]:
    """All days of one tender, the earliest first, with our own entries."""
    known = known_of(tender, dates, bid.offered_validity if bid else None)
    own = (_of_entry(entry, tender) for entry in entries_of(tender))
    return _in_order([*_of_tender(tender, known), *own])


def reckoned(tender: Tender, dates: TenderDates | None, bid: Bid | None) -> tuple[Dated, ...]:
    """The same without our own entries."""
    return _in_order([*_of_tender(tender, known_of(tender, dates, bid.offered_validity if bid else None))])


def between(first: date, last: date) -> Span:
    """What happens in all tenders from one day to another, both counted."""
    found: list[Dated] = []
    rows = db.session.execute(
        select(Tender, TenderDates, Bid.offered_validity)
        .outerjoin(TenderDates, TenderDates.tender_id == Tender.id)
        .outerjoin(Bid, Bid.tender_id == Tender.id)
        .where(Tender.state.in_(STAGES), _touches(first, last))
        .order_by(Tender.deadline.is_(None), Tender.deadline, Tender.id)
        .limit(MOST + 1)
    ).all()
    for tender, dates, offered in rows[:MOST]:
        days = _of_tender(tender, known_of(tender, dates, offered))
        found += [one for one in days if first <= one.occasion.day <= last]
    entries = db.session.scalars(
        select(TenderEntry)
        .join(TenderEntry.tender)
        .where(Tender.state.in_(STAGES), TenderEntry.day.between(first, last))
        .options(joinedload(TenderEntry.tender))
        .order_by(TenderEntry.day, TenderEntry.id)
        .limit(MOST + 1)
    ).all()
    found += [_of_entry(entry, entry.tender) for entry in entries[:MOST]]
    return Span(_in_order(found), max(len(rows), len(entries)) > MOST)


def _touches(first: date, last: date) -> ColumnElement[bool]:
    """Whether anything that is reckoned from the tender can fall between the days."""
    begin = datetime.combine(first, time(), SWEDEN).astimezone(UTC)
    end = datetime.combine(last + LONGEST_BEFORE, time(), SWEDEN).astimezone(UTC)
    return or_(
        Tender.deadline.between(begin, end),
        TenderDates.questions_until.between(begin, end),
        Tender.required_validity.between(first, last),
        Bid.offered_validity.between(first, last),
        TenderDates.notice_sent_on.between(first - LONGEST_AFTER, last),
        TenderDates.report_asked_on.between(first - LONGEST_AFTER, last),
    )


def _of_tender(tender: Tender, known: Known) -> Iterator[Dated]:
    for occasion in reckoning.occasions(known):
        yield Dated(tender, occasion, f"tender-{tender.id}-{occasion.kind}")


def _of_entry(entry: TenderEntry, tender: Tender) -> Dated:
    occasion = Occasion(DateKind.ENTRY, entry.day, Origin.OURS, at=entry.at)
    return Dated(tender, occasion, f"tender-entry-{entry.id}", entry.title, entry.place, entry.id)


def _in_order(rows: Collection[Dated]) -> tuple[Dated, ...]:
    return tuple(sorted(rows, key=_place))


def _place(one: Dated) -> tuple[date, time, int, int, str]:
    occasion = one.occasion
    return occasion.day, occasion.at or time(), one.tender.id, list(DateKind).index(occasion.kind), one.about


def revisions(tender_ids: Collection[int]) -> dict[int, Revision]:
    """How often each tender and its bid have changed, and when last: nothing happens to them unnoted."""
    bids = dict(db.session.execute(_bids(tender_ids)).all())
    found: dict[int, Revision] = {}
    for kind, tender_of in (("Tender", {one: one for one in tender_ids}), ("Bid", bids)):
        for subject, count, last in db.session.execute(_acts(kind, tender_of)):
            had, at = found.get(tender_of[subject], (0, last))
            found[tender_of[subject]] = (had + count, max(at, last))
    return found


def _bids(tender_ids: Collection[int]) -> Any:
    return select(Bid.id, Bid.tender_id).where(Bid.tender_id.in_(tender_ids))


def _acts(kind: str, subjects: Collection[int]) -> Any:
    return (
        select(AuditEvent.subject_id, func.count(), func.max(AuditEvent.at))
        .where(AuditEvent.subject_kind == kind, AuditEvent.subject_id.in_(subjects))
        .group_by(AuditEvent.subject_id)
    )


def wish_of(user: User) -> ReminderWish | None:
    """Whether somebody wants to be reminded, and how long ahead."""
    return db.session.get(ReminderWish, user.id)


def wishes_to_look_at(today: date) -> Sequence[ReminderWish]:
    """Of those for whom nobody has looked today."""
    seen = or_(ReminderWish.looked_on.is_(None), ReminderWish.looked_on < today)
    query = select(ReminderWish).where(seen).order_by(ReminderWish.user_id).limit(MOST)
    return db.session.scalars(query.with_for_update(skip_locked=True)).all()


def wish_with(user_id: int) -> ReminderWish | None:
    """The wish with its person, held."""
    query = select(ReminderWish).where(ReminderWish.user_id == user_id).options(joinedload(ReminderWish.user))
    return db.session.scalar(query.with_for_update(of=ReminderWish))


def reminded(user_id: int, rows: Sequence[Dated]) -> set[tuple[str, date]]:
    """Of which of those the person has been reminded."""
    days = [one.occasion.day for one in rows]
    query = select(TenderReminder.about, TenderReminder.day).where(
        TenderReminder.user_id == user_id, TenderReminder.day.in_(set(days))
    )
    return {(about, day) for about, day in db.session.execute(query)}


def calendar_of(user: User) -> TenderCalendar | None:
    """The person's calendar, if it is open."""
    return db.session.get(TenderCalendar, user.id)


def calendar_marked(mark: str) -> TenderCalendar:
    """The calendar with this mark. Raises NotYours when it is closed, or its owner no longer works with us."""
    query = select(TenderCalendar).where(TenderCalendar.mark == mark).options(joinedload(TenderCalendar.user))
    found = db.session.scalar(query)
    if found is None or not found.user.active or not found.user.is_staff:
        raise NotYours
    return found
