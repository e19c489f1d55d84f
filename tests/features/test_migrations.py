"""The migrations make exactly the tables that the models mean, on an empty database, and take them away again."""

from __future__ import annotations

import flask_migrate
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app import migrating
from app.db import Base, db


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return [one for one in compare_metadata(context, Base.metadata) if "article_search" not in str(one)]


def test_up_from_nothing_gives_what_the_models_mean(app):
    db.session.rollback()
    db.drop_all()
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    migrating.prepare()
    flask_migrate.upgrade()
    assert differences() == []
    names = set(sa.inspect(db.engine).get_table_names())
    assert {"article", "order", "invoice", "bid", "article_search"} <= names
    flask_migrate.downgrade(revision="base")
    left = {name for name in sa.inspect(db.engine).get_table_names() if not name.startswith("article_search")}
    assert left <= {"alembic_version"}
    db.create_all()
