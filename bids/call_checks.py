"""An application for project funding -> its gaps, in a funder's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bids.budget_checks import budget_gaps
from bids.gap import Gap
from bids.kinds import DocumentKind, GapArea, PartyRole, RequirementKind
from bids.legal_forms import duties_of, with_role
from bids.library_checks import library_gaps
from bids.offer import Addendum, Answer, Evidence, Offer, Requirement, Touch
from bids.parties import Party
from bids.party_documents import text_hash
from bids.swedish import day, listing, local_day, moment, number


def call_gaps(offer: Offer, now: datetime | None) -> Iterator[Gap]:
    """What the application lacks. With ``now`` (aware) a last day that has passed is a gap too."""
    yield from _deadline(offer, now)
    yield from _parties(offer)
    yield from _questions(offer)
    yield from budget_gaps(offer)
    yield from _letters(offer)
    for addendum in offer.addenda:
        yield from _addendum(offer, addendum)
    yield from library_gaps(offer)
    yield from _reminders(offer)


def _gap(key: str, area: GapArea, sentence: str, *, blocking: bool = True, party_key: str | None = None) -> Gap:
    return Gap(key=key, area=area, blocking=blocking, sentence=sentence, party_key=party_key)


def _deadline(offer: Offer, now: datetime | None) -> Iterator[Gap]:
    if now is not None and now > offer.deadline:
        last = moment(offer.deadline, offer.zone)
        yield _gap(
            "deadline",
            GapArea.DEADLINE,
            f"Sista ansökningsdag var {last}. En för sen ansökan prövas inte. Har finansiären flyttat fram tiden: "
            "ändra den i utlysningen.",
        )


def _parties(offer: Offer) -> Iterator[Gap]:
    applicants = [party.name for party in with_role(offer, PartyRole.APPLICANT)]
    if len(applicants) != 1:
        told = f"Nu är det {listing(applicants)}." if applicants else "Nu är ingen det."
        yield _gap(
            "form:applicant",
            GapArea.FORM,
            f"Precis en part ska vara sökande och svara för projektet. {told} Ändra rollerna.",
        )
    for name in offer.declined:
        yield _gap(
            f"party:declined:{name}",
            GapArea.PARTY,
            f"{name} har tackat nej, och partens rader i budgeten är borta ur ansökan. Fråga en annan om de behövs, "
            "läs igenom texterna, och ta sedan bort parten.",
        )
    for party in with_role(offer, PartyRole.APPLICANT, PartyRole.PARTNER):
        if not party.does.strip():
            yield _gap(
                f"party:does:{party.key}",
                GapArea.PARTY,
                f"Det står inte vad {party.name} gör i projektet. Finansiären bedömer om parterna behövs. Skriv det på "
                "parten.",
                blocking=False,
                party_key=party.key,
            )


def _questions(offer: Offer) -> Iterator[Gap]:
    answers = {(answer.requirement_ref, answer.lot_ref): answer for answer in offer.answers}
    numbers = {appendix.number for appendix in offer.appendices}
    for asked in offer.requirements:
        answer = answers.get((asked.ref, asked.lot_ref))
        if not asked.kind.wants_answer:
            continue
        if answer is None or not _says_something(asked, answer):
            yield _of_question(asked, "unanswered", _unanswered(asked))
            continue
        yield from _answered(asked, answer)
        yield from _proofs(offer, asked, answer, numbers)


def _says_something(asked: Requirement, answer: Answer) -> bool:
    return bool(answer.text.strip()) if asked.kind is RequirementKind.QUESTION else answer.answered is not None


def _unanswered(asked: Requirement) -> str:
    if asked.kind is RequirementKind.QUESTION:
        return f"Fråga {asked.ref} är inte besvarad. En ofullständig ansökan kan avvisas. Skriv ett svar."
    return f"Villkor {asked.ref} är inte besvarat. Läs det och svara ja eller nej."


def _answered(asked: Requirement, answer: Answer) -> Iterator[Gap]:
    written = characters(answer.text)
    if asked.most_characters and written > asked.most_characters:
        over = written - asked.most_characters
        yield _of_question(
            asked,
            "long",
            f"Svaret på {asked.ref} är {number(written)} tecken, men får vara högst {number(asked.most_characters)}. "
            f"Formuläret tar inte emot mer. Korta det med {number(over)} tecken.",
        )
    if asked.kind is not RequirementKind.QUESTION and not answer.answered:
        yield _of_question(
            asked, "no", f"Villkor {asked.ref} är besvarat med nej. Då kan ansökan inte beviljas. Lös det, eller avstå."
        )
    if answer.look_again:
        yield _of_question(
            asked,
            "changed",
            f"Finansiären har ändrat {asked.ref} sedan den besvarades. Läs den igen och spara svaret på nytt.",
        )


def characters(text: str) -> int:
    """How long an answer is as forms on the web count: every sign and every line's end is one."""
    return len(text.strip().replace("\r\n", "\n"))


