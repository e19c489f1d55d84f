"""Bundles in a printed catalogue: their parts and makers, where they can be had, and at which price."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app import files
from app.catalog.models import OfferingArea
from app.catalog.pricing.rules import ListKind
from app.catalog.pricing.steps import Step
from app.catalog.printing.gathering import check_size, gather
from app.catalog.printing.values import PrintedPrices, PrintOptions
from app.customers.models import CustomerKind
from app.db import db
from app.errors import Refused
from app.money import Money
from app.vat import VatClass
from tests import make
from tests.features.print_case import (
    GROSS,
    NET,
    PAGE,
    PUBLIC,
    make_sold,
    the_print,
    words_of,
)
from tests.furnished import furnished
from tests.price_lists import make_list

EVERYWHERE = (make.GOTHENBURG, make.MOLNDAL, make.BORAS)


@furnished
def sold(app):
    return make_sold()


@pytest.fixture
def sam(sold, visit):
    return visit(make.make_sam().email)


@furnished
def bag(sold):
    """A bag with coffee: sewn in Göteborg (3 days), printed by two (2 and 1), and filled with food (4).

    Who sews serves Göteborg alone, as the bag goes to the printers; the customer's parts can come to two towns.
    """
    textile = make.make_category(name_sv="Textil", position=3)
    sewers = make.make_member(slug="sommen", name="Sömmen ek. för.")
    printers = make.make_member(slug="trycket", name="Trycket ek. för.")
    others = make.make_member(slug="skolan", name="Skolans Tryck ek. för.")
    roasters = make.make_member(slug="rosteriet", name="Rosteriet ek. för.")
    taxed = {"category": textile, "vat_class": VatClass.STANDARD, "unit": "H87"}
    sewn = make.make_article("Kasse, sydd", number="TEX-001", price=Money(6000), **taxed)
    printed = make.make_article("Tryck", number="TEX-002", price=Money(3000), **taxed)
    coffee = make.make_article(
        "Kaffe",
        number="FRU-002",
        price=Money(18000),
        unit="KGM",
        category=sold["fruit"],
        allergens=["milk"],
        ingredients="Kaffebönor och mjölkpulver",
    )
    make.make_offering(sewn, sewers, lead_days=3, municipalities=[make.GOTHENBURG])
    make.make_offering(printed, printers, lead_days=2, municipalities=EVERYWHERE)
    make.make_offering(printed, others, lead_days=1, municipalities=[make.BORAS])
    make.make_offering(coffee, roasters, lead_days=4, municipalities=[make.BORAS, make.MOLNDAL])
    bundle = make.make_bundle(
        "Kaffekasse", (sewn, "1", True), (printed, "1", False), (coffee, "0.25", False),
        number="TEX-003", price=Money(13500), category=textile, vat_class=VatClass.STANDARD,
    )  # fmt: skip
    db.session.commit()
    return {"bundle": bundle, "sewn": sewn, "printed": printed, "coffee": coffee, "textile": textile}


def the_bag(options, clock):
    return next((one for one in gather(options, now=clock.now).articles if one.number == "TEX-003"), None)


def test_a_bundle_is_printed_with_its_parts_and_who_makes_them(bag, clock):
    edition = gather(NET, now=clock.now)
    printed = next(one for one in edition.articles if one.number == "TEX-003")
    assert [(one.amount, one.name, one.number, one.makers) for one in printed.parts] == [
        ("1 st", "Kasse, sydd", "TEX-001", ("sommen",)),
        ("1 st", "Tryck", "TEX-002", ("skolan", "trycket")),
        ("0,25 kg", "Kaffe", "FRU-002", ("rosteriet",)),
    ]
    assert printed.lead_days == 4  # 3 to sew and 1 to print; coffee takes 4 meanwhile
    assert printed.municipalities == ("Borås", "Mölndal")
    assert printed.makers == ("sommen", "skolan", "trycket", "rosteriet")
    assert {"Ingredienser i Kaffe: Kaffebönor och mjölkpulver.", "Kaffe innehåller mjölk."} <= set(printed.facts)
    listed = {member.slug: edition.made_by(member.slug) for member in edition.members}
    for slug in printed.makers:
        assert ("artikel-tex-003", "Kaffekasse") in listed[slug]


def test_makers_who_make_nothing_else_for_this_catalogue_have_a_page_too(bag, clock):
    """Mölndal gets no bag from the sewers by itself, but they sew what is printed for it."""
    edition = gather(PrintOptions(CustomerKind.PUBLIC, PrintedPrices.NET, make.MOLNDAL), now=clock.now)
    assert "TEX-001" not in {one.number for one in edition.articles}
    assert edition.made_by("sommen") == [("artikel-tex-003", "Kaffekasse")]
    assert "Sömmen ek. för." in [member.name for member in edition.members]


def test_a_bundle_where_it_can_be_had(bag, clock):
    """The printers of Borås do not deliver to Mölndal, so it takes a day longer there. Göteborg gets no coffee."""
    molndal = the_bag(PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, make.MOLNDAL), clock)
    assert (molndal.lead_days, molndal.makers) == (5, ("sommen", "trycket", "rosteriet"))
    assert molndal.municipalities == ()
    assert the_bag(PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, make.BORAS), clock).lead_days == 4
    assert the_bag(PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, make.GOTHENBURG), clock) is None


def test_a_bundle_that_can_be_had_nowhere_is_not_printed(bag, clock):
    bag["coffee"].offerings[0].areas = [OfferingArea(municipality=make.GOTHENBURG)]
    for offering in bag["printed"].offerings:
        offering.areas = [OfferingArea(municipality=make.MOLNDAL)]
    db.session.flush()
    assert the_bag(NET, clock) is None


def test_a_bundle_stands_in_its_own_category(bag, sold, clock):
    textile = replace(NET, category_id=bag["textile"].id)
    assert [one.number for one in gather(textile, now=clock.now).articles] == ["TEX-003", "TEX-001", "TEX-002"]
    assert the_bag(replace(NET, category_id=sold["fruit"].id), clock) is None


@pytest.mark.parametrize("part", ["sewn", "coffee"])
def test_a_bundle_goes_with_any_of_its_parts(bag, clock, part):
    assert the_bag(NET, clock)
    bag[part].state = "withdrawn"
    db.session.flush()
    assert the_bag(NET, clock) is None


def test_a_bundle_goes_when_nobody_makes_a_part(bag, clock):
    bag["coffee"].offerings[0].state = "withdrawn"
    db.session.flush()
    assert the_bag(NET, clock) is None


def test_each_part_of_a_bundle_has_its_own_vat(bag, clock):
    """135 kr shared by 60 : 30 : 45 makes 90 kr at 25 % and 45 kr of food at 6 %."""
    assert the_bag(NET, clock).price.amount == Money(13500)
    assert the_bag(GROSS, clock).price.amount == Money(13500 + 2250 + 270)


def test_a_bundle_at_the_price_of_a_list(bag, clock):
    own = make_list(ListKind.CUSTOMER, {bag["bundle"]: [(0, 12000), (10, 9000)]}, customers=[make.make_nordbyn()])
    net = PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, price_list_id=own.id)
    gross = replace(net, prices=PrintedPrices.GROSS)
    printed = the_bag(net, clock).price
    assert (printed.amount, printed.mark, printed.steps) == (
        Money(12000), "eget pris", (Step(Decimal(10), Money(9000)),)
    )  # fmt: skip
    assert the_bag(gross, clock).price.amount == Money(12000 + 2000 + 240)
    assert the_bag(gross, clock).price.steps[0].price == Money(9000 + 1500 + 180)


def test_the_book_shows_a_bundle_on_its_page_and_in_its_indexes(bag, sam, work_off, tmp_path):
    sam.post(PAGE, data=PUBLIC)
    work_off()
    assert the_print().articles == 7
    text = words_of(files.read(the_print().file), tmp_path)
    assert "1 st Tryck (TEX-002), görs av Skolans Tryck och Trycket" in text
    assert "0,25 kg Kaffe (FRU-002), görs av Rosteriet" in text
    assert "Levereras inom 4 arbetsdagar i Borås och Mölndal." in text
    index = text[text.index("Efter namn") :]
    assert "Kaffekasse" in index
    assert "TEX-003" in index[index.index("Efter artikelnummer") :]


def test_bundles_are_counted_before_a_print_is_ordered(bag, monkeypatch):
    """Where nothing but a bundle fits it can be printed, and each of them counts."""
    for one in ("sewn", "printed"):
        bag[one].category = make.make_category()
    db.session.flush()
    textile = replace(NET, category_id=bag["textile"].id)
    assert check_size(textile) == textile
    monkeypatch.setattr("app.catalog.printing.gathering.MOST_ARTICLES", 6)
    with pytest.raises(Refused, match="fler än"):
        check_size(NET)
    bag["coffee"].state = "withdrawn"
    db.session.flush()
    with pytest.raises(Refused, match="Inga artiklar passar"):
        check_size(textile)


def test_gathering_asks_as_much_for_many_bundles_as_for_one(bag, clock, queries):
    db.session.expire_all()
    with queries() as few:
        gather(NET, now=clock.now)
    for number in range(20):
        part = make.make_article(f"Del {number}", category=bag["textile"])
        make.make_offering(part, make.make_member(), municipalities=EVERYWHERE)
        make.make_bundle(f"Paket {number}", (part, "1", False), (bag["coffee"], "1", False))
    db.session.flush()
    db.session.expire_all()
    with queries() as many:
        assert len(gather(NET, now=clock.now).articles) == 7 + 40
    assert len(many) == len(few)
