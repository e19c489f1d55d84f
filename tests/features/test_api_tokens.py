"""A person makes a token for a system, sees it once, and revokes it; and whoever has none is not let in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.db import db
from app.pages.api import door
from app.tokens.models import ApiToken
from tests import make, order_case
from tests.features.api_case import system
from tests.furnished import furnished
from tests.order_case import BUYER
from tests.people import document, text

PAGE = "/system/nycklar"
FORM = "form[action$='/nycklar']"


@furnished
def fruit(app):
    return order_case.furnish()


def made(visit, email=BUYER, **values):
    """The secret of a new token, as its owner reads it."""
    answer = visit(email).fill(PAGE, {"name": "Inköp", **values}, form=FORM)
    assert answer.status_code == 200
    return document(answer).cssselect(".secret code")[0].text


def me(visit, secret):
    return visit(None).get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})


def test_a_token_is_shown_once_and_opens_the_door(fruit, visit, clock):
    secret = made(visit)
    page = visit(BUYER).page(PAGE)
    assert secret not in page.text_content()
    assert secret[:12] in text(page.cssselect("main")[0])
    assert "Aldrig" in text(page.cssselect("main")[0])
    assert secret not in str([vars(one) for one in db.session.scalars(select(ApiToken))])
    assert me(visit, secret).json["organisation"] == "Nordbyn Teknik AB"
    assert "Aldrig" not in text(visit(BUYER).page(PAGE).cssselect("main")[0])


def test_its_use_is_written_down_now_and_then(fruit, visit, clock, queries):
    secret = made(visit)
    me(visit, secret)
    token = db.session.scalars(select(ApiToken)).one()
    first = token.last_used_at
    clock.move(minutes=5)
    with queries() as asked:
        me(visit, secret)
    assert not [one for one in asked if one.startswith("UPDATE")]
    clock.move(minutes=6)
    me(visit, secret)
    db.session.expire_all()
    assert db.session.scalars(select(ApiToken)).one().last_used_at > first


def test_a_revoked_token_opens_nothing(fruit, visit):
    secret = made(visit)
    answer = visit(BUYER).fill(PAGE, {}, form="form[action$='/aterkalla']")
    assert answer.status_code == 303
    answer = me(visit, secret)
    assert (answer.status_code, answer.json["type"]) == (401, "/api/v1/problems/not-signed-in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Återkallad" in text(visit(BUYER).page(PAGE).cssselect("main")[0])


def test_a_token_grows_old(fruit, visit, clock):
    secret = made(visit, days="30")
    clock.move(days=29)
    assert me(visit, secret).status_code == 200
    clock.move(days=2)
    assert me(visit, secret).status_code == 401


def test_a_closed_account_closes_its_tokens(fruit, visit):
    secret = made(visit)
    token = db.session.scalars(select(ApiToken)).one()
    token.seat.user.active = False
    assert me(visit, secret).status_code == 401


def test_a_session_means_nothing_here(fruit, visit):
    assert visit(BUYER).get("/api/v1/me").status_code == 401
    for shown in ("Bearer", "Bearer ", "Bearer samsalj_fel", "Basic a2FsbGU6aGVq", "bearer \xe5", "x" * 5000):
        assert visit(None).get("/api/v1/me", headers={"Authorization": shown}).status_code == 401


def test_another_persons_token_is_not_ones_own(fruit, visit):
    made(visit)
    token = db.session.scalars(select(ApiToken)).one()
    make.make_user("annan@kund.example", customer=make.make_customer())
    assert "Inköp" not in visit("annan@kund.example").get(PAGE).text
    assert visit("annan@kund.example").post(f"{PAGE}/{token.id}/aterkalla").status_code == 404


def test_the_page_is_for_those_who_act_for_somebody(fruit, visit):
    assert visit(None).get(PAGE).status_code == 302
    assert visit("sam@samklang.example").get(PAGE).status_code == 403


@pytest.mark.parametrize("values", [{"name": ""}, {"name": "x" * 81}, {"days": "9999"}, {"name": " "}])
def test_what_cannot_be_is_refused(fruit, visit, values):
    assert visit(BUYER).fill(PAGE, {"name": "Inköp", **values}).status_code == 422
    assert db.session.scalars(select(ApiToken)).all() == []


def test_there_is_an_end_to_them(fruit, visit):
    for _ in range(20):
        made(visit)
    answer = visit(BUYER).fill(PAGE, {"name": "En till"}, form=FORM)
    assert answer.status_code == 422
    assert "Återkalla en" in answer.text


@pytest.fixture
def limited(app):
    (limiter,) = app.extensions["limiter"]
    limiter.enabled = True
    limiter.reset()
    yield limiter
    limiter.reset()
    limiter.enabled = False


def test_a_thousand_calls_are_too_many_and_are_told_how_long_to_wait(fruit, app, visit, limited):
    """However quick the machine: a minute's worth is 600, and others are let in meanwhile."""
    nora, lena = system(app, BUYER), system(app, order_case.member("ljungbacken").email)
    answers = [nora.client.get("/api/v1/me", headers={"Authorization": f"Bearer {nora.secret}"}) for _ in range(1000)]
    refused = [one for one in answers if one.status_code == 429]
    assert {one.status_code for one in answers} == {200, 429}
    assert len(refused) >= 200
    assert refused[0].json["type"] == "/api/v1/problems/too-many-requests"
    assert int(refused[0].headers["Retry-After"]) in {1, 60}
    assert lena.get("/me")["acts_as"] == "member"
    assert visit(None).get("/").status_code == 200


def test_guesses_are_counted_by_address(fruit, visit, limited):
    guesses = int(door.GUESSES.split()[0])
    got = [me(visit, f"samsalj_{number}").status_code for number in range(guesses + 20)]
    assert set(got) == {401, 429}
    assert got.count(401) <= 2 * guesses
