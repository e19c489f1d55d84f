"""The demonstration's catalogue: every article is sound as what it is, and can be made where it is looked for."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from itertools import pairwise

import pytest

from app import units
from app.catalog.drafts import Draft, Part
from app.catalog.food import emphasised
from app.catalog.kind_checks import check
from app.catalog.kinds import ArticleKind, Withdrawal
from app.money import Money
from app.vat import VatClass
from tests.core.demo_files import APP, AREAS, ARTICLES, CPV, MEMBERS, PARTIES, by

AMOUNTS = ("min_quantity", "quantity_step", "pack_size", "content")
CATEGORIES = by("slug", tomllib.loads((APP / "data" / "categories.toml").read_text("utf-8"))["category"])


def served(offering):
    return {code for area in offering["areas"] for code in AREAS[area]}


def makers(number, municipality):
    """Weekly capacity by member, of those who make the article for a place."""
    offerings = ARTICLES[number]["offerings"]
    return {one["member"]: one["capacity_per_week"] for one in offerings if municipality in served(one)}


def test_articles_lead_to_what_they_name():
    by("slug", ARTICLES.values())
    assert len(ARTICLES) == 53
    for article in ARTICLES.values():
        assert article["category"] in CATEGORIES
        assert units.unit(article["unit"])
        assert VatClass(article["vat_class"])
        assert article["cpv"] in CPV or not article.get("in_catalogue", True)
        assert 2 <= len(re.findall(r"[.!?](?: |$)", article["description"])) <= 5


def draft_of_entry(article):
    """What the demonstration says of an article, as the catalogue would take it from a form."""
    amounts = {name: Decimal(article[name]) for name in AMOUNTS if name in article}
    parts = article.get("parts", ())
    ids = {number: place for place, number in enumerate(ARTICLES, 1)}
    return Draft(
        article["name"], article["description"], 1, article["unit"], article["unit_text"],
        VatClass(article["vat_class"]), cpv=article["cpv"] or None, kind=ArticleKind(article["kind"]), **amounts,
        content_unit=article.get("content_unit"), ingredients=article.get("ingredients", ""),
        allergens=tuple(article.get("allergens", ())), withdrawal=Withdrawal(article.get("withdrawal", "right")),
        deposit=Money.kronor(article.get("deposit", "0")), rut=article.get("rut", False),
        parts=tuple(Part(ids[one["number"]], Decimal(one["quantity"]), one["to_next"]) for one in parts),
    )  # fmt: skip


@pytest.mark.parametrize("number", ARTICLES)
def test_every_article_is_sound_as_what_it_is(number):
    draft = draft_of_entry(ARTICLES[number])
    assert check(draft.checked()) == draft
    assert draft.kind != ArticleKind.SECOND_HAND or [
        one["capacity_per_week"] for one in ARTICLES[number]["offerings"]
    ] == [1]
    for code in draft.allergens:
        assert any(bold for _text, bold in emphasised(draft.ingredients, [code])), (
            f"{code} is not among the ingredients"
        )
    if draft.vat_class in {VatClass.FOOD, VatClass.RESTAURANT}:
        assert draft.ingredients


def test_all_kinds_are_there_and_one_bundle_is_a_chain_of_two_members():
    assert {article["kind"] for article in ARTICLES.values()} == {kind.value for kind in ArticleKind}
    (bundle,) = (article for article in ARTICLES.values() if article["kind"] == "bundle")
    parts = [ARTICLES[part["number"]] for part in bundle["parts"]]
    assert [part["to_next"] for part in bundle["parts"]] == [True, True, False]
    makers = [part["offerings"][0] for part in parts]
    assert [maker["member"] for maker in makers] == ["tradotryck", "tradotryck", "stegvis"]
    for maker, following in pairwise(makers):
        assert MEMBERS[following["member"]]["municipality"] in served(maker), "it delivers where the next step is made"
    paid = Money.total(Money.kronor(maker["price"]) for maker in makers)
    assert paid < Money.kronor(bundle["price"]) <= Money.total(Money.kronor(part["price"]) for part in parts)


def test_home_cleaning_gives_a_deduction_and_fruit_baskets_have_a_deposit():
    assert {n for n, article in ARTICLES.items() if article.get("rut")} >= {"STA-005", "GRO-002", "FLY-001"}
    deposits = {n: Money.kronor(article["deposit"]) for n, article in ARTICLES.items() if "deposit" in article}
    assert set(deposits) == {"FRU-001", "FRU-002", "FRU-003"}
    assert set(deposits.values()) == {Money.kronor(ARTICLES["FRU-006"]["price"])}


def test_every_category_has_articles_and_a_picture():
    assert {article["category"] for article in ARTICLES.values()} == set(CATEGORIES)
    for category in CATEGORIES.values():
        assert (APP / "static" / "img" / f"{category['illustration']}.svg").exists()


def test_offerings_are_possible():
    for article in ARTICLES.values():
        price = Money.parse(article["price"])
        by("member", article["offerings"])
        for offering in article["offerings"]:
            assert offering["member"] in (PARTIES if article.get("for_members") else MEMBERS)
            assert price.percent(88) <= Money.parse(offering["price"]) <= price.percent(92)
            assert units.check_quantity(article["unit"], Decimal(offering["capacity_per_week"]))
            assert 0 <= offering["lead_days"] <= 20
            assert served(offering)


def test_every_member_sells_something_and_many_articles_have_a_choice_of_makers():
    for_all = [article for article in ARTICLES.values() if not article.get("for_members")]
    assert {one["member"] for article in for_all for one in article["offerings"]} == set(MEMBERS)
    several = [number for number, article in ARTICLES.items() if len(article["offerings"]) > 1]
    assert len(several) >= 10
    assert {"FRU-001", "STA-001", "MAT-002", "FLY-001"} <= set(several)


@pytest.mark.parametrize(
    ("number", "price", "unit", "vat_class"),
    [
        ("FRU-001", "212", "H87", "food"),
        ("FRU-006", "60", "H87", "standard"),
        ("MAT-001", "165", "IE", "restaurant"),
        ("STA-003", "13.50", "MTK", "standard"),
        ("GRO-001", "5.40", "C62", "standard"),
        ("SNI-003", "1400", "H87", "margin"),
        ("TEX-005", "890", "CEN", "standard"),
        ("FLY-002", "8200", "DAY", "standard"),
        ("CYK-003", "950", "C62", "repair"),
        ("KON-001", "425", "IE", "conference"),
        ("KON-003", "790", "C62", "lodging"),
        ("ARB-001", "285", "DAY", "exempt"),
    ],
)
def test_prices_units_and_vat_classes(number, price, unit, vat_class):
    article = ARTICLES[number]
    assert Money.parse(article["price"]) == Money.kronor(price)
    assert (article["unit"], article["vat_class"]) == (unit, vat_class)


def test_an_article_measured_as_one_says_what_one_is():
    assert all(article["unit_text"] for article in ARTICLES.values() if article["unit"] == "C62")


def test_gothenburg_trollhattan_and_skovde_have_a_choice():
    for place in ("1480", "1488", "1496"):
        choices = [number for number in ARTICLES if len(makers(number, place)) > 1]
        assert len(choices) >= 8
        assert {"FRU-001", "STA-001"} <= set(choices)


def test_forty_baskets_are_carried_by_one_and_a_hundred_and_twenty_by_two():
    for place in ("1480", "1488", "1496"):
        capacities = makers("FRU-001", place).values()
        assert min(capacities) >= 40
        assert max(capacities) < 120 <= sum(capacities)


def test_fruit_cleaning_and_sandwiches_in_gothenburg_take_three_members_with_one_to_spare_for_each():
    made = [set(makers(number, "1480")) for number in ("FRU-001", "STA-001", "MAT-002")]
    assert all(len(members) > 1 for members in made)
    assert len(set.union(*made)) == sum(len(members) for members in made)
