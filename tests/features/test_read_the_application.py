"""A member reads the application as it stands before it signs that it has read it."""

from __future__ import annotations

from app import bidflow
from app import clock as app_clock
from app.db import db
from app.tenders.looks import actions as looks
from app.tenders.models import Bid
from bids.kinds import BudgetKind
from tests.features.call_case import CallCase
from tests.furnished import furnished
from tests.make import make_user
from tests.people import text


@furnished
def case(app) -> CallCase:
    made = CallCase(app_clock.now())
    make_user(made.fruit.email, member=made.fruit)
    make_user("rullande@medlem.example", member=made.van)
    made.bid.letter = "Vi öppnar **fler** vägar in."
    made.bid.price_terms = "Lönen för projektledaren är hög."
    made.ask(made.leader, BudgetKind.STAFF, 300_000, app_clock.now(), text="Projektledare")
    bidflow.invite([made.partner], by=made.sam, now=app_clock.now())
    db.session.commit()
    return made


def where(case: CallCase) -> str:
    return f"{case.invitation}/ansokan"


def test_what_is_said_is_read_and_what_others_cost_is_not(case, visit):
    case.ask(case.partner, BudgetKind.TRAVEL, None, app_clock.now(), text="Studiebesök")
    sales, fruit = visit(case.sam.email), visit(case.fruit.email)
    page = text(fruit.page(where(case)))
    assert "Inte besvarad än" in page
    answer = {"text": "Fler stannar kvar."}
    sales.fill(f"{case.where}/svar/{case.question.id}", answer, form="form#svar, main form[method=post]")
    looks.write(
        db.session.get_one(Bid, case.bid.id), None, "Spridning", "Vi berättar.", by=case.sam, now=app_clock.now()
    )
    db.session.commit()
    page = text(fruit.page(where(case))).replace("\u00a0", " ")
    for said in (
        "Vi öppnar fler vägar in.",
        "Vad ska projektet lösa?",
        "Fler stannar kvar.",
        "Spridning",
        "Vi berättar.",
    ):
        assert said in page, said
    assert "Leder projektet." in page
    assert "Handledare: 400 000 kr" in page
    assert "Studiebesök: inget belopp än" in page
    assert "700 000" in page, "the whole project costs so much"
    for hidden in ("300 000", "Projektledare", "projektledaren"):
        assert hidden not in page, hidden


def test_it_is_found_where_the_letter_of_intent_is_read(case, visit):
    fruit = visit(case.fruit.email)
    for page in (case.invitation, f"{case.invitation}/underskrift/letter_of_intent"):
        assert where(case) in [link.get("href") for link in fruit.page(page).cssselect("a")]


def test_nobody_else_reads_it(case, visit):
    assert visit("rullande@medlem.example").get(where(case)).status_code == 404
    fruit = visit(case.fruit.email)
    fruit.post(f"{case.invitation}/nej", data={"reason": "Ingen tid"})
    assert fruit.get(where(case)).status_code == 404


def test_what_is_written_is_text_and_no_page(case, visit):
    db.session.get_one(Bid, case.bid.id).letter = "<script>alert(1)</script>"
    db.session.commit()
    assert "<script>alert" not in visit(case.fruit.email).get(where(case)).text
