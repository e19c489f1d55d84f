"""Reading what members have earned off the events of orders: of one order, or of a member's month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from app import clock
from app.catalog.facets import vat_rules
from app.db import db
from app.invoicing.models import InvoiceLine, InvoiceRecord
from app.members.models import Member, SellerModel
from app.members.queries import sales_company
from app.money import NOUGHT, Money
from app.orders.agreements.models import Agreement
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.states import ChargeKind
from app.orders.models import Order, OrderEntry, OrderEvent, OrderLine
from app.payments.payout_models import Payout, PayoutEntry
from app.payments.states import PayoutState
from app.settlement.earned import OWN_SALE, Earning, Tax, tax_on
from app.treatments import VatBuyer
from app.vat import VatKey, key_of

UNKNOWN_NUMBER = "okänt"
"""The company's VAT number stands on the member's invoice; to reckon with it, it need not be known."""
_ORDER = (Order.id, Order.number, OrderEvent.at)
_CLAIM = (PayoutEntry.net, PayoutEntry.vat, Payout.state)
_LINE = (OrderLine.id, OrderLine.name, OrderLine.vat_class, OrderLine.article_id, OrderLine.agreement_id)


@dataclass(frozen=True, slots=True)
class _Row:
    """An entry or a charge by which a member earns something, or loses it."""

    entry_id: int | None
    charge_id: int | None
    member_id: int
    earned: Money
    name: str
    order_id: int
    order_number: int
    at: datetime
    line_id: int | None
    agreement_id: int | None
    key: VatKey
    is_supply: bool
    """Whether the day of the event is the day of supply; else it takes from an earlier one."""
    claimed: Money | None
    state: PayoutState | None


def of_order(order_id: int) -> list[Earning]:
    """What members have earned of an order, event by event, the oldest first."""
    mine = OrderEvent.order_id == order_id
    return _taxed([*_entries(_of_entries().where(mine)), *_charges(_of_charges().where(mine))])


def of_month(member: Member, first: date) -> list[Earning]:
    """What a member has earned in the month that begins on a day, the oldest first.

    So many statements, however much that is; and what other months hold is not read.
    """
    month = (OrderEvent.at >= clock.start_of(first), OrderEvent.at < clock.start_of(after(first)))
    low, high = db.session.execute(select(func.min(OrderEvent.id), func.max(OrderEvent.id)).where(*month)).one()
    if low is None:
        return []
    entries = _of_entries().where(OrderEntry.member_id == member.id, OrderEntry.event_id.between(low, high), *month)
    charges = _of_charges().where(OrderCharge.member_id == member.id, OrderCharge.event_id.between(low, high), *month)
    found = _taxed([*_entries(entries), *_charges(charges)])
    return sorted(found, key=lambda one: (one.at, one.order_number))


def after(first: date) -> date:
    """The month after the one that begins on a day."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def before(first: date) -> date:
    """The month before it."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def _of_entries() -> Select[*tuple[Any, ...]]:
    return (
        select(OrderEntry, *_ORDER, *_LINE, *_CLAIM)
        .join(OrderEntry.event)
        .join(OrderEvent.order)
        .join(OrderEntry.order_line)
        .outerjoin(PayoutEntry, PayoutEntry.entry_id == OrderEntry.id)
        .outerjoin(PayoutEntry.payout)
        .where(OrderEntry.member_id.is_not(None), OrderEntry.earned != NOUGHT)
        .order_by(OrderEntry.id)
    )


def _entries(query: Select[*tuple[Any, ...]]) -> Iterable[_Row]:
    for entry, order_id, number, at, line_id, name, vat_class, article, agreement, *claim in db.session.execute(query):
        yield _Row(
            entry_id=entry.id,
            charge_id=None,
            member_id=entry.member_id,
            earned=entry.earned,
            name=name,
            order_id=order_id,
            order_number=number,
            at=at,
            line_id=line_id,
            agreement_id=agreement,
            key=key_of(vat_class, article),
            is_supply=bool(entry.delivered),
            **_claimed(*claim),
        )


def _of_charges() -> Select[*tuple[Any, ...]]:
    return (
        select(OrderCharge, *_ORDER, *_LINE, *_CLAIM)
        .join(OrderCharge.event)
        .join(OrderEvent.order)
        .outerjoin(OrderCharge.order_line)
        .outerjoin(PayoutEntry, PayoutEntry.charge_id == OrderCharge.id)
        .outerjoin(PayoutEntry.payout)
        .where(OrderCharge.member_id.is_not(None), OrderCharge.earned != NOUGHT)
        .order_by(OrderCharge.id)
    )


def _charges(query: Select[*tuple[Any, ...]]) -> Iterable[_Row]:
    for charge, order_id, number, at, line_id, _name, _class, article, agreement, *claim in db.session.execute(query):
        back = charge.kind == ChargeKind.RETURNED and article is not None
        yield _Row(
            entry_id=None,
            charge_id=charge.id,
            member_id=charge.member_id,
            earned=charge.earned,
            name=charge.name,
            order_id=order_id,
            order_number=number,
            at=at,
            line_id=line_id,
            agreement_id=agreement,
            key=key_of(charge.vat_class, article) if back else charge.vat_class,
            is_supply=not back,
            **_claimed(*claim),
        )


def _claimed(net: Money | None, vat: Money | None, state: PayoutState | None) -> dict[str, Any]:
    return {"claimed": net + vat if net is not None and vat is not None else None, "state": state}


def _taxed(rows: list[_Row]) -> list[Earning]:
    """The rows with the VAT that each member charges, or the words that say why it does not."""
    if not rows:
        return []
    members = {one.id: one for one in _all(Member, {row.member_id for row in rows})}
    rules, moments = vat_rules(), _moments(rows)
    own = _own_sales(rows, members, moments)
    house = sales_company()
    company = VatBuyer(vat_number=house.vat_number or UNKNOWN_NUMBER)

    def tax(row: _Row) -> Tax:
        if row in own:
            return OWN_SALE
        day = clock.local_date(_delivered(row, moments))
        seller = members[row.member_id].vat_seller
        return tax_on(row.earned, row.key, day, member=seller, company=company, rules=rules)

    return [
        Earning(
            member_id=row.member_id,
            order_id=row.order_id,
            order_number=row.order_number,
            name=row.name,
            at=row.at,
            net=row.earned,
            tax=tax(row),
            passed_on=row.claimed,
            is_on_its_way=row.state is not None and row.state != PayoutState.DONE,
            entry_id=row.entry_id,
            charge_id=row.charge_id,
            line_id=row.line_id,
        )
        for row in rows
    ]


_Moments = Mapping[tuple[int | None, int], datetime]


def _delivered(row: _Row, moments: _Moments) -> datetime:
    return row.at if row.is_supply else moments.get((row.line_id, row.member_id), row.at)


def _moments(rows: Iterable[_Row]) -> _Moments:
    """When each member delivered of the lines of which something is taken back: its VAT is that of that day."""
    lines = {row.line_id for row in rows if not row.is_supply}
    query = select(OrderEntry.order_line_id, OrderEntry.member_id, func.max(OrderEvent.at)).join(OrderEntry.event)
    query = query.where(OrderEntry.order_line_id.in_(lines), OrderEntry.delivered > 0)
    found = db.session.execute(query.group_by(OrderEntry.order_line_id, OrderEntry.member_id)) if lines else ()
    return {(line, member): at for line, member, at in found if member is not None}


def _own_sales(rows: Collection[_Row], members: Mapping[int, Member], moments: _Moments) -> set[_Row]:
    """What members have sold, or will sell, to the customer in their own names.

    What is invoiced says who sold it; what is not follows the agreement, and else the member, as when it was delivered.
    """
    lines, charges = {row.line_id for row in rows}, {row.charge_id for row in rows}
    query = select(InvoiceLine.order_line_id, InvoiceLine.charge_id, InvoiceRecord.seller_id).join(InvoiceLine.invoice)
    on_them = InvoiceLine.order_line_id.in_(lines - {None}) | InvoiceLine.charge_id.in_(charges - {None})
    billed = db.session.execute(query.where(on_them, InvoiceLine.credits_line_id.is_(None))).all()
    sellers: dict[tuple[str, int | None], set[int | None]] = {}
    for line_id, charge_id, seller_id in billed:
        kind = ("charge", charge_id) if charge_id is not None else ("line", line_id)
        sellers.setdefault(kind, set()).add(seller_id)
    agreements = {one.id: one for one in _all(Agreement, {row.agreement_id for row in rows} - {None})}

    def is_own(row: _Row) -> bool:
        kind = ("charge", row.charge_id) if row.charge_id is not None else ("line", row.line_id)
        if kind in sellers:
            return row.member_id in sellers[kind]
        at, agreement = _delivered(row, moments), agreements.get(row.agreement_id or 0)
        model = (agreement.sold_as(at) if agreement else None) or members[row.member_id].sold_as(at)
        return model == SellerModel.AGENT

    return {row for row in rows if is_own(row)}


def _all(kind: type[Any], ids: Collection[int | None]) -> Iterable[Any]:
    return db.session.scalars(select(kind).where(kind.id.in_(ids))).all() if ids else ()
