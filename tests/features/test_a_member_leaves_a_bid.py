"""A member leaves the day before: staff see what opens and who can step in, and what it had promised stays."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import bidflow, clock
from app.accounts.models import RoleName
from app.catalog.models import Offering
from app.db import db
from app.orders import routing_actions as routing
from app.tenders.models import BidParty, BidState, BidTask, TenderState, Withdrawal
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
    letter = outbox.to(case.van.email)[-1]
    assert letter.kind == "bid_is_out"
    assert "inte längre är med" in letter.body
    assert "Ringde i dag" in letter.body
    assert "behöver inte svara" not in letter.body
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


def tasks() -> list[str]:
    return list(db.session.scalars(select(BidTask.what).where(BidTask.what.startswith("Hitta någon annan"))))


def test_a_member_that_said_no_itself_is_taken_out_without_a_second_record(case, sales, visit, outbox):
    driver = visit(make_user(member=case.van).email)
    driver.post(f"/medlem/anbud/{case.bid.id}/nej", data={"reason": "Bilen brann"})
    driver.post(f"/medlem/anbud/{case.bid.id}/nej", data={"reason": "Bilen brann"})
    assert len(tasks()) == count(Withdrawal) == 1
    before = len(outbox.to(case.van.email))
    bid = sales.page(f"{case.where}/anbud")
    assert f"{case.where}/avhopp/{case.driver.id}" not in [a.get("href") for a in bid.cssselect("a")]
    assert sales.post(f"{case.where}/avhopp/{case.driver.id}", data={"reason": "Sagt i telefon"}).status_code == 303
    assert len(tasks()) == count(Withdrawal) == 1
    assert count(BidParty) == 2
    assert len(outbox.to(case.van.email)) == before


def test_who_steps_in_is_shown_with_what_is_free_and_not_promised(case, sales, clock):
    """Köksljus makes 364 a year and an agreement keeps two a week; Ljungbacken has promised 10 of 80 in this bid."""
    offering = db.session.scalars(select(Offering).where(Offering.article_id == case.second.article_id)).one()
    days = clock.now.date(), clock.now.date() + timedelta(days=800)
    routing.hold(offering, None, days, Decimal(2), "avtalet Kaffe", by=case.sam, now=clock.now)
    db.session.commit()
    listed = table(sales.page(f"{case.where}/avhopp/{case.driver.id}"))
    assert "2.1 Kaffe | Köksljus Catering ek. för. | Nej | 260 st" in listed
    assert "1.1 Fruktkorg | Ljungbacken Frukt ek. för. | Ja | 70 st" in listed


def test_of_a_bid_that_is_won_it_is_written_down_once_and_nothing_else_happens(case, sales):
    case.bid.state = BidState.SUBMITTED
    case.tender.state = TenderState.SUBMITTED
    db.session.flush()
    case.bid.state = BidState.WON
    case.tender.state = TenderState.WON
    db.session.commit()
    where = f"{case.where}/avhopp/{case.driver.id}"
    assert where in [a.get("href") for a in sales.page(f"{case.where}/anbud").cssselect("a")]
    assert "LOU 17 kap. 13 §" in plain(sales.page(where))
    assert sales.fill(where, {"reason": "Lägger ner"}).status_code == 303
    assert (count(Withdrawal), count(BidParty)) == (1, 3)
    answer = sales.post(where, data={"reason": "Lägger ner"})
    assert "redan antecknat" in text(document(answer))
    assert count(Withdrawal) == 1
