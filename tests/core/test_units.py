"""Units and the quantities they allow."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import formats, units
from app.money import Money
from app.units import LARGEST_QUANTITY, UNITS, UNITS_BY_KIND, UnitKind, check_quantity, unit
from bids.swedish import much

REC_20 = Path(__file__).resolve().parents[3] / "shared" / "data" / "units_rec20.csv"
codes = st.sampled_from(sorted(UNITS))


def test_a_unit_knows_its_names():
    assert (unit("HUR").symbol_sv, unit("HUR").name_sv, unit("HUR").name_en) == ("tim", "timme", "hour")
    assert all(code == known.code for code, known in UNITS.items())


def test_an_unknown_unit_is_a_key_error():
    with pytest.raises(KeyError):
        unit("XXX")
    with pytest.raises(KeyError):
        check_quantity("h87", Decimal(1))


@pytest.mark.skipif(not REC_20.exists(), reason="the published code list is not here")
def test_every_code_and_its_english_name_are_those_of_recommendation_20():
    with REC_20.open(encoding="utf-8", newline="") as lines:
        published = {row["code"]: row["name"].lower() for row in csv.DictReader(lines)}
    for known in UNITS.values():
        assert published[known.code].startswith(known.name_en)


@given(codes, st.integers(1, 1_000_000))
def test_whole_quantities_are_good_for_every_unit(code, quantity):
    checked = check_quantity(code, Decimal(quantity))
    assert checked == quantity
    assert checked.as_tuple().exponent == -unit(code).decimals


@given(codes, st.decimals(min_value="0.0001", max_value="1000000", allow_nan=False, allow_infinity=False))
def test_a_quantity_comes_back_unchanged_or_is_refused_as_too_fine(code, quantity):
    step = Decimal(1).scaleb(-unit(code).decimals)
    if quantity % step == 0:
        assert check_quantity(code, quantity) == quantity
    else:
        with pytest.raises(ValueError, match=r"hela tal|decimal"):
            check_quantity(code, quantity)


@pytest.mark.parametrize(
    ("code", "quantity", "sentence"),
    [
        ("H87", "0", "Antalet måste vara större än noll."),
        ("H87", "-1", "Antalet måste vara större än noll."),
        ("HUR", "-0", "Antalet måste vara större än noll."),
        ("H87", "1.5", "Enheten styck säljs bara i hela tal."),
        ("HUR", "1.005", "Ange antalet med högst 2 decimaler för enheten timme."),
        ("DAY", "0.25", "Ange antalet med högst 1 decimal för enheten dag."),
        ("KGM", "1E-999999", "Ange antalet med högst 2 decimaler för enheten kilogram."),
        ("H87", "NaN", "Ange antalet som ett vanligt tal."),
        ("H87", "sNaN", "Ange antalet som ett vanligt tal."),
        ("H87", "Infinity", "Ange antalet som ett vanligt tal."),
        ("H87", "-Infinity", "Ange antalet som ett vanligt tal."),
    ],
)
def test_a_bad_quantity_is_refused_with_a_sentence(code, quantity, sentence):
    with pytest.raises(ValueError, match=r"[.]$") as refusal:
        check_quantity(code, Decimal(quantity))
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("quantity", ["1000000.01", "1000001", "1E+999999"])
def test_more_than_a_million_is_refused(quantity):
    assert check_quantity("KGM", LARGEST_QUANTITY) == LARGEST_QUANTITY
    with pytest.raises(ValueError, match="högst 1 000 000"):
        check_quantity("KGM", Decimal(quantity))


def test_every_unit_stands_under_one_heading():
    listed = [code for codes in UNITS_BY_KIND.values() for code in codes]
    assert sorted(listed) == sorted(UNITS)
    assert unit("HUR").kind == UnitKind.TIME


def test_figures_in_sentences_are_grouped_and_words_have_the_right_number():
    assert units.counted(1, "rad", "rader") == "1 rad"
    assert units.counted(0, "rad", "rader") == "0 rader"
    assert units.counted(10_000, "rad", "rader") == "10\N{NO-BREAK SPACE}000 rader"
    assert units.figure(Decimal("-1234.50")) == "\N{MINUS SIGN}1\N{NO-BREAK SPACE}234,5"


def test_there_is_one_minus_sign():
    assert formats.quantity(Decimal("-8.50")) == "\N{MINUS SIGN}8,5"
    assert str(Money(-1059)) == "\N{MINUS SIGN}10,59\N{NO-BREAK SPACE}kr"
    assert formats.quantity(10015) == "10\N{NO-BREAK SPACE}015"


@pytest.mark.parametrize(
    ("quantity", "name", "words"),
    [
        (400, "leverans", "400 leveranser"),
        (1, "leverans", "1 leverans"),
        (Decimal("2.5"), "dag", "2,5 dagar"),
        (2, "Arbetsplats", "2 Arbetsplatser"),
        (12, "trappa och månad", "12 trappa och månad"),
        (3, "st", "3 st"),
        (4, "kg", "4 kg"),
        (5, "", "5 "),
    ],
)
def test_so_many_of_a_unit_are_called_what_a_swede_calls_them(quantity, name, words):
    assert much(quantity, name) == words
