"""A real house is opened: a command enters the sales company, and its people do the rest in the browser."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.catalog.models import Article
from app.db import db
from app.mail import Letter
from app.members.models import Member, MemberKind
from tests import make
from tests.people import save, text

PASSWORD = "tre-ord-som-ingen-vet"
CHOICE = {"password": PASSWORD, "password_confirm": PASSWORD}
OPTIONS = {
    "--name": "Norrsken Sälj ek. för.",
    "--org-number": "7699990003",
    "--email": "post@norrsken.example",
    "--admin-email": "Ada@Norrsken.example",
    "--admin-name": "Ada Exempel",
}
ADA, KIM = "ada@norrsken.example", "kim@ljungbacken.example"
MEMBER = {
    "name": "Ljungbacken Frukt ek. för.",
    "org_number": "769999-0011",
    "legal_form": "ekonomisk förening",
    "street": "Fruktvägen 1",
    "postcode": "411 01",
    "city": "Göteborg",
    "municipality": "1480",
    "email": "post@ljungbacken.example",
}
PROPOSAL = {
    "name": "Fruktkorg",
    "description": "En korg med frukt.",
    "unit": "H87",
    "vat_class": "food",
    "price": "180,00",
    "capacity": "20",
    "lead_days": "2",
    "areas": ["1480"],
}


def run(app, **changed: str):
    save()
    db.session.remove()
    options = {**OPTIONS, **{f"--{name.replace('_', '-')}": value for name, value in changed.items()}}
    words = [word for pair in options.items() for word in pair]
    return app.test_cli_runner().invoke(args=["open-house", *words])


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def link_in(words: str) -> str:
    return re.search(r"http://localhost(/nytt-losenord/\S+)", words)[1]


def chosen(visit, link: str, email: str):
    """The browser of somebody who has chosen a password and signed in with it."""
    assert visit(None).post(link, data=CHOICE).status_code == 302
    browser = visit(None)
    assert browser.post("/logga-in", data={"email": email, "password": PASSWORD}).status_code == 302
    return browser


def test_from_an_empty_house_to_a_proposed_article(app, visit, outbox):
    app.config["PRODUCTION"] = True
    make.any_category()
    told = run(app)
    assert told.exit_code == 0, told.output
    company = db.session.scalars(select(Member)).one()
    assert (company.kind, company.org_number) == (MemberKind.SALES_COMPANY, "769999-0003")
    assert count(Letter) == 0, "no letter may go out yet"
    ada = chosen(visit, link_in(told.output), ADA)
    assert ada.get("/personal/konton").status_code == 200
    assert ada.fill(f"/personal/medlemmar/{company.id}/andra", {**MEMBER, **_own(company)}).status_code == 303
    where = ada.fill("/personal/medlemmar/ny", MEMBER).location
    assert ada.post(f"{where}/personer", data={"person": "Kim Exempel", "address": KIM}).status_code == 303
    kim = chosen(visit, link_in(outbox.to(KIM)[0].body), KIM)
    category = db.session.scalars(select(make.Category.id)).first()
    answer = kim.fill("/medlem/erbjudanden/ny?sort=goods", {**PROPOSAL, "category": str(category)})
    assert answer.status_code == 303, answer.text
    assert count(Article) == 1
    assert "Fruktkorg" in text(ada.page("/personal/katalog/forslag"))


def _own(company: Member) -> dict[str, str]:
    return {"name": company.name, "org_number": company.org_number, "email": company.email}


def test_a_house_is_opened_once(app):
    assert run(app).exit_code == 0
    again = run(app, name="En annan", org_number="769999-0029", admin_email="bo@norrsken.example")
    assert again.exit_code != 0
    assert "Säljbolaget är redan inskrivet" in again.output
    assert "Traceback" not in again.output
    assert (count(Member), count(User)) == (1, 1)


def test_the_demonstration_is_not_opened_again(demo_app):
    people = count(User)
    assert run(demo_app, org_number="769999-9996").exit_code != 0
    assert count(User) == people


def test_all_that_is_known_can_be_told_at_once(app):
    known = {"street": "Norrgatan 1", "postcode": "41100", "city": "Mölndal", "municipality": "mölndal"}
    numbers = {"vat_number": "SE769999000301", "bankgiro": "999-0003", "phone": "031-390 06 01"}
    assert run(app, **known, **numbers).exit_code == 0
    company = db.session.scalars(select(Member)).one()
    assert (company.street, company.postcode, company.municipality) == ("Norrgatan 1", "411 00", "1481")
    assert (company.vat_number, company.bankgiro) == ("SE769999000301", "999-0003")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"org_number": "769999-0004"},
        {"email": "ingen adress"},
        {"admin_email": "ada"},
        {"admin_name": ""},
        {"municipality": "Atlantis"},
        {"postcode": "4"},
        {"vat_number": "SE1"},
        {"bankgiro": "1"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_stored(app, wrong):
    told = run(app, **wrong)
    assert told.exit_code == 1
    assert told.output.startswith("Error: ")
    assert (count(Member), count(User)) == (0, 0)
