"""The job that prints a long paper; the press works in a process of its own, and holds nothing in the database."""

from __future__ import annotations

from sqlalchemy import select

from app import clock, files, jobs
from app.db import db
from app.orders.sheets.labels import LabelSheet
from app.orders.sheets.making import Wish, printed, sheet_of
from app.orders.sheets.models import SheetPrint
from app.orders.sheets.reading import Asked

MOST_SECONDS = 300


@jobs.job
def print_sheet(print_id: int) -> None:
    """Make the file, once. It shows the day as it is when the worker comes to it."""
    row = db.session.scalar(select(SheetPrint).where(SheetPrint.id == print_id))
    if row is None or row.file_id is not None:
        return
    sheet = sheet_of(_wish(row))
    jobs.checkpoint()
    data = printed(sheet, seconds=MOST_SECONDS)
    ready = db.session.scalar(select(SheetPrint).where(SheetPrint.id == print_id).with_for_update())
    if ready is None or ready.file_id is not None:
        return  # It has grown too old, or another worker was quicker.
    name = f"{sheet.kind.value}-{sheet.day.isoformat()}.pdf"
    ready.file = files.save(data, name=name, media_type="application/pdf", now=clock.now())


def _wish(row: SheetPrint) -> Wish:
    asked = Asked(row.day, clock.local_date(row.asked_at), row.member_id)
    return Wish(row.kind, asked, row.prices, LabelSheet(**row.labels) if row.labels else None)
