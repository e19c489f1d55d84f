"""A used desk is sold once: the first order takes it, the second is told, and it comes back when it is called off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.catalog import indexing
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, Article
from app.db import db
from app.money import Money
from app.orders.models import Order
from tests import make
from tests.furnished import furnished
from tests.people import text, together

pytestmark = pytest.mark.both

FRIDAY = date(2026, 11, 27)


@furnished
def desk(app):
    """Snickarboden has one desk; Nordbyn and Solgården buy."""
    make.make_sales_company()
    workshop = make.make_member(slug="snickarboden", name="Snickarboden ek. för.")
    make.make_user(workshop.email, member=workshop)
    piece = make.make_article(
        "Begagnat skrivbord", price=Money(140000), unit="H87", vat_class="margin", kind=ArticleKind.SECOND_HAND
    )
    make.make_offering(piece, workshop, capacity_per_week=Decimal(1))
    make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    make.make_user("kontor@solgarden.example", customer=make.make_customer(name="Solgården AB"))
    make.make_sam()
    indexing.reindex_all()
    db.session.commit()
    return piece


def basket(visit, email: str, desk: Article):
    buyer = visit(email)
    assert buyer.post("/varukorg/lagg-i", data={"article": desk.id, "quantity": "1"}).status_code == 303
    return buyer


def checkout(buyer):
    return buyer.fill("/kassa", {"day": FRIDAY.isoformat()})


def test_the_first_order_takes_it_and_the_second_buyer_is_told_by_name(desk, visit):
    first, second = basket(visit, "kontor@nordbyn.example", desk), basket(visit, "kontor@solgarden.example", desk)
    page = second.page("/kassa")
    assert checkout(first).status_code == 303
    values = dict(page.cssselect("main form[method=post]")[0].form_values()) | {"day": FRIDAY.isoformat()}
    answer = second.post("/kassa", data=values)
    assert answer.status_code == 302
    assert answer.location.endswith("/varukorg")
    db.session.expire_all()
    assert db.session.scalar(select(func.count(Order.id))) == 1
    assert "säljs inte längre" in text(second.page("/varukorg"))


def test_it_leaves_the_catalogue_but_keeps_a_page_that_says_so(desk, visit):
    anybody = visit(None)
    assert "Finns i ett exemplar" in text(anybody.page(f"/katalog/{desk.slug}"))
    assert "Begagnat skrivbord" in text(anybody.page("/katalog"))
    checkout(basket(visit, "kontor@nordbyn.example", desk))
    assert "Begagnat skrivbord" not in text(anybody.page("/katalog"))
    page = anybody.page(f"/katalog/{desk.slug}")
    assert "Såld" in text(page)
    assert not page.cssselect("form[action$='lagg-i']")
    assert anybody.post("/varukorg/lagg-i", data={"article": desk.id, "quantity": "1"}).status_code == 409


def test_there_are_never_two_in_a_basket(desk, visit):
    buyer = basket(visit, "kontor@nordbyn.example", desk)
    again = buyer.post("/varukorg/lagg-i", data={"article": desk.id, "quantity": "1"})
    assert again.status_code == 422
    assert "ett exemplar" in again.text


def test_of_two_orders_at_the_same_moment_one_has_it(desk, visit):
    buyers = [basket(visit, email, desk) for email in ("kontor@nordbyn.example", "kontor@solgarden.example")]
    forms = [
        dict(buyer.page("/kassa").cssselect("main form[method=post]")[0].form_values()) | {"day": FRIDAY.isoformat()}
        for buyer in buyers
    ]
    answers = together(lambda: buyers[0].post("/kassa", data=forms[0]), lambda: buyers[1].post("/kassa", data=forms[1]))
    db.session.rollback()
    assert db.session.scalar(select(func.count(Order.id))) == 1
    placed = [answer for answer in answers if "/bestallningar/" in (answer.location or "")]
    assert len(placed) == 1
    late = next(answer for answer in answers if answer not in placed)
    assert late.status_code in {302, 422}, "back to the basket, or told on the form, by how close it was"
    assert late.status_code == 302 or "redan såld" in late.text
    assert db.session.get_one(Article, desk.id).state == ApprovalState.SOLD


def test_when_it_is_called_off_it_is_for_sale_again(desk, visit):
    checkout(basket(visit, "kontor@nordbyn.example", desk))
    order = db.session.scalars(select(Order)).one()
    workshop, sam = visit("snickarboden@medlem.example"), visit("sam@samklang.example")
    workshop.post(f"/medlem/uppdrag/{order.assignments[0].id}/nej", data={"reason": "Trasigt"})
    db.session.expire_all()
    where = f"/personal/bestallningar/{order.number}/stryk/{order.lines[0].id}"
    assert sam.post(where, data={"reason": "Ringt kunden"}).status_code == 303
    db.session.expire_all()
    assert desk.state == ApprovalState.APPROVED
    assert "Begagnat skrivbord" in text(visit(None).page("/katalog"))


def test_only_one_member_has_it_and_it_has_one(desk, visit):
    other = make.make_member(name="Andra ek. för.")
    sam = visit("sam@samklang.example")
    values = {"member": str(other.id), "capacity": "1", "lead_days": "2", "areas": ["1480"], "price": "900"}
    answer = sam.fill(f"/personal/katalog/{desk.id}/medlem", values)
    assert answer.status_code == 422
    assert "det står hos Snickarboden" in answer.text
    member = visit("snickarboden@medlem.example")
    offering = desk.offerings[0]
    answer = member.fill(f"/medlem/erbjudanden/{offering.id}", {"capacity": "3"})
    assert answer.status_code == 422
    assert "ett exemplar" in answer.text
