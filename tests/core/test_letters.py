"""The widths of letters that are kept in a file are those of the typeface."""

from __future__ import annotations

from bids.binding.lettering import Face
from bids.letters import usual


def test_the_kept_widths_are_those_of_the_face():
    face = Face("AtkinsonHyperlegible-Regular")
    assert (usual().em, usual().widths) == (face.em, face.widths)


def test_words_are_cut_where_there_is_no_room():
    letters = usual()
    assert letters.fitted("Fruktkorg", 12, 500) == "Fruktkorg"
    cut = letters.fitted("Fruktkorg med ekologiska äpplen", 12, 60)
    assert cut.endswith("…")
    assert letters.width(cut, 12) <= 60
