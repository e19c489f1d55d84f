"""Somebody checks e-invoices, their own or others', from the command line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from click.testing import Result

from app.invoicing.ubl import to_archive, to_ubl
from tests.einvoices import INVOICE, credit_note, lacks, says, spoilt

ACCOUNT = "//cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"


@pytest.fixture
def check(app, tmp_path):
    """Lays files in a folder, checks them, and says what came of it."""

    def run(**files: bytes) -> Result:
        papers = []
        for name, data in files.items():
            paper = tmp_path / f"{name}.xml"
            paper.write_bytes(data)
            papers.append(str(paper))
        return app.test_cli_runner().invoke(args=["check-einvoice", *papers])

    return run


def test_what_is_right_is_said_to_be(check):
    done = check(faktura=to_ubl(INVOICE), kredit=to_ubl(credit_note()))
    assert done.exit_code == 0
    assert [line.rpartition("/")[2] for line in done.output.splitlines()] == [
        "faktura.xml: Inga fel. Kontrollerad mot Peppol BIS Billing 3.",
        "kredit.xml: Inga fel. Kontrollerad mot Peppol BIS Billing 3.",
    ]  # fmt: skip


def test_each_finding_has_its_rule_and_its_place(check):
    faulty = spoilt(INVOICE, lacks("//cac:AccountingCustomerParty/cac:Party/cbc:EndpointID"), says(ACCOUNT, "999-0003"))
    done = check(faktura=faulty, ratt=to_ubl(INVOICE))
    assert done.exit_code == 1
    assert "faktura.xml: 1 fel, 1 varning." in done.output
    assert "FEL PEPPOL-EN16931-R010: Köparens elektroniska adress saknas." in done.output
    assert "/Invoice/cac:AccountingCustomerParty/cac:Party" in done.output
    assert "varning SE-R-008: Bankgironumret ska vara bara siffror." in done.output
    assert "ratt.xml: Inga fel." in done.output, "the others are checked too"


OF_NOBODY_WITH_AN_ADDRESS = replace(INVOICE, buyer=replace(INVOICE.buyer, electronic_address=""), order_reference="",
                                    buyer_reference="")  # fmt: skip


def test_what_is_of_our_archive_is_checked_by_what_it_says_that_it_keeps_to(check):
    """A private person has no electronic address, and no Peppol document could be made of its invoice."""
    done = check(arkiv=to_archive(OF_NOBODY_WITH_AN_ADDRESS), skickad=to_ubl(OF_NOBODY_WITH_AN_ADDRESS))
    assert done.exit_code == 1
    assert "arkiv.xml: Inga fel. Kontrollerad mot EN 16931. Filen säger sig inte följa Peppol" in done.output
    assert "skickad.xml: 1 fel, 0 varningar. Kontrollerad mot Peppol BIS Billing 3." in done.output
    assert check(arkiv=to_archive(OF_NOBODY_WITH_AN_ADDRESS)).exit_code == 0


def test_what_says_that_it_keeps_to_peppol_but_misspells_it_is_still_checked_by_it(check):
    done = check(faktura=spoilt(INVOICE, says("//cbc:CustomizationID", "urn:cen.eu:en16931:2017#peppol")))
    assert done.exit_code == 1
    assert "FEL PEPPOL-EN16931-R004" in done.output


def test_what_is_wrong_by_the_standard_is_wrong_in_the_archive_too(check):
    wrong = re.sub(rb'(<cbc:PayableAmount currencyID="SEK">)[^<]+', rb"\g<1>1.00", to_archive(INVOICE))
    done = check(arkiv=wrong)
    assert done.exit_code == 1
    assert "FEL BR-CO-16" in done.output


def test_warnings_alone_are_let_through(check):
    done = check(faktura=spoilt(INVOICE, says(ACCOUNT, "999-0003")))
    assert done.exit_code == 0
    assert "0 fel, 1 varning" in done.output


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Filen är tom."),
        (b"PK\x03\x04", "Filen är inte XML."),
        (b"<!DOCTYPE a><a/>", "DOCTYPE"),
        (b"<a>", "välformad"),
        (b"<a/>", "varken en faktura eller en kreditfaktura"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(check, data, words):
    done = check(fil=data)
    assert done.exit_code == 1
    assert words in done.output
    assert "Traceback" not in done.output


def test_what_is_no_file_is_said_in_words(app, tmp_path):
    run = app.test_cli_runner().invoke
    no_file, gone = "Det är ingen fil.", "Filen finns inte."
    for place, words in ((tmp_path, no_file), (tmp_path / "borta.xml", gone), ("/dev/zero", no_file)):
        done = run(args=["check-einvoice", str(place)])
        assert (done.exit_code, done.output) == (1, f"{place}: {words}\n")
    assert run(args=["check-einvoice"]).exit_code == 2
