"""A campaign lowers a price for a time, and says the lowest price of the 30 days before it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.catalog.pricing import actions as price_actions
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.money import Money
from tests import make
from tests.people import text
from tests.price_lists import make_list, publish, set_prices

MIDDAY = 11


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, MIDDAY, tzinfo=UTC)


@pytest.fixture
def bag(app, clock):
    """A cloth bag at 100 kr without VAT since the summer."""
    clock.set(day(8, 1))
    bag = make.make_article("Tygkasse", slug="tygkasse", price=Money(10000), vat_class="standard")
    make.make_offering(bag, make.make_member())
    publish(bag)
    clock.set(day(11, 23))
    return bag


def read(visit, path="/katalog") -> str:
    return text(visit(None).page(path)).replace("\xa0", " ")


def campaign(bag, ore=8000, **values):
    fixed = {"name": "Kassar före jul", "valid_from": date(2026, 11, 25), "valid_to": date(2026, 12, 6)}
    return make_list(ListKind.CAMPAIGN, {bag: ore}, **{**fixed, **values})


def test_it_begins_and_ends_by_itself(bag, visit, clock):
    campaign(bag)
    assert "125 kr per st" in read(visit)
    clock.set(day(11, 25))
    for path, price in (("/katalog", "100 kr per st"), ("/katalog/tygkasse", "100,00 kr per st")):
        page = read(visit, path)
        assert price in page
        assert "Lägsta pris senaste 30 dagarna: 125" in page
        assert "Kassar före jul, till och med sön 6 dec" in page
    lowest = visit(None).page("/katalog/tygkasse").cssselect(".price-before .money")
    assert text(lowest[0]) == "125,00 kr"
    clock.set(day(12, 7))
    assert "125 kr per st" in read(visit)
    assert "Lägsta pris" not in read(visit)


def test_a_price_raised_just_before_does_not_make_the_lowering_look_larger(bag, visit, clock):
    publish(bag, Money(15000))
    campaign(bag)
    clock.set(day(11, 26))
    assert "Lägsta pris senaste 30 dagarna: 125,00 kr" in read(visit, "/katalog/tygkasse")


def test_an_earlier_campaign_counts(bag, visit, clock):
    clock.set(day(11, 1))
    campaign(bag, 9000, name="Höst", valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 10))
    clock.set(day(11, 23))
    campaign(bag)
    clock.set(day(11, 26))
    assert "Lägsta pris senaste 30 dagarna: 112,50 kr" in read(visit, "/katalog/tygkasse")


def test_one_that_lowers_nothing_says_what_was_lower(bag, visit, clock):
    clock.set(day(11, 1))
    campaign(bag, 7500, name="Höst", valid_from=date(2026, 11, 1), valid_to=date(2026, 11, 10))
    clock.set(day(11, 23))
    campaign(bag)
    clock.set(day(11, 26))
    page = read(visit, "/katalog/tygkasse")
    assert "100,00 kr per st" in page
    assert "Lägsta pris senaste 30 dagarna: 93,75 kr" in page


def test_a_second_lowering_is_compared_with_the_price_before_the_first(bag, visit, clock):
    made = campaign(bag)
    clock.set(day(11, 30))
    set_prices(made, bag, 7000)
    page = read(visit, "/katalog/tygkasse")
    assert "87,50 kr per st" in page
    assert "Lägsta pris senaste 30 dagarna: 125,00 kr" in page


def test_prices_that_only_some_could_get_do_not_count(bag, visit, clock):
    make_list(
        ListKind.CUSTOMER, {bag: 6000}, name="Nordbyns", customers=[make.make_nordbyn()], valid_from=date(2026, 11, 1)
    )
    campaign(bag)
    clock.set(day(11, 26))
    assert "Lägsta pris senaste 30 dagarna: 125,00 kr" in read(visit, "/katalog/tygkasse")


def test_a_draft_that_was_never_in_use_does_not_count(bag, visit, clock):
    first = {"valid_from": date(2026, 11, 20), "valid_to": date(2026, 12, 1)}
    never = campaign(bag, 5000, name="Aldrig", active=False, **first)
    price_actions.end_list(never, by=make.make_sam(), now=make.clock.now())
    db.session.commit()
    campaign(bag)
    clock.set(day(11, 26))
    assert "Lägsta pris senaste 30 dagarna: 125,00 kr" in read(visit, "/katalog/tygkasse")


def test_one_ended_early_stops_at_once_and_counts_for_the_days_it_ran(bag, visit, clock):
    first = campaign(bag, 9000)
    clock.set(day(11, 27))
    price_actions.end_list(first, by=make.make_sam(), now=make.clock.now())
    db.session.commit()
    assert "125,00 kr per st" in read(visit, "/katalog/tygkasse")
    campaign(bag, 8000, name="Nästa", valid_from=date(2026, 12, 1), valid_to=date(2026, 12, 20))
    clock.set(day(12, 1))
    assert "Lägsta pris senaste 30 dagarna: 112,50 kr" in read(visit, "/katalog/tygkasse")


def test_the_basket_says_it_too(bag, visit, clock):
    campaign(bag)
    clock.set(day(11, 26))
    guest = visit(None)
    guest.post("/varukorg/lagg-i", data={"article": bag.id, "quantity": "2"})
    page = text(guest.page("/varukorg")).replace("\xa0", " ")
    assert "Lägsta pris senaste 30 dagarna: 125,00 kr" in page
    assert "200,00 kr" in page


def test_the_demonstration_has_one(demo, visit):
    page = text(visit(None).page("/katalog/tygkasse-med-tryck")).replace("\xa0", " ")
    assert "93,75 kr per st, inkl. moms" in page
    assert "Lägsta pris senaste 30 dagarna: 111,25 kr" in page
    assert "Ert pris enligt avtal INK 2025/88" in text(
        visit("inkop@vasterhamn.example").page("/katalog/fruktkorg-5-kg")
    )
    assert "Ert pris" in text(visit("styrelsen@solstralen.example").page("/katalog/fonsterputs"))
