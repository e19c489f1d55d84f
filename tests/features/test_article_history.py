"""All that an article has been can be read: who changed what and when, each state in full, and nothing is lost."""

from __future__ import annotations

import pytest

from app.catalog.changing import queries as change_queries
from app.db import db
from app.money import Money
from tests import make
from tests.features.change_case import again, make_case
from tests.furnished import furnished
from tests.people import text


@furnished
def case(app):
    return make_case()


@pytest.fixture
def sam(case, visit):
    return visit(case.sam.email)


def history(case) -> str:
    return f"/personal/katalog/artikel/{case.article.id}/historik"


def test_each_version_says_who_what_and_why(case, sam):
    asked = case.ask(description="Sex kilo frukt.")
    assert sam.post(f"/personal/katalog/andringar/{asked.id}/ja", data={"revision": "1"}).status_code == 303
    case.publish(price=21900)
    page = sam.page(history(case))
    sheets = page.cssselect("main section.sheet")
    assert [text(sheet.cssselect("h3 a")[0]) for sheet in sheets] == ["Version 3", "Version 2", "Version 1"]
    assert "gäller nu" in text(sheets[0])
    assert [text(one).replace("\xa0", " ") for one in sheets[0].cssselect("ins")] == ["219,00 kr"]
    assert [text(one) for one in sheets[1].cssselect("del")] == ["Fem"]
    assert [text(one) for one in sheets[1].cssselect("ins")] == ["Sex"]
    assert f"/personal/katalog/andringar/{asked.id}" in [link.get("href") for link in sheets[1].cssselect("a")]
    assert "Den första versionen" in text(sheets[2])
    for sheet in sheets:
        assert "Sam Exempel" in text(sheet)
        assert "mån 23 nov" in text(sheet).replace("\xa0", " ")


def test_each_version_is_read_in_full_as_it_was(case, sam):
    case.publish(
        name="Fruktlåda", description="Sju kilo.", allergens=["nuts", "celery"], content="7", content_unit="KGM"
    )
    first = text(sam.page(f"{history(case)}/1")).replace("\xa0", " ")
    second = text(sam.page(f"{history(case)}/2")).replace("\xa0", " ")
    assert "Fem kilo frukt." in first
    assert "gäller inte längre" in first
    assert "212,00 kr" in first
    assert "nötter, selleri" in second
    assert "Sju kilo." in second
    assert "03222000-3" in second
    for number in (0, 3, 2**31 - 1):
        assert sam.get(f"{history(case)}/{number}").status_code == 404


def test_what_members_have_been_paid_is_there_too(case, sam):
    asked = case.ask(case.offering, member_price=19900, municipalities=[make.GOTHENBURG])
    assert sam.post(f"/personal/katalog/andringar/{asked.id}/ja", data={"revision": "1"}).status_code == 303
    rows = sam.page(history(case)).cssselect("tbody tr")
    told = [[text(cell).replace("\xa0", " ") for cell in row.cssselect("td")] for row in rows]
    assert [(cells[0], *cells[3:5]) for cells in told] == [("2", "199,00 kr", "1"), ("1", "190,00 kr", "2")]
    assert "Visa" in told[0][5]
    assert again(case.offering).municipalities == {make.GOTHENBURG}


def test_an_open_request_is_announced(case, sam):
    asked = case.ask(description="Sex kilo.")
    links = [link.get("href") for link in sam.page(history(case)).cssselect("main a")]
    assert f"/personal/katalog/andringar/{asked.id}" in links
    assert "1 ändring väntar" in text(sam.page(f"/personal/katalog/{case.article.id}"))


def test_a_long_history_is_leafed_through(case, sam):
    for number in range(60):
        case.publish(price=20000 + number)
    page = sam.page(history(case))
    assert len(page.cssselect("main section.sheet")) == change_queries.MOST_SHOWN
    older = page.cssselect("main a[href*='fore=']")[0].get("href")
    rest = sam.page(older).cssselect("main section.sheet")
    assert [text(one.cssselect("h3 a")[0]) for one in rest][-1] == "Version 1"
    assert len(rest) == 61 - change_queries.MOST_SHOWN
    assert again(case.article).price == Money(20059)


def test_an_unpublished_article_has_none_and_another_is_not_there(case, sam):
    article = make.make_article("Blomkorg")
    db.session.flush()
    assert "har inte publicerats än" in text(sam.page(f"/personal/katalog/artikel/{article.id}/historik"))
    assert sam.get("/personal/katalog/artikel/99999/historik").status_code == 404


def test_the_history_takes_a_steady_number_of_statements(case, sam, queries):
    for number in range(12):
        case.publish(price=20000 + number)
    sam.page(history(case))
    with queries() as few:
        sam.page(history(case))
    assert len(few) < 14, "\n".join(few)
