"""What Peppol BIS Billing 3 asks of lines, prices, allowances and charges. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.invoicing.einvoice.reading import all_of, text
from app.invoicing.einvoice.rules import Rules
from app.invoicing.ubl_xml import Element

RULES = Rules()
SLACK = Decimal("0.02")
"""Kronor by which an amount may differ from what it is reckoned from."""


@RULES.fatal("PEPPOL-EN16931-R040", "Ett avdrag eller tillägg är inte sin procent av sitt grundbelopp.")
def percentage_of_its_base(root: Element) -> Iterator[Element]:
    """Where both are told."""
    for one in _allowances(root):
        base, per_cent = text(one, "cbc:BaseAmount"), text(one, "cbc:MultiplierFactorNumeric")
        if base and per_cent and not _near(_number(one, "cbc:Amount"), Decimal(base) * Decimal(per_cent) / 100):
            yield one


@RULES.fatal("PEPPOL-EN16931-R041", "Ett avdrag eller tillägg i procent saknar sitt grundbelopp.")
def percentage_with_a_base(root: Element) -> Iterator[Element]:
    """Of what."""
    return (one for one in _allowances(root) if _has(one, "MultiplierFactorNumeric") and not _has(one, "BaseAmount"))


@RULES.fatal("PEPPOL-EN16931-R042", "Ett avdrag eller tillägg med grundbelopp saknar sin procent.")
def base_with_a_percentage(root: Element) -> Iterator[Element]:
    """How much of it."""
    return (one for one in _allowances(root) if _has(one, "BaseAmount") and not _has(one, "MultiplierFactorNumeric"))


@RULES.fatal("PEPPOL-EN16931-R043", "Det framgår inte om det är ett avdrag eller ett tillägg.")
def says_which_it_is(root: Element) -> Iterator[Element]:
    """In one of the two words; the schema knows 0 and 1 too."""
    return (one for one in _allowances(root) if text(one, "cbc:ChargeIndicator") not in {"true", "false"})


@RULES.fatal("PEPPOL-EN16931-R044", "Ett pris får bara ha avdrag, inga tillägg.")
def price_without_charges(root: Element) -> Iterator[Element]:
    """BT-147."""
    return (one for one in _of_prices(root) if text(one, "cbc:ChargeIndicator") != "false")


@RULES.fatal("PEPPOL-EN16931-R046", "Nettopriset är inte bruttopriset minus avdraget.")
def net_price_of_gross(root: Element) -> Iterator[Element]:
    """BT-146 = BT-148 - BT-147."""
    for price in all_of(root, ".//cac:Price"):
        for one in all_of(price, "cac:AllowanceCharge"):
            told = _number(one, "cbc:BaseAmount") - _number(one, "cbc:Amount")
            if _has(one, "BaseAmount") and _number(price, "cbc:PriceAmount") != told:
                yield one


@RULES.fatal("PEPPOL-EN16931-R100", "En rad får ha högst ett fakturaobjekt.")
def one_object_a_line(root: Element) -> Iterator[Element]:
    """BT-128."""
    return (one for line in _lines(root) for one in all_of(line, "cac:DocumentReference")[1:])


@RULES.fatal("PEPPOL-EN16931-R101", "En rads dokumentreferens ska vara ett fakturaobjekt (kod 130).")
def reference_is_an_object(root: Element) -> Iterator[Element]:
    """UNCL1001 130."""
    for line in _lines(root):
        for one in all_of(line, "cac:DocumentReference"):
            if text(one, "cbc:DocumentTypeCode") != "130":
                yield one


@RULES.fatal("PEPPOL-EN16931-R110", "En rads period börjar före fakturans.")
def begins_within_the_period(root: Element) -> Iterator[Element]:
    """Dates of one form are in order as text."""
    first = text(root, "cac:InvoicePeriod/cbc:StartDate")
    days = (one for line in _lines(root) for one in all_of(line, "cac:InvoicePeriod/cbc:StartDate"))
    return (one for one in days if first and _of(one) < first)


@RULES.fatal("PEPPOL-EN16931-R111", "En rads period slutar efter fakturans.")
def ends_within_the_period(root: Element) -> Iterator[Element]:
    """Dates of one form are in order as text."""
    last = text(root, "cac:InvoicePeriod/cbc:EndDate")
    days = (one for line in _lines(root) for one in all_of(line, "cac:InvoicePeriod/cbc:EndDate"))
    return (one for one in days if last and _of(one) > last)


@RULES.fatal("PEPPOL-EN16931-R120", "En rads belopp är inte antal gånger pris, med radens avdrag och tillägg.")
def line_is_quantity_times_price(root: Element) -> Iterator[Element]:
    """BT-131, to two öre."""
    for line in _lines(root):
        per = _number(line, "cac:Price/cbc:BaseQuantity") or Decimal(1)
        told = _quantity(line) * _number(line, "cac:Price/cbc:PriceAmount") / per
        for one in all_of(line, "cac:AllowanceCharge"):
            sign = 1 if text(one, "cbc:ChargeIndicator") == "true" else -1
            told += sign * _number(one, "cbc:Amount")
        if not _near(_number(line, "cbc:LineExtensionAmount"), told):
            yield line


@RULES.fatal("PEPPOL-EN16931-R121", "Antalet som ett pris gäller för ska vara större än noll.")
def price_for_some(root: Element) -> Iterator[Element]:
    """BT-149."""
    return (
        one for line in _lines(root) for one in all_of(line, "cac:Price/cbc:BaseQuantity") if Decimal(_of(one)) <= 0
    )


@RULES.fatal("PEPPOL-EN16931-R130", "Priset och antalet på en rad har olika enheter.")
def price_in_the_lines_unit(root: Element) -> Iterator[Element]:
    """BT-150 and BT-130."""
    for line in _lines(root):
        units = {one.get("unitCode") for one in _quantities(line)}
        for base in all_of(line, "cac:Price/cbc:BaseQuantity"):
            if units and base.get("unitCode") is not None and base.get("unitCode") not in units:
                yield base


def _lines(root: Element) -> list[Element]:
    return [*all_of(root, "cac:InvoiceLine"), *all_of(root, "cac:CreditNoteLine")]


def _allowances(root: Element) -> list[Element]:
    """Of the whole and of lines; those of prices have rules of their own."""
    return [one for place in (root, *_lines(root)) for one in all_of(place, "cac:AllowanceCharge")]


def _of_prices(root: Element) -> list[Element]:
    return all_of(root, ".//cac:Price/cac:AllowanceCharge")


def _quantities(line: Element) -> list[Element]:
    return [*all_of(line, "cbc:InvoicedQuantity"), *all_of(line, "cbc:CreditedQuantity")]


def _quantity(line: Element) -> Decimal:
    """One where none is told."""
    told = _quantities(line)
    return Decimal(_of(told[0])) if told else Decimal(1)


def _number(element: Element, path: str) -> Decimal:
    return Decimal(text(element, path) or 0)


def _near(amount: Decimal, told: Decimal) -> bool:
    return abs(amount - told) <= SLACK


def _has(element: Element, name: str) -> bool:
    return bool(all_of(element, f"cbc:{name}"))


def _of(element: Element) -> str:
    return (element.text or "").strip()
