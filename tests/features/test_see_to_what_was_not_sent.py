"""Finance sees which invoices did not go, and why; lets them go again, sends them by hand, and answers receivers."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.audit import AuditEvent
from app.customers.models import Customer, CustomerKind, InvoiceRoute
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.invoicing.sending import actions
from app.invoicing.sending.models import InvoiceDispatch, InvoiceResponse
from app.invoicing.sending.states import DispatchState
from tests import make
from tests.access_point import access_point
from tests.furnished import furnished
from tests.people import text
from tests.sending_case import (
    FINANCE,
    WRONG_REFERENCE,
    accepted,
    connect,
    issued,
    look,
    response_xml,
    send_due,
    the_dispatch,
)

LIST = "/personal/fakturor/utskick"
SAM = "sam@samklang.example"


@furnished
def sold(app, visit):
    """Ljungbacken is about to deliver six fruit baskets to Nordbyn."""
    return accepted(visit)


@pytest.fixture
def point(app):
    with access_point() as server:
        connect(app, server)
        yield server


@pytest.fixture
def refused(app, sold, visit, point):
    """The access point has refused the invoice."""
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL)
    point.trouble = ["422"]
    send_due(app)
    return dispatch


def test_the_reason_is_read_and_it_goes_again(app, refused, point, visit, clock):
    fia = visit(FINANCE)
    assert "1 faktura att skicka" in text(fia.page("/personal/"))
    assert "Nej (422)" in text(fia.page(LIST))
    page = fia.page(f"{LIST}/{refused.id}")
    assert "Nej (422)" in text(page)
    assert fia.fill(f"{LIST}/{refused.id}", {}, form="form[action$='/igen']").status_code == 303
    send_due(app)
    assert the_dispatch().state == DispatchState.SENT
    assert "Skickad" in text(fia.page(f"{LIST}/{refused.id}"))
    assert "Alla fakturor är skickade" in text(fia.page(f"{LIST}?visa=fel"))
    again = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "invoice sent again")).one()
    assert again.by_name == "Fia Exempel"


def test_a_second_press_and_another_tab_change_nothing(app, refused, point, visit):
    fia = visit(FINANCE)
    button = fia.page(f"{LIST}/{refused.id}").cssselect("form[action$='/igen']")[0]
    pressed = dict(button.form_values())
    assert fia.post(button.get("action"), data=pressed).status_code == 303
    send_due(app)
    answer = fia.post(button.get("action"), data=pressed, follow_redirects=True)
    assert "Någon annan har ändrat" in answer.text
    assert (the_dispatch().state, len(point.taken)) == (DispatchState.SENT, 1)


def test_it_is_marked_as_sent_by_hand_once(app, refused, point, visit):
    fia, where = visit(FINANCE), f"{LIST}/{refused.id}"
    page = fia.page(where).cssselect("form[action$='/for-hand']")[0]
    typed = {**dict(page.form_values()), "how": "Postad i måndags"}
    assert fia.post(f"{where}/for-hand", data={**typed, "how": ""}).status_code == 422
    assert fia.post(f"{where}/for-hand", data={**typed, "how": "x" * 201}).status_code == 422
    assert fia.post(f"{where}/for-hand", data=typed).status_code == 303
    second = fia.post(f"{where}/for-hand", data=typed)
    assert (second.status_code, "Någon annan har ändrat" in second.text) == (422, True)
    assert "Postad i måndags (Fia Exempel)" in text(fia.page(where))
    assert the_dispatch().state == DispatchState.BY_HAND


def test_all_that_failed_go_again(app, refused, point, visit):
    assert visit(FINANCE).post(f"{LIST}/igen").status_code == 303
    send_due(app)
    assert the_dispatch().state == DispatchState.SENT


def test_sales_may_look_and_not_decide_and_nobody_else_gets_in(refused, visit):
    sam = visit(SAM)
    page = sam.page(f"{LIST}/{refused.id}")
    assert page.cssselect("main form") == []
    for act in ("igen", "for-hand"):
        assert sam.post(f"{LIST}/{refused.id}/{act}").status_code == 403
    assert sam.post(f"{LIST}/igen").status_code == 403
    assert visit("kontor@nordbyn.example").get(LIST).status_code == 403
    assert visit(None).get(LIST).status_code == 302
    assert visit(FINANCE).get(f"{LIST}/99999").status_code == 404


def test_an_answer_is_a_task_with_its_reasons_until_it_is_taken_care_of(app, sold, visit, point, clock):
    dispatch = issued(sold, visit, InvoiceRoute.PEPPOL)
    send_due(app)
    point.inbox["in-1"] = response_xml(
        dispatch.invoice.name, "RE", status=WRONG_REFERENCE, note="&lt;b&gt;Åsa&lt;/b&gt;"
    )
    point.inbox["in-2"] = b"skr\xe4p"
    look(app)
    fia = visit(FINANCE)
    seen = text(fia.page(LIST))
    for words in ("Avvisad", "referens är fel", "Ordernumret finns inte", "BT-13: PO-4711", "ny faktura", "<b>Åsa</b>"):
        assert words in seen
    assert "Gick inte att läsa" in seen
    assert "Avvisad" in text(fia.page(f"{LIST}/{dispatch.id}"))
    ids = db.session.scalars(select(InvoiceResponse.id).order_by(InvoiceResponse.id)).all()
    assert fia.get(f"{LIST}/svar/{ids[1]}.xml").data == b"skr\xe4p"
    assert visit(SAM).post(f"{LIST}/svar/{ids[0]}/klart").status_code == 403
    assert fia.post(f"{LIST}/svar/{ids[0]}/klart").status_code == 303
    assert "redan omhändertaget" in fia.post(f"{LIST}/svar/{ids[0]}/klart", follow_redirects=True).text
    assert "Avvisad" not in text(fia.page(f"{LIST}?visa=svar"))
    assert "Åtgärdat" in text(fia.page(f"{LIST}/{dispatch.id}"))


def test_public_customers_that_get_a_pdf_are_named(sold, visit):
    town = make.make_vasterhamn()
    assert "En PDF är ingen e-faktura" in text(visit(FINANCE).page(LIST))
    assert "Västerhamns kommun" in text(visit(FINANCE).page(LIST))
    town.invoice_route = InvoiceRoute.PEPPOL
    assert "Västerhamns kommun" not in text(visit(FINANCE).page(LIST))


def test_a_public_customers_invoice_by_letter_says_that_it_is_no_e_invoice(sold, visit):
    db.session.get_one(Customer, sold.customer_id).kind = CustomerKind.PUBLIC
    dispatch = issued(sold, visit, InvoiceRoute.EMAIL)
    assert "lag 2018:1277" in text(visit(FINANCE).page(f"{LIST}/{dispatch.id}"))


def test_a_hundred_invoices_are_no_more_work_to_show_than_two(app, refused, visit, queries):
    fia = visit(FINANCE)
    fia.page(LIST)
    with queries() as few:
        fia.page(LIST)
    first = refused.invoice
    same = {name: getattr(first, name) for name in ("customer_id", "due_on", "net", "vat", "gross", "document")}
    for number in range(100):
        record = InvoiceRecord(number=20000 + number, issued_at=app_clock.now(), **same)
        values = {"route": refused.route, "state": DispatchState.FAILED, "why": "Nej", "queued_at": app_clock.now()}
        db.session.add(InvoiceDispatch(invoice=record, key=actions._new_key(), **values))
    db.session.commit()
    with queries() as many:
        page = fia.page(LIST)
    assert len(page.cssselect("tbody tr")) == 30
    assert len(many) == len(few)
