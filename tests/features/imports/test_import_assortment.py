"""A member's whole assortment by file: handed in, looked through, taken in - all or nothing."""

from __future__ import annotations

import csv as csv_module
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app import files
from app.accounts.models import RoleName
from app.catalog import search
from app.catalog.imports import actions as imports
from app.catalog.imports.models import BatchState, ImportBatch, ImportNote, OwnNumber
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.picture_models import ArticlePicture
from app.db import db
from app.files import StoredFile
from app.money import Money
from app.pictures import Picture
from app.spreadsheets import door
from tests import make, sheets
from tests.features.import_case import (
    DESK,
    count,
    faults,
    hand_in,
    newest,
)
from tests.people import save, text
from tests.photos import photo
from tests.sheets import BASKET

pytestmark = pytest.mark.both


def test_a_clean_file_becomes_proposals_that_staff_decide_about(visit, kim, member, fruit, work_off):
    rows = [
        {**BASKET, "Kapacitet per vecka": "40", "Leveranstid i arbetsdagar": 3, "Ert artikelnummer": "K-1"},
        {
            **BASKET,
            "Namn": "Äpplen",
            "Enhet": "kg",
            "Ert pris exkl. moms": "1 212,50 kr",
            "Levererar i": "Västra Götalands län",
        },
    ]
    kims = visit(kim.email)
    answer = hand_in(kims, sheets.assortment(*rows))
    page = kims.page(answer.headers["Location"])
    assert "Väntar på" in text(page) or "Läser" in text(page)
    assert page.cssselect("progress")
    work_off()
    page = text(kims.page(answer.headers["Location"]))
    assert "Alla rader kan tas in" in page
    assert "Ta in alla 2 rader" in page
    assert count(Article) == 0
    kims.post(f"{answer.headers['Location']}/ta-in")
    work_off()
    basket, apples = db.session.scalars(select(Article).order_by(Article.id))
    assert (basket.name, basket.number, basket.state) == ("Fruktkorg", "FRU-001", ApprovalState.PROPOSED)
    assert (apples.number, apples.unit, apples.proposed_by.slug) == ("FRU-002", "KGM", "ljungbacken")
    (offering,) = apples.offerings
    assert (offering.member_price, offering.state) == (Money(121250), ApprovalState.PROPOSED)
    assert len(offering.municipalities) == 49
    assert (basket.offerings[0].capacity_per_week, basket.offerings[0].lead_days) == (Decimal(40), 3)
    assert db.session.scalars(select(OwnNumber.number)).all() == ["K-1"]
    assert newest().state is BatchState.DONE
    assert "Raderna är intagna" in text(kims.page(answer.headers["Location"]))
    boss = visit(make.make_sam().email)
    assert "Äpplen" in text(boss.page("/personal/katalog/forslag"))
    assert search.hits(["äpplen"]) == [apples.id]


def test_every_faulty_cell_is_told_and_nothing_is_saved_until_somebody_accepts_the_good_rows(
    read, visit, kim, work_off
):
    batch = read(
        BASKET,
        {**BASKET, "Namn": "Päron", "Ert pris exkl. moms": "dyrt", "Enhet": "kilo"},
        {**BASKET, "Namn": "Plommon", "Levererar i": "Mölndal; Lilliput"},
        {**BASKET, "Namn": ""},
    )
    assert batch.state is BatchState.CHECKED
    told = dict(faults())
    assert set(told) == {"D3", "C3", "E4", "A5"}
    assert told["E4"] == "Kommunen ”Lilliput” finns inte. Skriv kommuner eller län med semikolon emellan."
    assert told["A5"] == "Namn saknas."
    assert count(Article) == 0
    kims = visit(kim.email)
    page = kims.page(f"{DESK}/{batch.id}")
    assert "3 rader behöver rättas" in text(page)
    assert "Ta in 1 rad utan fel" in text(page)
    listed = kims.get(f"{DESK}/{batch.id}/fel.csv").data.decode("utf-8-sig")
    rows = list(csv_module.reader(StringIO(listed), delimiter=";"))
    assert rows[0] == ["Rad", "Cell", "Kolumn", "Värde", "Vad som är fel"]
    assert next(row for row in rows if row[1] == "D3")[:4] == ["3", "D3", "Ert pris exkl. moms", "dyrt"]
    kims.post(f"{DESK}/{batch.id}/ta-in")
    work_off()
    assert db.session.scalars(select(Article.name)).all() == ["Fruktkorg"]


def test_a_file_that_is_dropped_leaves_nothing(read, visit, kim, work_off):
    batch = read(BASKET)
    kims = visit(kim.email)
    assert kims.post(f"{DESK}/{batch.id}/avbryt").status_code == 303
    assert kims.post(f"{DESK}/{batch.id}/ta-in").status_code == 409
    work_off()
    assert (count(Article), newest().state) == (0, BatchState.DROPPED)


def test_only_the_member_and_staff_see_a_file(read, visit, kim):
    batch = read(BASKET)
    stranger = visit(make.make_user(member=make.make_kokljus()).email)
    for path in ("", "/lage", "/fel.csv"):
        assert stranger.get(f"{DESK}/{batch.id}{path}").status_code == 404
    for act in ("ta-in", "avbryt"):
        assert stranger.post(f"{DESK}/{batch.id}/{act}").status_code == 404
    assert visit(None).get(f"{DESK}/{batch.id}").status_code == 302
    assert newest().state is BatchState.CHECKED


