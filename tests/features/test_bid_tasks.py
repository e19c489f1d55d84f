"""Tasks in a bid: given, reminded of once each, drafted by a member, taken in, and back when the member leaves."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app import jobs, teamflow
from app.db import db
from app.demo.papers import paper
from app.members.models import MemberDocument
from app.tenders.models import Appendix, BidAnswer, BidParty, BidTask, Evidence
from tests.conftest import MONDAY
from tests.features.bid_case import DEADLINE, count
from tests.features.team_case import ANSWER, TeamCase
from tests.furnished import furnished
from tests.people import document, text, together

PDF = paper("Intyg", ["Ett prov."])
LENA, ROY = "lena@medlem.example", "roy@medlem.example"


@furnished
def case(app):
    return TeamCase(MONDAY)


@pytest.fixture
def sam(case, visit):
    return visit(case.sam.email)


def task(number: int = 0) -> BidTask:
    found = db.session.scalars(select(BidTask).order_by(BidTask.id)).all()[number]
    db.session.refresh(found)
    return found


def given_to_fruit(case, sam) -> str:
    """A task for Ljungbacken, and its address at the member's."""
    assert case.give(sam, case.fruit_key, what="Beskriv korgarna").status_code == 303
    return f"/medlem/anbud/uppgift/{task().id}"


def draft(browser, where: str, words: str, revision: int = 0, says: str = "yes"):
    return browser.post(where, data={"revision": str(revision), "says": says, "text": words})


def test_one_of_us_gets_a_task_sees_it_among_its_own_and_finishes_it(case, sam, visit, outbox):
    assert case.give(sam, f"u{case.eva.id}", what="Skriv om korgarna").status_code == 303
    (letter,) = outbox.to(case.eva.email)
    assert letter.subject == "Ny uppgift: krav A1, Frukt"
    assert "Krav A1: Krav nummer 1" in letter.body.splitlines()
    assert "Klart senast: tors 10 dec" in letter.body.replace("\xa0", " ")
    eva = visit(case.eva.email)
    assert "Skriv om korgarna" in text(eva.page("/personal/uppgifter"))
    assert "Skriv om korgarna" not in text(sam.page("/personal/uppgifter"))
    assert "1 uppgift du har i anbud" in text(eva.page("/personal/"))
    path = f"{case.where}/arbete/uppgift/{task().id}"
    assert visit(case.rut.email).post(f"{path}/klar").status_code == 409, "somebody else's"
    assert eva.post(f"{path}/klar", data={"till": "mina"}).status_code == 303
    assert "Inget väntar på dig" in text(eva.page("/personal/uppgifter"))
    assert task().done_by == "Eva Exempel"
    assert sam.post(f"{path}/oppna").status_code == 303
    assert not task().is_done


def test_a_reviewer_may_finish_its_own_task(case, sam, visit):
    case.give(sam, f"u{case.rut.id}", what="Granska")
    assert visit(case.rut.email).post(f"{case.where}/arbete/uppgift/{task().id}/klar").status_code == 303


@pytest.mark.parametrize(
    ("who", "due", "words"),
    [
        ("", "2026-12-10", "vem som ska ha uppgiften"),
        ("u99999", "2026-12-10", "Välj"),
        ("p99999", "2026-12-10", "Välj"),
        ("u{olle}", "2026-12-10", "Välj"),
        ("u{eva}", "", "Välj en dag"),
        ("u{eva}", "2026-11-22", "redan varit"),
        ("u{eva}", "2026-12-19", "senast på sista anbudsdag"),
        ("u{eva}", "igår", "Skriv datumet"),
    ],
)
def test_a_task_that_cannot_be_is_refused_and_what_was_typed_stays(case, sam, who, due, words):
    who = who.format(eva=case.eva.id, olle=case.olle.id)
    answer = case.give(sam, who, due, "Mina ord")
    assert answer.status_code == 422
    assert words in text(document(answer))
    assert document(answer).cssselect("#task-what")[0].get("value") == "Mina ord"
    assert count(BidTask) == 0


