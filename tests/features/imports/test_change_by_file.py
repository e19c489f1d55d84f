"""A file that comes again: what it changes, what is asked for, and what has moved since it was read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.catalog.changing.models import ChangeRequest
from app.catalog.editions import new_edition
from app.catalog.imports import actions as imports
from app.catalog.imports import loading as import_loading
from app.catalog.imports.models import BatchState
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.money import Money
from tests import make
from tests.features.import_case import (
    DESK,
    count,
    faults,
    hand_in,
    newest,
    notes,
)
from tests.people import save, text
from tests.sheets import BASKET

pytestmark = pytest.mark.both


def test_what_is_there_now_comes_back_unchanged(read, visit, kim, member, fruit, work_off, tmp_path):
    """Export and import are each other's opposites, in both formats."""
    tricky = make.make_article(
        'Lådor; små, "fina"',
        category=fruit,
        description="=SUM(A1)\n- rad två  med  luft",
        ingredients="@mjöl",
        allergens=["milk", "eggs"],
        min_quantity=Decimal("2.5"),
        content=Decimal(5),
        content_unit="KGM",
        deposit=Money(1250),
        unit="KGM",
        cpv="03222000-3",
        rut=True,
    )
    make.make_offering(tricky, member, capacity_per_week=Decimal("12.5"), municipalities=["1480", "0180"])
    make.make_offering(make.make_article("Äpplen", category=fruit), member, lead_days=0)
    make.make_offering(make.make_article("Utgången", category=fruit), member, state=ApprovalState.WITHDRAWN)
    kims = visit(kim.email)
    for kind in ("xlsx", "csv"):
        data = kims.get(f"{DESK}/lista.{kind}").data
        assert hand_in(kims, data, name=f"lista.{kind}").status_code == 303
        work_off()
        batch = newest()
        assert (faults(), batch.problem) == ([], None)
        assert [(note.value, note.text) for note in notes("change")] == []
        assert (batch.counts["rows"], batch.counts["unchanged"]) == (2, 2)


def test_capacity_and_lead_time_hold_at_once_and_all_else_is_asked_for(take_in, member, fruit):
    article = make.make_article("Äpplen", category=fruit, number="FRU-007")
    offering = make.make_offering(article, member, member_price=Money(10000))
    offering_id = offering.id
    batch = take_in(
        {
            "Artikelnummer": "fru-007",
            "Namn": "Äpplen i låda",
            "Ert pris exkl. moms": "120",
            "Kapacitet per vecka": 55,
            "Levererar i": "Mölndal",
        }
    )
    assert batch.state is BatchState.DONE
    offering = db.session.get_one(Offering, offering_id)
    assert (offering.capacity_per_week, offering.lead_days) == (Decimal(55), 2)
    assert (offering.member_price, offering.article.name) == (Money(10000), "Äpplen")
    asked = db.session.scalars(select(ChangeRequest).order_by(ChangeRequest.id)).all()
    assert [(one.article_id is None, len(one.rows)) for one in asked] == [(False, 1), (True, 2)]
    assert asked[0].made_by == "Person " + asked[0].made_by.removeprefix("Person ")
    (note,) = notes("change")
    assert "Kapacitet per vecka: 100 → 55 (gäller direkt)" in note.text
    assert "Ert pris exkl. moms: 100.00 → 120.00 (väntar på vårt ja)" in note.text


def test_the_same_file_twice_asks_once(take_in, member, fruit):
    make.make_offering(make.make_article("Äpplen", category=fruit, number="FRU-007"), member)
    rows = ({"Artikelnummer": "FRU-007", "Ert pris exkl. moms": 77},)
    take_in(*rows)
    take_in(*rows)
    assert count(ChangeRequest) == 1
    assert db.session.scalars(select(ChangeRequest.revision)).one() == 1


def test_the_members_own_numbers_are_known_again(take_in, read):
    take_in({**BASKET, "Ert artikelnummer": "K-1"})
    batch = read({**BASKET, "Ert artikelnummer": "k-1"})
    assert (faults(), batch.counts["new"], batch.counts["unchanged"] + batch.counts["change"]) == ([], 0, 1)


