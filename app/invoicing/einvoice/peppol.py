"""What Peppol BIS Billing 3 asks beyond EN 16931, of the whole document and of its parties. Pure.

Code lists are not repeated here: the European rules hold them (BR-CL).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import ean, luhn

from app.invoicing.einvoice.reading import all_of, kind_of, text
from app.invoicing.einvoice.rules import Rules
from app.invoicing.ubl_xml import Element

RULES = Rules()
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:[0-9]{2}:1\.0")
INVOICE_TYPES = {
    "71",
    "80",
    "82",
    "84",
    "102",
    "218",
    "219",
    "326",
    "331",
    "380",
    "382",
    "383",
    "384",
    "386",
    "388",
    "393",
    "395",
    "553",
    "575",
    "623",
    "780",
    "817",
    "870",
    "875",
    "876",
    "877",
}
CREDIT_TYPES = {"81", "83", "381", "396", "532"}
"""UNCL1001, as far as the profile takes them."""
CATEGORY_OF_REASON = {
    "VATEX-EU-G": ("PEPPOL-EN16931-P0104", "G"),
    "VATEX-EU-O": ("PEPPOL-EN16931-P0105", "O"),
    "VATEX-EU-IC": ("PEPPOL-EN16931-P0106", "K"),
    "VATEX-EU-AE": ("PEPPOL-EN16931-P0107", "AE"),
    "VATEX-EU-D": ("PEPPOL-EN16931-P0108", "E"),
    "VATEX-EU-F": ("PEPPOL-EN16931-P0109", "E"),
    "VATEX-EU-I": ("PEPPOL-EN16931-P0110", "E"),
    "VATEX-EU-J": ("PEPPOL-EN16931-P0111", "E"),
}
"""Which VAT category a reason belongs to, and the rule that says so."""


@RULES.fatal("PEPPOL-EN16931-R001", "Affärsprocessen (ProfileID) saknas.")
def has_a_process(root: Element) -> Iterator[Element]:
    """BT-23."""
    return _unless(root, bool(text(root, "cbc:ProfileID")))


@RULES.fatal("PEPPOL-EN16931-R007", "Affärsprocessen (ProfileID) är inte en av Peppols för fakturering.")
def has_a_process_of_peppols(root: Element) -> Iterator[Element]:
    """BT-23, in the form that Peppol has for it."""
    return (one for one in all_of(root, "cbc:ProfileID") if not PROFILE.fullmatch(_of(one)))


@RULES.fatal("PEPPOL-EN16931-R002", "Fakturan får ha högst en fritext (Note).")
def has_one_note(root: Element) -> Iterator[Element]:
    """BT-22. German parties may write several; ours are Swedish, and theirs is an exception we do not make use of."""
    return iter([] if _both_german(root) else all_of(root, "cbc:Note")[1:])


@RULES.fatal("PEPPOL-EN16931-R003", "Köparens referens eller ordernummer saknas: ett av dem måste stå med.")
def has_a_reference(root: Element) -> Iterator[Element]:
    """BT-10 or BT-13."""
    return _unless(root, bool(text(root, "cbc:BuyerReference") or text(root, "cac:OrderReference/cbc:ID")))


@RULES.fatal("PEPPOL-EN16931-R004", "Fakturan säger inte att den är Peppol BIS Billing 3 (CustomizationID).")
def is_billing_three(root: Element) -> Iterator[Element]:
    """BT-24."""
    return _unless(root, text(root, "cbc:CustomizationID").startswith(CUSTOMIZATION))


@RULES.fatal("PEPPOL-EN16931-R005", "Momsens valuta ska bara anges när den är en annan än fakturans.")
def vat_in_another_currency(root: Element) -> Iterator[Element]:
    """BT-6 and BT-5."""
    own = text(root, "cbc:DocumentCurrencyCode")
    return (one for one in all_of(root, "cbc:TaxCurrencyCode") if _of(one) == own)


@RULES.fatal("PEPPOL-EN16931-R008", "Ett fält är tomt. Det som inte har något innehåll får inte stå med.")
def has_nothing_empty(root: Element) -> Iterator[Element]:
    """Neither elements without text nor groups without elements."""
    return (one for one in root.iter() if not len(one) and not (one.text or "").strip())


@RULES.fatal("PEPPOL-EN16931-R010", "Köparens elektroniska adress saknas.")
def buyer_has_an_address(root: Element) -> Iterator[Element]:
    """BT-49."""
    return _without_endpoint(root, "cac:AccountingCustomerParty")


@RULES.fatal("PEPPOL-EN16931-R020", "Säljarens elektroniska adress saknas.")
def seller_has_an_address(root: Element) -> Iterator[Element]:
    """BT-34."""
    return _without_endpoint(root, "cac:AccountingSupplierParty")


@RULES.fatal("PEPPOL-EN16931-R051", "Ett belopp är i en annan valuta än fakturans.")
def has_one_currency(root: Element) -> Iterator[Element]:
    """All but the VAT in the currency of the books (BT-111), which stands in a total without parts."""
    own = text(root, "cbc:DocumentCurrencyCode")
    beside = {one for total in _totals(root, divided=False) for one in all_of(total, "cbc:TaxAmount")}
    return (one for one in root.iter() if one.get("currencyID", own) != own and one not in beside)


@RULES.fatal("PEPPOL-EN16931-R053", "Fakturan ska ha precis en momssumma som är uppdelad på satser.")
def has_one_divided_total(root: Element) -> Iterator[Element]:
    """BG-23 stands in it."""
    return _unless(root, len(_totals(root, divided=True)) == 1)


@RULES.fatal("PEPPOL-EN16931-R054", "En momssumma utan uppdelning hör till momsens egen valuta, och bara till den.")
def has_a_total_in_the_currency_of_the_books(root: Element) -> Iterator[Element]:
    """BT-111 where there is a BT-6."""
    return _unless(root, len(_totals(root, divided=False)) == (1 if text(root, "cbc:TaxCurrencyCode") else 0))


@RULES.fatal("PEPPOL-EN16931-R061", "Autogiro kräver medgivandets nummer.")
def direct_debit_has_a_mandate(root: Element) -> Iterator[Element]:
    """BT-89."""
    for means in all_of(root, "cac:PaymentMeans"):
        debits = text(means, "cbc:PaymentMeansCode") in {"49", "59"}
        if debits and not text(means, "cac:PaymentMandate/cbc:ID"):
            yield means


@RULES.fatal("PEPPOL-EN16931-R080", "Kreditfakturan får ha högst en projektreferens.")
def has_one_project(root: Element) -> Iterator[Element]:
    """BT-11, in the form that credit notes have for it."""
    if kind_of(root) != "CreditNote":
        return iter(())
    projects = [
        one for one in all_of(root, "cac:AdditionalDocumentReference") if text(one, "cbc:DocumentTypeCode") == "50"
    ]
    return iter(projects[1:])


@RULES.fatal("PEPPOL-EN16931-P0100", "Fakturans typkod hör inte till Peppols fakturering.")
def is_an_invoice(root: Element) -> Iterator[Element]:
    """BT-3."""
    return (one for one in all_of(root, "cbc:InvoiceTypeCode") if _of(one) not in INVOICE_TYPES)


@RULES.fatal("PEPPOL-EN16931-P0101", "Kreditfakturans typkod hör inte till Peppols fakturering.")
def is_a_credit_note(root: Element) -> Iterator[Element]:
    """BT-3."""
    return (one for one in all_of(root, "cbc:CreditNoteTypeCode") if _of(one) not in CREDIT_TYPES)


@RULES.fatal("PEPPOL-COMMON-R040", "Kontrollsiffran i ett GLN-nummer stämmer inte.")
def location_numbers_are_right(root: Element) -> Iterator[Element]:
    """GS1's check digit."""
    return (one for one in _identifiers(root, "0088") if not _is_gln(_of(one)))


