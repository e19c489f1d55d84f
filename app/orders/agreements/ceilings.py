"""What is called off counts against the agreement's ceiling at once, in the transaction in which it is ordered.

The agreement's row holds the sum, and one statement raises it only where the ceiling lets it. Whoever comes at the
same moment waits for that row on PostgreSQL, and for the writer's place on SQLite, and then meets the new sum. So no
order passes the ceiling, and one that would is refused as a whole: nothing of it is saved.

Every act that changes what a line is worth writes entries in the order's time line, and `actions.note` brings them
here; `delivery.counted` brings the fees. An order without an agreement asks no statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select, update

from app import clock, jobs
from app.catalog.pricing.models import PriceList, PriceListCustomer, PriceRow
from app.catalog.pricing.rules import ListState, Priced
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import NOUGHT, Money
from app.orders.agreements import terms
from app.orders.agreements.models import Agreement, AgreementList, CallOff, CeilingWarning
from app.orders.models import Order, OrderEntry, OrderLine
from app.orders.states import EventKind

WARNING = "app.agreementflow.warn_of_ceiling"
CREDITS = {EventKind.CHEAPER, EventKind.CREDITED}
"""Events whose charges lower what has been called off; all others follow from the lines themselves."""


def join(lines: Sequence[OrderLine], prices: Iterable[Priced], customer: Customer, *, quoted: bool, day: date) -> None:
    """Let new lines know under which agreement they are called off, by the price row that gave their price.

    What is sold at a quote's price is called off too, where the agreement has the article: a buyer that is bound to an
    agreement cannot buy beside it what stands in it.
    """
    if not quoted and not any(one.agreement for one in prices):
        return
    priced = {line.price_row_id for line in lines if line.price_row_id is not None}
    by_row = _by_row(priced) if priced else {}
    by_article = _by_article({line.article_id for line in lines}, customer.id, day) if quoted else {}
    for line in lines:
        line.agreement_id = by_row.get(line.price_row_id or 0) or by_article.get(line.article_id)


def call_off(order: Order, lines: Iterable[OrderLine], *, now: datetime) -> None:
    """A new order's lines count against their agreements. Raises Refused above the ceiling."""
    called_off = {line: NOUGHT for line in lines if line.agreement_id is not None}
    if called_off:
        _count(order, called_off, is_new=True, now=now)


def follow(order: Order, kind: EventKind, entries: Iterable[OrderEntry], *, now: datetime) -> None:
    """Something happened to lines of an order: count what they are worth now. Raises Refused above the ceiling."""
    per_line: dict[OrderLine, Money] = {}
    for one in entries:
        line = one.order_line
        if line.agreement_id is not None and kind != EventKind.DELIVERED:
            per_line[line] = per_line.get(line, NOUGHT) - (one.charged if kind in CREDITS else NOUGHT)
    if per_line:
        _count(order, per_line, is_new=False, now=now)


def credit(line: OrderLine, amount: Money, *, now: datetime) -> None:
    """So much less is paid for a line: goods came back."""
    if line.agreement_id is not None and amount:
        _count(line.order, {line: amount}, is_new=False, now=now)


def carry(order: Order, fees: Mapping[OrderLine, Money], *, now: datetime) -> None:
    """What it costs to bring an order's lines counts as they do: all that is paid under an agreement is of its value.

    ``fees`` says how much each line carries now, and lines that are not named carry nothing. What was ordered before
    fees counted stays as it was. Raises Refused above the ceiling.

    The greatest value of an agreement is of everything that is bought under it (EU-domstolen C-23/20, HFD 2022 ref. 4).
    """
    lines = {line.id: line for line in order.lines if line.agreement_id is not None}
    moved: dict[int, Money] = {}
    for row in _there(list(lines)).values():
        fee = fees.get(lines[row.order_line_id], NOUGHT)
        if row.fees is not None and row.fees != fee:
            before, row.fees = row.counted, fee
            row.counted = _worth(lines[row.order_line_id], row)
            moved[row.agreement_id] = moved.get(row.agreement_id, NOUGHT) + row.counted - before
    for agreement_id, amount in sorted(moved.items()):
        if amount:
            _raise(agreement_id, amount, is_fee=True, now=now)


def _count(order: Order, off: Mapping[OrderLine, Money], *, is_new: bool, now: datetime) -> None:
    there = {} if is_new else _there([line.id for line in off if line.id is not None])
    with db.session.no_autoflush:  # An order that is refused need not be written first.
        moved: dict[int, Money] = {}
        for line, credited in off.items():
            row = there.get(line.id) or _row(order, line)
            before = row.counted
            row.credited += credited
            row.counted = _worth(line, row)
            moved[row.agreement_id] = moved.get(row.agreement_id, NOUGHT) + row.counted - before
        for agreement_id, amount in sorted(moved.items()):
            if amount:
                _raise(agreement_id, amount, now=now)


