"""The printed catalogue's rules: what is shown to whom, the indexes, and that equal values give equal bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.kinds import ArticleKind
from app.catalog.pricing.rules import ListKind, Priced
from app.catalog.pricing.steps import Step
from app.catalog.printing import press as print_press
from app.catalog.printing import setting as print_setting
from app.catalog.printing.indexes import by_cpv, by_number, letters
from app.catalog.printing.values import (
    LONGEST_TEXT,
    MOST_LISTED,
    CatalogueEdition,
    PrintedArticle,
    PrintedList,
    PrintedMember,
    PrintedPicture,
    PrintedPrices,
    PrintedSection,
    PrintOptions,
    Seller,
    price_of,
    shortened,
    unit_words,
)
from app.customers.models import CustomerKind
from app.errors import Refused
from app.money import Money
from bids.canonical import dumps, loads
from config import ROOT
from tests.photos import photo

PICTURE = photo(400, 267)
SHOWN = PrintedPicture(hashlib.sha256(PICTURE).hexdigest(), "En korg med äpplen")
BASKET = PrintedArticle(
    number="FRU-001",
    name="Fruktkorg 5 kg",
    description="Fem kilo frukt.\n\nVi tar med korgen tillbaka.",
    unit="styck",
    price=None,
    picture=SHOWN,
    makers=("ljungbacken",),
    municipalities=("Göteborg", "Mölndal"),
    lead_days=2,
    cpv="03222000-3",
    cpv_label="Frukt och nötter",
)
LJUNGBACKEN = PrintedMember(
    slug="ljungbacken",
    name="Ljungbacken Frukt ek. för.",
    place="Göteborg",
    about="Vi packar.",
    percent=62,
    counted_on=date(2026, 10, 1),
)


def edition(*articles: PrintedArticle, **values) -> CatalogueEdition:
    fixed = {
        "audience": CustomerKind.PUBLIC,
        "prices": PrintedPrices.NET,
        "made_on": date(2026, 11, 25),
        "seller": Seller("Samklang Sälj ek. för.", "salj@samklang.example"),
        "sections": (PrintedSection("frukt", "Frukt", "fruit", articles or (BASKET,)),),
        "members": (LJUNGBACKEN,),
    }
    return CatalogueEdition(**{**fixed, **values})


def options(audience=CustomerKind.PUBLIC, prices=PrintedPrices.NET) -> PrintOptions:
    return PrintOptions(audience, prices)


def test_private_people_are_not_shown_prices_without_vat():
    with pytest.raises(Refused, match="inklusive moms"):
        options(CustomerKind.PRIVATE, PrintedPrices.NET).checked()


@pytest.mark.parametrize("audience", CustomerKind)
@pytest.mark.parametrize("prices", PrintedPrices)
def test_every_other_choice_is_free(audience, prices):
    if (audience, prices) != (CustomerKind.PRIVATE, PrintedPrices.NET):
        assert options(audience, prices).checked() == options(audience, prices)


def test_a_municipality_that_is_none():
    with pytest.raises(Refused, match="kommunen"):
        replace(options(), municipality="0000").checked()


@pytest.mark.parametrize("kind", ArticleKind)
def test_work_training_is_for_public_buyers(kind):
    assert options().may_buy(kind)
    assert options(CustomerKind.COMPANY).may_buy(kind) == (kind != ArticleKind.PLACEMENT)


@given(st.integers(1, 10**9), st.integers(1, 10**6))
def test_the_comparison_price_is_the_printed_price_divided(ore, thousandths):
    content = (Decimal(thousandths) / 1000, "KGM")
    shown = price_of(own(ore), Money(0), content, options(CustomerKind.PRIVATE, PrintedPrices.GROSS), with_a_quarter)
    assert shown.compared == shown.amount.divided_by(content[0])
    assert shown.vat_words == "inkl. moms"
    assert price_of(own(ore), Money(0), content, options(), with_a_quarter).compared is None


def test_no_prices():
    assert price_of(own(1), Money(0), None, options(prices=PrintedPrices.NONE), lambda net: net) is None


def own(ore: int) -> Priced:
    return Priced(Money(ore), "Standardpris", Money(ore))


@given(st.integers(1, 10**9), st.sampled_from([None, *ListKind]))
def test_steps_bear_the_same_vat_and_only_own_prices_a_mark(ore, kind):
    priced = replace(own(ore), kind=kind, steps=(Step(Decimal(10), Money(ore - 1)),))
    net = price_of(priced, Money(0), None, options(), with_a_quarter, mark="avtalspris")
    gross = price_of(priced, Money(0), None, options(prices=PrintedPrices.GROSS), with_a_quarter, mark="avtalspris")
    assert net.steps == priced.steps
    assert gross.steps == (Step(Decimal(10), with_a_quarter(Money(ore - 1))),)
    assert net.mark == gross.mark == ("avtalspris" if kind in {"group", "customer", "framework"} else "")


def test_no_prices_and_a_price_list_do_not_go_together():
    with pytest.raises(Refused, match="kan inte följa en prislista"):
        replace(options(prices=PrintedPrices.NONE), price_list_id=1).checked()


def test_the_cover_names_the_list_and_until_when_it_holds():
    listed = PrintedList("Frukt", "ramavtal INK 2026/114", "avtalspris", ("Västerhamns kommun",), date(2027, 6, 30))
    made = edition(listed=listed)
    html = print_setting.to_html(made).replace("\xa0", " ")
    assert "enligt ramavtal INK 2026/114, exklusive moms" in html
    assert "Giltiga</span> till och med 30 juni 2027" in html
    assert "följer ramavtal INK 2026/114 och gäller till och med den 30 juni 2027. De andra är våra ordinarie" in html
    assert "Västerhamns kommun" in html
    assert print_setting.file_name(made) == "katalog-offentliga-frukt-2026-11-25.pdf"
    assert "tills vidare" in print_setting.price_note(replace(made, listed=replace(listed, last=None)))
    assert loads(dumps(made), CatalogueEdition) == made


def with_a_quarter(net: Money) -> Money:
    return net.percent(125)


NAMES = st.lists(st.text("abcåäöÅ19 -", min_size=1, max_size=8), min_size=1, max_size=20)


@given(NAMES)
def test_the_index_holds_each_article_once(names):
    articles = [replace(BASKET, name=name, number=f"A-{place}") for place, name in enumerate(names)]
    listed = [article for _initial, group in letters(articles) for article in group]
    assert sorted(listed, key=lambda one: one.number) == sorted(articles, key=lambda one: one.number)
    assert sorted(by_number(articles), key=repr) == sorted(articles, key=repr)


def test_the_index_is_swedish():
    names = ["Ölprovning", "äpple", "Zebra", "ångstädning", "5 kg frukt", "Apelsin"]
    found = letters([replace(BASKET, name=name, number=name) for name in names])
    assert [initial for initial, _group in found] == ["0–9", "A", "Z", "Å", "Ä", "Ö"]


def test_figures_in_names_are_counted():
    names = ["Fruktkorg 10 kg", "Fruktkorg 5 kg", "Fruktkorg", "5 kg frukt"]
    found = [one.name for _initial, group in letters([replace(BASKET, name=n) for n in names]) for one in group]
    assert found == ["5 kg frukt", "Fruktkorg", "Fruktkorg 5 kg", "Fruktkorg 10 kg"]


def test_numbers_are_counted_and_not_spelt():
    numbers = ["FRU-10", "FRU-2", "ARB-1", "X"]
    assert [one.number for one in by_number([replace(BASKET, number=n) for n in numbers])] == [
        "X",
        "ARB-1",
        "FRU-2",
        "FRU-10",
    ]


def test_codes_with_what_stands_under_them():
    other = replace(BASKET, name="Bananer", number="B")
    without = replace(BASKET, cpv=None)
    assert by_cpv([BASKET, other, without]) == [("03222000-3", "Frukt och nötter", [other, BASKET])]


def test_what_follows_after_per():
    assert unit_words("C62", "") == "styck"
    assert unit_words("C62", "trapphus och månad") == "trapphus och månad"
    assert unit_words("MTK", "") == "kvadratmeter"


def test_a_long_text_ends_with_a_whole_word():
    text = "Trasmatta " * 200
    short = shortened(text)
    assert short.startswith("Trasmatta Trasmatta")
    assert short.endswith("Trasmatta … Hela texten finns i katalogen på webben.")
    assert len(short) < LONGEST_TEXT + 60
    assert shortened("Kort. ") == "Kort."


def test_who_makes_much_names_its_categories():
    many = [replace(BASKET, number=f"F-{n}", name=f"Frukt {n}") for n in range(MOST_LISTED + 1)]
    assert edition(*many).made_by("ljungbacken") == [("kategori-frukt", "Frukt: 17 artiklar")]
    assert edition().made_by("ljungbacken") == [("artikel-fru-001", "Fruktkorg 5 kg")]


def test_the_values_survive_the_way_to_the_press():
    assert loads(dumps(edition()), CatalogueEdition) == edition()


def test_what_people_have_written_is_never_markup():
    html = print_setting.to_html(
        edition(replace(BASKET, name="<b>Korg</b>", description='<img src="file:///etc/passwd">'))
    )
    assert "<b>Korg" not in html
    assert '<img src="file' not in html


def test_only_the_catalogues_own_pictures_are_fetched():
    asked = []

    def read(digest: str) -> bytes:
        asked.append(digest)
        return PICTURE

    print_setting.to_pdf(edition(), read)
    assert set(asked) == {SHOWN.sha256}


def test_signs_without_a_glyph_are_left_out():
    html = print_setting.to_html(edition(replace(BASKET, name="Äpplen 🍎 – 5 × 2 m²")))
    assert "🍎" not in html
    assert "– 5 × 2 m²" in html


@pytest.mark.parametrize(
    ("step", "done"),
    [
        ("Step 1 - Fetching and parsing HTML", 0),
        ("Step 5 - Creating layout - Page 50", 25),
        ("Step 5 - Creating layout - Page 500", 45),
        ("Step 5 - Creating layout - Repagination #1", 60),
        ("Step 5 - Creating layout - Repagination #9", 80),
        ("Step 6 - Creating PDF", 85),
        ("Step 7 - Adding PDF metadata", 95),
    ],
)
def test_how_far_the_press_has_come(step, done):
    assert print_press.per_cent(step, 100) == done


def test_the_press_tells_why_it_stopped(tmp_path):
    with pytest.raises(print_press.PressStopped, match="FileNotFoundError"):
        print_press.print_apart(edition(), tmp_path, lambda _done: None)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / SHOWN.sha256[:2]
    place.mkdir()
    (place / SHOWN.sha256).write_bytes(PICTURE)
    return tmp_path


def test_progress_only_grows(folder):
    told = []
    assert print_press.print_apart(edition(), folder, told.append).startswith(b"%PDF-1.7")
    assert told == sorted(told)
    assert told[-1] == print_press.WRITTEN


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_prints_the_same_bytes(seed, folder):
    done = subprocess.run(
        [sys.executable, "-m", "app.catalog.printing.press", str(folder)],
        input=dumps(edition()).encode(),
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    assert done.stdout == print_setting.to_pdf(edition(), lambda _digest: PICTURE)
