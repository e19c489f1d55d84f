"""Staff take out what standing orders want: they read whom it concerns before, and the customer reads it after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app import clock as house_clock
from app.catalog.models import ApprovalState, BundlePart
from app.db import db
from app.orders.standing import selling
from tests import make, order_case
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import text
from tests.standing_case import start

SAM = "sam@samklang.example"


@furnished
def fruit(app):
    """Two members make fruit baskets."""
    return order_case.furnish()


@furnished
def weekly(fruit):
    """Nordbyn has two baskets each Thursday."""
    return start({fruit.id: Decimal(2)})


def today():
    return house_clock.local_date(house_clock.now())


def withdraw(visit, article):
    assert visit(SAM).post(f"/personal/katalog/article/{article.id}/withdraw").status_code == 303
    db.session.expire_all()
    assert article.state == ApprovalState.WITHDRAWN


def test_staff_read_whom_it_concerns_before_and_after(fruit, weekly, visit):
    page = visit(SAM).page(f"/personal/katalog/{fruit.id}")
    assert "Stående beställningar har den" in text(page)
    (link,) = page.cssselect(f"a[href='/personal/staende/{weekly.id}']")
    assert text(link) == "Nordbyn Teknik AB: Fruktkorgar"
    withdraw(visit, fruit)
    assert "går inte att beställa som de är" in text(visit(SAM).page(f"/personal/katalog/{fruit.id}"))


def test_the_customer_reads_it_and_is_led_to_change_it(fruit, weekly, visit):
    path = f"/staende/{weekly.id}"
    assert "säljs inte längre" not in text(visit(BUYER).page(path))
    withdraw(visit, fruit)
    page = visit(BUYER).page(path)
    assert "Fruktkorg 5 kg går inte att beställa längre" in text(page)
    assert page.cssselect(f".note a[href='{path}/andra']")
    assert "går inte att beställa längre" in text(visit(SAM).page(f"/personal{path}"))


def test_what_has_ended_or_never_had_it_is_not_named(fruit, weekly, visit):
    bread = make.make_article("Bröd")
    assert selling.wanting(bread, today()) == []
    ended = visit(BUYER).post(f"/staende/{weekly.id}/avsluta", data={"avsluta-last": "2026-12-03"})
    assert ended.status_code == 303
    assert selling.wanting(fruit, date(2026, 12, 4)) == []
    withdraw(visit, fruit)
    assert selling.gone(weekly, date(2026, 12, 4)) == []


def test_a_part_of_a_bundle_counts_as_well(fruit, weekly):
    coffee = make.make_article("Kaffe")
    bundle = make.make_article("Fikapaket")
    db.session.add(BundlePart(bundle=bundle, article=coffee, quantity=Decimal(1), position=0))
    weekly.versions[0].lines[0].article = bundle
    db.session.commit()
    assert [one.id for one in selling.wanting(coffee, today())] == [weekly.id]
