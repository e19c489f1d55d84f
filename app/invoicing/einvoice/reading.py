"""An e-invoice from anybody, read safely: no DTD, no entities, no network, a limit before anything is parsed. Pure."""

from __future__ import annotations

from lxml import etree

from app.invoicing.einvoice.findings import Rulebook
from app.invoicing.ubl_xml import CAC, CBC, CREDIT_NOTE, INVOICE, Element
from bids.safe_xml import Says, XmlRefused, parse


class NoEInvoice(XmlRefused):
    """The file cannot be read as an e-invoice. The message is a Swedish sentence."""


SAYS = Says(
    refused=NoEInvoice,
    empty="Filen är tom.",
    large="Filen är större än 10 MB. Så stor får ingen e-faktura vara.",
    no_xml="Filen är inte XML.",
    encoding="Filens teckenkodning stöds inte. E-fakturor skrivs i UTF-8.",
    doctype="Filen har en DOCTYPE, som kan användas för att lura ut uppgifter. I en e-faktura är den förbjuden.",
    broken="Filen är inte välformad XML. Den är kanske avbruten eller ändrad.",
)
NAMES = {"cac": CAC, "cbc": CBC}
_PREFIXES = {CAC: "cac:", CBC: "cbc:", INVOICE: "", CREDIT_NOTE: ""}
_ROOTS = {f"{{{INVOICE}}}Invoice": "Invoice", f"{{{CREDIT_NOTE}}}CreditNote": "CreditNote"}


def read(xml: bytes) -> Element:
    """The root. Raises NoEInvoice for what is hostile, no XML, or neither an invoice nor a credit note in UBL 2.1."""
    root = parse(xml, SAYS)
    if root.tag not in _ROOTS:
        raise NoEInvoice("Filen är varken en faktura eller en kreditfaktura i UBL 2.1.")
    return root


def rulebook_of(root: Element) -> Rulebook:
    """By which rules it says that it is written (BT-24, BT-23): Peppol's, or those of EN 16931 that all have in common.

    A misspelt claim to keep to Peppol's is one all the same, for those rules to find fault with.
    """
    said = text(root, "cbc:CustomizationID") + text(root, "cbc:ProfileID")
    return Rulebook.PEPPOL if "peppol" in said.casefold() else Rulebook.EUROPEAN


def kind_of(root: Element) -> str:
    """``Invoice`` or ``CreditNote``."""
    return _ROOTS[root.tag]


def all_of(element: Element, path: str) -> list[Element]:
    """The elements at a path such as ``cac:Party/cbc:EndpointID``, or ``.//cac:TaxCategory`` for any depth."""
    return element.findall(path, NAMES)


def text(element: Element, path: str) -> str:
    """The text of the first element at a path, without spaces around it; empty where there is none."""
    return (element.findtext(path, "", NAMES) or "").strip()


def path_of(element: Element) -> str:
    """Where an element stands, as people write it: ``/Invoice/cac:InvoiceLine[2]/cbc:ID``."""
    steps = []
    step: Element | None = element
    while step is not None:
        steps.append(_step(step))
        step = step.getparent()
    return "/" + "/".join(reversed(steps))


def _step(element: Element) -> str:
    name = etree.QName(element)
    short = _PREFIXES.get(name.namespace or "", "") + name.localname
    same = [] if (parent := element.getparent()) is None else parent.findall(element.tag)
    return short if len(same) < 2 else f"{short}[{same.index(element) + 1}]"