@pytest.mark.both
def test_pressed_twice_it_is_one_task(case, sam):
    assert case.give(sam, f"u{case.eva.id}", what="Skriv").status_code == 303
    again = case.give(sam, f"u{case.eva.id}", what="Skriv")
    assert again.status_code == 422
    assert "finns redan" in again.text
    assert count(BidTask) == 1


def test_a_task_is_reminded_of_once_before_its_day_and_once_when_it_is_late(case, sam, clock, outbox, work_off):
    case.give(sam, f"u{case.eva.id}", due="2026-12-04")
    given_to_fruit(case, sam)

    def subjects_after(day: date, hour: int = 9) -> list[str]:
        clock.set(MONDAY.replace(year=day.year, month=day.month, day=day.day, hour=hour))
        for _ in range(2):
            teamflow.remind_of_tasks(clock.now)
            work_off()
        return outbox.subjects_to(case.eva.email)[1:]

    assert subjects_after(date(2026, 12, 1)) == []
    assert subjects_after(date(2026, 12, 2), hour=3) == [], "nobody is woken"
    assert subjects_after(date(2026, 12, 2)) == ["Snart dags: krav A1, Frukt"]
    assert subjects_after(date(2026, 12, 4)) == ["Snart dags: krav A1, Frukt"]
    assert subjects_after(date(2026, 12, 5)) == ["Snart dags: krav A1, Frukt", "Försenad uppgift: krav A1, Frukt"]
    assert len(subjects_after(date(2026, 12, 12))) == 2
    to_member = [one.kind for one in outbox.to("ljungbacken@medlem.example")]
    assert to_member.count("bid_task_due") == 1


def test_nobody_is_reminded_of_what_is_done_or_of_a_bid_that_is_gone(case, sam, clock, outbox, work_off):
    case.give(sam, f"u{case.eva.id}", due="2026-12-04")
    case.give(sam, f"u{case.rut.id}", due="2026-12-04")
    sam.post(f"{case.where}/arbete/uppgift/{task(1).id}/klar")
    clock.set(MONDAY + timedelta(days=14))
    teamflow.remind_of_tasks(clock.now)
    sam.post(f"{case.where}/avsta", data={"reason": "Hinner inte"})
    work_off()
    assert [one.kind for one in outbox.to(case.eva.email)] == ["bid_task"]
    assert [one.kind for one in outbox.to(case.rut.email)] == ["bid_task"]
    assert not jobs.failed()


def test_what_is_late_is_marked(case, sam, clock):
    case.give(sam, f"u{case.eva.id}", due="2026-12-04")
    clock.set(MONDAY + timedelta(days=14))
    assert "Försenad" in text(sam.page(f"{case.where}/arbete"))
    assert "Försenad" in text(sam.page(case.answer_url))


def test_a_member_writes_its_draft_and_it_is_put_into_our_answer_with_its_paper(case, sam, visit):
    where = given_to_fruit(case, sam)
    lena = visit(LENA)
    assert "1 krav väntar på att ni skriver" in text(lena.page("/medlem/"))
    shown = text(lena.page(where))
    assert "Krav nummer 1" in shown
    assert "Beskriv korgarna" in shown
    assert draft(lena, where, "Vi packar för hand.").status_code == 303
    values = {"kind": "policy", "title": "Rutin för packning", "file": (BytesIO(PDF), "rutin.pdf")}
    sent = lena.post(f"{where}/handling", data=values, content_type="multipart/form-data")
    assert sent.status_code == 303
    assert lena.post(f"{where}/klar").status_code == 303
    sam.post(case.answer_url, data={**ANSWER, "revision": "0", "text": "Vi klarar det."})
    page = sam.page(case.answer_url)
    assert "Vi packar för hand." in text(page)
    assert sam.press(case.answer_url, "button[formaction*=utkast]").status_code == 303
    answer = db.session.scalars(select(BidAnswer)).one()
    assert answer.text == "Vi klarar det.\n\nVi packar för hand."
    assert answer.responsible_id == case.parties[0].id
    assert db.session.scalars(select(Evidence.title)).one() == "Rutin för packning"
    assert db.session.scalars(select(Appendix.party_id)).one() == case.parties[0].id
    assert db.session.scalars(select(MemberDocument.title)).one() == "Rutin för packning"
    assert not sam.page(case.answer_url).cssselect("button[formaction*=utkast]"), "it is in the answer now"


