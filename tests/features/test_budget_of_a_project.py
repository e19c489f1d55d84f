"""The rows of a project's budget: staff ask, members answer for theirs, and nobody for another's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import bidflow, callflow
from app import clock as app_clock
from app.db import db
from app.money import Money
from app.tenders.actions import TenderFacts
from app.tenders.models import BidParty, BudgetEntry
from bids.kinds import BidForm, BudgetKind
from tests.features.bid_case import count
from tests.features.call_case import DEADLINE, TERMS, CallCase, answered, missing, yes
from tests.furnished import furnished
from tests.make import make_user
from tests.people import document, text


@furnished
def case(app) -> CallCase:
    made = CallCase(app_clock.now())
    make_user(made.fruit.email, member=made.fruit)
    make_user("rullande@medlem.example", member=made.van)
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def fruit(case, visit):
    bidflow.invite([case.partner], by=case.sam, now=app_clock.now())
    db.session.commit()
    return visit(case.fruit.email)


def test_a_row_is_added_changed_and_taken_away(case, sales):
    typed = {"party": str(case.leader.id), "kind": "indirect", "year": "2027", "percent": "15", "text": "Lokaler"}
    assert sales.fill(case.budget, typed, form="#ny-rad form").status_code == 303
    made = db.session.scalars(select(BudgetEntry).where(BudgetEntry.text == "Lokaler")).one()
    where, percent = f"{case.budget}/{made.id}", made.percent
    assert percent == 15
    db.session.rollback()
    assert sales.fill(where, {"percent": "", "amount": "9 000"}).status_code == 303
    assert db.session.get_one(BudgetEntry, made.id).amount == Money.kronor(9000)
    assert sales.post(f"{where}/ta-bort").status_code == 303
    assert sales.post(f"{where}/ta-bort").status_code == 404
    assert count(BudgetEntry) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"party": "0", "kind": "staff", "amount": "1"}, "måste ligga hos en part"),
        ({"party": "0", "kind": "public", "amount": "1"}, "vem som betalar"),
        ({"kind": "travel", "percent": "10"}, "Bara indirekta kostnader"),
        ({"kind": "indirect", "percent": "10", "amount": "5"}, "inte båda"),
        ({"kind": "travel", "amount": "-5"}, "noll eller mer"),
        ({"kind": "travel", "year": "20270"}, "Kontrollera året"),
        ({"kind": "travel", "amount": "tio"}, "Skriv beloppet"),
    ],
)
def test_what_is_no_row_is_refused_in_words(case, sales, typed, said):
    answer = sales.fill(case.budget, typed, form="#ny-rad form")
    assert answer.status_code == 422
    assert said in text(document(answer).cssselect(".error-summary")[0])
    assert count(BudgetEntry) == 2


def test_a_row_of_another_application_is_not_there(case, sales):
    facts = TenderFacts(title="En annan", buyer_name="Fonden", deadline=DEADLINE)
    other = callflow.notice_by_hand(facts, TERMS, by=case.sam, now=app_clock.now())
    bidflow.start_bid(other, BidForm.APPLICATION, by=case.sam, now=app_clock.now())
    db.session.commit()
    assert sales.get(f"/personal/upphandlingar/{other.id}/budget/{case.staff.id}").status_code == 404
    assert sales.post(f"/personal/upphandlingar/{other.id}/budget/{case.staff.id}/ta-bort").status_code == 404


def test_a_member_is_invited_and_answers_for_its_part(case, sales, visit, outbox):
    assert sales.post(f"{case.budget}/bjud-in").status_code == 303
    letter = outbox.to(case.fruit.email)[-1]
    assert "Vägar in" in letter.subject
    assert "Personal, 2027, Handledare: 400" in letter.body.replace("\u00a0", " ")
    fruit = visit(case.fruit.email)
    assert answered(fruit, case).status_code == 303
    db.session.expire_all()
    assert [entry.signed_by for entry in case.bid.budget] == ["Lova Hittepå", "Lova Hittepå"]
    db.session.rollback()
    assert "Har svarat" in text(sales.page(case.budget))
    assert not any(key.startswith("budget:unsigned") for key in missing(case))


def test_a_member_may_change_an_amount_and_decline_a_row(case, fruit):
    assert (
        answered(fruit, case, **{"rows-0-amount": "380 000", "rows-1-amount": "", "rows-1-declined": "y"}).status_code
        == 303
    )
    db.session.expire_all()
    assert (case.staff.amount, case.own.declined) == (Money.kronor(380_000), True)
    db.session.rollback()
    assert "Egen insats" not in text(fruit.page(case.invitation).cssselect("h2")[0])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rows-0-amount": ""}, "kryssa för att ni inte tar raden"),
        ({"signed_by": " "}, "Skriv namnet"),
        ({"authorised": ""}, "Kryssa"),
        ({"rows-0-percent": "5"}, "inte båda"),
    ],
)
def test_an_answer_that_says_nothing_is_refused(case, fruit, changes, said):
    answer = answered(fruit, case, **changes)
    assert answer.status_code == 422
    assert said in text(document(answer).cssselect(".error-summary")[0])
    assert not db.session.get_one(BudgetEntry, case.staff.id).signed_by


@pytest.mark.both
def test_an_answer_to_a_row_that_was_changed_meanwhile_is_no_answer(case, fruit, sales):
    sent = dict(fruit.page(case.invitation).cssselect("main form[method=post]")[0].form_values())
    sales.fill(f"{case.budget}/{case.staff.id}", {"text": "Handledare och buss"})
    answer = fruit.post(case.invitation, data={**sent, **yes(case)})
    assert answer.status_code == 422
    assert not db.session.get_one(BudgetEntry, case.staff.id).signed_by
    told = text(document(answer).cssselect("main fieldset .field-now")[0])
    assert "När du öppnade sidan: Personal, 2027, Handledare, 400" in told
    assert "Nu står det: Personal, 2027, Handledare och buss, 400" in told
    db.session.rollback()
    again = dict(document(answer).cssselect("main form[method=post]")[0].form_values())
    assert fruit.post(case.invitation, data={**again, **yes(case)}).status_code == 303


def test_a_row_of_another_member_cannot_be_answered_for(case, fruit):
    theirs = case.ask(case.leader, BudgetKind.TRAVEL, 5_000, app_clock.now())
    db.session.commit()
    assert answered(fruit, case, **{"rows-0-entry": str(theirs.id)}).status_code == 404
    assert not db.session.get_one(BudgetEntry, theirs.id).signed_by


def test_a_member_that_is_not_invited_sees_nothing(case, visit):
    assert visit(case.fruit.email).get(case.invitation).status_code == 404
    assert visit("rullande@medlem.example").get(case.invitation).status_code == 404


def test_a_member_sees_nothing_of_what_others_cost(case, fruit):
    case.ask(case.leader, BudgetKind.STAFF, 777_777, app_clock.now(), text="Projektledare")
    db.session.commit()
    page = fruit.page(case.invitation).text_content()
    assert "777" not in page
    assert "Projektledare" not in page


def test_what_is_asked_anew_must_be_answered_anew_and_the_member_is_told(case, fruit, sales, outbox):
    answered(fruit, case)
    before = len(outbox.to(case.fruit.email))
    db.session.rollback()
    sales.fill(f"{case.budget}/{case.staff.id}", {"amount": "450 000"})
    letters = outbox.to(case.fruit.email)
    assert "Ändrad fråga" in letters[-1].subject
    assert len(letters) == before + 1
    db.session.rollback()
    assert "budget:unsigned:ljungbacken" in missing(case)


def test_a_row_that_was_added_and_taken_away_leaves_the_answer_as_it_was(case, fruit, sales):
    answered(fruit, case)
    db.session.expire_all()
    before = db.session.get_one(BidParty, case.partner.id).answered_at
    db.session.rollback()
    row = {"party": str(case.partner.id), "kind": "travel", "year": "2027", "amount": "5 000"}
    sales.fill(case.budget, row, form="#ny-rad form")
    made = db.session.scalars(select(BudgetEntry).order_by(BudgetEntry.id.desc())).first()
    assert db.session.get_one(BidParty, case.partner.id).answered_at is None
    db.session.rollback()
    sales.post(f"{case.budget}/{made.id}/ta-bort")
    assert db.session.get_one(BidParty, case.partner.id).answered_at == before


def test_a_member_that_declines_takes_its_rows_with_it(case, fruit):
    answered(fruit, case)
    assert fruit.fill(case.invitation, {"reason": "Vi hinner inte."}, form="form[action$=nej]").status_code == 303
    db.session.expire_all()
    assert case.partner.has_declined
    assert "budget:empty" in missing(case)


def test_staff_write_down_what_a_member_says_by_telephone(case, fruit, sales):
    where = f"{case.budget}/svara-at/{case.partner.id}"
    assert sales.fill(where, yes(case)).status_code == 303
    db.session.expire_all()
    assert (case.staff.signed_by, case.staff.entered_by) == ("Lova Hittepå", case.sam.name)


def test_ore_are_shown_where_there_are_any(case, sales):
    typed = {"party": str(case.leader.id), "kind": "travel", "year": "2027", "amount": "10,50", "text": "Bussbiljett"}
    sales.fill(case.budget, typed, form="#ny-rad form")
    made = db.session.scalars(select(BudgetEntry).where(BudgetEntry.text == "Bussbiljett")).one()
    assert "10,50 kr" in text(sales.page(case.budget).cssselect(f"#rad-{made.id}")[0]).replace("\xa0", " ")
