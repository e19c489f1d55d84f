"""Each krona of an order, followed: what was promised, who made it at which price, what was charged, and who got it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from app import clock
from app.catalog.facets import vat_rules
from app.catalog.pricing.models import PriceList, PriceRow
from app.db import db
from app.invoicing.models import InvoiceLine, InvoiceRecord
from app.members.models import Member
from app.members.queries import sales_company
from app.money import NOUGHT, Money
from app.orders import ledger
from app.orders.agreements.models import Agreement
from app.orders.change_queries import entries_of
from app.orders.delivery.queries import charges_in
from app.orders.delivery.states import ChargeKind
from app.orders.models import AssignmentLine, Order, OrderLine
from app.orders.states import AssignmentState
from app.settlement import queries
from app.settlement.earned import Earning, Sums, added_up
from app.tenders.bid import Bid
from app.treatments import VatBuyer, treatment
from app.vat import VatClass


@dataclass(frozen=True, slots=True)
class Promise:
    """From where the price of a line came."""

    price_list: PriceList | None
    agreement: Agreement | None
    tender_id: int | None
    """Of the bid from which the agreement was made."""


@dataclass(frozen=True, slots=True)
class Made:
    """What one member delivered of a line, at which of its prices."""

    member: Member
    delivered_at: datetime | None
    quantity: Decimal
    member_price: Money
    """Per unit, without VAT."""
    offering_version: int | None
    pay: Money


@dataclass(frozen=True, slots=True)
class OnDocument:
    """What a line of an invoice charges; below nought what one of a credit note gives back. Without VAT."""

    record: InvoiceRecord
    net: Money


@dataclass(frozen=True, slots=True)
class Strand:
    """One line of an order, or what was charged beside the lines, from the promise to the member's account."""

    name: str
    line: OrderLine | None
    promise: Promise | None
    made: Sequence[Made]
    charged: Money
    """By the order's events, without VAT."""
    documents: Sequence[OnDocument]
    earned: Sequence[tuple[Member, Sums]]
    margin_rate: int = 0
    """Per cent, of second-hand goods: the VAT that is in what is left with us, and stands on no invoice."""

    @property
    def billed(self) -> Money:
        """By documents, without VAT."""
        return Money.total(one.net for one in self.documents)

    @property
    def kept(self) -> Money:
        """What is left with the sales company, without VAT: of what a member sells itself, our commission."""
        return self._left - self.margin_vat

    @property
    def _left(self) -> Money:
        return self.charged - Money.total(sums.net for _member, sums in self.earned)

    @property
    def margin_vat(self) -> Money:
        """On what we earn by goods that we sell second-hand ourselves: it is a part of the price (ML 20 kap.)."""
        margin = self._left - self.commission + self.compensation
        return max(margin, NOUGHT).times(self.margin_rate).divided_by(100 + self.margin_rate)

    @property
    def sold_by_members(self) -> bool:
        """Whether members have sold some of it in their own names."""
        return any(sums.sells_itself for _member, sums in self.earned)

    @property
    def commission(self) -> Money:
        """What of that is commission from those members."""
        return Money.total(sums.commission for _member, sums in self.earned)

    @property
    def compensation(self) -> Money:
        """What we make good for to them, beyond what their customers are charged."""
        return Money.total(sums.compensation for _member, sums in self.earned)

    @property
    def commission_vat(self) -> Money:
        """What we charge them in VAT on it."""
        return Money.total(sums.commission_vat for _member, sums in self.earned)


def strands(order: Order) -> list[Strand]:
    """Each line, and last what was charged beside them. So many statements, however many the lines."""
    accounts, charges = ledger.by_line(entries_of(order)), charges_in(order)
    goods = {one.id for one in charges if one.kind == ChargeKind.RETURNED}
    documents, earned = _documents(order, goods), _earned(order, goods)
    promises, made = _promises(order), _made(order)
    margin_rates = _margin_rates(order)
    back: dict[int | None, Money] = defaultdict(lambda: NOUGHT)
    for charge in charges:
        back[charge.order_line_id if charge.id in goods else None] += charge.charged
    lines = [
        Strand(
            name=line.name,
            line=line,
            promise=promises[line.id],
            made=made[line.id],
            charged=(accounts[line.id].charged if line.id in accounts else NOUGHT) + back[line.id],
            documents=documents[line.id],
            earned=earned[line.id],
            margin_rate=margin_rates.get(line.id, 0),
        )
        for line in order.lines
    ]
    if not charges or not (documents[None] or earned[None] or back[None]):
        return lines
    return [*lines, Strand("", None, None, (), back[None], documents[None], earned[None])]