def _proofs(offer: Offer, asked: Requirement, answer: Answer, numbers: set[int]) -> Iterator[Gap]:
    if asked.proof_required and not answer.evidence:
        yield _of_question(
            asked, "unproven", f"Till {asked.ref} vill finansiären ha en bilaga. Lägg till den vid svaret."
        )
    on = local_day(offer.deadline, offer.zone)
    for place, piece in enumerate(answer.evidence, 1):
        problem = _proof_problem(piece, numbers)
        if piece.valid_to is not None and piece.valid_to < on:
            problem = f"”{piece.title}” gäller bara till {day(piece.valid_to)}, före sista ansökningsdag. Skaffa en ny."
        if problem:
            yield _of_question(asked, f"evidence:{place}", f"{asked.ref}: {problem}")


def _proof_problem(piece: Evidence, numbers: set[int]) -> str:
    if piece.appendix_number is not None and piece.appendix_number not in numbers:
        return f"”{piece.title}” hänvisar till bilaga {piece.appendix_number}, som inte finns. Lägg till den."
    return ""


def _of_question(asked: Requirement, problem: str, sentence: str) -> Gap:
    return Gap(
        key=f"requirement:{asked.lot_ref or ''}:{asked.ref}:{problem}",
        area=GapArea.REQUIREMENT,
        blocking=True,
        sentence=sentence,
        requirement_ref=asked.ref,
        lot_ref=asked.lot_ref,
    )


def letter_problem(offer: Offer, party: Party) -> str:
    """What is wrong with a party's letter of intent; empty where it lies in the application and says what it should."""
    numbers = {appendix.number for appendix in offer.appendices}
    held = [paper for paper in party.documents if paper.kind is DocumentKind.LETTER_OF_INTENT]
    if not held:
        return (
            f"Avsiktsförklaring saknas från {party.name.rstrip('.')}. Den visar att parten vill vara med på de villkor "
            "som står i ansökan. Be parten skriva under den, eller ladda upp den."
        )
    now = text_hash(offer, party, DocumentKind.LETTER_OF_INTENT)
    held = [paper for paper in held if not paper.signed_text or paper.signed_text == now]
    if not held:
        return (
            f"Avsiktsförklaringen är undertecknad av {party.name.rstrip('.')}, men texten stämmer inte längre med "
            "ansökan. Då gäller inte underskriften. Be parten läsa och skriva under på nytt."
        )
    on = local_day(offer.deadline, offer.zone)
    if not any(paper.valid_on(on) for paper in held):
        return f"Avsiktsförklaringen från {party.name} gäller inte på sista ansökningsdag, {day(on)}. Begär en ny."
    if not any(paper.appendix_number in numbers for paper in held):
        return f"Avsiktsförklaringen från {party.name} ligger inte bland bilagorna. Lägg till den."
    return ""


def _letters(offer: Offer) -> Iterator[Gap]:
    for party in offer.parties:
        for duty in duties_of(offer, party):
            problem = letter_problem(offer, party)
            if problem:
                yield Gap(
                    key=f"{GapArea.DOCUMENT}:{party.key}:{duty.document}",
                    area=GapArea.DOCUMENT,
                    blocking=True,
                    sentence=problem,
                    party_key=party.key,
                    document=duty.document,
                )


def _addendum(offer: Offer, addendum: Addendum) -> Iterator[Gap]:
    """A funder answers questions and corrects its call while it is open; what it touches is looked at again."""
    came = day(local_day(addendum.received_at, offer.zone))
    if not addendum.acknowledged:
        yield _gap(
            f"addendum:{addendum.number}:unread",
            GapArea.ADDENDUM,
            f"Komplettering {addendum.number} till utlysningen, som kom {came}, är inte kvitterad. Läs den, ange vad "
            "den berör och kvittera.",
        )
    asked = {(one.ref, one.lot_ref): one for one in offer.requirements}
    for touch in addendum.touches:
        found = asked.get((touch.requirement_ref or "", touch.lot_ref))
        if found is not None and not touch.confirmed:
            yield _of_question(found, f"addendum:{addendum.number}", _touched(addendum, touch))


def _touched(addendum: Addendum, touch: Touch) -> str:
    return (
        f"Komplettering {addendum.number} berör {touch.requirement_ref}. Läs den, rätta svaret om det behövs och "
        "bekräfta det."
    )


def _reminders(offer: Offer) -> Iterator[Gap]:
    if offer.contact is None:
        yield _gap(
            "party:contact",
            GapArea.PARTY,
            "Ansökan saknar kontaktperson. Finansiären vet inte vem som svarar. Ange en person.",
            blocking=False,
        )
    if not offer.letter.strip():
        yield _gap(
            "text:summary",
            GapArea.PARTY,
            "Ansökan saknar sammanfattning. Den är det första som läses. Skriv den.",
            blocking=False,
        )
    if offer.budget is not None and not offer.budget.terms.years:
        yield _gap(
            "budget:term",
            GapArea.BUDGET,
            "Projekttiden är inte angiven. Skriv in när projektet börjar och slutar.",
            blocking=False,
        )
