"""The gaps of the whole: does the form fit the roles, and does every tenderer pass the reserved gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bids.gap import Gap
from bids.kinds import BidForm, GapArea, PartyRole
from bids.legal_forms import RULES, with_role
from bids.offer import Offer
from bids.parties import HeadCount, Party
from bids.swedish import day, local_day, percent

GATE_PERCENT = 30
"""LOU 4:18: at least 30 per cent of those occupied."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """One tenderer at the reserved gate. ``percent`` is None without a count that can be used."""

    party: Party
    percent: Decimal | None
    passes: bool
    words: str


def reserved_gate(offer: Offer) -> tuple[GateResult, ...]:
    """Each tenderer's share of occupied persons from the target group (LOU 4:18), counted for the deadline's day.

    The gate is per legal person that is a tenderer (HFD 2021:48); a representative only signs. A count that is
    missing, impossible, from the future or older than twelve months passes nobody.
    """
    on = local_day(offer.deadline, offer.zone)
    return tuple(_at_the_gate(party, on) for party in with_role(offer, PartyRole.TENDERER))


def _at_the_gate(party: Party, on: date) -> GateResult:
    count = party.head_count
    problem = _count_problem(count, on)
    if count is None or problem:
        return GateResult(party, None, False, f"{party.name}: {problem}")
    passes = count.target_group * 100 >= GATE_PERCENT * count.occupied
    verdict = "klarar" if passes else "når inte upp till"
    return GateResult(
        party,
        count.percent,
        passes,
        f"{party.name}: {count.target_group} av {count.occupied} sysselsatta, {percent(count.percent)}, räknat "
        f"{day(count.counted_on)}, {verdict} kravet på {GATE_PERCENT}\u00a0%.",
    )


def _count_problem(count: HeadCount | None, on: date) -> str:
    if count is None:
        return "antalet sysselsatta är inte räknat."
    if count.occupied <= 0 or not 0 <= count.target_group <= count.occupied:
        return f"räkningen {day(count.counted_on)} går inte ihop."
    if count.counted_on > on:
        return f"räkningen är daterad {day(count.counted_on)}, efter sista anbudsdag."
    if count.counted_on < _a_year_before(on):
        return f"räkningen från {day(count.counted_on)} är äldre än tolv månader på sista anbudsdag."
    return ""


def _a_year_before(on: date) -> date:
    return on.replace(year=on.year - 1, day=28) if (on.month, on.day) == (2, 29) else on.replace(year=on.year - 1)


def reserved_gaps(offer: Offer) -> Iterator[Gap]:
    """A reserved tender's gate for every tenderer; the whole bid falls with the first that does not pass."""
    if not offer.reserved:
        return
    for result in reserved_gate(offer):
        if not result.passes:
            yield Gap(
                key=f"reserved:{result.party.key}",
                area=GapArea.RESERVED,
                blocking=True,
                sentence=f"{result.words} Upphandlingen är reserverad och varje anbudsgivare måste visa minst "
                f"{GATE_PERCENT}\u00a0%, annars förkastas anbudet. Lägg in en färsk räkning, eller ändra vilka som är "
                "anbudsgivare.",
                party_key=result.party.key,
            )
        elif result.party.head_count is not None and result.party.head_count.verified is False:
            yield Gap(
                key=f"reserved:verify:{result.party.key}",
                area=GapArea.RESERVED,
                blocking=False,
                sentence=f"Räkningen för {result.party.name} är inte kontrollerad av någon annan än den som skrev in "
                "den. Köparen kan begära att få se hur ni har räknat. Kontrollera underlaget.",
                party_key=result.party.key,
            )


def form_gaps(offer: Offer) -> Iterator[Gap]:
    """The chosen form must fit the parties' roles, because the documents follow from it (LOU 4:5, 14:6-8)."""
    rule = RULES[offer.form]
    if rule.most_tenderers is None:
        yield from _group_gaps(offer, rule.least_tenderers)
    else:
        yield from _main_supplier_gaps(offer)
    if rule.partner is not None:
        yield from _partner_gaps(offer, rule.partner)
    yield from _delivery_gaps(offer)


def _gap(problem: str, sentence: str, party_key: str | None = None) -> Gap:
    return Gap(key=f"form:{problem}", area=GapArea.FORM, blocking=True, sentence=sentence, party_key=party_key)


def _group_gaps(offer: Offer, least: int) -> Iterator[Gap]:
    tenderers = len(with_role(offer, PartyRole.TENDERER))
    if tenderers < least:
        sentence = (
            f"En grupp behöver minst två anbudsgivare, men anbudet har {_count(tenderers)}. Då stämmer formen inte med "
            "handlingarna. Lägg till en part eller välj en annan anbudsform."
        )
        yield _gap("tenderers", sentence)


def _main_supplier_gaps(offer: Offer) -> Iterator[Gap]:
    tenderers = len(with_role(offer, PartyRole.TENDERER))
    if tenderers != 1:
        sentence = (
            f"Med formen ”{offer.form.label}” ska exakt en part vara anbudsgivare, men anbudet har "
            f"{_count(tenderers)}. Köparen måste veta vem som svarar för anbudet. Rätta rollerna eller välj formen "
            "grupp."
        )
        yield _gap("tenderers", sentence)
    for party in with_role(offer, PartyRole.REPRESENTATIVE):
        sentence = (
            f"{party.name} är ombud, men ombud finns bara i en grupp av leverantörer. Här undertecknar anbudsgivaren "
            "själv. Ge parten en annan roll eller välj formen grupp."
        )
        yield _gap("representative", sentence, party.key)


def _partner_gaps(offer: Offer, wanted: PartyRole) -> Iterator[Gap]:
    if not with_role(offer, wanted):
        sentence = (
            f"Formen ”{offer.form.label}” behöver minst en part med rollen {wanted.label.lower()}. Utan den stämmer "
            "formen inte med anbudet. Lägg till parten eller välj en annan form."
        )
        yield _gap("partner", sentence)
    if offer.form is BidForm.SUBCONTRACTORS:
        for party in with_role(offer, PartyRole.RELIED_ON):
            sentence = (
                f"{party.name} är åberopat företag, men formen är underleverantörer. Ett åberopat företag ska lämna "
                "egen ESPD och ett åtagande. Välj formen åberopad kapacitet eller gör parten till underleverantör."
            )
            yield _gap(f"relied_on:{party.key}", sentence, party.key)


def _delivery_gaps(offer: Offer) -> Iterator[Gap]:
    """Whoever delivers is a party, and a representative only signs."""
    parties = {party.key: party for party in offer.parties}
    delivering = dict.fromkeys(share.party_key for row in offer.rows for share in row.shares if share.quantity > 0)
    for key in delivering:
        if key not in parties:
            sentence = (
                f"En prisrad bärs av ”{key}”, som inte är part i anbudet. Köparen måste få veta vem som levererar. "
                "Lägg till parten eller ta bort dess andel."
            )
            yield _gap(f"stranger:{key}", sentence)
        elif parties[key].role is PartyRole.REPRESENTATIVE:
            sentence = (
                f"{parties[key].name} är ombud men står för en leverans. Ett ombud är inte anbudsgivare och levererar "
                "inget. Gör parten till anbudsgivare eller flytta leveransen."
            )
            yield _gap(f"delivering:{key}", sentence, key)


def _count(number: int) -> str:
    return {0: "ingen", 1: "en", 2: "två", 3: "tre"}.get(number, str(number))
