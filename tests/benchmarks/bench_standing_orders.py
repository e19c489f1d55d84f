"""Two thousand standing orders turned into the week's orders, by the jobs that a worker runs, on both databases.

Each is a transaction of its own, with routing, letters and audit. Five hundred is as much as a worker is told of in a
minute, so that it takes four minutes of the day; what is measured is the work itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import flask_migrate
from flask import Flask
from sqlalchemy import func, select

from app import clock, jobs, migrating, standingflow, workdays
from app.catalog import start
from app.catalog.models import Article
from app.customers.models import Customer
from app.db import db
from app.factory import create_app
from app.orders.cart import Delivery
from app.orders.models import Order
from app.orders.standing import queries
from app.orders.standing.actions import Wish
from app.orders.standing.models import TO_ORDER, StandingOccurrence
from app.orders.standing.rhythm import Every, Rhythm
from config import from_env
from tests import make
from tests.databases import PostgresServer

STANDING, MEMBERS, ARTICLES = 2_000, 20, 40
LONGEST = 60
"""Seconds."""
WEEKDAYS = 5


def measure() -> Iterator[tuple[str, float, float]]:
    """Seconds on each database."""
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, _database(kind, folder) as environ:
            app = create_app(from_env(environ))
            with app.app_context():
                _fill()
            yield f"{STANDING} standing orders into the week's orders on {kind}, seconds", _seconds(app), LONGEST


@contextmanager
def _database(kind: str, folder: str) -> Iterator[Mapping[str, str]]:
    environ = {"SAMSALJ_INSTANCE": folder, "SAMSALJ_URL": "http://localhost"}
    if kind == "SQLite":
        yield {**environ, "DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.db'}"}
        return
    server = PostgresServer()
    try:
        yield {**environ, "DATABASE_URL": server.url}
    finally:
        server.close()


def _fill() -> None:
    """A house in which each member makes a few of the articles, and customers want two of them each week."""
    migrating.prepare()
    flask_migrate.upgrade()
    start.load_law()
    make.make_sales_company()
    members = [make.make_member() for _number in range(MEMBERS)]
    articles = [make.make_article(f"Artikel {number}") for number in range(ARTICLES)]
    for number, article in enumerate(articles):
        for step in (0, 7, 13):
            make.make_offering(article, members[(number + step) % MEMBERS], capacity_per_week=Decimal(10_000))
    customers = [make.make_customer() for _number in range(STANDING // 10)]
    db.session.commit()
    for number in range(STANDING):
        _start(number, customers[number % len(customers)], articles)
    db.session.commit()


def _start(number: int, customer: Customer, articles: list[Article]) -> None:
    first = workdays.working_days_after(clock.local_date(clock.now()), 10)
    rhythm = Rhythm(Every.WEEK, 1, first, frozenset({number % WEEKDAYS}))
    cart = {articles[(number + step) % ARTICLES].id: Decimal(2) for step in (0, 1)}
    delivery = Delivery(first, "Kontoret", "Köpgatan 2", "411 02", "Göteborg", make.GOTHENBURG)
    wish = Wish(rhythm, cart, replace(delivery, day=first))
    ticket = f"benchmark-{number:06d}-standing"
    standingflow.start(wish, f"Nummer {number}", customer=customer, ticket=ticket, by=None, now=clock.now())


def _seconds(app: Flask) -> float:
    """From the first time that is due to the last that is ordered. Their days are brought forward to today."""
    with app.app_context():
        times = _due_this_week()
    began = perf_counter()
    for one in times:
        with app.app_context():
            job = jobs.enqueue(standingflow.order_due, occurrence_id=one)
            db.session.commit()
            assert jobs.claim(job.id, jobs.HERE, clock.now())
            jobs.work(job.id, jobs.HERE)
    seconds = perf_counter() - began
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Order)) == STANDING
    return seconds


def _due_this_week() -> list[int]:
    """The first time of each standing order."""
    today = clock.local_date(clock.now())
    first = (
        select(func.min(StandingOccurrence.id))
        .where(StandingOccurrence.state.in_(TO_ORDER))
        .group_by(StandingOccurrence.standing_order_id)
    )
    found = list(db.session.scalars(first))
    for one in db.session.scalars(select(StandingOccurrence).where(StandingOccurrence.id.in_(found))):
        one.place_on = today - timedelta(days=1)
    db.session.commit()
    assert len(queries.due(clock.now())) == queries.AT_ONCE
    return found
