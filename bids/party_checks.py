"""The gaps that lie with parties: documents, sanctions, and what one should remember."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bids import pricing
from bids.gap import Gap
from bids.kinds import BidForm, DocumentKind, GapArea, PartyRole
from bids.legal_forms import duties_of, with_role
from bids.offer import Offer
from bids.outdated_papers import is_outdated
from bids.parties import Party, PartyDocument
from bids.swedish import day, listing, local_day, percent

SANCTIONS_PERCENT = 10
"""Regulation (EU) 833/2014 art. 5k: subcontractors and relied-on parties over a tenth of the value."""


def documents_wanted(offer: Offer, party: Party) -> tuple[DocumentKind, ...]:
    """What a party must hand in by form and role, as the table in `legal_forms` has it."""
    return tuple(duty.document for duty in duties_of(offer, party))


def missing_documents(offer: Offer, party: Party) -> frozenset[DocumentKind]:
    """What of it is not there, or does not hold on the last day."""
    return frozenset(kind for kind in documents_wanted(offer, party) if _document_problem(offer, party, kind))


def papers_wanted(offer: Offer) -> Iterator[tuple[Party, DocumentKind]]:
    """Every paper that must lie in the bid, with the party it comes from: by role, and under the sanctions rules."""
    for party in offer.parties:
        for kind in documents_wanted(offer, party):
            yield party, kind
    if offer.above_threshold:
        for party, _why in _under_sanctions_rules(offer):
            yield party, DocumentKind.SANCTIONS_DECLARATION


def document_gaps(offer: Offer) -> Iterator[Gap]:
    """Every party's documents by form and role, present and valid on the deadline's day."""
    for party in offer.parties:
        for kind in documents_wanted(offer, party):
            words = _document_problem(offer, party, kind)
            if words:
                yield _document_gap(party, kind, GapArea.DOCUMENT, words)


def _document_gap(party: Party, kind: DocumentKind, area: GapArea, words: str) -> Gap:
    return Gap(
        key=f"{area}:{party.key}:{kind}",
        area=area,
        blocking=True,
        sentence=words,
        party_key=party.key,
        document=kind,
    )


def _document_problem(offer: Offer, party: Party, kind: DocumentKind) -> str:
    on = local_day(offer.deadline, offer.zone)
    numbers = {None, *(appendix.number for appendix in offer.appendices)}
    held = [document for document in party.documents if document.kind is kind]
    if not held:
        return (
            f"{kind.label} saknas för {party.name.rstrip('.')}. Utan den kan anbudet förkastas, och "
            "nya handlingar får inte lämnas efter sista anbudsdag. Begär den av parten och ladda upp den."
        )
    signed = any(is_outdated(offer, party, document) for document in held)
    held = [one for one in held if not is_outdated(offer, party, one) and not (signed and _is_older(one))]
    if not held:
        return (
            f"{kind.label} är undertecknad av {party.name.rstrip('.')}, men texten stämmer inte längre med anbudet. Då "
            "gäller inte underskriften. Be parten läsa och skriva under på nytt."
        )
    if not any(document.valid_on(on) for document in held):
        return (
            f"{kind.label} för {party.name} gäller inte på sista anbudsdag, {day(on)}. Då räknas den inte. Begär en ny."
        )
    if all(document.signed_text and document.appendix_number is None for document in held):
        return (
            f"{kind.label} är undertecknad av {party.name} men ligger inte bland bilagorna. Då har köparen den inte. "
            "Lägg till den."
        )
    if not any(document.valid_on(on) and document.appendix_number in numbers for document in held):
        return (
            f"{kind.label} för {party.name} hänvisar till en bilaga som inte finns i anbudet. Då har köparen den inte. "
            "Lägg till bilagan."
        )
    return ""


def _is_older(document: PartyDocument) -> bool:
    """Whether it was handed in before the party signed on screen, which then took its place."""
    return document.is_replaced and not document.signed_text


def sanctions_gaps(offer: Offer) -> Iterator[Gap]:
    """Above the thresholds: a declaration from each tenderer, and from others that deliver over a tenth."""
    if not offer.above_threshold:
        return
    for party, why in _under_sanctions_rules(offer):
        if _document_problem(offer, party, DocumentKind.SANCTIONS_DECLARATION):
            yield _document_gap(
                party,
                DocumentKind.SANCTIONS_DECLARATION,
                GapArea.SANCTIONS,
                f"{party.name} {why} och måste försäkra att företaget inte omfattas av sanktionerna mot Ryssland. En "
                "försäkran som gäller på sista anbudsdag saknas, och utan den får kontraktet inte tilldelas. Begär den "
                "och ladda upp den.",
            )


def _under_sanctions_rules(offer: Offer) -> Iterator[tuple[Party, str]]:
    try:
        values = pricing.value_per_party(offer)
    except ValueError:
        values = {}
    for party in offer.parties:
        part = values[party.key].percent if party.key in values else Decimal(0)
        if party.role is PartyRole.TENDERER:
            yield party, "är anbudsgivare"
        elif part > SANCTIONS_PERCENT and party.role is not PartyRole.REPRESENTATIVE:
            yield party, f"står för {percent(part)} av anbudets värde"


def reminders(offer: Offer) -> Iterator[Gap]:
    """What stops nobody today and may cost the contract later."""
    for party in with_role(offer, PartyRole.TENDERER, PartyRole.RELIED_ON, PartyRole.SUBCONTRACTOR):
        if not party.f_tax:
            yield _reminder(
                f"f_tax:{party.key}",
                f"{party.name} är inte godkänd för F-skatt. Många köpare kräver det, och utan det dras skatt på "
                "betalningen. Kontrollera kravet och parten.",
                party.key,
            )
    yield from _idle_tenderers(offer)
    for name in offer.declined:
        yield _reminder(
            f"declined:{name}",
            f"{name} har tackat nej men står kvar bland parterna. Läs igenom texterna, de kan nämna parten, och ta "
            "sedan bort den.",
        )
    if offer.contact is None:
        yield _reminder("contact", "Anbudet saknar kontaktperson. Köparen vet inte vem som svarar. Ange en person.")


def _idle_tenderers(offer: Offer) -> Iterator[Gap]:
    busy = {share.party_key for row in offer.rows for share in row.shares if share.quantity > 0}
    idle = [party.name for party in with_role(offer, PartyRole.TENDERER) if party.key not in busy]
    if idle and offer.form is BidForm.GROUP:
        yield _reminder(
            "idle",
            f"{listing(idle)} är med i gruppen men levererar inget enligt prisraderna. Köparen vill se vem som gör "
            "vad. Fördela mängder eller ändra rollen.",
        )


def _reminder(key: str, words: str, party_key: str | None = None) -> Gap:
    return Gap(key=f"party:{key}", area=GapArea.PARTY, blocking=False, sentence=words, party_key=party_key)
