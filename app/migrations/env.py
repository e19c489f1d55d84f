"""How Alembic finds our tables. Columns are written as plain SQL types, so that a migration never changes by itself."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.db import Base, MoneyColumn, QuantityColumn, UtcDateTime

PLAIN = {
    MoneyColumn: "sa.BigInteger()",
    QuantityColumn: "sa.BigInteger()",
    UtcDateTime: "sa.DateTime(timezone=True)",
    sa.Enum: "sa.String(40)",
}
OURS = ("article_search",)
"""The search index is made by hand, one way on each database."""


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    return next((text for plain, text in PLAIN.items() if kind == "type" and isinstance(item, plain)), False)


def _include(_item: object, name: str | None, kind: str, *_rest: Any) -> bool:
    return not (kind in {"table", "index"} and name is not None and name.startswith(OURS))


def _alike(_context: object, _seen: object, _meant: object, seen: object, meant: object) -> bool | None:
    """An enum is text to the database; Alembic need not compare them."""
    return False if isinstance(meant, sa.Enum) and isinstance(seen, sa.String) else None


def run() -> None:
    """Migrate in one transaction. On a busy PostgreSQL give up after ten seconds rather than stop the house."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SET lock_timeout = '10s'"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=_render,
            include_object=_include,
            compare_type=_alike,
            render_as_batch=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
