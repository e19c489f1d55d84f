"""What can come by a day: the index of lead times gives what looking at every offering and pause gives."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from app import clock, shelf
from app.catalog import actions, facet_counts, indexing, postings, quickness, reading, vocabulary
from app.catalog import queries as catalog
from app.catalog.drafts import Terms
from app.catalog.filters import Due, Filters
from app.catalog.models import Article, Offering, OfferingPause
from app.db import db
from tests import make
from tests.furnished import furnished

pytestmark = pytest.mark.both

TODAY = date(2026, 11, 23)
TOWNS = ("1480", "1481", "0180")
DAYS = [TODAY + timedelta(days=days) for days in (0, 1, 2, 4, 8, 15, 40)]
PLACES = (None, *TOWNS, "2580")


@furnished
def shop(app):
    """Forty baskets of three members, some of whom rest, and a bundle."""
    lot = Random(5)  # noqa: S311  made-up articles, not secrets
    members = [make.make_ljungbacken(), make.make_kokljus(), make.make_rena_rum()]
    for number in range(40):
        article = make.make_article(f"Korg {number}")
        for member in lot.sample(members, lot.randint(1, 3)):
            towns = lot.sample(TOWNS, lot.randint(1, 3))
            made = make.make_offering(article, member, municipalities=towns, lead_days=lot.choice((0, 1, 3, 5, 30)))
            if lot.random() < 0.4:
                first = TODAY + timedelta(days=lot.randint(-3, 5))
                last = first + timedelta(days=lot.randint(0, 20))
                db.session.add(OfferingPause(offering=made, first_day=first, last_day=last))
    parts = db.session.scalars(select(Article).order_by(Article.id).limit(2)).all()
    make.make_bundle("Korg av korgar", (parts[0], "1", False), (parts[1], "1", False))
    indexing.reindex_all()
    return app


def answers() -> list[object]:
    """What is listed and counted for each place and day."""
    shelf.clear()
    edition = catalog.edition()
    found: list[object] = []
    for place in PLACES:
        for day in DAYS:
            for words in ((), ("korg",)):
                asked = Filters(words=words, municipality=place, due=Due(TODAY, day))
                found.append((catalog.listed(asked, edition, asked), facet_counts.facets(asked, edition)))
    return found


def looked_at(monkeypatch) -> list[object]:
    """The same where the index of lead times is not asked."""
    with monkeypatch.context() as slow:
        slow.setattr(catalog, "_soon", lambda *_asked: None)
        slow.setattr(quickness, "MOST_PAUSES", -1)
        return answers()


def test_the_index_says_what_offerings_and_pauses_say(shop, monkeypatch):
    expected = looked_at(monkeypatch)
    assert len({str(one) for one in expected}) > len(DAYS), "the days and places make a difference"
    assert answers() == expected
    monkeypatch.setattr(reading, "COMPLETE", -1)
    assert answers() == expected, "where everything is taken to be common"
    monkeypatch.setattr(quickness, "MOST_PAUSES", 3)
    assert answers() == expected, "where there are too many pauses to be named"


def test_a_change_of_the_lead_time_or_the_state_is_followed_at_once(shop, monkeypatch):
    monkeypatch.setattr(reading, "COMPLETE", -1)
    sam, now = make.make_sam(), clock.now()
    for offering in db.session.scalars(select(Offering).order_by(Offering.id).limit(12)).all():
        if offering.id % 3:
            towns = offering.municipalities
            actions.change_terms(offering, Terms(offering.capacity_per_week, 12, towns), by=sam, now=now)
        else:
            actions.withdraw_offering(offering, by=sam, now=now)
    assert answers() == looked_at(monkeypatch)


def lead_postings() -> tuple[dict[tuple[str, int], bytes], dict[str, int]]:
    posted = select(postings.SearchPosting).where(postings.SearchPosting.term.startswith("q"))
    return {(one.term, one.block): one.ids for one in db.session.scalars(posted)}, vocabulary.going_on("q")


def test_what_is_written_change_by_change_is_what_is_written_anew(shop):
    sam, now = make.make_sam(), clock.now()
    for offering in db.session.scalars(select(Offering).order_by(Offering.id).limit(9)).all():
        actions.change_terms(offering, Terms(offering.capacity_per_week, 7, frozenset({"1480"})), by=sam, now=now)
    followed = lead_postings()
    indexing.reindex_all()
    assert followed[0]
    assert lead_postings() == followed


def test_no_offering_is_looked_at_for_a_day_when_nobody_rests(shop, monkeypatch, queries):
    monkeypatch.setattr(reading, "COMPLETE", -1)
    db.session.query(OfferingPause).delete()
    asked = Filters(words=("korg",), municipality="1480", due=Due(TODAY, DAYS[4]))
    with queries() as seen:
        assert catalog.listed(asked, catalog.edition(), asked).ids
    assert not [one for one in seen if "EXISTS" in one]
