"""Whatever button is pressed on the page of an answer, what was typed there stays, and is saved only when asked."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import teamflow
from app.db import db
from app.tenders import answer_actions
from app.tenders.models import BidAnswer, BidComment, BidTask
from app.tenders.noticing.models import ChangeState, TenderChange, TenderNotice
from app.tenders.working import buyer_actions
from app.tenders.working.buyer_actions import NewAddendum
from app.tenders.working.models import UnsavedAnswer
from app.tenders.working.task_actions import Given
from app.tenders.working.unsaved import LONGEST
from tests.features.bid_case import count
from tests.features.team_case import TeamCase
from tests.furnished import furnished
from tests.people import document, save, text

LONG = "Vi levererar varje tisdag före klockan nio.\r\nKorgarna packas samma morgon."


@furnished
def case(app):
    made = TeamCase(app_clock.now())
    save()
    return made


@pytest.fixture
def eva(case, visit):
    return visit("eva@samklang.example")


def typed(page, **values: str) -> dict[str, str]:
    """What the browser would send of the page's form when somebody has typed this into it."""
    sent = dict(page.cssselect("#svaret")[0].form_values())
    sent["says"] = sent["says"].replace("on", "")  # lxml says "on" for a choice whose value is blank
    return {**sent, **values}


def button(page, words: str) -> str:
    """Where a button of the page's form sends it."""
    for each in page.cssselect("button[formaction]"):
        if words in text(each):
            assert each.get("form") == "svaret"
            return each.get("formaction")
    raise AssertionError(words)


def shown(page) -> str:
    return page.cssselect("#svaret textarea[name=text]")[0].text_content().strip().replace("\r\n", "\n")


def press(browser, case, words: str, **values: str):
    page = browser.page(case.answer_url)
    answer = browser.post(button(page, words), data=typed(page, text=LONG, says="yes", **values))
    assert answer.status_code == 303, answer.text
    return browser.page(answer.headers["Location"].partition("#")[0])


def saved() -> BidAnswer | None:
    db.session.expire_all()
    return db.session.scalars(select(BidAnswer)).first()


def test_a_comment_is_saved_and_the_answer_is_still_there(case, eva):
    page = press(eva, case, "Spara kommentaren", **{"remark-text": "Ring först."})
    assert shown(page) == LONG.replace("\r\n", "\n")
    assert page.cssselect("#svaret input[name=says][value=yes]")[0].get("checked") is not None
    assert "Det du hade skrivit står kvar" in text(page)
    assert db.session.scalars(select(BidComment.text)).all() == ["Ring först."]
    assert page.cssselect("textarea[name=remark-text]")[0].text_content().strip() == ""
    assert saved() is None
    answer = eva.post(case.answer_url, data=typed(page))
    assert answer.status_code == 303
    assert saved().text == LONG.replace("\r\n", "\n") or saved().text == LONG
    assert count(UnsavedAnswer) == 0
    assert "Det du hade skrivit" not in text(eva.page(case.answer_url))


def test_a_half_written_comment_outlives_a_task_and_the_saving_of_the_answer(case, eva, visit):
    sam = visit(case.sam.email)
    what = {"task-who": f"u{case.eva.id}", "task-due_on": "2026-12-10", "task-what": "Fråga kommunen"}
    page = press(sam, case, "Ge uppgiften", **what, **{"remark-text": "Halv"})
    assert count(BidTask) == 1
    assert page.cssselect("textarea[name=remark-text]")[0].text_content().strip() == "Halv"
    assert page.cssselect("input[name=task-what]")[0].get("value", "") == ""
    assert shown(page) == LONG.replace("\r\n", "\n")
    assert sam.post(case.answer_url, data=typed(page)).status_code == 303
    page = sam.page(case.answer_url)
    assert page.cssselect("textarea[name=remark-text]")[0].text_content().strip() == "Halv"
    assert count(BidComment) == 0


def test_a_task_that_is_refused_loses_nothing(case, visit):
    sam = visit(case.sam.email)
    page = sam.page(case.answer_url)
    sent = typed(page, text=LONG, **{"task-who": "", "task-due_on": "2026-12-10", "remark-text": "Halv"})
    answer = sam.post(button(page, "Ge uppgiften"), data=sent)
    assert answer.status_code == 422
    again = document(answer)
    assert shown(again) == LONG.replace("\r\n", "\n")
    assert again.cssselect("textarea[name=remark-text]")[0].text_content().strip() == "Halv"


def test_nothing_is_kept_where_nobody_has_typed(case, eva):
    page = eva.page(case.answer_url)
    eva.post(button(page, "Spara kommentaren"), data=typed(page, **{"remark-text": "Bara en kommentar."}))
    assert count(UnsavedAnswer) == 0
    assert "Det du hade skrivit" not in text(eva.page(case.answer_url))


