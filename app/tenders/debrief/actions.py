"""What staff write down when the buyer has decided. The caller holds the tender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app import audit, clock, mail
from app.accounts.models import User
from app.db import Quantity, db
from app.errors import Refused
from app.money import Money
from app.tenders.bid import Bid, BidState
from app.tenders.calls import naming
from app.tenders.dates import asking as day_rows
from app.tenders.debrief import queries
from app.tenders.debrief.models import GROUNDS_OF, AwardGround, GivenGround, PaperRequest, RivalResult
from app.tenders.tender import TenderLot

HANDED_IN = (BidState.SUBMITTED, BidState.WON, BidState.LOST, BidState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Rival:
    """What another supplier offered and got in a lot."""

    name: str
    price: Money | None = None
    points: Decimal | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """Whether a ground spoke for us, and what the buyer said of it."""

    for_us: bool
    note: str = ""


def record_rivals(bid: Bid, lot: TenderLot | None, rivals: Sequence[Rival], *, by: User, now: datetime) -> None:
    """What others got in a lot, or in the whole tender, replaces what was written before.

    Raises Refused before the last day, for the same name or place twice, and for too many.
    """
    check_decidable(bid, now)
    if len(rivals) > queries.MOST_RIVALS:
        raise Refused(f"Högst {queries.MOST_RIVALS} anbud ryms för varje del.")
    names = [one.name.casefold() for one in rivals]
    if len(set(names)) < len(names):
        raise Refused("Samma leverantör står två gånger. Ta bort den ena raden.")
    for old in queries.rivals_of(bid, lot):
        db.session.delete(old)
    for one in rivals:
        points = Quantity(one.points) if one.points is not None else None
        found = RivalResult(
            bid_id=bid.id, lot_id=lot.id if lot else None, name=one.name, price=one.price, points=points
        )
        found.place = one.place
        db.session.add(found)
    audit.record(bid, "rivals_recorded", by=by, now=now, lot=lot.ref if lot else "", count=len(rivals))


def record_grounds(bid: Bid, grounds: Mapping[AwardGround, Ground], *, by: User, now: datetime) -> None:
    """Why the buyer decided so, in its own reasons; what is not named is taken away.

    Raises Refused before the last day.
    """
    check_decidable(bid, now)
    there = queries.grounds_of(bid)
    for ground in GROUNDS_OF[bid.tender.kind]:
        row, given = there.get(str(ground)), grounds.get(ground)
        if row is not None and given is None:
            db.session.delete(row)
        elif given is not None:
            row = row or GivenGround(bid_id=bid.id, ground=ground)
            row.for_us, row.note = given.for_us, given.note
            db.session.add(row)
    audit.record(bid, "grounds_recorded", by=by, now=now, count=len(grounds))


def ask_for_papers(bid: Bid, address: str, subject: str, text: str, *, by: User, now: datetime) -> PaperRequest:
    """Write to the buyer, which has fifteen days for its reasons; a funder has no such day. Twice in a day goes once.

    Raises Refused before the last day, and when too many letters were written.
    """
    check_decidable(bid, now)
    today, before = clock.local_date(now), queries.requests_of(bid)
    for one in before:
        if (one.asked_on, one.letter.to_address) == (today, address) and one.letter.body.strip() == text.strip():
            return one
    if len(before) >= queries.MOST_REQUESTS:
        who = "finansiären" if bid.tender.is_call else "köparen"
        raise Refused(f"Så många brev har redan skickats. Ring {who} i stället.")
    letter = mail.write(kind="papers_asked", to=(bid.tender.buyer_name, address), subject=subject, body=text, now=now)
    db.session.flush()
    asked = PaperRequest(bid_id=bid.id, letter_id=letter.id, asked_on=today, by_name=by.name, created_at=now)
    db.session.add(asked)
    if not bid.tender.is_call:
        dates = day_rows.dates_row(bid.tender)
        dates.report_asked_on = dates.report_asked_on or today
    audit.record(bid, "papers_asked", by=by, now=now, to=address)
    return asked


def record_answer(asked: PaperRequest, on: date, answer: str, *, by: User, now: datetime) -> None:
    """What the buyer sent, or why it would not. Raises Refused for a day that cannot be."""
    if not asked.asked_on <= on <= clock.local_date(now):
        raise Refused("Svaret kan inte ha kommit före frågan eller i framtiden. Kontrollera dagen.")
    asked.answered_on, asked.answer = on, answer
    audit.record(asked.bid, "papers_answered", by=by, now=now, day=on.isoformat())


def is_early(bid: Bid, now: datetime) -> bool:
    """Whether others may still hand in theirs, so that nobody can have decided anything."""
    last = bid.tender.deadline
    return bid.state == BidState.SUBMITTED and last is not None and now <= last


def check_decidable(bid: Bid, now: datetime) -> None:
    """Raises Refused while the bid is a draft, and until the last day has passed."""
    check_handed_in(bid)
    if is_early(bid, now):
        who = "finansiären" if bid.tender.is_call else "köparen"
        raise Refused(f"{naming.last_day(bid.tender)} har inte passerat, så {who} kan inte ha beslutat något än.")


def check_handed_in(bid: Bid) -> None:
    """Raises Refused while the bid is a draft: then nobody has decided anything about it."""
    if bid.state not in HANDED_IN:
        what = "Ansökan är inte inskickad" if bid.tender.is_call else "Anbudet är inte lämnat"
        raise Refused(f"{what}, så det finns inget utfall att skriva upp.")
