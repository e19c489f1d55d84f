"""Reading what is held back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from app.customers.models import InvoiceRoute
from app.db import db
from app.errors import NotYours
from app.invoicing.einvoice.models import InvoiceCompletion, InvoiceHold
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending.models import InvoiceDispatch
from app.invoicing.sending.states import DispatchRoute, DispatchState
from app.leaves import Leaf, leaf

PAGE = 50


def held(number: int) -> Leaf[InvoiceRecord]:
    """The invoices that are held back, the oldest first."""
    held_back = exists().where(InvoiceHold.invoice_id == InvoiceRecord.id)
    query = select(InvoiceRecord).where(held_back).options(joinedload(InvoiceRecord.customer))
    return leaf(query.order_by(InvoiceRecord.id), number, PAGE)


def how_many_held() -> int:
    """So many invoices are held back."""
    return db.session.scalar(select(func.count(InvoiceHold.invoice_id.distinct()))) or 0


def holds_of(records: Sequence[InvoiceRecord]) -> dict[int, list[InvoiceHold]]:
    """Why each is held back, by the invoice's id."""
    ids = [record.id for record in records]
    found: dict[int, list[InvoiceHold]] = {invoice_id: [] for invoice_id in ids}
    query = select(InvoiceHold).where(InvoiceHold.invoice_id.in_(ids)).order_by(InvoiceHold.id)
    for one in db.session.scalars(query) if ids else ():
        found[one.invoice_id].append(one)
    return found


def held_invoice(invoice_id: int, *, lock: bool = False) -> InvoiceRecord:
    """An invoice that is held back; locked for whoever acts on it. Raises NotYours for any other."""
    held_back = exists().where(InvoiceHold.invoice_id == InvoiceRecord.id)
    query = select(InvoiceRecord).where(InvoiceRecord.id == invoice_id, held_back)
    whole = query.options(joinedload(InvoiceRecord.customer), joinedload(InvoiceRecord.order))
    record = db.session.scalar(query.with_for_update() if lock else whole)
    if record is None:
        raise NotYours
    return record


def is_awaited(record: InvoiceRecord) -> bool:
    """Whether it is to go as an e-invoice: the customer gets them so, or somebody has let this one go so."""
    if record.customer.invoice_route == InvoiceRoute.PEPPOL:
        return True
    electronic = InvoiceDispatch.route.in_((DispatchRoute.ACCESS_POINT, DispatchRoute.FOLDER))
    query = select(InvoiceDispatch.id).where(InvoiceDispatch.invoice_id == record.id, electronic)
    return db.session.scalar(query.where(InvoiceDispatch.state == DispatchState.QUEUED).limit(1)) is not None


def completion_of(record: InvoiceRecord) -> InvoiceCompletion | None:
    """What has been added to it."""
    return db.session.get(InvoiceCompletion, record.id)
