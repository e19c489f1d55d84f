"""The gaps of papers that run out: before the bid is handed in, or before the buyer decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bids.dates import AwardDay, award_day_of, submission_day
from bids.gap import Gap
from bids.kinds import DocumentKind, GapArea, RequirementKind
from bids.offer import Evidence, Offer, Requirement
from bids.parties import Party, PartyDocument
from bids.party_checks import papers_wanted
from bids.swedish import day

ASKED_FOR_LATER = (
    DocumentKind.REGISTER_EXTRACT,
    DocumentKind.TAX_CERTIFICATE,
    DocumentKind.INSURANCE,
    DocumentKind.FOOD_REGISTRATION,
    DocumentKind.CERTIFICATE,
)
"""What a buyer asks the likely winner for before it decides, also where the bid did not hold it (LOU 15:2-4)."""


def expired_gaps(offer: Offer) -> Iterator[Gap]:
    """Papers that go along as appendices and do not hold on the last day: they prove nothing, and stop the bid.

    Those that the rules want are `party_checks`' to judge. What we have found wrong stops the bid whatever it is.
    """
    on, wanted = submission_day(offer), _wanted(offer)
    for party in offer.parties:
        for document in party.documents:
            if document.appendix_number is not None and (document.fault or document.is_replaced):
                yield _not_the_one_to_show(party, document)
        for kind in {document.kind: None for document in party.documents}:
            going = [each for each in party.documents if each.kind is kind and each.appendix_number is not None]
            if going and (party.key, kind) not in wanted and not any(each.valid_on(on) for each in going):
                yield _gap("expired", party, kind, _expired(going[0], party, on), blocking=True)


def _not_the_one_to_show(party: Party, document: PartyDocument) -> Gap:
    name = f"Bilaga {document.appendix_number}, ”{document.title}” från {party.name},"
    if document.fault:
        sentence = f"{name} är underkänd: {document.fault} Byt till en som stämmer eller ta bort bilagan."
    else:
        sentence = f"{name} har ersatts av en nyare. Byt till den på sidan Handlingar, om den ska gälla i anbudet."
    problem = f"{'fault' if document.fault else 'newer'}:{document.appendix_number}"
    return _gap(problem, party, document.kind, sentence, blocking=bool(document.fault))


def _expired(document: PartyDocument, party: Party, on: date) -> str:
    if document.valid_to is not None and document.valid_to < on:
        holds = f"gäller bara till {day(document.valid_to)}"
    else:
        holds = f"börjar gälla först {day(document.valid_from or on)}"
    return (
        f"Bilaga {document.appendix_number}, ”{document.title}” från {party.name}, {holds} och måste gälla på sista "
        f"anbudsdag, {day(on)}. Då bevisar den inget. Byt till en som gäller eller ta bort bilagan."
    )


def award_gaps(offer: Offer) -> Iterator[Gap]:
    """What holds when the bid is handed in and has run out when the buyer decides: a reminder to renew in time."""
    award, on = award_day_of(offer), submission_day(offer)
    if award.day <= on:
        return
    wanted = _wanted(offer)
    for party in offer.parties:
        for kind in {document.kind: None for document in party.documents}:
            counts = kind in ASKED_FOR_LATER or (party.key, kind) in wanted
            last = _runs_out(party, kind, on, award.day, attached=not counts)
            if last is not None:
                yield _gap("award", party, kind, _at_award(last, party, award), blocking=False)
    yield from _proofs(offer, on, award)


def _runs_out(party: Party, kind: DocumentKind, on: date, award: date, *, attached: bool) -> PartyDocument | None:
    """The paper of that kind that holds longest, where none holds on the day of the decision. None where one does.

    With ``attached`` only what lies in the bid counts, and it must hold when the bid is handed in: what does not then
    is a worse gap.
    """
    own = [document for document in party.documents if document.kind is kind]
    if any(document.valid_on(award) for document in own):
        return None
    holding = [each for each in own if each.valid_on(on) and (each.appendix_number is not None or not attached)]
    return max(holding, key=lambda document: document.valid_to or award, default=None)


def _at_award(document: PartyDocument, party: Party, award: AwardDay) -> str:
    ends = day(document.valid_to or award.day)
    return (
        f"”{document.title}” från {party.name} gäller till {ends}, men inte när köparen beslutar{_when(award)}. "
        "Köparen kan begära ett giltigt bevis före beslutet. Be medlemmen förnya handlingen i tid."
    )


def _when(award: AwardDay) -> str:
    return f", {day(award.day)}" if award.is_known else f" (vi räknar med {day(award.day)})"


def _proofs(offer: Offer, on: date, award: AwardDay) -> Iterator[Gap]:
    """Proofs of answers that are no party's paper, with a last day of their own."""
    held = {each.appendix_number for party in offer.parties for each in party.documents if each.appendix_number}
    requirements = {(each.ref, each.lot_ref): each for each in offer.requirements}
    for answer in offer.answers:
        requirement = requirements.get((answer.requirement_ref, answer.lot_ref))
        if requirement is None or requirement.kind is RequirementKind.INFORMATION:
            continue
        for place, piece in enumerate(answer.evidence, 1):
            if piece.appendix_number not in held and piece.valid_to is not None and on <= piece.valid_to < award.day:
                yield _proof_gap(requirement, place, piece, award)


def _proof_gap(requirement: Requirement, place: int, piece: Evidence, award: AwardDay) -> Gap:
    return Gap(
        key=f"requirement:{requirement.lot_ref or ''}:{requirement.ref}:award:{place}",
        area=GapArea.REQUIREMENT,
        blocking=False,
        sentence=f"Krav {requirement.ref}: beviset ”{piece.title}” gäller till {day(piece.valid_to or award.day)}, men "
        f"inte när köparen beslutar{_when(award)}. Se till att ett nytt finns då.",
        requirement_ref=requirement.ref,
        lot_ref=requirement.lot_ref,
    )


def _wanted(offer: Offer) -> set[tuple[str, DocumentKind]]:
    return {(party.key, kind) for party, kind in papers_wanted(offer)}


def _gap(problem: str, party: Party, kind: DocumentKind, sentence: str, *, blocking: bool) -> Gap:
    return Gap(
        key=f"{GapArea.DOCUMENT}:{party.key}:{kind}:{problem}",
        area=GapArea.DOCUMENT,
        blocking=blocking,
        sentence=sentence,
        party_key=party.key,
        document=kind,
    )
