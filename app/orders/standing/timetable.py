"""The times of a standing order, written down a year ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from app import clock
from app.catalog.models import Article
from app.db import db
from app.orders.queries import lead_times
from app.orders.standing import planning, queries
from app.orders.standing.models import (
    TO_ORDER,
    OccurrenceState,
    StandingOccurrence,
    StandingOrder,
    StandingVersion,
)


def plan(standing: StandingOrder, first: date, *, now: datetime) -> None:
    """Write down the times from a named day on, as they should be now. What is settled is left as it is."""
    today = clock.local_date(now)
    last = max(today + planning.HORIZON, standing.planned_to)
    wanted = {one.nominal: one for one in planning.planned(standing, first, last)}
    leads = _leads({one.version for one in wanted.values()})
    for one in queries.occurrences_from(standing, first):
        new = wanted.pop(one.nominal, None)
        if one.state not in TO_ORDER:
            continue
        if new is None:
            db.session.delete(one)
        elif (one.version_id, one.day) != (new.version.id, new.day):
            one.version, one.day, one.state, one.why = new.version, new.day, OccurrenceState.COMING, ""
            one.place_on, one.handed_over_at = planning.place_on(new.day, leads[new.version.id]), None
    for new in wanted.values():
        if new.day > today:
            db.session.add(_occurrence(standing, new, leads[new.version.id]))
    standing.planned_to = last
    db.session.flush()


def tend(standing: StandingOrder, *, now: datetime) -> None:
    """Write times further ahead, and see when those that wait must be ordered by the lead times of today."""
    today = clock.local_date(now)
    leads = _leads(set(standing.versions))
    for one in queries.occurrences_from(standing, today):
        if one.state == OccurrenceState.COMING:
            one.place_on = planning.place_on(one.day, leads[one.version_id])
    plan(standing, max(today, standing.versions[0].valid_from), now=now)


def _occurrence(standing: StandingOrder, new: planning.Planned, lead: int) -> StandingOccurrence:
    return StandingOccurrence(
        standing_order=standing,
        version=new.version,
        nominal=new.nominal,
        day=new.day,
        place_on=planning.place_on(new.day, lead),
        state=OccurrenceState.COMING,
    )


def _leads(versions: set[StandingVersion]) -> dict[int, int]:
    """How long each version's slowest article takes, by version id."""
    articles = {line.article_id: line.article for version in versions for line in version.lines}
    leads = lead_times(made_of(articles))
    return {version.id: planning.lead_of((line.article for line in version.lines), leads) for version in versions}


def made_of(articles: Mapping[int, Article]) -> set[int]:
    """The ids of what members make: the articles themselves, and the parts of bundles."""
    return {*articles, *(part.article_id for article in articles.values() for part in article.parts)}
