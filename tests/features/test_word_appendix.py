"""A Word file as an appendix: made into a PDF by LibreOffice where it is, else said in words. Nothing is lost."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from app import clock, files, office
from app.db import db
from app.errors import Refused
from app.tenders import word_files
from app.tenders.models import Appendix, Bid, WordFile
from tests.core import bid_files
from tests.features.bid_case import Case, count
from tests.furnished import furnished
from tests.people import document, text

DOCUMENT = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>Intyg om försäkring</w:t></w:r></w:p></w:body></w:document>"
)
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
LINKS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def word(**more: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        parts = {"[Content_Types].xml": TYPES, "_rels/.rels": LINKS, "word/document.xml": DOCUMENT, **more}
        for name, body in parts.items():
            parcel.writestr(name, body)
    return out.getvalue()


@furnished
def case(app) -> Case:
    made = Case(clock.now())
    db.session.commit()
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def hand_in(sales, case, data: bytes):
    given = {"title": "Intyget", "file": (BytesIO(data), "intyg.docx")}
    return sales.post(f"{case.where}/handlingar/bilagor", data=given)


def on_the_path(monkeypatch, folder: Path, script: str) -> None:
    """A program by LibreOffice's name before all others."""
    place = folder / "soffice"
    place.write_text(f"#!/bin/sh\n{script}\n")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_without_libreoffice_it_is_said_in_words(case, sales, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    answer = hand_in(sales, case, word())
    assert answer.status_code == 422
    page = document(answer)
    assert "Spara dokumentet som PDF" in text(page.cssselect(".error-summary")[0])
    assert page.cssselect("input[name=title]")[0].get("value") == "Intyget"
    assert count(Appendix) == 0


def test_what_the_program_makes_is_the_appendix(case, sales, monkeypatch, tmp_path, work_off):
    (tmp_path / "made.pdf").write_bytes(bid_files.paper("Intyg", "Försäkrad."))
    on_the_path(monkeypatch, tmp_path, f'for last; do :; done; cp {tmp_path}/made.pdf "${{last%.docx}}.pdf"')
    assert hand_in(sales, case, word()).status_code == 303
    assert count(Appendix) == 0
    assert "görs om till PDF" in text(sales.page(f"{case.where}/handlingar"))
    work_off()
    assert count(WordFile) == 0
    (appendix,) = db.session.scalars(db.select(Appendix)).all()
    assert (appendix.file.name, appendix.file.media_type) == ("intyg.pdf", "application/pdf")
    assert files.read(appendix.file) == (tmp_path / "made.pdf").read_bytes()


def test_what_failed_is_told_and_tried_again(case, sales, monkeypatch, tmp_path, work_off):
    on_the_path(monkeypatch, tmp_path, "exit 1")
    hand_in(sales, case, word())
    work_off()
    page = sales.page(f"{case.where}/handlingar")
    assert "Intyget gick inte att göra om till PDF" in text(page)
    assert count(Appendix) == 0
    (tmp_path / "made.pdf").write_bytes(bid_files.paper("Intyg", "Försäkrad."))
    on_the_path(monkeypatch, tmp_path, f'for last; do :; done; cp {tmp_path}/made.pdf "${{last%.docx}}.pdf"')
    assert sales.fill(f"{case.where}/handlingar", {}, form="form[action$=igen]").status_code == 303
    work_off()
    assert (count(Appendix), count(WordFile)) == (1, 0)


def test_a_bid_does_not_leave_without_it(case, sales, monkeypatch, tmp_path):
    on_the_path(monkeypatch, tmp_path, "exit 1")
    hand_in(sales, case, word())
    with pytest.raises(Refused, match="inte klar som bilaga"):
        word_files.check_none(db.session.get_one(Bid, case.bid.id))
    db.session.rollback()
    (waiting,) = db.session.scalars(db.select(WordFile.id)).all()
    assert sales.post(f"{case.where}/handlingar/word/{waiting}/ta-bort").status_code == 303
    assert sales.post(f"{case.where}/handlingar/word/{waiting}/ta-bort").status_code == 404
    word_files.check_none(db.session.get_one(Bid, case.bid.id))


def test_the_same_work_done_twice_makes_one_appendix(case, sales, monkeypatch, tmp_path):
    (tmp_path / "made.pdf").write_bytes(bid_files.paper("Intyg", "Försäkrad."))
    on_the_path(monkeypatch, tmp_path, f'for last; do :; done; cp {tmp_path}/made.pdf "${{last%.docx}}.pdf"')
    hand_in(sales, case, word())
    (waiting,) = db.session.scalars(db.select(WordFile.id)).all()
    word_files.convert(waiting)
    db.session.commit()
    word_files.convert(waiting)
    db.session.commit()
    assert count(Appendix) == 1


@pytest.mark.parametrize(
    ("script", "said"), [("exit 1", "går inte att göra om"), ("sleep 30", "för lång tid"), ("kill -9 $$", "går inte")]
)
def test_a_program_that_dies_or_hangs_has_one_outcome(monkeypatch, tmp_path, script, said):
    on_the_path(monkeypatch, tmp_path, script)
    monkeypatch.setattr(office, "MOST_SECONDS", 2)
    with pytest.raises(Refused, match=said):
        office.to_pdf(word())


def test_macros_and_bombs_are_refused_before_anything_opens_them():
    with pytest.raises(Refused, match="makron"):
        office.to_pdf(word(**{"word/vbaProject.bin": "x"}))
    with pytest.raises(Refused, match="orimligt stor"):
        office.to_pdf(word(**{"word/media/a.bin": "0" * (office.MOST_UNPACKED + 1)}))


def test_what_is_no_word_file():
    assert office.is_word(word())
    for data in (b"", b"PK\x03\x04trasig", b"%PDF-1.7", bid_files.picture()):
        assert not office.is_word(data)


@pytest.mark.skipif(not office.program(), reason="LibreOffice is not installed")
def test_libreoffice_itself_makes_a_pdf_of_it():
    assert shutil.which("soffice") or shutil.which("libreoffice")
    assert office.to_pdf(word())[:5] == b"%PDF-"


@pytest.mark.parametrize("there", [True, False])
def test_word_is_offered_only_where_a_program_makes_a_pdf_of_it(case, sales, monkeypatch, tmp_path, there):
    monkeypatch.setenv("PATH", "/nowhere")
    if there:
        on_the_path(monkeypatch, tmp_path, "exit 1")
    pages = [f"{case.where}/handlingar", f"{case.where}/handlingar/part/{case.bid.parties[0].id}", case.answer_url]
    for path in [*pages, f"{case.where}/kompletteringar", "/personal/upphandlingar/bibliotek/ny"]:
        page = sales.page(path)
        (field,) = page.cssselect("main input[type=file]")
        words = text(page.cssselect(f"label[for={field.get('id')}]")[0])
        assert (("Word" in words), (".docx" in field.get("accept"))) == (there, there), path