def test_a_name_that_the_member_has_already_is_no_new_article(take_in, read):
    take_in(BASKET)
    read(BASKET)
    said = "Ni har redan en artikel med det namnet. Skriv FRU-001 i kolumnen Artikelnummer, eller ett annat namn."
    assert faults() == [("A2", said)]


def test_an_article_of_the_catalogue_is_offered_and_not_described_anew(take_in, read, member, fruit):
    make.make_offering(make.make_article("Äpplen", category=fruit, number="FRU-007"), make.make_kokljus())
    row = {"Artikelnummer": "FRU-007", "Ert pris exkl. moms": 99, "Levererar i": "Göteborg"}
    read({**row, "Namn": "Päron"})
    assert faults() == [("D2", "Artikeln finns redan, och här står där: Äpplen. Töm cellen.")]
    take_in(row)
    (offering,) = db.session.scalars(select(Offering).where(Offering.member == member))
    assert (offering.article.number, offering.state) == ("FRU-007", ApprovalState.PROPOSED)


def test_a_number_that_nobody_sells_is_a_fault(read, fruit):
    make.make_article("Hemlig", category=fruit, number="FRU-009", state=ApprovalState.PROPOSED)
    read({**BASKET, "Artikelnummer": "FRU-009"})
    assert faults() == [
        (
            "A2" if faults()[0][0] == "A2" else "F2",
            "Artikelnumret finns inte i katalogen. Lämna cellen tom för en ny artikel.",
        )
    ]


def test_only_whoever_makes_it_alone_may_ask_for_other_words(read, member, fruit):
    article = make.make_article("Äpplen", category=fruit, number="FRU-007")
    make.make_offering(article, member)
    make.make_offering(article, make.make_kokljus())
    read({"Artikelnummer": "FRU-007", "Namn": "Mina äpplen"})
    assert [where for where, _reason in faults()] == ["B2"]


def test_a_file_that_has_lain_is_checked_again_and_says_what_has_moved(read, visit, kim, member, fruit, work_off):
    batch = read(BASKET, {**BASKET, "Namn": "Päron"})
    make.make_offering(make.make_article("Fruktkorg", category=fruit, number="FRU-050"), member)
    kims = visit(kim.email)
    kims.post(f"{DESK}/{batch.id}/ta-in")
    work_off()
    batch = newest()
    assert batch.state is BatchState.CHECKED
    assert count(Article, Article.name == "Päron") == 0
    page = text(kims.page(f"{DESK}/{batch.id}"))
    assert "Katalogen har ändrats sedan filen lästes" in page
    assert "FRU-050" in page
    kims.post(f"{DESK}/{batch.id}/ta-in")
    work_off()
    assert newest().state is BatchState.DONE
    assert count(Article, Article.name == "Päron") == 1


def test_what_changes_between_the_check_and_the_writing_is_seen(read, visit, kim, member, fruit, monkeypatch):
    """Rows are worked out before anybody waits; whoever gets in between makes them be worked out again."""
    batch = read(BASKET)
    visit(kim.email).post(f"{DESK}/{batch.id}/ta-in")
    held = import_loading.hold

    def gets_in_between(whose) -> None:
        make.make_offering(make.make_article("Fruktkorg", category=fruit, number="FRU-050"), whose)
        new_edition()
        db.session.flush()
        held(whose)

    monkeypatch.setattr(import_loading, "hold", gets_in_between)
    imports.write_batch(newest().id)
    save()
    assert newest().state is BatchState.CHECKED
    assert "har ändrats" in (newest().problem or "")
    assert count(Article) == 1


def test_a_file_that_changes_nothing_offers_nothing(read, visit, kim, member, fruit):
    make.make_offering(make.make_article("Äpplen", category=fruit, number="FRU-007"), member)
    batch = read({"Artikelnummer": "FRU-007", "Namn": "Äpplen"})
    kims = visit(kim.email)
    page = kims.page(f"{DESK}/{batch.id}")
    assert "Inget skulle ändras" in text(page)
    assert "Ta in" not in text(page)
    assert page.cssselect(f"form[action$='{batch.id}/ta-in']") == []
    assert kims.post(f"{DESK}/{batch.id}/ta-in").status_code == 409
