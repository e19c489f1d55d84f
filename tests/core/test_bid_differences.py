"""What two versions of a bid say differently."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.money import Money
from bids.differences import Area, differences
from bids.look import Look, Section
from bids.offer import from_json, to_json
from bids.parties import Party
from tests.core.bid_samples import tender_a

OLD = tender_a()


def told(new) -> list[tuple[str, str, str]]:
    return [(one.what, one.before, one.after) for one in differences(OLD, new)]


def test_the_same_bid_has_none_however_it_travelled():
    again = from_json(to_json(replace(OLD, version=2, made_on=OLD.deadline)))
    assert differences(OLD, again) == ()


def test_a_price_and_what_follows_from_it():
    row = replace(OLD.rows[0], fixed_unit_price=Money.kronor(220))
    found = told(replace(OLD, rows=(row, *OLD.rows[1:])))
    assert [what for what, _before, _after in found] == ["Anbudssumma per år", "Rad 1.1, område 1: pris per enhet"]
    assert found[1][1:] == (str(Money.kronor(212)), str(Money.kronor(220)))


def test_who_delivers_how_much():
    share = replace(OLD.rows[3].shares[1], quantity=Decimal(500))
    row = replace(OLD.rows[3], shares=(OLD.rows[3].shares[0], share))
    found = told(replace(OLD, rows=(*OLD.rows[:3], row, *OLD.rows[4:])))
    assert found == [("Rad 2.1, område 2: Rullande Hjälpen Flytt & Bud ek. för. levererar", "450", "500")]


def test_answers_parties_texts_papers_and_sections():
    answer = replace(OLD.answers[0], text="Ny text.")
    party = replace(OLD.parties[2], does="Kör allt")
    look = Look(sections=(Section(name="own-1", title="Om oss", text="Hej"), Section(name="social", shown=False)))
    new = replace(
        OLD,
        answers=(answer, *OLD.answers[1:]),
        parties=(*OLD.parties[:2], party),
        letter=OLD.letter + "\n\nEn rad till.",
        appendices=OLD.appendices[:-1],
        look=look,
    )
    areas = {one.area for one in differences(OLD, new)}
    assert areas >= {Area.ANSWERS, Area.PARTIES, Area.TEXTS}
    whats = [what for what, _before, _after in told(new)]
    assert "Avsnittet Om oss: text" in whats
    assert "Avsnittet Sociala åtaganden: är med" in whats


def test_what_only_one_has_is_told_with_the_other_side_empty():
    new = replace(OLD, rows=OLD.rows[1:], requirements=OLD.requirements[1:], parties=OLD.parties[:-1])
    found = {what: (before, after) for what, before, after in told(new)}
    assert found["Rad 1.1, område 1"] == ("Fruktkorg 5 kg", "")
    assert found["Part"][1] == ""


def test_of_a_long_text_only_the_changed_lines_are_told():
    old = replace(OLD, letter="\n".join(f"Rad {n} i brevet." for n in range(100)))
    new = replace(old, letter=old.letter.replace("Rad 50 i", "Rad femtio i"))
    (found,) = differences(old, new)
    assert (found.before, found.after) == ("Rad 50 i brevet.", "Rad femtio i brevet.")


@pytest.mark.parametrize("name", [name for name in Party.__dataclass_fields__ if name in {"name", "does", "address"}])
def test_what_a_party_tells(name):
    party = replace(OLD.parties[0], **{name: "Något annat"})
    assert [after for _what, _before, after in told(replace(OLD, parties=(party, *OLD.parties[1:])))] == ["Något annat"]
