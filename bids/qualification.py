"""The buyer's figures -> who meets them under the bid's form, with whose figures, and what is missing, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.money import NOUGHT, Money
from bids.gap import Gap
from bids.kinds import DocumentKind, GapArea, PartyRole
from bids.legal_forms import counting, counts_with_experience, must_practise, performs, rule_of, with_role
from bids.legal_values import MOST_YEARS, Qualification, QualificationKind
from bids.offer import Offer, Reference
from bids.parties import Party
from bids.swedish import listing, local_day, number

TURNOVER_TIMES = 2
"""A year's turnover may be asked for up to twice the value of the contract (LOU 14:4)."""
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Figure:
    """What one party brings to a requirement; ``counts`` is False where the law leaves it out."""

    party: Party
    words: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How the bid stands against one of the buyer's figures. ``missing`` is empty when it is met."""

    qualification: Qualification
    asked: str
    figures: tuple[Figure, ...]
    words: str
    missing: str

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def standings(offer: Offer) -> tuple[Standing, ...]:
    """Each of the buyer's figures, in the order in which they were entered."""
    return tuple(_WEIGHED[one.kind](offer, one) for one in offer.qualifications)


def economy_gaps(offer: Offer) -> Iterator[Gap]:
    """A figure that is not met stops the bid. One that asks for more than the law allows is worth a question."""
    for place, standing in enumerate(standings(offer), 1):
        asked = standing.qualification
        key = f"economy:{asked.lot_ref or ''}:{asked.kind}:{place}"
        if not standing.is_met:
            yield _gap(key, asked, f"{standing.asked} {standing.missing}", blocking=True)
        yield from _excess(offer, asked, key)
        yield from _uncovered(offer, asked, key)


def _gap(key: str, asked: Qualification, sentence: str, *, blocking: bool) -> Gap:
    return Gap(key=key, area=GapArea.ECONOMY, blocking=blocking, sentence=sentence, lot_ref=asked.lot_ref)


def _excess(offer: Offer, asked: Qualification, key: str) -> Iterator[Gap]:
    value = asked.contract_value or (offer.ceiling if asked.lot_ref is None else None)
    if asked.kind is not QualificationKind.TURNOVER or not value or not asked.amount:
        return
    if asked.amount > value.times(TURNOVER_TIMES):
        words = (
            f"Köparen kräver en omsättning på {_kr(asked.amount)} om året, mer än två gånger kontraktets värde "
            f"{_kr(value)}. LOU 14 kap. 4 § tillåter det bara i särskilda fall. Fråga köparen om skälet."
        )
        yield _gap(f"{key}:excess", asked, words, blocking=False)


def _uncovered(offer: Offer, asked: Qualification, key: str) -> Iterator[Gap]:
    """One policy meets the figure, and yet covers only its holder's own work."""
    if asked.kind is not QualificationKind.INSURANCE or asked.each or not _insurance(offer, asked).is_met:
        return
    need = asked.amount or NOUGHT
    left = [
        party.name
        for party in with_role(offer, PartyRole.TENDERER)
        if performs(offer, party, asked.lot_ref) and _insured(offer, party) < need
    ]
    if left:
        words = (
            f"Försäkringen på {_kr(need)} gäller bara den försäkrades eget arbete, och {listing(left)} har lägre "
            "belopp eller ingen försäkring. En skada där blir dyr för alla. Låt fler teckna samma belopp."
        )
        yield _gap(f"{key}:uncovered", asked, words, blocking=False)


def _where(offer: Offer, asked: Qualification) -> str:
    """How the sentence about a requirement begins: its number, and the lot it is for."""
    numbered = f"Krav {asked.ref}: " if asked.ref else ""
    lot = next((lot for lot in offer.lots if lot.ref == asked.lot_ref), None)
    return numbered + (f"anbudsområde {lot.ref} kräver " if lot else "köparen kräver ")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _asked(offer: Offer, asked: Qualification, what: str) -> str:
    by_each = " av varje anbudsgivare" if asked.each else ""
    return _capital(f"{_where(offer, asked)}{what}{by_each}.")


def _tested(offer: Offer, asked: Qualification) -> list[tuple[Party, ...]]:
    """The circles that must each reach the figure: every tenderer by itself, or all whose figures count together."""
    if asked.each:
        return [(party,) for party in with_role(offer, PartyRole.TENDERER)]
    return [counting(offer)]


def _nobody(offer: Offer) -> str:
    return "" if counting(offer) else "Anbudet har ingen anbudsgivare vars siffror räknas. Välj vem som lämnar anbudet."


