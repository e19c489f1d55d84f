"""Under a framework agreement the member may sell in its own name, though it does not do so otherwise."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app import clock as app_clock
from app import orderflow
from app.audit import AuditEvent
from app.customers.models import Customer
from app.db import db
from app.invoicing.actions import values_of
from app.invoicing.models import InvoiceRecord
from app.members.models import Member, SellerModel
from app.money import Money
from app.orders.agreements.models import Agreement
from app.orders.models import Order
from app.orders.states import AssignmentState
from tests import make
from tests.agreement_case import NUMBER, make_agreement
from tests.furnished import furnished
from tests.order_case import NEXT_FRIDAY
from tests.people import text

SAM, LJUNGBACKEN = "sam@samklang.example", "ljungbacken@medlem.example"
PRICE = Money.kronor(200)


@furnished
def town(app) -> Agreement:
    """Ljungbacken makes fruit baskets, which the agreement holds, and fruit plates, which it does not."""
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    member = make.make_ljungbacken()
    basket, plate = make.make_article("Fruktkorg"), make.make_article("Fruktfat")
    for article in (basket, plate):
        make.make_offering(article, member, capacity_per_week=Decimal(1000))
    make.make_user(member.email, member=member)
    make.make_user(make.VASTERHAMN["email"], customer=make.make_vasterhamn())
    make.make_sam()
    return make_agreement({basket: PRICE.ore}, list(db.session.scalars(select(Customer))))


def ljungbacken() -> Member:
    return db.session.scalars(select(Member).where(Member.slug == "ljungbacken")).one()


def decide(visit, agreement: Agreement, model: str):
    where = f"/personal/ramavtal/{agreement.id}"
    typed = {"seller-model": model, "seller-reason": "Tilläggsavtal 2"}
    return visit(SAM).fill(where, typed, form="form[action$='/saljare']")


def buy(visit, name: str, quantity: str = "3", browser=None) -> Order:
    """Västerhamn orders it in the catalogue, as any customer does."""
    vasterhamn = browser or visit(make.VASTERHAMN["email"])
    article = db.session.scalars(select(make.Article).where(make.Article.name == name)).one()
    page = vasterhamn.page(f"/katalog/{article.slug}")
    (form,) = page.cssselect("form[action$='/lagg-i']")
    vasterhamn.post(form.get("action"), data={**dict(form.form_values()), "quantity": quantity})
    sent = {"day": NEXT_FRIDAY.isoformat(), "buyer_reference": "90123 Kim", "order_reference": "4711"}
    answer = vasterhamn.fill("/kassa", sent)
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    return db.session.scalars(select(Order).order_by(Order.id.desc())).first()


def invoiced(order: Order) -> InvoiceRecord:
    by = db.session.scalars(select(make.User)).first()
    for one in order.assignments:
        if one.state == AssignmentState.OFFERED:
            orderflow.accept(one, {}, by=by, now=app_clock.now())
        orderflow.deliver(one, by=by, now=app_clock.now())
    db.session.commit()
    return db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.order_id == order.id)).one()


def test_what_is_called_off_stands_in_the_members_series_and_all_else_in_ours(town, visit):
    assert ljungbacken().seller_model == SellerModel.OWN_NAME
    assert decide(visit, town, "agent").status_code == 303
    called, ordinary = invoiced(buy(visit, "Fruktkorg")), invoiced(buy(visit, "Fruktfat"))
    series = f"M{ljungbacken().id}-"
    assert (called.name, called.seller) == (f"{series}10001", ljungbacken())
    assert (ordinary.name, ordinary.seller) == ("10001", None)
    values = values_of(called)
    assert (values.seller.name, values.in_the_name_of) == (ljungbacken().name, "Samklang Sälj ek. för.")
    assert (values.contract_reference, values.net) == (NUMBER, PRICE.times(3))
    assert values_of(ordinary).seller.name == "Samklang Sälj ek. för."


def test_an_order_of_both_gives_an_invoice_for_each_seller(town, visit):
    decide(visit, town, "agent")
    vasterhamn = visit(make.VASTERHAMN["email"])
    plate = db.session.scalars(select(make.Article).where(make.Article.name == "Fruktfat")).one()
    vasterhamn.post("/varukorg/lagg-i", data={"article": plate.id, "quantity": "2"})
    order = buy(visit, "Fruktkorg", browser=vasterhamn)
    by = db.session.scalars(select(make.User)).first()
    for one in order.assignments:
        orderflow.accept(one, {}, by=by, now=app_clock.now())
        orderflow.deliver(one, by=by, now=app_clock.now())
    db.session.commit()
    records = db.session.scalars(select(InvoiceRecord).order_by(InvoiceRecord.series)).all()
    assert [(one.seller, [line.name for line in values_of(one).lines]) for one in records] == [
        (None, ["Fruktfat"]),
        (ljungbacken(), ["Fruktkorg"]),
    ]


def test_the_agreement_may_say_that_the_sales_company_sells(town, visit):
    ljungbacken().seller_model = SellerModel.AGENT
    db.session.commit()
    decide(visit, town, "own_name")
    called, ordinary = invoiced(buy(visit, "Fruktkorg")), invoiced(buy(visit, "Fruktfat"))
    assert (called.seller, ordinary.seller) == (None, ljungbacken())
    assert decide(visit, town, "").status_code == 303
    assert invoiced(buy(visit, "Fruktkorg")).seller == ljungbacken()


def test_it_is_decided_with_a_reason_and_kept(town, visit):
    where = f"/personal/ramavtal/{town.id}"
    page = text(visit(SAM).page(where))
    assert "Som det är för varje medlem." in page
    refused = visit(SAM).fill(where, {"seller-model": "agent", "seller-reason": ""}, form="form[action$='/saljare']")
    assert refused.status_code == 422
    assert visit(SAM).post(f"{where}/saljare", data={"seller-model": "x", "seller-reason": "y"}).status_code == 422
    decide(visit, town, "agent")
    seen = text(visit(SAM).page(where))
    assert "Tilläggsavtal 2" in seen
    assert "säljare blev: Medlemmen själv" in seen
    act = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "seller decided")).one()
    assert act.details == {"before": "", "model": "agent", "why": "Tilläggsavtal 2"}
    assert visit(LJUNGBACKEN).post(f"{where}/saljare").status_code == 403
