"""Laying files with an order, and letting its invoice take them along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app import audit, files
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.invoicing.attaching.checking import Checked
from app.invoicing.attaching.models import OrderAttachment
from app.invoicing.attaching.queries import attached_to
from app.invoicing.document import Attachment
from app.invoicing.models import InvoiceRecord
from app.orders.models import Order

MOST = 5
"""Files of one order."""
TAKEN = "Fakturan är redan utfärdad med filen, så den går inte att ta bort."


def attach(order: Order, one: Checked, about: str, *, by: User, now: datetime) -> OrderAttachment:
    """Let a file go with the order's next invoice; the order is held by the caller.

    Raises Refused for one too many, and for a name that another of the order's has.
    """
    there = attached_to(order)
    if len(there) >= MOST:
        raise Refused(f"Det ligger redan {MOST} filer vid beställningen, och fler får inte plats.")
    if any(other.name.casefold() == one.name.casefold() for other in there):
        raise Refused(f"Det finns redan en fil som heter {one.name}. Döp om den nya.")
    made = OrderAttachment(
        order_id=order.id,
        file=files.save(one.data, name=one.name, media_type=one.media_type, now=now),
        name=one.name,
        about=about,
        added_at=now,
        added_by=by.name,
    )
    db.session.add(made)
    audit.record(order, "invoice file added", by=by, now=now, name=one.name)
    return made


def take_away(order: Order, one: OrderAttachment, *, by: User, now: datetime) -> None:
    """Take a file away again. Raises Refused once an invoice has taken it along."""
    if one.invoice_id is not None:
        raise Refused(TAKEN)
    audit.record(order, "invoice file taken away", by=by, now=now, name=one.name)
    db.session.delete(one)
    files.let_go(one.file)


def as_values(waiting: Sequence[OrderAttachment]) -> tuple[Attachment, ...]:
    """As they stand in the document."""
    return tuple(Attachment(one.name, one.file.media_type, one.file_id, one.about) for one in waiting)


def take_along(waiting: Sequence[OrderAttachment], record: InvoiceRecord) -> None:
    """They have gone with this invoice, and with no other. The invoice has its id."""
    for one in waiting:
        one.invoice_id = record.id
