"""A member says what it makes: on what terms, and what more it could make."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.audit import AuditEvent
from app.catalog import indexing
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.money import Money
from tests import make
from tests.furnished import furnished
from tests.people import text, together

TERMS = {"capacity": "2 0", "lead_days": "3", "areas": ["1480", "1490"]}
PROPOSAL = {
    "name": "Blomkorg",
    "description": "En korg med blommor.",
    "unit": "H87",
    "vat_class": "standard",
    "price": "180,00",
    **TERMS,
}


@furnished
def ljungbacken(app):
    """Ljungbacken with its fruit basket, and an article that it does not make."""
    category = make.make_category()
    member = make.make_ljungbacken()
    make.make_user(member.email, member=member)
    make.make_offering(make.make_article("Fruktkorg", slug="fruktkorg", category=category), member)
    make.make_offering(make.make_article("Kaffe", slug="kaffe", category=category), make.make_kokljus())
    indexing.reindex_all()
    return member


@pytest.fixture
def browser(ljungbacken, visit):
    return visit(ljungbacken.email)


def offerings(member) -> list[Offering]:
    db.session.expire_all()
    return list(db.session.scalars(select(Offering).where(Offering.member_id == member.id).order_by(Offering.id)))


def article_id(slug: str) -> int:
    return db.session.scalars(select(Article.id).where(Article.slug == slug)).one()


@furnished
def proposed(ljungbacken):
    """Tea, which Ljungbacken offers to make and staff have not answered yet."""
    tea = make.make_article("Te", slug="te")
    return make.make_offering(tea, ljungbacken, state=ApprovalState.PROPOSED)


def test_how_much_and_how_fast_change_at_once_and_where_stays_until_staff_say_yes(ljungbacken, browser):
    (offering,) = offerings(ljungbacken)
    answer = browser.fill(
        f"/medlem/erbjudanden/{offering.id}", {"capacity": "120", "lead_days": "0", "areas": ["1490"]}
    )
    assert answer.status_code == 303
    (offering,) = offerings(ljungbacken)
    assert (offering.capacity_per_week, offering.lead_days) == (Decimal(120), 0)
    assert offering.municipalities == set(make.SOLD_IN)
    assert offering.state == ApprovalState.APPROVED
    assert "terms changed" in db.session.scalars(select(AuditEvent.what)).all()


def test_a_whole_county_is_one_press(ljungbacken, browser, proposed):
    browser.fill(f"/medlem/erbjudanden/{proposed.id}/forslag", {"areas": [], "counties": ["09"]})
    assert offerings(ljungbacken)[-1].municipalities == {"0980"}, "Gotland has one municipality"


def test_the_price_is_asked_for_and_not_taken(ljungbacken, browser):
    (offering,) = offerings(ljungbacken)
    before = offering.member_price
    path = f"/medlem/erbjudanden/{offering.id}"
    assert "Be om nytt pris eller andra orter" in text(browser.page(path))
    browser.fill(path, {"member_price": "9999", "price": "9999", "state": "withdrawn"})
    assert offerings(ljungbacken)[0].member_price == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"capacity": "0"},
        {"capacity": "-5"},
        {"capacity": "2,5"},
        {"capacity": "mycket"},
        {"capacity": "1e30"},
        {"capacity": ""},
        {"capacity": "9" * 5000},
        {"lead_days": "-1"},
        {"lead_days": "400"},
        {"lead_days": "1,5"},
        {"lead_days": ""},
        {"areas": []},
        {"areas": ["9999"]},
        {"areas": ["1480' OR 1"]},
        {"counties": ["99"]},
    ],
)
def test_impossible_terms_are_refused_and_nothing_is_lost(ljungbacken, browser, proposed, wrong):
    offering = offerings(ljungbacken)[-1]
    path = f"/medlem/erbjudanden/{offering.id}/forslag"
    before = (offering.capacity_per_week, offering.lead_days, offering.municipalities)
    answer = browser.fill(path, {"capacity": "77", **wrong})
    assert answer.status_code == 422
    if "capacity" not in wrong:
        assert 'value="77"' in answer.text
    offering = offerings(ljungbacken)[-1]
    assert (offering.capacity_per_week, offering.lead_days, offering.municipalities) == before


def test_another_members_offering_is_not_there(ljungbacken, browser):
    theirs = db.session.scalars(select(Offering).where(Offering.member_id != ljungbacken.id)).one()
    before = theirs.capacity_per_week
    path = f"/medlem/erbjudanden/{theirs.id}"
    assert browser.get(path).status_code == 404
    assert browser.post(path, data=TERMS).status_code == 404
    assert browser.post(f"{path}/sluta").status_code == 404
    assert browser.get("/medlem/erbjudanden/999999").status_code == 404
    db.session.expire_all()
    assert db.session.get_one(Offering, theirs.id).capacity_per_week == before
    assert db.session.get_one(Offering, theirs.id).state == ApprovalState.APPROVED


def test_others_prices_are_nowhere(ljungbacken, browser):
    theirs = db.session.scalars(select(Offering).where(Offering.member_id != ljungbacken.id)).one()
    theirs.member_price = Money.kronor("123.45")
    for path in (
        "/medlem/erbjudanden",
        "/medlem/erbjudanden/valj?q=kaffe",
        f"/medlem/erbjudanden/valj/{theirs.article_id}",
    ):
        assert "123,45" not in text(browser.page(path)), path


def test_offer_to_make_what_is_in_the_catalogue(ljungbacken, browser, visit):
    page = browser.page("/medlem/erbjudanden/valj?q=kaffe")
    link = page.cssselect("main section a")[0].get("href")
    assert browser.fill(link, {"price": "150,50", **TERMS}).status_code == 303
    mine = offerings(ljungbacken)[-1]
    assert (mine.state, mine.member_price) == (ApprovalState.PROPOSED, Money.kronor("150.50"))
    assert "Väntar på vårt svar" in text(browser.page("/medlem/erbjudanden"))
    assert "Ljungbacken" not in text(visit().page("/katalog/kaffe")), "nobody can buy it yet"


def test_what_one_offers_already_is_not_found_again(ljungbacken, browser):
    assert browser.page("/medlem/erbjudanden/valj?q=fruktkorg").cssselect("main section") == []
    answer = browser.fill(f"/medlem/erbjudanden/valj/{article_id('fruktkorg')}", {"price": "1", **TERMS})
    assert answer.status_code == 422
    assert "Någon hann före" in answer.text
    assert len(offerings(ljungbacken)) == 1


def test_two_presses_make_one_offering(ljungbacken, visit):
    path = f"/medlem/erbjudanden/valj/{article_id('kaffe')}"
    first, second = visit(ljungbacken.email), visit(ljungbacken.email)
    answers = together(
        lambda: first.post(path, data={"price": "100", **TERMS}).status_code,
        lambda: second.post(path, data={"price": "100", **TERMS}).status_code,
    )
    assert sorted(answers) == [303, 422]
    assert len(offerings(ljungbacken)) == 2


def test_what_is_not_in_the_catalogue_cannot_be_offered(ljungbacken, browser):
    hidden = make.make_article("Dold", state=ApprovalState.PROPOSED)
    db.session.flush()
    assert browser.get(f"/medlem/erbjudanden/valj/{hidden.id}").status_code == 404
    assert browser.post(f"/medlem/erbjudanden/valj/{hidden.id}", data={"price": "1", **TERMS}).status_code == 404


def test_propose_something_new(ljungbacken, browser, visit):
    answer = browser.fill("/medlem/erbjudanden/ny?sort=goods", PROPOSAL)
    assert answer.status_code == 303
    article = db.session.scalars(select(Article).where(Article.slug == "blomkorg")).one()
    assert (article.state, article.proposed_by_id) == (ApprovalState.PROPOSED, ljungbacken.id)
    assert article.price == Money.kronor(200), "a suggestion: nine tenths are what the member asks for"
    assert offerings(ljungbacken)[-1].municipalities == {"1480", "1490"}
    assert visit().get("/katalog/blomkorg").status_code == 404
    assert "Blomkorg" not in text(visit().page("/katalog?q=blomkorg"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"description": ""},
        {"description": "x" * 10_000_000},
        {"unit": "XYZ"},
        {"vat_class": "none"},
        {"category": "9999"},
        {"category": "ett"},
        {"price": "0"},
        {"price": "-1"},
        {"price": "10000000"},
        {"price": "1,234"},
        {"price": "gratis"},
        {"capacity": "1,5"},
        {"areas": []},
    ],
    ids=lambda wrong: next(f"{name}={value[:12]}" for name, value in wrong.items()),
)
def test_an_impossible_proposal_changes_nothing(ljungbacken, browser, wrong):
    answer = browser.fill("/medlem/erbjudanden/ny?sort=goods", {**PROPOSAL, **wrong})
    assert 400 <= answer.status_code < 500
    assert len(db.session.scalars(select(Article)).all()) == 2
    assert len(offerings(ljungbacken)) == 1


def test_two_with_the_same_name_get_addresses_and_numbers_of_their_own(ljungbacken, browser):
    for _ in range(3):
        assert browser.fill("/medlem/erbjudanden/ny?sort=goods", PROPOSAL).status_code == 303
    rows = db.session.execute(select(Article.slug, Article.number).where(Article.name == "Blomkorg")).all()
    assert {slug for slug, _ in rows} == {"blomkorg", "blomkorg-2", "blomkorg-3"}
    assert len({number for _, number in rows}) == 3


def test_stop_and_propose_again(ljungbacken, browser, visit):
    (offering,) = offerings(ljungbacken)
    assert browser.post(f"/medlem/erbjudanden/{offering.id}/sluta").status_code == 303
    assert visit().get("/katalog/fruktkorg").status_code == 404
    assert browser.post(f"/medlem/erbjudanden/{offering.id}/sluta").status_code == 409
    assert browser.fill(f"/medlem/erbjudanden/valj/{offering.article_id}", {"price": "170", **TERMS}).status_code == 303
    (offering,) = offerings(ljungbacken)
    assert (offering.state, offering.member_price) == (ApprovalState.PROPOSED, Money.kronor(170))


def test_the_door_is_the_members(ljungbacken, visit):
    make.make_sam()
    assert visit().get("/medlem/erbjudanden").status_code == 302
    assert visit("sam@samklang.example").get("/medlem/erbjudanden").status_code == 403


def test_a_form_without_its_token_is_refused(ljungbacken, visit, app):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = visit(ljungbacken.email).post("/medlem/erbjudanden/ny", data=PROPOSAL)
    assert answer.status_code == 400
    assert len(db.session.scalars(select(Article)).all()) == 2