def _turnover(offer: Offer, asked: Qualification) -> Standing:
    need = asked.amount or NOUGHT
    years = _years(offer, min(max(asked.years, 1), MOST_YEARS))
    what = f"en omsättning på minst {_kr(need)} om året" + (f" i {asked.years} år" if asked.years > 1 else "")
    figures = tuple(
        Figure(party, _turnover_words(party, years), rule_of(offer.form, party.role).counts)
        for party in offer.parties
        if party.turnover
    )
    if not years:
        missing = _nobody(offer) or "Ingen vars omsättning räknas har några årssiffror inskrivna. Skriv in dem."
        return Standing(asked, _asked(offer, asked, what), figures, "", _with_advice(missing, figures))
    sums = [
        (circle, year, Money.total(_in(party, year) for party in circle))
        for circle in _tested(offer, asked)
        for year in years
    ]
    words = " ".join(_sum_words(circle, year, total) for circle, year, total in sums)
    short = [(circle, year, need - total) for circle, year, total in sums if total < need]
    missing = _nobody(offer) or " ".join(
        f"{_names(circle)} når inte upp: {_kr(lack)} fattas för {year}." for circle, year, lack in short
    )
    return Standing(asked, _asked(offer, asked, what), figures, words, _with_advice(missing, figures))


def _years(offer: Offer, wanted: int) -> list[int]:
    """The latest years for which anybody whose figures count has one, closed before the last day for bids."""
    before = local_day(offer.deadline, offer.zone).year
    known = {one.year for party in counting(offer) for one in party.turnover if one.year < before}
    return sorted(known)[-wanted:] if len(known) >= wanted else sorted(known | _unknown(known, wanted))


def _unknown(known: set[int], wanted: int) -> set[int]:
    """Years that are asked for and nobody has entered count as nought; without any there is nothing to ask of."""
    return set(range(max(known) - wanted + 1, max(known) + 1)) if known else set()


def _kr(amount: Money) -> str:
    """``10 000 000 kr``: nobody states such sums in öre."""
    return str(amount).replace(",00", "")


def _in(party: Party, year: int) -> Money:
    return next((one.amount for one in party.turnover if one.year == year), NOUGHT)


def _turnover_words(party: Party, years: Sequence[int]) -> str:
    told = [f"{_kr(one.amount)} ({one.year})" for one in party.turnover if one.year in years]
    return listing(told) or listing([f"{_kr(one.amount)} ({one.year})" for one in party.turnover])


def _sum_words(circle: Sequence[Party], year: int, total: Money) -> str:
    parts = [f"{party.name} {_kr(_in(party, year))}" for party in circle if _in(party, year)]
    if len(parts) == 1:
        return f"{year}: {parts[0]}."
    return f"{year}: {' + '.join(parts)} = {_kr(total)}." if parts else f"{year}: {_names(circle)} {_kr(total)}."


def _names(circle: Sequence[Party]) -> str:
    if len(circle) == 1:
        return circle[0].name
    is_group = all(party.role is PartyRole.TENDERER for party in circle)
    return "Gruppen" if is_group else "Anbudsgivaren och de åberopade"


def _with_advice(missing: str, figures: Sequence[Figure]) -> str:
    """What is missing, whose figures do not help, and what would."""
    if not missing:
        return ""
    idle = [figure.party.name for figure in figures if not figure.counts]
    left_out = f" Siffrorna från {listing(idle)} räknas inte i den här formen." if idle else ""
    return f"{missing}{left_out} Åberopa ett företag som har det som fattas, eller lägg till en anbudsgivare."


def _insured(offer: Offer, party: Party) -> Money:
    """The largest sum of a policy that is valid on the last day for bids; policies of different holders do not add."""
    on = local_day(offer.deadline, offer.zone)
    sums = [
        paper.amount
        for paper in party.documents
        if paper.kind is DocumentKind.INSURANCE and paper.amount is not None and paper.valid_on(on)
    ]
    return max(sums, default=NOUGHT, key=lambda money: money.ore)


def _insurance(offer: Offer, asked: Qualification) -> Standing:
    need = asked.amount or NOUGHT
    what = f"en ansvarsförsäkring på minst {_kr(need)}"
    figures = tuple(
        Figure(party, _kr(_insured(offer, party)), rule_of(offer.form, party.role).counts)
        for party in offer.parties
        if _insured(offer, party)
    )
    best = [max(circle, key=lambda party: _insured(offer, party).ore) for circle in _tested(offer, asked) if circle]
    held = [(party, _insured(offer, party)) for party in best]
    words = " ".join(f"{party.name} är försäkrad för {_kr(sum_)}." for party, sum_ in held if sum_)
    short = [(party, sum_) for party, sum_ in held if sum_ < need]
    missing = _nobody(offer) or " ".join(_not_insured(party, sum_, need, each=asked.each) for party, sum_ in short)
    return Standing(asked, _asked(offer, asked, what), figures, words, _with_advice(missing, figures))


