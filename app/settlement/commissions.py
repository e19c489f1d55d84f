"""Reading what members are charged, and are to be charged, in commission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import defer, joinedload

from app import clock
from app.db import MoneyColumn, db
from app.errors import NotYours
from app.invoicing.models import InvoiceRecord
from app.leaves import Leaf, leaf
from app.members.models import Member, MemberKind, SellerModel
from app.money import NOUGHT, Money
from app.orders.delivery.models import OrderCharge
from app.orders.models import OrderEntry, OrderEvent, OrderLine
from app.settlement.earned import Earning, added_up
from app.settlement.events import rows
from app.settlement.models import CommissionClaim, CommissionInvoice
from app.settlement.queries import reckoned, with_what_was_before

ROWS = 50


def members_to_charge() -> Sequence[int]:
    """The ids of the members that may have sold something in their own names."""
    query = select(Member.id).where(Member.kind != MemberKind.SALES_COMPANY, or_(*_may_sell(), _under_agreements()))
    return db.session.scalars(query.order_by(Member.id)).all()


def _may_sell() -> tuple[ColumnElement[bool], ...]:
    issued = select(InvoiceRecord.id).where(InvoiceRecord.seller_id == Member.id)
    return Member.seller_model == SellerModel.AGENT, Member.sold_before.is_not(None), issued.exists()


def _under_agreements() -> ColumnElement[bool]:
    called_off = select(OrderEntry.id).join(OrderEntry.order_line).where(OrderEntry.member_id == Member.id)
    return called_off.where(OrderLine.agreement_id.is_not(None)).exists()


def unclaimed(member: Member, until: datetime) -> list[Earning]:
    """What a member has sold in its own name until a moment and been charged no commission for, the oldest first."""
    sells = db.session.scalar(select(Member.id).where(Member.id == member.id, or_(*_may_sell()))) is not None
    time = OrderEvent.at < until
    of_entries = (OrderEntry.member_id == member.id) & time & ~_claimed(CommissionClaim.entry_id == OrderEntry.id)
    of_charges = (OrderCharge.member_id == member.id) & time & ~_claimed(CommissionClaim.charge_id == OrderCharge.id)
    if not sells:  # Only an agreement can have made it the seller, and then nothing else is read.
        of_entries &= OrderLine.agreement_id.is_not(None)
        of_charges &= OrderLine.agreement_id.is_not(None)
    waiting = rows(of_entries, of_charges)
    wanted = {(row.entry_id, row.charge_id) for row in waiting}
    found = reckoned(with_what_was_before(member, waiting))
    return [one for one in found if one.own is not None and (one.entry_id, one.charge_id) in wanted]


def _claimed(by: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(CommissionClaim.id).where(by).exists()


class Next(StrEnum):
    """What becomes of commission that is not on an invoice yet, if it is seen to now."""

    NOTHING = "nothing"
    INVOICE = "invoice"
    CREDIT = "credit"
    """A credit note to an earlier invoice."""
    CARRIED = "carried"
    """No invoice has so much left to credit, so that it waits for what is sold next."""


Share = tuple[CommissionInvoice | None, Sequence[Earning]]
"""What goes on one document, and the invoice to which it is a credit note."""


def next_of(member: Member, waiting: Sequence[Earning]) -> Next:
    """What becomes of what a member has not been charged."""
    sums = added_up(waiting)
    if sums.commission >= NOUGHT:
        return Next.INVOICE if sums.commission else Next.NOTHING
    return Next.CREDIT if documents_for(member, waiting) else Next.CARRIED


def documents_for(member: Member, waiting: Sequence[Earning]) -> list[Share]:
    """Which documents what a member has not been charged makes: one, where that can be; none where it has to wait.

    What comes to less than nought is credited on the latest invoice that has so much left. Where none has, each order
    that comes to less is credited by itself, and what then is left over waits.
    """
    sums = added_up(waiting)
    if sums.commission >= NOUGHT:
        return [(None, waiting)] if sums.commission else []
    lefts = _lefts(member)
    whole = next((one for one, left in lefts.items() if left >= -sums.deducted), None)
    return [(whole, waiting)] if whole else list(_order_by_order(waiting, lefts))


def _order_by_order(waiting: Sequence[Earning], lefts: dict[CommissionInvoice, Money]) -> Iterator[Share]:
    notes: dict[CommissionInvoice, list[Earning]] = defaultdict(list)
    heaps: dict[int, list[Earning]] = defaultdict(list)
    for one in waiting:
        heaps[one.order_id].append(one)
    sold: list[Earning] = []
    all_have_room = True
    for heap in heaps.values():
        sums = added_up(heap)
        if sums.commission >= NOUGHT:
            sold += heap
            continue
        found = next((one for one, left in lefts.items() if left >= -sums.deducted), None)
        if found is None:
            all_have_room = False
            continue
        notes[found] += heap
        lefts[found] += sums.deducted
    yield from notes.items()
    if all_have_room and added_up(sold).commission:
        yield None, sold


def _lefts(member: Member) -> dict[CommissionInvoice, Money]:
    """The member's invoices, the latest first, and how much of each, with VAT, is not credited yet."""
    mine = CommissionInvoice.member_id == member.id
    notes = select(CommissionInvoice.credits_id, func.sum(CommissionInvoice.gross, type_=MoneyColumn()))
    notes = notes.where(mine, CommissionInvoice.credits_id.is_not(None)).group_by(CommissionInvoice.credits_id)
    given = {credited: sum_ for credited, sum_ in db.session.execute(notes)}  # noqa: C416  rows, not pairs
    query = select(CommissionInvoice).where(mine, CommissionInvoice.credits_id.is_(None))
    found = db.session.scalars(query.options(defer(CommissionInvoice.document)).order_by(CommissionInvoice.id.desc()))
    return {one: one.gross - given.get(one.id, NOUGHT) for one in found}


def of_member(member: Member, number: int) -> Leaf[CommissionInvoice]:
    """One page of what a member has been charged, newest first."""
    query = select(CommissionInvoice).where(CommissionInvoice.member_id == member.id)
    return leaf(
        query.options(joinedload(CommissionInvoice.credits)).order_by(CommissionInvoice.id.desc()), number, ROWS
    )


def of_them(member: Member, invoice_id: int) -> CommissionInvoice:
    """One of them. Raises NotYours."""
    query = select(CommissionInvoice).where(CommissionInvoice.id == invoice_id)
    found = db.session.scalar(query.where(CommissionInvoice.member_id == member.id))
    if found is None:
        raise NotYours
    return found


def issued_between(first: date | None, last: date | None) -> Iterator[CommissionInvoice]:
    """All that was issued on these days, both included, in the order of their numbers."""
    for id_ in _ids_between(first, last):
        yield db.session.get_one(CommissionInvoice, id_, options=[joinedload(CommissionInvoice.file)])
        db.session.expunge_all()


def unprinted_between(first: date | None, last: date | None) -> Sequence[int]:
    """The ids of those of which no worker has made the PDF yet."""
    return _ids_between(first, last, CommissionInvoice.file_id.is_(None))


def _ids_between(first: date | None, last: date | None, *which: ColumnElement[bool]) -> Sequence[int]:
    query = select(CommissionInvoice.id).where(*which)
    if first is not None:
        query = query.where(CommissionInvoice.issued_at >= clock.start_of(first))
    if last is not None:
        query = query.where(CommissionInvoice.issued_at < clock.start_of(last + timedelta(days=1)))
    return db.session.scalars(query.order_by(CommissionInvoice.number)).all()