def _row(order: Order, line: OrderLine) -> CallOff:
    made = CallOff(
        order_line=line,
        agreement_id=line.agreement_id,
        customer=order.customer,
        day=clock.local_date(order.placed_at),
        counted=NOUGHT,
        credited=NOUGHT,
        fees=NOUGHT,
    )
    db.session.add(made)
    return made


def _worth(line: OrderLine, row: CallOff) -> Money:
    return max(line.net - row.credited, NOUGHT) + (row.fees or NOUGHT)


def _there(line_ids: Sequence[int]) -> dict[int, CallOff]:
    query = select(CallOff).where(CallOff.order_line_id.in_(line_ids)).with_for_update()
    return {one.order_line_id: one for one in db.session.scalars(query)}


def _raise(agreement_id: int, amount: Money, *, is_fee: bool = False, now: datetime) -> None:
    """Raise the sum, or lower it, in one statement. Raises Refused where the ceiling does not let it."""
    raised = update(Agreement).where(Agreement.id == agreement_id).values(called_off=Agreement.called_off + amount)
    if amount > NOUGHT:
        raised = raised.where(Agreement.called_off + amount <= Agreement.ceiling)
    returned = raised.returning(Agreement.called_off, Agreement.ceiling)
    row = db.session.execute(returned.execution_options(synchronize_session=False)).one_or_none()
    if row is None:
        raise Refused(_no_room(agreement_id, amount, is_fee=is_fee))
    after, ceiling = row
    for level in terms.passed(after - amount, after, ceiling):
        _warn(agreement_id, level, after, now=now)


def _warn(agreement_id: int, level: int, after: Money, *, now: datetime) -> None:
    """Nobody else warns at the same moment: we hold the agreement's row."""
    if db.session.get(CeilingWarning, (agreement_id, level)) is None:
        db.session.add(CeilingWarning(agreement_id=agreement_id, percent=level, at=now, called_off=after))
        jobs.enqueue(WARNING, agreement_id=agreement_id, percent=level)


def measure_anew(agreement: Agreement, *, now: datetime) -> None:
    """The ceiling is another. What is not reached under it is forgotten, and said when it is; what is, is said now.

    The caller holds the agreement.
    """
    for one in agreement.warnings:
        if one not in agreement.reached:
            db.session.delete(one)
    db.session.flush()
    for level in terms.passed(NOUGHT, agreement.called_off, agreement.ceiling):
        _warn(agreement.id, level, agreement.called_off, now=now)
    db.session.flush()
    db.session.expire(agreement, ["warnings"])


def _no_room(agreement_id: int, amount: Money, *, is_fee: bool) -> str:
    columns = Agreement.number, Agreement.ceiling, Agreement.called_off
    number, ceiling, called_off = db.session.execute(select(*columns).where(Agreement.id == agreement_id)).one()
    if is_fee:  # The goods of this very order are in the sum already.
        return (
            f"Takvärdet i avtalet {number} räcker inte till leveransen, som kostar {amount} exkl. moms. "
            "Ingenting är beställt eller ändrat. Minska beställningen så att den ryms, eller kontakta oss."
        )
    left = max(ceiling - called_off, NOUGHT)
    if not left:
        return (
            f"Avtalet {number} är fullt: hela takvärdet {ceiling} är avropat, så det går inte att avropa mer på det. "
            "Ingenting är beställt eller ändrat. Kontakta oss, eller den som ansvarar för avtalet hos er."
        )
    return (
        f"Avtalet {number} har {left} kvar av sitt takvärde {ceiling}, och det här kostar {amount} exkl. moms. "
        "Ingenting är beställt eller ändrat. Minska det så att det ryms, eller kontakta oss."
    )


def _by_row(rows: Iterable[int]) -> dict[int, int]:
    query = select(PriceRow.id, AgreementList.agreement_id)
    query = query.join(AgreementList, AgreementList.price_list_id == PriceRow.price_list_id)
    return {row: one for row, one in db.session.execute(query.where(PriceRow.id.in_(rows)))}  # noqa: C416  rows


def _by_article(articles: Iterable[int], customer: int, day: date) -> dict[int, int]:
    query = (
        select(PriceRow.article_id, AgreementList.agreement_id)
        .join(AgreementList, AgreementList.price_list_id == PriceRow.price_list_id)
        .join(PriceList, PriceList.id == PriceRow.price_list_id)
        .join(PriceListCustomer, PriceListCustomer.price_list_id == PriceList.id)
        .where(PriceRow.article_id.in_(articles), PriceRow.gone_at.is_(None), PriceListCustomer.customer_id == customer)
        .where(PriceList.state == ListState.ACTIVE, PriceList.valid_from <= day)
        .where((PriceList.valid_to.is_(None)) | (PriceList.valid_to >= day))
        .order_by(AgreementList.agreement_id.desc())
    )
    return {article: one for article, one in db.session.execute(query)}  # noqa: C416  rows, not pairs
