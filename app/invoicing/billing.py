"""What can be charged of orders and has not been, and which documents that makes.

A line of an invoice is a claim on the delivery, the complaint or the charge from which it came. What has no claim is
still to be charged, whatever the rhythm by which the customer is invoiced and however often that has changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app import clock
from app.customers.models import Customer
from app.invoicing import lines
from app.invoicing.claims import Books, quantity_weights, read
from app.invoicing.document import Line
from app.members.models import Member, SellerModel
from app.money import NOUGHT, Money
from app.orders.agreements.models import Agreement
from app.orders.change_queries import to_come
from app.orders.complaint_models import Complaint
from app.orders.delivery.models import OrderCharge
from app.orders.delivery.states import ChargeKind
from app.orders.models import AssignmentLine, Order, OrderLine
from app.orders.states import AssignmentState
from app.vat import VatRule


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """Something to charge, as it will stand on the document, and from what it came."""

    order: Order
    seller: Member | None
    """The member in whose name it is sold; none when the sales company sells it."""
    line: Line
    day: date
    """From when on it can be charged."""
    is_whole: bool = True
    """Whether the customer has got all that was sold as one with it."""
    with_last: bool = False
    """Whether it goes with the last delivery of the order, where each is charged by itself."""
    agreement: Agreement | None = None
    order_line: OrderLine | None = None
    share: AssignmentLine | None = None
    complaint: Complaint | None = None
    charge: OrderCharge | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """What a delivery that was charged has come to cost less: its price was lowered, or some of it came back."""

    share: AssignmentLine
    amount: Money
    charge: OrderCharge | None = None
    """The return, where it is for one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What makes one document: of one seller to one customer."""

    customer: Customer
    seller: Member | None
    items: tuple[Item, ...]

    @property
    def net(self) -> Money:
        """Without VAT."""
        return Money.total(one.line.net for one in self.items)

    @property
    def is_due(self) -> bool:
        """Whether there is something to pay for: what comes anew at no cost brings no invoice by itself."""
        return self.net >= NOUGHT and any(one.line.net for one in self.items)

    @property
    def orders(self) -> list[Order]:
        """The orders on it, the oldest first."""
        return sorted({one.order for one in self.items}, key=lambda order: order.number)


@dataclass(frozen=True, slots=True)
class Unbilled:
    """What is to be charged of some orders, and what is to be given back of what was charged before."""

    items: list[Item]
    owed: list[Owed]


def unbilled(orders: Sequence[Order], rules: Sequence[VatRule]) -> Unbilled:
    """All that has no claim yet. `rules` is the dated VAT table; a line has the rate of the day it was delivered.

    Raises ValueError when what was charged of a line is not what its events come to: then no invoice is better than a
    wrong one.
    """
    books, items, owed = read(orders), list[Item](), list[Owed]()
    for order in orders:
        mine = [*_deliveries(order, books, rules), *_beside(order, books, rules)]
        back = list(_came_back(order, books, mine))
        for share, rest in _rests(order, mine, back, books):
            if rest < NOUGHT:
                owed.append(Owed(share, -rest))
            else:
                mine.append(_at_new_price(share, rest, books, rules))
        items += mine
        owed += back
    return Unbilled(items, owed)


def per_seller(items: Iterable[Item]) -> list[Draft]:
    """One document per seller, as when an order or a delivery is charged by itself."""
    return _drafts(items, lambda one: _id(one.seller))


def collected(items: Iterable[Item]) -> list[Draft]:
    """One document per seller, month, references and agreement (ML 17 kap. 19 §).

    A cost centre can stand on each line, so it makes no document of its own; a buyer's reference and order number
    cannot (EN 16931 BT-10 and BT-13 are of the whole invoice).
    """

    def key(one: Item) -> Hashable:
        order = one.order
        same = (order.buyer_reference, order.order_reference, one.agreement.id if one.agreement else 0)
        if not order.customer.has_references:  # A deduction for household work belongs to one order.
            return (_id(one.seller), one.day.replace(day=1), order.id)
        return (_id(one.seller), one.day.replace(day=1), *same)

    return _drafts(items, key)


def _drafts(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[Draft]:
    """The sales company's own first: whoever numbers documents in several series does it in the same order."""
    heaps: dict[Hashable, list[Item]] = defaultdict(list)
    for one in items:
        heaps[key(one)].append(one)
    made = [Draft(heap[0].order.customer, heap[0].seller, tuple(heap)) for heap in heaps.values()]
    return sorted((one for one in made if one.is_due), key=lambda one: _id(one.seller))


def _id(seller: Member | None) -> int:
    return seller.id if seller else 0


def _deliveries(order: Order, books: Books, rules: Sequence[VatRule]) -> Iterator[Item]:
    """What members have delivered, what complaints take off it, and what of it came back before it was charged."""
    back = [one for one in books.charges[order.id] if one.kind == ChargeKind.RETURNED and one.id not in books.charged]
    days = _bundle_days(order)
    for share in delivered(order):
        if share.id in books.sellers:
            continue
        sold = share.order_line
        agreement = books.agreements.get(sold.agreement_id or 0)
        first = Item(
            order=order,
            seller=seller_of(share.assignment.member, agreement, share.assignment.delivered_at),
            line=lines.line_of(share, rules),
            day=days.get(sold.bundle_id or 0) or lines.reached_customer(share),
            is_whole=sold.bundle_id is None or _is_done(order, sold.bundle_id),
            agreement=agreement,
            order_line=sold,
            share=share,
        )
        yield first
        for complaint in books.complaints[share.assignment_id, sold.id]:
            if complaint.id not in books.complained:
                line = lines.reduction_of(complaint, share, rules)
                yield replace(first, line=line, share=None, complaint=complaint)
        for charge in [one for one in back if _is_of(one, share)]:
            back.remove(charge)
            yield replace(first, line=lines.charge_of(charge, rules), share=None, charge=charge)


