"""Asking a worker for a paper that is too long to be waited for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select

from app import audit, files, jobs
from app.accounts.models import User
from app.db import db
from app.orders.sheets.making import Wish
from app.orders.sheets.models import SheetPrint

PRINTING = "app.orders.sheets.worker.print_sheet"
KEPT = timedelta(days=7)
"""A day's paper is of no use afterwards, and has names and addresses on it."""


def order_print(wish: Wish, *, by: User, now: datetime) -> SheetPrint:
    """Let a worker print it; papers that are too old go away at the same time."""
    _forget_old(now)
    row = SheetPrint(
        kind=wish.kind,
        day=wish.asked.day,
        member_id=wish.asked.member_id,
        prices=wish.prices,
        labels=asdict(wish.labels) if wish.labels else None,
        asked_at=now,
        by_name=by.name,
    )
    db.session.add(row)
    db.session.flush()
    row.job = jobs.enqueue(PRINTING, print_id=row.id)
    audit.record(row, "asked for", by=by, now=now, kind=wish.kind.value, day=wish.asked.day.isoformat())
    return row


def _forget_old(now: datetime) -> None:
    for row in db.session.scalars(select(SheetPrint).where(SheetPrint.asked_at < now - KEPT).limit(50)):
        stored = row.file
        db.session.delete(row)
        db.session.flush()
        if stored is not None:
            files.let_go(stored)
