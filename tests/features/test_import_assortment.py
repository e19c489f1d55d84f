"""A member's whole assortment by file: handed in, looked through, taken in - all or nothing."""

from __future__ import annotations

import csv as csv_module
import importlib
import os
import signal
import threading
from contextvars import Context
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app import clock as app_clock
from app import fetching, files
from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.catalog import import_loading, import_writing, imports, picture_actions, search
from app.catalog.change_models import ChangeRequest
from app.catalog.editions import new_edition
from app.catalog.import_models import BatchState, ImportBatch, ImportNote, OwnNumber
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.picture_models import ArticlePicture
from app.db import db, only_reading
from app.files import StoredFile
from app.jobs import Job
from app.money import Money
from app.pictures import Picture
from app.spreadsheets import door
from config import from_env
from tests import make, sheets
from tests.people import save, text
from tests.photos import photo
from tests.servers import environment, flask, free_port, running, wait_until
from tests.sheets import BASKET

DESK = "/medlem/erbjudanden/import"


@pytest.fixture
def fruit(app):
    return make.make_category(slug="frukt", name_sv="Frukt", name_en="Fruit")


@pytest.fixture
def kim(app, fruit):
    """Kim answers for Ljungbacken."""
    return make.make_user(member=make.make_ljungbacken())


@pytest.fixture
def member(kim):
    return db.session.scalars(select(make.Member).where(make.Member.slug == "ljungbacken")).one()


def hand_in(visitor, data: bytes, *, name="sortiment.xlsx", desk=DESK, pictures: bytes | None = None, **fields):
    sent = {"file": (BytesIO(data), name), **fields}
    if pictures is not None:
        sent["parcel"] = (BytesIO(pictures), "bilder.zip")
    return visitor.post(desk, data=sent, content_type="multipart/form-data")


def newest() -> ImportBatch:
    db.session.rollback()
    return db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(1)).one()


def count(model, *conditions) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def notes(kind: str) -> list[ImportNote]:
    query = select(ImportNote).where(ImportNote.batch_id == newest().id, ImportNote.kind == kind)
    return list(db.session.scalars(query.order_by(ImportNote.position)))


def faults() -> list[tuple[str, str]]:
    return [(note.address, note.text) for note in notes("fault")]


@pytest.fixture
def read(visit, kim, work_off):
    """Hand in rows as Kim, and let the worker read them; gives the batch."""

    def reading(*rows, **more) -> ImportBatch:
        answer = hand_in(visit(kim.email), sheets.assortment(*rows), **more)
        assert answer.status_code == 303, answer.text
        work_off()
        return newest()

    return reading


@pytest.fixture
def take_in(read, visit, kim, work_off):
    """The same, and say yes."""

    def taking(*rows, **more) -> ImportBatch:
        batch = read(*rows, **more)
        assert faults() == []
        answer = visit(kim.email).post(f"{DESK}/{batch.id}/ta-in")
        assert answer.status_code == 303, answer.text
        work_off()
        return newest()

    return taking


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


def test_two_presses_take_it_in_once(read, visit, kim, work_off):
    batch = read(BASKET)
    kims = visit(kim.email)
    first, second = (kims.post(f"{DESK}/{batch.id}/ta-in") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 409)
    work_off()
    assert kims.post(f"{DESK}/{batch.id}/ta-in").status_code == 409
    work_off()
    assert count(Article) == 1


