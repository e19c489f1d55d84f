"""The pages of prices, the sharing out and what is handed in say the same sums, added in one way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import clock as app_clock
from app import formats
from app.tenders.offers import key_of, offer_of
from bids import document, simulation
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.people import save, text

pytestmark = pytest.mark.both


@furnished
def case(app):
    """The joint bid, with quantities and prices that never come out even."""
    now = app_clock.now()
    made = JointCase(now)
    made.row.quantity, made.row.unit = Decimal("99.999"), "KGM"
    made.promise(made.fruity, made.row, 33, "9.07", 80, now)
    made.promise(made.driver, made.row, 67, "10.81", 100, now)
    for party, quantity in ((made.fruity, "33.333"), (made.driver, "66.666")):
        next(one for one in party.promises if one.row_id == made.row.id).quantity = Decimal(quantity)
    save()
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def plain(page) -> str:
    return text(page).replace("\u00a0", " ")


def lines_of(page, name: str) -> list[str]:
    """The lines of all tables that are about a party."""
    return [plain(each) for each in page.cssselect("tbody tr") if text(each.cssselect("th")[0]) == name]


def said(amount) -> str:
    return str(amount).replace("\u00a0", " ")


def test_all_pages_and_the_bid_add_in_one_way(case, sales, clock):
    offer = offer_of(case.bid, now=clock.now)
    given = simulation.result(offer)
    paid = [p.member_price.times(p.quantity) for party in case.bid.parties for p in party.promises]
    assert given.members == sum(paid, start=type(given.members)(0))
    sharing = sales.page(f"{case.prices}/fordelning")
    proposal = sales.page(f"{case.prices}/fordelning/forslag")
    reckoning = sales.page(f"{case.prices}/kalkyl?omrade=1")
    assert said(given.members) in plain(proposal.cssselect(".stats")[0])
    assert said(formats.whole_kronor(given.members)) in plain(reckoning)
    assert said(given.total) in plain(reckoning)
    written = " ".join(document.to_html(offer).replace("\u00a0", " ").split())
    assert said(given.total).removesuffix(" kr") in written
    for party in (case.fruity, case.driver):
        value = given.parties[key_of(party.member)]
        for page in (sharing, proposal):
            assert said(value.amount) in lines_of(page, party.member.name)[0]
        assert any(said(value.amount) in line for line in lines_of(reckoning, party.member.name))
        assert f"{formats.quantity(value.percent)} %" in written


def test_a_row_that_is_carried_in_part_is_counted_whole_on_both_pages(case, sales, clock):
    promise = next(one for one in case.driver.promises if one.row_id == case.row.id)
    promise.quantity = Decimal(20)
    save()
    given = simulation.result(offer_of(case.bid, now=clock.now))
    assert said(given.members) in plain(sales.page(f"{case.prices}/fordelning/forslag").cssselect(".stats")[0])
    assert said(formats.whole_kronor(given.members)) in plain(sales.page(f"{case.prices}/kalkyl"))


def test_a_bid_that_is_frozen_names_its_places(case, clock):
    case.north.place = "SE232, Norrvik"
    save()
    places = [lot.place for lot in offer_of(case.bid, now=clock.now).lots]
    assert places[-1] == "Västra Götalands län, Norrvik"
