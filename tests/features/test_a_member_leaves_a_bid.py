"""A member leaves the day before: staff see what opens and who can step in, and what it had promised stays."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import bidflow, clock
from app.accounts.models import RoleName
from app.db import db
from app.tenders.models import BidParty, Withdrawal
from tests.features.bid_case import DEADLINE, count
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_article, make_kokljus, make_offering, make_user
from tests.people import document, text


@furnished
def case(app) -> JointCase:
    made = JointCase(clock.now())
    article = make_article("Kaffe")
    make_offering(article, make_kokljus(), capacity_per_week=Decimal(7))
    made.second.article_id = article.id
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def plain(node) -> str:
    return text(node).replace("\u00a0", " ")


def table(page) -> list[str]:
    return [" | ".join(plain(cell) for cell in row) for row in page.cssselect("main tbody tr")]


def test_the_day_before_a_member_says_no(case, sales, visit, clock, outbox):
    clock.set(DEADLINE - timedelta(days=1))
    driver = visit(make_user(member=case.van, name="Rolf Prov").email)
    assert driver.post(f"/medlem/anbud/{case.bid.id}/nej", data={"reason": "Bilen brann"}).status_code == 303
    page = sales.page(f"{case.where}/avhopp")
    assert "Rullande Hjälpen" in plain(page)
    assert "Bilen brann" in plain(page)
    assert table(page) == [
        "1.1 Fruktkorg | 90 st | 10,80 kr | 100 | Lova Hittepå",
        "2.1 Kaffe | 50 st | 27,00 kr | 60 | Lova Hittepå",
    ]
    (letter,) = [one for one in outbox.to(case.sam.email) if one.kind == "member_left_bid"]
    assert "Bilen brann" in letter.body
    assert "Rad 2.1: Köksljus Catering" in letter.body
    assert "Rad 1.1: Ljungbacken Frukt ek. för. (redan med i anbudet)" in letter.body
    assert "minst två anbudsgivare" in letter.body
    assert "10,80" not in letter.body
    assert outbox.to(case.fruit.email)[-1].kind == "bid_invitation"


def test_what_would_open_is_shown_before(case, sales):
    page = sales.page(f"{case.where}/avhopp/{case.driver.id}")
    assert "En grupp behöver minst två anbudsgivare" in plain(page)
    assert "2.1 Kaffe | Köksljus Catering ek. för. | Nej | 364 st" in table(page)
    assert count(BidParty) == 3
    assert count(Withdrawal) == 0


def test_staff_write_down_that_a_member_has_left(case, sales, outbox):
    where = f"{case.where}/avhopp/{case.driver.id}"
    assert sales.post(where, data={"reason": ""}).status_code == 422
    assert sales.fill(where, {"reason": "Ringde i dag"}).status_code == 303
    assert count(BidParty) == 2
    page = plain(sales.page(f"{case.where}/avhopp"))
    assert "Ringde i dag" in page
    assert "27,00 kr" in page
    assert outbox.to(case.van.email)[-1].kind == "bid_withdrawal"
    assert sales.get(where).status_code == 404
    assert sales.post(where, data={"reason": "Igen"}).status_code == 404


def test_removing_a_party_keeps_what_it_had_promised(case, sales):
    assert sales.post(f"{case.where}/anbud/parter/{case.driver.id}/ta-bort").status_code == 303
    (row,) = db.session.scalars(select(Withdrawal))
    assert [told["price"] for told in row.promised] == [1080, 2700]
    assert any("minst två anbudsgivare" in sentence for sentence in row.opened)


def test_a_member_that_never_promised_leaves_no_trace(case, visit, clock, outbox):
    party = db.session.get_one(BidParty, case.fruity.id)
    bidflow.ask(party, case.row, Decimal(20), by=case.sam, now=clock.now)
    fruit = visit(make_user(member=case.fruit).email)
    assert fruit.post(f"/medlem/anbud/{case.bid.id}/nej", data={"reason": "Nej"}).status_code == 303
    assert count(Withdrawal) == 0


def test_after_the_bid_is_handed_in_nobody_leaves_it_so(case, sales, visit, clock):
    clock.set(DEADLINE + timedelta(hours=1))
    driver = visit(make_user(member=case.van).email)
    answer = driver.post(f"/medlem/anbud/{case.bid.id}/nej", data={"reason": "För sent"})
    assert answer.status_code == 422
    assert "Sista anbudsdag har passerat" in text(document(answer))
    assert count(Withdrawal) == 0


def test_a_reason_with_markup_is_only_words(case, sales, visit):
    driver = visit(make_user(member=case.van).email)
    driver.post(f"/medlem/anbud/{case.bid.id}/nej", data={"reason": "<script>alert(1)</script>"})
    assert "<script>alert" not in sales.get(f"{case.where}/avhopp").text
    assert visit(make_user(roles=(RoleName.FINANCE,)).email).get(f"{case.where}/avhopp").status_code == 200
