"""Reading the dated table of thresholds, and how we have chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from app.clock import SWEDEN
from app.db import db
from app.errors import NotYours
from app.leaves import Leaf, leaf
from app.shelf import remember
from app.tenders.choosing.models import ChoiceGround, Ground, TenderChoice, Threshold, Verdict, Weighed
from app.tenders.choosing.thresholds import Row, built_in
from app.tenders.tender import Tender, TenderState

MOST_ROWS = 200
"""Staff enter five rows every second year."""
MOST_CHOICES = 50
PAGE = 50


def entered(*, lock: bool = False) -> Sequence[Threshold]:
    """What staff have entered, the latest first."""
    query = select(Threshold).order_by(Threshold.valid_from.desc(), Threshold.kind).limit(MOST_ROWS)
    return db.session.scalars(query.with_for_update() if lock else query).all()


@remember
def table() -> tuple[Row, ...]:
    """The whole dated table: what the program brought, and what staff have entered."""
    return (*built_in(), *(one.row for one in entered()))


def entered_with(threshold_id: int) -> Threshold:
    """One of the rows that staff have entered. Raises NotYours."""
    found = db.session.get(Threshold, threshold_id, with_for_update=True)
    if found is None:
        raise NotYours
    return found


def choices_of(tender: Tender) -> Sequence[TenderChoice]:
    """How we have chosen, the latest first, with the reasons."""
    query = select(TenderChoice).where(TenderChoice.tender_id == tender.id).order_by(TenderChoice.id.desc())
    return db.session.scalars(query.options(selectinload(TenderChoice.grounds)).limit(MOST_CHOICES)).all()


def latest_choice(tender: Tender) -> TenderChoice | None:
    """How we have chosen last, if we have."""
    return next(iter(choices_of(tender)), None)


@dataclass(frozen=True, slots=True)
class Declined:
    """Why we declined the tenders of a year: each tender counts once, as it was last decided."""

    total: int
    bids: int
    """How many of the year's last choices were to bid."""
    main: dict[Ground | None, int]
    """How many tenders each ground decided; None where nobody has said which."""
    against: dict[Ground, int]
    """In how many of them each ground spoke against a bid."""


def declined_in(year: int) -> Declined:
    """Of the tenders whose last choice was made in that Swedish year."""
    last = _last_choices(year).subquery()
    mine = select(TenderChoice).join(last, last.c.id == TenderChoice.id).subquery()
    no = mine.c.verdict == Verdict.NO_GO
    counted = db.session.execute(select(mine.c.main_ground, func.count()).where(no).group_by(mine.c.main_ground))
    main = {ground: count for ground, count in counted}  # noqa: C416  rows are no pairs to a type checker
    spoke = db.session.execute(
        select(ChoiceGround.ground, func.count())
        .join(mine, mine.c.id == ChoiceGround.choice_id)
        .where(no, ChoiceGround.says == Weighed.NO)
        .group_by(ChoiceGround.ground)
    )
    against = {ground: count for ground, count in spoke}  # noqa: C416
    bids = db.session.scalar(select(func.count()).select_from(mine).where(mine.c.verdict == Verdict.GO)) or 0
    return Declined(sum(main.values()), bids, main, against)


def declined_page(year: int, number: int) -> Leaf[TenderChoice]:
    """A page of those choices that were against a bid, the latest first. Their tenders: `tenders_of`."""
    last = _last_choices(year).subquery()
    query = (
        select(TenderChoice)
        .join(last, last.c.id == TenderChoice.id)
        .where(TenderChoice.verdict == Verdict.NO_GO)
        .order_by(TenderChoice.id.desc())
    )
    return leaf(query, number, PAGE)


def tenders_of(choices: Sequence[TenderChoice]) -> dict[int, Tender]:
    """Of what they were, by the tender's id."""
    query = select(Tender).where(Tender.id.in_({one.tender_id for one in choices}))
    return {tender.id: tender for tender in db.session.scalars(query)}


def unexplained() -> int:
    """How many tenders we have left without any choice on record, as before there were any."""
    chosen = select(TenderChoice.id).where(TenderChoice.tender_id == Tender.id).exists()
    query = select(func.count()).select_from(Tender).where(Tender.state == TenderState.DECLINED, ~chosen)
    return db.session.scalar(query) or 0


def year_of(year: int) -> tuple[datetime, datetime]:
    """A Swedish year: its first moment, and the first after it."""
    first, after = (datetime(one, 1, 1, tzinfo=SWEDEN).astimezone(UTC) for one in (year, year + 1))
    return first, after


def _last_choices(year: int) -> Select[Any]:
    first, after = year_of(year)
    last = func.max(TenderChoice.id).label("id")
    return (
        select(last)
        .group_by(TenderChoice.tender_id)
        .having(func.max(TenderChoice.at) >= first, func.max(TenderChoice.at) < after)
    )
