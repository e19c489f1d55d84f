"""What is like a requirement: rare words count, forms and compounds are one, and nothing is made of small words."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tenders.library.likeness import RAREST, asked_for, most_alike, rarest, tokens
from app.tenders.library.values import Age, age, put_in

LIBRARY = {
    1: ("Trappstädning", "Trapphusen städas varje vecka med miljömärkta medel, och arbetsledaren följer upp."),
    2: ("Fönsterputs", "Fönstren putsas in- och utvändigt två gånger om året."),
    3: ("Kvalitetsledning", "Avvikelser rapporteras samma dag och följs upp av arbetsledaren varje månad."),
    4: ("Referens: fruktkorgar", "Fruktkorgar till 25 arbetsplatser i Sagostads kommun, med hämtning av tomma korgar."),
    5: (
        "Rutin för personuppgifter",
        "Personuppgifter behandlas enligt dataskyddsförordningen och gallras efter tolv månader.",
    ),
    6: ("Miljöpolicy", "Vi väljer miljömärkta produkter och kör eldrivna fordon."),
}


def alike(requirement: str, library=None) -> list[int]:
    """The entries in order of likeness."""
    indexed = {number: tokens(*text) for number, text in (library or LIBRARY).items()}
    having = Counter(token for found in indexed.values() for token in found)
    wanted = asked_for(requirement)
    compared = rarest(wanted, having, len(indexed))
    rows = [(number, token, w) for number, found in indexed.items() for token, w in found.items() if token in compared]
    weighed = {t: wanted[t] for t in wanted if t in compared or t not in having}
    return [one.entry_id for one in most_alike(weighed, rows, having, len(indexed))]


@pytest.mark.parametrize(
    ("requirement", "first"),
    [
        ("Beskriv hur städningen av trappor och trapphus utförs.", 1),
        ("Putsning av fönster ska ske minst två gånger per år.", 2),
        ("Hur hanterar ni avvikelser och uppföljning av kvaliteten?", 3),
        ("Anbudsgivaren ska redovisa ett referensuppdrag som avser leverans av fruktkorg.", 4),
        ("Leverantören ska ha rutiner för behandling av personuppgift (dataskydd).", 5),
        ("Vilka fordon används, och hur många är eldrivna?", 6),
    ],
)
def test_the_entry_that_says_it_comes_first(requirement, first):
    assert alike(requirement)[0] == first


@pytest.mark.parametrize(
    "requirement",
    ["", "Anbudsgivaren ska lämna anbud enligt kravet.", "…", "1", "3 25 2026", "Vite utgår vid dröjsmål."],
)
def test_nothing_is_made_of_what_says_nothing(requirement):
    assert alike(requirement) == []


def test_one_word_of_many_is_little_likeness():
    indexed = {number: tokens(*text) for number, text in LIBRARY.items()}
    having = Counter(token for found in indexed.values() for token in found)
    wanted = asked_for("Docx-krav 3: anbudsgivaren ska ha rutin 3 för krisberedskap, larm och evakuering.")
    rows = [(number, token, w) for number, found in indexed.items() for token, w in found.items()]
    found = most_alike(wanted, rows, having, len(indexed))
    assert all(one.score < 0.5 for one in found)


def test_a_long_text_is_no_more_alike_for_being_long():
    library = {**LIBRARY, 7: ("Om oss", " ".join(text for _title, text in LIBRARY.values()) * 20)}
    assert alike("Putsning av fönster", library)[0] == 2


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_written_gives_scores_within_bounds(title, text):
    indexed = tokens(title, text)
    having = Counter(dict.fromkeys(indexed, 1))
    compared = rarest(indexed, having, 10)
    assert len(compared) <= RAREST
    found = [(1, token, indexed[token]) for token in compared]
    for one in most_alike({token: indexed[token] for token in compared}, found, having, 10):
        assert 0 < one.score <= 1.000001


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_that_is_written_is_lost(written, taken):
    both = put_in(written, taken)
    assert written.replace("\r\n", "\n").strip() in both
    assert taken.replace("\r\n", "\n").strip() in both
    assert put_in(both, taken) == both.strip()


def test_how_old_something_is():
    day = date(2026, 11, 23)
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    assert age(day, before, None) is Age.EXPIRED
    assert age(day, day, None) is Age.FRESH
    assert age(day, None, day) is Age.TO_REVIEW
    assert age(day, after, after) is Age.FRESH
    assert age(day, before, before) is Age.EXPIRED
