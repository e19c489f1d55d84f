"""Tells all processes that what they remember of the catalogue is old."""

from __future__ import annotations

from sqlalchemy import text

from app.db import db

_NEXT = """INSERT INTO catalog_edition (id, number) VALUES (1, 1)
           ON CONFLICT (id) DO UPDATE SET number = catalog_edition.number + 1"""


def new_edition() -> None:
    """Every act that changes what customers see or pay begins or ends with it, in the same transaction.

    The edition's row stays locked until then, so that whoever makes the next one waits.
    """
    db.session.execute(text(_NEXT))
