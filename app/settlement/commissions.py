"""Reading what members are charged, and are to be charged, in commission."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.db import MoneyColumn, db
from app.errors import NotYours
from app.invoicing.models import InvoiceRecord
from app.leaves import Leaf, leaf
from app.members.models import Member, MemberKind, SellerModel
from app.money import NOUGHT, Money
from app.orders.delivery.models import OrderCharge
from app.orders.models import OrderEntry, OrderEvent, OrderLine
from app.settlement.earned import Earning
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


def with_left(member: Member, amount: Money) -> CommissionInvoice | None:
    """The member's latest invoice of which so much, with VAT, is not credited yet."""
    mine = CommissionInvoice.member_id == member.id
    notes = select(CommissionInvoice.credits_id, func.sum(CommissionInvoice.gross, type_=MoneyColumn()))
    notes = notes.where(mine, CommissionInvoice.credits_id.is_not(None)).group_by(CommissionInvoice.credits_id)
    given = {credited: sum_ for credited, sum_ in db.session.execute(notes)}  # noqa: C416  rows, not pairs
    query = select(CommissionInvoice).where(mine, CommissionInvoice.credits_id.is_(None))
    found = db.session.scalars(query.order_by(CommissionInvoice.id.desc()))
    return next((one for one in found if one.gross - given.get(one.id, NOUGHT) >= amount), None)


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
