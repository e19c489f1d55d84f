"""An invoice or credit note in UBL 2.1 with the meaning of EN 16931: as Peppol BIS Billing 3, or for an archive. Pure.

The sums are the document's own, to the öre. The element order is the schema's, which differs between the two kinds.
Field numbers such as BT-13 are those of EN 16931-1.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from lxml import etree

from app.invoicing import ubl_parties as parties
from app.invoicing.document import Attachment, Deduction, Invoice
from app.invoicing.ubl_lines import apart, beside_element, line_element
from app.invoicing.ubl_vat import Piece, pieces, tax_total
from app.invoicing.ubl_xml import CREDIT_NOTE, CURRENCY, INVOICE, Element, amount, day, document, group, leaf
from app.money import NOUGHT, Money

COMMERCIAL_INVOICE, CREDIT = "380", "381"
"""UNCL1001."""
CREDIT_TRANSFER = "30"
"""UNCL4461; with SE:BANKGIRO it is a payment to a bankgiro (SE-R-011)."""
BANKGIRO = "SE:BANKGIRO"
NO_ATTACHMENTS: Mapping[int, bytes] = MappingProxyType({})
WITHOUT_REFERENCE = "NA"
"""What Peppol has in place of an order number that the buyer has not given."""


@dataclass(frozen=True, slots=True)
class Specification:
    """To what a document says that it keeps (BT-24), and of which process it is a part (BT-23)."""

    customization: str
    profile: str = ""


PEPPOL = Specification(
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
)
EUROPEAN = Specification("urn:cen.eu:en16931:2017")


def to_ubl(invoice: Invoice, attachments: Mapping[int, bytes] = NO_ATTACHMENTS) -> bytes:
    """The e-invoice of a document, the same bytes each time; `attachments` are the files' bytes by their `file_id`.

    Raises KeyError for a file that was not handed in. Whether what comes out may leave is for the checks to say.
    """
    return _written(invoice, PEPPOL, attachments)


def to_archive(invoice: Invoice) -> bytes:
    """The document for whoever keeps it: EN 16931 and no more, so that a buyer needs no electronic address (BT-49).

    Files that go with it are named and lie beside it.
    """
    return _written(invoice, EUROPEAN, None)


def _written(invoice: Invoice, keeps_to: Specification, attachments: Mapping[int, bytes] | None) -> bytes:
    lines, beside = apart(pieces(invoice))
    body = [
        *parties.all_parties(invoice),
        _delivery(invoice),
        _payment_means(invoice),
        group("PaymentTerms", leaf("Note", _terms(invoice))),
        *(beside_element(piece) for piece in beside),
        tax_total([*lines, *beside], invoice.vat_rests),
        _totals(invoice, lines, beside),
        *_line_elements(invoice, lines),
    ]
    head = _credit_head(invoice) if invoice.is_credit_note else _invoice_head(invoice)
    said = [leaf("CustomizationID", keeps_to.customization), leaf("ProfileID", keeps_to.profile)]
    place = (CREDIT_NOTE, "CreditNote") if invoice.is_credit_note else (INVOICE, "Invoice")
    root = document(*place, *said, *head, *_references(invoice, attachments), *body)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _invoice_head(invoice: Invoice) -> list[Element | None]:
    return [
        *_name(invoice),
        day("DueDate", invoice.due_on),
        leaf("InvoiceTypeCode", COMMERCIAL_INVOICE),
        leaf("Note", _note(invoice)),
        *_common_head(invoice),
    ]


def _credit_head(invoice: Invoice) -> list[Element | None]:
    """A credit note is never due (UBL has no element for it)."""
    return [
        *_name(invoice),
        leaf("CreditNoteTypeCode", CREDIT),
        leaf("Note", _note(invoice)),
        *_common_head(invoice),
    ]


def _name(invoice: Invoice) -> list[Element | None]:
    return [
        leaf("ID", invoice.name),
        day("IssueDate", invoice.issued_on),
    ]


def _common_head(invoice: Invoice) -> list[Element | None]:
    return [
        leaf("DocumentCurrencyCode", CURRENCY),
        leaf("AccountingCost", invoice.cost_centre),
        leaf("BuyerReference", invoice.buyer_reference),
        _period(invoice),
        _order(invoice),
        _credited(invoice),
    ]


def _references(invoice: Invoice, attachments: Mapping[int, bytes] | None) -> list[Element | None]:
    contract = group("ContractDocumentReference", leaf("ID", invoice.contract_reference))
    return [contract, *(_attached(number, one, attachments) for number, one in enumerate(invoice.attachments, 1))]


def _attached(number: int, one: Attachment, attachments: Mapping[int, bytes] | None) -> Element | None:
    """A file in the invoice itself (BG-24), or only its name."""
    words = "" if attachments is None else base64.b64encode(attachments[one.file_id]).decode()
    return group(
        "AdditionalDocumentReference",
        leaf("ID", f"Bilaga {number}"),
        leaf("DocumentDescription", one.about or one.name),
        group("Attachment", leaf("EmbeddedDocumentBinaryObject", words, mimeCode=one.media_type, filename=one.name)),
    )


def _days(invoice: Invoice) -> tuple[date, date]:
    """The first and the last day of supply. A period that is told holds at least what is on the lines (R110, R111)."""
    days = [line.delivered_on for line in invoice.lines]
    if invoice.period is not None:
        days += [invoice.period.first_day, invoice.period.last_day]
    return min(days), max(days)


def _is_dated(invoice: Invoice) -> bool:
    return len({line.delivered_on for line in invoice.lines}) > 1


def _period(invoice: Invoice) -> Element | None:
    """From the first to the last day of supply (ML 17 kap. 24 §); what came in one day has that day in the delivery."""
    if invoice.period is None and not _is_dated(invoice):
        return None
    first, last = _days(invoice)
    return group("InvoicePeriod", day("StartDate", first), day("EndDate", last))


def _order(invoice: Invoice) -> Element | None:
    """The buyer's order number and ours (BT-13, BT-14).

    Ours never stands where the buyer's system looks for its own. Where the buyer has given none, Peppol's word for that
    stands there: beside ours (UBL asks for it), and on what has no reference at all (R003).
    """
    ours = "" if invoice.order_number is None else str(invoice.order_number)
    theirs = invoice.order_reference
    if not theirs and (ours or not invoice.buyer_reference):
        theirs = WITHOUT_REFERENCE
    return group("OrderReference", leaf("ID", theirs), leaf("SalesOrderID", ours))


def _credited(invoice: Invoice) -> Element | None:
    if invoice.credits is None:
        return None
    one = invoice.credits
    return group(
        "BillingReference",
        group("InvoiceDocumentReference", leaf("ID", one.name), day("IssueDate", one.issued_on)),
    )


def _delivery(invoice: Invoice) -> Element | None:
    """When and where it was delivered (BG-13)."""
    on = day("ActualDeliveryDate", _days(invoice)[1])
    if invoice.place is None:
        return group("Delivery", on)
    place = invoice.place
    address = parties.address("Address", place.street, place.postcode, place.city)
    return group(
        "Delivery",
        on,
        group("DeliveryLocation", address),
        group("DeliveryParty", group("PartyName", leaf("Name", place.name))),
    )


def _payment_means(invoice: Invoice) -> Element | None:
    """To a bankgiro with the OCR reference (BT-83), where there is something to pay and a bankgiro to pay it to."""
    giro = "".join(sign for sign in invoice.bankgiro if sign.isdigit())
    if not giro or not _is_to_pay(invoice):
        return None
    return group(
        "PaymentMeans",
        leaf("PaymentMeansCode", CREDIT_TRANSFER),
        leaf("PaymentID", invoice.payment_reference),
        group(
            "PayeeFinancialAccount",
            leaf("ID", giro),
            leaf("Name", invoice.paid_to),
            group("FinancialInstitutionBranch", leaf("ID", BANKGIRO)),
        ),
    )


def _is_to_pay(invoice: Invoice) -> bool:
    return not invoice.is_credit_note and invoice.payable > NOUGHT


def _terms(invoice: Invoice) -> str:
    """What an amount to pay needs (BR-CO-25), said of a credit note too."""
    if invoice.is_set_off:
        return "Kvittas mot er ersättning. Inget att betala."
    if invoice.is_credit_note:
        return "Beloppet räknas av mot fakturan eller betalas tillbaka."
    if invoice.payable <= NOUGHT:
        return "Betald. Inget återstår att betala."
    return f"{invoice.payment_days} dagar netto"


def _note(invoice: Invoice) -> str:
    """The one note that Peppol lets stand (R002): all that has no field of its own."""
    deduction = invoice.deduction
    told = (
        invoice.why,
        f"Utställd av {invoice.in_the_name_of} i säljarens namn" if invoice.in_the_name_of else "",
        f"Betalas till {invoice.paid_to} för säljarens räkning" if invoice.payee and _is_to_pay(invoice) else "",
        _deducted(deduction, is_credit_note=invoice.is_credit_note) if deduction else "",
        f"Levererat till {invoice.delivered_to}" if invoice.delivered_to and invoice.place is None else "",
    )
    return ". ".join(words.strip().removesuffix(".") for words in told if words.strip())


def _deducted(deduction: Deduction, *, is_credit_note: bool) -> str:
    """What the tax agency pays for the buyer, or what it did not (IL 67 kap.)."""
    kind = deduction.kind.upper()
    if deduction.amount < NOUGHT and is_credit_note:
        return f"Kravet på {kind}-avdrag som inte godkändes minskar med {-deduction.amount}"
    if deduction.amount < NOUGHT:
        return f"{kind}-avdrag {-deduction.amount} godkändes inte och är kvar att betala"
    return f"{kind}-avdrag {deduction.amount} är avdraget från beloppet"


def _totals(invoice: Invoice, lines: list[Piece], beside: list[Piece]) -> Element | None:
    """The sums (BG-22). What is paid, and what the tax agency pays for the buyer, is no longer to pay (BT-113)."""
    off = Money.total(piece.net for piece in beside if piece.net < NOUGHT)
    on = Money.total(piece.net for piece in beside if piece.net > NOUGHT)
    paid = invoice.gross - invoice.payable
    return group(
        "LegalMonetaryTotal",
        amount("LineExtensionAmount", Money.total(piece.net for piece in lines)),
        amount("TaxExclusiveAmount", invoice.net),
        amount("TaxInclusiveAmount", invoice.gross),
        amount("AllowanceTotalAmount", -off) if off else None,
        amount("ChargeTotalAmount", on) if on else None,
        amount("PrepaidAmount", paid) if paid else None,
        amount("PayableAmount", invoice.payable),
    )


def _line_elements(invoice: Invoice, lines: list[Piece]) -> list[Element | None]:
    dated = _is_dated(invoice)
    return [line_element(invoice, number, piece, dated=dated) for number, piece in enumerate(lines, 1)]
