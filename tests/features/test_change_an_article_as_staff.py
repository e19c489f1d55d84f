"""Staff change an article or a member's price themselves, or ask a colleague to look first."""

from __future__ import annotations

import pytest

from app.accounts.models import RoleName
from app.catalog import versions
from app.catalog.changing.models import ChangeState
from app.money import Money
from tests import make
from tests.features.change_case import again, article_form, make_case, page_of, requests
from tests.furnished import furnished
from tests.people import text


@furnished
def case(app):
    return make_case()


@pytest.fixture
def sam(case, visit):
    return visit(case.sam.email)


def test_staff_save_and_approve_in_one_step_and_the_history_is_whole(case, sam):
    path = f"/personal/katalog/{case.article.id}"
    assert sam.post(path, data=article_form(case, price="219", description="Sex kilo.")).status_code == 303
    article = again(case.article)
    assert (article.price, article.description, article.version) == (Money.kronor(219), "Sex kilo.", 2)
    (asked,) = requests()
    assert (asked.state, asked.made_by, asked.decided_by) == (ChangeState.APPROVED, "Sam Exempel", "Sam Exempel")
    assert {row.kind.value for row in asked.rows} == {"set_price", "set_field"}
    assert versions.versions_of(article)[0].change_request_id == asked.id


def test_two_colleagues_who_edit_the_same_article_do_not_overwrite_each_other(case, sam):
    path, form = f"/personal/katalog/{case.article.id}", article_form(case)
    assert sam.post(path, data={**form, "description": "Sex kilo."}).status_code == 303
    answer = sam.post(path, data={**form, "description": "Sju kilo."})
    assert answer.status_code == 303
    assert "/andringar/" in answer.location
    article = again(case.article)
    assert (article.description, article.version) == ("Sex kilo.", 2)
    assert "Sju kilo." in text(sam.page(answer.location))


def test_a_colleague_who_is_asked_must_be_another(case, sam, visit):
    path = f"/personal/katalog/{case.article.id}"
    form = article_form(case, description="Sex kilo.", colleague="1", note="Stämmer vikten?")
    answer = sam.post(path, data=form)
    assert answer.status_code == 303
    (asked,) = requests()
    assert (asked.state, asked.note, again(case.article).version) == (ChangeState.WAITING, "Stämmer vikten?", 1)
    assert not sam.page(page_of(asked)).cssselect(f"form[action='{page_of(asked)}/ja']")
    assert sam.post(f"{page_of(asked)}/ja", data={"revision": "1"}).status_code == 409
    make.make_user("stina@samklang.example", name="Stina Exempel", roles=[RoleName.ADMIN])
    assert visit("stina@samklang.example").post(f"{page_of(asked)}/ja", data={"revision": "1"}).status_code == 303
    article = again(case.article)
    assert (article.description, article.version) == ("Sex kilo.", 2)
    assert versions.versions_of(article)[0].published_by == "Stina Exempel"


def test_what_a_colleague_sends_back_is_put_right_on_the_articles_page(case, sam, visit):
    path = f"/personal/katalog/{case.article.id}"
    sam.post(path, data=article_form(case, description="Sex kilo.", colleague="1"))
    (asked,) = requests()
    make.make_user("stina@samklang.example", name="Stina Exempel", roles=[RoleName.ADMIN])
    stina = visit("stina@samklang.example")
    back = stina.post(f"{page_of(asked)}/tillbaka", data={"revision": "1", "words": "Sju, väl?"})
    assert back.status_code == 303
    case.publish(price=21900)
    link = sam.page(page_of(asked)).cssselect("main a[href*='andring=']")[0].get("href")
    form = sam.page(link)
    assert form.cssselect("#description")[0].value.strip() == "Sex kilo."
    assert form.cssselect("#price")[0].get("value") == "219", "what holds now"
    typed = {"description": "Sju kilo.", "base": "2", "andring": str(asked.id), "price": "219"}
    assert sam.post(path, data=article_form(case, **typed)).status_code == 303
    asked = again(asked)
    assert (asked.state, asked.revision, [one.slot for one in asked.actions]) == ("waiting", 2, ["description"])
    assert stina.post(f"{page_of(asked)}/ja", data={"revision": "2"}).status_code == 303
    assert (again(case.article).description, again(case.article).price) == ("Sju kilo.", Money.kronor(219))
    theirs = case.ask(description="Åtta kilo.")
    assert sam.get(f"{path}?andring={theirs.id}").status_code == 404
    assert sam.post(path, data=article_form(case, andring=str(theirs.id))).status_code == 404


def test_staff_take_back_their_own_and_not_a_members(case, sam):
    theirs = case.ask(description="Sex kilo.")
    assert sam.post(f"{page_of(theirs)}/ta-tillbaka").status_code == 404
    form = article_form(case, description="Sju kilo.", colleague="1")
    sam.post(f"/personal/katalog/{case.article.id}", data=form)
    own = requests()[-1]
    assert sam.post(f"{page_of(own)}/ta-tillbaka").status_code == 303
    assert (again(own).state, again(theirs).state) == (ChangeState.WITHDRAWN, ChangeState.WAITING)


def test_a_member_price_that_staff_set_is_a_change_with_a_history(case, sam):
    path = f"/personal/katalog/erbjudande/{case.offering.id}/pris"
    assert sam.post(path, data={"price": "195", "base": "1"}).status_code == 303
    offering = again(case.offering)
    assert (offering.member_price, offering.version) == (Money.kronor(195), 2)
    stale = sam.post(path, data={"price": "200", "base": "1"})
    assert "/andringar/" in stale.location
    assert again(case.offering).member_price == Money.kronor(195)
    assert sam.post(path, data={"price": "195", "base": "2"}).status_code == 409, "nothing to change"
    assert sam.post(path, data={"price": "197", "base": "77"}).status_code == 404, "no such version"
