"""A member sees what it has earned, month by month: with the VAT that it charges us, or the words why it does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as house_clock
from app import complaintflow, moneyflow, orderflow
from app.accounts.models import RoleName, User
from app.customers.models import Customer
from app.db import db
from app.invoicing.models import InvoiceRecord
from app.members.models import Member, SellerModel
from app.money import NOUGHT, Money
from app.orders.cart import Delivery
from app.orders.complaint_queries import delivered_in
from app.orders.complaints import Told
from app.orders.models import Order
from app.settlement import queries as settlement
from app.settlement.earned import Taxed, added_up, by_tax
from app.treatments import VatStatus
from tests import make
from tests.features.relief_case import deliver
from tests.furnished import furnished
from tests.people import text

FRIDAY, NOVEMBER = date(2026, 11, 27), date(2026, 11, 1)
PAGE = "/medlem/ersattning"
BUILT, FRUIT = Money.kronor(800), Money.kronor("169.60")
"""Four fifths of 1000 kr, and of 212."""


@furnished
def town(app):
    """Rena rum cleans after building and packs fruit; Ljungbacken does not."""
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    make.make_sam()
    rena, ljungbacken = make.make_rena_rum(), make.make_ljungbacken()
    made = {
        "building": make.make_article("Byggstädning", price=Money.kronor(1000), unit="HUR", vat_class="building"),
        "fruit": make.make_article(),
        "day": make.make_article("Konferensdag", price=Money.kronor(425), unit="IE", vat_class="conference"),
    }
    for article in made.values():
        make.make_offering(article, rena)
    make.make_nordbyn()
    for one in (rena, ljungbacken):
        make.make_user(one.email, member=one)
    db.session.commit()
    return {name: one.id for name, one in made.items()}


def rena() -> Member:
    return db.session.scalars(select(Member).where(Member.slug == "renarum")).one()


def delivered(town, on: date = FRIDAY, **quantities: int) -> Order:
    """Nordbyn has ordered, and got it."""
    customer = db.session.scalars(select(Customer)).first()
    site, number = customer.sites[0], len(db.session.scalars(select(Order.id)).all())
    place = Delivery(on, site.name, site.street, site.postcode, site.city, site.municipality)
    cart = {town[name]: Decimal(quantity) for name, quantity in quantities.items()}
    made = orderflow.checkout(cart, place, customer=customer, ticket=f"ticket-{number}", by=None, now=house_clock.now())
    db.session.commit()
    deliver(made)
    return made


def month(first: date = NOVEMBER):
    db.session.expire_all()
    return settlement.of_month(rena(), first)


def cheaper(made: Order, borne: Money) -> None:
    """Something was wrong with it, and the member bears so much."""
    sam, now = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one(), house_clock.now()
    part = delivered_in(made)[0]
    complaint = complaintflow.complain(part, Told(Decimal(1), "Mosig"), by=sam, now=now, late=True)
    complaintflow.make_cheaper(complaint, Money.kronor(100), "Ledsen", borne=borne, by=sam, now=now)
    db.session.commit()


def test_who_is_registered_charges_vat_and_building_is_reversed(town, visit):
    delivered(town, building=1, fruit=1)
    by_name = {one.name: one for one in month()}
    fruit, built = by_name["Fruktkorg 5 kg"], by_name["Byggstädning"]
    assert (fruit.net, fruit.tax.vat, fruit.tax.taxed, fruit.tax.rates) == (FRUIT, Money(1018), Taxed.CHARGED, (6,))
    assert (built.net, built.tax.vat, built.tax.taxed) == (BUILT, NOUGHT, Taxed.REVERSED)
    page = text(visit(rena().email).page(PAGE)).replace("\xa0", " ")
    assert "Omvänd betalningsskyldighet för byggtjänster" in page
    assert "Ersättning, exkl. moms969,60 kr" in page
    assert "Moms10,18 kr" in page
    assert "Att få979,78 kr" in page
    assert "Kvar att få979,78 kr" in page
    staff = text(visit("sam@samklang.example").page(f"/personal/medlemmar/{rena().id}/ersattning"))
    assert "979,78" in staff


@pytest.mark.parametrize(
    ("status", "words"),
    [(VatStatus.SMALL, "18 kap. 4 § mervärdesskattelagen"), (VatStatus.OUTSIDE, "4 kap. 6 § mervärdesskattelagen")],
)
def test_who_is_not_registered_charges_none_and_the_page_says_why(town, visit, status, words):
    rena().vat_status = status
    delivered(town, building=1, fruit=1)
    sums = added_up(month())
    assert (sums.net, sums.vat, sums.gross) == (BUILT + FRUIT, NOUGHT, BUILT + FRUIT)
    page = text(visit(rena().email).page(PAGE))
    assert "Ingen moms" in page
    assert words in page


def test_what_is_taken_off_has_the_vat_of_the_day_of_supply(town, clock):
    """Food is taxed at 12 per cent again from 2028; what was delivered before keeps its six."""
    clock.set(clock.now.replace(year=2027, month=12, day=28))
    made = delivered(town, date(2027, 12, 30), fruit=2)
    clock.move(days=7)
    cheaper(made, Money.kronor(100))
    (before,) = month(date(2027, 12, 1))
    (taken,) = month(date(2028, 1, 1))
    assert (before.net, before.tax.rates) == (FRUIT.times(2), (6,))
    assert (taken.net, taken.tax.vat, taken.tax.rates) == (-Money.kronor(100), -Money.kronor(6), (6,))
    sums = added_up([before, taken])
    assert (sums.delivered, sums.taken_off) == (FRUIT.times(2), -Money.kronor(100))


def test_of_what_is_sold_in_its_own_name_the_member_has_the_vat_and_pays_for_the_sale(town, visit):
    """212 kr and six per cent are paid; 42,40 and a quarter on that is our commission."""
    rena().seller_model = SellerModel.AGENT
    made = delivered(town, fruit=1)
    (one,) = month()
    assert (one.net, one.tax.vat, one.tax.taxed, one.tax.rates) == (FRUIT, Money(1272), Taxed.OWN_SALE, (6,))
    assert (one.own.charged, one.own.commission, one.own.commission_vat) == (Money(21200), Money(4240), Money(1060))
    assert one.gross == Money(16960 + 1272 - 1060) == one.own.left
    page = text(visit(rena().email).page(PAGE)).replace("\xa0", " ")
    assert "Kunderna betalar, inkl. moms224,72 kr" in page
    assert "Vår provision, exkl. moms-42,40 kr" in page.replace("−", "-")
    assert "Att få171,72 kr" in page
    assert "Sålt till kunder i medlemmens eget namn, moms 6 %" in page
    rena().seller_model = SellerModel.OWN_NAME
    db.session.commit()
    (still,) = settlement.of_order(made.id)
    assert still.tax.taxed == Taxed.OWN_SALE, "the invoice says who sold it"


def test_a_member_without_vat_pays_it_on_the_commission(town):
    rena().seller_model, rena().vat_status = SellerModel.AGENT, VatStatus.SMALL
    delivered(town, fruit=1)
    sums = added_up(month())
    assert (sums.sold, sums.sale_vat, sums.commission_vat) == (Money(21200), NOUGHT, Money(1060))
    assert sums.gross == FRUIT - Money(1060)


@pytest.mark.parametrize("borne", [NOUGHT, Money.kronor(80), Money.kronor(100)])
def test_what_is_credited_lowers_the_commission_by_what_the_member_does_not_bear(town, borne):
    """100 kr is given back, the next month."""
    rena().seller_model = SellerModel.AGENT
    made = delivered(town, fruit=3)
    cheaper(made, borne)
    (sold, back) = month()
    assert (back.own.charged, back.own.commission, back.net) == (-Money.kronor(100), borne - Money.kronor(100), -borne)
    assert back.own.commission_vat == (borne - Money.kronor(100)).percent(25)
    sums = added_up([sold, back])
    assert sums.paid == Money.kronor(536).percent(106) == sums.gross + sums.deducted


def test_what_is_credited_whole_leaves_the_member_what_it_has_earned_and_no_commission(town, visit):
    """The invoice is credited whole and the member bears none: it keeps 339,20, which is compensation without VAT."""
    rena().seller_model = SellerModel.AGENT
    made = delivered(town, fruit=2)
    (record,) = db.session.scalars(select(InvoiceRecord)).all()
    sam = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()
    make.make_sam(RoleName.FINANCE, email="fia@samklang.example", name="Fia Exempel")
    db.session.commit()
    credit_form = text(visit("fia@samklang.example").page(f"/personal/fakturor/{record.id}"))
    assert "Lämnar du medlemmens del tom står medlemmen inte för något" in credit_form
    assert "sjunker först vår provision, som lägst till noll" in credit_form
    moneyflow.credit_whole(record, "Fel", by=sam, now=house_clock.now())
    db.session.commit()
    sums = added_up(settlement.of_order(made.id))
    assert (sums.commission, sums.commission_vat, sums.vat) == (NOUGHT, NOUGHT, NOUGHT)
    assert sums.compensation == sums.net == sums.gross == FRUIT.times(2)
    address = f"/personal/bestallningar/{made.number}/pengarna"
    money = text(visit("sam@samklang.example").page(address)).replace("\xa0", " ").replace("−", "-")
    assert "Varav provision från medlemmen0,00 kr" in money
    assert "Avgår kompensation till medlemmen, utan moms-339,20 kr" in money
    page = text(visit(rena().email).page(PAGE)).replace("\xa0", " ")
    for words in (
        "Kompensation från oss, utan moms339,20 kr", "Kompensation från oss, utanför momsen339,20 kr0,00 kr",
        "Medlemmens del339,20 kr", "Att få339,20 kr",
    ):  # fmt: skip
        assert words in page, words


def test_the_vat_table_has_for_each_rate_the_base_on_which_its_vat_is_reckoned(town, visit):
    """A conference day of two rates and fruit, sold first in the member's own name and then to us."""
    rena().seller_model = SellerModel.AGENT
    sold = delivered(town, fruit=1, day=1)
    rena().seller_model = SellerModel.OWN_NAME
    db.session.commit()
    delivered(town, fruit=1, day=1)
    rows = {(one.taxed, one.rate): one for one in by_tax(month())}
    assert set(rows) == {(taxed, rate) for taxed in (Taxed.OWN_SALE, Taxed.CHARGED) for rate in (6, 12, 25)}
    for (_taxed, rate), one in rows.items():
        assert abs((one.net.percent(rate) - one.vat).ore) <= 1
    assert rows[Taxed.OWN_SALE, 6].net == Money.kronor(212), "what the customer pays, of which the member has 169,60"
    assert rows[Taxed.CHARGED, 6].net == FRUIT
    (record,) = db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.seller_id.is_not(None))).all()
    assert record.lines[0].order_id == sold.id
    own = [one for (taxed, _rate), one in rows.items() if taxed == Taxed.OWN_SALE]
    assert (record.net, record.vat) == (Money.total(one.net for one in own), Money.total(one.vat for one in own))
    page = text(visit(rena().email).page(PAGE)).replace("\xa0", " ")
    assert "Sålt till kunder i medlemmens eget namn, moms 6 %212,00 kr12,72 kr" in page


