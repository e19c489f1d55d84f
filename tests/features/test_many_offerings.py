"""A member with a large assortment finds its way in what it offers."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from app.catalog import indexing
from app.catalog.models import ApprovalState
from app.db import db
from tests import make
from tests.furnished import furnished
from tests.people import save, text

pytestmark = pytest.mark.both

PATH = "/medlem/erbjudanden"


def offer(member, count, state=ApprovalState.APPROVED, name="Vara"):
    """So many articles that the member makes."""
    category = make.any_category()
    for number in range(1, count + 1):
        article = make.make_article(f"{name} {number:03d}", category=category)
        make.make_offering(article, member, state=state)
    indexing.reindex_all()


@furnished
def member(app):
    make.make_category()
    found = make.make_ljungbacken()
    make.make_user(found.email, member=found)
    offer(found, 60)
    offer(found, 3, ApprovalState.PROPOSED, "Förslag")
    offer(make.make_kokljus(), 1, name="Soppa")
    return found


@pytest.fixture
def browser(member, visit):
    return visit(member.email)


def names(page) -> list[str]:
    return [text(one) for one in page.cssselect("main section.sheet h2")]


def test_all_is_found_by_leafing(browser):
    found, path = [], PATH
    while path:
        page = browser.page(path)
        assert len(names(page)) <= 24
        found += names(page)
        path = next((link.get("href") for link in page.cssselect("a[rel=next]")), None)
    assert found == [*(f"Förslag {n:03d}" for n in range(1, 4)), *(f"Vara {n:03d}" for n in range(1, 61))]


def test_one_is_found_by_name_and_by_number(browser):
    assert names(browser.page(f"{PATH}?q=f%C3%B6rslag+002")) == ["Förslag 002"]
    number = db.session.scalars(make.select(make.Article.number).where(make.Article.name == "Vara 041")).one()
    assert names(browser.page(f"{PATH}?q={number}")) == ["Vara 041"]
    assert names(browser.page(f"{PATH}?q=soppa")) == [], "somebody else makes it"


def test_states_are_counted_and_chosen(browser):
    page = browser.page(PATH)
    choices = [text(one) for one in page.cssselect("select[name=lage] option")]
    assert choices == ["Alla (63)", "Godkänd (60)", "Väntar på vårt svar (3)"]
    page = browser.page(f"{PATH}?lage=proposed")
    assert names(page) == [f"Förslag {n:03d}" for n in range(1, 4)]
    assert names(browser.page(f"{PATH}?lage=withdrawn")) == []
    assert browser.get(f"{PATH}?lage=allt").status_code == 404


def test_what_was_asked_for_stays_while_leafing(browser):
    page = browser.page(f"{PATH}?lage=approved&q=vara")
    assert page.cssselect("a[rel=next]")[0].get("href") == f"{PATH}?q=vara&lage=approved&sida=2"


def test_neither_the_page_nor_its_questions_grow_with_the_assortment(browser, member):
    def asked() -> tuple[int, int]:
        statements: list[str] = []

        def note(_conn, _cursor, statement, *_rest):
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        size = len(browser.get(PATH).data)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(statements), size // 1000

    asked()  # What a process looks up once is known from here on.
    few = asked()
    offer(member, 150, name="Fler")
    save()
    more = asked()
    assert more[0] == few[0]
    assert more[1] <= few[1] + 1
