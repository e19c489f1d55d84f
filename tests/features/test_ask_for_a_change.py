"""A member asks for something to be otherwise; what customers see stays as it is until staff have said yes."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import catalogflow
from app import clock as app_clock
from app.catalog.changing import changes
from app.catalog.changing import queries as change_queries
from app.catalog.changing.actions import Wish
from app.catalog.changing.models import ChangeAction, ChangeRequest, ChangeState
from app.catalog.models import ApprovalState
from app.db import db
from app.errors import Refused
from app.money import Money
from tests import make
from tests.features.change_case import (
    again,
    article_page,
    make_case,
    offering_page,
    requests,
)
from tests.furnished import furnished
from tests.people import document, text, together


@furnished
def case(app):
    return make_case()


@pytest.fixture
def lena(case, visit):
    return visit(case.user.email)


def test_words_are_asked_for_and_the_article_stays_in_the_shop(case, lena, visit):
    answer = lena.fill(article_page(case), {"description": "Sex kilo frukt.", "note": "Vi packar mer nu."})
    assert answer.status_code == 303
    (asked,) = requests()
    assert (asked.state, asked.base_version, asked.made_by) == (ChangeState.WAITING, 1, "Lena Exempel")
    assert [(row.position, row.kind.value) for row in asked.rows] == [(0, "set_field")]
    assert asked.rows[0].details == {"field": "description", "before": "Fem kilo frukt.", "after": "Sex kilo frukt."}
    assert again(case.article).version == 1
    shown = text(visit().page("/katalog/fruktkorg"))
    assert "Fem kilo frukt." in shown
    assert "Sex kilo" not in shown
    mine = text(lena.page("/medlem/erbjudanden"))
    assert "Ni har bett om en ändring" in mine
    page = lena.page(f"/medlem/andringar/{asked.id}")
    assert [text(node) for node in page.cssselect("del")] == ["Fem"]
    assert [text(node) for node in page.cssselect("ins")] == ["Sex"]


def test_price_and_places_are_asked_for_together(case, lena):
    answer = lena.fill(offering_page(case), {"price": "199,50", "areas": [make.GOTHENBURG, make.BORAS]})
    assert answer.status_code == 303
    (asked,) = requests()
    kinds = [(row.kind.value, row.details) for row in asked.rows]
    assert kinds == [
        ("set_member_price", {"before": 19000, "after": 19950}),
        ("add_place", {"municipality": make.BORAS}),
        ("remove_place", {"municipality": make.MOLNDAL}),
    ]
    offering = again(case.offering)
    assert (offering.member_price, offering.municipalities) == (Money.kronor(190), frozenset(make.SOLD_IN))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"description": ""},
        {"description": "x" * 5001},
        {"description": "x" * 10_000_000},
        {"ingredients": "x" * 5001},
        {"category": "9999"},
        {"category": "ett"},
        {"allergens": ["radium"]},
        {"note": "x" * 501},
        {"name": "Frukt\u202ekorg\ud83d"},
        {},
    ],
    ids=lambda wrong: next((f"{name}={str(value)[:9]!r}" for name, value in wrong.items()), "nothing changed"),
)
def test_an_impossible_wish_is_refused_and_nothing_is_lost(case, lena, wrong):
    if any("\ud83d" in str(value) for value in wrong.values()):
        wrong = {"name": "Frukt\x07korg"}
    answer = lena.fill(article_page(case), {"name": "Fruktkorg", **wrong})
    assert 400 <= answer.status_code < 500
    assert requests() == []
    if answer.status_code == 422:
        assert document(answer).cssselect(".error-summary")


@pytest.mark.parametrize("wrong", [{"price": "0"}, {"price": "gratis"}, {"price": "10000000"}, {"areas": []}, {}])
def test_an_impossible_offer_is_refused(case, lena, wrong):
    assert lena.fill(offering_page(case), {"price": "190", **wrong}).status_code == 422
    assert requests() == []


def test_two_presses_make_one_request(case, visit):
    first, second = visit(case.user.email), visit(case.user.email)
    data, page = {"price": "195", "areas": list(make.SOLD_IN), "base": "1"}, offering_page(case)
    answers = together(
        lambda: first.post(page, data=data).status_code,
        lambda: second.post(page, data=data).status_code,
    )
    assert sorted(answers) == [303, 422]
    assert len(requests()) == 1


def test_who_has_asked_already_comes_to_what_was_asked(case, lena):
    asked = case.ask(description="Sex kilo.")
    answer = lena.get(article_page(case))
    assert answer.status_code == 303
    assert answer.location.endswith(f"/medlem/andringar/{asked.id}/skriv-om")
    page = lena.page(f"/medlem/andringar/{asked.id}/skriv-om")
    assert page.cssselect("#description")[0].value.strip() == "Sex kilo."


def test_what_was_sent_back_is_put_right_and_sent_again(case, lena, visit, outbox):
    asked = case.ask(case.offering, member_price=30000, note="Dyrare äpplen.")
    sam = visit(case.sam.email)
    path = f"/personal/katalog/andringar/{asked.id}"
    assert sam.post(f"{path}/tillbaka", data={"revision": "1", "words": "Högst 200 kr."}).status_code == 303
    assert again(asked).state == ChangeState.RETURNED
    (letter,) = outbox.to(case.member.email)
    assert letter.subject == "Er ändring behöver skrivas om: Fruktkorg"
    assert "Högst 200 kr." in letter.body
    assert f"/medlem/andringar/{asked.id}" in letter.body
    assert "Högst 200 kr." in text(lena.page(f"/medlem/andringar/{asked.id}"))
    assert lena.fill(f"/medlem/andringar/{asked.id}/skriv-om", {"price": "200"}).status_code == 303
    asked = again(asked)
    assert (asked.state, asked.revision, len(asked.rows)) == (ChangeState.WAITING, 2, 1)
    assert asked.rows[0].details["after"] == 20000
    old_page = sam.post(f"{path}/ja", data={"revision": "1"})
    assert old_page.status_code == 409
    assert "skrivits om" in old_page.text
    assert sam.post(f"{path}/ja", data={"revision": "2"}).status_code == 303
    assert again(case.offering).member_price == Money.kronor(200)


def test_taken_back_it_is_gone_from_the_inbox(case, lena, visit):
    asked = case.ask(description="Sex kilo.")
    assert lena.post(f"/medlem/andringar/{asked.id}/ta-tillbaka").status_code == 303
    assert again(asked).state == ChangeState.WITHDRAWN
    again_pressed = lena.post(f"/medlem/andringar/{asked.id}/ta-tillbaka")
    assert again_pressed.status_code == 409
    assert lena.get(f"/medlem/andringar/{asked.id}/skriv-om").status_code == 303
    sam = visit(case.sam.email)
    late = sam.post(f"/personal/katalog/andringar/{asked.id}/ja", data={"revision": "1"})
    assert late.status_code == 409
    assert "Lena Exempel har tagit tillbaka förslaget" in late.text
    assert again(case.article).version == 1


def test_another_members_request_is_not_there(case, visit):
    asked = case.ask(description="Sex kilo.")
    other = make.make_kokljus()
    make.make_user(other.email, member=other)
    stranger = visit(other.email)
    path = f"/medlem/andringar/{asked.id}"
    assert [stranger.get(path).status_code, stranger.get(f"{path}/skriv-om").status_code] == [404, 404]
    assert stranger.post(f"{path}/ta-tillbaka").status_code == 404
    assert stranger.post(f"{path}/skriv-om", data={"name": "Min"}).status_code == 404
    assert stranger.get(article_page(case)).status_code == 404
    assert stranger.get(offering_page(case)).status_code == 404
    assert stranger.post(offering_page(case), data={"price": "1"}).status_code == 404
    assert stranger.get("/medlem/andringar/999999").status_code == 404
    assert again(asked).state == ChangeState.WAITING


def test_an_article_that_others_make_too_is_not_the_members_to_change(case, lena):
    make.make_offering(case.article, make.make_kokljus())
    assert lena.get(article_page(case)).status_code == 404
    case.article.proposed_by = case.member
    assert lena.get(article_page(case)).status_code == 200


def test_what_is_not_sold_cannot_be_changed(case, lena, visit):
    sam = visit(case.sam.email)
    asked = case.ask(description="Sex kilo.")
    assert sam.post(f"/personal/katalog/article/{case.article.id}/withdraw").status_code == 303
    assert lena.get(article_page(case)).status_code == 404
    late = sam.post(f"/personal/katalog/andringar/{asked.id}/ja", data={"revision": "1"})
    assert late.status_code == 409
    assert "borttagen" in late.text
    assert again(case.article).description == "Fem kilo frukt."
    case.offering.state = ApprovalState.WITHDRAWN
    refused = lena.post(offering_page(case), data={"price": "195", "areas": list(make.SOLD_IN)})
    assert refused.status_code == 422


def test_a_member_asks_us_to_stop_selling(case, lena, visit):
    assert lena.post(f"{article_page(case)}/sluta").status_code == 303
    (asked,) = requests()
    assert again(case.article).state == ApprovalState.APPROVED
    sam = visit(case.sam.email)
    assert sam.post(f"/personal/katalog/andringar/{asked.id}/ja", data={"revision": "1"}).status_code == 303
    assert again(case.article).state == ApprovalState.WITHDRAWN
    assert visit().get("/katalog/fruktkorg").status_code == 404


@pytest.mark.parametrize("typed", ["1e5", "1E2", "NaN", "Infinity", "1_000", "٣"])
def test_a_quantity_is_written_in_figures(case, lena, typed):
    page = f"/medlem/erbjudanden/{case.offering.id}"
    before = again(case.offering).capacity_per_week
    answer = lena.post(page, data={"capacity": typed, "lead_days": "2"})
    assert answer.status_code == 422
    assert again(case.offering).capacity_per_week == before


def test_what_is_wrong_is_said_in_plain_words(case, lena):
    page = f"/medlem/erbjudanden/{case.offering.id}"
    assert "Skriv ett helt tal." in lena.post(page, data={"capacity": "5", "lead_days": "snart"}).text
    assert "Skriv datumet som 2026-11-30." in lena.post(f"{page}/paus", data={"first_day": "i morgon"}).text


def test_a_request_concerns_one_thing(case):
    asked = case.ask(description="Sex kilo.")
    asked.offering_id = case.offering.id
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_an_action_of_a_kind_that_nobody_knows_is_refused_and_does_nothing(case):
    asked = case.ask(description="Sex kilo.")
    asked.rows[0].details = {"field": "state", "before": "approved", "after": "withdrawn"}
    db.session.flush()
    with pytest.raises(Refused, match="går inte att läsa"):
        catalogflow.approve(asked, 1, "", by=case.sam, now=app_clock.now())
    assert case.article.version == 1


def test_a_settled_request_moves_no_more(case):
    asked = case.ask(description="Sex kilo.")
    catalogflow.take_back(asked, by=case.user, now=app_clock.now())
    with pytest.raises(Refused, match="återtaget"):
        asked.state = ChangeState.WAITING
    with pytest.raises(Refused):
        catalogflow.send_again(asked, Wish({"description": "Sju."}), by=case.user, now=app_clock.now())


def test_the_list_of_requests_takes_a_steady_number_of_statements(case, lena, queries):
    for number in range(8):
        article = make.make_article(f"Korg {number}")
        make.make_offering(article, case.member)
        case.ask(article, description=f"Ny text {number}.")
    lena.page("/medlem/andringar")
    with queries() as few:
        lena.page("/medlem/andringar")
    assert len(few) < 16, "\n".join(few)
    assert len(change_queries.requests_of(case.member)) == 8
    assert len(db.session.scalars(select(ChangeAction)).all()) == 8
    assert len(db.session.scalars(select(ChangeRequest)).all()) == 8


def test_what_was_wished_is_filled_in_with_what_holds_now_beside_it(case, lena):
    """In a conflict the member's words were thrown away: the form came with what others had written."""
    asked = case.ask(description="Sex kilo.", name="Fruktkorg stor")
    case.publish(description="Sju kilo.")
    page = lena.page(f"/medlem/andringar/{asked.id}/skriv-om")
    described = page.cssselect("textarea[name=description]")[0]
    assert described.text_content().strip() == "Sex kilo."
    now = page.get_element_by_id("description-now")
    assert "Sju kilo." in text(now)
    assert "description-now" in described.get("aria-describedby").split()
    assert page.cssselect("#name-now") == [], "nobody else has touched the name"
    path = f"/medlem/andringar/{asked.id}/skriv-om"
    assert lena.fill(path, {"description": "Sex kilo."}).status_code == 303
    assert not again(asked).has_moved_on
    assert changes.apply(change_queries.state_now(case.article), again(asked).actions)["description"] == "Sex kilo."


def test_a_wished_price_stands_beside_the_one_that_holds_now(case, lena):
    asked = case.ask(case.offering, member_price=19900, municipalities=["1490"])
    case.publish(case.offering, member_price=18500)
    page = lena.page(f"/medlem/andringar/{asked.id}/skriv-om")
    assert page.cssselect("input[name=price]")[0].get("value") == "199"
    assert "185,00 kr" in text(page.get_element_by_id("price-now"))
    chosen = [one.get("value") for one in page.cssselect("input[name=areas]") if one.get("checked") is not None]
    assert chosen == ["1490"]
