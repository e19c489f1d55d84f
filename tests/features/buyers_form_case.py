"""A tender whose buyer has a form of its own, handed in, looked through and taken in as staff do it."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select

from app import clock as app_clock
from app.db import db
from app.tenders.models import TenderRequirement
from tests.features.bid_case import Case
from tests.people import document, save


def furnish() -> Case:
    """A tender with one row, one requirement (A1) and a draft bid."""
    made = Case(app_clock.now())
    save()
    return made


def upload(browser, case, data: bytes, name: str = "krav.xlsx", ticket: str = "t1"):
    sent = {"file": (BytesIO(data), name), "ticket": ticket}
    return browser.post(f"{case.where}/formular", data=sent, content_type="multipart/form-data")


def handed_in(browser, case, work_off, data: bytes, name: str = "krav.xlsx", ticket: str = "t1") -> str:
    """The form's address, once it has been read."""
    answer = upload(browser, case, data, name, ticket)
    assert answer.status_code == 303, answer.text
    work_off()
    return answer.headers["Location"]


def review(browser, where: str, position: int = 0, **chosen: str):
    """The page that shows what would be taken in, after the columns as they were guessed or chosen."""
    page = browser.page(f"{where}/tabell/{position}")
    form = page.cssselect("main form[method=get]")[0]
    values = dict(form.form_values()) | chosen
    return browser.get(form.get("action"), query_string=values)


def take_in(browser, where: str, position: int = 0, **chosen: str):
    seen = review(browser, where, position, **chosen)
    assert seen.status_code == 200, seen.text
    form = document(seen).cssselect("main form[method=post]")[0]
    return browser.post(form.get("action"), data=dict(form.form_values()))


def requirements(case) -> dict[str, TenderRequirement]:
    db.session.expire_all()
    query = select(TenderRequirement).where(TenderRequirement.tender_id == case.tender.id)
    return {each.ref: each for each in db.session.scalars(query.order_by(TenderRequirement.position))}
