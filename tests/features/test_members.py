"""Staff keep what is true of a member: head counts, papers, absences."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import select

from app.db import db
from app.members.models import Absence, HeadCount, MemberDocument
from tests import make
from tests.furnished import furnished
from tests.people import text

SAM = "sam@samklang.example"


@furnished
def stegvis(app):
    """Stegvis lies close to the gate: 34 of 100."""
    member = make.make_member(slug="stegvis", name="Stegvis Arbetsväg ek. för.")
    make.make_head_count(member, occupied=100, target_group=34)
    make.make_sam()
    db.session.commit()
    return member


def pdf(pages: int = 1, **options: object) -> bytes:
    made, out = pikepdf.new(), BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(out, **options)
    return out.getvalue()


def test_a_count_under_the_gate_is_seen_at_once(stegvis, visit):
    values = {"counted_on": "2026-11-20", "occupied": "100", "target_group": "28", "method": "Personallistan"}
    sam = visit(SAM)
    assert sam.post(f"/personal/medlemmar/{stegvis.id}/rakning", data=values).status_code == 303
    assert "28 % under 30 %" in text(sam.page("/personal/medlemmar")).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_group": "101"},
        {"occupied": "0"},
        {"occupied": "-5"},
        {"occupied": "9" * 400},
        {"occupied": "1,5"},
        {"counted_on": "2027-01-01"},
        {"counted_on": "2001-01-01"},
        {"counted_on": "2026-10-01"},
        {"method": ""},
        {"method": "x" * 5000},
    ],
)
def test_a_count_that_cannot_be_is_refused(stegvis, visit, wrong):
    good = {"counted_on": "2026-11-20", "occupied": "100", "target_group": "40", "method": "Personallistan"}
    answer = visit(SAM).post(f"/personal/medlemmar/{stegvis.id}/rakning", data={**good, **wrong})
    assert answer.status_code == 422
    assert len(db.session.scalars(select(HeadCount)).all()) == 1


def test_a_paper_is_kept_and_shown(stegvis, visit):
    file = (BytesIO(pdf()), "../../försäkring.pdf")
    values = {"kind": "insurance", "title": "Ansvarsförsäkring", "valid_to": "2026-11-01", "file": file}
    sam = visit(SAM)
    assert sam.post(f"/personal/medlemmar/{stegvis.id}/papper", data=values).status_code == 303
    kept = db.session.scalars(select(MemberDocument)).one()
    assert kept.file.name == "försäkring.pdf"
    answer = sam.get(f"/personal/medlemmar/{stegvis.id}/papper/{kept.id}.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert "1 utgångna" in text(sam.page("/personal/medlemmar"))
    other = make.make_member()
    assert sam.get(f"/personal/medlemmar/{other.id}/papper/{kept.id}.pdf").status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>not a pdf</html>",
        b"%PDF-1.7\n% but nothing more",
        pdf(encryption=pikepdf.Encryption(owner="a", user="b")),
        b"MZ\x90\x00" * 100,
    ],
)
def test_a_pdf_that_is_none_is_refused(stegvis, visit, data):
    values = {"kind": "insurance", "title": "Försäkring", "file": (BytesIO(data), "x.pdf")}
    assert visit(SAM).post(f"/personal/medlemmar/{stegvis.id}/papper", data=values).status_code == 422
    assert db.session.scalar(select(MemberDocument)) is None


def test_a_file_too_large_is_turned_away(stegvis, visit):
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n\r\n%PDF-'
    body = part + b"x" * 32_000_000 + b"\r\n--x--\r\n"
    where = f"/personal/medlemmar/{stegvis.id}/papper"
    answer = visit(SAM).post(where, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert db.session.scalar(select(MemberDocument)) is None


def test_an_absence_comes_and_goes(stegvis, visit):
    sam = visit(SAM)
    where = f"/personal/medlemmar/{stegvis.id}/franvaro"
    assert sam.post(where, data={"first_day": "2026-12-10", "last_day": "2026-12-01"}).status_code == 422
    assert sam.post(where, data={"first_day": "2026-12-10", "last_day": "2026-12-11"}).status_code == 303
    absence = db.session.scalars(select(Absence)).one().id
    assert sam.post(f"{where}/{absence}/bort").status_code == 303
    assert sam.post(f"{where}/{absence}/bort").status_code == 409
    assert db.session.scalar(select(Absence)) is None
