"""Staff ask what would happen if a member were closed some weeks: who would take what, and what nobody could."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app import clock as app_clock
from app import orderflow
from app.audit import AuditEvent
from app.db import db
from app.mail import Letter
from app.orders import what_if as thinking
from app.orders.cart import Delivery
from app.orders.models import Assignment, OrderEvent
from app.orders.what_if import what_if
from tests import make
from tests.furnished import furnished
from tests.people import text

PAGE = "/personal/fordelning/tank-om"
WEEK_50 = (date(2026, 12, 7), date(2026, 12, 13))


@furnished
def rena_rum(app):
    """Rena Rum cleans 40 hours a week, Skura 15. Nordbyn has three cleanings of ten hours, all Rena Rum's."""
    make.make_sales_company()
    cleaners, skura = make.make_rena_rum(), make.make_member(slug="skura", name="Skura Tillsammans ek. för.")
    cleaning = make.make_article("Kontorsstädning", unit="HUR")
    make.make_offering(cleaning, cleaners, capacity_per_week=Decimal(40))
    offering = make.make_offering(cleaning, skura, capacity_per_week=Decimal(15), lead_days=30)
    nordbyn = make.make_nordbyn()
    make.make_sam()
    for day in (8, 9, 10):
        delivery = Delivery(date(2026, 12, day), "Kontoret", f"Gatan {day}", "411 02", "Göteborg", "1480")
        orderflow.checkout(
            {cleaning.id: Decimal(10)}, delivery, customer=nordbyn, ticket=f"t{day}", by=None, now=app_clock.now()
        )
    offering.lead_days = 2
    db.session.commit()
    assert {one.member for one in db.session.scalars(select(Assignment))} == {cleaners}
    return cleaners


def rows() -> list[int]:
    db.session.rollback()
    kinds = (Assignment, OrderEvent, Letter, AuditEvent)
    return [db.session.scalar(select(func.count()).select_from(kind)) for kind in kinds]


def asked(member: make.Member, first: int = 50, last: int = 50, year: int = 2026) -> str:
    return f"{PAGE}?member={member.id}&second=&third=&year={year}&first={first}&last={last}"


def test_who_would_take_it_and_what_nobody_could(rena_rum, visit):
    before = rows()
    page = text(visit("sam@samklang.example").page(asked(rena_rum)))
    assert "1 rad skulle få någon" in page
    assert "2 rader som ingen kunde ta hela" in page
    assert "10 till Skura Tillsammans ek. för." in page
    assert "Rena Rum Städkooperativ ek. för. är frånvarande den dagen." in page
    assert rows() == before, "nothing is saved"


def test_each_part_sees_what_those_before_it_took(rena_rum):
    outcome = what_if([rena_rum.id], *WEEK_50, now=app_clock.now())
    assert [(sum(move.quantity for move in one.moves), one.left) for one in outcome.moved] == [(10, 0), (5, 5), (0, 10)]
    assert outcome == what_if([rena_rum.id], *WEEK_50, now=app_clock.now()), "asked twice, answered the same"


def test_weeks_without_work_change_nothing(rena_rum, visit):
    sam = visit("sam@samklang.example")
    assert "Inget ska levereras av dem de veckorna" in text(sam.page(asked(rena_rum, 28, 31, 2027)))
    assert "Vad som skulle hända" not in text(sam.page(PAGE))


def test_it_looks_at_no_more_than_a_person_reads(rena_rum, monkeypatch):
    monkeypatch.setattr(thinking, "MOST_ASSIGNMENTS", 2)
    outcome = what_if([rena_rum.id], *WEEK_50, now=app_clock.now())
    assert (len(outcome.moved), outcome.more) == (2, True)


def test_as_few_questions_for_three_orders_as_for_one(rena_rum, queries):
    with queries() as few:
        what_if([rena_rum.id], date(2026, 12, 8), date(2026, 12, 8), now=app_clock.now())
    db.session.expire_all()
    with queries() as many:
        what_if([rena_rum.id], *WEEK_50, now=app_clock.now())
    assert len(many) <= len(few) + 2 <= 26


@pytest.mark.parametrize(
    ("first", "last", "year", "words"),
    [(54, 54, 2026, "Skriv en vecka"), (50, 49, 2026, "Skriv första veckan"), (1, 40, 2026, "högst 26 veckor"),
     (53, 53, 2027, "ingen sådan vecka"), (1, 2, 1, "Skriv ett år")],
)  # fmt: skip
def test_weeks_that_cannot_be_are_told_of(rena_rum, visit, first, last, year, words):
    answer = visit("sam@samklang.example").get(asked(rena_rum, first, last, year))
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("query", ["member=999999&year=2026&first=1&last=2", "member=x", "member=&year=&first=&last="])
def test_a_forged_question_is_refused(rena_rum, visit, query):
    assert visit("sam@samklang.example").get(f"{PAGE}?{query}").status_code == 422
