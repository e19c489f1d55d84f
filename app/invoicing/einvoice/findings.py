"""What a check says of an e-invoice: which rule, how grave, in words, and where. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Fatal: the receiver's system refuses it. A warning lets it through."""

    FATAL = "fatal"
    WARNING = "warning"


class Rulebook(StrEnum):
    """Which rules a document is asked to keep to, beside the schema of UBL 2.1; as lists name them."""

    PEPPOL = "Peppol BIS Billing 3"
    """EN 16931, what Peppol asks beyond it, and the Swedish rules: what can be sent."""
    EUROPEAN = "EN 16931"
    """The meaning of an invoice alone: what an archive needs, for a buyer that has no electronic address too."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault."""

    rule: str
    """As those who wrote it name it: BR-CO-15, PEPPOL-EN16931-R120, SE-R-005; UBL-XSD for the schema itself."""
    severity: Severity
    words: str
    where: str = ""
    """The element, as a path such as ``/Invoice/cac:InvoiceLine[2]/cac:Price``; empty where it is the whole."""
    official: str = ""
    """What those who wrote the rule say, in English, where the words are ours for theirs."""

    @property
    def is_fatal(self) -> bool:
        """Whether it may not leave with it."""
        return self.severity == Severity.FATAL


def fatal(found: Iterable[Finding]) -> list[Finding]:
    """Those with which it may not leave."""
    return [one for one in found if one.is_fatal]
