"""A customer who builds reckons the VAT on building services itself: it is told in time, and so are we if we cannot."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock, orderflow
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.cart import Delivery
from app.orders.models import Order
from app.orders.quotes.states import QuoteState
from tests import make, quote_case, standing_case
from tests.features.api_case import system
from tests.features.relief_case import deliver
from tests.furnished import furnished
from tests.people import text

NUMBER, KONTOR, SAM = "SE559999202001", "kontor@nordbyn.example", "sam@samklang.example"
SENTENCE = "Omvänd betalningsskyldighet: ni redovisar själva momsen på byggtjänsterna, {} exkl. moms."


@furnished
def town(app):
    """Nordbyn builds. Rena Rum cleans building sites at 1 000 kr an hour, and offices at 400 kr."""
    make.make_sales_company(bankgiro="999-0003", vat_number="SE769999000301")
    make.make_sam()
    member, customer = make.make_rena_rum(), make.make_nordbyn(sells_building=True, vat_number=NUMBER)
    make.make_user(KONTOR, customer=customer)
    made = {
        "building": make.make_article("Byggstädning", price=Money.kronor(1000), unit="HUR", vat_class="building"),
        "cleaning": make.make_article("Kontorsstäd", price=Money.kronor(400), unit="HUR", vat_class="standard"),
    }
    for article in made.values():
        make.make_offering(article, member)
    db.session.commit()
    return {"customer": customer.id, **{name: one.id for name, one in made.items()}}


def ordered(town, **hours: int) -> Order:
    customer, now = db.session.get_one(Customer, town["customer"]), clock.now()
    site = customer.sites[0]
    where = Delivery(quote_case.FRIDAY, site.name, site.street, site.postcode, site.city, site.municipality, "ref")
    cart = {town[name]: Decimal(amount) for name, amount in hours.items()}
    by = db.session.scalars(select(make.User).where(make.User.email == KONTOR)).one()
    made = orderflow.checkout(cart, where, customer=customer, ticket="t" * 24, by=by, now=now)
    db.session.commit()
    return made


def body(letter) -> str:
    return " ".join(letter.body.replace("\xa0", " ").split())


def test_the_letters_of_an_order_say_on_how_much_the_customer_reckons_the_vat(town, visit, outbox, work_off):
    made = ordered(town, building=3, cleaning=1)
    confirmation = body(outbox.to(make.NORDBYN["email"])[-1])
    assert f"Summa: 3 400,00 kr exkl. moms. {SENTENCE.format('3 000,00 kr')}" in confirmation
    building = next(line for line in made.lines if line.article_id == town["building"])
    nordbyn, where = visit(KONTOR), f"/bestallningar/{made.number}/andra"
    assert nordbyn.fill(where, {f"quantity-{building.id}": "2"}).status_code == 303
    changed = body(outbox.to(make.NORDBYN["email"])[-1])
    assert f"Summan är nu 2 400,00 kr exkl. moms. {SENTENCE.format('2 000,00 kr')}" in changed
    deliver(made)
    work_off()
    invoice = body(outbox.to(make.NORDBYN["email"])[-1])
    assert "Att betala: 2 500,00 kr inkl. moms" in invoice
    assert f"{SENTENCE.format('2 000,00 kr')} Den är inte med i beloppet." in invoice


def test_who_orders_no_building_or_does_not_build_is_told_nothing_of_it(town, outbox, work_off):
    deliver(ordered(town, cleaning=1))
    db.session.get_one(Customer, town["customer"]).sells_building = False
    work_off()
    letters = [body(one) for one in outbox.to(make.NORDBYN["email"])]
    assert len(letters) > 1
    assert not [one for one in letters if "Omvänd" in one]


def test_the_letters_of_a_quote_say_it(town, visit, outbox, work_off, clock):
    quote = quote_case.ask(visit(KONTOR), town["building"], "3")
    quote_case.send(visit(SAM), quote, "1000")
    work_off()
    assert f"Summa: 3 000,00 kr exkl. moms. {SENTENCE.format('3 000,00 kr')}" in body(
        outbox.to(make.NORDBYN["email"])[-1]
    )


def test_a_quote_is_not_sent_to_who_could_not_be_invoiced_and_the_page_says_how_it_is_mended(town, visit):
    quote = quote_case.ask(visit(KONTOR), town["building"], "3")
    db.session.get_one(Customer, town["customer"]).vat_number = None
    db.session.commit()
    sam, article = visit(SAM), quote.draft.lines[0].article_id
    page = sam.page(f"/personal/offerter/{quote.number}")
    assert "Kundens momsnummer saknas" in text(page)
    (link,) = (one.get("href") for one in page.cssselect("main a") if text(one) == "Skriv momsnumret")
    assert link == f"/personal/kunder/{town['customer']}/andra#vat_number"
    answer = quote_case.write(sam, quote, **{f"price-{article}": "1000", "text": "Så här blir det.", "then": "send"})
    assert answer.status_code == 422
    assert "Skriv det på kundens sida, i fältet Momsnummer." in answer.text
    assert "Så här blir det." in answer.text, "nothing typed is lost"
    assert quote_case.the_quote().state != QuoteState.SENT
    assert sam.fill(link.partition("#")[0], {"vat_number": NUMBER}).status_code == 303
    assert "Kundens momsnummer saknas" not in text(sam.page(f"/personal/offerter/{quote.number}"))
    assert quote_case.send(sam, quote_case.the_quote(), "1000").state == QuoteState.SENT


MISSING = "Ert momsnummer saknas hos oss. Ni redovisar själva momsen på Byggstädning, och då måste det stå på fakturan."


def forget_number(town) -> None:
    db.session.get_one(Customer, town["customer"]).vat_number = None
    db.session.commit()


def orders() -> list[Order]:
    db.session.expire_all()
    return list(db.session.scalars(select(Order)))


def test_the_checkout_says_that_the_number_is_missing_and_keeps_the_basket(town, visit):
    forget_number(town)
    nordbyn = visit(KONTOR)
    for name in ("building", "cleaning"):
        assert nordbyn.post("/varukorg/lagg-i", data={"article": town[name], "quantity": "2"}).status_code == 303
    page = text(nordbyn.page("/kassa"))
    assert MISSING in page
    assert "Mejla det till post@samklang.example" in page
    answer = nordbyn.fill("/kassa", {"day": quote_case.FRIDAY.isoformat(), "note": "Ring på porten"})
    assert answer.status_code == 422
    assert MISSING in answer.text
    assert "Ring på porten" in answer.text
    assert orders() == []
    basket = text(nordbyn.page("/varukorg"))
    assert "Byggstädning" in basket
    assert "Kontorsstäd" in basket
    where = f"/personal/kunder/{town['customer']}/andra"
    assert visit(SAM).fill(where, {"vat_number": NUMBER}).status_code == 303
    assert MISSING not in text(nordbyn.page("/kassa"))
    assert nordbyn.fill("/kassa", {"day": quote_case.FRIDAY.isoformat()}).status_code == 303
    assert len(orders()) == 1


def test_other_work_is_ordered_without_a_number(town, visit):
    forget_number(town)
    nordbyn = visit(KONTOR)
    nordbyn.post("/varukorg/lagg-i", data={"article": town["cleaning"], "quantity": "2"})
    assert "momsnummer saknas" not in text(nordbyn.page("/kassa"))
    assert nordbyn.fill("/kassa", {"day": quote_case.FRIDAY.isoformat()}).status_code == 303


def test_a_bundle_with_building_in_it_needs_the_number_too(town, visit):
    parts = [db.session.get_one(make.Article, town[name]) for name in ("building", "cleaning")]
    bundle = make.make_bundle("Efter bygget", *((one, "1", False) for one in parts))
    forget_number(town)
    nordbyn = visit(KONTOR)
    nordbyn.post("/varukorg/lagg-i", data={"article": bundle.id, "quantity": "1"})
    assert "Ni redovisar själva momsen på Efter bygget" in text(nordbyn.page("/kassa"))


def test_a_system_is_told_the_same(town, app):
    number = db.session.get_one(make.Article, town["building"]).number
    program = system(app, KONTOR)
    address = {"street": "Köpgatan 2", "postcode": "411 02", "city": "Göteborg", "municipality": "1480"}
    where = {"day": quote_case.FRIDAY.isoformat(), "place": {"name": "Kontoret", **address}}
    wanted = {"lines": [{"article": number, "quantity": "2"}], "delivery": where}
    forget_number(town)
    told = program.post("/orders", wanted, status=409, key="a" * 20)
    assert MISSING in str(told)
    assert orders() == []


def test_a_standing_order_is_not_begun_and_one_that_runs_is_told_to_us(town, app, outbox, clock):
    cart = {town["building"]: Decimal(2)}
    standing_case.start(cart, "Varje torsdag")
    forget_number(town)
    with pytest.raises(Refused, match="Ert momsnummer saknas hos oss"):
        standing_case.start(cart, "En till")
    db.session.rollback()
    clock.move(days=7)
    standing_case.minute(app)
    assert orders() == []
    for address in ("post@samklang.example", make.NORDBYN["email"]):
        letter = outbox.to(address)[-1]
        assert letter.subject == "Inte beställt: Varje torsdag"
        assert MISSING in body(letter)


def test_a_quote_for_other_work_needs_no_vat_number(town, visit):
    quote = quote_case.ask(visit(KONTOR), town["cleaning"], "3")
    db.session.get_one(Customer, town["customer"]).vat_number = None
    db.session.commit()
    assert quote_case.send(visit(SAM), quote, "400").state == QuoteState.SENT
