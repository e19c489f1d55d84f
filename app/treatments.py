"""How the VAT of a supply is treated: by what is sold, on which day, by whom and to whom. Pure.

`vat.py` knows the rates. Here is what changes them: a seller without VAT registration, a buyer who reckons the VAT
itself, and an article whose price is divided by a calculation of its own. Sources: ML (2023:200) 4:6 (idrott och
ideella föreningar utan skattepliktig näringsinkomst), 16:13 (byggtjänster), 18:4 (liten omsättning), 17:24 (what the
invoice says); the VATEX codes are those of EN 16931's list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.errors import Refused
from app.vat import VatClass, VatKey, VatPart, VatRule, rule_on

REVERSED = "Omvänd betalningsskyldighet"
"""What the invoice says where the buyer reckons the VAT (ML 17:24 p. 15)."""
SMALL = "Undantag från skatteplikt för liten omsättning enligt 18 kap. 4 § mervärdesskattelagen"
OUTSIDE = "Utanför mervärdesskatten enligt 4 kap. 6 § mervärdesskattelagen"
MISSING_NUMBER = (
    "Kundens momsnummer saknas. Det ska stå på fakturan när kunden redovisar momsen på byggtjänster "
    "(mervärdesskattelagen 17 kap. 24 §). Skriv det på kundens sida, i fältet Momsnummer."
)
REASONS = {VatClass.MARGIN: "VATEX-EU-F", VatClass.EXEMPT: "VATEX-EU-132-1G"}
"""Why a class shows no VAT: second-hand goods, and social care (directive 2006/112 art. 132.1 g)."""
DIVISIBLE = (VatClass.STANDARD, VatClass.RESTAURANT, VatClass.LODGING, VatClass.FOOD)
"""Of what a conference may consist. Each has one rate a day."""
WHOLE = 100


class VatStatus(StrEnum):
    """How a seller stands to VAT."""

    REGISTERED = "registered"
    SMALL = "small"
    """At most 120 000 kronor this year and the two before it (ML 18:4)."""
    OUTSIDE = "outside"
    """A non-profit association whose income of business is free from income tax (ML 4:6)."""


@dataclass(frozen=True, slots=True)
class VatSeller:
    """Whoever stands as the seller."""

    status: VatStatus = VatStatus.REGISTERED
    since: date | None = None
    """From which day of supply; none for always."""
    before: VatStatus = VatStatus.REGISTERED
    """How it stood until then."""

    def on(self, day: date) -> VatStatus:
        """How it stands to a supply on a day."""
        return self.before if self.since and day < self.since else self.status


@dataclass(frozen=True, slots=True)
class VatBuyer:
    """Whoever buys. Private people are the default: they never reckon VAT."""

    sells_building: bool = False
    """Whether it supplies building services itself, or resells them (ML 16:13)."""
    vat_number: str = ""


@dataclass(frozen=True, slots=True)
class Division:
    """Of what an article's price consists from a day on, as our own calculation has it."""

    article_id: int
    valid_from: date
    shares: tuple[tuple[VatClass, int], ...]
    """Per cent of the price by class; a hundred together."""

    def checked(self) -> Division:
        """The same without what is nought. Raises Refused when it does not make a whole."""
        shares = tuple((one, share) for one, share in self.shares if share)
        if any(share < 0 for _one, share in shares) or sum(share for _one, share in shares) != WHOLE:
            raise Refused("Delarna ska tillsammans bli 100 procent.")
        if not {one for one, _share in shares} <= set(DIVISIBLE) or len(dict(shares)) != len(shares):
            raise Refused("Ett konferenspaket delas mellan lokal, servering, logi och livsmedel, en gång var.")
        return replace(self, shares=shares)


def treatment(key: VatKey, day: date, seller: VatSeller, buyer: VatBuyer, rules: Iterable[VatRule]) -> VatRule:
    """How a supply is taxed: its parts, what the invoice must say, and why where no VAT is shown.

    The seller goes before all else: who is not registered charges no VAT on anything. Raises LookupError when the table
    does not reach so far back, and Refused when the buyer reckons the VAT and its VAT number is not known.
    """
    rule = rule_on(rules, key, day)
    status = seller.on(day)
    if status == VatStatus.OUTSIDE:
        return _without(rule, "O", OUTSIDE, "VATEX-EU-O")
    if status == VatStatus.SMALL:
        return _without(rule, "E", SMALL, "")
    if rule.vat_class == VatClass.BUILDING and buyer.sells_building:
        if not buyer.vat_number:
            raise Refused(MISSING_NUMBER)
        return _without(rule, "AE", REVERSED, "VATEX-EU-AE")
    reason = REASONS.get(rule.vat_class, "")
    return replace(rule, parts=tuple(replace(part, reason=reason) for part in rule.parts)) if reason else rule


def expected(key: VatKey, day: date, buyer: VatBuyer, rules: Iterable[VatRule]) -> tuple[VatPart, ...]:
    """What a price is thought to be taxed at before anything is invoiced: as the sales company sells to this buyer."""
    number = buyer.vat_number or "not known yet"
    return treatment(key, day, VatSeller(), replace(buyer, vat_number=number), rules).parts


def is_reversed(parts: Sequence[VatPart]) -> bool:
    """Whether the buyer reckons the VAT. All parts of a price have one category."""
    return parts[0].category == "AE"


def member_treatment(key: VatKey, day: date, member: VatSeller, company: VatBuyer, rules: Iterable[VatRule]) -> VatRule:
    """How what a member sells to the sales company is taxed, where that sells it on in its own name.

    The company resells building services and so supplies them itself: on the member's side it reckons the VAT (ML
    16:13). Raises as `treatment` does.
    """
    return treatment(key, day, member, replace(company, sells_building=True), rules)


def divided(rules: Sequence[VatRule], divisions: Iterable[Division]) -> Iterator[VatRule]:
    """What divisions come to as rules of the dated table: one from each day on which a division or its rates change."""
    by_article: dict[int, list[Division]] = {}
    for division in sorted(divisions, key=lambda one: one.valid_from):
        by_article.setdefault(division.article_id, []).append(division)
    for own in by_article.values():
        ends = [*(later.valid_from for later in own[1:]), date.max]
        for division, end in zip(own, ends, strict=True):
            for day in _changes(rules, division, end):
                yield VatRule(VatClass.CONFERENCE, day, _parts(rules, division, day), article_id=division.article_id)


def _changes(rules: Sequence[VatRule], division: Division, end: date) -> list[date]:
    classes = {one for one, _share in division.shares}
    later = {rule.valid_from for rule in rules if rule.vat_class in classes and rule.article_id is None}
    return [division.valid_from, *sorted(day for day in later if division.valid_from < day < end)]


def _parts(rules: Sequence[VatRule], division: Division, day: date) -> tuple[VatPart, ...]:
    """Shares that have the same rate on the day are one part, as one rate is one row on the invoice."""
    by_rate: dict[int, int] = {}
    for one, share in division.shares:
        (part,) = rule_on(rules, one, day).parts
        by_rate[part.rate] = by_rate.get(part.rate, 0) + share
    return tuple(VatPart(share, rate, "S") for rate, share in sorted(by_rate.items()))


def _without(rule: VatRule, category: str, note: str, reason: str) -> VatRule:
    return replace(rule, parts=(VatPart(WHOLE, 0, category, reason),), note=note)
