"""Charging members for our commission, set off against what they are to have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app import audit, clock, jobs, numbering
from app.audit import Actor
from app.db import db, write_rows
from app.invoicing.actions import as_party
from app.invoicing.document import Credited, DocumentKind, Invoice, Period
from app.members.models import Member
from app.members.queries import sales_company
from app.settlement import commissions
from app.settlement.commission_lines import Charged, lines_of, rests_of
from app.settlement.earned import Earning
from app.settlement.models import SERIES, CommissionClaim, CommissionInvoice
from bids import canonical

PRINTING = "app.settlement.printing.print_commission"
WHY_BACK = "Det som har krediterats kunderna är mer än det som har sålts sedan dess."


def charge_commission(
    member: Member, until: datetime, *, by: Actor | None, now: datetime
) -> Sequence[CommissionInvoice]:
    """Charge what a member sold in its own name until a moment, and has not been charged. Done twice it finds nothing.

    The member's row is held, so that two who do it at the same moment do it once. Where more was credited than sold it
    becomes a credit note, or one to each of several earlier invoices, as far as they have so much left; the rest waits
    for the next one. So does what comes to nothing.
    """
    db.session.refresh(member, with_for_update=True)
    shares = commissions.documents_for(member, commissions.unclaimed(member, until))
    return [_issue(member, some, refers_to, by=by, now=now) for refers_to, some in shares]


def _issue(
    member: Member,
    waiting: Sequence[Earning],
    refers_to: CommissionInvoice | None,
    *,
    by: Actor | None,
    now: datetime,
) -> CommissionInvoice:
    events = [_charged(one) for one in waiting]
    values = _document(member, events, refers_to, now)
    record = CommissionInvoice(
        member=member,
        kind=values.kind,
        number=values.number,
        credits=refers_to,
        issued_at=now,
        net=values.net,
        vat=values.vat,
        gross=values.gross,
        document=json.loads(canonical.dumps(values)),
    )
    db.session.add(record)
    db.session.flush()
    write_rows(CommissionClaim, [_claim(record, one) for one in waiting])
    jobs.enqueue(PRINTING, invoice_id=record.id)
    audit.record(member, "commission charged", by=by, now=now, document=record.name, ore=record.gross.ore)
    return record


def _charged(one: Earning) -> Charged:
    if one.own is None:
        raise ValueError(f"order {one.order_number}: commission on what the sales company sells itself")
    own = one.own
    return Charged(
        one.order_number, clock.local_date(one.at), own.charged, own.commission, own.commission_vat, own.rate
    )


def _claim(record: CommissionInvoice, one: Earning) -> dict[str, Any]:
    charged = _charged(one)
    return {
        "invoice_id": record.id,
        "entry_id": one.entry_id,
        "charge_id": one.charge_id,
        "net": charged.net,
        "vat": charged.vat,
    }


def _document(member: Member, events: Sequence[Charged], refers_to: CommissionInvoice | None, now: datetime) -> Invoice:
    """With its number: whoever comes meanwhile waits until we are done."""
    house, today, back = sales_company(), clock.local_date(now), refers_to is not None
    lines, days = lines_of(events, back=back), [one.day for one in events]
    return Invoice(
        number=numbering.draw(f"invoice:{SERIES}"),
        series=SERIES,
        kind=DocumentKind.CREDIT_NOTE if back else DocumentKind.INVOICE,
        issued_on=today,
        due_on=today,
        payment_days=0,
        seller=as_party(house),
        seller_email=house.email,
        seller_phone=house.phone,
        seller_f_tax=house.f_tax,
        bankgiro=house.bankgiro or "",
        buyer=as_party(member),
        order_number=None,
        ordered_on=None,
        delivered_to="",
        buyer_reference="",
        order_reference="",
        cost_centre="",
        lines=lines,
        vat_rests=rests_of(lines, events, back=back),
        period=Period(min(days), max(days)),
        credits=Credited(refers_to.name, clock.local_date(refers_to.issued_at)) if refers_to else None,
        why=WHY_BACK if back else "",
        is_set_off=True,
    )
