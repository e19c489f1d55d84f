"""Allergens stand out in a list of ingredients."""

from hypothesis import given
from hypothesis import strategies as st

from app.catalog.food import NAMED_AS, emphasised
from app.catalog.kinds import ALLERGENS


def bold(ingredients, *allergens):
    return [piece for piece, stands_out in emphasised(ingredients, allergens) if stands_out]


def test_the_words_that_name_an_allergen_stand_out():
    text = "Fullkornsvete, rostad lök, lagrad ost (mjölk), Ägg, salt"
    assert bold(text, "gluten", "milk", "eggs") == ["Fullkornsvete", "ost", "mjölk", "Ägg"]
    assert bold(text, "nuts") == []
    assert emphasised("Äpple", ()) == [("Äpple", False)]
    assert emphasised("", ("milk",)) == []


def test_every_allergen_has_its_words():
    assert set(NAMED_AS) == set(ALLERGENS)


@given(st.text(max_size=200), st.sets(st.sampled_from(sorted(ALLERGENS))))
def test_nothing_is_lost(text, allergens):
    assert "".join(piece for piece, _stands_out in emphasised(text, allergens)) == text
