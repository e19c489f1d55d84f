"""UBL 2.1 elements: a leaf has text, a group has others. What has nothing to say is no element (PEPPOL-EN16931-R008).

Pure. The short names are those in which the standard is written: ``cbc:ID`` is a leaf, ``cac:Party`` a group.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from app.money import Money

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
SPACES = {"cac": CAC, "cbc": CBC}
CURRENCY = "SEK"
Element = etree._Element  # noqa: SLF001  its public name is a function
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML 1.0 cannot hold."""


def document(space: str, local: str, *children: Element | None) -> Element:
    """The root: an Invoice or a CreditNote."""
    names: dict[Any, str] = {None: space, **SPACES}
    root = etree.Element(f"{{{space}}}{local}", nsmap=names)
    root.extend(child for child in children if child is not None)
    return root


def group(name: str, *children: Element | None) -> Element | None:
    """A ``cac`` element; None when none of its children has anything to say."""
    said = [child for child in children if child is not None]
    if not said:
        return None
    made = etree.Element(f"{{{CAC}}}{name}", nsmap=SPACES)
    made.extend(said)
    return made


def leaf(name: str, text: str, **attributes: str) -> Element | None:
    """A ``cbc`` element; None for empty text. Spaces and line breaks are one space each, forbidden signs none."""
    words = " ".join(_FORBIDDEN.sub("", text).split())
    if not words:
        return None
    made = etree.Element(f"{{{CBC}}}{name}", nsmap=SPACES)
    made.text = words
    for key, value in attributes.items():
        made.set(key, value)
    return made


def amount(name: str, money: Money) -> Element | None:
    """Kronor with two decimals."""
    return leaf(name, f"{money.in_kronor():.2f}", currencyID=CURRENCY)


def figure(number: Decimal) -> str:
    """A number without exponent or needless noughts."""
    return f"{number.normalize():f}"


def day(name: str, on: date | None) -> Element | None:
    """A date, where there is one."""
    return leaf(name, on.isoformat() if on else "")
