"""Many notices at once: several files, a zip file, a folder. A faulty one is named, and the others are taken in."""

from __future__ import annotations

from zipfile import ZIP_DEFLATED

import pytest
from sqlalchemy import func, select

from app import noticeflow
from app.accounts.models import RoleName
from app.db import db
from app.files import StoredFile
from app.tenders.models import Tender
from app.tenders.noticing.models import NoticeBatch, NoticeBatchLine
from bids.safe_xml import LARGEST
from tests.features.notice_case import CHANGED, FIRST, IMPORT, RESULT, another, upload, zipped
from tests.furnished import furnished
from tests.make import make_sam
from tests.people import document, text

pytestmark = pytest.mark.both
HOSTILE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
BAD = {
    "entities": (HOSTILE, "DOCTYPE"),
    "50 MB": (b"<a>" + b" " * LARGEST + b"</a>", "större än 10 MB"),
    "a wrong namespace": (FIRST.replace("xsd:ContractNotice-2", "xsd:ContractNotice-3"), "följer inte eForms"),
    "cut off": (FIRST[:3000], "inte välformad"),
    "empty": ("", "tom"),
}


@furnished
def office(app):
    make_sam()


@pytest.fixture
def sales(office, visit):
    return visit("sam@samklang.example")


def count(kind) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_several_files_go_through_a_worker_and_a_reload_shows_how_far(sales, work_off):
    where = upload(sales, FIRST, another(201), HOSTILE).location
    page = sales.page(where)
    assert "Väntar på" in text(page)
    assert page.cssselect("[data-progress] progress")
    assert sales.get(f"{where}/lage").json["moving"] is True
    work_off()
    told = text(sales.page(where))
    assert "2.xml" in told
    assert "DOCTYPE" in told
    assert "Nya upphandlingar" in told
    state = sales.get(f"{where}/lage").json
    assert (state["moving"], state["done"], state["total"]) == (False, 3, 3)
    assert count(Tender) == 2
    shown = text(sales.page(f"{where}?visa=new"))
    assert "Fruktkorgar till arbetsplatser" in shown
    assert "Senast inlämnade" in text(sales.page(IMPORT))


def test_a_zip_file_holds_them_in_any_order(sales, work_off):
    files = {
        "a-resultat.xml": RESULT,
        "b/rattad.xml": CHANGED,
        "c.xml": FIRST,
        "las mig.txt": "hej",
        "__MACOSX/c.xml": "x",
    }
    where = upload(sales, zipped(files)).location
    work_off()
    lines = {line.name: line.outcome for line in db.session.scalars(select(NoticeBatchLine))}
    assert lines == {"a-resultat.xml": "result", "b/rattad.xml": "changed", "c.xml": "new", "las mig.txt": "refused"}
    assert "slutar inte på .xml" in text(sales.page(where))
    assert count(Tender) == 1


def test_a_file_of_a_zip_that_is_too_large_is_named_and_the_others_are_taken_in(sales, work_off):
    large = FIRST + "<!--" + "x" * 52 * 1024 * 1024 + "-->"
    where = upload(sales, zipped({"stor.xml": large, "bra.xml": another(301)}, ZIP_DEFLATED)).location
    work_off()
    page = text(sales.page(f"{where}?visa=refused"))
    assert "stor.xml" in page
    assert "större än 10 MB" in page
    assert "De andra är inlästa" in page
    assert count(Tender) == 1


def test_where_nothing_could_be_read_nobody_says_that_the_others_were(sales, work_off):
    where = upload(sales, zipped({"fel.xml": "<x/>"})).location
    work_off()
    assert "De andra är inlästa" not in text(sales.page(where))


def test_a_zip_file_that_is_broken_says_so(sales, work_off):
    where = upload(sales, b"PK\x03\x04 broken").location
    work_off()
    assert "0.xml: Filen är skadad" in text(sales.page(where))
    assert count(Tender) == 0


def test_the_same_form_twice_is_one_batch(sales, work_off):
    first, second = upload(sales, FIRST, another(201)), upload(sales, FIRST, another(201))
    assert first.location == second.location
    work_off()
    assert (count(NoticeBatch), count(Tender)) == (1, 2)


def test_the_same_files_again_make_nothing_twice(sales, work_off):
    upload(sales, FIRST, another(201))
    work_off()
    where = upload(sales, FIRST, another(201), ticket="another").location
    work_off()
    assert "Redan inlästa" in text(sales.page(where))
    assert count(Tender) == 2


