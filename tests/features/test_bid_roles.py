"""Who may do what in a bid: the rules stand at the door of each act, whatever buttons a page shows."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import RoleName
from app.db import db
from app.tenders.models import Bid, BidAnswer, BidPerson
from tests.conftest import MONDAY
from tests.features.bid_case import Case
from tests.features.team_case import ANSWER, TeamCase
from tests.furnished import furnished
from tests.make import make_user
from tests.people import document, text


@furnished
def case(app):
    return TeamCase(MONDAY)


def answered(browser, case, revision="0", words="Vi klarar det.") -> int:
    return browser.post(case.answer_url, data={**ANSWER, "revision": revision, "text": words}).status_code


def duties() -> dict[str, str]:
    found = {person.name: str(person.duty) for person in db.session.scalars(select(BidPerson)) if person.user_id}
    db.session.rollback()
    return found


def test_a_writer_writes_and_a_reviewer_and_an_outsider_do_not(case, visit):
    assert answered(visit(case.rut.email), case) == 409
    assert answered(visit(case.olle.email), case) == 409
    assert not db.session.scalars(select(BidAnswer)).all()
    assert answered(visit(case.eva.email), case) == 303


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/lamna", {}),
        ("/arbete/person", {"user": "1", "duty": "owner"}),
        ("/krav/klistra", {"paste-lot": "0", "paste-lines": "B1; ska; Nytt"}),
        ("/anbud/texter", {"letter": "Hej"}),
        ("/kompletteringar", {"number": "1"}),
        ("/fragor", {"question-text": "Hur?"}),
        ("/arbete/uppgift", {"task-who": "u1"}),
    ],
)
def test_what_the_reviewer_may_not_is_refused_in_words(case, visit, path, data):
    answer = visit(case.rut.email).post(case.where + path, data=data)
    assert answer.status_code == 409
    assert "Du är granskare i anbudet" in text(document(answer))


def test_only_the_owner_hands_in_and_names_people(case, visit):
    eva = visit(case.eva.email)
    for path in ("/lamna", "/lamna/nytt-utkast", "/arbete/person"):
        answer = eva.post(case.where + path, data={"user": str(case.olle.id), "duty": "writer"})
        assert answer.status_code == 409, path
        assert "Du är skribent" in answer.text
    sam = visit(case.sam.email)
    assert "brister hindrar" in sam.post(f"{case.where}/lamna").text, "the owner is stopped by the gaps only"
    olle = {"user": str(case.olle.id), "duty": "writer"}
    assert sam.post(f"{case.where}/arbete/person", data=olle).status_code == 303
    assert answered(visit(case.olle.email), case) == 303


def test_a_bid_has_one_owner_and_keeps_one(case, visit):
    sam = visit(case.sam.email)
    refused = sam.post(f"{case.where}/arbete/person", data={"user": str(case.sam.id), "duty": "writer"})
    assert refused.status_code == 422
    assert "Utse en annan ansvarig först" in refused.text
    assert sam.post(f"{case.where}/arbete/person", data={"user": str(case.eva.id), "duty": "owner"}).status_code == 303
    assert duties() == {"Sam Exempel": "writer", "Eva Exempel": "owner", "Rut Exempel": "reviewer"}
    assert sam.post(f"{case.where}/lamna").status_code == 409
    person = db.session.scalars(select(BidPerson).where(BidPerson.name == "Eva Exempel")).one()
    left = visit(case.eva.email).post(f"{case.where}/arbete/person/{person.id}/ta-bort")
    assert left.status_code == 409
    assert "Eva Exempel" in duties()


def test_an_administrator_can_take_over_when_the_owner_is_away(case, visit):
    boss = visit(make_user("chef@samklang.example", roles=[RoleName.ADMIN], name="Chefen").email)
    assert boss.post(f"{case.where}/arbete/person", data={"user": str(case.rut.id), "duty": "owner"}).status_code == 303
    assert duties()["Rut Exempel"] == "owner"


def test_until_there_is_an_owner_everybody_in_sales_may_do_everything(app, clock, visit):
    bare = Case(clock.now)
    eva = visit(make_user("eva@samklang.example", roles=[RoleName.SALES], name="Eva Exempel").email)
    assert "Ingen är ansvarig än" in text(eva.page(f"{bare.where}/arbete"))
    assert answered(eva, bare) == 303
    assert eva.fill(f"{bare.where}/arbete/person", {"duty": "owner"}).status_code == 303
    assert duties() == {"Eva Exempel": "owner"}
    assert answered(visit(bare.sam.email), bare, "1") == 409


def test_finance_and_strangers_do_not_get_in(case, visit):
    pia = visit(make_user("pia@samklang.example", roles=[RoleName.FINANCE]).email)
    assert pia.get(f"{case.where}/arbete").status_code == 200
    assert pia.post(f"{case.where}/kommentarer", data={"remark-text": "Hej", "remark-reads": "us"}).status_code == 403
    assert visit(case.lena.email).get(f"{case.where}/arbete").status_code == 403
    elsewhere = visit(case.sam.email).get("/personal/upphandlingar/9999/arbete")
    assert elsewhere.status_code == 404


def test_letters_to_a_member_go_to_its_contact_in_the_bid(case, visit, outbox):
    party = case.parties[0]
    path = f"{case.where}/arbete/kontakt/{party.id}"
    sam = visit(case.sam.email)
    assert sam.fill(path, {"name": "Kim", "email": "inte en adress"}).status_code == 422
    assert sam.fill(path, {"name": "Kajsa Kontakt", "email": "kajsa@medlem.example"}).status_code == 303
    case.give(sam, case.fruit_key)
    (letter,) = [one for one in outbox.to("kajsa@medlem.example") if one.kind == "bid_task"]
    assert "Hej Kajsa Kontakt!" in letter.body
    assert "Krav nummer 1" in letter.body


def test_a_reviewed_answer_loses_its_mark_when_it_changes(case, visit):
    eva, rut = visit(case.eva.email), visit(case.rut.email)
    answered(eva, case)
    assert eva.post(f"{case.answer_url}/granskad", data={"revision": "1"}).status_code == 409, "writers do not review"
    assert rut.fill(case.answer_url, {}, form="form[action$=granskad]").status_code == 303
    assert "Granskat" in text(rut.page(f"{case.where}/svar"))
    answered(eva, case, "1", "Vi klarar det ännu bättre.")
    assert "Granskat" not in text(rut.page(f"{case.where}/svar"))
    stale = rut.post(f"{case.answer_url}/granskad", data={"revision": "1"})
    assert stale.status_code == 409, "what was read is not what stands there now"
    assert db.session.scalars(select(BidAnswer.reviewed_by)).one() == ""


def test_nobody_reviews_what_it_has_written(case, visit):
    sam, rut = visit(case.sam.email), visit(case.rut.email)
    answered(sam, case)
    assert not sam.page(case.answer_url).cssselect("[formaction$=granskad], form[action$=granskad]")
    refused = sam.post(f"{case.answer_url}/granskad", data={"revision": "1"})
    assert (refused.status_code, "Du skrev svaret själv" in refused.text) == (409, True)
    assert db.session.scalars(select(BidAnswer.reviewed_by)).one() == ""
    assert rut.fill(case.answer_url, {}, form="form[action$=granskad]").status_code == 303


def test_proof_that_comes_or_goes_takes_the_mark_away_too(case, visit):
    eva, rut = visit(case.eva.email), visit(case.rut.email)
    answered(eva, case)
    rut.post(f"{case.answer_url}/granskad", data={"revision": "1"})
    again = {**ANSWER, "revision": "1", "text": "Vi klarar det.", "proof_title": "Se kapitel 3"}
    assert eva.post(case.answer_url, data=again).status_code == 303
    rut.post(f"{case.answer_url}/granskad", data={"revision": "2"})
    assert "Granskat" in text(rut.page(case.answer_url))
    eva.press(case.answer_url, "button[formaction*=bevis]")
    assert "Granskat" not in text(rut.page(case.answer_url))


def test_a_bid_that_is_gone_takes_its_people_with_it(case):
    db.session.delete(db.session.get_one(Bid, case.bid.id))
    db.session.flush()
    assert not db.session.scalars(select(BidPerson)).all()


def test_only_the_owner_leaves_the_tender_or_takes_it_up_again(case, visit):
    eva = visit(case.eva.email)
    for path, data in (("/avsta", {"reason": "Nej"}), ("/val", {"verdict": "no_go", "main_ground": "price"})):
        answer = eva.post(case.where + path, data=data)
        assert answer.status_code == 409, path
        assert "kan inte bestämma om vi lämnar anbud" in answer.text
    assert "Avstå från upphandlingen" not in eva.get(case.where).text
    assert "Avstå från upphandlingen" in visit(case.sam.email).get(case.where).text
