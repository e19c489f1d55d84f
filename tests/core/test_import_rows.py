"""What a file's rows mean: read, compared and written without a database."""

from __future__ import annotations

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import places, units
from app.catalog.drafts import Draft, Terms
from app.catalog.imports.assortment import HEADINGS, row
from app.catalog.imports.columns import COLUMNS
from app.catalog.imports.plan import Kind, Known, Plan, Standing, plan
from app.catalog.imports.rows import read_rows
from app.catalog.imports.values import Lists
from app.catalog.kinds import ALLERGENS, ArticleKind, Withdrawal
from app.catalog.models import ApprovalState
from app.catalog.start import vat_class_names
from app.errors import Refused
from app.money import Money
from app.spreadsheets.reading import rows_of
from app.spreadsheets.table import Table
from app.spreadsheets.writing import Sheet, csv_file, xlsx
from app.vat import VatClass
from tests import sheets

LISTS = Lists(
    {"Frukt": 1, "Bröd; kakor": 2},
    {vat_class: name.name_sv for vat_class, name in vat_class_names().items()},
    frozenset({"03222000-3", "15810000-9"}),
    {VatClass.STANDARD: 25, VatClass.FOOD: 6, VatClass.REPAIR: 6, VatClass.EXEMPT: 0},
)
NOBODY = Known({}, {}, {})
ROW = {"Namn": "Korg", "Kategori": "frukt", "Enhet": "Styck", "Ert pris exkl. moms": "12,50", "Levererar i": "mölndal"}


def planned(data: bytes, known: Known = NOBODY) -> Plan:
    rows = rows_of(data)
    return plan(read_rows(Table(rows[0], tuple(rows[1:])), LISTS), known, LISTS)


def one(**more: object):
    made = planned(sheets.assortment({**ROW, **{key.replace("_", " "): value for key, value in more.items()}}))
    return made.outcomes[0] if made.outcomes else [(fault.address, fault.reason) for fault in made.faults]


