"""The gaps of a project's budget: rows that say nothing or are not answered for, and what the call does not allow."""

from __future__ import annotations

from collections.abc import Iterator

from app.money import NOUGHT, Money
from bids import budget as reckoning
from bids.budget_values import Budget, BudgetRow
from bids.gap import Gap
from bids.kinds import GapArea, PartyRole
from bids.offer import Offer
from bids.swedish import number, percent


def budget_gaps(offer: Offer) -> Iterator[Gap]:
    """Row by row, party by party, and the whole against what the funder allows."""
    budget = offer.budget
    if budget is None:
        return
    for place, row in enumerate(budget.rows, 1):
        yield from _row_gaps(offer, budget, place, row)
    for party in offer.parties:
        yield from _unsigned(budget, party.key, party.name)
        yield from _indirect(budget, party.key, party.name)
        if party.role is PartyRole.PARTNER and not any(row.party_key == party.key for row in budget.rows):
            yield _gap(
                f"idle:{party.key}",
                f"{party.name} är samverkanspart men har ingen rad i budgeten. Finansiären vill se vem som gör vad för "
                "vilka pengar. Lägg in partens kostnader eller insats, eller ta bort parten.",
                blocking=False,
                party_key=party.key,
            )
    yield from _whole(offer, budget)


def named(place: int, row: BudgetRow) -> str:
    """How a row is spoken of: its number, its kind and its year."""
    return f"Budgetrad {place} ({row.kind.label.lower()}, {row.year})"


def _row_gaps(offer: Offer, budget: Budget, place: int, row: BudgetRow) -> Iterator[Gap]:
    name, amount = named(place, row), reckoning.amount_of(budget, row)
    if amount is None:
        advice = "Begär det av parten, eller ta bort raden." if row.party_key else "Skriv in det, eller ta bort raden."
        yield _gap(f"row:{place}:amount", f"{name} saknar belopp. {advice}", row=place)
    elif row.percent is not None and not amount:
        yield _gap(
            f"row:{place}:base",
            f"{name} räknas på partens personalkostnader det året, men där finns inga. Då blir raden noll kronor. Lägg "
            "in personalen eller skriv ett belopp.",
            row=place,
        )
    if budget.terms.years and row.year not in budget.terms.years:
        yield _gap(
            f"row:{place}:year",
            f"{name} ligger utanför projekttiden, {budget.terms.years[0]}–{budget.terms.years[-1]}. Kostnader utanför "
            "den får inget stöd. Ändra året eller projekttiden.",
            row=place,
        )
    if row.party_key is not None and row.party_key not in {party.key for party in offer.parties}:
        yield _gap(
            f"row:{place}:stranger", f"{name} hör till en part som inte är med i ansökan. Flytta raden.", row=place
        )
    if row.party_key is None and row.appendix_number is None:
        yield _gap(
            f"row:{place}:proof",
            f"{name}: inget intyg visar att {row.source or 'finansiären utifrån'} betalar. Utan det räknas pengarna "
            "ofta inte. Lägg intyget som bilaga och välj den på raden.",
            row=place,
            blocking=False,
        )


def _unsigned(budget: Budget, key: str, name: str) -> Iterator[Gap]:
    waiting = [place for place, row in enumerate(budget.rows, 1) if row.party_key == key and not row.is_signed]
    if waiting:
        rows = "rad" if len(waiting) == 1 else "raderna"
        yield _gap(
            f"unsigned:{key}",
            f"{name} har inte svarat för sin del av budgeten, {rows} {', '.join(map(str, waiting))}. En ansökan ska "
            "bara innehålla det som parterna har sagt ja till. Bjud in parten eller be den svara igen.",
            party_key=key,
            row=waiting[0],
        )


def _indirect(budget: Budget, key: str, name: str) -> Iterator[Gap]:
    for year in reckoning.years(budget):
        excess = reckoning.indirect_excess(budget, key, year)
        if excess:
            yield _gap(
                f"indirect:{key}:{year}",
                f"{name} har indirekta kostnader {year} som är {_kr(excess)} mer än utlysningen tillåter: högst "
                f"{percent(budget.terms.most_indirect or 0)} av personalkostnaderna. Det som är för mycket stryks. "
                "Sänk beloppet.",
                party_key=key,
            )


def _whole(offer: Offer, budget: Budget) -> Iterator[Gap]:
    found = reckoning.sums(budget)
    if not found.costs:
        yield _gap("empty", "Budgeten har inga kostnader. Lägg in vad projektet kostar, part för part och år för år.")
        return
    if found.sought <= NOUGHT:
        yield _gap(
            "nothing",
            f"Medfinansieringen, {_kr(found.funded)}, täcker hela kostnaden, {_kr(found.costs)}. Då finns inget att "
            "söka för. Kontrollera raderna.",
        )
        return
    missing = reckoning.missing_funding(budget)
    if missing:
        yield _gap(
            "rate",
            f"Ansökan gäller {percent(found.rate or 0)} av kostnaden, men finansiären betalar högst "
            f"{percent(budget.terms.most_rate or 0)}. Det fattas {_kr(missing)} i egen insats eller medfinansiering.",
        )
    yield from _limits(offer, found.sought, budget.terms.least_grant)


def _limits(offer: Offer, sought: Money, least: Money | None) -> Iterator[Gap]:
    if offer.ceiling is not None and sought > offer.ceiling:
        yield _gap(
            "ceiling",
            f"Ansökan gäller {_kr(sought)}, men utlysningen ger högst {_kr(offer.ceiling)}. Sänk kostnaderna eller "
            "höj medfinansieringen.",
        )
    if least is not None and sought < least:
        yield _gap("least", f"Ansökan gäller {_kr(sought)}, men det minsta man kan söka är {_kr(least)}.")


def _kr(amount: Money) -> str:
    return f"{number(amount.in_kronor())}\u00a0kr"


def _gap(
    problem: str, sentence: str, *, blocking: bool = True, party_key: str | None = None, row: int | None = None
) -> Gap:
    return Gap(
        key=f"budget:{problem}",
        area=GapArea.BUDGET,
        blocking=blocking,
        sentence=sentence,
        party_key=party_key,
        row_ref=str(row) if row else None,
    )
