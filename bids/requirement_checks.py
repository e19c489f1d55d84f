"""The gaps that lie in the answers to the buyer's requirements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bids.gap import Gap
from bids.kinds import GapArea, RequirementKind
from bids.offer import Answer, Evidence, Offer, Requirement
from bids.swedish import day, local_day


def requirement_gaps(offer: Offer) -> Iterator[Gap]:
    """Every must-requirement answered yes and proven; the other kinds block only where they say no to a contract."""
    answers = {(answer.requirement_ref, answer.lot_ref): answer for answer in offer.answers}
    numbers = {appendix.number for appendix in offer.appendices}
    on = local_day(offer.deadline, offer.zone)
    for requirement in offer.requirements:
        answer = answers.get((requirement.ref, requirement.lot_ref))
        if not requirement.kind.wants_answer:
            continue
        if answer is None or answer.answered is None:
            yield _unanswered(requirement)
        else:
            yield from _answer_gaps(requirement, answer)
            yield from _evidence_gaps(requirement, answer, numbers, on)


def _gap(requirement: Requirement, problem: str, sentence: str, *, blocking: bool) -> Gap:
    return Gap(
        key=f"requirement:{requirement.lot_ref or ''}:{requirement.ref}:{problem}",
        area=GapArea.REQUIREMENT,
        blocking=blocking,
        sentence=sentence,
        requirement_ref=requirement.ref,
        lot_ref=requirement.lot_ref,
    )


def _unanswered(requirement: Requirement) -> Gap:
    meaning = {
        RequirementKind.MUST: "Ett obesvarat ska-krav gör att anbudet förkastas. Svara ja eller nej.",
        RequirementKind.SCORED: "Utan svar ger det inga poäng. Skriv ett svar.",
        RequirementKind.CONTRACT: "Anbudet godtar alla villkor utan förbehåll. Läs villkoret och bekräfta att vi "
        "klarar det.",
    }
    sentence = f"{requirement.kind.label} {requirement.ref} är inte besvarat. {meaning[requirement.kind]}"
    return _gap(requirement, "unanswered", sentence, blocking=requirement.kind is RequirementKind.MUST)


def _changed(requirement: Requirement) -> Gap:
    sentence = (
        f"Köparen har ändrat {requirement.ref} sedan det besvarades. Svaret kan ha blivit fel. Läs kravet igen och "
        "spara svaret på nytt."
    )
    blocking = requirement.kind in {RequirementKind.MUST, RequirementKind.CONTRACT}
    return _gap(requirement, "changed", sentence, blocking=blocking)


def _answer_gaps(requirement: Requirement, answer: Answer) -> Iterator[Gap]:
    is_must = requirement.kind is RequirementKind.MUST
    if answer.look_again:
        yield _changed(requirement)
    if not answer.answered and is_must:
        sentence = (
            f"Ska-krav {requirement.ref} är besvarat med nej. Då förkastas anbudet. Lös kravet, till exempel med en "
            "part som klarar det, eller avstå från upphandlingen."
        )
        yield _gap(requirement, "no", sentence, blocking=True)
    if not answer.answered and requirement.kind is RequirementKind.CONTRACT:
        sentence = (
            f"Kontraktsvillkor {requirement.ref} är besvarat med nej. Det räknas som ett förbehåll och gör att anbudet "
            "förkastas. Godta villkoret eller avstå."
        )
        yield _gap(requirement, "no", sentence, blocking=True)
    if answer.answered and requirement.proof_required and not answer.evidence:
        meaning = "anbudet förkastas" if is_must else "svaret inte räknas"
        sentence = (
            f"{requirement.kind.label} {requirement.ref} saknar bevis. Köparen vill se bevis, och utan det är risken "
            f"att {meaning}. Lägg till en bilaga eller ange var i anbudet beviset finns."
        )
        yield _gap(requirement, "unproven", sentence, blocking=is_must)
    if answer.confidential and not answer.confidential_reason.strip():
        sentence = (
            f"Svaret på krav {requirement.ref} ska hållas hemligt, men skälet saknas. En begäran utan skäl brukar "
            "avslås. Skriv vilken skada det gör om uppgiften sprids."
        )
        yield _gap(requirement, "confidential", sentence, blocking=False)


def _evidence_gaps(requirement: Requirement, answer: Answer, numbers: set[int], on: date) -> Iterator[Gap]:
    for place, piece in enumerate(answer.evidence, 1):
        problem = _evidence_problem(piece, numbers, on)
        if problem:
            sentence = f"Krav {requirement.ref}: {problem}"
            blocking = requirement.kind is RequirementKind.MUST
            yield _gap(requirement, f"evidence:{place}", sentence, blocking=blocking)


def _evidence_problem(piece: Evidence, numbers: set[int], on: date) -> str:
    if piece.appendix_number is not None and piece.appendix_number not in numbers:
        return (
            f"beviset ”{piece.title}” hänvisar till bilaga {piece.appendix_number}, som inte finns i anbudet. Nya "
            "handlingar får inte lämnas efter sista anbudsdag. Lägg till bilagan eller rätta numret."
        )
    if piece.valid_to is not None and piece.valid_to < on:
        return (
            f"beviset ”{piece.title}” gäller till {day(piece.valid_to)} men måste gälla på sista anbudsdag, {day(on)}. "
            "Skaffa ett nytt."
        )
    return ""
