"""A customer complains about what it got; staff give something new, a lower price, or a no with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app import audit, clock, pictures
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.formats import moment
from app.money import NOUGHT, Money
from app.orders.actions import entry, note, settle_state
from app.orders.changes import said
from app.orders.checks import check_day
from app.orders.complaint_models import Complaint, ComplaintPicture
from app.orders.complaint_queries import Delivered, earned_of
from app.orders.models import OrderEntry, OrderLine
from app.orders.states import ComplaintState, EventKind
from app.pictures import Developed
from app.units import check_quantity, figure

MOST_PICTURES = 3
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong, and with how much of it."""

    quantity: Decimal
    words: str
    photographs: Sequence[Developed] = ()


def complain(part: Delivered, told: Told, *, by: User | None, now: datetime, late: bool = False) -> Complaint:
    """Write down a complaint about a part that has come. `late` lets staff take one in after the time.

    Raises Refused after the time, for more than was delivered, without words, and for more than three photographs.
    """
    line, assignment = part.share.order_line, part.share.assignment
    if now > part.until and not late:
        raise Refused(f"{line.name} gick att reklamera till {moment(part.until)}. Ring oss så hjälps vi åt.")
    if not told.words.strip():
        raise Refused("Skriv vad som är fel.")
    if len(told.photographs) > MOST_PICTURES:
        raise Refused(f"Skicka högst {MOST_PICTURES} bilder.")
    try:
        quantity = check_quantity(line.unit, told.quantity)
    except ValueError as wrong:
        raise Refused(f"{line.name}: {wrong}") from wrong
    if quantity > part.left:
        raise Refused(f"{line.name}: det går att reklamera högst {figure(part.left)}.")
    complaint = Complaint(
        state=ComplaintState.OPEN,
        order_line=line,
        assignment=assignment,
        quantity=quantity,
        words=told.words.strip()[:2000],
        made_at=now,
        made_by=by.name if by else line.order.customer.name,
    )
    db.session.add(complaint)
    seen = dict.fromkeys(pictures.take_in(one, now=now) for one in told.photographs)
    complaint.pictures = [ComplaintPicture(picture=picture) for picture in seen]
    words = f"{said(line, quantity)}: {complaint.words}"
    note(
        line.order, EventKind.COMPLAINED, now=now, by=by, member=assignment.member.name, words=words, for_customer=True
    )
    audit.record(complaint, "made", by=by, now=now, order=line.order.number)
    return complaint


def replace(
    complaint: Complaint, on: date, answer: str, *, borne: Money = NOUGHT, by: User, now: datetime
) -> OrderLine:
    """The customer gets the same again at no cost: a line of its own, for the story to share out."""
    check_day(on, now)
    _decide(complaint, ComplaintState.REPLACED, answer, borne, by=by, now=now)
    old = complaint.order_line
    new = OrderLine(
        **{name: getattr(old, name) for name in _COPIED},
        unit_price=NOUGHT,
        price_because=f"Ersätter {old.name} efter reklamation",
        to_next=False,
        agreement_id=None,  # What costs nothing counts against no ceiling.
        due_on=on,
        quantity=complaint.quantity,
        unassigned=complaint.quantity,
        called_off=NONE,
    )
    old.order.lines.append(new)
    complaint.new_line = new
    db.session.flush()
    words = f"{said(new, new.quantity)} levereras på nytt. {complaint.answer}"
    entries = [entry(new, ordered=new.quantity), *_borne(complaint)]
    note(old.order, EventKind.REPLACED, now=now, by=by, words=words, for_customer=True, entries=entries)
    settle_state(old.order)
    return new


def make_cheaper(
    complaint: Complaint, amount: Money, answer: str, *, borne: Money, by: User, now: datetime
) -> Complaint:
    """The customer pays less for the part. Raises Refused for more than it cost."""
    line = complaint.order_line
    if not NOUGHT < amount <= line.price_of(complaint.quantity):
        raise Refused(f"Avdraget måste vara större än noll och högst {line.price_of(complaint.quantity)} exkl. moms.")
    _decide(complaint, ComplaintState.CHEAPER, answer, borne, by=by, now=now)
    complaint.amount = amount
    words = f"{said(line, complaint.quantity)}: {amount} mindre exkl. moms. {complaint.answer}"
    member = complaint.assignment.member_id
    entries = [entry(line, member=member, charged=-amount, earned=-complaint.borne)]
    note(line.order, EventKind.CHEAPER, now=now, by=by, words=words, for_customer=True, entries=entries)
    return complaint


def pay_back(complaint: Complaint, quantity: Decimal, *, most: Money | None, by: User, now: datetime) -> Money:
    """So much of what was to come anew will not: the customer pays that much less. Returns it, without VAT.

    `most` is what is left of it to give back, where some of it may have been credited already.
    """
    line = complaint.order_line
    amount = line.price_of(quantity) if most is None else min(most, line.price_of(quantity))
    if not amount:
        return amount
    complaint.amount += amount
    words = f"{said(line, quantity)} kommer inte på nytt: {amount} mindre exkl. moms."
    entries = [entry(line, member=complaint.assignment.member_id, charged=-amount)]
    note(line.order, EventKind.CHEAPER, now=now, by=by, words=words, for_customer=True, entries=entries)
    audit.record(complaint, "paid back", by=by, now=now, ore=amount.ore)
    return amount


def decline(complaint: Complaint, answer: str, *, by: User, now: datetime) -> Complaint:
    """Staff say no, and why."""
    _decide(complaint, ComplaintState.DECLINED, answer, NOUGHT, by=by, now=now)
    line = complaint.order_line
    words = f"{said(line, complaint.quantity)}. {complaint.answer}"
    note(line.order, EventKind.COMPLAINT_DECLINED, now=now, by=by, words=words, for_customer=True)
    return complaint


def most_borne(complaint: Complaint) -> Money:
    """What the member can bear of it: what it earned by the part, and no more than is left of that. Without VAT."""
    share = next(one for one in complaint.assignment.lines if one.order_line_id == complaint.order_line_id)
    left = earned_of(complaint.order_line_id, complaint.assignment.member)
    return max(min(share.member_price.times(complaint.quantity), left), NOUGHT)


def _decide(complaint: Complaint, state: ComplaintState, answer: str, borne: Money, *, by: User, now: datetime) -> None:
    if not answer.strip():
        raise Refused("Skriv varför. Kunden läser det.")
    most = most_borne(complaint)
    if not NOUGHT <= borne <= most:
        raise Refused(f"Medlemmen kan bära högst det som den tjänade på delen, {most} exkl. moms.")
    complaint.state, complaint.answer, complaint.borne = state, answer.strip()[:1000], borne
    complaint.decided_at, complaint.decided_by = now, by.name
    audit.record(complaint, state.value, by=by, now=now, borne=borne.ore, day=clock.local_date(now).isoformat())


def _borne(complaint: Complaint) -> list[OrderEntry]:
    if not complaint.borne:
        return []
    return [entry(complaint.order_line, member=complaint.assignment.member_id, earned=-complaint.borne)]


_COPIED = (
    "article_id",
    "cost_centre",
    "reference",
    "article_version",
    "number",
    "name",
    "unit",
    "unit_text",
    "priced_per",
    "agreed_cost",
    "vat_class",
)
