"""Which municipality a search names, and what is left of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import places
from app.catalog.spoken import place_in


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("städning Borås", "Borås", "städning"),
        ("BORÅS städning", "Borås", "städning"),
        ("fruktkorg, göteborg", "Göteborg", "fruktkorg"),
        ("städ i Lilla Edet", "Lilla Edet", "städ"),
        ("städ i Lilla Edet på fredag", "Lilla Edet", "städ på fredag"),
        ("flytt Upplands-Bro", "Upplands-Bro", "flytt"),
        ("flytt upplands bro", "Upplands-Bro", "flytt"),
        ("e-post till Dals-Ed", "Dals-Ed", "e-post"),
        ("mora kniv Göteborg", "Göteborg", "mora kniv"),
        ("5 kg kaffe i Bora\u030as", "Borås", "5 kg kaffe"),
        ("i Borås", "Borås", ""),
        ("Borås", "Borås", ""),
    ],
)
def test_the_place_is_taken_out_of_the_words(typed, name, rest):
    spoken = place_in(typed)
    assert (spoken.place.name, spoken.rest) == (name, rest)
    assert spoken.beside_others == bool(rest)


@pytest.mark.parametrize("typed", ["", "!!", "städning", "Lilla", "Edet lilla", "boråsare", "Borås1", "Göteborgs hamn"])
def test_what_names_no_municipality_is_left_alone(typed):
    assert place_in(typed) is None


def test_every_municipality_can_be_named():
    for place in places.all_municipalities():
        assert place_in(f"städ i {place.name.upper()}").place == place
        assert place_in(f"{place.name} städ").rest == "städ"


@given(st.text(max_size=80), st.sampled_from(places.all_municipalities()))
def test_any_text_beside_a_place_is_harmless(text, place):
    spoken = place_in(f"{text} {place.name}")
    assert spoken is not None
    assert spoken.rest == spoken.rest.strip()
