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


def _prepare(connection: sa.Connection) -> None:
    """On a busy PostgreSQL give up after ten seconds rather than stop the house.

    SQLite changes a table by making it anew: while foreign keys are watched, removing the old one would take with it
    all rows that point at it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET lock_timeout = '10s'"))
        connection.commit()
    else:
        _driver(connection).execute("PRAGMA foreign_keys=OFF")


def _look_after(connection: sa.Connection) -> None:
    """Raises RuntimeError when a row now points at nothing."""
    if connection.dialect.name == "sqlite":
        astray = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if astray:
            raise RuntimeError(f"rows that point at nothing: {astray[:5]}")


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.dbapi_connection


def run() -> None:
    """Migrate in one transaction."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        _prepare(connection)
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
            _look_after(connection)
        connection.commit()
        if engine.dialect.name == "sqlite":
            _driver(connection).execute("PRAGMA foreign_keys=ON")


run()
