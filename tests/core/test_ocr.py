"""References by which payments are known again: as agreed with the bank, and no two alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from app.errors import Refused
from app.ocr import STANDARD, OcrAgreement, OcrControl

AGREEMENTS = [
    OcrAgreement(OcrControl.NONE),
    OcrAgreement(OcrControl.CHECK),
    STANDARD,
    OcrAgreement(OcrControl.FIXED, (25,)),
    OcrAgreement(OcrControl.FIXED, (11, 20)),
]
CHECKED = AGREEMENTS[1:]
NAMES = st.one_of(
    st.tuples(st.just(""), st.integers(1, 999_999_999)),
    st.tuples(st.integers(1, 999_999_999).map("M{}-".format), st.integers(1, 99_999_999)),
)


def test_the_standard_is_a_length_digit_and_a_check_digit():
    assert STANDARD.reference("", 10001) == "1000173"


@pytest.mark.parametrize(
    ("agreement", "own", "members"),
    [
        (AGREEMENTS[0], "10001", "1700010001"),
        (AGREEMENTS[1], "100016", "17000100010"),
        (AGREEMENTS[2], "1000173", "170001000125"),
        (AGREEMENTS[4], "10000100015", "20000000017000100016"),
    ],
)
def test_each_control_has_its_form(agreement, own, members):
    assert agreement.reference("", 10001) == own
    assert agreement.reference("M7-", 10001) == members


def test_the_length_digit_counts_all_digits_and_drops_the_ten():
    assert STANDARD.reference("M7-", 10001)[-2] == "2", "twelve digits"


@given(st.sampled_from(AGREEMENTS), NAMES)
def test_what_is_written_can_be_read(agreement, name):
    reference = agreement.reference(*name)
    assert agreement.read(reference) == name
    assert agreement.read(f" {reference[:3]} {reference[3:]}") == name
    assert not reference.startswith("0")
    assert len(reference) <= 25


@given(st.sampled_from(AGREEMENTS), NAMES, NAMES)
def test_no_two_invoices_share_one(agreement, one, other):
    assert (agreement.reference(*one) == agreement.reference(*other)) == (one == other)


@given(st.sampled_from(CHECKED), NAMES)
def test_the_bank_finds_the_check_digit_right(agreement, name):
    reference = agreement.reference(*name)
    assert luhn.is_valid(reference)
    assert not agreement.lengths or len(reference) in agreement.lengths


@given(st.sampled_from(CHECKED), NAMES, st.data())
def test_one_wrong_digit_is_always_found(agreement, name, data):
    reference = agreement.reference(*name)
    place = data.draw(st.integers(0, len(reference) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != reference[place]]))
    with pytest.raises(ValueError, match="reference"):
        agreement.read(reference[:place] + wrong + reference[place + 1 :])


@given(st.sampled_from(CHECKED), NAMES, st.data())
def test_two_digits_that_change_places_are_found(agreement, name, data):
    """All but nought and nine, to which modulus 10 is blind: there the reading says which invoice it would be."""
    reference = agreement.reference(*name)
    pairs = [n for n in range(len(reference) - 1) if reference[n] != reference[n + 1]]
    seen = [n for n in pairs if {reference[n], reference[n + 1]} != {"0", "9"}]
    if not seen:
        return
    place = data.draw(st.sampled_from(seen))
    turned = reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]
    with pytest.raises(ValueError, match="reference"):
        agreement.read(turned)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(typed):
    for agreement in AGREEMENTS:
        try:
            series, number = agreement.read(typed)
        except ValueError:
            continue
        assert agreement.reference(series, number) == "".join(typed.split())


@pytest.mark.parametrize(("series", "number"), [("", 0), ("", 10**9), ("M7-", 10**8), ("M0-", 1), ("X", 1), ("M7", 1)])
def test_what_is_no_invoice_has_no_reference(series, number):
    with pytest.raises(ValueError, match="no invoice"):
        STANDARD.reference(series, number)


def test_a_number_too_long_for_what_is_agreed_is_said_in_words():
    with pytest.raises(Refused, match="11 siffror"):
        OcrAgreement(OcrControl.FIXED, (11,)).reference("M7-", 10001)


@pytest.mark.parametrize(
    ("control", "lengths"),
    [("fixed", ()), ("fixed", (8, 9, 10)), ("fixed", (2,)), ("fixed", (26,)), ("length", (8,)), ("none", (8,))],
)
def test_no_bank_agrees_to_that(control, lengths):
    with pytest.raises(ValueError, match="lengths"):
        OcrAgreement(OcrControl(control), lengths)
