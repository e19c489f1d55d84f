"""What staff write about a customer and its sites, as values that can be checked before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app import particulars
from app.customers.models import CustomerKind, InvoiceRhythm, InvoiceRoute
from app.errors import Refused

LONGEST_TERM = 30
"""Days. Longer is not allowed to authorities, and between traders only where we consent expressly (RänteL 2 a §)."""
AGREED_TERM = 90
"""Days that a company may have where that has been agreed on. The Act names no longest; this is the house's own."""
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
    longer_terms_on: date | None = None
    longer_terms: str = ""
    electronic_address: str | None = None
    needs_order_reference: bool = False
    needs_buyer_reference: bool = False
    vat_number: str | None = None
    sells_building: bool = False
    invoice_rhythm: InvoiceRhythm = InvoiceRhythm.ORDER
    invoice_route: InvoiceRoute = InvoiceRoute.EMAIL

    def checked(self) -> CustomerFacts:
        """The same facts in the form in which they are kept. Raises Refused for the first that cannot be."""
        self._check_term()
        is_longer = self.payment_days > LONGEST_TERM
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
            longer_terms_on=self.longer_terms_on if is_longer else None,
            longer_terms=_agreement(self.longer_terms) if is_longer else "",
        )

    def _check_term(self) -> None:
        """More than thirty days are for companies only, and only where it is written down what was agreed."""
        if not 0 <= self.payment_days <= AGREED_TERM:
            raise Refused(f"Betalningstiden kan vara högst {AGREED_TERM} dagar.")
        if self.payment_days <= LONGEST_TERM:
            return
        if self.kind != CustomerKind.COMPANY:
            raise Refused(
                f"Bara företag kan ha längre betalningstid än {LONGEST_TERM} dagar."
                " Med myndigheter får ingen längre avtalas (2 a § räntelagen)."
            )
        if self.longer_terms_on is None or not self.longer_terms.strip():
            raise Refused(f"Skriv vad som är avtalat om mer än {LONGEST_TERM} dagar, och vilken dag.")

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


def _agreement(typed: str) -> str:
    return particulars.line(typed, "Det som är avtalat")


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
