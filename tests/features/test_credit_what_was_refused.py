"""The tax agency refuses, the customer is invoiced, the agency changes its mind: what was asked for is credited."""

from __future__ import annotations

import csv

import flask_migrate
import pytest
from lxml import etree

from app import migrating
from app.db import db
from app.household.models import PartState, ReliefRest
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
from tests.features.relief_case import furnish, the_order
from tests.features.rest_case import (
    ASKED,
    LATER,
    PAGE,
    REFUSED,
    asked_for,
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
from tests.people import text
from tests.tax_persons import TOLVAN

RECEIPTS = "/personal/inbetalningar"
INGRID = "ingrid@exempel.example"


@furnished
def town(app):
    return furnish()


@pytest.fixture
def guest(visit):
    """Ingrid's browser, which keeps the right to see her order."""
    return visit(None)


@pytest.fixture
def fia(town, guest, visit, clock):
    return asked_for(town, guest, visit, clock)


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


def test_both_documents_are_seen_to_leave_and_stand_on_the_money_page(fia, outbox, work_off):
    extra = refuse(fia)
    work_off()
    letter = outbox.to(INGRID)[-1]
    assert letter.subject == f"Faktura {extra.name}: det som Skatteverket inte godkände"
    change_its_mind(fia, "300")
    work_off()
    for record in invoices()[1:]:
        assert "E-post med PDF" in shown(fia, f"/personal/fakturor/{record.id}")
    page = fia.page(f"/personal/bestallningar/{the_order().number}/pengarna")
    (row,) = (one for one in page.cssselect("tbody tr") if text(one.cssselect("th")[0]) == extra.name)
    sums = [Money.kronor(1000), Money.kronor(300), NOUGHT, NOUGHT, Money.kronor(700)]
    assert [one.text_content().strip() for one in row.cssselect("td")] == ["Obetald", *map(str, sums)]


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
    assert "Högst 749,50 kr. Kunden slipper det då: det faktureras inte igen." in shown(
        fia, f"/personal/fakturor/{extra.id}"
    )
    assert credit(fia, extra, whole="1").status_code == 303
    assert [values_of(one).payable for one in invoices()[2:]] == [Money.kronor("250.50"), Money.kronor("749.50")]
    assert part().invoiced == NOUGHT
    assert f"/personal/fakturor/{extra.id}/kreditera-rest" not in fia.get(f"/personal/fakturor/{extra.id}").text
    page = shown(fia, f"{PAGE}/del/{part().id}")
    assert "Fakturera" not in page, "the agency still refuses it, and Ingrid is let off"
    assert "1 000,00 kr för att kunden slipper" in page
    assert fia.post(f"{PAGE}/del/{part().id}/faktura").status_code == 409
    assert len(invoices()) == 4


def test_what_ingrid_is_let_off_she_is_let_off_whatever_the_agency_decides(fia):
    """Of 1 000 kr she is let off 200. What the agency pays after all is credited beside that."""
    extra = refuse(fia)
    form = shown(fia, f"/personal/fakturor/{extra.id}")
    assert "Kunden slipper det då: det faktureras inte igen." in form
    credit(fia, extra, "200")
    assert "Fakturera" not in shown(fia, f"{PAGE}/del/{part().id}")
    change_its_mind(fia, "400")
    assert values_of(invoices()[-1]).payable == Money.kronor(400)
    assert (part().invoiced, part().to_invoice) == (Money.kronor(400), NOUGHT)
    change_its_mind(fia, "1000")
    assert values_of(invoices()[-1]).payable == Money.kronor(400), "no more than she has been asked for"


def test_a_decision_credits_no_more_than_is_left_of_what_she_is_let_off(fia):
    extra = refuse(fia)
    credit(fia, extra, "900")
    change_its_mind(fia, "600")
    assert values_of(invoices()[-1]).payable == Money.kronor(100)
    change_its_mind(fia, "1000")
    assert len(invoices()) == 4
    assert (part().invoiced, part().to_invoice) == (NOUGHT, NOUGHT)


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
