"""Several years and several references: known ones are told, missing ones asked for, and there is room for more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from bids.espd.facts import Entity, entity_of
from bids.espd.filling import Line, Source, asked, lines
from bids.espd.reading import read_request
from bids.espd.repeating import MOST_REFERENCES, MOST_YEARS, nth_id, number_of, own_id
from bids.espd.snapshot import answers_of
from bids.kinds import PartyRole
from bids.offer import Reference
from bids.parties import Party
from tests.core.bid_samples import tender_a
from tests.espd_requests import criterion, espd_request, group, place, references, yearly

OFFER = tender_a()
FRUIT = next(party for party in OFFER.parties if party.role is PartyRole.TENDERER)
"""It has told its turnover of 2023 to 2025."""
YEARS, REFERENCES = read_request(espd_request([yearly()])), read_request(espd_request([references()]))


def entity(party: Party = FRUIT, told: int = 0, **before: str) -> Entity:
    given = tuple(
        Reference(
            customer=f"Kund {number}", what="Frukt", value=Money.kronor(number), contact="Kim", party_key=party.key
        )
        for number in range(1, told + 1)
    )
    return entity_of(replace(OFFER, references=given), party, tuple(before.items()))


def known(found: tuple[Line, ...]) -> dict[str, str]:
    return {one.id: one.value for one in answers_of(found)}


def left(found: tuple[Line, ...]) -> set[str]:
    return {line.question.id for line in asked(found)}


def test_each_year_that_is_known_is_told_the_latest_first():
    said = known(lines(YEARS, entity(), {}))
    assert [said[nth_id("y/period", number)][:4] for number in (1, 2, 3)] == ["2025", "2024", "2023"]
    assert [said[nth_id("y/amount", number)] for number in (1, 3)] == ["11160000.00", "9840000.00"]
    assert "y/amount/N4" not in said


def test_no_more_years_are_told_than_five():
    long = replace(FRUIT, turnover=tuple(replace(FRUIT.turnover[0], year=year) for year in range(2015, 2026)))
    said = known(lines(read_request(espd_request([yearly(9)])), entity(long), {}))
    assert max(number_of(key) for key in said) == MOST_YEARS


def test_years_that_are_asked_for_and_not_known_are_asked_or_since_when_the_party_exists():
    young = replace(FRUIT, turnover=FRUIT.turnover[-1:])
    assert left(lines(YEARS, entity(young), {"y/q": "true"})) == {
        *("y/period/N2", "y/amount/N2", "y/period/N3", "y/amount/N3", "y/day"),
    }
    assert left(lines(YEARS, entity(young), {"y/q": "true", "y/day": "2025-02-01"})) == set()
    told = {nth_id(f"y/{what}", number): "x" for what in ("period", "amount") for number in (2, 3)}
    assert left(lines(YEARS, entity(young), {"y/q": "true", **told})) == set(), "then nobody asks since when"


def test_since_when_a_party_exists_is_known_the_next_time():
    young = replace(FRUIT, turnover=FRUIT.turnover[-1:])
    day = next(one for one in lines(YEARS, entity(young), {}) if one.question.id == "y/day")
    assert left(lines(YEARS, entity(young, **{day.key: "2025-02-01"}), {"y/q": "true"})) == set()


def test_there_is_room_for_one_more_that_nobody_need_fill():
    found = lines(YEARS, entity(), {})
    spare = [one for one in found if one.is_spare]
    assert [one.question.id for one in spare] == ["y/period/N4", "y/amount/N4"]
    assert not [one for one in spare if one.is_asked]
    half = lines(YEARS, entity(), {"y/amount/N4": "5.00", "y/q": "true"})
    assert left(half) == {"y/period/N4"}, "what is begun is told whole"
    assert [one.question.id for one in half if one.is_spare] == ["y/period/N5", "y/amount/N5"]


def test_what_was_added_is_known_the_next_time():
    once = lines(YEARS, entity(), {"y/period/N4": "2022-01-01/2022-12-31", "y/amount/N4": "5.00"})
    told = {one.key: one.value for one in once if one.question.id.endswith("/N4") and one.source is Source.SAID}
    assert len(told) == 2
    assert known(lines(YEARS, entity(**told), {}))["y/amount/N4"] == "5.00"


@pytest.mark.parametrize(("many", "last"), [(0, 1), (1, 1), (3, 3), (10, 10), (14, 10)])
def test_every_reference_of_the_bid_is_told_by_itself(many, last):
    found = lines(REFERENCES, entity(told=many), {"r/q": "true"})
    said = known(found)
    names = [said[key] for key in (nth_id("r/name", number) for number in range(1, 12)) if key in said]
    assert names == [f"Kund {number}" for number in range(1, min(many, MOST_REFERENCES) + 1)]
    assert max(line.number for line in found if not line.is_spare) == last
    assert bool(left(found)) == (many == 0)


def test_a_reference_tells_what_it_was_worth_and_whom_to_ask():
    said = known(lines(REFERENCES, entity(told=2), {}))
    assert (said["r/what/N2"], said["r/amount/N2"], said["r/contact/N2"]) == ("Kund 2, Frukt", "2.00", "Kim")


def test_of_a_further_reference_only_what_it_is_must_be_told():
    found = lines(REFERENCES, entity(told=1), {"r/q": "true", "r/name/N2": "Ny kund"})
    assert left(found) == {"r/what/N2"}


def test_how_many_were_employed_is_told_year_by_year():
    wants = "<cbc:ExpectedValueNumeric>2</cbc:ExpectedValueNumeric>"
    inside = group(
        "m/in",
        "ON*",
        place("m/years", "Minimum number of years", "MINIMUM_QUANTITY_YEAR", "REQUIREMENT", wants),
        group("m/alone", "ON*", place("m/q", "Does the EO fulfil the criteria by itself?", "INDICATOR")),
        group("m/year", "ON*", place("m/y", "Year", "QUANTITY_YEAR"), place("m/n", "Number", "QUANTITY_INTEGER")),
    )
    asks = read_request(espd_request([criterion("year-manpower", group("m", "ON*", inside, top=True))]))
    years = tuple(replace(one, employees=30 + place) for place, one in enumerate(FRUIT.turnover))
    said = known(lines(asks, entity(replace(FRUIT, turnover=years, employees=36)), {}))
    assert [(said[nth_id("m/y", n)], said[nth_id("m/n", n)]) for n in (1, 2, 3)] == [
        ("2025", "36"), ("2024", "31"), ("2023", "30"),
    ]  # fmt: skip
    bare = replace(FRUIT, employees=36)
    assert left(lines(asks, entity(bare), {"m/q": "true"})) == {"m/y/N2", "m/n/N2"}


@given(st.text(max_size=20), st.integers(1, 10))
def test_an_identifier_tells_which_answer_it_belongs_to(own, number):
    if number_of(own) == 1:
        assert (own_id(nth_id(own, number)), number_of(nth_id(own, number))) == (own, number)


@given(
    st.dictionaries(st.tuples(st.sampled_from(("y/period", "y/amount")), st.integers(1, 9)), st.just("1"), max_size=8)
)
def test_whatever_is_said_no_question_stands_twice_and_what_is_told_is_never_spare(said):
    typed = {nth_id(key, number): value for (key, number), value in said.items()}
    found = lines(YEARS, entity(), typed)
    ids = [line.question.id for line in found]
    assert len(ids) == len(set(ids))
    assert not [line for line in found if line.is_spare and line.value is not None]
    assert sum(line.is_spare for line in found) in {0, 2}
