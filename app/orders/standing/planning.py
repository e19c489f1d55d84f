"""Which times a standing order should have, and when each must be ordered. Pure over rows already read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.catalog import chains
from app.catalog.kinds import ArticleKind
from app.catalog.models import Article
from app.orders.standing.models import StandingOrder, StandingVersion
from app.orders.standing.rhythm import Rhythm, times
from app.workdays import working_days_after, working_days_before

HORIZON = timedelta(days=371)
"""So far ahead times are written down: as far as anybody can order, so that each order sees what they will take."""
MARGIN = 3
"""Working days beside the lead time: one to answer in, and two in which others are asked when the first says no."""
Leads = Mapping[int, tuple[int, int]]
"""The shortest and the longest lead time in working days of those who make each article."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A time that should come, and by what was agreed when."""

    nominal: date
    day: date
    version: StandingVersion


def planned(standing: StandingOrder, first: date, last: date) -> Iterator[Planned]:
    """The times with named days from the first day to the last, as versions, pauses and end have it; in no order."""
    end = last if standing.last_day is None else min(last, standing.last_day)
    for version in standing.versions:
        for time in times(version.rhythm, max(first, version.valid_from), end):
            if standing.version_on(time.nominal) is version and not standing.rests_on(time.nominal):
                yield Planned(time.nominal, time.day, version)


def lead_of(articles: Iterable[Article], leads: Leads) -> int:
    """Working days that the slowest makers of the slowest article want; what is made in steps, of all steps."""
    return max((_lead(article, leads) for article in articles), default=0)


def place_on(day: date, lead: int) -> date:
    """The day on which a delivery must be ordered, so that there is time to find somebody."""
    return working_days_before(day, max(lead, 1) + MARGIN)


def earliest(today: date, lead: int) -> date:
    """The first day that something ordered today can come."""
    return working_days_after(today, max(lead, 1))


def noticed(today: date, notice_days: int) -> date:
    """The first day for which notice can still be given."""
    return working_days_after(today, max(notice_days, 1))


def anchor_for(new: Rhythm, before: StandingVersion | None, first: date) -> date:
    """From when weeks or months are counted: as before while they are counted the same way, else from the first day."""
    if before is not None and (before.every, before.step) == (new.every, new.step) and before.anchor <= first:
        return before.anchor
    return first


def _lead(article: Article, leads: Leads) -> int:
    if article.kind != ArticleKind.BUNDLE:
        return leads.get(article.id, (0, 0))[1]
    longest = ((leads.get(part.article_id, (0, 0))[1], part.to_next) for part in article.parts)
    return chains.lead_days([chains.Step(lead, lead, to_next) for lead, to_next in longest])
