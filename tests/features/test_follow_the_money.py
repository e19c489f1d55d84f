"""Staff follow each krona of an order: promise, member price, invoice, payment, and what the member has."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app import clock as app_clock
from app import moneyflow, orderflow
from app.accounts.models import RoleName, User
from app.catalog.kinds import ArticleKind
from app.customers.models import InvoiceRhythm
from app.db import db
from app.money import Money
from app.orders.models import Order
from app.settlement import tracing
from tests import make
from tests.agreement_case import make_agreement
from tests.furnished import furnished
from tests.money_case import credit_notes, documents, furnish_money, sell_as, signed, worth
from tests.order_case import BUYER, order
from tests.people import text

FIA, LJUNGBACKEN = "fia@samklang.example", "ljungbacken@medlem.example"


@furnished
def delivered(app) -> Order:
    """Two baskets and three kilograms of apples have come with a fee, one basket is credited in part."""
    articles = furnish_money()
    customer = sell_as(InvoiceRhythm.ORDER)
    make_agreement({articles["apples"]: 3000}, [customer])
    make.make_sam(RoleName.FINANCE, email=FIA, name="Fia Exempel")
    made = order({articles["fruit"].id: Decimal(2), articles["apples"].id: Decimal(3)})
    sam = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()
    for one in list(made.assignments):
        orderflow.accept(one, {}, by=sam, now=app_clock.now())
        orderflow.deliver(one, by=sam, now=app_clock.now())
    (record,) = documents()
    line = record.lines[0]
    moneyflow.credit(record, {line: Money.kronor(50)}, "Mosig", by=sam, now=app_clock.now(), borne={line: Money(1000)})
    db.session.commit()
    return made


def test_each_line_is_followed_and_the_sums_are_those_of_the_books(delivered):
    found = tracing.strands(delivered)
    assert Money.total(one.charged for one in found) == worth(delivered)
    assert Money.total(one.billed for one in found) == signed(delivered)
    for one in found:
        assert one.charged == one.billed
    fruit, apples, beside = found
    (made,) = fruit.made
    assert (made.member.slug, made.quantity, made.member_price) == ("ljungbacken", 2, Money.kronor("169.60"))
    ((_member, sums),) = fruit.earned
    assert (sums.net, sums.taken_off) == (Money.kronor("329.20"), -Money.kronor(10))
    assert fruit.kept == Money.kronor(424 - 50) - Money.kronor("329.20")
    assert apples.promise.agreement.name == "Fruktkorgar"
    assert apples.promise.price_list is not None
    assert [row.net for row in fruit.documents] == [Money.kronor(424), -Money.kronor(50)]
    assert (beside.charged, beside.kept) == (Money.kronor(120), Money(0)), "the fee goes to who drives"


def test_the_page_names_member_price_list_documents_and_payment(delivered, visit):
    (record,), (note,) = documents(), credit_notes()
    fia = visit(FIA)
    address = f"/personal/bestallningar/{delivered.number}/pengarna"
    assert fia.page(f"/personal/bestallningar/{delivered.number}").cssselect(f"a[href='{address}']")
    assert fia.page(f"/personal/fakturor/{record.id}").cssselect(f"a[href='{address}']")
    page = text(fia.page(address)).replace("\xa0", " ")
    for words in (
        "Ljungbacken", "169,60 kr", "Fruktkorgar", f"Faktura {record.name}", f"Kreditfaktura {note.name}",
        "Debiterat efter vad som har hänt", "Kvar hos oss", "Obetald",
    ):  # fmt: skip
        assert words in page, words
    fia.fill(
        "/personal/inbetalningar", {"reference": record.name, "amount": "100", "paid_on": "2026-11-23"},
        form="main form[method=post]:not([action])",
    )  # fmt: skip
    assert "Delvis betald" in text(fia.page(address))
    regions = [one.get("aria-label") for one in fia.page(address).cssselect("[role=region]")]
    assert len(regions) == len(set(regions)) > 3, "whoever hears the page can tell its tables apart"


def test_of_second_hand_goods_the_vat_on_the_margin_is_not_left_with_us(delivered, visit):
    """1 400 kr of which the member has 1 260: a fifth of the 140 is VAT, and stands on no invoice."""
    desk = make.make_article(
        "Begagnat skrivbord", price=Money.kronor(1400), unit="H87", vat_class="margin", kind=ArticleKind.SECOND_HAND
    )
    member = db.session.merge(delivered.assignments[0].member)
    make.make_offering(desk, member, member_price=Money.kronor(1260), capacity_per_week=Decimal(1))
    db.session.commit()
    made = order({desk.id: Decimal(1)})
    sam = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()
    for one in list(made.assignments):
        orderflow.accept(one, {}, by=sam, now=app_clock.now())
        orderflow.deliver(one, by=sam, now=app_clock.now())
    db.session.commit()
    found = tracing.strands(made)[0]
    assert (found.margin_vat, found.kept) == (Money.kronor(28), Money.kronor(112))
    page = text(visit(FIA).page(f"/personal/bestallningar/{made.number}/pengarna")).replace("\xa0", " ")
    assert "Kvar hos oss112,00 kr" in page
    assert "Moms på vinstmarginalen, avdragen28,00 kr" in page


def test_nobody_else_sees_it(delivered, visit):
    address = f"/personal/bestallningar/{delivered.number}/pengarna"
    for email in (LJUNGBACKEN, BUYER):
        assert visit(email).get(address).status_code == 403
    assert visit(None).get(address).status_code == 302
    assert visit(FIA).get("/personal/bestallningar/4711/pengarna").status_code == 404


def test_it_does_not_grow_with_the_lines(delivered, visit, queries):
    articles = [make.make_article(f"Korg {place}") for place in range(6)]
    for article in articles:
        make.make_offering(article, db.session.merge(delivered.assignments[0].member), capacity_per_week=Decimal(100))
    db.session.commit()
    wide = order({article.id: Decimal(1) for article in articles})
    sam = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()
    for one in list(wide.assignments):
        orderflow.accept(one, {}, by=sam, now=app_clock.now())
        orderflow.deliver(one, by=sam, now=app_clock.now())
    db.session.commit()
    counts = []
    fia = visit(FIA)
    for one in (delivered, wide):
        fia.page(f"/personal/bestallningar/{one.number}/pengarna")
        with queries() as seen:
            fia.page(f"/personal/bestallningar/{one.number}/pengarna")
        counts.append(len(seen))
    assert counts[1] <= counts[0]
