"""The rules behind a day's papers: where labels lie, in which order stops are driven, and what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import Money
from app.orders.sheets.labels import FORMATS, LabelSheet
from app.orders.sheets.setting import to_html
from app.orders.sheets.values import Fetched, Item, Parcel, Place, Sheet, SheetKind, Sum, by_customer, stops
from app.papers import Party

FRIDAY = date(2026, 12, 4)
SELLER = Party("Samklang", "769999-0003", "Provgatan 1", "411 01", "Göteborg", "post@samklang.example", "031-700 00 00")
OFFICE = Place("Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480", "031-123 45 67")
BASKET = Item("FRU-1", "Fruktkorg 5 kg", "st", Decimal(6), Decimal(10), Decimal(2), Money(21200), deposit=True)
PARCEL = Parcel(
    assignment=7,
    order=1001,
    ordered_on=date(2026, 11, 23),
    day=FRIDAY,
    member="Ljungbacken Frukt ek. för.",
    customer="Nordbyn Teknik AB",
    org_number="559999-2020",
    to=OFFICE,
    to_member=False,
    own=False,
    items=(BASKET,),
    done=False,
    note="Ring på.",
    order_reference="INK-55",
    waits_for=("5 st Bas, Köksljus",),
    fetched=(Fetched("Fruktkorg 5 kg", Decimal(1), "st"),),
)


def sheet(kind: SheetKind, *parcels: Parcel, **values) -> Sheet:
    """A paper of Ljungbacken's Friday."""
    sums = (Sum("FRU-1", "Fruktkorg 5 kg", "st", Decimal(6), 1),)
    labels = LabelSheet() if kind == SheetKind.LABELS else None
    fixed = {"whose": "Ljungbacken", "all_members": False, "seller": SELLER, "sums": sums, "labels": labels}
    return Sheet(**{"kind": kind, "day": FRIDAY, "parcels": parcels, **fixed, **values})


@pytest.mark.parametrize("one", FORMATS.values(), ids=lambda one: one.key)
def test_labels_lie_on_the_paper_and_not_on_each_other(one):
    places = [one.place(index) for index in range(one.per_page)]
    assert all(left >= 0 and left + one.size[0] <= one.page[0] for left, _ in places)
    assert all(top >= 0 and top + one.size[1] <= one.page[1] for _, top in places)
    for (left, top), (other, higher) in combinations(places, 2):
        assert abs(left - other) >= one.size[0] or abs(top - higher) >= one.size[1]


@given(st.sampled_from(sorted(FORMATS)), st.data(), st.integers(0, 60))
def test_labels_follow_each_other_from_the_first_empty_one(key, data, count):
    paper = FORMATS[key]
    start = data.draw(st.integers(1, paper.per_page))
    places = list(LabelSheet(key, start).places(count))
    assert len(set(places)) == len(places) == count
    assert [page for page, *_ in places] == [(start - 1 + index) // paper.per_page for index in range(count)]
    assert [where for _, *where in places[:1]] == [list(paper.place(start - 1))] * min(1, count)


@pytest.mark.parametrize(
    "wrong", [("9x9", 1, 1), ("3x8", 0, 1), ("3x8", 25, 1), ("1", 2, 1), ("3x8", 1, 0), ("3x8", 1, 21)]
)
def test_a_sheet_that_there_is_not_is_refused(wrong):
    with pytest.raises(ValueError, match="etikett"):
        LabelSheet(*wrong)


PLACES = st.builds(
    replace,
    st.just(OFFICE),
    name=st.sampled_from(["Kontoret", "Köket"]),
    postcode=st.sampled_from(["411 02", "41102", "412 00"]),
    municipality=st.sampled_from(["1480", "1481"]),
)
PARCELS = st.lists(
    st.builds(
        replace,
        st.just(PARCEL),
        to=PLACES,
        own=st.booleans(),
        window=st.sampled_from(["", "08–10"]),
        order=st.integers(1, 99),
    ),
    max_size=12,
)


@given(PARCELS)
def test_everything_is_left_at_one_stop_and_neighbours_follow_each_other(parcels):
    found = stops(parcels)
    left = [parcel for stop in found for parcel in stop.parcels]
    assert sorted(map(repr, left)) == sorted(repr(one) for one in parcels if not one.own)
    for stop in found:
        assert {(one.to.name, one.to.street, one.window) for one in stop.parcels} == {
            (stop.place.name, stop.place.street, stop.window)
        }
    towns = [stop.place.municipality for stop in found]
    assert towns == sorted(towns)
    assert sorted(repr(one) for _, some in by_customer(parcels) for one in some) == sorted(map(repr, parcels))


@given(*(st.decimals(0, 1000, places=1) for _ in range(3)))
def test_what_is_left_is_never_less_than_nothing(ordered, earlier, quantity):
    item = replace(BASKET, ordered=ordered, earlier=earlier, quantity=quantity)
    assert item.left == max(0, ordered - earlier - quantity)


def test_the_route_says_what_to_leave_and_what_to_fetch():
    page = to_html(sheet(SheetKind.ROUTE, replace(PARCEL, window="08–10")))
    for words in (
        "Göteborg</h2>",
        "1. Kontoret, 08–10",
        "Telefon 031-123 45 67",
        "Ring på.",
        "6 st Fruktkorg 5 kg",
        "1 st",
    ):
        assert words in page.replace("\u00a0", " ")
    assert page.count("Hämta:") == 2


@pytest.mark.parametrize("kind", SheetKind)
def test_what_people_write_is_text_and_a_day_without_work_is_a_paper_too(kind):
    strange = replace(PARCEL, note="<script>x</script>", to=replace(OFFICE, name="<b>Kontoret</b>"), customer="<i>")
    page = to_html(sheet(kind, strange))
    assert "<script>" not in page
    assert "<b>Kontoret" not in page
    assert "</html>" in to_html(sheet(kind, sums=()))
