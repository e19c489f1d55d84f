"""The tax agency refuses, the customer is invoiced, the agency changes its mind: what was asked for is credited."""

from __future__ import annotations

import csv
from datetime import date

import flask_migrate
import pytest
from lxml import etree
from sqlalchemy.exc import IntegrityError

from app import migrating
from app.db import db
from app.household.models import PartState, ReliefClaim, ReliefDeduction, ReliefRest
from app.household.queries import had
from app.invoicing.actions import values_of
from app.invoicing.archive import LIST, Export
from app.invoicing.document import Credited
from app.invoicing.einvoice.findings import Rulebook, fatal
from app.invoicing.einvoice.inspecting import check
from app.invoicing.ubl import to_archive
from app.money import NOUGHT, Money
from app.payments.models import MoneyTask
from app.reliefs import Relief
from tests.features.relief_case import FIA, deliver, fill, furnish, the_order, wish
from tests.features.rest_case import (
    ASKED,
    LATER,
    PAGE,
    REFUSED,
    change_its_mind,
    credit,
    invoice_the_rest,
    invoices,
    part,
    refuse,
    row_of_the_agency,
    rows,
    shown,
)
from tests.furnished import furnished
from tests.people import together
from tests.tax_persons import TOLVAN

RECEIPTS, PAID = "/personal/inbetalningar", "2026-11-23"
INGRID = "ingrid@exempel.example"
pytestmark = pytest.mark.both


@furnished
def town(app):
    return furnish()


@pytest.fixture
def guest(visit):
    """Ingrid's browser, which keeps the right to see her order."""
    return visit(None)


@pytest.fixture
def fia(town, guest, visit, clock):
    """Ingrid's cleaning is done, invoiced, paid and asked for; Fia of finance has the agency's answer."""
    fill(guest, town, cleaning="4")
    assert guest.fill("/kassa", wish(town, "cleaning")).status_code == 303
    deliver(the_order())
    (deduction,) = rows(ReliefDeduction)
    fia = visit(FIA)
    fia.fill(f"{PAGE}/avdrag/{deduction.id}", {"paid_on": PAID, "electronic": "y"})
    fia.fill(PAGE, {}, form=f"form[action='{PAGE}/fil']")
    assert len(rows(ReliefClaim)) == 1
    assert part().amount == ASKED
    clock.move(days=2)
    return fia


def test_the_agency_pays_all_after_all(fia, guest, outbox, work_off, tmp_path):
    extra = refuse(fia)
    answer = change_its_mind(fia, "1000")
    assert answer.status_code == 303
    note, values = invoices()[-1], values_of(invoices()[-1])
    assert (note.is_credit_note, note.credits_id, note.number) == (True, extra.id, extra.number + 1)
    assert (note.net, note.vat, note.gross, values.payable) == (NOUGHT, NOUGHT, NOUGHT, ASKED)
    assert values.credits == Credited(extra.name, values_of(extra).issued_on)
    assert "Skatteverket har ändrat sitt beslut och godkänner 1 000,00 kr" in values.why.replace("\xa0", " ")
    assert (part().state, part().approved, part().left, part().invoiced) == (PartState.APPROVED, ASKED, NOUGHT, NOUGHT)
    work_off()
    letter = outbox.to(INGRID)[-1]
    assert (letter.subject, letter.attachment.name) == (f"Kreditfaktura {note.name}", f"kreditfaktura-{note.name}.pdf")
    assert "Ni får tillbaka: 1 000,00 kr\n" in letter.body.replace("\xa0", " ")
    mine = shown(guest, f"/bestallningar/{the_order().number}")
    assert "Skatteverket har godkänt 1 000,00 kr." in mine
    assert "Du har fått en egen faktura" not in mine
    assert f"Kreditfaktura {note.name} på 1 000,00 kr." in mine
    assert row_of_the_agency(fia) == ["RUT", str(ASKED), str(ASKED), str(NOUGHT), str(NOUGHT)]
    listed = {one.cssselect("th")[0].text_content().strip(): one.cssselect("td.number")[0].text_content().strip()
              for one in fia.page("/personal/fakturor").cssselect("tbody tr")}  # fmt: skip
    assert (listed[extra.name], listed[note.name]) == (str(ASKED), str(-ASKED))
    assert "Krediterad" in shown(fia, f"/personal/fakturor/{extra.id}")
    assert f"Kreditfaktura {note.name}" in shown(fia, f"/personal/fakturor/{extra.id}")


def test_the_note_is_a_document_by_the_rules_and_in_the_archive(fia, tmp_path, work_off):
    refuse(fia)
    change_its_mind(fia, "400")
    note = invoices()[-1]
    xml = to_archive(values_of(note))
    assert fatal(check(xml, Rulebook.EUROPEAN)) == []
    root = etree.fromstring(xml)
    assert etree.QName(root).localname == "CreditNote"
    assert root.xpath("string(//*[local-name()='PayableAmount'])") == "400.00"
    assert root.xpath("string(//*[local-name()='BillingReference']//*[local-name()='ID'])") == note.credits.name
    assert "RUT-avdrag" in root.xpath("string(/*/*[local-name()='Note'])")
    work_off()
    Export(tmp_path / "arkiv").run()
    with (tmp_path / "arkiv" / LIST).open(encoding="utf-8-sig", newline="") as written:
        found = [row for row in csv.DictReader(written, delimiter=";") if row["Nummer"] == note.name]
    assert {row["Att betala"] for row in found} == {"-400,00"}
    assert {row["Anmärkningar"] for row in found} == {""}


