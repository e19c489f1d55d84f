"""What of a bid or an application is compared, by name: facts, texts, what is told of a party, sums of a budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from bids import budget as reckoning
from bids import swedish
from bids.budget_values import Budget, BudgetRow
from bids.offer import Offer
from bids.parties import Party


def contact(offer: Offer) -> str:
    """Who answers, in one line."""
    return (
        ", ".join(filter(None, (offer.contact.name, offer.contact.email, offer.contact.phone))) if offer.contact else ""
    )


def count_of(party: Party) -> str:
    """A head count in one line."""
    count = party.head_count
    return f"{count.target_group} av {count.occupied}, räknat {swedish.day(count.counted_on)}" if count else ""


FACTS: tuple[tuple[str, Callable[[Offer], Any]], ...] = (
    ("Upphandlingens namn", lambda offer: offer.title),
    ("Köpare", lambda offer: offer.buyer.name),
    ("Diarienummer", lambda offer: offer.diary_number),
    ("Sista anbudsdag", lambda offer: swedish.moment(offer.deadline, offer.zone)),
    ("Anbudsform", lambda offer: offer.form.label),
    ("Anbudet gäller till", lambda offer: offer.offered_validity),
    ("Avtalstid i år", lambda offer: offer.term_years),
    ("Förlängningar i år", lambda offer: " + ".join(map(str, offer.option_years))),
    ("Reserverad", lambda offer: offer.reserved),
    ("Anbudsområden", lambda offer: ", ".join(lot.ref for lot in offer.lots)),
    ("Kontakt", contact),
    ("Beaktade kompletteringar", lambda offer: ", ".join(str(one.number) for one in offer.addenda if one.acknowledged)),
)
TEXTS: tuple[tuple[str, str], ...] = (
    ("Anbudsbrev", "letter"),
    ("Leverans", "delivery_plan"),
    ("Kvalitet och miljö", "quality_plan"),
    ("Prisvillkor", "price_terms"),
    ("Sociala åtaganden", "social_commitments"),
)
CALL_FACTS: tuple[tuple[str, Callable[[Offer], Any]], ...] = (
    ("Utlysningens namn", lambda offer: offer.title),
    ("Finansiär", lambda offer: offer.buyer.name),
    ("Diarienummer", lambda offer: offer.diary_number),
    ("Sista ansökningsdag", lambda offer: swedish.moment(offer.deadline, offer.zone)),
    ("Projektet börjar", lambda offer: (offer.budget or Budget()).terms.starts_on),
    ("Projektet slutar", lambda offer: (offer.budget or Budget()).terms.ends_on),
    ("Högsta stöd", lambda offer: offer.ceiling),
    ("Kontakt", contact),
    ("Beaktade kompletteringar", lambda offer: ", ".join(str(one.number) for one in offer.addenda if one.acknowledged)),
)
CALL_TEXTS: tuple[tuple[str, str], ...] = (
    ("Sammanfattning", "letter"),
    ("Organisation och genomförande", "delivery_plan"),
    ("Uppföljning och utvärdering", "quality_plan"),
    ("Kommentar till budgeten", "price_terms"),
    ("Jämställdhet, tillgänglighet och hållbarhet", "social_commitments"),
)
OF_A_PARTY: tuple[tuple[str, Callable[[Party], Any]], ...] = (
    ("namn", lambda party: party.name),
    ("organisationsnummer", lambda party: party.org_number),
    ("roll", lambda party: party.role.label),
    ("uppgift", lambda party: party.does),
    ("adress", lambda party: party.address),
    ("kontakt", lambda party: ", ".join(filter(None, (party.contact, party.email, party.phone)))),
    ("firmateckning", lambda party: party.signatories),
    ("antal anställda", lambda party: party.employees),
    ("andel i målgruppen", count_of),
    ("presentation", lambda party: party.about),
)
BUDGET_SUMS: tuple[tuple[str, Callable[[Budget], Any]], ...] = (
    ("Kostnader", lambda budget: reckoning.sums(budget).costs),
    ("Egen insats och medfinansiering", lambda budget: reckoning.sums(budget).funded),
    ("Sökt stöd", lambda budget: reckoning.sums(budget).sought),
)


def numbered(budget: Budget) -> list[tuple[Any, BudgetRow]]:
    """Each row with what it is known by; of rows that look the same the first, the second and so on."""
    seen: Counter[Any] = Counter()
    found = []
    for row in budget.rows:
        known = (row.party_key, row.source, row.kind, row.year, row.text)
        seen[known] += 1
        found.append(((known, seen[known]), row))
    return found
