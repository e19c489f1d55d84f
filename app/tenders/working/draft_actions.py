"""What a party drafts for our answer, the papers beside it, and how both get into the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app import audit
from app.accounts.models import User
from app.audit import Actor
from app.errors import Refused
from app.members.models import MemberDocument
from app.tenders import answer_actions, paper_actions
from app.tenders.answer_actions import GivenAnswer
from app.tenders.bid import BidAnswer
from app.tenders.promise_actions import check_open_for_answers
from app.tenders.working.models import BidTask, TaskPaper


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody at a party typed. ``says`` None means that it does not decide yes or no."""

    says: bool | None
    text: str


class DraftedMeanwhile(Refused):
    """Somebody else at the same member has saved the draft since the page was opened."""

    def __init__(self, task: BidTask) -> None:
        super().__init__(
            f"{task.draft_by} har sparat ett annat utkast medan du skrev. Jämför, och spara igen om ditt ska gälla."
        )


def write(task: BidTask, draft: Draft, *, revision: int, by: User, now: datetime) -> BidTask:
    """Save what the party proposes. ``revision`` is that of the draft the writer saw, nought where there was none.

    Raises DraftedMeanwhile when it has changed since, and Refused when the bid is handed in or its time has run out.
    """
    check_open_for_answers(task.bid, now)
    if task.draft_revision != revision:
        raise DraftedMeanwhile(task)
    before = task.draft_text
    task.draft_says, task.draft_text = draft.says, draft.text.strip()
    task.draft_revision += 1
    task.draft_by, task.draft_at = by.name, now
    audit.record(task.bid, "drafted", by=by, now=now, **_on(task), before=before, after=task.draft_text)
    return task


def add_paper(task: BidTask, document: MemberDocument, *, by: User, now: datetime) -> None:
    """Lay a paper of the party's vault beside the draft. Once is enough."""
    check_open_for_answers(task.bid, now)
    if all(paper.document_id != document.id for paper in task.papers):
        task.papers.append(TaskPaper(document=document))
        task.draft_at, task.draft_by = now, by.name
        audit.record(task.bid, "drafted", by=by, now=now, **_on(task), title=document.title)


def hand_in(task: BidTask, *, by: Actor, now: datetime) -> BidTask:
    """The party says that it is done. Raises Refused when it has written nothing and laid nothing beside it."""
    check_open_for_answers(task.bid, now)
    if task.draft_at is None:
        raise Refused("Skriv något eller lägg till en handling först.")
    if not task.is_done:
        task.done_by, task.done_at = by.name, now
        audit.record(task.bid, "task_done", by=by, now=now, **_on(task))
    return task


def take(task: BidTask, *, revision: int, by: User, now: datetime) -> BidAnswer:
    """Put the draft into our answer: below what stands there, so that nothing is lost, with its papers as proof.

    ``revision`` is that of our answer as it was seen. Raises AnsweredMeanwhile when that has changed since.
    """
    if task.requirement is None or task.draft_at is None:
        raise Refused("Det finns inget utkast att lägga in.")
    bid = task.bid
    there = answer_actions.answer_to(bid, task.requirement)
    given = _together(task, there)
    answer = answer_actions.answer(bid, task.requirement, given, revision=revision, by=by, now=now)
    if task.party is not None:
        for paper in task.papers:
            _prove(answer, task, paper.document, by=by, now=now)
    task.taken_at = now
    audit.record(bid, "draft_taken", by=by, now=now, **_on(task))
    return answer


def _together(task: BidTask, there: BidAnswer | None) -> GivenAnswer:
    if there is None:
        return GivenAnswer(says=task.draft_says, text=task.draft_text, responsible=task.party)
    texts = [there.text] if task.draft_text in there.text else [there.text, task.draft_text]
    return GivenAnswer(
        says=task.draft_says if there.says is None else there.says,
        text="\n\n".join(text for text in texts if text),
        responsible=there.responsible or task.party,
        confidential=there.confidential,
        confidential_reason=there.confidential_reason,
        confidential_until=there.confidential_until,
    )


def _prove(answer: BidAnswer, task: BidTask, document: MemberDocument, *, by: User, now: datetime) -> None:
    if task.party is None or document.file is None:
        return
    appendix = paper_actions.attach_document(task.bid, task.party, document, by=by, now=now)
    if all(piece.appendix is not appendix for piece in answer.evidence):
        answer_actions.add_evidence(
            answer, title=document.title, appendix=appendix, valid_to=document.valid_to, by=by, now=now
        )


def _on(task: BidTask) -> dict[str, str | int | None]:
    requirement = task.requirement
    return {
        "ref": requirement.ref if requirement else None,
        "requirement_id": task.requirement_id,
        "member": task.party.member.name if task.party else task.returned_from,
    }
