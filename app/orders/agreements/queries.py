"""What pages and stories read of agreements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Role, RoleName, User
from app.catalog.models import Article
from app.catalog.pricing.models import PriceList, PriceListCustomer, PriceRow
from app.catalog.pricing.rules import ListKind, ListState
from app.customers.models import Customer
from app.db import MoneyColumn, QuantityColumn, db, holds
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.members.models import Member
from app.money import NOUGHT, Money
from app.orders.agreements import terms
from app.orders.agreements.models import (
    Agreement,
    AgreementLeaving,
    AgreementList,
    AgreementOption,
    AgreementPart,
    AgreementReport,
    CallOff,
    IndexRise,
)
from app.orders.agreements.terms import Period, Window
from app.orders.models import Assignment, AssignmentLine, Order, OrderLine
from app.orders.standing.models import StandingLine, StandingOrder, StandingVersion
from app.orders.states import LIVE

PAGE = 50
FEW = 50


def agreement_page(text: str, number: int) -> Leaf[Agreement]:
    """All agreements, the first to end first."""
    query = select(Agreement).order_by(Agreement.last_day, Agreement.id)
    if text:
        columns = Agreement.number, Agreement.name, Agreement.buyer_name
        query = query.where(or_(*(holds(column, text) for column in columns)))
    return leaf(query, number, PAGE)


def agreement_with(agreement_id: int, *, lock: bool = False) -> Agreement:
    """An agreement with its options and warnings, for staff. Raises NotYours."""
    return _one(_whole().where(Agreement.id == agreement_id), lock=lock)


def agreement_of_bid(bid_id: int) -> Agreement | None:
    """What a bid has become."""
    return db.session.scalar(select(Agreement).where(Agreement.bid_id == bid_id))


def numbered(number: str) -> int | None:
    """The agreement with a number, by id, where there is just one."""
    same = func.lower(Agreement.number) == number.strip().lower()
    found = db.session.scalars(select(Agreement.id).where(same).limit(2)).all() if number.strip() else []
    return found[0] if len(found) == 1 else None


def agreements_of(customer: Customer, today: date) -> Sequence[Agreement]:
    """From which a buyer may call off: those that hold or begin later, the first to end first."""
    mine = select(AgreementList.agreement_id).join(
        PriceListCustomer, PriceListCustomer.price_list_id == AgreementList.price_list_id
    )
    mine = mine.where(PriceListCustomer.customer_id == customer.id)
    query = select(Agreement).where(Agreement.id.in_(mine), Agreement.last_day >= today)
    return db.session.scalars(query.order_by(Agreement.last_day, Agreement.id).limit(FEW)).all()


def agreement_of(customer: Customer, agreement_id: int, today: date) -> Agreement:
    """One of them. Raises NotYours."""
    found = next((one for one in agreements_of(customer, today) if one.id == agreement_id), None)
    if found is None:
        raise NotYours
    return found


def may_call_off(customer: Customer, article: Article, day: date) -> bool:
    """Whether a customer has the article in a framework agreement that holds on the day."""
    query = (
        select(PriceRow.id)
        .join(PriceRow.price_list)
        .join(PriceListCustomer, PriceListCustomer.price_list_id == PriceList.id)
        .where(PriceRow.article_id == article.id, PriceRow.gone_at.is_(None))
        .where(PriceListCustomer.customer_id == customer.id, PriceList.kind == ListKind.FRAMEWORK)
        .where(PriceList.state == ListState.ACTIVE, PriceList.valid_from <= day)
        .where(or_(PriceList.valid_to.is_(None), PriceList.valid_to >= day))
    )
    return db.session.scalar(query.limit(1)) is not None


def list_on(agreement: Agreement, day: date) -> PriceList | None:
    """The version of its prices that holds on a day, or the next to hold."""
    query = (
        select(PriceList)
        .join(AgreementList, AgreementList.price_list_id == PriceList.id)
        .where(AgreementList.agreement_id == agreement.id, PriceList.state == ListState.ACTIVE)
        .where(or_(PriceList.valid_to.is_(None), PriceList.valid_to >= day))
        .order_by(PriceList.valid_from)
    )
    return db.session.scalars(query.limit(1)).first()


def lists_from(agreement: Agreement, day: date) -> Sequence[PriceList]:
    """The versions that hold on a day or later, in turn."""
    query = (
        select(PriceList)
        .join(AgreementList, AgreementList.price_list_id == PriceList.id)
        .where(AgreementList.agreement_id == agreement.id, PriceList.state == ListState.ACTIVE)
        .where(or_(PriceList.valid_to.is_(None), PriceList.valid_to >= day))
    )
    return db.session.scalars(query.order_by(PriceList.valid_from)).all()


def call_offs(agreement: Agreement, number: int, *, customer: Customer | None = None) -> Leaf[Order]:
    """The orders under an agreement, the latest first; of one buyer, or of all."""
    mine = select(OrderLine.order_id).where(OrderLine.agreement_id == agreement.id)
    query = select(Order).where(Order.id.in_(mine)).options(joinedload(Order.customer))
    if customer is not None:
        query = query.where(Order.customer_id == customer.id)
    return leaf(query.order_by(Order.placed_at.desc(), Order.id.desc()), number, PAGE)


def counted_of(agreement: Agreement, orders: Sequence[Order]) -> dict[int, Money]:
    """What each of some orders counts against the ceiling, by order id."""
    query = (
        select(OrderLine.order_id, func.sum(CallOff.counted, type_=MoneyColumn()))
        .join(CallOff.order_line)
        .where(CallOff.agreement_id == agreement.id, OrderLine.order_id.in_([one.id for one in orders]))
    )
    return {order: total for order, total in db.session.execute(query.group_by(OrderLine.order_id))}  # noqa: C416


def counted_by_customer(agreement: Agreement, first: date, last: date) -> list[tuple[Customer, Money]]:
    """What each organisation that may call off has called off in a time, nought where nothing: by name."""
    counted = dict(
        db.session.execute(
            select(CallOff.customer_id, func.sum(CallOff.counted, type_=MoneyColumn()))
            .where(CallOff.agreement_id == agreement.id, CallOff.day.between(first, last))
            .group_by(CallOff.customer_id)
        ).all()
    )
    return [(one, counted.get(one.id, NOUGHT)) for one in buyers(agreement, also=counted)]


def buyers(agreement: Agreement, *, also: Iterable[int] = ()) -> Sequence[Customer]:
    """Who may call off, and who has, by name."""
    named = select(PriceListCustomer.customer_id).join(
        AgreementList, AgreementList.price_list_id == PriceListCustomer.price_list_id
    )
    named = named.where(AgreementList.agreement_id == agreement.id)
    query = select(Customer).where(or_(Customer.id.in_(named), Customer.id.in_(list(also))))
    return db.session.scalars(query.order_by(Customer.name, Customer.id)).all()


@dataclass(frozen=True, slots=True)
class ArticleSum:
    """What was called off of an article by an organisation."""

    customer: str
    org_number: str
    number: str
    name: str
    unit: str
    unit_text: str
    quantity: Decimal
    net: Money


def by_article(agreement: Agreement, first: date, last: date) -> Iterator[ArticleSum]:
    """Line by line of the statistics, by organisation and article."""
    query = (
        select(Customer.name, Customer.org_number, OrderLine.number, OrderLine.name, OrderLine.unit)
        .add_columns(OrderLine.unit_text)
        .add_columns(func.sum(OrderLine.quantity - OrderLine.called_off, type_=QuantityColumn()))
        .add_columns(func.sum(CallOff.counted, type_=MoneyColumn()))
        .join(CallOff.order_line)
        .join(CallOff.customer)
        .where(CallOff.agreement_id == agreement.id, CallOff.day.between(first, last))
        .group_by(Customer.name, Customer.org_number, OrderLine.number, OrderLine.name)
        .group_by(OrderLine.unit, OrderLine.unit_text)
        .order_by(Customer.name, OrderLine.number)
    )
    for name, org_number, *more in db.session.execute(query):
        yield ArticleSum(name, org_number or "", *more)


def standing_under(agreement: Agreement, today: date) -> Sequence[StandingOrder]:
    """What comes again to its buyers, has not ended, and holds one of its articles."""
    priced = select(PriceRow.article_id).join(AgreementList, AgreementList.price_list_id == PriceRow.price_list_id)
    priced = priced.where(AgreementList.agreement_id == agreement.id, PriceRow.gone_at.is_(None))
    lines = select(StandingVersion.standing_order_id).join(StandingLine, StandingLine.version_id == StandingVersion.id)
    query = select(StandingOrder).where(
        StandingOrder.id.in_(lines.where(StandingLine.article_id.in_(priced))),
        StandingOrder.customer_id.in_([one.id for one in buyers(agreement)]),
        or_(StandingOrder.last_day.is_(None), StandingOrder.last_day >= today),
    )
    return db.session.scalars(query.order_by(StandingOrder.name, StandingOrder.id)).all()


def parts_of(agreement: Agreement, *, member: Member | None = None) -> Sequence[AgreementPart]:
    """Who makes what, by member; of one member, or of all."""
    query = select(AgreementPart).where(AgreementPart.agreement_id == agreement.id)
    if member is not None:
        query = query.where(AgreementPart.member_id == member.id)
    query = query.options(joinedload(AgreementPart.member), joinedload(AgreementPart.article))
    return db.session.scalars(query.order_by(AgreementPart.member_id, AgreementPart.ref, AgreementPart.id)).all()


def agreements_with(member: Member) -> Sequence[Agreement]:
    """In which a member has a part, or had one."""
    mine = select(AgreementPart.agreement_id).where(AgreementPart.member_id == member.id)
    query = select(Agreement).where(Agreement.id.in_(mine)).order_by(Agreement.last_day.desc(), Agreement.id)
    return db.session.scalars(query.limit(FEW)).all()


def delivered_by(member: Member, agreement: Agreement) -> Money:
    """What a member has been asked to make, or has made, under an agreement, at what it is paid."""
    pay = select(AssignmentLine.quantity, AssignmentLine.member_price).join(AssignmentLine.assignment)
    pay = pay.join(AssignmentLine.order_line).where(OrderLine.agreement_id == agreement.id)
    rows = db.session.execute(pay.where(Assignment.member_id == member.id, Assignment.state.in_(LIVE)))
    return Money.total(price.times(quantity) for quantity, price in rows)


def rises_of(agreement: Agreement) -> Sequence[IndexRise]:
    """What has been weighed of the index, the latest first."""
    query = select(IndexRise).where(IndexRise.agreement_id == agreement.id)
    return db.session.scalars(query.order_by(IndexRise.from_day.desc()).limit(FEW)).all()


def leavings_of(agreement: Agreement) -> Sequence[AgreementLeaving]:
    """Who has left, or will, the latest first."""
    query = select(AgreementLeaving).where(AgreementLeaving.agreement_id == agreement.id)
    query = query.options(joinedload(AgreementLeaving.member))
    return db.session.scalars(query.order_by(AgreementLeaving.from_day.desc()).limit(FEW)).all()


def reports_of(agreement: Agreement) -> dict[date, AgreementReport]:
    """Which statistics were sent, by the first day of their period."""
    query = select(AgreementReport).where(AgreementReport.agreement_id == agreement.id)
    return {one.first_day: one for one in db.session.scalars(query)}


def periods_of(agreement: Agreement) -> list[Period]:
    """All times of which the buyer wants statistics."""
    return list(terms.periods(agreement.first_day, agreement.last_day, agreement.report_every, agreement.report_within))


def windows_of(agreement: Agreement) -> list[Window]:
    """When new prices can be asked for."""
    found = terms.windows(agreement.index_first, agreement.last_day, agreement.index_opens, agreement.index_closes)
    return list(found) if agreement.index_name else []


def to_remind(today: date) -> Sequence[int]:
    """The agreements that have not ended and that nobody has looked at today, by id."""
    query = select(Agreement.id).where(Agreement.last_day >= today)
    query = query.where(or_(Agreement.looked_on.is_(None), Agreement.looked_on < today))
    return db.session.scalars(query.order_by(Agreement.id)).all()


def staff_to_tell() -> Sequence[User]:
    """Those of us who sell."""
    sells = User.roles.any(Role.name == RoleName.SALES)
    return db.session.scalars(select(User).where(User.active, sells).order_by(User.name, User.id).limit(FEW)).all()


def option_of(agreement: Agreement, option_id: int) -> AgreementOption:
    """One of its options. Raises NotYours."""
    found = next((one for one in agreement.options if one.id == option_id), None)
    if found is None:
        raise NotYours
    return found


def _whole() -> Select[Agreement]:
    return select(Agreement).options(
        joinedload(Agreement.price_list), selectinload(Agreement.options), selectinload(Agreement.warnings)
    )


def _one(query: Select[Agreement], *, lock: bool) -> Agreement:
    if lock:
        query = query.with_for_update(of=Agreement).execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotYours
    return found