def _not_insured(party: Party, held: Money, need: Money, *, each: bool) -> str:
    if held:
        lack = need - held
        return f"{party.name} är försäkrad för {_kr(held)}, och {_kr(lack)} fattas. Olika försäkringar läggs inte ihop."
    if each:
        return f"{party.name} saknar ett försäkringsbevis med belopp som gäller på sista anbudsdag."
    return "Ingen vars försäkring räknas har ett bevis med belopp som gäller på sista anbudsdag."


def _references(offer: Offer, asked: Qualification) -> Standing:
    least = f" på minst {_kr(asked.amount)}" if asked.amount else ""
    what = f"{asked.number} referenser{least} från de senaste {asked.years} åren"
    parties = {party.key: party for party in offer.parties}
    judged = [
        (one, parties.get(one.party_key or ""), _reference_problem(offer, one, asked)) for one in offer.references
    ]
    figures = tuple(
        Figure(party, f"{one.customer}: {problem or 'räknas'}", not problem) for one, party, problem in judged if party
    )
    good = [(one, party) for one, party, problem in judged if party and not problem]
    words = " ".join(f"{one.customer} ({party.name})." for one, party in good)
    missing = _nobody(offer) or " ".join(_too_few(circle, good, asked) for circle in _tested(offer, asked)).strip()
    refused = "".join(f" {one.customer}: {problem}." for one, _party, problem in judged if problem)
    ending = f"{refused} Lägg till referenser från dem som räknas." if missing else ""
    return Standing(asked, _asked(offer, asked, what), figures, words, f"{missing}{ending}")


def _too_few(circle: Sequence[Party], good: Sequence[tuple[Reference, Party]], asked: Qualification) -> str:
    have = sum(party in circle for _one, party in good)
    who = f"{circle[0].name} har" if asked.each else "Anbudet har"
    lack = number(asked.number - have)
    return "" if have >= asked.number else f"{who} {number(have)} referenser som räknas, {lack} fattas."


def _reference_problem(offer: Offer, one: Reference, asked: Qualification) -> str:
    """Why a reference does not count, or nothing."""
    party = next((party for party in offer.parties if party.key == one.party_key), None)
    if party is None:
        return "ingen part står för den"
    if not counts_with_experience(offer, party, asked.lot_ref):
        idle = rule_of(offer.form, party.role).counts
        return f"{party.name} utför inget av arbetet" if idle else f"{party.name} räknas inte i den här formen"
    if asked.amount and (one.value is None or one.value < asked.amount):
        return f"värdet är under {_kr(asked.amount)}" if one.value else "värdet är inte ifyllt"
    years = [int(year) for year in _YEAR.findall(one.period)]
    if not years:
        return "det står inte när den utfördes"
    return "den är för gammal" if max(years) < local_day(offer.deadline, offer.zone).year - asked.years else ""


def _practise(offer: Offer, asked: Qualification) -> Standing:
    on = local_day(offer.deadline, offer.zone)
    label = asked.document.label.lower()
    needing = must_practise(offer, asked.lot_ref)

    def holds(party: Party) -> bool:
        return any(paper.kind is asked.document and paper.valid_on(on) for paper in party.documents)

    figures = tuple(Figure(party, asked.document.label, party in needing) for party in offer.parties if holds(party))
    words = " ".join(f"{party.name} har {label}." for party in needing if holds(party))
    lacking = [party.name for party in needing if not holds(party)]
    missing = ""
    if lacking:
        missing = f"{listing(lacking)} saknar {label} som gäller på sista anbudsdag. Den kan inte lånas av någon annan."
    elif not needing:
        missing = _nobody(offer) or "Ingen anbudsgivare utför arbetet än. Fördela mängder."
    return Standing(asked, _asked(offer, asked, label), figures, words, missing)


_WEIGHED: dict[QualificationKind, Callable[[Offer, Qualification], Standing]] = {
    QualificationKind.TURNOVER: _turnover,
    QualificationKind.INSURANCE: _insurance,
    QualificationKind.REFERENCES: _references,
    QualificationKind.PRACTISE: _practise,
}
