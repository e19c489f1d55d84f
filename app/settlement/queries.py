"""Reading what members have earned off the events of orders: of one order, or of a member's month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app import clock
from app.catalog.facets import vat_rules
from app.customers.models import Customer
from app.db import db
from app.members.models import Member
from app.members.queries import sales_company
from app.orders.delivery.models import OrderCharge
from app.orders.models import OrderEntry, OrderEvent
from app.payments.states import PayoutState
from app.settlement.commission import OwnSale, OwnSales
from app.settlement.earned import Earning, Tax, tax_of_sale, tax_on
from app.settlement.events import Row, rows
from app.settlement.sellers import Moments, delivered, everyone, moments_of, own_sales
from app.treatments import VatBuyer, treatment
from app.vat import VatClass, VatRule

UNKNOWN_NUMBER = "okänt"
"""The buyer's VAT number stands on the invoice; to reckon with it, it need not be known."""


def of_order(order_id: int) -> list[Earning]:
    """What members have earned of an order, event by event, the oldest first."""
    mine = OrderEvent.order_id == order_id
    return reckoned(rows(mine, mine))


def of_month(member: Member, first: date) -> list[Earning]:
    """What a member has earned in the month that begins on a day, the oldest first.

    So many statements, however much that is; and what other months hold is not read, unless it is of the same orders
    and sold by the member itself.
    """
    start = clock.start_of(first)
    month = (OrderEvent.at >= start, OrderEvent.at < clock.start_of(after(first)))
    low, high = db.session.execute(select(func.min(OrderEvent.id), func.max(OrderEvent.id)).where(*month)).one()
    if low is None:
        return []
    entries = (OrderEntry.member_id == member.id) & OrderEntry.event_id.between(low, high)
    charges = (OrderCharge.member_id == member.id) & OrderCharge.event_id.between(low, high)
    within = month[0] & month[1]
    found = reckoned(with_what_was_before(member, rows(entries & within, charges & within)))
    return sorted((one for one in found if one.at >= start), key=lambda one: (one.at, one.order_number))


def with_what_was_before(member: Member, some: Sequence[Row]) -> list[Row]:
    """The same, and what a member sold itself by the same orders before: the VAT of both is rounded as one sum."""
    own = own_sales(some, {member.id: member}, moments_of(some)) if some else set()
    if not own:
        return list(some)
    last = max(row.event_id for row in own)
    of_them = OrderEvent.order_id.in_({row.order_id for row in own}) & (OrderEvent.id <= last)
    before = rows(of_them & (OrderEntry.member_id == member.id), of_them & (OrderCharge.member_id == member.id))
    return sorted({row.place: row for row in (*before, *some)}.values(), key=lambda row: row.place)


def after(first: date) -> date:
    """The month after the one that begins on a day."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def before(first: date) -> date:
    """The month before it."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who sells and buys, and the dated table."""

    house: Member
    members: Mapping[int, Member]
    customers: Mapping[int, Customer]
    rules: Sequence[VatRule]


def reckoned(found: Sequence[Row]) -> list[Earning]:
    """The rows with the VAT that each member charges, or the words that say why it does not; in their order."""
    if not found:
        return []
    members = {one.id: one for one in everyone(Member, {row.member_id for row in found})}
    moments = moments_of(found)
    own = own_sales(found, members, moments)
    customers = {one.id: one for one in everyone(Customer, {row.customer_id for row in own})}
    parties = _Parties(sales_company(), members, customers, vat_rules())
    sold: dict[tuple[int, int], OwnSales] = defaultdict(OwnSales)
    return [
        _sold_itself(row, parties, moments, sold[row.member_id, row.order_id])
        if row in own
        else _earning(row, _taxed(row, parties, moments))
        for row in found
        if row in own or row.earned
    ]


def _taxed(row: Row, parties: _Parties, moments: Moments) -> Tax:
    day, seller = clock.local_date(delivered(row, moments)), parties.members[row.member_id].vat_seller
    company = VatBuyer(vat_number=parties.house.vat_number or UNKNOWN_NUMBER)
    return tax_on(row.earned, row.key, day, member=seller, company=company, rules=parties.rules)


def _sold_itself(row: Row, parties: _Parties, moments: Moments, sold: OwnSales) -> Earning:
    day, seller = clock.local_date(delivered(row, moments)), parties.members[row.member_id].vat_seller
    buyer = parties.customers[row.customer_id].vat_buyer
    known = VatBuyer(buyer.sells_building, buyer.vat_number or UNKNOWN_NUMBER)
    rule = treatment(row.key, day, seller, known, parties.rules)
    ours = treatment(VatClass.STANDARD, day, parties.house.vat_seller, VatBuyer(), parties.rules)
    own = sold.add(row.charged, row.earned, rule.parts, ours.parts[0].rate, line=row.of_line)
    return _earning(row, tax_of_sale(own, rule), own)


def _earning(row: Row, tax: Tax, own: OwnSale | None = None) -> Earning:
    return Earning(
        member_id=row.member_id,
        order_id=row.order_id,
        order_number=row.order_number,
        name=row.name,
        at=row.at,
        net=row.earned,
        tax=tax,
        passed_on=row.claimed,
        is_on_its_way=row.state is not None and row.state != PayoutState.DONE,
        entry_id=row.entry_id,
        charge_id=row.charge_id,
        line_id=row.line_id,
        own=own,
    )
