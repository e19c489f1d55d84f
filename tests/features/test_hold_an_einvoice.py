"""An invoice by Peppol is checked before it leaves. What is not right is held back, and staff read why."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import etree
from sqlalchemy import select

from app import files
from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.customers.models import Customer, CustomerKind, InvoiceRoute
from app.db import db
from app.invoicing.actions import MAKING, values_of
from app.invoicing.document import Attachment
from app.invoicing.einvoice import queries
from app.invoicing.einvoice.actions import hold
from app.invoicing.einvoice.checking import check
from app.invoicing.einvoice.findings import fatal
from app.invoicing.einvoice.models import InvoiceHold
from app.invoicing.einvoice.reasons import of_findings
from app.invoicing.models import InvoiceRecord
from app.jobs import Job
from app.members.queries import sales_company
from tests import make
from tests.einvoices import INVOICE, lacks, marked, root_of, says
from tests.furnished import furnished
from tests.order_case import furnish, order
from tests.people import text

FIRST, SAM = "ljungbacken@medlem.example", "sam@samklang.example"
ADDRESS = "0007:5599992020"
HELD = "/personal/fakturor/hallna"


@furnished
def nordbyn(app) -> Customer:
    """Nordbyn gets its invoices by Peppol; the sales company has all its numbers."""
    furnish()
    seller = sales_company()
    seller.vat_number, seller.bankgiro = "SE769999000301", "999-0003"
    customer = db.session.scalars(select(Customer)).one()
    customer.invoice_route, customer.electronic_address = InvoiceRoute.PEPPOL, ADDRESS
    return customer


@pytest.fixture
def issue(nordbyn, visit, work_off):
    """Six fruit baskets are ordered, delivered and invoiced, and the worker has done what it had to."""

    def deliver(**other) -> InvoiceRecord:
        fruit = make.db.session.scalars(select(make.Article)).first()
        made = order({fruit.id: Decimal(6)}, **other)
        for act in ("ja", "levererat"):
            visit(FIRST).post(f"/medlem/uppdrag/{made.assignments[0].id}/{act}")
        work_off()
        db.session.expire_all()
        return db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.id.desc())).first()

    return deliver


def rules(record: InvoiceRecord) -> list[str]:
    db.session.expire_all()
    return [one.rule for one in queries.holds_of([record])[record.id]]


def test_what_is_right_is_kept_as_xml(issue):
    record = issue()
    assert rules(record) == []
    xml = files.read(record.xml)
    assert record.xml.name == f"{record.number}.xml"
    assert check(xml) == []
    assert f"<cbc:ID>{record.number}</cbc:ID>".encode() in xml


def test_an_invoice_says_that_it_is_held_back_only_when_it_is(issue, nordbyn, visit):
    right = issue()
    nordbyn.electronic_address = None
    held, sam = issue(), visit(SAM)
    assert not sam.page(f"/personal/fakturor/{right.id}").cssselect(f"main a[href^='{HELD}']")
    (link,) = sam.page(f"/personal/fakturor/{held.id}").cssselect(f"main a[href^='{HELD}']")
    assert sam.get(link.get("href")).status_code == 200


def test_the_same_job_twice_makes_no_second_xml(issue, work_off):
    record = issue()
    first = record.xml_file_id
    db.session.scalars(select(Job).where(Job.name == MAKING)).one().state = "waiting"
    work_off()
    db.session.expire_all()
    assert record.xml_file_id == first


def test_a_customer_without_an_address_is_held_and_the_page_leads_to_the_field(issue, nordbyn, visit, work_off):
    nordbyn.electronic_address = None
    record = issue()
    assert record.xml is None
    assert rules(record) == ["PEPPOL-EN16931-R010"]
    sam = visit(SAM)
    assert "1 e-faktura som hålls kvar" in text(sam.page("/personal/"))
    page = sam.page(HELD)
    assert "Kunden saknar elektronisk adress" in text(page.cssselect("main")[0])
    page = sam.page(f"{HELD}/{record.id}")
    (link,) = page.cssselect("main .note a")
    assert link.get("href") == f"/personal/kunder/{nordbyn.id}/andra#electronic_address"
    sam.fill(f"/personal/kunder/{nordbyn.id}/andra", {"electronic_address": "0007:559999-2020"})
    assert sam.post(f"{HELD}/{record.id}/igen").status_code == 303
    work_off()
    assert rules(record) == []
    assert b'schemeID="0007">5599992020' in files.read(record.xml)
    assert values_of(record).buyer.electronic_address == "", "the document stays as it was issued"
    assert "Ingenting hålls kvar" in text(sam.page(HELD).cssselect("main")[0])


def test_a_missing_reference_is_added_for_the_sending_alone(issue, nordbyn, visit, work_off):
    record = issue()
    record.xml = None
    nordbyn.kind, nordbyn.needs_buyer_reference = CustomerKind.PUBLIC, True
    document = record.document
    db.session.scalars(select(Job).where(Job.name == MAKING)).one().state = "waiting"
    work_off()
    assert rules(record) == ["PEPPOL-EN16931-R003"]
    answer = visit(SAM).fill(f"{HELD}/{record.id}", {"buyer_reference": "90123 Kim"})
    assert answer.status_code == 303
    work_off()
    assert rules(record) == []
    assert b"<cbc:BuyerReference>90123 Kim</cbc:BuyerReference>" in files.read(record.xml)
    assert record.document == document
    acts = db.session.scalars(select(AuditEvent.what).where(AuditEvent.subject_kind == "InvoiceRecord")).all()
    assert {"e-invoice completed", "e-invoice tried again"} <= set(acts)


def test_a_reference_that_is_still_missing_brings_it_back(issue, nordbyn, visit, work_off):
    record = _without_reference(issue, nordbyn, work_off)
    page = visit(SAM).page(f"{HELD}/{record.id}")
    (link,) = page.cssselect("main .note a")
    assert (text(link), link.get("href")) == ("Till referenserna", "#order_reference")
    labels = page.cssselect("label[for$=_reference]")
    assert [text(one) for one in labels] == ["Beställarreferens (frivilligt)", "Kundens ordernummer"]
    visit(SAM).fill(f"{HELD}/{record.id}", {"order_reference": ""})
    work_off()
    assert rules(record) == ["PEPPOL-EN16931-R003"]
    answer = visit(SAM).fill(f"{HELD}/{record.id}", {"order_reference": "x" * 61})
    assert answer.status_code == 422


def _without_reference(issue, nordbyn, work_off) -> InvoiceRecord:
    """The customer asks for its order number when the invoice is out already."""
    record = issue()
    record.xml, nordbyn.needs_order_reference = None, True
    db.session.scalars(select(Job).where(Job.name == MAKING)).one().state = "waiting"
    work_off()
    return record


def test_a_fault_of_the_sellers_leads_to_the_seller(issue, visit):
    sales_company().vat_number = None
    record = issue()
    assert rules(record) == ["BR-S-02"]
    page = visit(SAM).page(f"{HELD}/{record.id}")
    assert [one.get("href") for one in page.cssselect("main .note a")] == [
        f"/personal/medlemmar/{sales_company().id}/andra#vat_number"
    ]
    assert "kreditera den och utfärda en ny" in text(page.cssselect("main")[0])


def test_what_the_invoice_has_is_not_asked_for(issue, nordbyn, visit):
    nordbyn.electronic_address = None
    record = issue()
    fields = "main form input[name$=_reference]"
    assert len(visit(SAM).page(f"{HELD}/{record.id}").cssselect(fields)) == 2
    record.document = {**record.document, "buyer_reference": "Kim"}
    assert [one.name for one in visit(SAM).page(f"{HELD}/{record.id}").cssselect(fields)] == ["order_reference"]
    record.document = {**record.document, "order_reference": "PO-1"}
    assert visit(SAM).page(f"{HELD}/{record.id}").cssselect(fields) == []


def test_a_buyer_with_a_wrong_check_digit_is_told_so(issue, nordbyn, visit):
    nordbyn.org_number = "559999-2021"
    record = issue()
    assert rules(record) == ["PEPPOL-COMMON-R049"]
    page = visit(SAM).page(f"{HELD}/{record.id}")
    assert "Organisationsnumret stämmer inte" in text(page.cssselect("main")[0])
    (link,) = page.cssselect("main .note a")
    assert link.get("href") == f"/personal/kunder/{nordbyn.id}/andra#org_number"


@pytest.mark.parametrize(
    ("ways", "rule", "words", "anchor"),
    [
        ([says("//cbc:PayableAmount", "1.00")], "BR-CO-16", "Beloppen på fakturan stämmer inte med varandra", ""),
        ([says("//cac:TaxTotal/cbc:TaxAmount", "1.00")], "BR-CO-14", "momsen är inte momsen på varje sats", ""),
        ([lacks("//cac:AccountingCustomerParty//cac:PostalAddress")], "BR-10", "Köparens adress saknas", "#street"),
        ([marked("//cbc:EmbeddedDocumentBinaryObject", "mimeCode", "text/html")], "BR-CL-24", "En bilaga är av", ""),
    ],
)
def test_what_the_european_rules_say_is_said_in_swedish_with_the_way_to_the_field(
    issue, nordbyn, visit, clock, ways, rule, words, anchor
):
    record, sheet = issue(), Attachment("tid.pdf", "application/pdf", 7, "Tid")
    document = replace(INVOICE, attachments=(sheet,))
    root = root_of(document, attachments={7: b"%PDF-1.7"})
    for way in ways:
        way(root)
    hold(record, of_findings(fatal(check(etree.tostring(root)))), now=clock.now)
    db.session.commit()
    assert rule in rules(record)
    page = visit(SAM).page(f"{HELD}/{record.id}")
    notes = [one for one in page.cssselect("main .note") if f"Regel {rule}" in text(one)]
    assert words in text(notes[0])
    assert notes[0].cssselect("[lang=en]"), "the rule's own words are kept as detail"
    assert notes[0].cssselect("a")[0].get("href").endswith(anchor)
    assert words in text(visit(SAM).page(HELD))


def test_it_is_taken_off_the_list_with_a_reason(issue, nordbyn, visit):
    nordbyn.electronic_address = None
    record = issue()
    sam = visit(SAM)
    path = f"{HELD}/{record.id}/slapp"
    assert sam.post(path, data={"why": ""}).status_code == 422
    assert sam.post(path, data={"why": "Skickad på papper"}).status_code == 303
    assert rules(record) == []
    last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (last.what, last.details["why"]) == ("e-invoice let go", "Skickad på papper")
    assert sam.post(path, data={"why": "En gång till"}).status_code == 404
    assert sam.post(f"{HELD}/{record.id}/igen").status_code == 404


def test_somebody_elses_addition_is_not_overwritten_unseen(issue, nordbyn, visit, work_off):
    record = _without_reference(issue, nordbyn, work_off)
    sam = visit(SAM)
    old = sam.page(f"{HELD}/{record.id}").cssselect("main form[method=post]")[0].form_values()
    make.make_sam(RoleName.FINANCE, email="fia@samklang.example", name="Fia Exempel")
    visit("fia@samklang.example").fill(f"{HELD}/{record.id}", {"order_reference": "", "buyer_reference": "Fia"})
    answer = sam.post(f"{HELD}/{record.id}", data={**dict(old), "order_reference": "PO-1", "buyer_reference": "Sam"})
    assert answer.status_code == 422
    assert "Fia" in answer.text


def test_who_gets_its_invoices_by_mail_has_xml_where_it_can_be_and_is_never_held(issue, nordbyn):
    nordbyn.invoice_route = InvoiceRoute.EMAIL
    assert issue().xml is not None
    sales_company().vat_number = None
    second = issue()
    assert (second.xml, rules(second)) == (None, [])
    nordbyn.electronic_address = None
    third = issue()
    assert (third.xml, len(db.session.scalars(select(Job).where(Job.name == MAKING)).all())) == (None, 2)


def test_finance_reads_and_acts_and_members_and_strangers_do_not(issue, nordbyn, visit):
    nordbyn.electronic_address = None
    record = issue()
    make.make_sam(RoleName.FINANCE, email="fia@samklang.example", name="Fia Exempel")
    fia = visit("fia@samklang.example")
    page = fia.page(f"{HELD}/{record.id}")
    assert [one.get("href") for one in page.cssselect("main .note a")] == [f"/personal/kunder/{nordbyn.id}"]
    assert fia.post(f"{HELD}/{record.id}/igen").status_code == 303
    for stranger in (FIRST, "kontor@nordbyn.example"):
        assert visit(stranger).get(HELD).status_code == 403
        assert visit(stranger).post(f"{HELD}/{record.id}/igen").status_code == 403
    assert visit(None).get(HELD).status_code == 302


def test_the_list_asks_no_more_for_many(issue, nordbyn, visit, queries):
    nordbyn.electronic_address = None
    first, sam = issue(), visit(SAM)
    sam.page(HELD)
    with queries() as few:
        sam.page(HELD)
    template = {one.name: getattr(first, one.name) for one in InvoiceRecord.__table__.columns if one.name != "id"}
    for number in range(60):
        again = InvoiceRecord(**{**template, "number": 20_000 + number, "ocr": str(number)})
        db.session.add_all([again, InvoiceHold(invoice=again, rule="R", words="W", element="", mend="invoice",
                                               held_at=first.issued_at)])  # fmt: skip
    sam.page(HELD)
    with queries() as many:
        page = sam.page(HELD)
    assert len(many) == len(few)
    assert len(page.cssselect("tbody tr")) == 50
