"""What Peppol needs and is not there: which field it is, and where it is mended, before anything is made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.invoicing.einvoice.completing import Added, completed
from app.invoicing.readiness import Mend, Receiver, missing_for_peppol
from tests.einvoices import BUYER, EXEMPT, INVOICE, REVERSE, SELLER, invoice, line

READY = Receiver("0007:2120999012", is_public=True, needs_buyer_reference=True, needs_order_reference=True)
BARE = replace(INVOICE, buyer_reference="", order_reference="")


def said(document, receiver=READY):
    return [(one.field, one.mend) for one in missing_for_peppol(document, receiver)]


def test_nothing_is_missing():
    assert missing_for_peppol(INVOICE, READY) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "saknar elektronisk adress"),
        ("0007:2120999013", "Organisationsnumret i adressen stämmer inte"),
        ("0007:212099901", "Skriv 0007: och dess tio siffror, som 0007:7699990003"),
        ("0088:7300009000013", "GLN-numret stämmer inte"),
        ("9955:SE212099901201", "ska börja med 0007"),
    ],
)
def test_an_address_that_leads_nowhere(address, words):
    (one,) = missing_for_peppol(INVOICE, Receiver(address))
    assert (one.field, one.mend) == ("electronic_address", Mend.CUSTOMER)
    assert words in one.words


@pytest.mark.parametrize("address", ["0007:2120999012", "0088:7300009000012"])
def test_an_address_that_leads_somewhere(address):
    assert missing_for_peppol(INVOICE, Receiver(address)) == []


@pytest.mark.parametrize(
    ("receiver", "fields"),
    [
        (Receiver("0007:2120999012"), []),
        (Receiver("0007:2120999012", needs_buyer_reference=True), ["buyer_reference"]),
        (Receiver("0007:2120999012", needs_order_reference=True), ["order_reference"]),
        (Receiver("0007:2120999012", is_public=True), ["buyer_reference"]),
    ],
)
def test_a_reference_that_the_customer_asks_for(receiver, fields):
    assert said(BARE, receiver) == [(field, Mend.REFERENCES) for field in fields]


def test_one_reference_is_enough_for_a_public_body_that_asks_for_neither():
    assert said(replace(BARE, order_reference="PO-1"), Receiver("0007:2120999012", is_public=True)) == []


@pytest.mark.parametrize(
    ("document", "field", "mend"),
    [
        (replace(INVOICE, seller=replace(SELLER, org_number="769999-0004")), "org_number", Mend.SELLER),
        (replace(INVOICE, seller=replace(SELLER, org_number="")), "org_number", Mend.SELLER),
        (replace(INVOICE, seller=replace(SELLER, vat_number="")), "vat_number", Mend.SELLER),
        (replace(INVOICE, buyer=replace(BUYER, org_number="212099-9013")), "org_number", Mend.BUYER),
        (invoice(line("A", "1", "1", REVERSE), buyer=replace(BUYER, vat_number="")), "vat_number", Mend.BUYER),
        (
            invoice(line("A", "1", "1", EXEMPT), seller=replace(SELLER, vat_number=""), seller_f_tax=False),
            "f_tax",
            Mend.SELLER,
        ),
    ],
)
def test_a_number_that_is_wrong_or_not_there(document, field, mend):
    assert said(document) == [(field, mend)]


def test_a_private_buyer_needs_no_organisation_number():
    assert said(replace(INVOICE, buyer=replace(BUYER, org_number=""))) == []


def test_all_that_is_missing_is_said_at_once():
    missing = missing_for_peppol(BARE, replace(READY, is_public=False))
    assert [one.field for one in missing] == ["buyer_reference", "order_reference"]
    assert "beställarreferens" in missing[0].words
    assert "ordernummer" in missing[1].words


def test_an_address_of_today_and_a_missing_reference_are_added_and_nothing_is_overwritten():
    added = Added("0088:7300009000012", "Ny", "PO-9")
    assert completed(BARE, added) == replace(
        BARE,
        buyer=replace(BUYER, electronic_address="0088:7300009000012"),
        buyer_reference="Ny",
        order_reference="PO-9",
    )
    assert completed(INVOICE, replace(added, electronic_address="")) == INVOICE
