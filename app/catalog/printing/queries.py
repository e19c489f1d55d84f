"""Reading printed catalogues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.catalog.printing.models import CataloguePrint
from app.customers.models import CustomerKind
from app.db import db
from app.errors import NotYours
from app.files import StoredFile
from app.shelf import remember

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Published:
    """A catalogue that customers can fetch, as their page tells of it."""

    pages: int
    size: int
    """Bytes."""
    made_at: datetime


def newest() -> Sequence[CataloguePrint]:
    """The latest prints, the newest first."""
    query = select(CataloguePrint).options(
        joinedload(CataloguePrint.file),
        joinedload(CataloguePrint.job),
        joinedload(CataloguePrint.category),
        joinedload(CataloguePrint.price_list),
    )
    return db.session.scalars(query.order_by(CataloguePrint.id.desc()).limit(MOST_SHOWN)).all()


def print_with(print_id: int, *, lock: bool = False) -> CataloguePrint:
    """One print, for staff. Raises NotYours."""
    query = select(CataloguePrint).where(CataloguePrint.id == print_id)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotYours
    return found


def published_file(audience: CustomerKind) -> StoredFile:
    """The newest catalogue that customers of this kind can fetch. Raises NotYours when there is none."""
    row = _published(audience)
    if row is None or row.file is None:
        raise NotYours
    return row.file


@remember
def published(audience: CustomerKind) -> Published | None:
    """What the catalogue's page says of it."""
    row = _published(audience)
    if row is None or row.file is None:
        return None
    return Published(row.pages or 0, row.file.size, row.asked_at)


def _published(audience: CustomerKind) -> CataloguePrint | None:
    query = select(CataloguePrint).where(
        CataloguePrint.audience == audience,
        CataloguePrint.published_at.is_not(None),
        CataloguePrint.file_id.is_not(None),
    )
    newest_first = query.order_by(CataloguePrint.published_at.desc(), CataloguePrint.id.desc())
    return db.session.scalar(newest_first.options(joinedload(CataloguePrint.file)).limit(1))