def _margin_rates(order: Order) -> dict[int, int]:
    """Of lines that are sold by the margin scheme, at which rate the margin is taxed on the order's day."""
    second_hand = [line.id for line in order.lines if line.vat_class == VatClass.MARGIN]
    if not second_hand:
        return {}
    day = clock.local_date(order.placed_at)
    rule = treatment(VatClass.STANDARD, day, sales_company().vat_seller, VatBuyer(), vat_rules())
    return dict.fromkeys(second_hand, rule.parts[0].rate)


def _documents(order: Order, goods: set[int]) -> dict[int | None, list[OnDocument]]:
    query = select(InvoiceLine).where(InvoiceLine.order_id == order.id).order_by(InvoiceLine.id)
    whole = joinedload(InvoiceLine.invoice).options(defer(InvoiceRecord.document), joinedload(InvoiceRecord.seller))
    rows = db.session.scalars(query.options(whole)).all()
    beside = {row.id for row in rows if row.charge_id is not None and row.charge_id not in goods}
    found: dict[int | None, list[OnDocument]] = defaultdict(list)
    for row in rows:
        net = -row.net if row.invoice.is_credit_note else row.net
        of_charge = row.id in beside or row.credits_line_id in beside
        found[None if of_charge else row.order_line_id].append(OnDocument(row.invoice, net))
    return found


def _earned(order: Order, goods: set[int]) -> dict[int | None, list[tuple[Member, Sums]]]:
    heaps: dict[tuple[int | None, int], list[Earning]] = defaultdict(list)
    for one in queries.of_order(order.id):
        beside = one.charge_id is not None and one.charge_id not in goods
        heaps[None if beside else one.line_id, one.member_id].append(one)
    ids = {member_id for _line, member_id in heaps}
    members = {one.id: one for one in db.session.scalars(select(Member).where(Member.id.in_(ids)))} if ids else {}
    found: dict[int | None, list[tuple[Member, Sums]]] = defaultdict(list)
    for (line, member_id), heap in heaps.items():
        found[line].append((members[member_id], added_up(heap)))
    return found


def _promises(order: Order) -> dict[int, Promise]:
    rows = {one.price_row_id for one in order.lines if one.price_row_id is not None}
    query = select(PriceRow.id, PriceList).join(PriceRow.price_list).where(PriceRow.id.in_(rows))
    lists = {row: price_list for row, price_list in db.session.execute(query)} if rows else {}  # noqa: C416  rows, not pairs
    agreements = _agreements({one.agreement_id for one in order.lines if one.agreement_id is not None})
    nothing = (None, None)
    return {
        line.id: Promise(lists.get(line.price_row_id or 0), *agreements.get(line.agreement_id or 0, nothing))
        for line in order.lines
    }


def _agreements(ids: set[int]) -> dict[int, tuple[Agreement, int | None]]:
    query = select(Agreement, Bid.tender_id).outerjoin(Bid, Bid.id == Agreement.bid_id)
    found = db.session.execute(query.where(Agreement.id.in_(ids))) if ids else ()
    return {one.id: (one, tender_id) for one, tender_id in found}


def _made(order: Order) -> dict[int, list[Made]]:
    found: dict[int, list[Made]] = defaultdict(list)
    for assignment in order.assignments:
        if assignment.state == AssignmentState.DELIVERED:
            for share in assignment.lines:
                if share.quantity:
                    found[share.order_line_id].append(_of(share, assignment.member, assignment.delivered_at))
    return found


def _of(share: AssignmentLine, member: Member, at: datetime | None) -> Made:
    return Made(member, at, share.quantity, share.member_price, share.offering_version, share.pay)