@pytest.mark.both
def test_a_draft_is_not_put_into_an_answer_that_has_changed_meanwhile(case, sam, visit):
    where = given_to_fruit(case, sam)
    draft(visit(LENA), where, "Vi packar för hand.")
    path = f"{case.answer_url}/utkast/{task().id}"
    visit(case.eva.email).post(case.answer_url, data={**ANSWER, "revision": "0", "text": "Evas svar"})
    refused = sam.post(path, data={"revision": "0"})
    assert refused.status_code == 409
    assert "Eva Exempel" in refused.text
    assert db.session.scalars(select(BidAnswer.text)).one() == "Evas svar"
    assert task().has_new_draft


def test_a_member_sees_its_own_task_and_nobody_elses(case, sam, visit):
    where = given_to_fruit(case, sam)
    sam.post(f"{case.answer_url}/kommentar", data={"remark-text": "Bara mellan oss", "remark-reads": "us"})
    said = {"remark-text": "Kan ni skriva mer?", "remark-reads": case.fruit_key}
    assert sam.post(f"{case.answer_url}/kommentar", data=said).status_code == 303
    roy = visit(ROY)
    for path in ("", "/klar", "/ord", "/handling"):
        assert roy.post(where + path, data={"revision": "0", "says": "", "text": "x"}).status_code == 404, path
    assert roy.get(where).status_code == 404
    assert "A1" not in text(roy.page("/medlem/anbud/uppgift"))
    shown = text(visit(LENA).page(where))
    assert "Kan ni skriva mer?" in shown
    for secret in ("Bara mellan oss", "Rullande", "Krav nummer 2", "Eva"):
        assert secret not in shown, secret


def test_a_member_writes_to_us_and_the_owner_gets_a_letter(case, sam, visit, outbox):
    where = given_to_fruit(case, sam)
    lena = visit(LENA)
    assert lena.post(f"{where}/ord", data={"word-text": " "}).status_code == 422
    assert lena.post(f"{where}/ord", data={"word-text": "Vad menar köparen?"}).status_code == 303
    assert any("Vad menar köparen?" in one.body for one in outbox.to(case.sam.email))
    assert "Vad menar köparen?" in text(sam.page(case.answer_url))
    assert lena.fill(where, {}, form="form[action*=ta-bort]").status_code == 303
    assert "Vad menar köparen?" not in text(sam.page(case.answer_url))


@pytest.mark.both
def test_two_at_the_same_member_never_overwrite_each_other_unseen(case, sam, visit):
    where = given_to_fruit(case, sam)
    lena = visit(LENA)
    assert draft(lena, where, "Lenas text").status_code == 303
    late = draft(lena, where, "Skriven i en annan flik", revision=0)
    assert late.status_code == 409
    page = document(late)
    assert "Lenas text" in text(page)
    assert page.cssselect("textarea#text")[0].text.strip() == "Skriven i en annan flik"
    assert task().draft_text == "Lenas text"
    assert draft(lena, where, "Båda", revision=int(page.cssselect("#revision")[0].get("value"))).status_code == 303


@pytest.mark.both
def test_of_two_drafts_at_the_same_moment_one_is_told(case, sam, visit):
    where = given_to_fruit(case, sam)
    browsers = [visit(LENA), visit(LENA)]
    answers = together(*(lambda b=b, n=n: draft(b, where, f"Text {n}").status_code for n, b in enumerate(browsers)))
    assert sorted(answers) == [303, 409]
    assert task().draft_revision == 1


@pytest.mark.both
def test_of_two_who_take_the_draft_at_the_same_moment_one_is_told(case, sam, visit):
    where = given_to_fruit(case, sam)
    draft(visit(LENA), where, "Vi packar för hand.")
    path = f"{case.answer_url}/utkast/{task().id}"
    browsers = [sam, visit(case.eva.email)]
    answers = together(*(lambda b=b: b.post(path, data={"revision": "0"}).status_code for b in browsers))
    assert sorted(answers) == [303, 409]
    assert db.session.scalars(select(BidAnswer.text)).one() == "Vi packar för hand."


