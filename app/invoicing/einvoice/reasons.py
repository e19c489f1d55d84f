"""Why an e-invoice is held back, and where it is mended. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.invoicing.einvoice.findings import Finding
from app.invoicing.readiness import Mend, Missing

ADDRESS_RULES = {"PEPPOL-EN16931-R010", "PEPPOL-COMMON-R040", "PEPPOL-COMMON-R049"}
UNREADABLE = "UNREADABLE"
"""Of our own documents only one that is too large cannot be read."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One of them."""

    rule: str
    words: str
    where: str
    """The element of the XML, or the field that is missing."""
    mend: Mend


def of_missing(missing: Iterable[Missing]) -> list[Reason]:
    """What was not there before the XML was made."""
    return [Reason(one.rule, one.words, one.field, one.mend) for one in missing]


def of_findings(found: Iterable[Finding]) -> list[Reason]:
    """What the checks said of the XML."""
    return [Reason(one.rule, one.words, one.where, _mend(one)) for one in found]


def of_unreadable(words: str) -> list[Reason]:
    """What could not even be checked."""
    return [Reason(UNREADABLE, words, "", Mend.INVOICE)]


def _mend(one: Finding) -> Mend:
    if one.rule in ADDRESS_RULES and "AccountingCustomerParty" in one.where and "CompanyID" not in one.where:
        return Mend.CUSTOMER
    if one.rule == "PEPPOL-EN16931-R003":
        return Mend.REFERENCES
    return Mend.SELLER if "AccountingSupplierParty" in one.where else Mend.INVOICE
