"""An earlier order is put into the basket again, and an organisation saves baskets under names."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app.catalog.models import ApprovalState
from app.customers.models import CustomerKind
from app.db import db
from app.orders.drafts.models import BasketDraft
from tests import make
from tests.furnished import furnished
from tests.order_case import BUYER, furnish
from tests.order_case import order as make_order
from tests.people import text, together


@furnished
def fruit(app):
    """Fruit baskets."""
    return furnish()


def test_again_at_todays_price_and_what_is_gone_is_named(fruit, visit):
    sandwich = make.make_article("Smörgås", price=make.Money(6200))
    make.make_offering(sandwich, make.make_kokljus())
    order = make_order({fruit.id: Decimal(6), sandwich.id: Decimal(10)})
    sandwich.state, fruit.price = ApprovalState.WITHDRAWN, make.Money(30000)
    nordbyn = visit(BUYER)
    assert nordbyn.fill(f"/bestallningar/{order.number}", {}, form="form[action$='/igen']").status_code == 303
    page = text(nordbyn.page("/varukorg"))
    assert "Smörgås" in page.split("Gick inte att lägga i")[1]
    assert "1 800,00 kr" in page.replace("\xa0", " ")
    nordbyn.post(f"/bestallningar/{order.number}/igen")
    assert "1 800,00 kr" in text(nordbyn.page("/varukorg")).replace("\xa0", " "), "twice is no more than once"


def test_a_bundle_comes_back_as_a_bundle(fruit, visit):
    plate = make.make_article("Fat")
    make.make_offering(plate, make.make_kokljus())
    bundle = make.make_bundle("Fruktfat", (fruit, "2", False), (plate, "1", False))
    order = make_order({bundle.id: Decimal(3)})
    nordbyn = visit(BUYER)
    nordbyn.post(f"/bestallningar/{order.number}/igen")
    with nordbyn.session_transaction() as kept:
        assert kept["basket"] == {str(bundle.id): "3"}


def test_somebody_elses_order_is_not_there(fruit, visit):
    order = make_order({fruit.id: Decimal(6)})
    assert visit(None).post(f"/bestallningar/{order.number}/igen").status_code == 404


def test_a_basket_is_saved_opened_by_a_colleague_and_thrown_away(fruit, visit):
    nordbyn = visit(BUYER)
    customer = db.session.scalars(select(make.Customer)).one()
    make.make_user("kollega@nordbyn.example", customer=customer)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit.id, "quantity": "4"})
    assert nordbyn.fill("/varukorg", {"name": "Fredagsfrukt"}, form="form[action$='/spara']").status_code == 303
    assert nordbyn.post("/varukorg/spara", data={"name": "Fredagsfrukt"}).status_code == 409
    colleague = visit("kollega@nordbyn.example")
    assert "Fredagsfrukt" in text(colleague.page("/varukorg/sparade"))
    assert colleague.fill("/varukorg/sparade", {}, form="form[action$='/oppna']").status_code == 303
    assert "848,00 kr" in text(colleague.page("/varukorg"))
    colleague.fill("/varukorg/sparade", {}, form="form[action$='/radera']")
    assert db.session.scalars(select(BasketDraft)).all() == []


def test_two_who_save_under_one_name_get_one(fruit, visit, house):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit.id, "quantity": "4"})
    cookie = nordbyn.get_cookie("session", "localhost")

    def save():
        twin = house.app.test_client()
        twin.set_cookie("session", cookie.value, domain="localhost")
        return twin.post("/varukorg/spara", data={"name": "Frukt"}).status_code

    assert sorted(together(save, save)) == [303, 409]


def test_other_organisations_and_private_people_have_no_part_in_it(fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit.id, "quantity": "4"})
    nordbyn.post("/varukorg/spara", data={"name": "Frukt"})
    draft = db.session.scalars(select(BasketDraft)).one()
    make.make_user("inkop@vasterhamn.example", customer=make.make_vasterhamn())
    alva = make.make_customer(kind=CustomerKind.PRIVATE, org_number=None)
    make.make_user("alva@hem.example", customer=alva)
    for person in ("inkop@vasterhamn.example", "alva@hem.example", None):
        for act in ("oppna", "radera"):
            assert visit(person).post(f"/varukorg/sparade/{draft.id}/{act}").status_code == 404
    assert visit("alva@hem.example").get("/varukorg/sparade").status_code == 404
    assert visit(BUYER).post("/varukorg/spara", data={"name": "Tom"}).status_code == 409, "an empty basket"
