"""Baskets and orders hold only quantities that are sold, and only what is for this customer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import clock, orderflow
from app.catalog import indexing, versions
from app.catalog.kinds import ArticleKind, Withdrawal
from app.catalog.models import BundlePart
from app.db import db
from app.errors import Refused
from app.money import Money
from app.orders.cart import Delivery
from app.orders.models import Order, OrderLine
from tests import make
from tests.furnished import furnished
from tests.people import document, text

FRIDAY = date(2026, 11, 27)
WHERE = Delivery(FRIDAY, "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480", "Ref", "PO-1")


INGRID = {
    "name": "Ingrid Exempel", "email": "ingrid@exempel.example", "recipient": "Ingrid", "street": "Hemgatan 3",
    "postcode": "411 03", "city": "Göteborg", "municipality": "1480",
}  # fmt: skip


@furnished
def shop(app):
    """Buns in sixes, at least twelve, with ingredients; a lunch on a day; a work training place."""
    make.make_sales_company()
    kokljus, ljungbacken = make.make_kokljus(phone="031-390 06 12"), make.make_ljungbacken()
    for member in (kokljus, ljungbacken):
        make.make_user(member.email, member=member)
    buns = make.make_article(
        "Kanelbulle", price=Money(1500), unit="H87", pack_size=Decimal(6), min_quantity=Decimal(12),
        content=Decimal("0.1"), content_unit="KGM", ingredients="Vetemjöl, mjölk, socker, smör, kanel.",
        allergens=["gluten", "milk"], withdrawal=Withdrawal.PERISHABLE, deposit=Money(6000),
    )  # fmt: skip
    lunch = make.make_article(
        "Lunchbuffé", price=Money(16500), unit="IE", vat_class="restaurant", kind=ArticleKind.DATED_SERVICE
    )
    place = make.make_article(
        "Arbetsträningsplats", price=Money(28500), unit="DAY", vat_class="exempt", kind=ArticleKind.PLACEMENT
    )
    for article in (buns, lunch, place):
        make.make_offering(article, kokljus)
    make.make_offering(buns, ljungbacken, capacity_per_week=Decimal(20))
    make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    make.make_user("inkop@vasterhamn.example", customer=make.make_vasterhamn())
    db.session.commit()
    return {"buns": buns, "lunch": lunch, "place": place}


def put(visitor, article, quantity: str):
    return visitor.post("/varukorg/lagg-i", data={"article": article.id, "quantity": quantity})


def test_a_broken_package_is_refused_with_what_can_be_chosen(shop, visit):
    nordbyn = visit("kontor@nordbyn.example")
    answer = put(nordbyn, shop["buns"], "14")
    assert answer.status_code == 422
    assert "Säljs i hela förpackningar om 6 st." in answer.text
    assert "Välj 12 eller 18." in answer.text
    assert put(nordbyn, shop["buns"], "12").status_code == 303
    assert put(nordbyn, shop["buns"], "6").status_code == 303, "eighteen in all"
    answer = nordbyn.fill("/varukorg", {f"quantity-{shop['buns'].id}": "20"}, form="form[action='/varukorg']")
    assert answer.status_code == 422
    assert "Välj 18 eller 24." in answer.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("3", "Minsta beställning är 12 st. Välj 12."),
        ("14", "Säljs i hela förpackningar om 6 st."),
        ("12,5", "Enheten styck säljs bara i hela tal."),
        ("tolv", "Skriv antalet med siffror"),
        ("<b>", "Skriv antalet med siffror"),
    ],
)
def test_a_wrong_quantity_is_told_on_the_articles_page_beside_what_was_typed(shop, visit, typed, sentence):
    """It was a page of its own on which the way ended."""
    guest = visit(None)
    answer = put(guest, shop["buns"], typed)
    assert answer.status_code == 422
    page = document(answer)
    assert text(page.cssselect("h1")[0]) == "Kanelbulle"
    field = page.cssselect("#quantity")[0]
    assert (field.get("value"), field.get("aria-invalid")) == (typed, "true")
    assert "quantity-error" in field.get("aria-describedby").split()
    assert sentence in text(page.cssselect("#quantity-error")[0])
    assert sentence in text(page.cssselect("[role=alert] a[href='#quantity']")[0])
    assert page.cssselect("form[action='/varukorg/lagg-i'] input[name=quantity]")
    assert "Varukorgen är tom" in text(guest.page("/varukorg"))


def test_from_a_refused_quantity_one_can_change_how_prices_are_shown_and_the_language(shop, visit):
    guest = visit(None)
    page = document(put(guest, shop["buns"], "3"))
    forms = {form.get("action"): dict(form.form_values()) for form in page.cssselect("form")}
    answer = guest.post("/moms", data={**forms["/moms"], "with_vat": "0"})
    assert answer.location == f"/katalog/{shop['buns'].slug}"
    answer = guest.post("/sprak", data={**forms["/sprak"], "language": "en"})
    assert guest.get(answer.location).location == "/varukorg"


def test_what_lies_in_the_basket_already_is_said_where_it_makes_the_quantity_too_much(shop, visit):
    guest = visit(None)
    put(guest, shop["buns"], "12")
    page = document(put(guest, shop["buns"], "999996"))
    assert "Av den ligger redan 12 st i varukorgen." in text(page.cssselect("#quantity-error")[0])


def test_the_field_begins_with_the_least_that_is_sold(shop, visit):
    page = visit(None).page(f"/katalog/{shop['buns'].slug}")
    assert page.cssselect("#quantity")[0].get("value") == "12"
    assert "Säljs i hela förpackningar om 6 st. Minst 12 st." in text(page)


def test_an_order_that_comes_another_way_is_held_to_the_same(shop):
    customer = db.session.scalars(select(make.Customer).where(make.Customer.name.startswith("Nordbyn"))).one()
    with pytest.raises(Refused, match="Välj 12 eller 18"):
        orderflow.checkout(
            {shop["buns"].id: Decimal(13)}, WHERE, customer=customer, ticket="t", by=None, now=clock.now()
        )
    db.session.rollback()
    assert db.session.scalar(select(func.count(Order.id))) == 0


def test_members_share_whole_packages(shop):
    customer = db.session.scalars(select(make.Customer).where(make.Customer.name.startswith("Nordbyn"))).one()
    order = orderflow.checkout(
        {shop["buns"].id: Decimal(114)}, WHERE, customer=customer, ticket="t", by=None, now=clock.now()
    )
    shares = [line.offered for one in order.assignments for line in one.lines]
    assert sorted(shares) == [18, 96], "of 20 and 100 a week only whole sixes can be given"


def test_food_says_what_is_in_it_and_who_answers_for_it(shop, visit):
    page = visit(None).page(f"/katalog/{shop['buns'].slug}")
    assert [text(one) for one in page.cssselect(".ingredients strong")] == ["Vetemjöl", "mjölk", "smör"]
    words = text(page)
    assert "spannmål med gluten, mjölk" in words
    assert "Ansvarigt livsmedelsföretag" in words
    assert "031-390 06 12" in words
    assert "Ingen ångerrätt, eftersom det är färskvara" in words


def test_the_comparison_price_and_the_deposit_follow_how_prices_are_shown(shop, visit):
    private = text(visit(None).page(f"/katalog/{shop['buns'].slug}"))
    assert "Jämförpris 159,00 kr per kg" in private
    assert "75,00 kr per st. Du betalar bara om det inte kommer tillbaka." in private
    company = text(visit("kontor@nordbyn.example").page(f"/katalog/{shop['buns'].slug}"))
    assert "Jämförpris 150,00 kr per kg" in company
    assert "60,00 kr per st. Du betalar bara" in company


@pytest.mark.parametrize(("who", "deposit"), [(None, "75,00"), ("kontor@nordbyn.example", "60,00")])
def test_the_deposit_is_said_wherever_the_price_is(shop, visit, outbox, who, deposit):
    """It stood far down on the article's page only."""
    said = f"Pant: {deposit} kr per st. Du betalar bara om det inte kommer tillbaka."
    versions.publish_article(shop["buns"], by=None, now=clock.now())
    buyer = visit(who)
    page = buyer.page(f"/katalog/{shop['buns'].slug}")
    assert said in text(page.cssselect(".buy")[0])
    put(buyer, shop["buns"], "12")
    assert said in text(buyer.page("/varukorg").cssselect("tbody tr")[0])
    assert said in text(buyer.page("/kassa").cssselect("aside")[0])
    answer = buyer.fill("/kassa", {**(INGRID if who is None else {}), "day": FRIDAY.isoformat()})
    assert answer.status_code == 303
    shop["buns"].deposit = Money(9900)
    db.session.commit()
    assert said in text(buyer.page(answer.location).cssselect("tbody tr")[0]), "as it was when it was bought"
    letter = outbox.to(who or "ingrid@exempel.example")[0].body
    assert said in " ".join(letter.split())


