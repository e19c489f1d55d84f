"""What a request asks in the EU's English is asked in Swedish; what a buyer has written itself stands as it is."""

from __future__ import annotations

import re

import pytest

from bids.espd.reading import read_request
from bids.espd.taxonomy import NAMES, part_of
from bids.espd.values import Criterion, Kind, Property
from bids.espd.words import demands_of, phrase_nth, phrase_of, text_of
from tests.espd_requests import criterion, espd_request, group, place

OFFICIAL = "It is enrolled in relevant professional registers kept in the Member State of its establishment."


def register(text: str = OFFICIAL, name: str = "[occupation Code]") -> Criterion:
    named = f"<cbc:ExpectedCode>{name}</cbc:ExpectedCode>"
    alone = place("r/alone", "Does the EO fulfil the criteria by itself?", "INDICATOR")
    said = place("r/said", "Your Answer", "INDICATOR")
    inside = place("r/which", "occupation", "CODE", "REQUIREMENT", named) + alone + said
    return read_request(
        espd_request(criterion("prof-regist", group("r", "ON*", inside, top=True), text=text))
    ).criteria[0]


@pytest.mark.parametrize("code", sorted(NAMES))
def test_each_criterion_of_the_list_is_asked_in_swedish(code):
    if code == "registered":
        return
    asked = text_of(Criterion(code, code, code, OFFICIAL, (), part=part_of(code)))
    assert not re.search(r"\bthe\b", asked)
    assert asked.endswith(("?", ".")), code


def test_what_a_buyer_has_written_in_swedish_stands():
    assert text_of(register("Ni ska vara inskrivna i Livsmedelsverkets register.")) == (
        "Ni ska vara inskrivna i Livsmedelsverkets register."
    )


def test_what_the_buyers_system_has_left_open_is_no_demand():
    assert demands_of(register()) == []
    assert demands_of(register(name="5121")) == [("Yrke", "5121")]
    assert phrase_of(Property("a", Kind.QUESTION, "DESCRIPTION", "[Description]")) == "Beskriv"


def test_two_questions_with_yes_and_no_say_what_each_asks():
    first, second = (one for one in register().properties() if one.kind is Kind.QUESTION)
    assert phrase_nth(register(), first, 1) == "Uppfyller ni kravet på egen hand?"
    assert phrase_nth(register(), second, 1) == "Är ni inskrivna i registret?"


@pytest.mark.parametrize(
    ("kind", "expected", "said"),
    [
        ("AMOUNT", '<cbc:MinimumAmount currencyID="SEK">2000000.50</cbc:MinimumAmount>', "2 000 000,5 kr"),
        ("AMOUNT", '<cbc:MinimumAmount currencyID="EUR">1000</cbc:MinimumAmount>', "1 000 EUR"),
        ("QUANTITY", "<cbc:ExpectedValueNumeric>3</cbc:ExpectedValueNumeric>", "3"),
        (
            "PERIOD",
            (
                "<cac:ApplicablePeriod><cbc:StartDate>2023-01-01</cbc:StartDate><cbc:EndDate>2025-12-31</cbc:EndDate>"
                "</cac:ApplicablePeriod>"
            ),
            "1 januari 2023 – 31 december 2025",
        ),
    ],
)
def test_what_is_demanded_is_written_as_a_swede_writes(kind, expected, said):
    wants = place("w/least", "Minimum amount requirement", kind, "REQUIREMENT", expected)
    asked = read_request(espd_request(criterion("aver-year-to", group("w", "ON*", wants, top=True)))).criteria[0]
    assert [much.replace("\u00a0", " ") for _what, much in demands_of(asked)] == [said]
