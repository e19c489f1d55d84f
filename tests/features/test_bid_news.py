"""Comments in a bid, and what is new in it since somebody last looked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.db import db
from app.tenders import versions
from app.tenders.models import BidComment, BidGlance, BidPerson
from app.tenders.offers import offer_of
from tests.conftest import MONDAY
from tests.features.bid_case import count
from tests.features.team_case import ANSWER, TeamCase
from tests.furnished import furnished
from tests.people import document, text, together


@furnished
def case(app):
    return TeamCase(MONDAY)


@pytest.fixture
def sam(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def eva(case, visit):
    return visit(case.eva.email)


def answer(browser, case, revision: int, words: str):
    return browser.post(case.answer_url, data={**ANSWER, "revision": str(revision), "text": words})


def fresh(browser, case) -> dict[str, str]:
    """What the tabs say is new."""
    links = browser.page(case.where).cssselect(".tab-row a")
    return {a.text.strip(): text(a.cssselect(".fresh")[0]) for a in links if a.cssselect(".fresh")}


def seen(browser, case):
    return browser.fill(f"{case.where}/nytt", {}, form="main form[action$=nytt]")


def test_each_sees_what_the_others_have_done_since_one_looked(case, sam, eva, clock):
    answer(eva, case, 0, "Första svaret")
    seen(sam, case)
    assert fresh(sam, case) == {}
    clock.move(hours=1)
    answer(eva, case, 1, "Andra svaret")
    sam.post(f"{case.where}/krav/klistra", data={"paste-lot": "0", "paste-lines": "B1; ska; Nytt"})
    assert fresh(sam, case) == {"Svar": "1 ny", "Nytt": "1 ny"}, "one's own acts are no news"
    page = sam.page(f"{case.where}/nytt")
    (new,) = page.cssselect(".is-fresh")
    for words in ("Ett svar ändrades", "A1", "Eva Exempel", "Ja. Första svaret", "Ja. Andra svaret"):
        assert words in text(new), words
    assert "Nytt sedan du tittade" in text(sam.page(f"{case.where}/svar"))
    assert seen(sam, case).status_code == 303
    assert fresh(sam, case) == {}
    assert "Nytt sedan du tittade" not in text(sam.page(f"{case.where}/svar"))
    assert "Krav" in fresh(eva, case), "to Eva it is another bid"


def test_what_came_while_one_read_stays_new(case, sam, eva):
    answer(eva, case, 0, "Ett")
    page = sam.page(f"{case.where}/nytt")
    upto = page.cssselect("input[name=upto]")[0].get("value")
    answer(eva, case, 1, "Två")
    sam.post(f"{case.where}/nytt", data={"upto": upto})
    assert fresh(sam, case)["Svar"] == "1 ny"
    sam.post(f"{case.where}/nytt", data={"upto": "1"})
    assert fresh(sam, case)["Svar"] == "1 ny", "an old tab makes nothing unseen"
    sam.post(f"{case.where}/nytt", data={"upto": "999999"})
    answer(eva, case, 2, "Tre")
    assert fresh(sam, case)["Svar"] == "1 ny", "nobody has seen what is to come"


@pytest.mark.both
def test_pressed_in_two_tabs_at_once_it_is_one_glance(case, visit):
    browsers = [visit(case.sam.email), visit(case.sam.email)]
    path = f"{case.where}/nytt"
    answers = together(*(lambda b=b: b.post(path, data={"upto": "5"}).status_code for b in browsers))
    assert answers == [303, 303]
    assert count(BidGlance) == 1


def test_the_page_is_leafed_through_in_a_steady_number_of_statements(case, sam, eva, queries):
    path = f"{case.where}/nytt"
    answer(eva, case, 0, "Svar")
    sam.page(path)
    with queries() as few:
        sam.page(path)
    for n in range(1, 46):
        answer(eva, case, n, f"Svar {n}")
    with queries() as many:
        page = sam.page(path)
    assert len(many) == len(few)
    assert len(page.cssselect(".news > li")) == 40
    earlier = page.cssselect("a[href*='fore=']")[0].get("href")
    assert sam.page(earlier).cssselect(".news > li")
    assert sam.get(f"{path}?fore=abc").status_code == 200


def test_a_comment_is_said_read_and_taken_back_by_its_writer_alone(case, sam, eva):
    said = {"remark-text": "Vem vet <b>detta</b>?", "remark-reads": "us"}
    assert eva.post(f"{case.answer_url}/kommentar", data=said).status_code == 303
    assert "Vem vet <b>detta</b>?" in text(sam.page(case.answer_url))
    comment = db.session.scalars(select(BidComment)).one()
    path = f"{case.where}/kommentarer/{comment.id}/ta-bort"
    assert sam.post(path).status_code == 404
    assert eva.post(path).status_code == 303
    assert "Vem vet" not in text(sam.page(case.answer_url))
    assert "Borttagen." in text(sam.page(f"{case.where}/kommentarer"))
    db.session.refresh(comment)
    assert comment.text == ""


def test_a_comment_cannot_be_taken_back_when_the_bid_is_handed_in(case, eva, clock):
    eva.post(f"{case.where}/kommentarer", data={"remark-text": "Om hela anbudet", "remark-reads": "us"})
    versions.freeze(case.bid, offer_of(case.bid, now=clock.now), by=case.sam, now=clock.now)
    comment = db.session.scalars(select(BidComment)).one()
    assert eva.post(f"{case.where}/kommentarer/{comment.id}/ta-bort").status_code == 409
    assert eva.post(f"{case.where}/kommentarer", data={"remark-text": "Mer", "remark-reads": "us"}).status_code == 422
    assert "Om hela anbudet" in text(eva.page(f"{case.where}/kommentarer"))


def test_whom_it_is_addressed_to_gets_a_letter_and_nobody_else(case, eva, outbox):
    rut = db.session.scalars(select(BidPerson).where(BidPerson.name == "Rut Exempel")).one()
    said = {"remark-text": "Kan du titta?", "remark-reads": "us", "remark-to": [str(rut.id)]}
    assert eva.post(f"{case.answer_url}/kommentar", data=said).status_code == 303
    (letter,) = outbox.to("rut@samklang.example")
    assert "Kan du titta?" in letter.body
    assert not outbox.to("sam@samklang.example")


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_a_comment_that_cannot_be_comes_back_with_what_was_typed(case, eva, words):
    for path in (f"{case.answer_url}/kommentar", f"{case.where}/kommentarer"):
        refused = eva.post(path, data={"remark-text": words, "remark-reads": "us"})
        assert refused.status_code == 422
        assert document(refused).cssselect("#remark-text")[0].value.strip() == words.strip()
    assert count(BidComment) == 0


def test_a_party_without_a_task_there_cannot_be_chosen(case, eva):
    said = {"remark-text": "Hej", "remark-reads": case.fruit_key}
    assert eva.post(f"{case.answer_url}/kommentar", data=said).status_code == 422
