"""A member takes back all that a file has proposed, as far as nobody has answered it."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.audit import AuditEvent
from app.catalog import actions
from app.catalog.changing.models import ChangeRequest
from app.catalog.imports.models import ImportBatch
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.money import Money
from tests import make, sheets
from tests.people import text
from tests.sheets import BASKET

DESK = "/medlem/erbjudanden/import"


@pytest.fixture
def browser(app, visit):
    make.make_category(slug="frukt", name_sv="Frukt", name_en="Fruit")
    return visit(make.make_user(member=make.make_ljungbacken()).email)


@pytest.fixture
def take_in(browser, work_off, clock):
    """Hand in rows and say yes to them; gives the file's page."""

    def taking(*rows) -> str:
        sent = {"file": (BytesIO(sheets.assortment(*rows)), "sortiment.xlsx")}
        clock.move(minutes=1)
        path = browser.post(DESK, data=sent, content_type="multipart/form-data").location
        work_off()
        assert browser.post(f"{path}/ta-in").status_code == 303
        work_off()
        return path

    return taking


def states() -> dict[str, tuple[str, str]]:
    db.session.rollback()
    query = select(Article.name, Article.state, Offering.state).join(Offering)
    return {name: (article.value, offering.value) for name, article, offering in db.session.execute(query)}


def test_what_still_waits_is_taken_back_and_nothing_else(browser, take_in):
    kept = take_in({**BASKET, "Namn": "Gammal"})
    tea = make.make_article("Te", number="FRU-900")
    db.session.commit()
    path = take_in(
        {**BASKET, "Namn": "Ett"},
        {**BASKET, "Namn": "Två"},
        {"Artikelnummer": tea.number, "Ert pris exkl. moms": 90, "Levererar i": "Göteborg"},
    )
    two = db.session.scalars(select(Article).where(Article.name == "Två")).one()
    actions.approve_article(two, Money.kronor(900), "03222000-3", by=make.make_sam(), now=app_clock.now())
    page = browser.page(path)
    assert "2 förslag från filen väntar på svar" in text(page)
    answer = browser.post(f"{path}/ta-tillbaka", follow_redirects=True)
    assert "2 förslag är återtagna." in answer.text
    assert "Ta tillbaka alla förslag" not in answer.text
    assert states() == {
        "Gammal": ("proposed", "proposed"),
        "Ett": ("withdrawn", "withdrawn"),
        "Två": ("approved", "approved"),
        "Te": ("approved", "withdrawn"),
    }
    act = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "proposals taken back")).one()
    assert act.details["count"] == 2
    assert browser.post(f"{path}/ta-tillbaka").status_code == 409
    assert "1 förslag från filen väntar" in text(browser.page(kept))


def test_another_members_file_is_not_there(take_in, visit):
    path = take_in({**BASKET, "Namn": "Ett"})
    other = make.make_kokljus()
    make.make_user(other.email, member=other)
    assert visit(other.email).post(f"{path}/ta-tillbaka").status_code == 404
    assert states() == {"Ett": ("proposed", "proposed")}


def test_what_is_not_taken_in_has_nothing_to_take_back(browser, work_off):
    sent = {"file": (BytesIO(sheets.assortment(BASKET)), "sortiment.xlsx")}
    path = browser.post(DESK, data=sent, content_type="multipart/form-data").location
    work_off()
    assert browser.post(f"{path}/ta-tillbaka").status_code == 409
    assert db.session.scalars(select(ImportBatch)).one().finished_at is None
    assert ApprovalState.WITHDRAWN not in set(db.session.scalars(select(Offering.state)))


def test_a_new_file_puts_right_what_still_waits(browser, take_in):
    """Rows that met their own waiting proposals were told to wait for our answer."""
    take_in({**BASKET, "Ert artikelnummer": "K-1"})
    number = db.session.scalars(select(Article.number)).one()
    take_in(
        {
            **BASKET,
            "Artikelnummer": number,
            "Namn": "Stor fruktkorg",
            "Ert pris exkl. moms": 270,
            "Levererar i": "Göteborg",
            "Kapacitet per vecka": 7,
        }
    )
    db.session.rollback()
    article = db.session.scalars(select(Article)).one()
    (offering,) = article.offerings
    assert (article.name, article.state, article.price) == ("Stor fruktkorg", "proposed", Money.kronor(300))
    assert (offering.member_price, offering.state) == (Money.kronor(270), ApprovalState.PROPOSED)
    assert (offering.municipalities, offering.capacity_per_week) == ({"1480"}, 7)
    assert "proposal rewritten" in db.session.scalars(select(AuditEvent.what)).all()
    assert db.session.scalars(select(ChangeRequest)).all() == []


def test_a_new_file_puts_right_the_terms_of_an_offer_but_not_what_others_sell(browser, take_in, work_off):
    tea = make.make_article("Te", number="FRU-900")
    row = {"Artikelnummer": tea.number, "Ert pris exkl. moms": 90, "Levererar i": "Göteborg"}
    take_in(row)
    take_in({**row, "Ert pris exkl. moms": 95})
    db.session.rollback()
    assert db.session.scalars(select(Offering.member_price)).one() == Money.kronor(95)
    sent = {"file": (BytesIO(sheets.assortment({**row, "Namn": "Kaffe"})), "sortiment.xlsx")}
    answer = browser.post(DESK, data=sent, content_type="multipart/form-data")
    work_off()
    assert "Här står Te i katalogen" in text(browser.page(answer.location))
    assert db.session.scalars(select(Article.name)).one() == "Te"