def test_a_bundle_says_the_deposits_of_its_parts(shop, visit):
    bundle = make.make_article("Fikapaket", price=Money(20000), kind=ArticleKind.BUNDLE, unit="H87")
    bundle.parts = [
        BundlePart(article=shop["buns"], quantity=Decimal(12), position=0),
        BundlePart(article=shop["lunch"], quantity=Decimal(1), position=1),
    ]
    guest = visit(None)
    said = "Pant för Kanelbulle: 75,00 kr per st."
    assert said in text(guest.page(f"/katalog/{bundle.slug}").cssselect(".buy")[0])
    assert put(guest, bundle, "1").status_code == 303
    assert said in text(guest.page("/varukorg").cssselect("tbody tr")[0])


def test_what_is_called_off_says_no_deposit(shop, visit):
    nordbyn = visit("kontor@nordbyn.example")
    put(nordbyn, shop["buns"], "12")
    answer = nordbyn.fill("/kassa", {"day": FRIDAY.isoformat()})
    line = db.session.scalars(select(OrderLine)).one()
    line.unassigned, line.called_off = Decimal(0), line.quantity
    assert "Pant" not in text(nordbyn.page(answer.location))


def test_a_unit_is_called_by_its_name_where_a_price_is_said(shop, visit):
    """The checkout said "per enhet"."""
    nordbyn = visit("kontor@nordbyn.example")
    put(nordbyn, shop["lunch"], "20")
    row = text(nordbyn.page("/varukorg").cssselect("tbody tr")[0])
    assert "165,00 kr per pers" in row
    page = text(nordbyn.page("/kassa"))
    assert "165,00 kr per pers" in page
    assert "per enhet" not in page
    answer = nordbyn.fill("/kassa", {"day": FRIDAY.isoformat()})
    assert "165,00 kr per pers" in text(nordbyn.page(answer.location))


