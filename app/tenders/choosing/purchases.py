"""What a public customer has ordered from us in a year outside framework agreements: added up by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Select, func, or_, select, type_coerce, union_all

from app.catalog.models import Article, CpvCode
from app.catalog.pricing.models import PriceList, PriceRow
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.money import NOUGHT, Money
from app.orders.delivery.models import Parcel, ParcelLine
from app.orders.models import Order, OrderLine
from app.orders.states import OrderState
from app.tenders.choosing import queries, same_kind
from app.tenders.choosing.same_kind import Level, SameKind
from app.tenders.choosing.thresholds import DOCUMENTED_FROM, SINCE

COUNTED = (OrderState.PLACED, OrderState.CONFIRMED, OrderState.DELIVERED)
"""An order that waits for the customer's own yes, or is called off, is no purchase."""


@dataclass(frozen=True, slots=True)
class DirectPurchases:
    """A year's direct purchases of one customer from us, without VAT and with delivery."""

    year: int
    kinds: tuple[SameKind, ...]
    names: dict[str, CpvCode]
    """What each division is called, by its two digits, where we know."""
    orders: int
    large: int
    """How many single orders the buyer must document (LOU 19 a kap. 11 §)."""

    @property
    def total(self) -> Money:
        """All kinds together. No limit is set for it."""
        return Money.total(one.amount for one in self.kinds)

    @property
    def warned(self) -> tuple[SameKind, ...]:
        """The kinds that are near their limits or over them."""
        return tuple(one for one in self.kinds if one.level != Level.FINE)


def direct_purchases(customer: Customer, year: int, today: date) -> DirectPurchases:
    """What the customer has ordered in a Swedish calendar year; four statements, however many orders there are.

    The limits are those of the year's last day, or of today in a year that goes on.
    """
    bought = _by_code(customer, year)
    day = min(date(year, 12, 31), today)
    kinds = same_kind.sorted_out(bought, day, queries.table())
    orders, large = _orders(customer, year)
    return DirectPurchases(year, kinds, _names({one.division for one in kinds}), orders, large)


def years_of(customer: Customer, today: date) -> range:
    """The years from the customer's first order until now whose limits we know, the latest first; at most ten."""
    first = db.session.scalar(select(func.min(Order.placed_at)).where(Order.customer_id == customer.id))
    since = max(first.year if first else today.year, today.year - 9, SINCE.year)
    return range(today.year, min(since, today.year) - 1, -1)


def _by_code(customer: Customer, year: int) -> list[tuple[str, Money]]:
    parts = union_all(_lines(customer, year), _fees(customer, year)).subquery()
    rows = db.session.execute(select(parts.c.cpv, func.sum(parts.c.net)).group_by(parts.c.cpv))
    return [(cpv or "", Money(int(net))) for cpv, net in rows if net]


def _orders(customer: Customer, year: int) -> tuple[int, int]:
    """How many orders there are, and how many of them are larger than what needs no documents."""
    parts = union_all(_lines(customer, year), _fees(customer, year)).subquery()
    each = select(func.sum(parts.c.net).label("net")).group_by(parts.c.order_id).subquery()
    large = func.count().filter(each.c.net > DOCUMENTED_FROM.ore)
    count, many = db.session.execute(select(func.count(), large).where(each.c.net > 0)).one()
    return count, many


def _lines(customer: Customer, year: int) -> Select[Any]:
    """Each line's sum in whole öre, rounded as `Money.divided_by` does, half away from nought."""
    price, per = (type_coerce(column, BigInteger) for column in (OrderLine.unit_price, OrderLine.priced_per))
    left = type_coerce(OrderLine.quantity, BigInteger) - type_coerce(OrderLine.called_off, BigInteger)
    net = ((2 * price * left + per) // (2 * per)).label("net")
    return _direct(net, customer, year)


def _fees(customer: Customer, year: int) -> Select[Any]:
    """What bringing it costs belongs to what is brought: a parcel's fee to the code of its first line."""
    first = (
        select(ParcelLine.parcel_id, func.min(ParcelLine.order_line_id).label("line_id"))
        .group_by(ParcelLine.parcel_id)
        .subquery()
    )
    fee = type_coerce(Parcel.fee, BigInteger).label("net")
    return (
        _direct(fee, customer, year)
        .join(first, first.c.line_id == OrderLine.id)
        .join(Parcel, Parcel.id == first.c.parcel_id)
        .where(Parcel.fee > NOUGHT)
    )


def _direct(net: Any, customer: Customer, year: int) -> Select[Any]:
    """Order, code and amount of each line whose price no framework agreement gave, of the year's orders."""
    first, after = queries.year_of(year)
    columns: list[Any] = [Order.id.label("order_id"), Article.cpv, net]
    return (
        select(*columns)
        .select_from(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Article, Article.id == OrderLine.article_id)
        .outerjoin(PriceRow, PriceRow.id == OrderLine.price_row_id)
        .outerjoin(PriceList, PriceList.id == PriceRow.price_list_id)
        .where(
            Order.customer_id == customer.id,
            Order.placed_at >= first,
            Order.placed_at < after,
            Order.state.in_(COUNTED),
            or_(PriceList.id.is_(None), PriceList.kind != ListKind.FRAMEWORK),
        )
    )


def _names(divisions: set[str]) -> dict[str, CpvCode]:
    wanted = [CpvCode.code.like(f"{division}000000-%") for division in divisions if division]
    if not wanted:
        return {}
    return {one.code[:2]: one for one in db.session.scalars(select(CpvCode).where(or_(*wanted)))}
