"""Of what the tax agency refused no more is credited than the customer was asked for, whoever presses how often."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import db
from app.household.models import PartState, ReliefRest
from app.invoicing.actions import values_of
from app.money import Money
from tests.features.relief_case import FIA, furnish
from tests.features.rest_case import (
    ASKED,
    LATER,
    PAGE,
    asked_for,
    change_its_mind,
    credit,
    invoices,
    part,
    refuse,
    rows,
    shown,
)
from tests.furnished import furnished
from tests.people import text, together

pytestmark = pytest.mark.both


@furnished
def town(app):
    return furnish()


@pytest.fixture
def fia(town, visit, clock):
    return asked_for(town, visit(None), visit, clock)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "1000,01"}, "Det går att kreditera högst 1 000,00 kr."),
        ({"amount": "0"}, "Skriv ett belopp över noll."),
        ({"amount": ""}, "Skriv ett belopp över noll."),
        ({"amount": "-5"}, "Skriv ett belopp över noll."),
        ({"amount": "många"}, "Skriv beloppet i kronor"),
        ({"amount": "5", "why": " "}, "Skriv varför"),
    ],
)
def test_what_cannot_be_credited_is_refused(fia, typed, said):
    extra = refuse(fia)
    answer = credit(fia, extra, **typed)
    assert answer.status_code == 422
    assert said in answer.text.replace("\xa0", " ").replace("&#160;", " ").replace("&nbsp;", " ")
    assert len(invoices()) == 2
    assert part().invoiced == ASKED


def test_two_who_credit_all_of_it_at_once_credit_it_once(fia, visit):
    extra = refuse(fia)
    where = f"/personal/fakturor/{extra.id}/kreditera-rest"
    others = [visit(FIA) for _each in range(2)]
    typed = {"amount": "", "why": "Omprövning", "whole": "1"}
    for one in others:
        one.page(f"/personal/fakturor/{extra.id}")
    answers = together(*(lambda one=one: one.post(where, data=typed) for one in others))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert [values_of(one).payable for one in invoices()[2:]] == [ASKED]


def test_who_has_seen_an_older_page_credits_nothing_twice(fia):
    extra = refuse(fia)
    where = f"/personal/fakturor/{extra.id}"
    form = fia.page(where).cssselect(f"form[action='{where}/kreditera-rest']")[0]
    seen = {**dict(form.form_values()), "amount": "400", "why": "Omprövning"}
    assert fia.post(f"{where}/kreditera-rest", data=seen).status_code == 303
    late = fia.post(f"{where}/kreditera-rest", data=seen)
    assert late.status_code == 422
    assert f"Det är redan krediterat: kreditfaktura {invoices()[-1].name}." in late.text
    other = fia.post(f"{where}/kreditera-rest", data={**seen, "amount": "300"})
    assert other.status_code == 422
    assert "Någon annan har ändrat" in other.text
    assert part().invoiced == Money.kronor(600)
    facts = text(fia.page(where).cssselect("aside")[0])
    assert "Att betala" in facts
    assert "Inkl. moms" not in facts, "it sells nothing"


@pytest.mark.parametrize(
    ("approved", "on", "said"),
    [
        ("0", LATER, "Skatteverket hade redan godkänt"),
        ("1001", LATER, "hela kronor, högst"),
        ("10,50", LATER, "hela kronor, högst"),
        ("-1", LATER, "hela kronor, högst"),
        ("500", "2026-11-23", "mellan det förra beslutet och i dag"),
        ("500", "2026-12-24", "mellan det förra beslutet och i dag"),
        ("500", "", "Välj en dag"),
    ],
)
def test_a_new_decision_that_cannot_be_is_refused(fia, approved, on, said):
    refuse(fia)
    answer = change_its_mind(fia, approved, on)
    assert answer.status_code == 422
    assert said in answer.text
    assert (part().state, part().decided_on, len(invoices())) == (PartState.REFUSED, date(2026, 11, 24), 2)


def test_nothing_is_decided_anew_before_it_is_decided_or_by_others_than_finance(fia, visit):
    assert fia.get(f"{PAGE}/del/{part().id}/omprovning").status_code == 404
    assert "har ändrat sitt beslut" not in shown(fia, f"{PAGE}/del/{part().id}")
    extra = refuse(fia)
    where = f"/personal/fakturor/{extra.id}/kreditera-rest"
    assert visit(None).post(where, data={"why": "Jag vill", "whole": "1"}).status_code in {302, 403}
    first = invoices()[0]
    assert fia.post(f"/personal/fakturor/{first.id}/kreditera-rest", data={"why": "x"}).status_code == 404
    assert len(invoices()) == 2


def test_nobody_decides_anew_over_a_decision_that_was_not_seen(fia):
    refuse(fia)
    where = f"{PAGE}/del/{part().id}/omprovning"
    seen = dict(fia.page(where).cssselect("main form[method=post]")[0].form_values())
    assert change_its_mind(fia, "300").status_code == 303
    late = fia.post(where, data={**seen, "approved": "1000", "decided_on": LATER})
    assert late.status_code == 422
    assert part().approved == Money.kronor(300)


def test_the_database_itself_lets_nobody_credit_more_than_was_asked_for(fia):
    refuse(fia)
    (rest,) = rows(ReliefRest)
    rest.credited = rest.amount + Money(1)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