def test_after_the_deadline_nothing_can_be_written(case, sam, visit, clock):
    where = given_to_fruit(case, sam)
    clock.set(DEADLINE + timedelta(seconds=1))
    lena = visit(LENA)
    assert not lena.page(where).cssselect("main textarea")
    refused = draft(lena, where, "För sent")
    assert refused.status_code == 422
    assert "Sista anbudsdag har passerat" in refused.text
    assert "För sent" in refused.text, "what was typed is still there"
    assert task().draft_revision == 0


def test_a_draft_of_megabytes_is_turned_away(case, sam, visit):
    where = given_to_fruit(case, sam)
    assert draft(visit(LENA), where, "x" * 20_001).status_code == 422
    assert draft(visit(LENA), where, "x" * 10_000_000).status_code == 413


def test_what_a_member_had_comes_back_to_the_owner_when_it_declines_the_day_before(case, sam, visit, clock, outbox):
    where = given_to_fruit(case, sam)
    draft(visit(LENA), where, "Halvfärdigt")
    theirs = {**ANSWER, "revision": "0", "text": "Lju svarar", "responsible": str(case.parties[0].id)}
    second = f"{case.where}/svar/{case.requirements[1].id}"
    assert sam.post(second, data=theirs).status_code == 303
    clock.set(DEADLINE - timedelta(days=1))
    assert visit(LENA).post(f"/medlem/anbud/{case.bid.id}/nej", data={"reason": "Sjuka"}).status_code == 303
    tasks = db.session.scalars(select(BidTask).order_by(BidTask.id)).all()
    assert {one.user_id for one in tasks} == {case.sam.id}
    assert {one.returned_from for one in tasks} == {case.fruit.name}
    assert {one.due_on for one in tasks} == {date(2026, 12, 17)}
    assert [one.requirement.ref if one.requirement else one.what for one in tasks] == [
        "A1",
        "A2",
        "Hitta någon annan för prisrad 1.1",
    ]
    assert tasks[0].draft_text == "Halvfärdigt"
    answer = db.session.scalars(select(BidAnswer)).one()
    assert (answer.text, answer.responsible_id) == ("Lju svarar", None)
    (letter,) = [one for one in outbox.to(case.sam.email) if one.kind == "bid_returned"]
    assert "Krav A2" in letter.body
    page = text(sam.page(f"{case.where}/arbete"))
    assert page.count(f"Tillbaka från {case.fruit.name}") == 3
    assert visit(LENA).get(where).status_code == 404


def test_it_comes_back_too_when_we_do_without_the_party_or_nobody_owns_the_bid(case, sam):
    given_to_fruit(case, sam)
    path = f"{case.where}/anbud/parter/{case.parties[0].id}/ta-bort"
    assert sam.post(path).status_code == 303
    assert count(BidParty) == 2
    tasks = db.session.scalars(select(BidTask)).all()
    assert {(one.user_id, one.party_id, one.returned_from) for one in tasks} == {(case.sam.id, None, case.fruit.name)}
    assert "Beskriv korgarna" in text(sam.page("/personal/uppgifter"))


def test_pages_take_a_steady_number_of_statements(case, sam, queries):
    def cost(path: str) -> int:
        with queries() as seen:
            sam.page(path)
        return len(seen)

    tabs = ("arbete", "kommentarer", "fragor", "kompletteringar", "nytt", "svar")
    paths = [case.answer_url, *(f"{case.where}/{tab}" for tab in tabs)]
    sam.post(case.answer_url, data={**ANSWER, "revision": "0", "text": "Ja"})
    sam.page(case.where)
    few = {path: cost(path) for path in paths}
    for n in range(12):
        case.give(sam, f"u{case.eva.id}", what=f"Uppgift {n}")
        sam.post(f"{case.answer_url}/kommentar", data={"remark-text": f"Ord {n}", "remark-reads": "us"})
    case.give(sam, case.fruit_key)
    case.give(sam, case.van_key)
    assert {path: cost(path) for path in paths} == few
    assert max(few.values()) <= 15
    assert cost("/personal/uppgifter") <= 4
