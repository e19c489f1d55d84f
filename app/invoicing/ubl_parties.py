"""Seller, buyer and payee in an e-invoice (EN 16931 BG-4, BG-7, BG-10). Pure."""

from __future__ import annotations

from app.invoicing.document import Invoice, Party
from app.invoicing.ubl_vat import is_outside
from app.invoicing.ubl_xml import Element, group, leaf

ORG_NUMBER = "0007"
"""The scheme of Swedish organisation numbers, both as an address and as a company's number (EAS, ISO 6523)."""
SWEDEN = "SE"
F_TAX = "Godkänd för F-skatt"
"""Word for word (SE-R-005)."""


def all_parties(invoice: Invoice) -> list[Element | None]:
    """The seller, the buyer, and who is paid in the seller's place (BG-10).

    On what is outside the VAT nobody has a VAT number (BR-O-02).
    """
    shows_vat = not is_outside(invoice)
    contact = group("Contact", leaf("Telephone", invoice.seller_phone), leaf("ElectronicMail", invoice.seller_email))
    f_tax = _registered(F_TAX, "TAX") if invoice.seller_f_tax else None
    seller = _party(invoice.seller, f_tax, contact, address_itself=True, shows_vat=shows_vat)
    buyer = _party(invoice.buyer, None, None, address_itself=False, shows_vat=shows_vat)
    return [group("AccountingSupplierParty", seller), group("AccountingCustomerParty", buyer), _payee(invoice)]


def _payee(invoice: Invoice) -> Element | None:
    """Only where it is another than the seller (BR-17)."""
    if invoice.paid_to == invoice.seller.name:
        return None
    number = figures(invoice.payee.org_number) if invoice.payee else ""
    return group(
        "PayeeParty",
        group("PartyName", leaf("Name", invoice.paid_to)),
        group("PartyLegalEntity", leaf("CompanyID", number, schemeID=ORG_NUMBER)),
    )


def address(name: str, street: str, postcode: str, city: str) -> Element | None:
    """All that the house keeps is in Sweden."""
    return group(
        name,
        leaf("StreetName", street),
        leaf("CityName", city),
        leaf("PostalZone", postcode),
        group("Country", leaf("IdentificationCode", SWEDEN)),
    )


def figures(org_number: str) -> str:
    """Ten figures without a hyphen (SE-R-003, SE-R-004)."""
    return org_number.replace("-", "").replace(" ", "")


def seller_address(seller: Party) -> str:
    """Where answers reach it: a seller that has no electronic address of its own has its organisation number."""
    return seller.electronic_address or f"{ORG_NUMBER}:{figures(seller.org_number)}"


def _party(
    who: Party, f_tax: Element | None, contact: Element | None, *, address_itself: bool, shows_vat: bool
) -> Element | None:
    number = figures(who.org_number)
    return group(
        "Party",
        _endpoint(seller_address(who) if address_itself else who.electronic_address),
        group("PartyName", leaf("Name", who.name)),
        address("PostalAddress", who.street, who.postcode, who.city),
        _registered(who.vat_number, "VAT") if shows_vat else None,
        f_tax,
        group("PartyLegalEntity", leaf("RegistrationName", who.name), leaf("CompanyID", number, schemeID=ORG_NUMBER)),
        contact,
    )


def _endpoint(electronic_address: str) -> Element | None:
    scheme, _colon, number = electronic_address.partition(":")
    return leaf("EndpointID", number, schemeID=scheme)


def _registered(number: str, scheme: str) -> Element | None:
    if not number:
        return None
    return group("PartyTaxScheme", leaf("CompanyID", number), group("TaxScheme", leaf("ID", scheme)))
