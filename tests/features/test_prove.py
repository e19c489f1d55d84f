"""Staff write down what proves a member's purpose; members tell what came of the year, and staff check it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.audit import AuditEvent
from app.catalog import indexing
from app.db import db
from app.members.proof_models import Certificate, OutcomeYear, SocialProof
from tests import make
from tests.furnished import furnished
from tests.people import save, text, together

SAM = "sam@samklang.example"
YEAR = {"year": "2025", "places": "58", "hours": "41200", "to_work": "9", "to_studies": "5"}


@furnished
def ljungbacken(app):
    make.make_sales_company()
    member = make.make_ljungbacken()
    make.make_user(member.email, member=member)
    make.make_offering(make.make_article("Fruktkorg"), member)
    make.make_sam()
    indexing.reindex_all()
    save()
    return member


def years() -> list[OutcomeYear]:
    db.session.expire_all()
    return list(db.session.scalars(select(OutcomeYear).order_by(OutcomeYear.year)))


def room(member) -> str:
    return f"/personal/medlemmar/{member.id}/sida"


def test_a_criterion_is_checked_and_checked_again(ljungbacken, visit):
    sam = visit(SAM)
    path = f"{room(ljungbacken)}/kriterium/purpose"
    good = {"fulfilled": "y", "how": "Stadgarnas § 2", "checked_on": "2026-11-20"}
    assert sam.post(path, data=good).status_code == 303
    assert sam.post(path, data={**good, "how": "Stadgarnas § 3"}).status_code == 303
    row = db.session.scalars(select(SocialProof)).one()
    assert (row.how, row.checked_by, row.fulfilled) == ("Stadgarnas § 3", "Sam Exempel", True)
    assert "Stadgarnas § 3" in text(visit().page("/medlemmar/ljungbacken"))
    assert "checked" in db.session.scalars(select(AuditEvent.what)).all()


@pytest.mark.parametrize(
    "wrong", [{"how": ""}, {"how": "x" * 301}, {"checked_on": "2026-11-24"}, {"checked_on": "0205-01-01"}]
)
def test_a_criterion_that_cannot_be_is_refused(ljungbacken, visit, wrong):
    good = {"fulfilled": "y", "how": "Stadgarnas § 2", "checked_on": "2026-11-20"}
    assert visit(SAM).post(f"{room(ljungbacken)}/kriterium/purpose", data={**good, **wrong}).status_code == 422
    assert db.session.scalar(select(SocialProof)) is None


def test_certificates_come_and_go(ljungbacken, visit):
    sam, path = visit(SAM), f"{room(ljungbacken)}/certifikat"
    good = {"name": "Skoopi", "number": "A-1", "issued_on": "2025-05-12", "valid_to": "2028-05-11"}
    assert sam.post(path, data=good).status_code == 303
    assert "A-1" in text(visit().page("/medlemmar/ljungbacken"))
    for wrong in (
        {},
        {"number": ""},
        {"number": "A-2", "valid_to": "2025-05-11"},
        {"number": "A-2", "valid_to": "2045-01-01"},
        {"number": "A-2", "issued_on": "2027-01-01"},
    ):
        assert sam.post(path, data={**good, **wrong}).status_code == 422, wrong
    row = db.session.scalars(select(Certificate)).one()
    other = make.make_kokljus()
    assert sam.post(f"{room(other)}/certifikat/{row.id}/bort").status_code == 404
    assert sam.post(f"{path}/{row.id}/bort").status_code == 303
    assert "A-1" not in text(visit().page("/medlemmar/ljungbacken"))


def test_a_members_figures_are_seen_when_staff_have_checked_them(ljungbacken, visit):
    lova, sam = visit(ljungbacken.email), visit(SAM)
    assert lova.post("/medlem/sida/ar", data=YEAR).status_code == 303
    assert lova.post("/medlem/sida/ar", data={**YEAR, "places": "60"}).status_code == 303
    assert [(row.places, row.is_checked) for row in years()] == [(60, False)]
    assert "Vad det har gett" not in text(visit().page("/medlemmar/ljungbacken"))
    assert "1 medlems siffror ska kontrolleras" in text(sam.page("/personal/medlemmar"))
    seen = {name: YEAR[name] for name in ("places", "hours", "to_work", "to_studies")}
    assert sam.post(f"{room(ljungbacken)}/utfall/2025/ratt", data=seen).status_code == 409, "they said 60 meanwhile"
    assert sam.fill(room(ljungbacken), {}, form="form[action$=ratt]").status_code == 303
    assert "60" in text(visit().page("/medlemmar/ljungbacken").cssselect("main tbody tr")[0])
    late = lova.post("/medlem/sida/ar", data={**YEAR, "places": "99"})
    assert late.status_code == 422
    assert "Be säljbolaget att ändra dem" in late.text
    assert years()[0].places == 60


def test_what_staff_enter_is_checked(ljungbacken, visit):
    sam = visit(SAM)
    assert sam.post(f"{room(ljungbacken)}/utfall", data=YEAR).status_code == 303
    assert sam.fill(f"{room(ljungbacken)}/utfall?ar=2025", {"places": "61"}).status_code == 303
    assert [(row.places, row.hours, row.checked_by) for row in years()] == [(61, 41200, "Sam Exempel")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "2026"},
        {"year": "1999"},
        {"year": "9" * 400},
        {"places": "-1"},
        {"places": "1,5"},
        {"places": ""},
        {"places": "13"},
        {"to_work": "54", "to_studies": "5"},
        {"hours": "145001"},
        {"hours": "9" * 30},
        {"to_work": "många"},
    ],
)
def test_figures_that_cannot_be_are_refused_and_nothing_typed_is_lost(ljungbacken, visit, wrong):
    for browser, path in ((visit(ljungbacken.email), "/medlem/sida/ar"), (visit(SAM), f"{room(ljungbacken)}/utfall")):
        answer = browser.post(path, data={**YEAR, **wrong})
        assert answer.status_code == 422
        if "to_studies" not in wrong:
            assert 'value="5"' in answer.text
    assert years() == []


def test_two_presses_make_one_year(ljungbacken, visit):
    first, second = visit(ljungbacken.email), visit(ljungbacken.email)
    answers = together(
        lambda: first.post("/medlem/sida/ar", data=YEAR).status_code,
        lambda: second.post("/medlem/sida/ar", data=YEAR).status_code,
    )
    assert set(answers) <= {303, 422}
    assert 303 in answers
    assert len(years()) == 1


def test_a_member_tells_who_it_is(ljungbacken, visit):
    lova = visit(ljungbacken.email)
    assert lova.post("/medlem/sida/text", data={"about": "Vi är nya <b>här</b>."}).status_code == 303
    page = visit().get("/medlemmar/ljungbacken").text
    assert "Vi är nya &lt;b&gt;här&lt;/b&gt;." in page
    assert "Vi är nya" in text(lova.page("/medlem/sida"))
    for wrong in ("", "   ", "x" * 2001):
        assert lova.post("/medlem/sida/text", data={"about": wrong}).status_code == 422


def test_the_doors(ljungbacken, visit):
    finance = make.make_user("fia@samklang.example", roles=[make.RoleName.FINANCE])
    company = make.db.session.scalars(select(make.Member).where(make.Member.slug == "samklang")).one()
    assert visit(finance.email).get(room(ljungbacken)).status_code == 200
    assert visit(finance.email).post(f"{room(ljungbacken)}/utfall", data=YEAR).status_code == 403
    assert visit(ljungbacken.email).get(room(ljungbacken)).status_code == 403
    assert visit(SAM).get(room(company)).status_code == 404
    assert visit(SAM).get(f"{room(ljungbacken)}/kriterium/annat").status_code == 404
    assert visit(SAM).post(f"{room(ljungbacken)}/utfall/2025/ratt").status_code == 404
    assert visit().get("/medlem/sida").status_code == 302
    assert visit(SAM).get("/medlem/sida").status_code == 403
    assert years() == []
