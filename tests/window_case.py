"""A batch that things happen to: fruit baskets for Friday 11 December, ordered until Wednesday 2 December at noon."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import clock, jobs, windowflow
from app.accounts.models import User
from app.catalog.models import Article
from app.db import db
from app.orders.windows import actions
from app.orders.windows.actions import WindowFacts
from app.orders.windows.models import OrderWindow
from tests import make

OPENS = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)
BATCH_DAY = date(2026, 12, 11)
FACTS = WindowFacts("Julbak", OPENS, CLOSES, BATCH_DAY, Decimal(10))


def gather(*articles: Article, **other: Any) -> OrderWindow:
    """Sam sets up the window."""
    sam = db.session.scalar(select(User).where(User.email == "sam@samklang.example")) or make.make_sam()
    made = actions.enter(replace(FACTS, **other), articles, by=sam, now=clock.now())
    db.session.commit()
    return made


def minute(app: Flask, rounds: int = 1) -> None:
    """Be a worker for a minute: look for windows whose time is out, then do what is due."""
    db.session.commit()
    for _round in range(rounds):
        windowflow.close_all(clock.now())
        db.session.commit()
        jobs.work_off()
    db.session.expire_all()
