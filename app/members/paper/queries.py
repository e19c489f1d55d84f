"""Reading letters by post."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.members.paper.models import PaperLetter, PaperRun

PAGE = 50
MOST_COUNTED = 1000


def waiting(number: int) -> Leaf[PaperLetter]:
    """One page of the letters that nobody has printed, the oldest first."""
    return leaf(_waiting().options(joinedload(PaperLetter.letter), joinedload(PaperLetter.member)), number, PAGE)


def waiting_count() -> int:
    """How many letters wait for somebody: to be printed, or to be taken to the post."""
    open_runs = select(PaperRun.id).where(PaperRun.sent_at.is_(None))
    some = select(PaperLetter.id).where(PaperLetter.run_id.is_(None) | PaperLetter.run_id.in_(open_runs))
    return db.session.scalar(select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())) or 0


def next_ones(most: int) -> Sequence[PaperLetter]:
    """The oldest that wait, held: two who print at the same moment must not both print them."""
    return db.session.scalars(_waiting().limit(most).with_for_update(of=PaperLetter)).all()


def newest_runs(most: int = PAGE) -> list[tuple[PaperRun, int]]:
    """What has been printed, each with its number of letters: what is not at the post yet first, then the newest."""
    newest = select(PaperRun).order_by(PaperRun.sent_at.is_not(None), PaperRun.id.desc()).limit(most)
    runs = db.session.scalars(newest).all()
    letters = select(PaperLetter.run_id, func.count()).where(PaperLetter.run_id.in_([run.id for run in runs]))
    counts = dict(db.session.execute(letters.group_by(PaperLetter.run_id)).tuples().all()) if runs else {}
    return [(run, counts.get(run.id, 0)) for run in runs]


def run_with(run_id: int, *, lock: bool = False) -> PaperRun:
    """What was printed together. Raises NotYours when there is no such thing."""
    query = select(PaperRun).where(PaperRun.id == run_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query.options(selectinload(PaperRun.letters).joinedload(PaperLetter.letter)))
    if found is None:
        raise NotYours
    return found


def _waiting() -> Select[PaperLetter]:
    return select(PaperLetter).where(PaperLetter.run_id.is_(None)).order_by(PaperLetter.id)
