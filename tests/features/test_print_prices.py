"""Which prices stand in a printed catalogue: everybody's, or those of a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app import clock as app_clock
from app import files
from app.catalog.pricing import actions as price_actions
from app.catalog.pricing.rules import ListKind
from app.catalog.pricing.steps import Step
from app.catalog.printing import terms as print_terms
from app.catalog.printing.gathering import gather
from app.catalog.printing.values import PrintedPrices, PrintOptions
from app.customers.models import CustomerKind
from app.db import db
from app.errors import Refused
from app.money import Money
from tests import make, people
from tests.features.print_case import (
    GROSS,
    NET,
    PAGE,
    PUBLIC,
    make_sold,
    make_town,
    prices_in,
    the_print,
    words_of,
)
from tests.furnished import furnished
from tests.price_lists import make_housing, make_list


@furnished
def sold(app):
    return make_sold()


@pytest.fixture
def sam(sold, visit):
    return visit(make.make_sam().email)


@furnished
def town(sold):
    return make_town(sold)


def test_lists_for_everybody_are_printed_and_campaigns_are_not(sold, clock):
    make_list(ListKind.STANDARD, {sold["basket"]: [(0, 20000), (10, 19000)]})
    make_list(ListKind.CAMPAIGN, {sold["basket"]: 10000})
    basket = prices_in(NET, clock)["FRU-001"]
    assert (basket.amount, basket.mark) == (Money(20000), "")
    assert basket.steps == (Step(Decimal(10), Money(19000)),)
    private = prices_in(GROSS, clock)["FRU-001"]
    assert (private.amount, private.steps[0].price) == (Money(21200), Money(20140))
    assert private.compared == Money(4240)


def test_a_list_that_has_not_begun_is_not_printed(sold, clock):
    make_list(ListKind.STANDARD, {sold["basket"]: 20000}, valid_from=date(2026, 11, 25))
    assert prices_in(NET, clock)["FRU-001"].amount == Money(21200)
    clock.move(days=2)
    assert prices_in(NET, clock)["FRU-001"].amount == Money(20000)


def test_own_prices_are_printed_for_nobody_else(sold, town, clock):
    assert prices_in(NET, clock)["FRU-001"].amount == Money(21200)


def test_a_catalogue_for_the_buyers_of_a_framework_agreement(sold, town, sam, work_off, tmp_path, clock):
    _buyer, agreement = town
    make_list(ListKind.STANDARD, {sold["basket"]: 15000})  # Cheaper, but an agreement binds both sides.
    page = sam.page(f"{PAGE}?prislista={agreement.id}")
    assert page.cssselect("#price_list option[selected]")[0].text == "Frukt"
    assert sam.post(PAGE, data={**PUBLIC, "price_list": str(agreement.id)}).status_code == 303
    work_off()
    row = the_print()
    assert row.file.name == "katalog-offentliga-frukt-2026-11-23.pdf"
    text = words_of(files.read(row.file), tmp_path)
    assert "Priser enligt ramavtal INK 2026/114, exklusive moms Giltiga till och med 30 juni 2027" in text
    assert "Västerhamns kommun" in text
    assert "190,00 kr per styck avtalspris exkl. moms + pant 60,00 kr" in text
    assert "Mängdpris per styck: 180,00 kr från 10." in text
    assert "De andra är våra ordinarie priser den 23 november 2026." in text
    listed = people.text(sam.page(PAGE))
    assert "Offentliga köpare, Frukt" in listed
    assert "Visa den för kunder" not in listed


def test_of_many_lists_the_wanted_one_is_always_offered(sam, sold, town, monkeypatch):
    monkeypatch.setattr(print_terms, "MOST_OFFERED", 1)
    make_list(ListKind.CUSTOMER, {sold["basket"]: 100}, name="Andra", customers=[town[0]])
    offered = [option.text for option in sam.page(PAGE).cssselect("#price_list option")]
    assert offered == ["Allas, utan kampanjer", "Andra"]
    asked = sam.page(f"{PAGE}?prislista={town[1].id}")
    assert [option.text for option in asked.cssselect("#price_list option[selected]")] == ["Frukt"]
    assert sam.post(PAGE, data={**PUBLIC, "price_list": str(town[1].id)}).status_code == 303


def test_the_lists_of_a_customer_and_of_a_group(sold, clock):
    nordbyn = make.make_nordbyn()
    own = make_list(ListKind.CUSTOMER, {sold["window"]: 30000}, customers=[nordbyn])
    group = make_list(ListKind.GROUP, {sold["window"]: 31000}, group=make_housing(nordbyn))
    for price_list, ore in ((own, 30000), (group, 31000)):
        options = PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, price_list_id=price_list.id)
        made = prices_in(options, clock)
        assert (made["STA-001"].amount, made["STA-001"].mark) == (Money(ore), "eget pris")
        assert (made["FRU-001"].amount, made["FRU-001"].mark) == (Money(21200), "")
    assert gather(options, now=clock.now).listed.buyers == ("Bostadsrättsföreningar",)


def test_lists_that_cannot_be_printed_are_refused(sam, sold, town, clock):
    buyer, agreement = town
    later = make_list(ListKind.CUSTOMER, {sold["basket"]: 1}, customers=[buyer], valid_from=date(2026, 12, 1))
    open_list = make_list(ListKind.STANDARD, {sold["basket"]: 15000}, name="Alla")
    for price_list, audience, why in (
        (later, CustomerKind.PUBLIC, "gäller inte i dag"),
        (open_list, CustomerKind.PUBLIC, "som är någras egen"),
        (agreement, CustomerKind.COMPANY, "gäller inga företag"),
    ):
        with pytest.raises(Refused, match=why):
            gather(PrintOptions(audience, PrintedPrices.NET, price_list_id=price_list.id), now=clock.now)
        chosen = {**PUBLIC, "audience": audience.value, "price_list": str(price_list.id)}
        assert sam.post(PAGE, data=chosen).status_code == 422
    none = sam.post(PAGE, data={**PUBLIC, "prices": "none", "price_list": str(agreement.id)})
    assert "kan inte följa en prislista" in none.text
    assert the_print() is None


def test_a_list_that_ends_before_the_work_is_done_is_told_in_words(sam, town, work_off):
    sam.post(PAGE, data={**PUBLIC, "price_list": str(town[1].id)})
    price_actions.end_list(town[1], by=make.make_user(), now=app_clock.now())
    db.session.commit()
    work_off()
    assert "Prislistan Frukt gäller inte i dag" in people.text(sam.page(PAGE))


def test_prices_are_asked_for_in_batches(sold, town, clock, queries, monkeypatch):
    options = replace(NET, price_list_id=town[1].id)
    make_list(ListKind.STANDARD, {sold["window"]: 100})
    gather(options, now=clock.now)
    with queries() as at_once:
        gather(options, now=clock.now)
    monkeypatch.setattr(print_terms, "CHUNK", 2)
    with queries() as seen:
        gather(options, now=clock.now)
    rows = [[sql for sql in some if "FROM price_row" in sql] for some in (at_once, seen)]
    assert [len(some) for some in rows] == [1, 2]  # for three articles
    assert len(seen) == len(at_once) + 1