@RULES.fatal(
    "PEPPOL-COMMON-R049", "Ett svenskt organisationsnummer stämmer inte: tio siffror, och kontrollsiffran rätt."
)
def org_numbers_are_right(root: Element) -> Iterator[Element]:
    """Ten figures, the last by Luhn, wherever scheme 0007 stands."""
    return (one for one in _identifiers(root, "0007") if not _is_org_number(_of(one)))


def _reasons(root: Element, name: str) -> Iterator[Element]:
    for category in all_of(root, ".//cac:TaxCategory"):
        rule, letter = CATEGORY_OF_REASON.get(text(category, "cbc:TaxExemptionReasonCode").upper(), ("", ""))
        if rule == name and text(category, "cbc:ID") != letter:
            yield category


for _code, (_rule, _letter) in CATEGORY_OF_REASON.items():
    RULES.fatal(_rule, f"Skälet {_code} hör till momskategori {_letter}.")(
        lambda root, name=_rule: _reasons(root, name)  # type: ignore[misc]
    )


def _identifiers(root: Element, scheme: str) -> Iterator[Element]:
    paths = (".//cbc:EndpointID", ".//cac:PartyIdentification/cbc:ID", ".//cbc:CompanyID")
    return (one for path in paths for one in all_of(root, path) if one.get("schemeID") == scheme)


def _is_gln(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) == 13 and bool(ean.is_valid(said))


def _is_org_number(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) == 10 and bool(luhn.is_valid(said))


def _without_endpoint(root: Element, role: str) -> Iterator[Element]:
    return (party for party in all_of(root, f"{role}/cac:Party") if not text(party, "cbc:EndpointID"))


def _totals(root: Element, *, divided: bool) -> list[Element]:
    return [one for one in all_of(root, "cac:TaxTotal") if bool(all_of(one, "cac:TaxSubtotal")) == divided]


def _both_german(root: Element) -> bool:
    country = "cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode"
    return {text(root, f"cac:Accounting{role}Party/{country}") for role in ("Supplier", "Customer")} == {"DE"}


def _unless(root: Element, holds: bool) -> Iterator[Element]:
    return iter([] if holds else [root])


def _of(element: Element) -> str:
    return " ".join((element.text or "").split())