def test_a_form_that_is_sent_twice_hands_in_once(visit, kim, work_off):
    kims = visit(kim.email)
    places = {hand_in(kims, sheets.assortment(BASKET), ticket="samma").headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert count(ImportBatch) == 1


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


def test_what_breaks_in_the_middle_leaves_nothing_and_is_done_again(read, visit, kim, work_off, clock, monkeypatch):
    batch = read(BASKET, {**BASKET, "Namn": "Päron"})
    visit(kim.email).post(f"{DESK}/{batch.id}/ta-in")

    def breaks(*_args: object) -> None:
        raise OSError("strömmen gick")

    with monkeypatch.context() as patch:
        patch.setattr(import_writing.indexing, "reindex_many", breaks)
        work_off()
        assert (count(Article), count(Offering), newest().state) == (0, 0, BatchState.WRITING)
    clock.move(minutes=5)
    work_off()
    assert (count(Article), newest().state) == (2, BatchState.DONE)


def test_many_rows_are_written_in_as_many_statements_as_few(read, visit, kim, work_off, queries):
    """Whoever else wants to save waits so long: new articles, and changes that hold at once."""
    told: list[int] = []
    for rows in (10, 60):
        for capacity in (20, 30):
            named = [
                {**BASKET, "Namn": f"{rows} {n}", "Ert artikelnummer": f"{rows}-{n}", "Kapacitet per vecka": capacity}
                for n in range(rows)
            ]
            batch = read(*named)
            assert faults() == []
            visit(kim.email).post(f"{DESK}/{batch.id}/ta-in")
            with queries() as asked:
                work_off()
            assert newest().state is BatchState.DONE
            told.append(len(asked))
    assert told[2] - told[0] <= 3
    assert told[3] - told[1] <= 3
    assert set(db.session.scalars(select(Offering.capacity_per_week))) == {Decimal(30)}
    assert count(AuditEvent, AuditEvent.what == "terms changed") == 70
    assert count(AuditEvent, AuditEvent.what == "proposed", AuditEvent.subject_kind == "Article") == 70


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


def test_pictures_from_a_zip_file_are_proposed_with_their_descriptions(take_in, visit, kim):
    rows = {**BASKET, "Bilder": "korg.jpg; låda.jpg", "Bildbeskrivningar": "En korg med frukt; En låda"}
    take_in(rows, pictures=sheets.parcel(korg__jpg=photo(), låda__jpg=photo(shade=40)))
    hung = db.session.scalars(select(ArticlePicture).order_by(ArticlePicture.position)).all()
    assert [(one.description, one.state, one.handed_in_by.slug) for one in hung] == [
        ("En korg med frukt", "waiting", "ljungbacken"),
        ("En låda", "waiting", "ljungbacken"),
    ]


def test_pictures_are_found_without_their_folder_and_in_any_letters(take_in):
    rows = {**BASKET, "Bilder": "gps.jpg; lada.jpg", "Bildbeskrivningar": "En korg; En låda"}
    take_in(
        rows, pictures=sheets.parcel(**{"bilder/GPS__JPG": photo(), "lada__jpg": photo(shade=9), "b/LADA__jpg": b""})
    )
    assert count(ArticlePicture) == 2


def test_a_picture_that_several_files_may_be_is_a_fault_that_names_them(read):
    read(
        {**BASKET, "Bilder": "gps.jpg", "Bildbeskrivningar": "En korg"},
        pictures=sheets.parcel(**{"a/gps__jpg": photo(), "b/GPS__jpg": photo(shade=9)}),
    )
    ((where, said),) = faults()
    assert where == "F2"
    assert "Flera filer i zip-filen passar: a/gps.jpg; b/GPS.jpg. Skriv hela namnet, med mapp." in said


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


def test_a_file_that_changes_nothing_offers_nothing(read, visit, kim, member, fruit):
    make.make_offering(make.make_article("Äpplen", category=fruit, number="FRU-007"), member)
    batch = read({"Artikelnummer": "FRU-007", "Namn": "Äpplen"})
    kims = visit(kim.email)
    page = kims.page(f"{DESK}/{batch.id}")
    assert "Inget skulle ändras" in text(page)
    assert "Ta in" not in text(page)
    assert page.cssselect(f"form[action$='{batch.id}/ta-in']") == []
    assert kims.post(f"{DESK}/{batch.id}/ta-in").status_code == 409


def test_a_picture_from_the_web_is_fetched_once_however_many_rows_name_it(take_in, monkeypatch):
    asked: list[str] = []

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(photo())

        def log_message(self, *_args: object) -> None:
            """Nobody reads it."""

    monkeypatch.setattr(fetching, "CHILD", "tests.fetching_here")
    monkeypatch.setattr(fetching, "target", lambda address: address)
    with HTTPServer(("127.0.0.1", free_port()), Web) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen = {"Bilder": f"http://127.0.0.1:{server.server_port}/korg.jpg", "Bildbeskrivningar": "En korg"}
        take_in({**BASKET, **seen}, {**BASKET, "Namn": "Päron", **seen})
        server.shutdown()
    assert asked == ["/korg.jpg"]
    assert (count(Picture), count(ArticlePicture)) == (1, 2)


def test_pictures_that_an_article_has_no_room_for_are_told_with_their_row(read, visit, kim, member, fruit, work_off):
    article = make.make_article("Äpplen", category=fruit, number="FRU-007")
    make.make_offering(article, member)
    sam = make.make_sam()
    for shade in range(8):
        picture_actions.add_picture(article, photo(shade=shade * 5), "En bild", by=sam, now=app_clock.now())
    batch = read(
        {"Artikelnummer": "FRU-007", "Bilder": "ny.jpg", "Bildbeskrivningar": "En till", "Kapacitet per vecka": 7},
        pictures=sheets.parcel(ny__jpg=photo(shade=90)),
    )
    visit(kim.email).post(f"{DESK}/{batch.id}/ta-in")
    work_off()
    assert newest().state is BatchState.CHECKED
    assert newest().problem == "Rad 2: Det finns redan 8 bilder. Ta bort en först. Inget är intaget."
    assert db.session.scalars(select(Offering.capacity_per_week)).one() == Decimal(100)


def test_a_picture_that_is_none_or_not_there_is_a_fault_of_its_row(read):
    read(
        {**BASKET, "Bilder": "finns-inte.jpg", "Bildbeskrivningar": "Korg"},
        {**BASKET, "Namn": "Päron", "Bilder": "text.jpg", "Bildbeskrivningar": "Päron"},
        {**BASKET, "Namn": "Plommon", "Bilder": "https://127.0.0.1/bild.jpg", "Bildbeskrivningar": "Plommon"},
        {**BASKET, "Namn": "Druvor", "Bilder": "text.jpg", "Bildbeskrivningar": ""},
        {**BASKET, "Namn": "Kiwi", "Bilder": "../../etc/passwd", "Bildbeskrivningar": "Kiwi"},
        pictures=sheets.parcel(text__jpg=b"ingen bild"),
    )
    told = faults()
    assert [where for where, _reason in told] == ["F2", "F3", "F4", "G5", "F6"]
    assert "Zip-filen har ingen fil" in told[0][1]
    assert "öppen webbplats" in told[2][1]
    assert "Zip-filen har ingen fil" in told[4][1]
    assert count(Picture) == 0


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


def test_a_job_that_has_been_given_up_is_shown_as_broken(visit, kim):
    kims = visit(kim.email)
    place = hand_in(kims, sheets.assortment(BASKET)).headers["Location"]
    job = db.session.get_one(Job, newest().job_id)
    job.state = "failed"
    assert "Något gick sönder hos oss" in text(kims.page(place))
    assert kims.get(f"{place}/lage").json["moving"] is False


def test_the_template_has_our_columns_choices_and_instructions(visit, kim, fruit):
    kims = visit(kim.email)
    book = load_workbook(BytesIO(kims.get(f"{DESK}/mall.xlsx").data))
    assert book.sheetnames == ["Sortiment", "Läs mig", "Val"]
    assert [cell.value for cell in book["Sortiment"][1]][:3] == ["Artikelnummer", "Ert artikelnummer", "Namn*"]
    assert len(book["Sortiment"].data_validations.dataValidation) == 7
    assert "Frukt" in [cell.value for cell in book["Val"]["A"]]
    assert kims.get(f"{DESK}/mall.csv").data.decode("utf-8-sig").startswith("Artikelnummer;Ert artikelnummer;Namn*;")


# A real worker process from here on.


def test_a_worker_killed_while_it_writes_leaves_nothing_and_the_next_takes_all_in_once(house, tmp_path):
    environ = environment(tmp_path, DATABASE_URL=house.another(tmp_path, "law"))
    app = importlib.import_module("app.factory").create_app(from_env(environ))
    Context().run(_hand_in_and_accept, app, 4000)
    with running(flask("worker"), environ, tmp_path / "worker.log") as process:
        wait_until(lambda: Context().run(_batch, app).phase == "save", seconds=90, what="the writing")
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
    killed = Context().run(_batch, app)
    assert (killed.state, Context().run(_articles, app)) == (BatchState.WRITING, 0)
    with running(flask("worker"), environ, tmp_path / "worker.log"):
        wait_until(lambda: Context().run(_batch, app).state is BatchState.DONE, seconds=120, what="all rows")
    assert Context().run(_articles, app) == 4000
    with app.app_context():
        db.engine.dispose()


def _hand_in_and_accept(app, rows: int) -> None:
    with app.app_context():
        make.make_category(slug="frukt", name_sv="Frukt", name_en="Fruit")
        data = sheets.assortment(*({**BASKET, "Namn": f"Korg {number}"} for number in range(rows)))
        sheet = ("sortiment.xlsx", data)
        batch = imports.receive(make.make_ljungbacken(), sheet, None, "en", by=None, now=app_clock.now())
        db.session.commit()
        imports.read_batch(batch.id)
        imports.accept(batch, by=None, now=app_clock.now())
        db.session.commit()


def _batch(app) -> ImportBatch:
    """Only looked at: whoever might write would have to wait until the worker has written."""
    only_reading.set(True)
    with app.app_context():
        batch = db.session.scalars(select(ImportBatch)).one()
        db.session.expunge(batch)
        return batch


def _articles(app) -> int:
    only_reading.set(True)
    with app.app_context():
        return count(Article)
