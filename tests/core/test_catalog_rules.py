"""The catalogue's pure rules: what may be written, what a price leaves, which lead time fits, what is sought."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import workdays
from app.catalog import drafts, language
from app.catalog.facets import short_name
from app.catalog.filters import Due
from app.catalog.queries import PAGE
from app.catalog.start import vat_class_names
from app.errors import Refused
from app.leaves import last_page
from app.money import Money
from app.vat import VatClass

DRAFT = drafts.Draft("Fruktkorg", "Fem kilo frukt.", 1, "H87", "", VatClass.FOOD)
TERMS = drafts.Terms(Decimal(20), 2, frozenset({"1480"}))
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(today=DAYS, ahead=st.integers(0, 60), lead=st.integers(0, 40))
def test_a_lead_time_fits_exactly_when_the_delivery_day_is_not_too_late(today, ahead, lead):
    by = today + timedelta(days=ahead)
    assert (lead <= Due(today, by).lead_days) == (workdays.working_days_after(today, lead) <= by)


@pytest.mark.parametrize(("hits", "pages"), [(0, 1), (1, 1), (PAGE, 1), (PAGE + 1, 2), (1000, 42)])
def test_pages(hits, pages):
    assert last_page(hits, PAGE) == pages


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Fönsterputs, små rutor", "fonsterputs-sma-rutor"),
        ("Åäö ÅÄÖ", "aao-aao"),
        ("  ***  ", "artikel"),
        ("中文", "artikel"),
        ("a" * 200, "a" * 80),
    ],
)
def test_a_name_becomes_an_address(name, slug):
    assert drafts.slugify(name) == slug


@given(st.text(max_size=300))
def test_an_address_is_always_plain(name):
    slug = drafts.slugify(name)
    assert slug
    assert len(slug) <= 80
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(st.integers(1, 899_999_999))
def test_the_suggested_price_leaves_at_least_a_tenth_and_can_be_asked(ore):
    paid = Money(ore)
    price = drafts.suggested_price(paid)
    assert drafts.check_price(price) == price
    assert price.times(9) >= paid.times(10) - Money(9)


def test_what_is_left_of_a_price():
    assert drafts.margin(Money.kronor(212), Money.kronor("190.80")) == drafts.Margin(
        Money.kronor("21.20"), Decimal("10.0")
    )
    assert drafts.margin(Money.kronor(100), Money.kronor(110)).percent == Decimal("-10.0")


@pytest.mark.parametrize("ore", [0, -1, drafts.DEAREST.ore, 10**15])
def test_a_price_that_cannot_be(ore):
    with pytest.raises(Refused, match="mer än 0 kr"):
        drafts.check_price(Money(ore))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "   "}, "Namnet saknas"),
        ({"name": "x" * 121}, "högst 120 tecken"),
        ({"name": "Frukt\x00korg"}, "inte går att läsa"),
        ({"description": ""}, "Beskrivningen saknas"),
        ({"description": "x" * 5001}, "högst 5\N{NO-BREAK SPACE}000 tecken"),
        ({"unit": "XYZ"}, "Välj enheten"),
        ({"unit_text": "x" * 41}, "högst 40 tecken"),
        ({"unit_text": "st\x00"}, "inte går att läsa"),
        ({"cpv": "03222000"}, "CPV-koden finns inte"),
        ({"cpv": "\x003222000-3"}, "CPV-koden finns inte"),
    ],
)
def test_a_draft_that_cannot_be(change, sentence):
    fields = {name: getattr(DRAFT, name) for name in DRAFT.__slots__}
    with pytest.raises(Refused, match=sentence):
        drafts.Draft(**{**fields, **change}).checked()


def test_a_draft_loses_superfluous_space():
    draft = drafts.Draft("  Frukt   korg ", " Rad ett.\r\nRad två. ", 1, "H87", "  ", VatClass.FOOD).checked()
    assert (draft.name, draft.description, draft.unit_text) == ("Frukt korg", "Rad ett.\nRad två.", "")


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (drafts.Terms(Decimal(0), 2, frozenset({"1480"})), "större än noll"),
        (drafts.Terms(Decimal(-3), 2, frozenset({"1480"})), "större än noll"),
        (drafts.Terms(Decimal("2.5"), 2, frozenset({"1480"})), "hela tal"),
        (drafts.Terms(Decimal("NaN"), 2, frozenset({"1480"})), "vanligt tal"),
        (drafts.Terms(Decimal(20), -1, frozenset({"1480"})), "arbetsdagar"),
        (drafts.Terms(Decimal(20), 366, frozenset({"1480"})), "arbetsdagar"),
        (drafts.Terms(Decimal(20), 2, frozenset()), "minst en kommun"),
        (drafts.Terms(Decimal(20), 2, frozenset({"9999"})), "finns inte"),
    ],
)
def test_terms_that_cannot_be(terms, sentence):
    with pytest.raises(Refused, match=sentence):
        terms.checked("H87")


def test_an_hour_may_be_halved():
    assert drafts.Terms(Decimal("2.5"), 2, frozenset({"1480"})).checked("HUR").capacity_per_week == Decimal("2.50")


def test_words_keep_their_rings_and_dots():
    assert language.words_of("Fönsterputs, 25 m² – ÅÄÖ") == ["fönsterputs", "25", "m2", "åäö"]
    assert language.words_of("o\u0308l") == ["öl"], "a letter and its dots written apart are one letter"


@given(st.text(max_size=400))
def test_a_search_uses_few_short_plain_words(typed):
    words = language.query_words(typed)
    assert len(words) <= language.MOST_WORDS
    assert len(set(words)) == len(words)
    assert all(word.isalnum() and len(word) <= language.LONGEST_WORD for word in words)


def test_names_are_said_without_legal_form():
    assert short_name("Rena Rum Städkooperativ ek. för.") == "Rena Rum Städkooperativ"
    assert short_name("Köksljus") == "Köksljus"


def test_every_vat_class_has_a_name():
    assert set(vat_class_names()) == set(VatClass)
