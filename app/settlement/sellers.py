"""In whose name what members have made is sold, or will be: the sales company's, or the member's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from app.db import db
from app.invoicing.models import InvoiceLine, InvoiceRecord
from app.members.models import Member, SellerModel
from app.orders.agreements.models import Agreement
from app.orders.models import Assignment, AssignmentLine, OrderEntry, OrderEvent
from app.settlement.events import Row

Moments = Mapping[tuple[int | None, int], datetime]
"""When each member last delivered of a line."""


def delivered(row: Row, moments: Moments) -> datetime:
    """When what a row is about was supplied: its VAT is that of that day, and who sold it then sold it."""
    return row.at if row.is_supply else moments.get((row.line_id, row.member_id), row.at)


def moments_of(rows: Iterable[Row]) -> Moments:
    """When each member delivered of the lines of which something is taken back, or that have come to cost more."""
    lines = {row.line_id for row in rows if not row.is_supply}
    query = select(OrderEntry.order_line_id, OrderEntry.member_id, func.max(OrderEvent.at)).join(OrderEntry.event)
    query = query.where(OrderEntry.order_line_id.in_(lines), OrderEntry.delivered > 0)
    found = db.session.execute(query.group_by(OrderEntry.order_line_id, OrderEntry.member_id)) if lines else ()
    return {(line, member): at for line, member, at in found if member is not None}


def own_sales(rows: Collection[Row], members: Mapping[int, Member], moments: Moments) -> set[Row]:
    """What members have sold, or will sell, to the customer in their own names.

    What is invoiced says who sold it; what is not follows the agreement, and else the member, as when it was delivered.
    """
    sellers = _sellers(rows)
    agreements = {one.id: one for one in everyone(Agreement, {row.agreement_id for row in rows} - {None})}

    def is_own(row: Row) -> bool:
        known = sellers.get(_thing(row), set())
        if len(known) == 1:
            return row.member_id in known
        at, agreement = delivered(row, moments), agreements.get(row.agreement_id or 0)
        model = (agreement.sold_as(at) if agreement else None) or members[row.member_id].sold_as(at)
        return model == SellerModel.AGENT and not members[row.member_id].is_sales_company

    return {row for row in rows if is_own(row)}


_Thing = tuple[str, int | None, int]


def _thing(row: Row) -> _Thing:
    """What stands on an invoice: a charge by itself, or what a member has made of a line."""
    is_line = row.charge_id is None or not row.is_supply
    return ("line", row.line_id, row.member_id) if is_line else ("charge", row.charge_id, 0)


def _sellers(rows: Collection[Row]) -> dict[_Thing, set[int | None]]:
    """Who has sold it, by invoices; more than one where the member began to sell itself, or ceased to, meanwhile."""
    lines, charges = {row.line_id for row in rows} - {None}, {row.charge_id for row in rows} - {None}
    query = select(InvoiceLine.order_line_id, InvoiceLine.charge_id, Assignment.member_id, InvoiceRecord.seller_id)
    query = query.join(InvoiceLine.invoice).outerjoin(InvoiceLine.assignment_line).outerjoin(AssignmentLine.assignment)
    on_them = or_(InvoiceLine.order_line_id.in_(lines), InvoiceLine.charge_id.in_(charges))
    found: dict[_Thing, set[int | None]] = {}
    for line, charge, maker, seller in db.session.execute(query.where(on_them)):
        if charge is not None:
            found.setdefault(("charge", charge, 0), set()).add(seller)
        elif maker is not None:
            found.setdefault(("line", line, maker), set()).add(seller)
    return found


def everyone(kind: type[Any], ids: Collection[int | None]) -> Iterable[Any]:
    """The rows of a kind with these ids."""
    return db.session.scalars(select(kind).where(kind.id.in_(ids))).all() if ids else ()
