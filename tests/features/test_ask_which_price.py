"""Staff ask which price a customer gets, and why no other."""

from __future__ import annotations

from datetime import date

import pytest

from app.catalog.pricing.rules import ListKind
from tests.features.price_list_case import furnish
from tests.furnished import furnished
from tests.people import text
from tests.price_lists import make_housing, make_list


@furnished
def shop(app):
    return furnish()


@pytest.fixture
def sam(shop, visit):
    return visit("sam@samklang.example")


def test_which_price_and_why_and_why_not(shop, sam):
    fruit, nordbyn = shop["fruit"], shop["nordbyn"]
    make_list(ListKind.CUSTOMER, {fruit: [(0, 20000, 16000), (20, 19000)]}, customers=[nordbyn], name="Egen")
    make_list(ListKind.CAMPAIGN, {fruit: 18000}, name="Rea")
    make_list(ListKind.GROUP, {fruit: 19500}, group=make_housing(), name="Brf")
    make_list(ListKind.STANDARD, {fruit: 19000}, name="Nästa år", valid_from=date(2027, 1, 1))
    page = sam.page("/personal/vilket-pris?artikel=FRU-001&kund=nordbyn&antal=4")
    said = text(page).replace("\xa0", " ")
    assert "200,00 kr per enhet" in said
    assert "800,00 kr totalt" in said
    assert "Eget pris enligt prislistan Egen." in said
    assert "160,00 kr (enligt överenskommelse)" in said
    assert "Från 20: 190,00 kr." in said
    answers = {text(line[0]): text(line[-1]) for line in page.cssselect("main table tbody tr")}
    assert answers["Rea"] == "Kundens egen prislista går före."
    assert answers["Brf"] == "Kunden är inte med i gruppen."
    assert answers["Nästa år"] == "Listan gäller först från fre 1 jan 2027."
    later = text(sam.page("/personal/vilket-pris?artikel=FRU-001&antal=1&dag=2027-01-02")).replace("\xa0", " ")
    assert "190,00 kr per enhet" in later


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("artikel=FRU-001&antal=0", 422, "större än noll"),
        ("artikel=FRU-001&antal=1e9", 422, "Skriv antalet med siffror"),
        ("artikel=FRU-001&dag=2026-13-01", 422, "ingen dag"),
        ("artikel=finnsinte", 200, "Ingen artikel i katalogen har de orden"),
        ("artikel=FRU-001&kund=finnsinte", 200, "Ingen kund heter så"),
        ("artikel=%22%27%3B--%25_*&kund=%25", 200, "Ingen"),
        ("artikel=FRU-001&kund=Nordbyn+Teknik+AB&kund_id=99999999999999", 200, "Standardpris"),
    ],
)
def test_a_question_that_cannot_be_answered(shop, sam, query, status, sentence):
    assert sentence in text(sam.page(f"/personal/vilket-pris?{query}", status=status))
