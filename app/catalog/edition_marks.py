"""Noting in which edition of the catalogue an article changed, in the caller's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.catalog.edition_models import ArticleChange
from app.catalog.models import Article, CatalogEdition
from app.db import UtcDateTime, db

INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def mark(which: ColumnElement[bool]) -> None:
    """Say that these articles have changed in the present edition; the caller has just begun it and holds its row."""
    edition = select(CatalogEdition.number).scalar_subquery()
    changed = select(Article.id, edition, literal(clock.now(), UtcDateTime())).where(which)
    insert = INSERT[db.engine.dialect.name](ArticleChange)
    write = insert.from_select(["article_id", "edition", "changed_at"], changed)
    db.session.execute(
        write.on_conflict_do_update(
            index_elements=["article_id"],
            set_={"edition": write.excluded.edition, "changed_at": write.excluded.changed_at},
        )
    )
