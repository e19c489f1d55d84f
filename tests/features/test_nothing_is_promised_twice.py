"""What other bids, agreements and standing orders count on of a member's year is taken off before a bid promises it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import bidflow, clock, legalflow
from app.db import db
from app.orders import routing_actions as routing
from app.tenders import actions, bid_actions
from app.tenders.actions import NewRow, TenderFacts
from app.tenders.legal.double_promises import years_of
from bids.kinds import BidForm, PartyRole
from bids.promised_twice import Claim, Year, capacity_gap
from tests.features.bid_case import DEADLINE, gaps
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_article, make_offering
from tests.people import text


@furnished
def case(app) -> JointCase:
    """The van can bring five of the second row a week, which is 260 a year, and has promised 50."""
    made = JointCase(clock.now())
    article = make_article("Kaffe", unit="H87")
    made.offering = make_offering(article, made.van, capacity_per_week=Decimal(5))
    made.second.article_id = article.id
    made.tender.diary_number = "26-1"
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def year(case, name: str = "Kaffe") -> Year:
    db.session.flush()
    db.session.expire_all()
    return next(one for one in years_of(case.bid, now=clock.now()) if one.what == name)


def another_bid(case, quantity: int, title: str = "Kaffe till skolor", **facts):
    now = clock.now()
    facts = TenderFacts(title=title, buyer_name="Kommunen", deadline=DEADLINE, **facts)
    tender = actions.register(facts, by=case.sam, now=now)
    new = NewRow(ref="1", text="Kaffe", unit="H87", quantity=Decimal(1000))
    (row,) = actions.add_rows(tender, [new], None, by=case.sam, now=now)
    db.session.flush()
    row.article_id = case.second.article_id
    bid = bidflow.start_bid(tender, BidForm.GROUP, by=case.sam, now=now)
    party = bid_actions.add_party(bid, case.van, PartyRole.TENDERER, by=case.sam, now=now)
    db.session.flush()
    bidflow.ask(party, row, Decimal(quantity), by=case.sam, now=now)
    db.session.flush()
    return bid


def test_what_is_free_is_what_can_be_made(case):
    found = year(case)
    assert (found.able, found.free, found.promised, found.over, found.claims) == (260, 260, 50, 0, ())


def test_a_row_without_an_article_goes_by_what_the_member_said(case):
    found = year(case, "Fruktkorg")
    assert (found.able, found.free, found.promised) == (80, 80, 10)


def test_another_open_bid_takes_its_part_and_a_warning_is_kept(case, sales, clock, work_off):
    another_bid(case, 230)
    found = year(case)
    assert (found.free, found.over) == (30, 20)
    page = text(sales.page(f"{case.where}/kapacitet")).replace("\u00a0", " ")
    assert "anbudet Kaffe till skolor, Kommunen: 230" in page
    assert "20 för mycket" in page
    legalflow.look_beside(clock.now)
    db.session.commit()
    work_off()
    listed = gaps(sales, case.where).replace("\u00a0", " ")
    assert "Rullande Hjälpen lovar 50 st om året av Kaffe (raden 2.1) men har 30 fritt av 260. 20 st fattas." in listed
    assert "påminnelse" in listed


def test_a_declined_part_or_a_lost_bid_counts_no_longer(case, clock):
    other = another_bid(case, 230)
    bidflow.decline_part(other.parties[-1], "Nej", by=case.sam, now=clock.now)
    assert year(case).free == 260
    lost = another_bid(case, 200)
    assert year(case).free == 60
    bidflow.turn_down(lost.tender, lost, "Nej", by=case.sam, now=clock.now)
    assert year(case).free == 260


def test_what_an_agreement_keeps_back_is_counted_week_by_week(case, clock):
    days = date(2027, 1, 4), date(2027, 3, 28)
    routing.hold(case.offering, None, days, Decimal(2), "avtalet Skolfrukt", by=case.sam, now=clock.now)
    found = year(case)
    assert found.claims == (Claim("avtalet Skolfrukt", Decimal(24)),)
    assert found.free == 236


def test_two_bids_on_the_same_procurement_are_warned_of(case, sales, clock, work_off):
    another_bid(case, 10, title="Frukt en gång till", diary_number="26-1")
    legalflow.look_beside(clock.now)
    db.session.commit()
    work_off()
    assert "Rullande Hjälpen är också part i vårt anbud ”Frukt en gång till”" in gaps(sales, case.where)


def test_open_bids_are_looked_at_every_few_minutes(case, clock, work_off):
    work_off()
    legalflow.look_beside(clock.now)
    assert work_off() == 1
    legalflow.look_beside(clock.now)
    assert work_off() == 0
    clock.move(minutes=6)
    legalflow.look_beside(clock.now)
    assert work_off() == 1


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 1000))
def test_a_warning_says_just_how_much_is_too_much(able, claimed, promised):
    free = Decimal(max(0, able - claimed))
    one = Year(
        party_key="a",
        name="A",
        what="Kaffe",
        unit="st",
        row_refs=("1",),
        lot_ref=None,
        able=Decimal(able),
        free=free,
        claims=(Claim("avtalet B", Decimal(claimed)),),
        promised=Decimal(promised),
    )
    gap = capacity_gap(one)
    assert (gap is None) == (promised <= free)
    if gap is not None:
        assert not gap.blocking
        assert one.over == promised - free