def test_a_colleague_sees_nothing_of_it_and_a_later_answer_is_not_overwritten(case, eva, visit):
    press(eva, case, "Spara kommentaren", **{"remark-text": "Ring först."})
    sam = visit(case.sam.email)
    page = sam.page(case.answer_url)
    assert shown(page) == ""
    assert sam.post(case.answer_url, data=typed(page, text="Sams svar.", says="yes")).status_code == 303
    answer = eva.post(case.answer_url, data=typed(eva.page(case.answer_url)))
    assert answer.status_code == 409
    assert "Sams svar." in text(document(answer))
    assert shown(document(answer)) == LONG.replace("\r\n", "\n")


def test_it_can_be_thrown_away(case, eva):
    page = press(eva, case, "Spara kommentaren", **{"remark-text": "Ring först."})
    (form,) = [each for each in page.cssselect("form") if each.get("action", "").endswith("/slang")]
    assert eva.post(form.get("action"), data=dict(form.form_values())).status_code == 303
    assert shown(eva.page(case.answer_url)) == ""
    assert count(UnsavedAnswer) == 0


def test_every_other_button_of_the_page_keeps_it_too(case, eva, clock):
    requirement = case.requirements[0]
    eva.post(case.answer_url, data=typed(eva.page(case.answer_url), says="yes"))
    answer = saved()
    assert answer is not None
    answer_actions.add_evidence(answer, title="Kapitel 3", appendix=None, valid_to=None, by=case.eva, now=clock.now)
    teamflow.give_task(case.bid, requirement, _due(case), by=case.sam, now=clock.now)
    teamflow.comment(case.bid, requirement, "Min.", by=case.eva, now=clock.now)
    new = NewAddendum(number=1, title="Mer", text="", received_at=clock.now, requirement_ids=[requirement.id])
    buyer_actions.receive(case.tender, new, None, by=case.sam, now=clock.now)
    _notice_changes(case, clock.now)
    save()
    for words in ("Jag har läst", "Svaret gäller som det står", "Ta bort", "Markera som klar", "Ta bort"):
        page = press(eva, case, words)
        assert shown(page) == LONG.replace("\r\n", "\n"), words
        assert saved().text == "", words


def _due(case) -> Given:
    return Given(user=case.eva, due_on=app_clock.local_date(app_clock.now()))


def _notice_changes(case, now) -> None:
    values = {"number": 1, "notice_id": "n", "version": "01", "folder": "f", "kind": "change", "words": ""}
    notice = TenderNotice(tender_id=case.tender.id, received_at=now, holds=True, **values)
    db.session.add(notice)
    db.session.flush()
    said = {"field": "said", "label": "Text", "after": "Nytt", "position": 0, "state": ChangeState.TOLD}
    db.session.add(TenderChange(tender_id=case.tender.id, notice_id=notice.id, **said))


def test_enter_in_any_field_saves_the_answer(case, eva, clock):
    """A browser presses the first button of a form: it must not be one that does something else."""
    _notice_changes(case, clock.now)
    page = eva.page(case.answer_url)
    first = page.cssselect("button[form=svaret], #svaret button[type=submit]")[0]
    assert first.get("formaction") is None
    assert first.get("name") is None


def test_who_only_reads_has_forms_of_their_own(case, visit):
    rut = visit("rut@samklang.example")
    page = rut.page(case.answer_url)
    assert not page.cssselect("form#svaret")
    (form,) = [each for each in page.cssselect("form") if each.get("action", "").endswith("/kommentar")]
    assert rut.post(form.get("action"), data={"remark-text": "Bra.", "remark-reads": "us"}).status_code == 303


def test_what_is_too_long_and_a_file_are_said(case, eva):
    page = eva.page(case.answer_url)
    sent = typed(page, text="x" * LONGEST, **{"remark-text": "Ring."})
    eva.post(button(page, "Spara kommentaren"), data=sent, content_type="multipart/form-data")
    page = eva.page(case.answer_url)
    assert "för långt för att kunna behållas" in text(page)
    sent = typed(page, **{"remark-text": "Ring.", "proof_file": (BytesIO(b"%PDF"), "bevis.pdf")})
    eva.post(button(page, "Spara kommentaren"), data=sent, content_type="multipart/form-data")
    assert "Välj filen en gång till" in text(eva.page(case.answer_url))


def test_another_tenders_requirement_keeps_nothing(case, eva):
    page = eva.page(case.answer_url)
    sent = typed(page, text=LONG, typed_for="999999", **{"remark-text": "Ring."})
    eva.post(button(page, "Spara kommentaren"), data=sent)
    assert count(UnsavedAnswer) == 0
