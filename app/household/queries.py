"""Reading asks, deductions and claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app import sealed
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.errors import NotYours
from app.household.claim_file import MOST_CASES
from app.household.models import (
    PartState,
    ReliefAsk,
    ReliefClaim,
    ReliefDeduction,
    ReliefPart,
    ReliefPerson,
    ReliefRest,
)
from app.leaves import Leaf, leaf
from app.members.models import Member, SellerModel
from app.members.queries import sales_company
from app.money import Money
from app.orders.models import Order
from app.orders.states import OrderState
from app.reliefs import Relief

PAGE = 25
_COUNTS = (PartState.OPEN, PartState.ASKED, PartState.APPROVED, PartState.PARTLY)


def may_ask(articles: Iterable[Article]) -> list[Article]:
    """Those for which a private person may ask: we know which work it is, and who sells it is approved for F-tax.

    What a member sells in its own name it must claim itself, so it is left out (IL 67 kap. 16 §).
    """
    known = [article for article in articles if article.work is not None]
    if not known or not sales_company().f_tax:
        return []
    ids = [article.id for article in known]
    agents = (
        select(Offering.article_id)
        .join(Offering.member)
        .where(Offering.article_id.in_(ids), Offering.state == ApprovalState.APPROVED)
        .where(Member.seller_model == SellerModel.AGENT)
    )
    sold_by_others = set(db.session.scalars(agents))
    return [article for article in known if article.id not in sold_by_others]


def ask_of(order: Order, *, lock: bool = False) -> ReliefAsk | None:
    """What has been asked for on an order, with persons and lines."""
    query = select(ReliefAsk).where(ReliefAsk.order_id == order.id)
    whole = query.options(selectinload(ReliefAsk.persons), selectinload(ReliefAsk.lines))
    return db.session.scalar(whole.with_for_update() if lock else whole)


def deductions_of(ask: ReliefAsk) -> Sequence[ReliefDeduction]:
    """What has been taken off its invoices, the oldest first, with the parts."""
    whole = selectinload(ReliefDeduction.parts).selectinload(ReliefPart.rests)
    mine = select(ReliefDeduction).where(ReliefDeduction.ask == ask).options(whole)
    return db.session.scalars(mine.order_by(ReliefDeduction.id)).all()


def had(person: str, year: int) -> dict[Relief, Money]:
    """What a person has had through us of a year: what is taken off still, less what the tax agency has refused."""
    mine = (ReliefPerson.mark.in_(sealed.marks(person)), ReliefDeduction.year == year)
    due = ReliefPart.amount - ReliefPart.credited
    is_less = and_(ReliefPart.state == PartState.PARTLY, ReliefPart.approved + ReliefPart.credited < ReliefPart.amount)
    counts = case((is_less, ReliefPart.approved), else_=due)
    rows = db.session.execute(
        select(ReliefAsk.relief, func.sum(counts))
        .join(ReliefPart.person)
        .join(ReliefPerson.ask)
        .join(ReliefPart.deduction)
        .where(*mine, ReliefPart.state.in_(_COUNTS))
        .group_by(ReliefAsk.relief)
    )
    return {relief: amount if isinstance(amount, Money) else Money(int(amount)) for relief, amount in rows}


def known() -> Sequence[ReliefPerson]:
    """All whose number we hold."""
    return db.session.scalars(select(ReliefPerson).where(ReliefPerson.sealed.is_not(None))).all()


def _whole() -> tuple[ExecutableOption, ...]:
    """All that a page or a claim asks of a deduction."""
    return (
        joinedload(ReliefDeduction.ask).selectinload(ReliefAsk.lines),
        joinedload(ReliefDeduction.ask).joinedload(ReliefAsk.order).joinedload(Order.customer),
        selectinload(ReliefDeduction.parts).joinedload(ReliefPart.person),
        selectinload(ReliefDeduction.done),
    )


def unpaid(number: int) -> Leaf[ReliefDeduction]:
    """Invoices with a deduction whose customer has not paid the rest, the oldest first."""
    open_ = ReliefDeduction.parts.any(ReliefPart.state == PartState.OPEN)
    query = select(ReliefDeduction).where(ReliefDeduction.paid_on.is_(None), open_)
    return leaf(query.options(*_whole()).order_by(ReliefDeduction.id), number, PAGE)


def to_ask(number: int) -> Leaf[ReliefDeduction]:
    """Paid invoices for which nothing has been asked yet, the oldest payment first."""
    open_ = ReliefDeduction.parts.any(ReliefPart.state == PartState.OPEN)
    query = select(ReliefDeduction).where(ReliefDeduction.paid_on.is_not(None), open_)
    return leaf(query.options(*_whole()).order_by(ReliefDeduction.paid_on, ReliefDeduction.id), number, PAGE)


class Waiting(NamedTuple):
    """What can be asked for of one deduction, paid in one year."""

    relief: Relief
    year: int
    parts: int
    amount: Money


def waiting() -> list[Waiting]:
    """Deductions that are paid for and in no claim, added up by kind and year, the oldest year first."""
    rows = db.session.execute(
        select(ReliefAsk.relief, ReliefDeduction.year, func.count(ReliefPart.id), func.sum(ReliefPart.amount))
        .join(ReliefPart.deduction)
        .join(ReliefDeduction.ask)
        .where(ReliefDeduction.paid_on.is_not(None), ReliefPart.state == PartState.OPEN)
        .group_by(ReliefAsk.relief, ReliefDeduction.year)
        .order_by(ReliefDeduction.year, ReliefAsk.relief)
    )
    return [Waiting(*row) for row in rows]


def parts_to_ask(relief: Relief, year: int) -> Sequence[ReliefPart]:
    """So many as a file may hold, the oldest payment first; held, so that two of us do not ask for the same."""
    query = (
        select(ReliefPart)
        .join(ReliefPart.deduction)
        .join(ReliefDeduction.ask)
        .where(ReliefAsk.relief == relief, ReliefDeduction.year == year, ReliefDeduction.paid_on.is_not(None))
        .where(ReliefPart.state == PartState.OPEN)
        .order_by(ReliefDeduction.paid_on, ReliefPart.id)
        .limit(MOST_CASES)
        .with_for_update(of=ReliefPart)
    )
    return db.session.scalars(query.options(*_of_part()).execution_options(populate_existing=True)).all()


def _of_part() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(ReliefPart.person),
        joinedload(ReliefPart.deduction).joinedload(ReliefDeduction.ask),
        joinedload(ReliefPart.deduction).selectinload(ReliefDeduction.done),
        joinedload(ReliefPart.deduction).selectinload(ReliefDeduction.parts).joinedload(ReliefPart.person),
    )


def claims(number: int) -> Leaf[ReliefClaim]:
    """The files that have been made, the newest first."""
    query = select(ReliefClaim).options(selectinload(ReliefClaim.parts)).order_by(ReliefClaim.id.desc())
    return leaf(query, number, PAGE)


def claim_with(claim_id: int) -> ReliefClaim:
    """One of them, with all that is in it. Raises NotYours."""
    found = db.session.scalar(
        select(ReliefClaim).where(ReliefClaim.id == claim_id).options(selectinload(ReliefClaim.parts))
    )
    if found is None:
        raise NotYours
    mine = select(ReliefPart).where(ReliefPart.claim_id == claim_id).options(*_of_part())
    db.session.scalars(mine).all()  # Its parts hold what each of them is of.
    return found


def invoice_of(deduction_id: int) -> int:
    """The invoice, by id, that a deduction is taken off; nobody is held up. Raises NotYours."""
    found = db.session.scalar(select(ReliefDeduction.invoice_id).where(ReliefDeduction.id == deduction_id))
    if found is None:
        raise NotYours
    return found


def deduction_with(deduction_id: int) -> ReliefDeduction:
    """One, held by whoever changes it; who holds the invoice too takes that first. Raises NotYours."""
    query = select(ReliefDeduction).where(ReliefDeduction.id == deduction_id).options(*_whole())
    found = db.session.scalar(query.with_for_update(of=ReliefDeduction))
    if found is None:
        raise NotYours
    return found


def deductions_on(invoice_ids: Collection[int]) -> Sequence[ReliefDeduction]:
    """What has been taken off some invoices, with its parts; nobody is held up by it."""
    query = select(ReliefDeduction).where(ReliefDeduction.invoice_id.in_(invoice_ids)).options(*_whole())
    return db.session.scalars(query.order_by(ReliefDeduction.id)).unique().all()


def deduction_on(invoice_id: int) -> ReliefDeduction | None:
    """What has been taken off an invoice, held by whoever changes it."""
    query = select(ReliefDeduction).where(ReliefDeduction.invoice_id == invoice_id).options(*_whole())
    return db.session.scalar(query.with_for_update(of=ReliefDeduction))


def hold_parts(deduction: ReliefDeduction) -> Sequence[ReliefPart]:
    """Its parts, held: what is asked for and decided meanwhile waits, or is seen."""
    query = select(ReliefPart).where(ReliefPart.deduction_id == deduction.id).order_by(ReliefPart.id)
    whole = query.options(*_of_part(), selectinload(ReliefPart.rests))
    return db.session.scalars(whole.with_for_update(of=ReliefPart).execution_options(populate_existing=True)).all()


def part_with(part_id: int) -> ReliefPart:
    """One, held by whoever decides it. Raises NotYours."""
    query = select(ReliefPart).where(ReliefPart.id == part_id).options(*_of_part(), selectinload(ReliefPart.rests))
    held = query.with_for_update(of=ReliefPart).execution_options(populate_existing=True)
    found = db.session.scalar(held)
    if found is None:
        raise NotYours
    return found


def rest_on(invoice_id: int) -> ReliefRest | None:
    """What an invoice asks for that the tax agency did not pay; None on one that sells something. Nobody is held up."""
    return db.session.scalar(select(ReliefRest).where(ReliefRest.invoice_id == invoice_id))


def person_with(person_id: int) -> ReliefPerson:
    """One, held by whoever takes its number away. Raises NotYours."""
    query = select(ReliefPerson).where(ReliefPerson.id == person_id)
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotYours
    return found


def to_forget(decided_before: date, ended_before: datetime, most: int) -> Sequence[int]:
    """Persons whose number nothing needs any longer: all is decided long ago, or the order ended and gave nothing."""
    undecided = select(ReliefPart.id).where(
        ReliefPart.person_id == ReliefPerson.id,
        or_(ReliefPart.decided_on.is_(None), ReliefPart.decided_on >= decided_before),
    )
    any_part = select(ReliefPart.id).where(ReliefPart.person_id == ReliefPerson.id)
    lately = Order.state.not_in((OrderState.DELIVERED, OrderState.CALLED_OFF)) | (ReliefAsk.asked_at >= ended_before)
    gave_nothing = ~any_part.exists() & ~lately
    query = (
        select(ReliefPerson.id)
        .join(ReliefPerson.ask)
        .join(ReliefAsk.order)
        .where(ReliefPerson.sealed.is_not(None), or_(any_part.exists() & ~undecided.exists(), gave_nothing))
    )
    return db.session.scalars(query.order_by(ReliefPerson.id).limit(most)).all()
