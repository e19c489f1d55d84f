"""An invoice that has left as PDF or on paper goes as an e-invoice too, once the customer has an electronic address."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import files
from app.audit import AuditEvent
from app.customers.models import Customer, CustomerKind, InvoiceRoute
from app.db import db
from app.invoicing.einvoice.checking import check
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import letters, queries
from app.invoicing.sending.models import InvoiceDispatch
from app.invoicing.sending.states import DispatchRoute, DispatchState
from app.members.queries import sales_company
from tests.access_point import access_point
from tests.furnished import furnished
from tests.people import text, together
from tests.sending_case import FINANCE, THEIRS, accepted, connect, issued, look, response_xml, send_due, the_dispatch

pytestmark = pytest.mark.both
LIST = "/personal/fakturor/utskick"
SAM = "sam@samklang.example"


@furnished
def sold(app, visit):
    """Ljungbacken is about to deliver six fruit baskets to Nordbyn, and Samklang has all its numbers."""
    made = accepted(visit)
    seller = sales_company()
    seller.vat_number, seller.bankgiro = "SE769999000301", "999-0003"
    db.session.get_one(Customer, made.customer_id).electronic_address = None
    return made


@pytest.fixture
def point(app):
    with access_point() as server:
        connect(app, server)
        yield server


@pytest.fixture
def mailed(sold, visit, work_off, clock, point) -> InvoiceDispatch:
    """It has gone as PDF in a letter."""
    dispatch = issued(sold, visit, InvoiceRoute.EMAIL, documents=False)
    work_off()
    letters.follow_letters(clock.now)
    db.session.commit()
    assert dispatch.state == DispatchState.SENT
    return dispatch


def nordbyn() -> Customer:
    return db.session.scalars(select(Customer)).one()


def enter_address(address: str = THEIRS) -> None:
    nordbyn().electronic_address = address
    db.session.commit()


def press(visit, record: InvoiceRecord):
    return visit(FINANCE).post(f"{LIST}/faktura/{record.id}/e-faktura", follow_redirects=True)


def ways(record: InvoiceRecord) -> list[tuple[DispatchRoute, DispatchState]]:
    db.session.expire_all()
    return [(one.route, one.state) for one in reversed(queries.dispatches_of(record.id))]


def test_what_went_by_letter_goes_as_e_invoice_with_its_own_number(app, mailed, visit, point, work_off, clock):
    record, fia = mailed.invoice, visit(FINANCE)
    page = fia.page(f"{LIST}/{mailed.id}")
    assert "När kunden har en elektronisk adress" in text(page)
    enter_address()
    button = fia.page(f"{LIST}/{mailed.id}").cssselect("form[action$='/e-faktura']")[0]
    answer = fia.post(button.get("action"), data=dict(button.form_values()), follow_redirects=True)
    assert "på väg som e-faktura" in answer.text
    work_off()
    send_due(app)
    assert ways(record) == [
        (DispatchRoute.EMAIL, DispatchState.SENT),
        (DispatchRoute.ACCESS_POINT, DispatchState.SENT),
    ]
    (document,) = point.taken.values()
    assert f"<cbc:ID>{record.name}</cbc:ID>".encode() in document.xml
    assert check(document.xml) == []
    assert db.session.scalars(select(InvoiceRecord)).all() == [record], "no new document is issued"
    written = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "invoice sent as e-invoice too")).one()
    assert written.by_name == "Fia Exempel"


def test_the_old_way_keeps_its_history_and_both_are_seen(app, mailed, visit, work_off):
    enter_address()
    press(visit, mailed.invoice)
    work_off()
    send_due(app)
    record, fia = mailed.invoice, visit(FINANCE)
    seen = text(fia.page(f"/personal/fakturor/{record.id}"))
    assert "Brev till" in text(fia.page(f"{LIST}/{mailed.id}"))
    assert "E-post med PDF" in seen
    assert "åtkomstpunkten" in seen
    assert not fia.page(f"/personal/fakturor/{record.id}").cssselect("form[action$='/e-faktura']")


def test_a_second_press_and_two_at_once_send_it_once(app, mailed, visit, point, work_off):
    enter_address()
    record_id = mailed.invoice_id
    fias = [visit(FINANCE) for _ in range(2)]
    db.session.commit()
    where = f"{LIST}/faktura/{record_id}/e-faktura"
    together(*[lambda fia=fia: fia.post(where) for fia in fias])
    assert "redan på väg" in press(visit, db.session.get_one(InvoiceRecord, record_id)).text
    work_off()
    send_due(app)
    assert (len(point.taken), len(ways(db.session.get_one(InvoiceRecord, record_id)))) == (1, 2)
    assert "redan gått som e-faktura" in press(visit, db.session.get_one(InvoiceRecord, record_id)).text


def test_without_an_address_or_a_way_it_is_refused_in_words(app, mailed, visit):
    assert "saknar elektronisk adress" in press(visit, mailed.invoice).text
    enter_address()
    app.config["ACCESS_POINT_URL"] = None
    assert "Varken åtkomstpunkt eller mapp" in press(visit, mailed.invoice).text
    assert ways(mailed.invoice) == [(DispatchRoute.EMAIL, DispatchState.SENT)]


def test_what_is_on_its_way_or_failed_takes_its_own_way_first(app, sold, visit, point):
    dispatch = issued(sold, visit, InvoiceRoute.EMAIL, documents=False)
    enter_address()
    assert "redan på väg" in press(visit, dispatch.invoice).text
    assert len(ways(dispatch.invoice)) == 1


def test_what_was_sent_by_hand_goes_too(app, sold, visit, point, work_off):
    dispatch = issued(sold, visit, InvoiceRoute.PAPER, documents=False)
    fia = visit(FINANCE)
    fia.fill(f"{LIST}/{dispatch.id}", {"how": "Postad"}, form="form[action$='/for-hand']")
    enter_address()
    press(visit, dispatch.invoice)
    work_off()
    send_due(app)
    assert ways(dispatch.invoice) == [
        (DispatchRoute.HAND, DispatchState.BY_HAND),
        (DispatchRoute.ACCESS_POINT, DispatchState.SENT),
    ]
    assert "Postad (Fia Exempel)" in text(fia.page(f"{LIST}/{dispatch.id}"))


def test_what_was_laid_in_the_folder_goes_through_an_access_point(app, sold, visit, tmp_path, work_off):
    app.config["INVOICE_DROP_FOLDER"] = tmp_path
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL)
    send_due(app)
    enter_address()
    assert "redan lagts i mappen" in press(visit, dispatch.invoice).text
    with access_point() as server:
        connect(app, server)
        press(visit, dispatch.invoice)
        send_due(app)
        assert len(server.taken) == 1
    assert ways(dispatch.invoice) == [
        (DispatchRoute.FOLDER, DispatchState.SENT),
        (DispatchRoute.ACCESS_POINT, DispatchState.SENT),
    ]


def test_where_nobody_knows_whether_it_was_taken_it_goes_under_its_first_key(app, sold, visit, point, clock):
    """The access point had it, its answer was lost, and somebody posted it: the point knows it again by the key."""
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL)
    key, point.trouble = dispatch.key, ["after drop", *["500"] * 12]
    while dispatch.state == DispatchState.QUEUED:
        send_due(app)
        clock.move(hours=24)
    visit(FINANCE).fill(f"{LIST}/{dispatch.id}", {"how": "Postad"}, form="form[action$='/for-hand']")
    point.trouble = []
    enter_address()
    press(visit, dispatch.invoice)
    send_due(app)
    assert (the_dispatch().key, the_dispatch().state, list(point.taken)) == (key, DispatchState.SENT, [key])


def test_what_is_wrong_holds_it_back_though_the_customer_gets_letters(app, mailed, visit, work_off):
    record = mailed.invoice
    record.document = {**record.document, "seller": {**record.document["seller"], "vat_number": ""}}
    enter_address()
    press(visit, record)
    work_off()
    send_due(app)
    fia = visit(FINANCE)
    assert "E-fakturan hålls kvar" in text(fia.page(f"/personal/fakturor/{record.id}"))
    held = f"/personal/fakturor/hallna/{record.id}"
    assert fia.fill(held, {"why": "Rättas med en ny"}, form="form[action$='/slapp']").status_code == 303
    assert ways(record)[-1] == (DispatchRoute.ACCESS_POINT, DispatchState.BY_HAND)


def test_an_xml_that_names_an_earlier_address_is_made_anew(app, sold, visit, point, work_off, clock):
    """It had been made while the customer got letters, and nobody had had it."""
    enter_address("0007:2120999012")
    dispatch = issued(sold, visit, InvoiceRoute.EMAIL, documents=False)
    work_off()
    letters.follow_letters(clock.now)
    assert b"2120999012" in files.read(dispatch.invoice.xml)
    enter_address()
    press(visit, dispatch.invoice)
    work_off()
    send_due(app)
    (document,) = point.taken.values()
    assert THEIRS.partition(":")[2].encode() in document.xml


def test_its_answers_belong_to_the_way_that_was_answered(app, mailed, visit, point, work_off):
    enter_address()
    press(visit, mailed.invoice)
    work_off()
    send_due(app)
    point.inbox["in-1"] = response_xml(mailed.invoice.name, "AP")
    look(app)
    assert ways(mailed.invoice) == [
        (DispatchRoute.EMAIL, DispatchState.SENT),
        (DispatchRoute.ACCESS_POINT, DispatchState.DELIVERED),
    ]


def test_a_letter_that_failed_goes_as_e_invoice_when_the_customer_gets_them_so(app, sold, visit, point, work_off):
    """Its XML is made then: at the issue nobody needed it."""
    dispatch = issued(sold, visit, InvoiceRoute.PAPER, documents=False)
    enter_address()
    nordbyn().invoice_route = InvoiceRoute.PEPPOL
    db.session.commit()
    assert visit(FINANCE).fill(f"{LIST}/{dispatch.id}", {}, form="form[action$='/igen']").status_code == 303
    work_off()
    send_due(app)
    assert ways(dispatch.invoice) == [(DispatchRoute.ACCESS_POINT, DispatchState.SENT)]


def test_what_was_refused_goes_to_the_address_that_the_customer_has_now(app, sold, visit, point, work_off):
    enter_address("0007:2120999012")
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL, documents=False)
    work_off()
    key, point.trouble = dispatch.key, ["422"]
    send_due(app)
    assert (the_dispatch().state, the_dispatch().receiver) == (DispatchState.FAILED, "0007:2120999012")
    enter_address()
    visit(FINANCE).fill(f"{LIST}/{dispatch.id}", {}, form="form[action$='/igen']")
    work_off()
    send_due(app)
    (document,) = point.taken.values()
    assert f">{THEIRS.partition(':')[2]}<".encode() in document.xml
    assert b"2120999012" not in document.xml
    assert (the_dispatch().state, the_dispatch().receiver, key in point.taken) == (DispatchState.SENT, THEIRS, False)


def test_where_somebody_may_have_it_the_document_stays_as_it_was_sent(app, sold, visit, point, work_off, clock):
    enter_address("0007:2120999012")
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL, documents=False)
    work_off()
    key, point.trouble = dispatch.key, ["after drop", "422"]
    send_due(app)
    clock.move(minutes=2)
    send_due(app)
    assert the_dispatch().state == DispatchState.FAILED
    enter_address()
    visit(FINANCE).fill(f"{LIST}/{dispatch.id}", {}, form="form[action$='/igen']")
    work_off()
    send_due(app)
    assert (list(point.taken), the_dispatch().receiver) == ([key], "0007:2120999012")


def test_only_finance_decides(mailed, visit):
    enter_address()
    where = f"{LIST}/faktura/{mailed.invoice_id}/e-faktura"
    assert visit(SAM).post(where).status_code == 403
    assert not visit(SAM).page(f"{LIST}/{mailed.id}").cssselect("form[action$='/e-faktura']")
    assert visit(FINANCE).post(f"{LIST}/faktura/99999/e-faktura").status_code == 404
    assert len(ways(mailed.invoice)) == 1


def test_where_it_cannot_go_no_page_offers_it(app, sold, visit, tmp_path):
    """It lies in the folder as an e-invoice; and a private person has no address that could come."""
    app.config["INVOICE_DROP_FOLDER"] = tmp_path
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL)
    send_due(app)
    enter_address()
    pages = (f"/personal/fakturor/{dispatch.invoice_id}", f"{LIST}/{dispatch.id}")
    assert the_dispatch().state == DispatchState.SENT
    assert ["Även som e-faktura" in text(visit(FINANCE).page(one)) for one in pages] == [False, False]
    dispatch.route, nordbyn().electronic_address = DispatchRoute.EMAIL, None
    assert ["Även som e-faktura" in text(visit(FINANCE).page(one)) for one in pages] == [True, True]
    nordbyn().kind = CustomerKind.PRIVATE
    assert ["Även som e-faktura" in text(visit(FINANCE).page(one)) for one in pages] == [False, False]
