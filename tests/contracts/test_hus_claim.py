"""The tax agency's file for RUT and ROT. Its schema is not at hand here: names, order and limits stand below.

They are those that the agency publishes for version 6 of "Begäran om utbetalning".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.household.claim_file import Case, Done, Home, problems, to_xml
from app.reliefs import WORKS, Relief, Work, relief_of
from tests.tax_persons import TOLVAN, number

REQUEST = "{http://xmls.skatteverket.se/se/skatteverket/ht/begaran/6.0}"
COMPONENT = "{http://xmls.skatteverket.se/se/skatteverket/ht/komponent/begaran/6.0}"
TODAY = date(2026, 11, 30)
MONEY = ["PrisForArbete", "BetaltBelopp", "BegartBelopp"]
BEFORE_HOME = ["Kopare", "BetalningsDatum", *MONEY, "FakturaNr", "Ovrigkostnad"]
RUT_ORDER = [
    *("Stadning", "KladOchTextilvard", "Snoskottning", "Tradgardsarbete", "Barnpassning", "Personligomsorg"),
    *("Flyttjanster", "ItTjanster", "ReparationAvVitvaror", "Moblering", "TillsynAvBostad"),
    *("TransportTillForsaljning", "TvattVidTvattinrattning"),
]
ROT_ORDER = ["Bygg", "El", "GlasPlatarbete", "MarkDraneringarbete", "Murning", "MalningTapetsering", "Vvs"]
CASE = Case(TOLVAN, date(2026, 11, 25), 1500, 750, 750, "10001", (Done(Work.CLEANING, 3, 0),))
ROOF = replace(CASE, done=(Done(Work.GLAZING, 8, 4000),), home=Home("Mölndal Krokslätt 1:23"), asked=450, paid=1050)


def names(element) -> list[str]:
    assert all(child.tag.startswith(COMPONENT) for child in element)
    return [child.tag.removeprefix(COMPONENT) for child in element]


def read(relief, cases, name="rut 2026 nr 1"):
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(to_xml(relief, name, cases), parser)
    assert root.tag == f"{REQUEST}Begaran"
    wrapper = "RotBegaran" if relief == Relief.ROT else "HushallBegaran"
    assert names(root) == ["NamnPaBegaran", wrapper]
    assert root[0].text == name
    assert set(names(root[1])) == {"Arenden"}
    return list(root[1])


def test_a_cleaning_as_the_agency_reads_it():
    (case,) = read(Relief.RUT, [CASE])
    assert names(case) == [*BEFORE_HOME, "UtfortArbete"]
    assert [child.text for child in case[:-1]] == [TOLVAN, "2026-11-25", "1500", "750", "750", "10001", "0"]
    (work,) = case[-1]
    assert (work.tag, names(work)) == (f"{COMPONENT}Stadning", ["AntalTimmar", "Materialkostnad"])
    assert [child.text for child in work] == ["3", "0"]


def test_a_washing_only_says_that_it_was_done():
    (case,) = read(Relief.RUT, [replace(CASE, done=(Done(Work.LAUNDRY, 0, 0),))])
    (work,) = case[-1]
    assert (work.tag, names(work), work[0].text) == (f"{COMPONENT}TvattVidTvattinrattning", ["Utfort"], "true")


def test_a_roof_says_on_which_house():
    (case,) = read(Relief.ROT, [ROOF])
    assert names(case) == [*BEFORE_HOME, "Fastighetsbeteckning", "UtfortArbete"]
    flat = replace(ROOF, home=Home(cooperative="769999-0011", apartment="1102"))
    (case,) = read(Relief.ROT, [flat])
    assert names(case) == [*BEFORE_HOME, "LagenhetsNr", "BrfOrgNr", "UtfortArbete"]
    assert problems(Relief.ROT, "rot", [ROOF, flat], TODAY) == []


def test_the_kinds_of_work_come_in_the_order_of_the_schema():
    for relief, order in ((Relief.RUT, RUT_ORDER), (Relief.ROT, ROT_ORDER)):
        kinds = [work for work in WORKS if relief_of(work) == relief]
        done = tuple(Done(work, 1, 0) for work in reversed(kinds))
        (case,) = read(relief, [replace(ROOF if relief == Relief.ROT else CASE, done=done)])
        assert names(case[-1]) == order


@st.composite
def cases(draw, relief):
    labour = draw(st.integers(2, 10**6))
    asked = draw(st.integers(0, labour // 2))
    kinds = [work for work in WORKS if relief_of(work) == relief]
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4, unique=True))
    done = tuple(Done(work, draw(st.integers(1, 999)), draw(st.integers(0, 10**5))) for work in chosen)
    home = draw(st.sampled_from([Home("Åre Björnänge 2:1"), Home(cooperative="769999-0011", apartment="B & <1>")]))
    who = number(serial=draw(st.integers(980, 999)))
    day = draw(st.dates(date(2026, 1, 1), TODAY))
    return Case(who, day, labour, labour - asked, asked, "10001", done, home=home if relief == Relief.ROT else None)


@given(
    st.sampled_from(Relief).flatmap(lambda one: st.tuples(st.just(one), st.lists(cases(one), min_size=1, max_size=9)))
)
def test_what_has_no_problem_is_read_back_as_it_was(asked):
    relief, some = asked
    assert problems(relief, "rut 2026 nr 1", some, TODAY) == []
    for case, element in zip(some, read(relief, some), strict=True):
        sums = [int(element.find(f"{COMPONENT}{name}").text) for name in MONEY]
        assert sums == [case.labour, case.paid, case.asked]
        assert sums[1] + sums[2] <= sums[0]
        assert len(element.find(f"{COMPONENT}Kopare").text) == 12


@pytest.mark.parametrize(
    ("relief", "changed", "words"),
    [
        ("rut", {"paid_on": date(2026, 12, 1)}, "betalningsdagen"),
        ("rut", {"paid_on": date(2009, 6, 30)}, "betalningsdagen"),
        ("rut", {"labour": 1, "paid": 1, "asked": 0}, "mindre än två kronor"),
        ("rut", {"paid": 700, "asked": 800}, "mer än vad kunden har betalat"),
        ("rut", {"paid": 800}, "mer än vad arbetet kostade"),
        ("rut", {"invoice": "M" * 21}, "för långt"),
        ("rut", {"done": ()}, "hör inte hemma"),
        ("rut", {"done": (Done(Work.PAINTING, 3, 0),)}, "hör inte hemma"),
        ("rut", {"done": (Done(Work.CLEANING, 0, 0),)}, "timmarna för städning saknas"),
        ("rut", {"done": (Done(Work.CLEANING, 1000, 0),)}, "timmarna för städning"),
        ("rut", {"home": Home("Mölndal 1:1")}, "bara för rot"),
        ("rot", {"home": None}, "bostaden saknas"),
        ("rot", {"home": Home("M" * 41)}, "antingen fastighet"),
        ("rot", {"home": Home(cooperative="769999-0011")}, "lägenhetens nummer"),
    ],
)
def test_what_the_agency_would_not_take_is_said_without_naming_the_person(relief, changed, words):
    case = replace(ROOF if relief == "rot" else CASE, **changed)
    found = " ".join(problems(Relief(relief), "fil", [case], TODAY))
    assert words in found
    assert TOLVAN not in found


def test_a_file_is_of_one_year_and_of_a_hundred_at_most():
    assert "samma år" in problems(Relief.RUT, "fil", [CASE, replace(CASE, paid_on=date(2025, 12, 31))], TODAY)[0]
    assert "högst 100" in problems(Relief.RUT, "fil", [CASE] * 101, TODAY)[0]
    assert "högst 100" in problems(Relief.RUT, "fil", [], TODAY)[0]
    assert "16 tecken" in problems(Relief.RUT, "x" * 17, [CASE], TODAY)[0]
    assert problems(Relief.RUT, "x" * 16, [CASE] * 100, TODAY) == []
