"""Answers that somebody should look at before a bid goes: a ground that applies, a figure below the buyer's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bids.espd.doubts import doubts_of
from bids.espd.facts import entity_of
from bids.espd.filling import lines
from bids.espd.reading import read_request
from bids.kinds import PartyRole
from tests.core.bid_samples import tender_a
from tests.espd_requests import criterion, espd_request, ground, group, place, references, turnover

OFFER = tender_a()
FRUIT = next(party for party in OFFER.parties if party.role is PartyRole.TENDERER)


def told(*criteria: str, said: dict[str, str], party=FRUIT) -> list[str]:
    """The reminders about these answers to a request of these criteria."""
    request = read_request(espd_request(criteria))
    found = lines(request, entity_of(OFFER, party), said)
    gaps = list(doubts_of(party, found))
    assert not any(gap.blocking for gap in gaps)
    assert len({gap.key for gap in gaps}) == len(gaps)
    return [gap.sentence for gap in gaps]


def test_a_ground_for_exclusion_that_applies_is_told_of_by_name():
    (said,) = told(ground("prof-misconduct"), ground("fraud"), said={"prof-misconduct/QG1/Q1": "true"})
    assert said.startswith(f"{FRUIT.name} har svarat ja på uteslutningsgrunden Allvarliga fel i yrkesutövningen")
    assert told(ground("fraud"), said={"fraud/QG1/Q1": "false"}) == []
    assert told(ground("fraud"), said={}) == [], "what is not answered is asked"


def minimum(least: str, currency: str = "SEK") -> str:
    return turnover(least, currency)


@pytest.mark.parametrize(
    ("asked", "average", "tells"),
    [
        (minimum("1000000"), "1000000.00", ""),
        (minimum("1000000"), "999999.99", "köparen begär lägsta belopp 1 000 000 kr, och"),
        (minimum("1000000", "EUR"), "1250000.00", "olika valutor och går inte att jämföra här"),
        (minimum("mycket"), "1.00", ""),
    ],
)
def test_an_amount_is_compared_in_kronor_and_another_currency_is_said(asked, average, tells):
    said = told(asked, said={"t/q": "true", "t/average": average})
    assert len(said) == bool(tells)
    assert all(tells in one.replace("\u00a0", " ") for one in said)


def test_who_says_that_it_leans_on_others_is_not_told_of_its_own_figures():
    assert told(minimum("1000000"), said={"t/q": "false", "t/average": "1.00"}) == []


def at_least(many: str) -> str:
    """Earlier deliveries, of which the buyer wants so many."""
    wants = place(
        "r/least", "Minimum number of references", "QUANTITY_INTEGER", "REQUIREMENT",
        f"<cbc:ExpectedValueNumeric>{many}</cbc:ExpectedValueNumeric>",
    )  # fmt: skip
    return references().replace(place("r/caption", "What the buyer says", "NONE", "CAPTION"), wants)


def test_too_few_references_are_told_of():
    two = {"r/what": "Korgar", "r/what/N2": "Kaffe"}
    (said,) = told(at_least("3"), said=two)
    assert f"lägsta antal referenser 3, och {FRUIT.name} har angett 2" in said
    assert told(at_least("2"), said=two) == []


def test_a_number_is_compared_too():
    wants = place(
        "m/least", "Minimum number", "MINIMUM_QUANTITY_INTEGER", "REQUIREMENT",
        "<cbc:ExpectedValueNumeric>12</cbc:ExpectedValueNumeric>",
    )  # fmt: skip
    staff = criterion("manage-staff", group("m", "ON*", wants, place("m/q", "Number", "QUANTITY_INTEGER"), top=True))
    nobody = replace(FRUIT, turnover=(), employees=None)
    assert "har svarat 11" in told(staff, said={"m/q": "11"}, party=nobody)[0]
    assert told(staff, said={"m/q": "12"}, party=nobody) == []
