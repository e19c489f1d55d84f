"""What each kind of article may say, and in which quantities it is sold."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import units
from app.catalog.drafts import Draft, Part
from app.catalog.kind_checks import check, check_part, warnings
from app.catalog.kinds import COMPARED_IN, ArticleKind, Withdrawal, units_of
from app.catalog.quantities import allowed, amounts_of, comparison_price, first_amount
from app.errors import Refused
from app.money import Money
from app.vat import VatClass

BASKET = Draft("Fruktkorg 5 kg", "Fem kilo frukt.", 1, "XBK", "", VatClass.FOOD, content=Decimal(5), content_unit="KGM")
HOURS = Draft("Städning", "Städning.", 1, "HUR", "", VatClass.STANDARD, kind=ArticleKind.TIMED_SERVICE)
DESK = Draft("Skrivbord", "Begagnat.", 1, "H87", "", VatClass.MARGIN, kind=ArticleKind.SECOND_HAND)
PLACE = Draft("Plats", "Per dag.", 1, "DAY", "", VatClass.EXEMPT, kind=ArticleKind.PLACEMENT)
LUNCH = Draft("Lunch", "Buffé.", 1, "IE", "", VatClass.RESTAURANT, kind=ArticleKind.DATED_SERVICE)
BUNDLE = Draft("Kasse", "Sydd och packad.", 1, "H87", "", VatClass.STANDARD, kind=ArticleKind.BUNDLE,
               parts=(Part(1, Decimal(1), to_next=True), Part(2, Decimal("0.5"))))  # fmt: skip
SOUND = (BASKET, HOURS, DESK, PLACE, LUNCH, BUNDLE)
D = Decimal


@pytest.mark.parametrize("draft", SOUND, ids=lambda draft: draft.kind.value)
def test_each_kind_can_be_written(draft):
    assert check(draft) is draft


@pytest.mark.parametrize(
    ("draft", "changes", "sentence"),
    [
        (BASKET, {"unit": "HUR"}, "Enheten timme passar inte"),
        (HOURS, {"unit": "H87"}, "Enheten styck passar inte"),
        (PLACE, {"unit": "HUR"}, "Enheten timme passar inte"),
        (DESK, {"unit": "KGM"}, "Enheten kilogram passar inte"),
        (BASKET, {"min_quantity": D("1.5")}, "Minsta beställning: Enheten korg säljs bara i hela tal"),
        (HOURS, {"quantity_step": D("0.333")}, "Steget: Ange antalet med högst 2 decimaler"),
        (BASKET, {"pack_size": D(0)}, "Förpackningen: Antalet måste vara större än noll"),
        (BASKET, {"pack_size": D(6), "quantity_step": D(2)}, "antingen steg eller förpackning"),
        (BASKET, {"pack_size": D(6), "min_quantity": D(10)}, "helt antal steg"),
        (DESK, {"min_quantity": D(1)}, "finns i ett exemplar"),
        (BASKET, {"content_unit": None}, "inget av dem"),
        (BASKET, {"content_unit": "H87"}, "Jämförpriset räknas per"),
        (BASKET, {"content": D("0.0005")}, "högst tre decimaler"),
        (LUNCH, {"content": D(1), "content_unit": "KGM"}, "bara för varor"),
        (HOURS, {"ingredients": "Vatten"}, "bara för mat"),
        (BASKET, {"vat_class": VatClass.STANDARD, "allergens": ("nuts",)}, "bara för mat"),
        (BASKET, {"vat_class": VatClass.MARGIN}, "bara för begagnade"),
        (HOURS, {"deposit": Money(6000)}, "Pant tas bara för varor"),
        (BASKET, {"deposit": Money.kronor(10_001)}, "mellan 0 och 10 000"),
        (BASKET, {"rut": True}, "bara arbete"),
        (LUNCH, {"rut": True}, "25 procents moms"),
        (BASKET, {"withdrawal": Withdrawal.SERVICE}, "bara tjänster"),
        (BASKET, {"withdrawal": Withdrawal.DATED}, "på en viss dag"),
        (HOURS, {"withdrawal": Withdrawal.PERISHABLE}, "bara varor"),
        (HOURS, {"parts": BUNDLE.parts}, "Bara ett paket"),
        (BUNDLE, {"parts": BUNDLE.parts[1:]}, "minst två"),
        (BUNDLE, {"parts": (Part(1, D(1)), Part(1, D(2)))}, "två gånger"),
        (BUNDLE, {"parts": BUNDLE.parts[::-1]}, "Den sista delen"),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(draft, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        check(replace(draft, **changes))


@pytest.mark.parametrize("kind", [ArticleKind.BUNDLE, ArticleKind.SECOND_HAND, ArticleKind.PLACEMENT])
def test_some_things_never_go_into_a_bundle(kind):
    with pytest.raises(Refused, match="Delen"):
        check_part(Part(1, D(1)), name="Delen", kind=kind, unit="H87")


def test_a_part_of_a_bundle_comes_in_quantities_of_its_own_unit():
    assert check_part(Part(1, D("0.5")), name="Paketering", kind=ArticleKind.TIMED_SERVICE, unit="HUR")
    with pytest.raises(Refused, match="hela tal"):
        check_part(Part(1, D("0.5")), name="Kasse", kind=ArticleKind.GOODS, unit="H87")


def test_staff_are_warned_where_the_law_leaves_room():
    assert any("Ingredienser saknas" in sentence for sentence in warnings(BASKET))
    fruit = replace(BASKET, ingredients="Äpple", withdrawal=Withdrawal.PERISHABLE)
    assert warnings(fruit) == []
    assert any("jämförpriset" in one for one in warnings(replace(fruit, content=None, content_unit=None)))
    assert warnings(HOURS) == warnings(DESK) == warnings(PLACE) == []


def test_packages_are_sold_whole_and_the_sentence_says_what_to_choose():
    packed = replace(BASKET, unit="H87", pack_size=D(6))
    assert allowed(D(12), packed) == 12
    with pytest.raises(ValueError, match=r"^Säljs i hela förpackningar om 6 st\. Välj 12 eller 18\.$"):
        allowed(D(14), packed)
    with pytest.raises(ValueError, match=r"Välj 6\.$"):
        allowed(D(1), packed)
    with pytest.raises(ValueError, match=r"Minsta beställning är 12 st\. Välj 12\.$"):
        allowed(D(6), replace(packed, min_quantity=D(12)))


def test_hours_grow_by_their_step_from_the_least():
    service = replace(HOURS, min_quantity=D(3), quantity_step=D("0.5"))
    assert allowed(D("3.5"), service) == D("3.50")
    with pytest.raises(
        ValueError, match=r"^Säljs i steg om 0,5 tim\. Minsta beställning är 3 tim\. Välj 3 eller 3,5\.$"
    ):
        allowed(D("3.25"), service)


def test_of_a_used_piece_there_is_one():
    assert allowed(D(1), DESK) == 1
    with pytest.raises(ValueError, match="ett exemplar"):
        allowed(D(2), DESK)
    assert amounts_of(DESK).sentence == "Finns i ett exemplar."


@st.composite
def sold_somehow(draw):
    """A sound article in some unit, with some least, step or package."""
    unit = draw(st.sampled_from(sorted(units.UNITS)))
    finest = D(1).scaleb(-units.unit(unit).decimals)
    step = draw(st.none() | st.integers(1, 500).map(lambda n: n * finest))
    least = draw(st.none() | st.integers(1, 500).map(lambda n: n * (step or finest)))
    packed = draw(st.booleans())
    draft = replace(LUNCH, unit=unit, min_quantity=least, **{"pack_size" if packed else "quantity_step": step})
    return check(draft)


@given(sold_somehow(), st.integers(1, 10_000))
def test_every_quantity_is_sold_or_the_sentence_names_one_that_is(draft, count):
    quantity = count * D(1).scaleb(-units.unit(draft.unit).decimals)
    try:
        assert allowed(quantity, draft) == quantity
    except ValueError as refusal:
        named = str(refusal).rsplit("Välj ", 1)[1].rstrip(".").split(" eller ")
        assert named
        for one in named:
            assert allowed(D(one.replace(",", ".").replace("\N{NO-BREAK SPACE}", "")), draft)


@given(sold_somehow())
def test_what_the_field_suggests_can_be_bought_and_is_no_less_than_the_least(draft):
    suggested = first_amount(draft)
    assert allowed(suggested, draft) == suggested >= amounts_of(draft).least


@given(sold_somehow(), st.integers(0, 200))
def test_what_can_be_bought_lies_on_the_grid(draft, count):
    amounts = amounts_of(draft)
    assert allowed(amounts.least + count * amounts.step, draft) > 0


def test_the_comparison_price_is_that_of_the_shown_price():
    assert comparison_price(Money(22472), BASKET) == (Money(4494), "KGM")
    assert comparison_price(Money(22472), replace(BASKET, content=None, content_unit=None)) is None
    assert comparison_price(Money(18900), replace(BASKET, unit="KGM", content=D(1))) is None


@given(st.integers(1, 10**7), st.integers(1, 10**6).map(lambda n: D(n) / 1000), st.sampled_from(COMPARED_IN))
def test_the_comparison_price_times_the_content_is_the_price_but_for_rounding(ore, content, unit):
    found = comparison_price(Money(ore), replace(BASKET, content=content, content_unit=unit))
    assert found is not None
    assert abs(found[0].ore * content - ore) <= content / 2


def test_every_kind_has_units_to_choose_from():
    for kind in ArticleKind:
        assert units_of(kind) <= set(units.UNITS)
        assert units_of(kind)