def test_who_is_not_registered_is_not_said_to_account_for_vat(town, visit):
    rena().seller_model, rena().vat_status = SellerModel.AGENT, VatStatus.SMALL
    delivered(town, fruit=1)
    page = text(visit(rena().email).page(PAGE)).replace("\xa0", " ")
    assert "redovisar momsen" not in page
    assert "Medlemmen är säljare, och det är ingen moms på försäljningen." in page


def test_what_finance_credits_on_the_members_invoice_is_our_commission_less(town):
    """The member has done its work and bears none of it; whose invoice it was is known all the same."""
    rena().seller_model = SellerModel.AGENT
    made = delivered(town, fruit=2)
    (record,) = db.session.scalars(select(InvoiceRecord)).all()
    sam = db.session.scalars(select(User).where(User.email == "sam@samklang.example")).one()
    moneyflow.credit(record, {record.lines[0]: Money.kronor(50)}, "Fel", by=sam, now=house_clock.now())
    _sold, back = settlement.of_order(made.id)
    assert (back.net, back.own.commission, back.own.commission_vat) == (
        NOUGHT, -Money.kronor(50), -Money.kronor("12.50"),
    )  # fmt: skip
    assert back.gross == Money.kronor("12.50") - Money.kronor(3)
    note = db.session.scalars(select(InvoiceRecord).where(InvoiceRecord.credits_id == record.id)).one()
    assert (record.gross - note.gross) == added_up(settlement.of_order(made.id)).paid


