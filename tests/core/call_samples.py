"""An application for project funding, as values. All of it is fictional."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType

from app.money import Money
from bids.budget_values import Budget, BudgetRow, CallTerms
from bids.kinds import BidForm, BudgetKind, DocumentKind, OfferState, PartyRole, RequirementKind, RequirementStage
from bids.offer import Answer, Appendix, Buyer, Contact, Offer, Requirement
from bids.parties import PartyDocument
from tests.core.bid_parties import LJUNGBACKEN, RULLANDE, SAMKLANG

SIGNED_AT = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
LETTER = "Avsiktsförklaring"
DOES = {
    "samklang": "Leder projektet, håller samman parterna och svarar för ekonomin.",
    "ljungbacken": "Tar emot tolv deltagare i packningen och prövar handledning i par.",
    "rullande": "Tar emot sex deltagare på morgonrundorna.",
}


def row(kind: BudgetKind, party: str | None, year: int, kronor: int | None, text: str = "", **values) -> BudgetRow:
    """A row that its party has signed."""
    signed = {"signed_by": "Lova Hittepå", "signed_at": SIGNED_AT} if party else {}
    amount = Money.kronor(kronor) if kronor is not None else None
    return BudgetRow(kind=kind, party_key=party, year=year, text=text, amount=amount, **{**signed, **values})


ROWS = (
    row(BudgetKind.STAFF, "samklang", 2027, 420_000, "Projektledare, 75 %"),
    row(BudgetKind.STAFF, "samklang", 2028, 432_600, "Projektledare, 75 %"),
    row(BudgetKind.INDIRECT, "samklang", 2027, None, percent=Decimal(15)),
    row(BudgetKind.INDIRECT, "samklang", 2028, None, percent=Decimal(15)),
    row(BudgetKind.STAFF, "ljungbacken", 2027, 380_000, "Två handledare, 50 % var"),
    row(BudgetKind.MATERIAL, "ljungbacken", 2027, 45_000, "Packbord i rätt höjd"),
    row(BudgetKind.STAFF, "rullande", 2028, 260_000, "Handledare, 60 %"),
    row(BudgetKind.TRAVEL, "rullande", 2028, 12_500, "Studiebesök"),
    row(BudgetKind.EXTERNAL, "samklang", 2028, 180_000, "Utvärdering av en forskare"),
    row(BudgetKind.OWN, "ljungbacken", 2027, 95_000, "Handledares arbetstid"),
    row(BudgetKind.PUBLIC, None, 2027, 450_000, source="Norrviks samordningsförbund", appendix_number=3),
    row(BudgetKind.PUBLIC, None, 2028, 300_000, source="Norrviks samordningsförbund", appendix_number=3),
)
TERMS = CallTerms(
    starts_on=date(2027, 1, 1),
    ends_on=date(2028, 12, 31),
    most_rate=Decimal(67),
    most_indirect=Decimal(15),
    least_grant=Money.kronor(500_000),
)
PAPERS: dict[int, tuple[str, str | None]] = {
    1: ("Avsiktsförklaring från Ljungbacken", "ljungbacken"),
    2: ("Avsiktsförklaring från Rullande Hjälpen", "rullande"),
    3: ("Intyg om medfinansiering", None),
}
QUESTIONS = (
    ("1.1", "Vilket problem ska projektet lösa, och för vem?", 2_000),
    ("1.2", "Hur ska ni arbeta, och vad är nytt?", 4_000),
    ("2.1", "Hur ska ni veta att det gick bra?", 1_500),
)
ANSWER = (
    "Människor som har stått länge utanför arbetslivet får prova i tre veckor och slutar sedan. Ingen på golvet har "
    "tid att lära ut. Vi prövar handledning i par: en som kan yrket och en som kan människan.\n\n"
    "Efter ett halvår mäter vi hur många som är kvar."
)


def application(files: Mapping[int, bytes] = MappingProxyType({}), **changes) -> Offer:
    """The whole of it, with nothing missing."""
    letters = {"ljungbacken": 1, "rullande": 2}
    parties = tuple(
        replace(
            party,
            role=PartyRole.APPLICANT if party is SAMKLANG else PartyRole.PARTNER,
            does=DOES[party.key],
            documents=(PartyDocument(DocumentKind.LETTER_OF_INTENT, LETTER, appendix_number=letters[party.key]),)
            if party.key in letters
            else (),
        )
        for party in (SAMKLANG, LJUNGBACKEN, RULLANDE)
    )
    given = Offer(
        title="Vägar in i arbete",
        buyer=Buyer("Fonden för ett öppet arbetsliv", "802999-1111"),
        deadline=datetime(2026, 10, 15, 13, 0, tzinfo=UTC),
        form=BidForm.APPLICATION,
        made_on=datetime(2026, 9, 30, 9, 0, tzinfo=UTC),
        diary_number="UTL 2026/7",
        ceiling=Money.kronor(2_000_000),
        parties=parties,
        requirements=tuple(
            Requirement(ref, RequirementKind.QUESTION, RequirementStage.AWARD, text, most_characters=most)
            for ref, text, most in QUESTIONS
        ),
        answers=tuple(Answer(requirement_ref=ref, answered=True, text=ANSWER) for ref, _text, _most in QUESTIONS),
        appendices=tuple(
            Appendix(
                number=number,
                title=title,
                media_type="application/pdf",
                sha256=hashlib.sha256(files.get(number, b"")).hexdigest(),
                party_key=key,
            )
            for number, (title, key) in PAPERS.items()
        ),
        letter="Tre sociala företag går samman för att fler ska stanna kvar i arbete.",
        delivery_plan="En **projektgrupp** med en person från varje part träffas varannan vecka.",
        quality_plan="Vi följer varje deltagare i sex månader.",
        social_commitments="Lokalerna är tillgängliga, och båda könen söks upp lika.",
        contact=Contact("Sam Exempel", "sam@samklang.example", "031-00 00 00"),
        budget=Budget(TERMS, ROWS),
        state=OfferState.FROZEN,
    )
    return replace(given, **changes)
