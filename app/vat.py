"""VAT: which rate a class has on a day, and what it comes to - counted per rate on the sum, rounded once.

Pure. Sources: ML (2023:200) ch. 9 for the rates, 17:24 for what an invoice shows, EN 16931 BR-CO-17 for the counting.
It lies below the catalogue, not in the invoicing room: the catalogue shows prices with VAT too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.money import Money


class VatClass(StrEnum):
    """What is sold, as the VAT act sorts it; the rate follows from the class and the day of supply."""

    STANDARD = "standard"
    FOOD = "food"
    RESTAURANT = "restaurant"
    LODGING = "lodging"
    REPAIR = "repair"
    CONFERENCE = "conference"
    BUILDING = "building"
    """Building services, to which cleaning up after building counts (ML 16:13)."""
    MARGIN = "margin"
    EXEMPT = "exempt"


class Divided(NamedTuple):
    """An article whose price our own calculation divides between rates, in place of its class's division."""

    article_id: int


VatKey = VatClass | Divided
"""By what the dated table is asked."""


def key_of(vat_class: VatClass, article_id: int) -> VatKey:
    """By what the table is asked about an article. Only a conference has a division of its own."""
    return Divided(article_id) if vat_class == VatClass.CONFERENCE else vat_class


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
    article_id: int | None = None
    """The article for which alone it holds: a division of its own."""

    @property
    def category(self) -> str:
        """UNCL5305: all parts of a rule have the same."""
        return self.parts[0].category


@dataclass(frozen=True, slots=True)
class VatSum:
    """What one rate comes to."""

    rate: int
    category: str
    base: Money
    vat: Money


def rule_on(rules: Iterable[VatRule], key: VatKey, day: date) -> VatRule:
    """The rule that holds for a supply on a day: an article's own division, where it has one, goes before its class's.

    Raises LookupError when the table does not reach so far back.
    """
    rules = tuple(rules)
    if isinstance(key, Divided):
        own = [rule for rule in rules if rule.article_id == key.article_id and rule.valid_from <= day]
        if own:
            return max(own, key=lambda rule: rule.valid_from)
        key = VatClass.CONFERENCE
    holding = [rule for rule in rules if rule.vat_class == key and rule.article_id is None and rule.valid_from <= day]
    if not holding:
        raise LookupError(f"no VAT rule for {key} on {day}")
    return max(holding, key=lambda rule: rule.valid_from)


def sums(lines: Iterable[tuple[Money, Sequence[VatPart]]]) -> list[VatSum]:
    """VAT per rate on the sum of the lines, highest rate first. A line is its net amount and its parts."""
    return sums_of((amount, part) for net, parts in lines for part, amount in divided_between(net, parts))


def divided_between(net: Money, parts: Sequence[VatPart]) -> list[tuple[VatPart, Money]]:
    """What of an amount is taxed in which way; together it is the amount."""
    return list(zip(parts, net.share([part.share for part in parts]), strict=True))


def sums_of(pieces: Iterable[tuple[Money, VatPart]]) -> list[VatSum]:
    """The same of lines that are divided between their rates already."""
    bases: dict[tuple[int, str], Money] = {}
    for amount, part in pieces:
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
