"""Why an e-invoice is held back, and where it is mended. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.invoicing.einvoice.findings import Finding
from app.invoicing.readiness import Mend, Missing

ADDRESS_RULES = {"PEPPOL-EN16931-R010", "PEPPOL-COMMON-R040", "PEPPOL-COMMON-R049"}
UNREADABLE = "UNREADABLE"
"""Of our own documents only one that is too large cannot be read."""


OF_SELLER = {
    "BR-06": "name",
    "BR-08": "street",
    "BR-CO-26": "org_number",
    **{f"BR-{category}-0{n}": "vat_number" for category in "SZE" for n in (2, 3, 4)},
    **{f"SE-R-00{n}": "vat_number" for n in (1, 2)},
    **{f"SE-R-0{n}": "org_number" for n in ("03", "04", "13")},
    **{f"SE-R-0{n}": "bankgiro" for n in ("08", "09")},
    "BR-50": "bankgiro",
    "BR-61": "bankgiro",
}
"""Rules about the seller that name no place of it, and the field of its page."""
OF_BUYER = {"BR-07": "name", "BR-10": "street", **{f"BR-AE-0{n}": "vat_number" for n in (2, 3, 4)}}
FIELDS = (
    ("EndpointID", "electronic_address"),
    ("PartyTaxScheme", "vat_number"),
    ("PartyLegalEntity/cbc:CompanyID", "org_number"),
    ("RegistrationName", "name"),
    ("PostalAddress", "street"),
)
"""By the element of a party."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One of them."""

    rule: str
    words: str
    where: str
    """The element of the XML, or the field that is missing."""
    mend: Mend
    official: str = ""
    """What the rule itself says, in English."""


def of_missing(missing: Iterable[Missing]) -> list[Reason]:
    """What was not there before the XML was made."""
    return [Reason(one.rule, one.words, one.field, one.mend) for one in missing]


def of_findings(found: Iterable[Finding]) -> list[Reason]:
    """What the checks said of the XML."""
    return [Reason(one.rule, one.words, one.where, _mend(one), one.official) for one in found]


def of_unreadable(words: str) -> list[Reason]:
    """What could not even be checked."""
    return [Reason(UNREADABLE, words, "", Mend.INVOICE)]


def _mend(one: Finding) -> Mend:
    if one.rule in ADDRESS_RULES and "AccountingCustomerParty" in one.where and "CompanyID" not in one.where:
        return Mend.CUSTOMER
    if one.rule == "PEPPOL-EN16931-R003":
        return Mend.REFERENCES
    if one.rule in OF_SELLER or "AccountingSupplierParty" in one.where:
        return Mend.SELLER
    return Mend.BUYER if one.rule in OF_BUYER or "AccountingCustomerParty" in one.where else Mend.INVOICE


def field_of(rule: str, where: str) -> str:
    """Which field of the seller's or the customer's page a reason is about; empty where it is about several."""
    if where and not where.startswith("/"):
        return where
    named = (OF_SELLER | OF_BUYER).get(rule)
    return named or next((field for element, field in FIELDS if element in where), "")
