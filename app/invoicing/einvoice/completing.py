"""What may still be put into an e-invoice when it is sent, though the document is frozen. Pure.

The electronic address is where it goes, no part of what is charged: the customer's own holds, as it is now. A reference
may be added where the document has none, for the buyer's system sorts by it. All else is as it was issued: what is
wrong in that is credited and issued anew (ML 17 kap. 22 §).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.invoicing.document import Invoice


@dataclass(frozen=True, slots=True)
class Added:
    """What is put in; empty for nothing."""

    electronic_address: str = ""
    buyer_reference: str = ""
    order_reference: str = ""


def completed(invoice: Invoice, added: Added) -> Invoice:
    """The document as it is sent. It charges what it charged."""
    address = added.electronic_address or invoice.buyer.electronic_address
    return replace(
        invoice,
        buyer=replace(invoice.buyer, electronic_address=address),
        buyer_reference=invoice.buyer_reference or added.buyer_reference,
        order_reference=invoice.order_reference or added.order_reference,
    )