WORDS = st.text(string.ascii_letters + "åäöÅÄÖ=+-@'\"; 0123456789", min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
TEXTS = WORDS.filter(lambda text: text not in {"", "-"})
AMOUNTS = st.integers(1, 900_000).map(Decimal)
DRAFTS = st.builds(
    Draft,
    name=TEXTS,
    description=TEXTS,
    category_id=st.sampled_from([1, 2]),
    unit=st.sampled_from(sorted(units.UNITS)),
    unit_text=st.just("") | TEXTS,
    vat_class=st.sampled_from(VatClass),
    cpv=st.none() | st.sampled_from(sorted(LISTS.cpv)),
    kind=st.sampled_from(ArticleKind),
    min_quantity=st.none() | AMOUNTS,
    ingredients=st.just("") | TEXTS,
    allergens=st.lists(st.sampled_from(sorted(ALLERGENS)), unique=True).map(tuple),
    withdrawal=st.sampled_from(Withdrawal),
    deposit=st.integers(0, 10_000).map(Money),
    rut=st.booleans(),
)
TERMS = st.builds(
    Terms,
    capacity_per_week=AMOUNTS,
    lead_days=st.integers(0, 365),
    municipalities=st.frozensets(st.sampled_from([place.code for place in places.all_municipalities()]), min_size=1),
)


@given(DRAFTS, TERMS, st.integers(1, 10**8).map(Money), st.just("") | TEXTS)
def test_what_is_written_changes_nothing_when_it_is_read_again(draft, terms, price, own_number):
    standing = Standing(7, "FRU-007", draft, True, ApprovalState.APPROVED, terms, price, own_number, True)
    known = Known({"FRU-007": standing}, {own_number.casefold(): standing} if own_number else {}, {})
    cells = row(standing, LISTS)
    with csv_file(HEADINGS, [cells]) as one_file, xlsx([Sheet("Sortiment", HEADINGS, [cells])]) as other:
        for data in (one_file.read(), other.read()):
            made = planned(data, known)
            assert made.faults == ()
            assert [(outcome.kind, outcome.ask, outcome.live) for outcome in made.outcomes] == [
                (Kind.UNCHANGED, (), ())
            ]


def test_every_place_is_written_as_it_is_read():
    for place in places.all_municipalities():
        assert one(Levererar_i=place.name).terms.municipalities == {place.code}
        assert one(Levererar_i=int(place.code)).terms.municipalities == {place.code}


def test_values_as_people_write_them():
    outcome = one(
        **{"Ert pris exkl. moms": "1 212,50 kr", "Momsklass": "food", "Allergener": "Ägg, mjölk", "CPV-kod": "3222000"},
    )
    assert outcome.member_price == Money(121250)
    assert (outcome.draft.allergens, outcome.draft.cpv) == (("eggs", "milk"), "03222000-3")
    assert one(RUT="Ja", Typ="Tjänst på tid", Enhet="timme").draft.rut


@pytest.mark.parametrize(
    ("more", "where", "said"),
    [
        ({"Ert pris exkl. moms": 0}, "D2", "mer än 0 kr"),
        ({"Ert pris exkl. moms": "12,505"}, "D2", "två decimaler"),
        ({"Kapacitet per vecka": "2026-11-30"}, "F2", "Skriv ett tal"),
        ({"Kapacitet per vecka": "0,5"}, "F2", "hela tal"),
        ({"Leveranstid i arbetsdagar": 400}, "F2", "0 till 365"),
        ({"Namn": "x" * 121}, "A2", "120 tecken"),
        ({"Innehåll": 5}, "", "hör ihop"),
        ({"Typ": "Arbetsträningsplats"}, "C2", "säljs i"),
        ({"Typ": "Paket", "Enhet": "sats"}, "F2", "Paket görs på sidan"),
        ({"RUT": "ja"}, "F2", "Rutavdrag"),
        ({"Allergener": "mjölk"}, "", "bara för mat"),
        ({"Typ": "Begagnat, ett exemplar", "Kapacitet per vecka": 3}, "G2", "bara ett exemplar"),
        ({"Namn": "-"}, "A2", "kan inte tömmas"),
        ({"CPV-kod": "12345678-9"}, "F2", "CPV-koden"),
        ({"Bilder": "a.jpg"}, "", "1 bild och 0 beskrivningar"),
        ({"Bilder": "; ".join("abcdefghi")}, "F2", "högst 8 bilder"),
        ({"Ert artikelnummer": "x" * 41}, "F2", "40 tecken"),
    ],
)
def test_faults_stand_at_their_cell(more, where, said):
    found = one(**more)
    assert isinstance(found, list)
    assert any(where == address and said in reason for address, reason in found), found


def test_headings():
    for heading, said in (("Färg", "finns inte i mallen"), ("namn", "två gånger")):
        with pytest.raises(Refused, match=said):
            planned(sheets.xlsx(["Namn", heading], ["a", "b"]))
    with pytest.raises(Refused, match="Kolumner saknas: Kategori"):
        planned(sheets.xlsx(["Namn"], ["a"]))
    assert len({column.heading for column in COLUMNS}) == len(COLUMNS)


def test_a_value_without_a_heading_and_rows_that_say_the_same():
    made = planned(sheets.xlsx([*ROW], [*ROW.values(), "kvar"], [*ROW.values()], ["KORG", *[*ROW.values()][1:]]))
    assert [(fault.address, fault.reason[:8]) for fault in made.faults] == [("F2", "Kolumnen"), ("A4", "Samma na")]


@pytest.mark.parametrize(
    ("written", "known"),
    [("25 %", "standard"), ("25%", "standard"), ("25,0 procent", "standard"), ("0 %", "exempt")],
)
def test_a_vat_class_is_known_by_its_rate_where_only_one_has_it(written, known):
    assert one(Momsklass=written).draft.vat_class == known


def test_a_rate_that_several_classes_have_lists_them_in_quotation_marks():
    """Their names have commas."""
    ((where, said),) = one(Momsklass="6 %")
    assert where == "F2"
    food, repair = LISTS.vat_classes[VatClass.FOOD], LISTS.vat_classes[VatClass.REPAIR]
    assert said == f"Flera momsklasser har 6 %. Välj bland: ”{food}”, ”{repair}”."


@pytest.mark.parametrize(
    ("written", "how_many"),
    [
        ("Göteborgs kommun", 1),
        ("Borås kommun", 1),
        ("Stockholms stad", 1),
        ("Malmö stad", 1),
        ("Västra Götaland", 49),
        ("Västra Götalands län", 49),
        ("skåne", 33),
        ("Stockholm", 1),
        ("Stockholms län", 26),
        ("hela landet", 290),
        ("Hela Sverige", 290),
        ("Göteborgs kommun; Halland", 7),
    ],
)
def test_places_as_people_write_them(written, how_many):
    assert len(one(Levererar_i=written).terms.municipalities) == how_many


def test_every_municipality_is_known_with_the_word_for_it():
    for place in places.all_municipalities():
        for name in (f"{place.name} kommun", f"{place.name}s kommun"):
            assert one(Levererar_i=name).terms.municipalities == {place.code}


def test_a_title_above_the_headings_is_no_heading():
    data = sheets.xlsx(
        ("Sortiment hösten 2026",), (), ("Fyll i varje rad", None, "Namn"), tuple(ROW), tuple(ROW.values())
    )
    (outcome,) = planned(data).outcomes
    assert (outcome.row, outcome.draft.name) == (5, "Korg")


@pytest.mark.parametrize("above", [9, 10])
def test_the_heading_is_looked_for_in_the_first_ten_rows(above):
    data = sheets.xlsx(*[("Prislista",)] * above, tuple(ROW), tuple(ROW.values()))
    if above == 9:
        assert len(planned(data).outcomes) == 1
    else:
        with pytest.raises(Refused, match="Prislista"):
            planned(data)


def test_nothing_under_the_heading_is_refused():
    with pytest.raises(Refused, match="inga rader"):
        planned(sheets.xlsx(("Sortiment",), tuple(ROW)))


def test_a_merged_heading_is_said_to_be_merged():
    data = sheets.xlsx(tuple(ROW), tuple(ROW.values()), change=lambda sheet: sheet.merge_cells("A1:B1"))
    with pytest.raises(Refused, match="Rubriken i A1 är sammanslagen"):
        planned(data)


def test_a_column_that_is_missing_is_said_to_be_missing():
    row = {"Artikelnummer": None, **{key: value for key, value in ROW.items() if key != "Kategori"}}
    made = planned(sheets.assortment(row))
    assert [(one.address, one.heading, one.reason) for one in made.faults] == [
        ("", "Kategori", "Kolumnen Kategori saknas i filen. Lägg till den; mallen har den.")
    ]
