"""A member puts right what it has proposed, or takes it back, as long as nobody has said yes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app.audit import AuditEvent
from app.catalog import actions
from app.catalog.drafts import Draft, Terms
from app.catalog.models import ApprovalState, Article, Offering
from app.db import db
from app.money import Money
from app.vat import VatClass
from tests import make
from tests.furnished import furnished
from tests.people import document, text, together

TERMS = Terms(make.Decimal(20), 2, frozenset({"1480"}))
INBOX = "/personal/katalog/forslag"


@furnished
def proposal(app):
    """Ljungbacken proposes a flower basket; Köksljus and Sam are there too."""
    category, member = make.make_category(), make.make_ljungbacken()
    user = make.make_user(member.email, member=member)
    other = make.make_kokljus()
    make.make_user(other.email, member=other)
    make.make_sam()
    draft = Draft("Blomkorg", "En korg.", category.id, "H87", "", VatClass.STANDARD, cpv="03222000-3")
    article = actions.propose_article(member, draft, TERMS, Money.kronor(180), by=user, now=app_clock.now())
    return article.offerings[0]


@pytest.fixture
def browser(proposal, visit):
    return visit("ljungbacken@medlem.example")


@pytest.fixture
def sam(proposal, visit):
    return visit("sam@samklang.example")


def path_of(offering) -> str:
    return f"/medlem/erbjudanden/{offering.id}/forslag"


def again(offering) -> Offering:
    db.session.expire_all()
    return db.session.get_one(Offering, offering.id)


def test_all_that_was_written_can_be_put_right_while_it_waits(proposal, browser):
    page = browser.page(path_of(proposal))
    assert page.cssselect("input[name=name]")[0].get("value") == "Blomkorg"
    assert page.cssselect("input[name=price]")[0].get("value") == "180"
    new = {
        "name": "Blomkorg, stor",
        "description": "En stor korg.",
        "unit": "KGM",
        "price": "270",
        "capacity": "7,5",
        "lead_days": "4",
        "areas": ["1490"],
        "vat_class": "food",
        "min_quantity": "2",
    }
    assert browser.fill(path_of(proposal), new).status_code == 303
    offering = again(proposal)
    article = offering.article
    assert (article.name, article.description, article.unit) == ("Blomkorg, stor", "En stor korg.", "KGM")
    assert (article.vat_class, article.min_quantity) == (VatClass.FOOD, make.Decimal(2))
    assert (offering.member_price, offering.capacity_per_week) == (Money.kronor(270), make.Decimal("7.5"))
    assert (offering.lead_days, offering.municipalities) == (4, {"1490"})
    assert article.cpv == "03222000-3", "what staff or a file have said stays"
    assert article.price == Money.kronor(300), "the suggestion follows the member's price"
    assert (article.state, offering.state, article.version) == (ApprovalState.PROPOSED, ApprovalState.PROPOSED, 0)
    assert "proposal rewritten" in db.session.scalars(select(AuditEvent.what)).all()


def test_a_price_that_staff_have_set_stays(proposal, browser):
    proposal.article.price = Money.kronor(250)
    browser.fill(path_of(proposal), {"price": "185"})
    assert (again(proposal).member_price, again(proposal).article.price) == (Money.kronor(185), Money.kronor(250))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"description": "x" * 5001},
        {"price": "0"},
        {"price": "gratis"},
        {"unit": "XYZ"},
        {"unit": "H87", "capacity": "7,5"},
        {"areas": []},
        {"category": "9999"},
        {"lead_days": "400"},
    ],
)
def test_an_impossible_correction_changes_nothing(proposal, browser, wrong):
    answer = browser.fill(path_of(proposal), {"name": "Annat namn", **wrong})
    assert answer.status_code == 422
    offering = again(proposal)
    assert (offering.article.name, offering.member_price) == ("Blomkorg", Money.kronor(180))
    assert offering.capacity_per_week == make.Decimal(20)


def test_staff_with_the_old_writing_open_are_told(proposal, browser, sam):
    page = sam.page(f"{INBOX}/artikel/{proposal.article_id}")
    mark = page.cssselect("input[name=mark]")[0].get("value")
    browser.fill(path_of(proposal), {"price": "185"})
    for answer, data in (("ja", {"price": "250", "cpv": "03222000-3"}), ("nej", {"reason": "För dyrt."})):
        told = sam.post(f"{INBOX}/artikel/{proposal.article_id}/{answer}", data={**data, "mark": mark})
        assert told.status_code == 409
        assert "Medlemmen har ändrat förslaget" in told.text
    assert again(proposal).state == ApprovalState.PROPOSED
    path = f"{INBOX}/artikel/{proposal.article_id}"
    assert sam.fill(path, {}, form=f"form[action^='{path}/ja']").status_code == 303
    assert again(proposal).state == ApprovalState.APPROVED


def test_among_many_that_are_approved_what_has_changed_stays(proposal, browser, sam):
    mark = sam.page(f"{INBOX}/artikel/{proposal.article_id}").cssselect("input[name=mark]")[0].get("value")
    browser.fill(path_of(proposal), {"description": "Annat."})
    answer = sam.post(f"{INBOX}/valda/ja", data={"chosen": f"{proposal.id}-{mark}"}, follow_redirects=True)
    assert "Blomkorg: Medlemmen hade ändrat det" in text(document(answer))
    assert again(proposal).state == ApprovalState.PROPOSED


def test_the_member_is_told_what_staff_have_put_right_meanwhile(proposal, browser, sam):
    page = browser.page(path_of(proposal))
    sent = {}
    for name, value in page.cssselect("main form[method=post]")[0].form_values():
        sent.setdefault(name, []).append(value)
    where = f"/personal/katalog/{proposal.article_id}"
    assert sam.fill(where, {"name": "Blomsterkorg"}, form=f"form[action$='{where}']").status_code == 303
    answer = browser.post(path_of(proposal), data={**sent, "description": "Min text."})
    assert answer.status_code == 422
    assert "har ändrats sedan du öppnade sidan" in answer.text
    assert "Min text." in answer.text
    assert again(proposal).article.name == "Blomsterkorg"


def test_taken_back_it_neither_waits_nor_is_sold_and_may_come_again(proposal, browser, sam, visit):
    page = text(browser.page(path_of(proposal)))
    assert "Ta tillbaka förslaget" in page
    assert "Inget har varit till salu" in page
    assert browser.post(f"/medlem/erbjudanden/{proposal.id}/ta-tillbaka").status_code == 303
    offering = again(proposal)
    assert (offering.state, offering.article.state) == (ApprovalState.WITHDRAWN, ApprovalState.WITHDRAWN)
    assert "Återtaget förslag" in text(browser.page("/medlem/erbjudanden"))
    assert browser.post(f"/medlem/erbjudanden/{proposal.id}/ta-tillbaka").status_code == 409
    assert sam.page(INBOX).cssselect("article.decide") == []
    answer = sam.post(f"{INBOX}/artikel/{proposal.article_id}/ja", data={"price": "250", "cpv": "03222000-3"})
    assert answer.status_code == 409
    for path in (f"article/{proposal.article_id}/restore", f"offering/{proposal.id}/restore"):
        assert sam.post(f"/personal/katalog/{path}").status_code == 409, "it was never sold"
    assert visit().get("/katalog/blomkorg").status_code == 404
    assert browser.fill(path_of(proposal), {"price": "170"}).status_code == 303
    offering = again(proposal)
    assert (offering.state, offering.article.state) == (ApprovalState.PROPOSED, ApprovalState.PROPOSED)
    assert offering.member_price == Money.kronor(170)


def test_after_a_no_it_is_put_right_and_sent_again(proposal, browser, sam):
    sam.post(f"{INBOX}/artikel/{proposal.article_id}/nej", data={"reason": "Skriv mer."})
    assert "Skriv mer." in text(browser.page(path_of(proposal)))
    browser.fill(path_of(proposal), {"description": "Mycket mer."})
    offering = again(proposal)
    assert (offering.state, offering.article.state) == (ApprovalState.PROPOSED, ApprovalState.PROPOSED)
    assert (offering.declined_because, offering.article.declined_because) == (None, None)


def test_an_offer_to_make_what_is_sold_already_can_be_put_right_and_taken_back(proposal, visit):
    offering = make.make_offering(
        make.make_article("Te"), make.make_member(email="te@medlem.example"), state=ApprovalState.PROPOSED
    )
    make.make_user("te@medlem.example", member=offering.member)
    browser = visit("te@medlem.example")
    assert browser.fill(path_of(offering), {"price": "99,50", "capacity": "8"}).status_code == 303
    assert (again(offering).member_price, again(offering).capacity_per_week) == (Money.kronor("99.50"), 8)
    assert browser.post(f"/medlem/erbjudanden/{offering.id}/ta-tillbaka").status_code == 303
    assert again(offering).state == ApprovalState.WITHDRAWN
    assert again(offering).article.state == ApprovalState.APPROVED


def test_what_is_approved_is_asked_for_and_not_rewritten(proposal, browser):
    actions.approve_article(proposal.article, Money.kronor(250), by=make.make_user(), now=app_clock.now())
    assert browser.get(path_of(proposal)).status_code == 303
    assert browser.post(path_of(proposal), data={"price": "1", "name": "X"}).status_code == 303
    assert browser.post(f"/medlem/erbjudanden/{proposal.id}/ta-tillbaka").status_code == 409
    assert (again(proposal).article.name, again(proposal).member_price) == ("Blomkorg", Money.kronor(180))


def test_another_members_proposal_is_not_there(proposal, visit):
    other = visit("kokljus@medlem.example")
    assert other.get(path_of(proposal)).status_code == 404
    assert other.post(path_of(proposal), data={"price": "1"}).status_code == 404
    assert other.post(f"/medlem/erbjudanden/{proposal.id}/ta-tillbaka").status_code == 404
    assert again(proposal).state == ApprovalState.PROPOSED


def test_a_yes_and_a_taking_back_at_the_same_moment_leave_one_of_them(proposal, browser, sam):
    say_yes = f"{INBOX}/artikel/{proposal.article_id}/ja"
    take_back = f"/medlem/erbjudanden/{proposal.id}/ta-tillbaka"
    yes, back = together(
        lambda: sam.post(say_yes, data={"price": "250", "cpv": "03222000-3"}), lambda: browser.post(take_back)
    )
    assert sorted([yes.status_code, back.status_code]) == [303, 409]
    offering = again(proposal)
    won = ApprovalState.APPROVED if yes.status_code == 303 else ApprovalState.WITHDRAWN
    assert {offering.state, offering.article.state} == {won}


def test_what_is_no_longer_offered_says_so_and_leads_back(proposal, browser):
    actions.approve_article(proposal.article, Money.kronor(250), by=make.make_user(), now=app_clock.now())
    path = f"/medlem/erbjudanden/{proposal.id}"
    browser.post(f"{path}/sluta")
    page = browser.page(path)
    words = text(page.cssselect("main")[0])
    assert "Ni erbjuder den inte längre" in words
    assert "gäller från nästa beställning" not in words
    assert "Sluta erbjuda" not in words
    assert "180,00 kr" in words
    link = next(one.get("href") for one in page.cssselect("main a") if "Erbjud den igen" in text(one))
    assert browser.page(link).cssselect("input[name=price]")[0].get("value") == "180", "what it was last"
    assert browser.fill(link, {"price": "190"}).status_code == 303
    assert (again(proposal).state, again(proposal).member_price) == (ApprovalState.PROPOSED, Money.kronor(190))
    assert db.session.scalars(select(Article.state)).all() == [ApprovalState.APPROVED]
