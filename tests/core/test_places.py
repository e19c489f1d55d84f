"""Municipalities: all of them, by code, by name and in Swedish order."""

import pytest

from app.places import all_municipalities, by_name, municipality, swedish_order


def test_all_290_are_there_with_their_own_code_and_name():
    places = all_municipalities()
    assert len(places) == 290
    assert len({place.code for place in places}) == 290
    assert len({place.name for place in places}) == 290


def test_every_code_begins_with_its_county_and_there_are_21_counties():
    places = all_municipalities()
    assert all(len(place.code) == 4 and place.code.isdecimal() for place in places)
    assert all(place.code[:2] == place.county_code for place in places)
    assert len({place.county_code for place in places}) == 21
    assert len({(place.county_code, place.county) for place in places}) == 21


@pytest.mark.parametrize(
    ("code", "name", "county"),
    [
        ("1480", "Göteborg", "Västra Götalands län"),
        ("0180", "Stockholm", "Stockholms län"),
        ("2584", "Kiruna", "Norrbottens län"),
        ("0331", "Heby", "Uppsala län"),
        ("0980", "Gotland", "Gotlands län"),
        ("1384", "Kungsbacka", "Hallands län"),
    ],
)
def test_known_codes(code, name, county):
    place = municipality(code)
    assert (place.name, place.county) == (name, county)


@pytest.mark.parametrize("code", ["", "180", "9999", "Göteborg", "1480 "])
def test_an_unknown_code_is_a_key_error(code):
    with pytest.raises(KeyError):
        municipality(code)


def test_the_three_last_letters_come_last_and_in_that_order():
    names = [place.name for place in all_municipalities()]
    assert names[0] == "Ale"
    assert names[-1] == "Övertorneå"
    assert names.index("Ystad") < names.index("Åmål") < names.index("Åtvidaberg") < names.index("Älmhult")
    assert names.index("Älvsbyn") < names.index("Ängelholm") < names.index("Öckerö")
    assert names.index("Upplands-Bro") < names.index("Upplands Väsby") < names.index("Uppsala")


def test_every_municipality_is_found_by_its_name_whatever_the_capitals():
    for place in all_municipalities():
        assert by_name(f" {place.name.upper()} ") == place
    assert by_name("Västerhamn") is None
    assert by_name("") is None


def test_swedish_order_tells_the_letters_apart():
    assert sorted(["ö", "ä", "z", "Å", "a", "o"], key=swedish_order) == ["a", "o", "z", "Å", "ä", "ö"]
