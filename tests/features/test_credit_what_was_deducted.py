"""An invoice with a deduction is credited: the customer gets back what it has been asked for, the agency what it paid.

Four hours of cleaning cost 2 000 kr, of which the customer pays 1 000 kr and the deduction is 1 000 kr.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import bankflow, clock, moneyflow
from app.accounts.models import User
from app.db import db
from app.household.models import PartState
from app.household.queries import had
from app.invoicing.actions import values_of
from app.invoicing.models import InvoiceRecord
from app.money import NOUGHT, Money
from app.payments.models import MoneyTask
from app.reliefs import Relief
from tests.features.relief_case import FIA, furnish, the_order
from tests.features.rest_case import (
    ASKED,
    LATER,
    PAGE,
    REFUSED,
    asked_for,
    change_its_mind,
    invoice_the_rest,
    invoices,
    part,
    refuse,
    row_of_the_agency,
    rows,
    shown,
)
from tests.furnished import furnished
from tests.tax_persons import TOLVAN

HOUR = Money.kronor(400)
"""Without VAT; 500 kr with, of which 250 kr are deducted."""


@furnished
def town(app):
    return furnish()


@pytest.fixture
def fia(town, visit, clock):
    """The deduction is asked for, and the agency has not answered."""
    return asked_for(town, visit(None), visit, clock)


def credit(hours: int | None) -> Money:
    """Credit so many hours of the first invoice, or all of it; returns what that note gives back."""
    record, by = invoices()[0], db.session.scalars(select(User).where(User.email == FIA)).one()
    if hours is None:
        note = moneyflow.credit_whole(record, "Det blev fel.", by=by, now=clock.now())
    else:
        (line,) = [one for one in record.lines if one.order_line_id]
        note = moneyflow.credit(record, {line: HOUR.times(hours)}, "Det blev fel.", by=by, now=clock.now())
    db.session.commit()
    return values_of(note).payable


def decide(fia, approved: str) -> None:
    assert fia.fill(f"{PAGE}/del/{part().id}", {"approved": approved, "decided_on": REFUSED}).status_code == 303


def customer_bears() -> Money:
    """What the customer has been asked for in all, by every document."""
    return Money.total(-_asked(one) if one.is_credit_note else _asked(one) for one in invoices())


def _asked(record: InvoiceRecord) -> Money:
    values = values_of(record)
    return values.payable + values.paid


def sold() -> Money:
    return Money.total(-one.gross if one.is_credit_note else one.gross for one in invoices())


def adds_up() -> None:
    """What is sold is what the customer is asked for, what the agency pays, and what waits with either."""
    one = part()
    to_come = one.due if one.state == PartState.ASKED else one.approved - one.to_agency + one.to_invoice
    assert sold() == customer_bears() + to_come


def tasks() -> list[str]:
    return [one.words.replace("\xa0", " ") for one in rows(MoneyTask) if one.done_at is None]


def year_had() -> Money:
    return had(TOLVAN, 2026).get(Relief.RUT, NOUGHT)


def test_while_the_agency_thinks_the_customer_gets_back_what_it_paid_and_the_claim_is_to_be_corrected(fia):
    assert credit(1) == Money.kronor(250)
    adds_up()
    assert (part().state, part().amount, part().due) == (PartState.ASKED, ASKED, Money.kronor(750))
    (words,) = tasks()
    assert "är 1 000,00 kr begärt" in words
    assert "750,00 kr" in words
    assert "Rätta begäran" in words
    assert year_had() == Money.kronor(750)
    assert row_of_the_agency(fia)[1:4] == [str(Money.kronor(750)), str(NOUGHT), str(Money.kronor(750))]
    assert credit(None) == Money.kronor(750)
    adds_up()
    (words,) = tasks()
    assert "Återkalla begäran" in words
    assert (part().due, year_had()) == (NOUGHT, NOUGHT)


def test_a_corrected_claim_is_approved_as_it_was_corrected(fia):
    credit(1)
    assert "750,00 kr" in shown(fia, f"{PAGE}/del/{part().id}")
    decide(fia, "750")
    assert (part().state, part().left, part().to_agency, tasks()) == (PartState.APPROVED, NOUGHT, NOUGHT, [])
    adds_up()


def test_a_claim_that_was_taken_back_is_no_refusal(fia):
    credit(None)
    decide(fia, "0")
    assert (part().state, part().to_invoice, tasks()) == (PartState.WITHDRAWN, NOUGHT, [])
    adds_up()


def test_what_the_agency_pays_on_a_claim_that_was_not_corrected_goes_back_to_it(fia):
    credit(1)
    decide(fia, "1000")
    assert (part().state, part().to_agency) == (PartState.APPROVED, Money.kronor(250))
    (words,) = tasks()
    assert "Betala tillbaka 250,00 kr till Skatteverket" in words
    adds_up()


def test_what_the_agency_has_paid_goes_back_to_it_and_not_to_the_customer(fia):
    decide(fia, "1000")
    assert credit(1) == Money.kronor(250)
    adds_up()
    (words,) = tasks()
    assert "Betala tillbaka 250,00 kr till Skatteverket" in words
    page = fia.page(f"/personal/fakturor/{invoices()[0].id}")
    (link,) = (one.get("href") for one in page.cssselect("main a") if "avdraget hos Skatteverket" in one.text_content())
    assert "750,00 kr" in shown(fia, link), "where the task leads, the invoice, leads on"
    assert "Att betala tillbaka till Skatteverket" in shown(
        fia, f"/personal/bestallningar/{the_order().number}/pengarna"
    )
    assert "250,00 kr ska betalas tillbaka till Skatteverket" in shown(fia, f"{PAGE}/del/{part().id}")
    assert row_of_the_agency(fia) == [
        "RUT", str(Money.kronor(750)), str(ASKED), str(NOUGHT), str(NOUGHT), str(Money.kronor(250)),
    ]  # fmt: skip
    assert credit(None) == Money.kronor(750)
    (words,) = tasks()
    assert "Betala tillbaka 1 000,00 kr till Skatteverket" in words
    adds_up()
    assert change_its_mind(fia, "0").status_code == 303
    assert (tasks(), part().to_agency, part().to_invoice) == ([], NOUGHT, NOUGHT)
    adds_up()


def test_what_was_refused_and_never_invoiced_the_customer_never_paid(fia):
    decide(fia, "0")
    assert credit(1) == Money.kronor(250)
    assert (part().to_invoice, tasks()) == (Money.kronor(750), [])
    adds_up()
    assert credit(None) == Money.kronor(750)
    assert part().to_invoice == NOUGHT
    assert "Fakturera" not in shown(fia, f"{PAGE}/del/{part().id}")
    adds_up()


def test_what_was_refused_and_invoiced_is_credited_on_that_invoice(fia, work_off):
    extra = refuse(fia)
    assert credit(1) == Money.kronor(250)
    note = invoices()[-1]
    assert (note.credits_id, values_of(note).payable) == (extra.id, Money.kronor(250))
    assert "Det blev fel." in values_of(note).why
    adds_up()
    credit(None)
    assert customer_bears() == NOUGHT
    assert [bankflow.balance_of(one).asked - bankflow.balance_of(one).credited for one in invoices()[:2]] == [
        NOUGHT
    ] * 2
    adds_up()
    work_off()
    assert "betald med 1 000,00 kr för mycket" in " ".join(tasks()), "what was paid of the first invoice"


def test_what_was_approved_in_part_is_kept_as_far_as_it_is_still_deducted(fia):
    """300 of 1 000 kr are approved, the rest is invoiced. Of three hours less 250 kr is left to deduct."""
    extra = refuse(fia, "300")
    assert credit(3) == Money.kronor(750)
    assert values_of(invoices()[-1]).payable == Money.kronor(700)
    assert invoices()[-1].credits_id == extra.id
    assert (part().due, part().to_agency, part().invoiced) == (Money.kronor(250), Money.kronor(50), NOUGHT)
    assert year_had() == Money.kronor(250)
    adds_up()


def test_the_agency_decides_anew_after_a_part_was_credited(fia):
    refuse(fia)
    credit(2)
    assert part().invoiced == Money.kronor(500)
    assert change_its_mind(fia, "500", LATER).status_code == 303
    assert (part().state, part().invoiced) == (PartState.APPROVED, NOUGHT)
    adds_up()
    assert change_its_mind(fia, "200", LATER).status_code == 303
    assert values_of(invoice_the_rest(fia)).payable == Money.kronor(300)
    adds_up()
