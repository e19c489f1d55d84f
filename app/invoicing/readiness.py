"""What Peppol needs and is not there, said before anything is made: which field, and where it is mended. Pure.

Sources: PEPPOL-EN16931-R003, R010 and R020, PEPPOL-COMMON-R040 and R049, SE-R-003 to SE-R-013, BR-S-02, BR-E-02 and
BR-AE-02; that a public body's invoice must be an e-invoice with a reference is SFS 2018:1277 and what they ask for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app import particulars
from app.errors import Refused
from app.invoicing.document import Invoice


class Mend(StrEnum):
    """Where what is wrong is put right."""

    CUSTOMER = "customer"
    """The customer's electronic address. It is no part of what is charged: mend it and try again."""
    REFERENCES = "references"
    """The invoice has no reference: it may be added for the sending."""
    SELLER = "seller"
    """The seller's own facts; the invoice keeps the wrong ones, so that it must be credited and issued anew."""
    BUYER = "buyer"
    """The customer's own facts; the invoice keeps the wrong ones, so that it must be credited and issued anew."""
    INVOICE = "invoice"
    """The invoice itself: credit it, mend the customer or the order, and issue it anew."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One field."""

    field: str
    """The field of the customer or of the document, such as ``electronic_address``."""
    rule: str
    """The rule that asks for it."""
    words: str
    mend: Mend


@dataclass(frozen=True, slots=True)
class Receiver:
    """What of a customer decides what its e-invoices need."""

    electronic_address: str
    is_public: bool = False
    needs_buyer_reference: bool = False
    needs_order_reference: bool = False


def missing_for_peppol(invoice: Invoice, receiver: Receiver) -> list[Missing]:
    """All that keeps a document from being sent by Peppol to a receiver; nothing when it can be queued."""
    return [*_address(receiver), *_references(invoice, receiver), *_seller(invoice), *_buyer(invoice)]


def _address(receiver: Receiver) -> list[Missing]:
    field, rule = "electronic_address", "PEPPOL-EN16931-R010"
    if not receiver.electronic_address:
        words = "Kunden saknar elektronisk adress. Skriv in den hos kunden, som 0007:2120999012."
        return [Missing(field, rule, words, Mend.CUSTOMER)]
    try:
        particulars.electronic_address(receiver.electronic_address)
    except Refused as no:
        rule = "PEPPOL-COMMON-R040" if receiver.electronic_address.startswith("0088") else "PEPPOL-COMMON-R049"
        return [Missing(field, rule, f"Kundens elektroniska adress går inte att använda. {no}", Mend.CUSTOMER)]
    return []


def _references(invoice: Invoice, receiver: Receiver) -> Iterator[Missing]:
    rule = "PEPPOL-EN16931-R003"
    if receiver.needs_buyer_reference and not invoice.buyer_reference:
        words = "Kunden vill ha en beställarreferens på varje faktura, och den saknas."
        yield Missing("buyer_reference", rule, words, Mend.REFERENCES)
    if receiver.needs_order_reference and not invoice.order_reference:
        words = "Kunden vill ha sitt ordernummer på varje faktura, och det saknas."
        yield Missing("order_reference", rule, words, Mend.REFERENCES)
    asks = receiver.needs_buyer_reference or receiver.needs_order_reference
    if receiver.is_public and not asks and not (invoice.buyer_reference or invoice.order_reference):
        words = "En kommun, region eller myndighet måste få en beställarreferens eller sitt ordernummer på fakturan."
        yield Missing("buyer_reference", rule, words, Mend.REFERENCES)


def _seller(invoice: Invoice) -> Iterator[Missing]:
    seller, categories = invoice.seller, _categories(invoice)
    if wrong := _org_number_is_wrong(seller.org_number):
        yield Missing("org_number", "SE-R-013", f"Säljaren: {wrong}", Mend.SELLER)
    if categories & {"S", "AE"} and not seller.vat_number:
        words = "Säljarens momsnummer saknas på fakturan."
        yield Missing("vat_number", "BR-S-02", words, Mend.SELLER)
    if categories & {"E", "Z"} and not (seller.vat_number or invoice.seller_f_tax):
        yield Missing("f_tax", "BR-E-02", "Säljaren har varken momsnummer eller F-skatt på fakturan.", Mend.SELLER)


def _buyer(invoice: Invoice) -> Iterator[Missing]:
    if invoice.buyer.org_number and (wrong := _org_number_is_wrong(invoice.buyer.org_number)):
        yield Missing("org_number", "PEPPOL-COMMON-R049", f"Köparen: {wrong}", Mend.BUYER)
    if "AE" in _categories(invoice) and not invoice.buyer.vat_number:
        words = "Köparen räknar momsen (omvänd betalningsskyldighet), men köparens momsnummer saknas på fakturan."
        yield Missing("vat_number", "BR-AE-02", words, Mend.BUYER)


def _categories(invoice: Invoice) -> set[str]:
    return {part.category for line in invoice.lines for part in line.parts}


def _org_number_is_wrong(number: str) -> str:
    """The sentence that says so; empty when it is right."""
    try:
        particulars.org_number(number)
    except Refused as no:
        return str(no)
    return ""
