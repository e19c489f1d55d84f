"""Staff fetch the package of what was handed in, upload it, and lay in the receipt: then the bid is locked."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date, timedelta
from zipfile import ZipFile

import pikepdf
import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import files, jobs
from app.db import db
from app.demo.papers import paper
from app.errors import Refused
from app.tenders import actions, paper_actions, printing, versions
from app.tenders.forms import returning
from app.tenders.models import Bid, BidPackage, BidReceipt, BidVersion, Tender, TenderState
from app.tenders.offers import offer_of
from app.tenders.packing import making
from app.tenders.packing.limits import guessed
from app.tenders.paper_actions import Upload
from app.tenders.secrecy import actions as secrecy
from app.tenders.secrecy.actions import Marking
from bids.package import Portal
from bids.secrecy import SecretKind
from tests import buyers_forms
from tests.features.bid_case import count
from tests.features.buyers_form_case import handed_in, take_in
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_user
from tests.people import document, text, together

HARM = "Konkurrenter kan räkna ut våra inköpsavtal med odlarna och bjuda under oss nästa gång."


@furnished
def case(app) -> JointCase:
    """Handed in: two lots and an appendix."""
    made = JointCase(app_clock.now())
    now = app_clock.now()
    kept = paper_actions.keep(Upload("cv.pdf", paper("Försäkring", ["Gäller."])), now=now)
    paper_actions.attach(made.bid, kept, title="Försäkringsbevis ÅÄÖ", by=made.sam, now=now)
    made.tender.diary_number = "INK 2026/7"
    versions.freeze(made.bid, offer_of(made.bid, now=now), by=made.sam, now=now)
    db.session.commit()
    jobs.work_off()
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def here(case) -> str:
    return f"{case.where}/paket"


def packed(sales, here) -> ZipFile:
    assert sales.post(f"{here}/1").status_code == 303
    jobs.work_off()
    answer = sales.get(f"{here}/1.zip")
    assert answer.status_code == 200
    return ZipFile(io.BytesIO(answer.data))


def receipt(sales, here, **values):
    given = {"file": (io.BytesIO(paper("Kvitto", ["Mottaget."])), "kvitto.pdf"), "received_at": "2026-11-23T09:00"}
    return sales.post(f"{here}/kvitto", data={"version": "1", **given, **values})


def refused(answer) -> str:
    assert answer.status_code == 422
    return text(document(answer).cssselect(".error-summary")[0])


def test_the_package_has_a_folder_for_each_lot_and_true_hashes(case, sales, here):
    found = packed(sales, here)
    names = found.namelist()
    assert names == sorted(names)
    assert {name.partition("/")[0] for name in names} == {
        *("gemensamt", "omrade-1-Centrum", "omrade-2-Norr", "checklista.txt", "manifest.json")
    }
    told = json.loads(found.read("manifest.json"))
    assert {one["path"] for one in told["files"]} == {name for name in names if "/" in name}
    for one in told["files"]:
        data = found.read(one["path"])
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (one["sha256"], one["size"]), one["path"]
    assert "gemensamt/bilaga-1-Försäkringsbevis-ÅÄÖ.pdf" in names
    page = text(sales.page(here))
    assert "Skriv av den" in page
    assert told["files"][0]["sha256"] in page


def test_packed_again_it_is_the_same_and_the_command_line_writes_the_same(case, sales, here, app, tmp_path):
    first, again = packed(sales, here), packed(sales, here)
    assert first.fp.getvalue() == again.fp.getvalue()
    assert count(BidPackage) == 1
    place = tmp_path / "paket"
    run = app.test_cli_runner()
    done = run.invoke(args=["bid-package", str(case.bid.id), "-o", str(place)])
    assert done.exit_code == 0, done.output
    written = {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert written == {name: first.read(name) for name in first.namelist()}
    full = run.invoke(args=["bid-package", str(case.bid.id), "-o", str(place)])
    assert full.exit_code != 0
    assert "inte tom" in full.output
    missing = run.invoke(args=["bid-package", "9999", "-o", str(tmp_path / "b")])
    assert "Det finns inget anbud 9999" in missing.output


def test_what_secrecy_asks_for_goes_along(case, sales, here):
    now = app_clock.now()
    versions.reopen(case.bid, by=case.sam, now=now)
    words = {"what": "Villkoren", "harm": HARM, "until": date(2030, 12, 31)}
    subject = Marking(kind=SecretKind.APPENDIX, of=[case.bid.appendices[0].id], **words)
    secrecy.mark(case.bid, subject, by=case.sam, now=now)
    versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    db.session.commit()
    jobs.work_off()
    sales.post(f"{here}/2")
    jobs.work_off()
    names = ZipFile(io.BytesIO(sales.get(f"{here}/2.zip").data)).namelist()
    for wanted in ("begäran-om-sekretess", "maskerad-kopia-av-anbudet", "anbud-INK-2026-7-version-2"):
        assert f"gemensamt/{wanted}.pdf" in names, wanted


def test_the_buyers_own_form_goes_along_filled_in(case, sales, here, work_off):
    now = app_clock.now()
    versions.reopen(case.bid, by=case.sam, now=now)
    actions.move(case.tender, TenderState.SUBMITTED, by=case.sam, now=now)
    actions.move(case.tender, TenderState.BIDDING, by=case.sam, now=now)
    db.session.commit()
    where = handed_in(sales, case, work_off, buyers_forms.requirement_document(), "Krav åäö.docx")
    take_in(sales, where)
    version = versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    waiting = jobs.enqueue(returning.FILLING, version_id=version.id)
    printing.make_pdf(version.id)
    db.session.commit()
    sales.post(f"{here}/2")
    making.make(db.session.scalars(select(BidPackage)).one().id)
    db.session.commit()
    assert "fylls fortfarande i" in text(sales.page(here))
    jobs.work_off()
    assert db.session.get_one(jobs.Job, waiting.id).state == jobs.JobState.DONE
    db.session.rollback()
    sales.post(f"{here}/2")
    jobs.work_off()
    names = ZipFile(io.BytesIO(sales.get(f"{here}/2.zip").data)).namelist()
    assert "gemensamt/Krav-åäö.docx" in names


def test_a_draft_has_no_package(case, sales, here, app, tmp_path):
    versions.reopen(case.bid, by=case.sam, now=app_clock.now())
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["bid-package", str(case.bid.id), "-o", str(tmp_path / "a")])
    assert done.exit_code != 0
    assert "utkast" in done.output
    assert not (tmp_path / "a").exists()


def test_what_the_system_takes_decides_names_and_is_checked(case, sales, here):
    given = {"portal": "tendsign", "most": "0,1", "longest_name": "24", "plain": "y", "endings": ".PDF, csv"}
    assert sales.post(f"{here}/granser", data=given).status_code == 303
    found = packed(sales, here)
    names = [name.rpartition("/")[2] for name in found.namelist()]
    assert all(name.isascii() and len(name) <= 24 for name in names), names
    assert "TendSign" in found.read("checklista.txt").decode("utf-8-sig")
    page = sales.page(here)
    assert page.cssselect("option[value=tendsign][selected]")
    assert page.cssselect("input[name=endings]")[0].get("value") == "pdf, csv"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"most": "0,01"}, "minst 0,1"),
        ({"most": "mycket"}, "Skriv ett tal"),
        ({"longest_name": "5"}, "minst 12"),
        ({"longest_name": "99999999999999999999"}, "255 tecken"),
        ({"longest_name": "256"}, "högst 255 tecken"),
        ({"endings": "pdf; rm -rf"}, "Skriv filernas ändelser"),
        ({"portal": "annat"}, ""),
    ],
)
def test_limits_that_cannot_be_are_refused(case, sales, here, wrong, says):
    given = {"portal": "other", "most": "", "longest_name": "", "endings": "", **wrong}
    assert says in refused(sales.post(f"{here}/granser", data=given))
    assert db.session.get_one(Tender, case.tender.id).upload_limits == {}


def test_files_that_the_system_will_not_take_are_told(case, sales, here):
    sales.post(f"{here}/granser", data={"portal": "other", "most": "", "longest_name": "", "endings": "docx"})
    packed(sales, here)
    assert "köparens system tar bara docx" in text(sales.page(here))


def test_an_appendix_that_runs_something_is_refused_before_it_is_kept(case):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper("Intyg", ["Gäller."]))) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.save(out)
    with pytest.raises(Refused, match="innehåller ett program"):
        paper_actions.keep(Upload("intyg.pdf", out.getvalue()), now=app_clock.now())


@pytest.mark.both
def test_pressed_twice_the_second_answer_is_the_page_of_what_was_done(case, sales):
    answer = sales.post(f"{case.where}/lamna")
    assert answer.status_code == 303
    assert "Version 1" in text(document(sales.post(f"{case.where}/lamna", follow_redirects=True)))
    assert count(BidVersion) == 1


def test_a_receipt_locks_the_bid_until_it_is_withdrawn(case, sales, here):
    assert receipt(sales, here, reference="K-17").status_code == 303
    kept = db.session.scalars(select(BidReceipt)).one()
    assert (kept.reference, kept.noted_by) == ("K-17", "Sam Exempel")
    page = sales.page(here)
    assert "låst av köparens kvitto" in text(page)
    assert sales.get(f"{here}/kvitto/{kept.id}/fil").data == files.read(kept.file)
    locked = sales.post(f"{case.where}/lamna/nytt-utkast", follow_redirects=True)
    assert "låst av köparens kvitto" in text(document(locked))
    assert not db.session.get_one(Bid, case.bid.id).is_draft
    db.session.rollback()
    assert "Skriv varför" in refused(sales.post(f"{here}/kvitto/{kept.id}/dra-tillbaka", data={"because": " "}))
    sales.post(f"{here}/kvitto/{kept.id}/dra-tillbaka", data={"because": "Fel pris i rad 1.1"})
    assert "Fel pris i rad 1.1" in text(sales.page(here))
    assert sales.post(f"{case.where}/lamna/nytt-utkast").status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Bid, case.bid.id).is_draft


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"received_at": "2026-11-22T10:00"}, "efter att versionen fastställdes"),
        ({"received_at": "2027-01-01T10:00"}, "inte i framtiden"),
        ({"received_at": ""}, ""),
        ({"file": (io.BytesIO(b"MZ\x90"), "kvitto.pdf")}, ""),
    ],
)
def test_a_receipt_that_cannot_be_is_refused_and_nothing_is_locked(case, sales, here, wrong, says):
    assert says in refused(receipt(sales, here, **wrong))
    assert count(BidReceipt) == 0


@pytest.mark.both
def test_two_receipts_at_once_become_one(case, sales, here, visit):
    other = visit(case.sam.email)
    answers = together(lambda: receipt(sales, here), lambda: receipt(other, here))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert count(BidReceipt) == 1


def test_after_the_last_day_nothing_is_withdrawn_here(case, sales, here, clock):
    receipt(sales, here)
    kept = db.session.scalars(select(BidReceipt)).one()
    path, clock.now = f"{here}/kvitto/{kept.id}/dra-tillbaka", case.tender.deadline + timedelta(hours=1)
    assert "binder oss" in refused(sales.post(path, data={"because": "Ångrar oss"}))
    db.session.expire_all()
    assert db.session.get_one(BidReceipt, kept.id).holds


def test_a_package_that_waits_for_its_pdf_is_not_made(case, sales, here):
    now = app_clock.now()
    versions.reopen(case.bid, by=case.sam, now=now)
    versions.freeze(case.bid, offer_of(case.bid, now=now), by=case.sam, now=now)
    db.session.commit()
    answer = sales.post(f"{here}/2", follow_redirects=True)
    assert "inte färdig än" in text(document(answer))
    assert count(BidPackage) == 0


def test_nobody_else_fetches_it(case, sales, here, visit):
    packed(sales, here)
    make_user("van@medlem.example", member=case.van)
    assert visit("van@medlem.example").get(f"{here}/1.zip").status_code == 403
    assert sales.get(f"{here}/7.zip").status_code == 404
    assert sales.get(f"{here}/kvitto/99/fil").status_code == 404


@pytest.mark.parametrize(
    ("system", "portal"),
    [
        ("TendSign", Portal.TENDSIGN),
        ("Mercell TendSign", Portal.TENDSIGN),
        ("www.e-avrop.com", Portal.E_AVROP),
        ("Kommers Annons", Portal.KOMMERS),
        ("", Portal.OTHER),
    ],
)
def test_the_system_is_known_by_its_name(system, portal):
    assert guessed(system) is portal


def test_the_page_asks_the_database_no_more_than_others(case, sales, here, queries):
    packed(sales, here)
    sales.get(here)
    with queries() as seen:
        sales.get(here)
    assert len(seen) <= 15


def test_the_command_line_writes_what_the_system_will_not_take_and_ends_with_1(case, sales, here, app, tmp_path):
    sales.post(f"{here}/granser", data={"portal": "other", "most": "", "longest_name": "", "endings": "docx"})
    done = app.test_cli_runner().invoke(args=["bid-package", str(case.bid.id), "-o", str(tmp_path / "paket")])
    assert done.exit_code == 1
    assert "Att rätta:" in done.stderr
    assert "tar bara docx" in done.stderr
    assert (tmp_path / "paket" / "manifest.json").exists()
