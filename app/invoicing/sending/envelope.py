"""What the network must know of an e-invoice to bring it: from whom, to whom, what it is. Pure.

It is read from the document itself, so that envelope and letter cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from bids import safe_xml

CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
NAMES = {"cbc": CBC, "cac": CAC}
KINDS = {
    "Invoice": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "CreditNote": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
}
UBL_VERSION = "2.1"
SAYS = safe_xml.Says(
    refused=safe_xml.XmlRefused,
    empty="E-fakturan är tom.",
    large="E-fakturan är större än 10 MB.",
    no_xml="E-fakturan är inte XML.",
    encoding="E-fakturans teckenkodning stöds inte.",
    doctype="E-fakturan har en DOCTYPE.",
    broken="E-fakturan är inte välformad XML.",
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom, to whom, and what it is, in the network's own identifiers (Peppol policy for identifiers)."""

    number: str
    sender: str
    """Scheme and number: ``0007:5567321707``."""
    receiver: str
    document_type: str
    process: str


def envelope_of(xml: bytes) -> Envelope:
    """Read a UBL invoice or credit note. Raises XmlRefused, with a sentence, for what lacks something or is neither."""
    root = safe_xml.parse(xml, SAYS)
    kind = etree.QName(root)
    if kind.localname not in KINDS or KINDS[kind.localname] != kind.namespace:
        raise safe_xml.XmlRefused("Filen är varken en faktura eller en kreditfaktura.")
    return Envelope(
        number=_text(root, "cbc:ID"),
        sender=_participant(root, "cac:AccountingSupplierParty", "säljaren"),
        receiver=_participant(root, "cac:AccountingCustomerParty", "köparen"),
        document_type=f"{kind.namespace}::{kind.localname}##{_text(root, 'cbc:CustomizationID')}::{UBL_VERSION}",
        process=_text(root, "cbc:ProfileID"),
    )


def participant(found: etree._Element | None) -> str:
    """An EndpointID as scheme and number; empty where there is none."""
    if found is None or not (found.text or "").strip():
        return ""
    return f"{found.get('schemeID', '').strip()}:{(found.text or '').strip()}"


def _participant(root: etree._Element, party: str, who: str) -> str:
    found = participant(root.find(f"{party}/cac:Party/cbc:EndpointID", NAMES))
    if not found:
        raise safe_xml.XmlRefused(f"E-fakturan saknar {who}s elektroniska adress.")
    return found


def _text(root: etree._Element, path: str) -> str:
    found = (root.findtext(path, namespaces=NAMES) or "").strip()
    if not found:
        raise safe_xml.XmlRefused(f"E-fakturan saknar {path}.")
    return found