def test_staff_hand_in_for_a_member_and_finance_only_looks(visit, member, fruit, work_off):
    desk = f"/personal/medlemmar/{member.id}/import"
    sam = visit(make.make_sam().email)
    answer = hand_in(sam, sheets.assortment(BASKET), desk=desk)
    assert answer.headers["Location"].startswith(desk)
    work_off()
    assert "Ta in 1 rad" in text(sam.page(answer.headers["Location"]))
    money = visit(make.make_user(roles=[RoleName.FINANCE]).email)
    assert money.get(answer.headers["Location"]).status_code == 200
    assert money.post(f"{answer.headers['Location']}/ta-in").status_code == 403
    sam.post(f"{answer.headers['Location']}/ta-in")
    work_off()
    assert db.session.scalars(select(Offering.member_id)).all() == [member.id]
    other = make.make_kokljus()
    assert sam.get(answer.headers["Location"].replace(f"/{member.id}/", f"/{other.id}/")).status_code == 404


def test_what_is_no_spreadsheet_is_refused_with_a_sentence(visit, kim, work_off):
    kims = visit(kim.email)
    for data, said in (
        (b"", "tom"),
        (b"%PDF-1.7 \x00\x01", "går inte att läsa"),
        (sheets.csv(("Namn", "Färg"), ("A", "blå")), "Färg"),
        (sheets.csv(("Namn", "Enhet")), "Filen har inga rader"),
    ):
        answer = hand_in(kims, data, name="x.csv")
        if answer.status_code == 303:
            work_off()
            answer = kims.get(answer.headers["Location"])
        assert said in answer.text, data
    assert count(Article) == 0


def test_a_file_of_200_mb_is_turned_away_at_the_door(visit, kim):
    size = {"CONTENT_LENGTH": str(200 * 1024 * 1024)}
    answer = visit(kim.email).post(DESK, environ_overrides=size, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "Gör filen mindre eller dela upp den" in answer.text
    assert count(ImportBatch) == 0


def test_a_file_above_our_own_limit_is_refused_on_the_page(visit, kim, monkeypatch):
    monkeypatch.setattr(door, "LARGEST", 1000)
    answer = hand_in(visit(kim.email), b"PK" + b"\0" * 1000)
    assert answer.status_code == 422
    assert "större än 20 MB" in answer.text


def test_while_it_is_saved_nothing_is_counted(read, visit, kim):
    """Saving is all or nothing: there is no true figure to show."""
    batch = read(BASKET)
    kims = visit(kim.email)
    kims.post(f"{DESK}/{batch.id}/ta-in")
    for phase, said in (("wait", "Väntar på sin tur"), ("save", "Sparar …")):
        newest().phase = phase
        save()
        page = kims.page(f"{DESK}/{batch.id}")
        (bar,) = page.cssselect("progress")
        assert (bar.get("value"), bar.get("max")) == (None, None)
        assert bar.get("aria-label")
        assert said in text(page.cssselect("[role=status]")[0])
        state = kims.get(f"{DESK}/{batch.id}/lage").json
        assert (state["total"], state["counted"], state["said"]) == (0, "", said)


def test_figures_of_many_rows_are_grouped(read, visit, kim):
    batch = read(BASKET)
    batch.counts = {**batch.counts, "rows": 10015, "good": 10015, "new": 10015}
    save()
    page = text(visit(kim.email).page(f"{DESK}/{batch.id}")).replace("\xa0", " ")
    assert "Ta in alla 10 015 rader" in page
    assert "10015" not in page


def test_what_has_been_taken_in_is_no_longer_offered(take_in, visit, kim):
    batch = take_in(BASKET)
    page = text(visit(kim.email).page(f"{DESK}/{batch.id}"))
    assert "Raderna är intagna" in page
    assert "kan tas in" not in page


def test_old_files_are_erased_and_what_they_wrote_stays(take_in, read, clock, work_off):
    take_in({**BASKET, "Bilder": "korg.jpg", "Bildbeskrivningar": "En korg"}, pictures=sheets.parcel(korg__jpg=photo()))
    read(
        {**BASKET, "Namn": "Päron", "Bilder": "päron.jpg", "Bildbeskrivningar": "Päron"},
        pictures=sheets.parcel(päron__jpg=photo(shade=60)),
    )
    assert count(Picture) == 2
    imports.forget_old(clock.move(days=29))
    assert count(ImportBatch) == 2
    imports.forget_old(clock.move(days=2))
    save()
    work_off()
    assert (count(ImportBatch), count(ImportNote), count(Picture), count(ArticlePicture)) == (0, 0, 1, 1)
    assert count(Article) == 1
    assert count(StoredFile, StoredFile.name == "sortiment.xlsx") == 0
    on_disk = {place.name for place in files.folder().glob("*/*")}
    assert on_disk == set(db.session.scalars(db.select(StoredFile.sha256)))


def test_the_template_has_our_columns_choices_and_instructions(visit, kim, fruit):
    kims = visit(kim.email)
    book = load_workbook(BytesIO(kims.get(f"{DESK}/mall.xlsx").data))
    assert book.sheetnames == ["Sortiment", "Läs mig", "Val"]
    assert [cell.value for cell in book["Sortiment"][1]][:3] == ["Artikelnummer", "Ert artikelnummer", "Namn*"]
    assert len(book["Sortiment"].data_validations.dataValidation) == 7
    assert "Frukt" in [cell.value for cell in book["Val"]["A"]]
    assert kims.get(f"{DESK}/mall.csv").data.decode("utf-8-sig").startswith("Artikelnummer;Ert artikelnummer;Namn*;")
