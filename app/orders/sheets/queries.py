"""Papers that workers have made or are making."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.errors import NotYours
from app.orders.sheets.models import SheetPrint

MOST_SHOWN = 5


def newest(member_id: int | None) -> Sequence[SheetPrint]:
    """A member's latest, or of all members' days; the newest first."""
    query = select(SheetPrint).where(SheetPrint.member_id == member_id).order_by(SheetPrint.id.desc())
    with_state = query.options(joinedload(SheetPrint.file), joinedload(SheetPrint.job))
    return db.session.scalars(with_state.limit(MOST_SHOWN)).all()


def print_of(print_id: int, *, member_id: int | None, staff: bool) -> SheetPrint:
    """One of them: the member's own, or any for staff. Raises NotYours."""
    wanted = [SheetPrint.id == print_id] + ([] if staff else [SheetPrint.member_id == member_id])
    found = db.session.scalar(select(SheetPrint).where(*wanted))
    if found is None:
        raise NotYours
    return found
