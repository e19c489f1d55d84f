"""What staff write about a customer and its sites, as values that can be checked before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app import particulars
from app.customers.models import CustomerKind, InvoiceRhythm, InvoiceRoute
from app.errors import Refused

LONGEST_TERM = 30
"""Days. Longer is not allowed to authorities, and between traders only where we consent expressly (RänteL 2 a §)."""
LONGEST_REFERENCE = 60


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """Who a customer is, and how it is invoiced. The fields are those of `Customer`."""

    kind: CustomerKind
    name: str
    email: str
    street: str
    postcode: str
    city: str
    municipality: str
    org_number: str | None = None
    phone: str = ""
    payment_days: int = LONGEST_TERM
    electronic_address: str | None = None
    needs_order_reference: bool = False
    needs_buyer_reference: bool = False
    vat_number: str | None = None
    sells_building: bool = False
    invoice_rhythm: InvoiceRhythm = InvoiceRhythm.ORDER
    invoice_route: InvoiceRoute = InvoiceRoute.EMAIL

    def checked(self) -> CustomerFacts:
        """The same facts in the form in which they are kept. Raises Refused for the first that cannot be."""
        if not 0 <= self.payment_days <= LONGEST_TERM:
            raise Refused(f"Betalningstiden ska vara högst {LONGEST_TERM} dagar (räntelagen 2 a §).")
        vat_number = self._vat_number()
        if self.sells_building and not vat_number:
            raise Refused("Skriv momsnumret. Det ska stå på fakturan när kunden redovisar momsen på byggtjänster.")
        electronic_address = particulars.electronic_address(self.electronic_address or "")
        if self.invoice_route == InvoiceRoute.PEPPOL and not electronic_address:
            raise Refused("Skriv adressen för e-fakturor. Utan den kan ingen e-faktura skickas.")
        return replace(
            self,
            vat_number=vat_number,
            name=particulars.line(self.name, "Namnet"),
            org_number=self._org_number(),
            email=particulars.email(self.email),
            phone=particulars.phone(self.phone),
            street=particulars.line(self.street, "Gatuadressen"),
            postcode=particulars.postcode(self.postcode),
            city=particulars.line(self.city, "Orten"),
            municipality=particulars.municipality(self.municipality),
            electronic_address=electronic_address,
        )

    def _org_number(self) -> str | None:
        """A private person has none, and we must not come to keep a personal identity number instead."""
        typed = (self.org_number or "").strip()
        if self.kind != CustomerKind.PRIVATE:
            return particulars.org_number(typed)
        if typed:
            raise Refused("En privatperson har inget organisationsnummer. Skriv aldrig ett personnummer här.")
        return None

    def _vat_number(self) -> str | None:
        """Private people have none, and so never reckon VAT."""
        typed = (self.vat_number or "").strip()
        if self.kind == CustomerKind.PRIVATE and (typed or self.sells_building):
            raise Refused("En privatperson har inget momsnummer och redovisar ingen moms på byggtjänster.")
        return particulars.buyers_vat_number(typed)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A place to deliver to. The fields are those of `Site`."""

    name: str
    street: str
    postcode: str
    city: str
    municipality: str
    buyer_reference: str = ""
    note: str = ""

    def checked(self) -> SiteFacts:
        """The same facts in the form in which they are kept. Raises Refused for the first that cannot be."""
        return replace(
            self,
            name=particulars.line(self.name, "Platsens namn"),
            street=particulars.line(self.street, "Gatuadressen"),
            postcode=particulars.postcode(self.postcode),
            city=particulars.line(self.city, "Orten"),
            municipality=particulars.municipality(self.municipality),
            buyer_reference=particulars.line(
                self.buyer_reference, "Beställarreferensen", longest=LONGEST_REFERENCE, needed=False
            ),
            note=particulars.paragraphs(self.note, "Anvisningen", longest=1000),
        )