def delivered(order: Order) -> list[AssignmentLine]:
    """What the members have handed over, in the order in which it was delivered; a bundle's lines stand together."""
    found = [
        line
        for assignment in order.assignments
        if assignment.state == AssignmentState.DELIVERED
        for line in assignment.lines
        if line.quantity
    ]
    bundles = {line.id: line.bundle_id or 0 for line in order.lines}
    places = {line.id: place if line.bundle_id else 0 for place, line in enumerate(order.lines)}
    return sorted(found, key=lambda line: (bundles[line.order_line_id], places[line.order_line_id]))


def _is_of(charge: OrderCharge, share: AssignmentLine) -> bool:
    return charge.order_line_id == share.order_line_id and charge.member_id == share.assignment.member_id


def _is_done(order: Order, bundle_id: int) -> bool:
    """Whether nothing more of the bundle is to come: only then does it stand on an invoice as what was sold."""
    return not any(to_come(line) for line in order.lines if line.bundle_id == bundle_id)


def _bundle_days(order: Order) -> dict[int, date]:
    """The day on which the last of each bundle came."""
    found: dict[int, date] = {}
    for share in delivered(order):
        bundle, at = share.order_line.bundle_id, share.assignment.delivered_at
        if bundle and at:
            found[bundle] = max(found.get(bundle, date.min), clock.local_date(at))
    return found


def _beside(order: Order, books: Books, rules: Sequence[VatRule]) -> Iterator[Item]:
    """What is charged beside the lines. Whose it is follows who carried, or made what did not come back."""
    for charge in books.charges[order.id]:
        if charge.kind != ChargeKind.RETURNED and charge.id not in books.charged and charge.charged:
            agreement = _agreement_of(charge, order, books)
            yield Item(
                order=order,
                seller=seller_of(charge.member, agreement, charge.event.at),
                line=lines.charge_of(charge, rules),
                day=clock.local_date(charge.event.at),
                with_last=True,
                agreement=agreement,
                order_line=charge.order_line,
                charge=charge,
            )


def _agreement_of(charge: OrderCharge, order: Order, books: Books) -> Agreement | None:
    """That of what was brought, so that the fee stands beside it."""
    ids = {charge.order_line_id} if charge.order_line_id else charge.parcel.line_ids if charge.parcel else set()
    about = [line for line in order.lines if line.id in ids] or order.lines
    return books.agreements.get(about[0].agreement_id or 0)


def seller_of(member: Member | None, agreement: Agreement | None, at: datetime | None) -> Member | None:
    """Who sold what a member handed over at a moment: the agreement's word then goes before the member's own."""
    if member is None or member.is_sales_company:
        return None
    model = (agreement.sold_as(at) if agreement else None) or member.sold_as(at)
    return member if model == SellerModel.AGENT else None


def _came_back(order: Order, books: Books, mine: Sequence[Item]) -> Iterator[Owed]:
    """What came back just as it was charged, and so stands neither on the invoice nor among what is to be credited."""
    taken = {one.charge.id for one in mine if one.charge}
    charged = [share for share in delivered(order) if share.id in books.sellers]
    for charge in books.charges[order.id]:
        if charge.kind == ChargeKind.RETURNED and charge.id not in books.charged | taken:
            share = next(one for one in charged if _is_of(charge, one))
            yield Owed(share, -charge.charged, charge)


def _rests(
    order: Order, mine: Sequence[Item], back: Sequence[Owed], books: Books
) -> Iterator[tuple[AssignmentLine, Money]]:
    """What each line's events come to beyond what was charged, is to be credited and is to be charged now.

    There is a rest only where goods were charged and their price has changed since: it is shared out among those
    deliveries. Raises ValueError else.
    """
    coming: dict[int, Money] = defaultdict(lambda: NOUGHT)
    for one in mine:
        if one.order_line and (one.charge is None or one.charge.kind == ChargeKind.RETURNED):
            coming[one.order_line.id] += one.line.net
    for given in back:
        coming[given.share.order_line_id] -= given.amount
    for line in order.lines:
        rest = books.worth[line.id] - books.claimed[line.id] + books.due[line.id] - coming[line.id]
        if rest and line.id not in books.repriced:
            raise ValueError(f"order {order.number}, line {line.id}: invoices are {rest} from what its events say")
        shares = [one for one in delivered(order) if one.order_line is line and one.id in books.sellers] if rest else []
        amounts = rest.share(quantity_weights([one.quantity for one in shares])) if rest else []
        yield from ((share, amount) for share, amount in zip(shares, amounts, strict=True) if amount)


def _at_new_price(share: AssignmentLine, amount: Money, books: Books, rules: Sequence[VatRule]) -> Item:
    """What was charged at a lower price than it has now, by who sold it then."""
    return Item(
        order=share.assignment.order,
        seller=share.assignment.member if books.sellers[share.id] else None,
        line=lines.repriced(share, amount, rules),
        day=lines.reached_customer(share),
        with_last=True,
        agreement=books.agreements.get(share.order_line.agreement_id or 0),
        order_line=share.order_line,
    )