def test_a_card_has_the_comparison_price_too(shop, visit):
    indexing.reindex_all()
    db.session.commit()
    assert "Jämförpris 159 kr per kg" in text(visit(None).page("/katalog"))


def test_the_checkout_says_that_the_day_is_the_day_of_the_service(shop, visit):
    nordbyn = visit("kontor@nordbyn.example")
    put(nordbyn, shop["buns"], "12")
    assert "dagen då tjänsten utförs" not in text(nordbyn.page("/kassa"))
    put(nordbyn, shop["lunch"], "20")
    assert "dagen då tjänsten utförs" in text(nordbyn.page("/kassa"))


def test_a_guest_reads_about_the_right_of_withdrawal_article_by_article(shop, visit):
    guest = visit(None)
    put(guest, shop["buns"], "12")
    assert "Kanelbulle: Ingen ångerrätt, eftersom det är färskvara" in text(guest.page("/kassa"))


def test_work_training_is_for_public_bodies(shop, visit):
    place = shop["place"]
    for who in (None, "kontor@nordbyn.example"):
        visitor = visit(who)
        assert "Säljs till offentliga köpare" in text(visitor.page(f"/katalog/{place.slug}"))
        assert put(visitor, place, "1").status_code == 409
    municipality = visit("inkop@vasterhamn.example")
    assert put(municipality, place, "5").status_code == 303
    answer = municipality.fill(
        "/kassa", {"day": FRIDAY.isoformat(), "order_reference": "PO-1", "buyer_reference": "Ref"}
    )
    assert answer.status_code == 303
    assert db.session.scalar(select(func.count(Order.id))) == 1


def test_a_company_that_gets_a_place_into_an_order_is_refused(shop):
    customer = db.session.scalars(select(make.Customer).where(make.Customer.name.startswith("Nordbyn"))).one()
    with pytest.raises(Refused, match="säljs bara till kommuner"):
        orderflow.checkout(
            {shop["place"].id: Decimal(1)}, WHERE, customer=customer, ticket="t", by=None, now=clock.now()
        )
    db.session.rollback()
