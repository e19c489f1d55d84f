"""What other bids, agreements and standing orders count on of a member's year is taken off before a bid promises it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app import bidflow, clock, legalflow, orderflow
from app.catalog.models import OfferingPause
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.members.models import Absence
from app.orders import routing_actions as routing
from app.orders.routing_models import CapacityHold
from app.tenders import actions, bid_actions
from app.tenders.actions import NewRow, TenderFacts
from app.tenders.joint import proposing
from app.tenders.joint.free import free_of
from app.tenders.legal.double_promises import years_of
from app.tenders.offers import offer_of
from bids.kinds import BidForm, PartyRole
from bids.promised_twice import Claim, Untied, Year, capacity_gaps, untied_gaps
from tests.features.bid_case import DEADLINE, gaps
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_article, make_member, make_nordbyn, make_offering, make_user
from tests.order_case import BUYER, DELIVERY
from tests.people import text
from tests.price_lists import make_list
from tests.standing_case import start, times, wish


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


def test_orders_and_standing_orders_take_their_part(case, clock):
    """Orders at an agreement's prices use up what is kept for the agreement, and are not counted beside it."""
    nordbyn = make_nordbyn()
    make_user(BUYER, customer=nordbyn)
    db.session.flush()
    article, first = case.offering.article, date(2027, 1, 7)
    delivery = replace(DELIVERY, day=first)
    agreement = make_list(ListKind.FRAMEWORK, {article: 3000}, customers=[nordbyn])
    weeks = date(2027, 1, 4), date(2027, 1, 17)
    routing.hold(case.offering, agreement, weeks, Decimal(2), "avtalet Kaffe", by=case.sam, now=clock.now)
    bought = {"customer": nordbyn, "by": None, "now": clock.now}
    orderflow.checkout({article.id: Decimal(1)}, delivery, ticket="t1", **bought)
    every = start({}, wish=wish({article.id: Decimal(1)}, date(2027, 2, 4)))
    many = len(times(every))
    found = year(case)
    assert found.claims == (
        Claim("avtalet Kaffe", Decimal(4)),
        Claim("beställningar", Decimal(1)),
        Claim("stående beställningar", Decimal(many)),
    )
    assert found.free == 260 - 4 - many


def test_two_statements_tell_all_of_it(case, clock, queries):
    for number in range(2):
        another_bid(case, 10, f"Kaffe {number}")
    days = date(2027, 2, 1), date(2027, 2, 28)
    routing.hold(case.offering, None, days, Decimal(1), "avtalet Kaffe", by=case.sam, now=clock.now)
    db.session.add(OfferingPause(offering=case.offering, first_day=days[0], last_day=days[1]))
    db.session.add(Absence(member=case.van, first_day=days[0], last_day=days[1], reason="Flytt"))
    db.session.commit()
    bid, rows = case.bid, list(case.bid.tender.rows)
    assert [party.member_id for party in bid.parties]
    with queries() as seen:
        (found,) = free_of(bid, rows, now=clock.now).values()
    assert len(seen) == 2
    assert found.rests
    assert {claim.why for claim in found.claims} == {
        "avtalet Kaffe",
        "anbudet Kaffe 0, Kommunen",
        "anbudet Kaffe 1, Kommunen",
    }


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


def test_what_is_kept_back_of_a_week_reaches_the_bid_at_once(case, sales, work_off):
    db.session.commit()
    work_off()
    values = {"per_week": "5", "first_day": "2026-12-01", "last_day": "2029-12-31", "why": "ett annat avtal"}
    where = f"/personal/fordelning/hall-undan?erbjudande={case.offering.id}"
    assert sales.fill(where, values).status_code == 303
    work_off()
    assert "Rullande Hjälpen lovar 50 st om året av Kaffe (raden 2.1) men har 0 fritt" in gaps(
        sales, case.where
    ).replace("\u00a0", " ")
    (hold,) = db.session.scalars(select(CapacityHold)).all()
    assert sales.post(f"/personal/fordelning/hall-undan/{hold.id}/bort").status_code == 303
    work_off()
    assert "Kaffe (raden 2.1)" not in gaps(sales, case.where)


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
    gap = next(iter(capacity_gaps(one)), None)
    assert (gap is None) == (promised <= free)
    if gap is not None:
        assert not gap.blocking
        assert one.over == promised - free