def test_the_agency_changes_its_mind_in_part_and_once_more(fia):
    """Each time the customer is asked for exactly what the agency does not pay, and the year's room follows."""
    extra = refuse(fia)
    assert room_had() == NOUGHT
    change_its_mind(fia, "300")
    assert (part().state, part().invoiced, part().left) == (PartState.PARTLY, Money.kronor(700), Money.kronor(700))
    assert room_had() == Money.kronor(300)
    assert row_of_the_agency(fia) == ["RUT", str(ASKED), str(Money.kronor(300)), str(NOUGHT), str(Money.kronor(700))]
    change_its_mind(fia, "500")
    assert [values_of(one).payable for one in invoices()[2:]] == [Money.kronor(300), Money.kronor(200)]
    assert {one.credits_id for one in invoices()[2:]} == {extra.id}
    change_its_mind(fia, "0")
    assert len(invoices()) == 4, "nothing is invoiced by itself"
    assert "Fakturera 500,00 kr" in shown(fia, f"{PAGE}/del/{part().id}")
    again = invoice_the_rest(fia)
    assert values_of(again).payable == Money.kronor(500)
    assert (part().invoiced, room_had()) == (ASKED, NOUGHT)
    change_its_mind(fia, "700")
    assert [(one.credits_id, values_of(one).payable) for one in invoices()[5:]] == [
        (again.id, Money.kronor(500)), (extra.id, Money.kronor(200)),
    ]  # fmt: skip
    assert (part().invoiced, room_had()) == (Money.kronor(300), Money.kronor(700))


def room_had() -> Money:
    return had(TOLVAN, 2026).get(Relief.RUT, NOUGHT)


def test_the_agency_takes_back_what_it_had_approved(fia):
    fia.fill(f"{PAGE}/del/{part().id}", {"approved": "1000", "decided_on": REFUSED})
    assert "Fakturera" not in shown(fia, f"{PAGE}/del/{part().id}")
    assert change_its_mind(fia, "100").status_code == 303
    assert values_of(invoice_the_rest(fia)).payable == Money.kronor(900)


def test_we_credit_a_part_of_it_and_then_all_that_is_left(fia):
    extra = refuse(fia)
    assert credit(fia, extra, "250,50").status_code == 303
    assert values_of(invoices()[-1]).why == "Vi bjuder på det."
    assert part().invoiced == Money.kronor("749.50")
    assert "Högst 749,50 kr" in shown(fia, f"/personal/fakturor/{extra.id}")
    assert credit(fia, extra, whole="1").status_code == 303
    assert [values_of(one).payable for one in invoices()[2:]] == [Money.kronor("250.50"), Money.kronor("749.50")]
    assert part().invoiced == NOUGHT
    assert f"/personal/fakturor/{extra.id}/kreditera-rest" not in fia.get(f"/personal/fakturor/{extra.id}").text
    assert "Fakturera 1 000,00 kr" in shown(fia, f"{PAGE}/del/{part().id}"), "the agency still refuses it"
    assert values_of(invoice_the_rest(fia)).payable == ASKED


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
    assert "Någon annan har ändrat" in late.text
    assert part().invoiced == Money.kronor(600)


def test_what_was_credited_already_is_not_credited_by_the_decision_too(fia):
    extra = refuse(fia)
    credit(fia, extra, "900")
    change_its_mind(fia, "600")
    assert len(invoices()) == 3, "400 kr is the customer's to pay, and only 100 kr is asked for"
    change_its_mind(fia, "1000")
    assert values_of(invoices()[-1]).payable == Money.kronor(100)


def test_what_the_customer_had_paid_lies_with_finance_to_pay_back(fia, work_off):
    extra = refuse(fia)
    values = {"reference": extra.name, "amount": "1000", "paid_on": LATER}
    assert fia.fill(RECEIPTS, values, form="main form[method=post]:not([action])").status_code == 303
    change_its_mind(fia, "600")
    work_off()
    (task,) = rows(MoneyTask)
    assert (task.invoice_id, task.done_at) == (extra.id, None)
    assert "betald med 600,00 kr för mycket" in task.words.replace("\xa0", " ")
    assert "600,00 kr" in shown(fia, "/personal/betalningar/uppgifter")
    change_its_mind(fia, "1000")
    work_off()
    first, second = rows(MoneyTask)
    assert (first.done_at is not None, second.done_at) == (True, None), "one task, with the sum that it is now"
    assert "betald med 1 000,00 kr för mycket" in second.words.replace("\xa0", " ")


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


def test_it_is_credited_also_when_the_number_is_forgotten(fia):
    refuse(fia)
    person = part().person
    assert fia.post(f"{PAGE}/person/{person.id}/glom").status_code == 303
    assert change_its_mind(fia, "1000").status_code == 303
    assert values_of(invoices()[-1]).payable == ASKED


@pytest.mark.usefixtures("own_tables")
def test_an_invoice_from_before_rests_were_kept_can_be_credited_too(fia):
    extra = refuse(fia, "200")
    db.session.rollback()
    migrating.prepare()
    flask_migrate.downgrade(revision="0059")
    flask_migrate.upgrade()
    (rest,) = rows(ReliefRest)
    assert (rest.invoice_id, rest.invoice_name, rest.amount, rest.credited) == (
        extra.id, extra.name, Money.kronor(800), NOUGHT,
    )  # fmt: skip
    assert credit(fia, extra, whole="1").status_code == 303
    assert values_of(invoices()[-1]).payable == Money.kronor(800)
