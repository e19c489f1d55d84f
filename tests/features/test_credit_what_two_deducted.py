"""Two persons share a deduction, and the agency treats them differently: whatever is credited when, it adds up."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from app import clock, moneyflow
from app.accounts.models import User
from app.db import db
from app.household.models import PartState, ReliefDeduction, ReliefPart
from app.invoicing.actions import values_of
from app.money import NOUGHT, Money
from tests.features.relief_case import FIA, OTHER, deliver, fill, furnish, the_order, wish
from tests.features.rest_case import PAGE, PAID, invoices, rows
from tests.furnished import furnished

HOURS = 4


@furnished
def town(app):
    return furnish()


@pytest.fixture
def fia(town, visit):
    """Four hours of cleaning for 2 000 kr, of which each of two has 500 kr deducted; asked for, and not answered."""
    guest, fia = visit(None), visit(FIA)
    fill(guest, town, cleaning=str(HOURS))
    assert guest.fill("/kassa", wish(town, "cleaning", other_person=OTHER, other_share="50")).status_code == 303
    deliver(the_order())
    (deduction,) = rows(ReliefDeduction)
    fia.fill(f"{PAGE}/avdrag/{deduction.id}", {"paid_on": PAID, "electronic": "y"})
    fia.fill(PAGE, {}, form=f"form[action='{PAGE}/fil']")
    return fia


def parts() -> list[ReliefPart]:
    return rows(ReliefPart)


def credit_an_hour() -> Money:
    """Returns what the first invoice's note gives back."""
    record, by = invoices()[0], db.session.scalars(select(User).where(User.email == FIA)).one()
    (line,) = [one for one in record.lines if one.order_line_id]
    note = moneyflow.credit(record, {line: Money.kronor(400)}, "Det blev fel.", by=by, now=clock.now())
    db.session.commit()
    return values_of(note).payable


def decide(fia, part: ReliefPart, kronor: int) -> None:
    page = "" if part.state == PartState.ASKED else "/omprovning"
    fia.fill(f"{PAGE}/del/{part.id}{page}", {"approved": str(kronor), "decided_on": PAID})


def adds_up() -> None:
    """Every krona of what is sold still is the customer's, the agency's, or waits with one of them."""
    sold, asked = NOUGHT, NOUGHT
    for one in invoices():
        sign = -1 if one.is_credit_note else 1
        sold += Money(sign * one.gross.ore)
        asked += Money(sign * values_of(one).payable.ore)
    waits = Money.total(one.due for one in parts() if one.state == PartState.ASKED)
    agency = Money.total(one.approved - one.to_agency for one in parts() if one.state != PartState.ASKED)
    assert sold == asked + waits + agency + Money.total(one.to_invoice for one in parts())
    assert all(one.invoiced <= one.left for one in parts()), "nobody is asked for what is not theirs to pay"


def test_what_one_was_refused_and_the_other_granted(fia):
    first, second = parts()
    decide(fia, first, 500)
    decide(fia, second, 0)
    fia.post(f"{PAGE}/del/{second.id}/faktura")
    assert credit_an_hour() == Money.kronor(250)
    adds_up()
    first, second = parts()
    assert (first.to_agency, second.to_agency, second.invoiced) == (Money.kronor(125), NOUGHT, Money.kronor(375))


@pytest.mark.parametrize("seed", range(5))
def test_it_adds_up_whatever_happens_in_which_order(fia, seed):
    chance, credited = random.Random(seed), 0  # noqa: S311  no secret
    for _step in range(9):
        part = chance.choice(parts())
        act = chance.choice(["credit", "decide", "decide", "invoice"])
        if act == "credit" and credited < HOURS:
            assert NOUGHT <= credit_an_hour() <= Money.kronor(500)
            credited += 1
        elif act == "decide" and part.state != PartState.WITHDRAWN:
            decide(fia, part, chance.choice([0, 100, 250, 375, 500]))
        elif act == "invoice" and part.to_invoice:
            assert fia.post(f"{PAGE}/del/{part.id}/faktura").status_code == 303
        adds_up()