def test_a_pause_and_an_absence_are_taken_off_month_by_month(case, sales):
    """The contract can begin in January 2027; half of that year the van rests."""
    db.session.add(OfferingPause(offering=case.offering, first_day=date(2027, 2, 1), last_day=date(2027, 4, 30)))
    db.session.add(Absence(member=case.van, first_day=date(2027, 5, 1), last_day=date(2027, 8, 1), reason="Flytt"))
    db.session.commit()
    found = year(case)
    assert (found.able, found.free, found.rests) == (130, 130, True)
    assert [one.label for one in found.short] == ["februari 2027–juli 2027"]
    (gap,) = capacity_gaps(found)
    assert "februari 2027–juli 2027 (0 fritt, 25 går åt)" in gap.sentence.replace("\u00a0", " ")
    page = text(sales.page(f"{case.where}/kapacitet")).replace("\u00a0", " ")
    assert "februari 2027–juli 2027: 25 st för lite" in page
    months = sales.page(f"{case.where}/kapacitet/part/{case.driver.id}/rad/{case.second.id}")
    assert "År 1, mars 2027" in text(months)


def test_later_years_and_options_are_looked_at_too(case, clock):
    case.tender.term_years, case.tender.options = 2, "1"
    routing.hold(
        case.offering, None, (date(2028, 6, 1), date(2029, 6, 30)), Decimal(5), "Kiosk", by=case.sam, now=clock.now
    )
    found = year(case)
    assert found.calendar.years == 3
    assert (found.calendar.weakest, found.free) == (2, 52 * 5 - 5 * len(_weeks_of_second_year(found)))
    (gap,) = capacity_gaps(found)
    assert "Det räcker över året" in gap.sentence


def _weeks_of_second_year(found):
    return [number for number in found.calendar.weeks if 52 <= number < 104]


def test_a_place_in_which_it_is_not_sold_has_nothing_free(case, sales):
    case.north.place = "Kiruna kommun"
    db.session.commit()
    found = year(case)
    assert [(one.place, one.quantity) for one in found.not_sold_in] == [("Kiruna kommun", 50)]
    (gap,) = capacity_gaps(found)
    assert "lovar 50 st om året av Kaffe (raden 2.1) i Kiruna kommun, men säljer inte artikeln där" in gap.sentence
    assert "Säljs inte i Kiruna kommun" in text(sales.page(f"{case.where}/kapacitet"))


def test_a_row_without_an_article_says_so_and_leads_to_where_it_is_tied(case, sales, clock):
    found = [one for one in years_of(case.bid, now=clock.now) if one.untied]
    assert {(one.row_refs[0], one.untied) for one in found} == {("1.1", Untied.NO_ARTICLE)}
    (gap,) = untied_gaps(found)
    assert (
        "hör inte till någon artikel, så det som Ljungbacken Frukt ek. för. och Rullande Hjälpen lovar" in gap.sentence
    )
    page = sales.page(f"{case.where}/kapacitet")
    assert f"{case.where}/rader/{case.row.id}#artikel" in [a.get("href") for a in page.cssselect(".gap-list a")]


def test_many_rows_without_an_article_are_counted_and_not_listed():
    some = [_untied(str(number)) for number in range(15)]
    told = list(untied_gaps(some))
    assert len(told) == 11
    assert told[-1].sentence.startswith("5 prisrader till kan inte räknas mot kapaciteten")


def _untied(ref: str) -> Year:
    return Year(
        party_key="a",
        name="A",
        what="Kaffe",
        unit="st",
        row_refs=(ref,),
        lot_ref=None,
        able=None,
        free=None,
        claims=(),
        promised=Decimal(1),
        untied=Untied.NO_ARTICLE,
    )


def test_a_proposal_takes_pauses_and_places_into_account_and_says_when_it_is_short(case, sales):
    """Half the year is away; somebody who has not answered and does not sell there is no candidate."""
    db.session.add(OfferingPause(offering=case.offering, first_day=date(2027, 2, 1), last_day=date(2027, 8, 1)))
    kiosk = make_member(slug="kiosken", name="Kiosken")
    bid_actions.add_party(case.bid, kiosk, PartyRole.TENDERER, by=case.sam, now=clock.now())
    make_offering(case.offering.article, kiosk, capacity_per_week=Decimal(9))
    case.north.place = "Kiruna kommun"
    db.session.commit()
    offer = offer_of(case.bid, now=clock.now())
    ground = proposing.ground_of(case.bid, offer, now=clock.now())
    (need,) = [one for one in ground.needs if one.ref == "2.1"]
    assert need.out == (("kiosken", "säljer inte artikeln där raden ska levereras"),)
    (pool,) = [one for one in ground.pools if "Kaffe" in one.words and one.free == 130]
    assert "har 130 kvar per år" in pool.words
    told = text(sales.page(f"{case.prices}/fordelning/forslag"))
    assert "räcker det inte februari 2027–juli 2027" in told


def test_the_page_of_sharing_says_the_same_as_the_page_of_capacity(case, sales):
    another_bid(case, 230)
    db.session.commit()
    shared = text(sales.page(f"{case.prices}/fordelning")).replace("\u00a0", " ")
    assert "anbudet Kaffe till skolor, Kommunen" in shared
