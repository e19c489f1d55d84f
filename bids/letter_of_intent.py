"""A party's letter of intent: that it wants to take part in the project, with what, for which money."""

from __future__ import annotations

from collections.abc import Iterator

from app.money import Money
from bids import budget as reckoning
from bids.budget_values import Budget, BudgetRow
from bids.kinds import DocumentKind, PartyRole
from bids.legal_forms import with_role
from bids.offer import Offer
from bids.parties import Party
from bids.party_texts import Fact, PartyText
from bids.swedish import day, number

NO_CONTRACT = (
    "Avsiktsförklaringen gäller under förutsättning att ansökan beviljas. Den är inget avtal: parternas ansvar i "
    "projektet skrivs i ett eget avtal när beslutet har kommit."
)
CLOSING = (NO_CONTRACT, "Vi har läst ansökan och står bakom den.")


def why_not(offer: Offer, party: Party) -> str:
    """Why the letter cannot be written yet, and what to do; empty where it can."""
    if len(with_role(offer, PartyRole.APPLICANT)) != 1:
        return "Ansökan har inte precis en sökande, så det går inte att säga vems projekt det är. Rätta rollerna."
    if not party.does.strip():
        return f"Det står inte vad {party.name} gör i projektet. Skriv det på parten först."
    if any(reckoning.amount_of(budget, row) is None for budget, row in _rows(offer, party)):
        return f"En av budgetraderna för {party.name} saknar belopp. Fyll i den först."
    return ""


def text_of(offer: Offer, party: Party) -> PartyText:
    """What the party signs, where `why_not` has nothing to say."""
    applicant = with_role(offer, PartyRole.APPLICANT)[0]
    return PartyText(
        kind=DocumentKind.LETTER_OF_INTENT,
        title="Avsiktsförklaring om att delta i ett projekt",
        facts=(
            Fact("Samverkanspart", f"{party.name}, org.nr {party.org_number}"),
            Fact("Sökande", f"{applicant.name}, org.nr {applicant.org_number}"),
            *_call(offer),
        ),
        paragraphs=(
            f"Vi har för avsikt att delta i projektet, som {applicant.name} söker stöd för hos {offer.buyer.name}.",
            f"Det vi gör i projektet: {party.does.strip()}",
            *(("Vår del av budgeten:",) if any(True for _row in _rows(offer, party)) else ()),
        ),
        items=tuple(_money(offer, party)),
        closing=CLOSING,
    )


def _call(offer: Offer) -> Iterator[Fact]:
    yield Fact("Utlysning", offer.title)
    if offer.diary_number:
        yield Fact("Diarienummer", offer.diary_number)
    yield Fact("Finansiär", ", ".join(filter(None, (offer.buyer.name, offer.buyer.org_number))))
    terms = offer.budget.terms if offer.budget else None
    if terms is not None and terms.starts_on and terms.ends_on:
        yield Fact("Projekttid", f"{day(terms.starts_on)} till {day(terms.ends_on)}")


def _rows(offer: Offer, party: Party) -> Iterator[tuple[Budget, BudgetRow]]:
    budget = offer.budget
    for row in budget.rows if budget else ():
        if budget is not None and row.party_key == party.key:
            yield budget, row


def _money(offer: Offer, party: Party) -> Iterator[str]:
    """Year by year what the party's part costs, and what it pays itself or gets from elsewhere."""
    own = [(budget, row) for budget, row in _rows(offer, party)]
    for year in sorted({row.year for _budget, row in own}):
        costs = Money.total(
            reckoning.amount_of(budget, row) or Money(0) for budget, row in own if row.year == year and row.kind.is_cost
        )
        if costs:
            yield f"{year}: kostnader {_kr(costs)}"
        for budget, row in own:
            amount = reckoning.amount_of(budget, row)
            if row.year == year and not row.kind.is_cost and amount:
                yield f"{year}: {row.kind.label.lower()} {_kr(amount)}" + (f", {row.text}" if row.text else "")


def _kr(amount: Money) -> str:
    return f"{number(amount.in_kronor())} kr"