def test_a_month_begins_where_the_last_one_ended_to_the_ore(town, clock):
    """The VAT of what is given back next month is rounded with that of what was sold this month."""
    rena().seller_model = SellerModel.AGENT
    made = delivered(town, fruit=3)
    clock.set(clock.now.replace(month=12, day=2))
    cheaper(made, Money(3333))
    of_order = settlement.of_order(made.id)
    assert [*month(), *month(date(2026, 12, 1))] == of_order
    assert added_up(of_order).paid == Money.kronor(536).percent(106)


def test_months_are_apart_and_nobody_sees_anothers(town, visit, clock):
    delivered(town, fruit=1)
    clock.set(clock.now.replace(month=12, day=1))
    mine, other = visit(rena().email), visit("ljungbacken@medlem.example")
    assert "Inget den här månaden" in text(mine.page(PAGE))
    earlier = mine.page(PAGE).cssselect("a[href*='manad=2026-11']")[0].get("href")
    assert "Fruktkorg" in text(mine.page(earlier))
    for words in ("2026-13", "2099-01", "x", "1999-01"):
        assert "Inget den här månaden" in text(mine.page(f"{PAGE}?manad={words}"))
    assert "Fruktkorg" not in text(other.page(f"{PAGE}?manad=2026-11"))
    theirs = f"/personal/medlemmar/{rena().id}/ersattning"
    assert (other.get(theirs).status_code, visit(None).get(theirs).status_code) == (403, 302)
    assert visit("sam@samklang.example").get("/personal/medlemmar/4711/ersattning").status_code == 404


def test_the_page_does_not_grow(town, visit, queries):
    counts = []
    mine = visit(rena().email)
    for many in (1, 3):
        for _each in range(many):
            cheaper(delivered(town, fruit=1, building=1), Money.kronor(10))
        mine.page(PAGE)
        with queries() as seen:
            mine.page(PAGE)
        counts.append(len(seen))
    assert counts[0] == counts[1]
