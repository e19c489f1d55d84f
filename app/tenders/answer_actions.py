"""Answering the buyer's requirements, and what proves the answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app import audit
from app.accounts.models import User
from app.errors import Refused
from app.tenders.bid_actions import check_draft
from app.tenders.models import Appendix, Bid, BidAnswer, BidParty, Evidence, TenderRequirement
from app.tenders.secrecy.actions import check_reason
from app.tenders.working import touched
from bids.kinds import RequirementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """What somebody typed. ``says`` None means not decided."""

    says: bool | None
    text: str
    responsible: BidParty | None = None
    confidential: bool = False
    confidential_reason: str = ""
    confidential_until: date | None = None


class AnsweredMeanwhile(Refused):
    """Somebody else has saved the same answer since the page was opened; ``theirs`` is what lies there now."""

    def __init__(self, theirs: BidAnswer) -> None:
        asked = "Finansiären har ändrat frågan" if theirs.bid.tender.is_call else "Köparen har ändrat kravet"
        changed = f"{asked} medan du skrev. Läs igen, och spara en gång till om ditt svar håller."
        answered = f"{theirs.saved_by} har sparat ett annat svar medan du skrev."
        super().__init__(changed if theirs.look_again else f"{answered} Jämför, och spara igen om ditt ska gälla.")
        self.theirs = theirs


def answer(
    bid: Bid, requirement: TenderRequirement, given: GivenAnswer, *, revision: int, by: User | None, now: datetime
) -> BidAnswer:
    """Save our answer. ``revision`` is that of the answer the writer saw, nought where there was none.

    Whoever has reviewed it must do so anew; what addenda have touched of it counts as looked at again. Raises
    AnsweredMeanwhile when it has changed since, and Refused when the bid is handed in.
    """
    check_draft(bid)
    found = answer_to(bid, requirement)
    if found is not None and found.revision != revision:
        raise AnsweredMeanwhile(found)
    _check_secrecy(bid, found, given)
    if found is None:
        found = BidAnswer(requirement_id=requirement.id, revision=0, evidence=[], sources=[])
        bid.answers.append(found)
    before = _as_it_reads(found)
    found.says, found.text = _says(requirement, given), given.text.strip()
    found.responsible_id = given.responsible.id if given.responsible else None
    found.confidential, found.confidential_reason = given.confidential, given.confidential_reason.strip()
    found.confidential_until = given.confidential_until
    found.look_again = False
    found.revision += 1
    found.saved_by, found.saved_at = by.name if by else "Samsälj", now
    take_mark_away(found)
    touched.confirm_answer(bid.tender, requirement, by=by, now=now)
    said: dict[str, str | int | None] = {"ref": requirement.ref, "requirement_id": requirement.id}
    audit.record(bid, "answered", by=by, now=now, **said, before=before, after=_as_it_reads(found))
    return found


def _says(requirement: TenderRequirement, given: GivenAnswer) -> bool | None:
    """A question is answered by words; nobody says yes or no to it."""
    if requirement.kind == RequirementKind.QUESTION:
        return True if given.text.strip() else None
    return given.says


def _check_secrecy(bid: Bid, there: BidAnswer | None, given: GivenAnswer) -> None:
    """A reason is looked at when it is given, not when somebody writes on beside one that was given before."""
    before = there and (there.confidential, there.confidential_reason, there.confidential_until)
    if given.confidential and before != (True, given.confidential_reason.strip(), given.confidential_until):
        check_reason(bid, given.confidential_reason, given.confidential_until)


def _as_it_reads(answer: BidAnswer) -> str:
    """What the answer says, for whoever wants to know what has changed."""
    said = {True: "Ja.", False: "Nej.", None: ""}[answer.says]
    return f"{said} {answer.text or ''}".strip()


def take_mark_away(answer: BidAnswer) -> None:
    """The answer is no longer what somebody has reviewed."""
    answer.reviewed_by, answer.reviewed_at = "", None


def review(answer: BidAnswer, *, revision: int, by: User, now: datetime) -> BidAnswer:
    """Somebody else has read the answer through, in that revision.

    Raises AnsweredMeanwhile when it has changed since, and Refused to whoever has written it: four eyes see more.
    """
    check_draft(answer.bid)
    if not can_review(answer, by):
        raise Refused("Du skrev svaret själv. Be någon annan i anbudet läsa igenom det.")
    if answer.revision != revision:
        raise AnsweredMeanwhile(answer)
    answer.reviewed_by, answer.reviewed_at = by.name, now
    requirement = answer.requirement
    audit.record(answer.bid, "reviewed", by=by, now=now, ref=requirement.ref, requirement_id=requirement.id)
    return answer


def can_review(answer: BidAnswer, by: User) -> bool:
    """Whether the answer as it stands is somebody else's."""
    return answer.saved_by != by.name


def answer_to(bid: Bid, requirement: TenderRequirement) -> BidAnswer | None:
    """Our answer to the requirement, if there is one."""
    return next((answer for answer in bid.answers if answer.requirement_id == requirement.id), None)


def add_evidence(
    answer: BidAnswer, *, title: str, appendix: Appendix | None, valid_to: date | None, by: User | None, now: datetime
) -> Evidence:
    """Point at an appendix, or at a place in the bid. Raises Refused when the answer points there already."""
    check_draft(answer.bid)
    if appendix is not None and any(piece.appendix_id == appendix.id for piece in answer.evidence):
        raise Refused(f"Svaret hänvisar redan till bilaga {appendix.number}.")
    piece = Evidence(title=title, appendix_id=appendix.id if appendix else None, valid_to=valid_to)
    answer.evidence.append(piece)
    take_mark_away(answer)
    audit.record(answer.bid, "evidence_added", by=by, now=now, title=title)
    return piece


def remove_evidence(answer: BidAnswer, piece: Evidence, *, by: User, now: datetime) -> None:
    """The appendix itself stays."""
    check_draft(answer.bid)
    answer.evidence.remove(piece)
    take_mark_away(answer)
    audit.record(answer.bid, "evidence_removed", by=by, now=now, title=piece.title)
