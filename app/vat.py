"""VAT: which rate a class has on a day, and what it comes to - counted per rate on the sum, rounded once.

Pure. Sources: ML (2023:200) ch. 9 for the rates, 17:24 for what an invoice shows, EN 16931 BR-CO-17 for the counting.
It lies below the catalogue, not in the invoicing room: the catalogue shows prices with VAT too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.money import Money


class VatClass(StrEnum):
    """What is sold, as the VAT act sorts it; the rate follows from the class and the day of supply."""

    STANDARD = "standard"
    FOOD = "food"
    RESTAURANT = "restaurant"
    LODGING = "lodging"
    REPAIR = "repair"
    CONFERENCE = "conference"
    MARGIN = "margin"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class VatPart:
    """So many parts of the price are taxed at so many per cent."""

    share: int
    rate: int
    category: str
    """UNCL5305: S taxed, E exempt, AE the buyer reckons the VAT, O outside the VAT."""
    reason: str = ""
    """Why no VAT is shown, as a code of the VATEX list (EN 16931 BT-121); empty where the note alone tells it."""


@dataclass(frozen=True, slots=True)
class VatRule:
    """One row of the dated table."""

    vat_class: VatClass
    valid_from: date
    parts: tuple[VatPart, ...]
    note: str = ""
    """What the invoice must say, such as the words for the margin scheme (ML 17:24)."""


@dataclass(frozen=True, slots=True)
class VatSum:
    """What one rate comes to."""

    rate: int
    category: str
    base: Money
    vat: Money


def rule_on(rules: Iterable[VatRule], vat_class: VatClass, day: date) -> VatRule:
    """The rule that holds for a supply on a day. Raises LookupError when the table does not reach so far back."""
    holding = [rule for rule in rules if rule.vat_class == vat_class and rule.valid_from <= day]
    if not holding:
        raise LookupError(f"no VAT rule for {vat_class} on {day}")
    return max(holding, key=lambda rule: rule.valid_from)


def sums(lines: Iterable[tuple[Money, Sequence[VatPart]]]) -> list[VatSum]:
    """VAT per rate on the sum of the lines, highest rate first. A line is its net amount and its parts."""
    bases: dict[tuple[int, str], Money] = {}
    for net, parts in lines:
        for part, amount in zip(parts, net.share([part.share for part in parts]), strict=True):
            key = (part.rate, part.category)
            bases[key] = bases.get(key, Money(0)) + amount
    return [
        VatSum(rate=rate, category=category, base=base, vat=base.percent(rate))
        for (rate, category), base in sorted(bases.items(), key=lambda item: (-item[0][0], item[0][1]))
    ]


def including(net: Money, parts: Sequence[VatPart]) -> Money:
    """A price with VAT, as private people see it."""
    if len(parts) == 1:  # Nearly always, and a page of the catalogue asks for dozens.
        return net + net.percent(parts[0].rate)
    return net + Money.total(one.vat for one in sums([(net, parts)]))
