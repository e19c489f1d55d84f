"""VAT as it is treated: by what is sold, on which day, by whom and to whom."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.money import Money
from app.treatments import DIVISIBLE, Division, VatBuyer, VatSeller, VatStatus, divided, member_treatment, treatment
from app.vat import Divided, VatClass, VatPart, VatRule, key_of, rule_on, sums

TABLE = tomllib.loads((Path(__file__).parents[2] / "app/data/vat.toml").read_text(encoding="utf-8"))
RULES = tuple(
    VatRule(
        VatClass(row["class"]),
        row["valid_from"],
        tuple(VatPart(share, rate, row["category"]) for share, rate in row["parts"]),
        row["legal"],
    )
    for row in TABLE["rate"]
)
COMPANY, SMALL, OUTSIDE = VatSeller(), VatSeller(VatStatus.SMALL), VatSeller(VatStatus.OUTSIDE)
PRIVATE, OFFICE = VatBuyer(), VatBuyer(vat_number="SE769999000301")
BUILDER = VatBuyer(sells_building=True, vat_number="SE769999000301")
DAYS = st.dates(date(2023, 7, 1), date(2033, 12, 31))
CLASSES = st.sampled_from(VatClass)
SELLERS = st.builds(VatSeller, st.sampled_from(VatStatus), st.none() | DAYS, st.sampled_from(VatStatus))
BUYERS = st.sampled_from([PRIVATE, OFFICE, BUILDER])


@given(CLASSES, DAYS, SELLERS, BUYERS)
def test_every_supply_is_treated_whole_and_says_why_where_no_vat_is_shown(vat_class, day, seller, buyer):
    found = treatment(vat_class, day, seller, buyer, RULES)
    assert sum(part.share for part in found.parts) == 100
    assert len({part.category for part in found.parts}) == 1
    if found.category == "S":
        assert {part.rate for part in found.parts} <= {25, 12, 6}
        assert (found.note, {part.reason for part in found.parts}) == ("", {""})
    else:
        assert [part.rate for part in found.parts] == [0]
        assert found.note, "the act wants words where no VAT is shown"


@given(CLASSES, DAYS, BUYERS)
def test_who_is_not_registered_charges_no_vat_on_anything(vat_class, day, buyer):
    small, outside = (treatment(vat_class, day, seller, buyer, RULES) for seller in (SMALL, OUTSIDE))
    assert (small.category, small.parts[0].reason, "18 kap. 4 §" in small.note) == ("E", "", True)
    assert (outside.category, outside.parts[0].reason, "4 kap. 6 §" in outside.note) == ("O", "VATEX-EU-O", True)


@given(CLASSES, DAYS, DAYS, BUYERS)
def test_a_seller_who_was_registered_until_a_day_charged_vat_until_then(vat_class, day, since, buyer):
    seller = VatSeller(VatStatus.SMALL, since, VatStatus.REGISTERED)
    as_it_was = COMPANY if day < since else SMALL
    assert treatment(vat_class, day, seller, buyer, RULES) == treatment(vat_class, day, as_it_was, buyer, RULES)


@given(DAYS)
def test_only_a_buyer_who_sells_building_reckons_the_vat_and_only_on_building(day):
    reversed_ = treatment(VatClass.BUILDING, day, COMPANY, BUILDER, RULES)
    assert reversed_.parts == (VatPart(100, 0, "AE", "VATEX-EU-AE"),)
    assert reversed_.note == "Omvänd betalningsskyldighet"
    for buyer in (PRIVATE, OFFICE):
        assert treatment(VatClass.BUILDING, day, COMPANY, buyer, RULES).parts == (VatPart(100, 25, "S"),)
    for vat_class in set(VatClass) - {VatClass.BUILDING}:
        assert treatment(vat_class, day, COMPANY, BUILDER, RULES) == treatment(vat_class, day, COMPANY, OFFICE, RULES)


def test_an_invoice_whose_buyer_reckons_the_vat_needs_its_number():
    with pytest.raises(Refused, match="i fältet Momsnummer"):
        treatment(VatClass.BUILDING, date(2026, 11, 23), COMPANY, replace(BUILDER, vat_number=""), RULES)


def test_a_member_who_builds_for_the_sales_company_shows_no_vat():
    day = date(2026, 11, 23)
    assert member_treatment(VatClass.BUILDING, day, COMPANY, OFFICE, RULES).category == "AE"
    assert member_treatment(VatClass.BUILDING, day, OUTSIDE, OFFICE, RULES).category == "O", "it owes none to reverse"
    assert member_treatment(VatClass.STANDARD, day, COMPANY, OFFICE, RULES).parts == (VatPart(100, 25, "S"),)


@pytest.mark.parametrize(("vat_class", "reason"), [("margin", "VATEX-EU-F"), ("exempt", "VATEX-EU-132-1G")])
def test_what_the_act_exempts_says_which_rule(vat_class, reason):
    found = treatment(VatClass(vat_class), date(2026, 11, 23), COMPANY, OFFICE, RULES)
    assert [(part.category, part.reason) for part in found.parts] == [("E", reason)]


@given(
    st.dates(date(2026, 1, 1), date(2026, 3, 31)),
    st.integers(1, 28),
    st.lists(st.integers(1, 10**7).map(Money), min_size=110, max_size=110),
)
def test_a_weekly_basket_follows_the_law_through_both_switches(first, gap, prices):
    """A standing order asks for each time by its own day of supply: 12, then 6, then 12 again, and never between."""
    days = [first + timedelta(days=gap * time) for time in range(110)]
    taxed = [treatment(VatClass.FOOD, day, COMPANY, PRIVATE, RULES).parts for day in days]
    rates = [parts[0].rate for parts in taxed]
    assert rates == [6 if date(2026, 4, 1) <= day < date(2028, 1, 1) else 12 for day in days]
    assert Money.total(one.base for one in sums(zip(prices, taxed, strict=True))) == Money.total(prices)


# A price divided by a calculation of its own


@st.composite
def divisions(draw, article=7):
    classes = draw(st.lists(st.sampled_from(DIVISIBLE), min_size=1, max_size=4, unique=True))
    cuts = sorted(draw(st.lists(st.integers(1, 99), min_size=len(classes) - 1, max_size=len(classes) - 1, unique=True)))
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    return Division(article, draw(DAYS), tuple(zip(classes, shares, strict=True))).checked()


@given(st.lists(divisions(), max_size=4, unique_by=lambda one: one.valid_from), DAYS)
def test_an_article_is_divided_as_the_last_calculation_says_at_the_rates_of_the_day(some, day):
    rules = (*RULES, *divided(RULES, some))
    found = rule_on(rules, Divided(7), day)
    holding = max((one for one in some if one.valid_from <= day), key=lambda one: one.valid_from, default=None)
    if holding is None:
        assert found == rule_on(RULES, VatClass.CONFERENCE, day)
        return
    wanted: dict[int, int] = {}
    for vat_class, share in holding.shares:
        rate = rule_on(RULES, vat_class, day).parts[0].rate
        wanted[rate] = wanted.get(rate, 0) + share
    assert {part.rate: part.share for part in found.parts} == wanted
    assert rule_on(rules, Divided(8), day) == rule_on(RULES, VatClass.CONFERENCE, day), "nobody else's price is divided"


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        (((VatClass.RESTAURANT, 60), (VatClass.STANDARD, 39)), "100 procent"),
        (((VatClass.RESTAURANT, 160), (VatClass.STANDARD, -60)), "100 procent"),
        (((VatClass.MARGIN, 60), (VatClass.STANDARD, 40)), "en gång var"),
        (((VatClass.STANDARD, 60), (VatClass.STANDARD, 40)), "en gång var"),
        ((), "100 procent"),
    ],
)
def test_a_division_that_makes_no_whole_is_refused(shares, words):
    with pytest.raises(Refused, match=words):
        Division(7, date(2026, 1, 1), shares).checked()


def test_only_a_conference_is_divided():
    assert key_of(VatClass.CONFERENCE, 7) == Divided(7)
    assert {key_of(one, 7) for one in VatClass if one != VatClass.CONFERENCE} == set(VatClass) - {VatClass.CONFERENCE}