def test_a_job_that_runs_again_goes_on_where_it_stopped(sales, work_off):
    upload(sales, FIRST, another(201))
    work_off()
    batch = db.session.scalars(select(NoticeBatch)).one()
    db.session.delete(db.session.scalars(select(NoticeBatchLine).order_by(NoticeBatchLine.position.desc())).first())
    batch.state = "waiting"
    db.session.commit()
    noticeflow.take_in_batch(batch.id)
    db.session.commit()
    outcomes = [line.outcome for line in db.session.scalars(select(NoticeBatchLine).order_by(NoticeBatchLine.position))]
    assert outcomes == ["new", "same"]


def test_a_batch_is_forgotten_after_a_month_and_its_tenders_stay(sales, work_off, clock):
    upload(sales, FIRST, another(201))
    work_off()
    noticeflow.forget_old(clock.move(days=31))
    db.session.commit()
    work_off()
    assert (count(NoticeBatch), count(NoticeBatchLine), count(Tender)) == (0, 0, 2)
    assert count(StoredFile) == 2


def test_others_than_sales_may_not_hand_in_but_may_look(sales, work_off, visit):
    where = upload(sales, FIRST, another(201)).location
    work_off()
    make_sam(RoleName.FINANCE, email="finn@samklang.example", name="Finn Exempel")
    finance = visit("finn@samklang.example")
    assert upload(finance, FIRST).status_code == 403
    assert finance.get(where).status_code == 200
    assert sales.get(f"{IMPORT}/999999").status_code == 404


@pytest.mark.parametrize("what", BAD)
def test_a_folder_with_a_faulty_file_names_it_and_takes_the_others(app, tmp_path, what):
    data, words = BAD[what]
    (tmp_path / "under").mkdir()
    (tmp_path / "bra.xml").write_text(FIRST, encoding="utf-8")
    (tmp_path / "under" / "också bra.XML").write_text(another(201), encoding="utf-8")
    (tmp_path / "fel.xml").write_bytes(data if isinstance(data, bytes) else data.encode())
    (tmp_path / "anteckningar.txt").write_text("x", encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["import-notice", str(tmp_path)])
    assert done.exit_code == 1
    assert f"fel.xml: {done.stderr.split('fel.xml: ')[1][:20]}" in done.stderr
    assert words in done.stderr
    assert "Nya upphandlingar: 2" in done.stdout
    assert "Gick inte att läsa: 1" in done.stdout
    assert "Andra filer, inte lästa: 1" in done.stdout
    assert count(Tender) == 2


def test_the_command_tells_what_a_correction_changes(app, tmp_path):
    run = app.test_cli_runner().invoke
    for name, source in (("1.xml", FIRST), ("2.xml", CHANGED)):
        (tmp_path / name).write_text(source, encoding="utf-8")
    assert run(args=["import-notice", str(tmp_path / "1.xml")]).exit_code == 0
    done = run(args=["import-notice", str(tmp_path / "2.xml")])
    assert "Sista anbudsdag: 12\u00a0maj 2026" in done.stdout
    assert "Rättad: " in done.stdout
    empty = tmp_path / "tom"
    empty.mkdir()
    assert "Det finns ingen fil" in run(args=["import-notice", str(empty)]).stderr


ZONE, DAY = "+02:00</cbc:EndDate><cbc:EndTime>23:59:00+02:00", "2026-05-12"
LOTS = FIRST.index("  <cac:ProcurementProjectLot>")
ODD = {
    "Sista anbudsdag har redan passerat": FIRST.replace(DAY, "2020-05-12"),
    "Tidszonen för sista anbudsdag saknas": FIRST.replace(ZONE, "</cbc:EndDate><cbc:EndTime>12:00:00"),
    "Annonsen har inga anbudsområden": f"{FIRST[:LOTS]}</ContractNotice>",
    "Annonsen har 2 köpare": FIRST,
    "Annonsen har koder som vi inte känner: ”lottery”": FIRST.replace('type">open<', 'type">lottery<'),
}


@pytest.mark.parametrize("words", ODD)
def test_odd_notices_are_taken_in_and_say_what_is_odd(sales, words):
    answer = upload(sales, ODD[words])
    assert answer.status_code == 303
    assert words in text(document(sales.get(answer.location)))
    assert count(Tender) == 1
