"""THE STORY of a notice: it comes in, alone or among many; its tender begins, follows it or ends; people are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app import clock, jobs
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.tenders import actions as tenders
from app.tenders import emails, queries
from app.tenders.actions import TenderFacts
from app.tenders.models import Bid, Tender
from app.tenders.noticing import actions, batches
from app.tenders.noticing import emails as notice_emails
from app.tenders.noticing import queries as notice_queries
from app.tenders.noticing.batches import Paper
from app.tenders.noticing.models import BatchState, ChangeState, NoticeBatch, NoticeBatchLine, TenderChange
from app.tenders.noticing.receipt import Outcome, Receipt
from app.tenders.paper_actions import Upload

STEP = 20
"""So many notices are taken in between two signs of life."""


def take_in(data: bytes, name: str, *, by: User | None, now: datetime) -> Receipt:
    """1. A notice reaches us as a file. Raises Refused, and stores nothing, when it is none.

    Where we have begun a bid, its people are told what is new, and parties that were asked that the last day moved.
    """
    receipt = actions.take_in(data, name, by=by, now=now)
    bid = queries.bid_of(receipt.tender) if receipt.changes else None
    if bid is not None:
        _tell(bid, receipt.changes, now=now)
    return receipt


def hand_in(uploads: Sequence[Upload], ticket: str, *, by: User, now: datetime) -> NoticeBatch:
    """1 b. Or many come together, and a worker takes them in. Raises Refused for no file at all."""
    batch = batches.hand_in(uploads, ticket, by=by, now=now)
    db.session.flush()
    batches.enqueue(batch, take_in_batch)
    return batch


def try_one(paper: Paper, *, by: User | None, now: datetime) -> tuple[Outcome, str, int | None]:
    """Take in one of many: what became of it, in a word and a sentence, and its tender's id. A faulty one is named."""
    try:
        data = paper.read()
        with db.session.begin_nested():
            receipt = take_in(data, paper.name, by=by, now=now)
            return receipt.outcome, receipt.words, receipt.tender.id
    except Refused as no:
        return Outcome.REFUSED, str(no), None


@jobs.job
def take_in_batch(batch_id: int) -> None:
    """Take in the files of a batch, some at a time. Run again, it goes on where it stopped."""
    batch = db.session.get(NoticeBatch, batch_id)
    if batch is None or batch.state is BatchState.DONE:
        return
    papers, problems = batches.papers_of(batch)
    _progress(batch, "read", 0, len(papers))
    ordered = list(batches.in_order(papers))
    there = set(db.session.scalars(select(NoticeBatchLine.position).where(NoticeBatchLine.batch_id == batch_id)))
    by = db.session.get(User, batch.by_id) if batch.by_id else None
    for done, paper in enumerate(ordered):
        if done % STEP == 0:
            _progress(batch, "save", done, len(papers))
        if paper.position not in there:
            outcome, words, tender_id = try_one(paper, by=by, now=clock.now())
            line = NoticeBatchLine(
                batch_id=batch_id,
                position=paper.position,
                name=paper.name,
                outcome=str(outcome),
                words=words,
                tender_id=tender_id,
            )
            db.session.add(line)
    batch.state, batch.done, batch.total = BatchState.DONE, len(papers), len(papers)
    batch.problem, batch.finished_at = "\n".join(problems), clock.now()


def put_right(tender: Tender, bid: Bid | None, facts: TenderFacts, *, by: User, now: datetime) -> Tender:
    """2. Or somebody puts the facts right by hand, a funder's call's too. Parties are told of another last day.

    Raises Refused for a tender that is over for us, and when a bid would lose its deadline.
    """
    before = tender.deadline
    changed = tenders.change_facts(tender, facts, has_bid=bid is not None, by=by, now=now)
    if bid is not None and before is not None and changed.deadline != before:
        emails.last_day_moved(bid, now=now)
    return changed


@jobs.every_minute
def forget_old(now: datetime) -> None:
    """Batches are forgotten after a month."""
    batches.forget_old(now)


def _progress(batch: NoticeBatch, phase: str, done: int, total: int) -> None:
    batch.phase, batch.done, batch.total = phase, done, total
    jobs.checkpoint()


def _tell(bid: Bid, changes: Sequence[TenderChange], *, now: datetime) -> None:
    for user in notice_queries.people_of(bid):
        notice_emails.tell(user, bid.tender, changes, now=now)
    if any(change.field == "deadline" and change.state is ChangeState.APPLIED for change in changes):
        emails.last_day_moved(bid, now=now)
