"""An invoice that is to be sent, and the documents of which only what matters to sending is there."""

from __future__ import annotations

from contextvars import Context
from decimal import Decimal

from flask import Flask, has_app_context
from sqlalchemy import select

from app import clock, files
from app.accounts.models import RoleName
from app.customers.models import Customer, InvoiceRoute
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import inbox, outgoing
from app.invoicing.sending.models import InvoiceDispatch
from app.orders.models import Order
from tests import make
from tests.access_point import KEY, AccessPoint
from tests.order_case import furnish, order
from tests.people import Visitor, save

OURS, THEIRS = "0007:7699990003", "0007:5599992020"
FIRST, FINANCE = "ljungbacken@medlem.example", "fia@samklang.example"
PDF = b"%PDF-1.7 en faktura"
SPECIFICATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def accepted(visit) -> Order:
    """Ljungbacken has said yes to six fruit baskets for Nordbyn; Fia does the books."""
    make.make_user(FINANCE, roles=(RoleName.FINANCE,), name="Fia Exempel")
    made = order({furnish().id: Decimal(6)})
    visit(FIRST).post(f"/medlem/uppdrag/{made.assignments[0].id}/ja")
    db.session.expire_all()
    return made


def issued(made: Order, visit, wanted: InvoiceRoute, *, documents: bool = True) -> InvoiceDispatch:
    """It is delivered, and so invoiced, to a customer that gets its invoices so."""
    db.session.get_one(Customer, made.customer_id).invoice_route = wanted
    visit(FIRST).post(f"/medlem/uppdrag/{made.assignments[0].id}/levererat")
    found = the_dispatch()
    if documents:
        give_documents(found.invoice)
    return found


def the_dispatch() -> InvoiceDispatch:
    """The last invoice's way, as it is now."""
    db.session.expire_all()
    return db.session.scalars(select(InvoiceDispatch).order_by(InvoiceDispatch.id.desc())).first()


def give_documents(record: InvoiceRecord) -> None:
    """Its PDF and its e-invoice have been made."""
    record.file = files.save(PDF, name=f"{record.name}.pdf", media_type="application/pdf", now=clock.now())
    xml = invoice_xml(record.name)
    record.xml = files.save(xml, name=f"{record.name}.xml", media_type="application/xml", now=clock.now())
    db.session.commit()


def invoice_xml(number: str, *, kind: str = "Invoice", ours: str = OURS, theirs: str = THEIRS) -> bytes:
    """As much of a Peppol BIS Billing 3 document as tells who sends what to whom."""
    sender, receiver = (
        f'<cac:{party}><cac:Party><cbc:EndpointID schemeID="{address.partition(":")[0]}">'
        f"{address.partition(':')[2]}</cbc:EndpointID></cac:Party></cac:{party}>"
        for party, address in (("AccountingSupplierParty", ours), ("AccountingCustomerParty", theirs))
    )
    names = f'xmlns:cac="{UBL}CommonAggregateComponents-2" xmlns:cbc="{UBL}CommonBasicComponents-2"'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{kind} xmlns="{UBL}{kind}-2" {names}>
 <cbc:CustomizationID>{SPECIFICATION}</cbc:CustomizationID>
 <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
 <cbc:ID>{number}</cbc:ID>{sender}{receiver}
</{kind}>""".encode()


def response_xml(number: str, code: str, **values: str) -> bytes:
    """An Invoice Response as a buyer sends it."""
    said = {"id": f"svar-{code}", "day": "2026-11-24", "time": "", "note": "", "status": "", **values}
    theirs, ours = values.get("theirs", THEIRS).split(":"), values.get("ours", OURS).split(":")
    time = f"<cbc:IssueTime>{said['time']}</cbc:IssueTime>" if said["time"] else ""
    note = f"<cbc:Note>{said['note']}</cbc:Note>" if said["note"] else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ApplicationResponse xmlns="{UBL}ApplicationResponse-2" xmlns:cac="{UBL}CommonAggregateComponents-2"
 xmlns:cbc="{UBL}CommonBasicComponents-2">
 <cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:invoice_response:3</cbc:CustomizationID>
 <cbc:ProfileID>urn:fdc:peppol.eu:poacc:bis:invoice_response:3</cbc:ProfileID>
 <cbc:ID>{said["id"]}</cbc:ID><cbc:IssueDate>{said["day"]}</cbc:IssueDate>{time}{note}
 <cac:SenderParty><cbc:EndpointID schemeID="{theirs[0]}">{theirs[1]}</cbc:EndpointID>
  <cac:PartyLegalEntity><cbc:RegistrationName>Nordbyn</cbc:RegistrationName></cac:PartyLegalEntity></cac:SenderParty>
 <cac:ReceiverParty><cbc:EndpointID schemeID="{ours[0]}">{ours[1]}</cbc:EndpointID>
  <cac:PartyLegalEntity><cbc:RegistrationName>Samklang</cbc:RegistrationName></cac:PartyLegalEntity></cac:ReceiverParty>
 <cac:DocumentResponse>
  <cac:Response><cbc:ResponseCode listID="UNCL4343OpSubset">{code}</cbc:ResponseCode>{said["status"]}</cac:Response>
  <cac:DocumentReference><cbc:ID>{number}</cbc:ID><cbc:DocumentTypeCode>380</cbc:DocumentTypeCode></cac:DocumentReference>
 </cac:DocumentResponse>
</ApplicationResponse>""".encode()


WRONG_REFERENCE = """<cac:Status><cbc:StatusReasonCode listID="OPStatusReason">REF</cbc:StatusReasonCode>
<cbc:StatusReason>Ordernumret finns inte hos oss</cbc:StatusReason>
<cac:Condition><cbc:AttributeID>BT-13</cbc:AttributeID>
<cbc:Description>PO-4711</cbc:Description></cac:Condition></cac:Status><cac:Status>
<cbc:StatusReasonCode listID="OPStatusAction">NIN</cbc:StatusReasonCode></cac:Status>"""


def connect(app: Flask, point: AccessPoint) -> None:
    """The house knows the access point."""
    app.config.update(ACCESS_POINT_URL=point.url, ACCESS_POINT_KEY=KEY)


def send_due(app: Flask) -> int:
    """Be the worker that hands invoices over, for all that is due."""
    return _as_worker(app, outgoing.work_off)


def look(app: Flask) -> int:
    """Be the worker that looks into the inbox."""
    return _as_worker(app, inbox.look)


def _as_worker(app: Flask, act) -> int:
    save()

    def work() -> int:
        with app.app_context():
            return act()

    done = Context().run(work)
    if has_app_context():
        db.session.expire_all()
    return done


def fia(visit) -> Visitor:
    """Finance at her browser."""
    return visit(FINANCE)
