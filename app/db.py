"""The database: typed models, our own column types, and transactions that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

import psycopg
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Result,
    Select,
    SQLColumnExpression,
    Table,
    Text,
    bindparam,
    event,
    func,
    insert,
)
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator

from app import postgresql
from app.money import Money
from app.turns import PATIENCE, InTurn

Quantity = Decimal
"""An amount of goods or work in its unit, with at most three decimals; so is every decimal that a row holds."""


class MoneyColumn(TypeDecorator[Money]):
    """Money as whole öre in 64 bits."""

    impl, cache_ok = BigInteger, True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:  # noqa: ARG002  the interface
        """To öre."""
        return None if value is None else value.ore

    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:  # noqa: ARG002
        """From öre. PostgreSQL answers a sum of bigints with a numeric."""
        return None if value is None else Money(int(value))


class QuantityColumn(TypeDecorator[Decimal]):
    """A quantity as whole thousandths, so that SQLite counts as exactly as PostgreSQL."""

    impl, cache_ok = BigInteger, True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """To thousandths. Raises ValueError for a finer quantity: rounding it would lose goods."""
        if value is None:
            return None
        thousandths = Decimal(value).scaleb(3)
        if thousandths != thousandths.to_integral_value():
            raise ValueError(f"finer than a thousandth: {value}")
        return int(thousandths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """From thousandths, without needless decimals."""
        return None if value is None else plain(Decimal(int(value)).scaleb(-3))


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC; a naive one is a programmer's error."""

    impl, cache_ok = DateTime(timezone=True), True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC. Raises ValueError for a naive value."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive datetime: {value}")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """SQLite keeps no zone; what lies there was put there in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def plain(number: Decimal) -> Decimal:
    """The same number without trailing noughts or an exponent: 5.000 -> 5, 1E+1 -> 10."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _values(kind: type[StrEnum]) -> list[str]:
    """An enum is stored by its value, as text: adding one more needs no change of the database's types."""
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """The base of all rows. The type map sits in a registry, which the extension accepts."""

    registry = registry(
        type_annotation_map={
            Money: MoneyColumn,
            Decimal: QuantityColumn,
            datetime: UtcDateTime,
            dict[str, Any]: JSON,
            StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=_values),
        },
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


class OneDatabase(Session):
    """There is one database: no statement need be looked through for where it belongs."""

    def get_bind(self, *_what: Any, bind: Engine | Connection | None = None, **_more: Any) -> Engine | Connection:
        """The engine of the app that runs."""
        return bind if bind is not None else self._db.engine


db = SQLAlchemy(model_class=Base, session_options={"class_": OneDatabase})

BEGIN_WRITING = "BEGIN IMMEDIATE"

_LOWER = "lower_of_all_letters"
"""SQLite's own lower() knows A to Z only."""


def holds(column: SQLColumnExpression[Any], typed: str) -> ColumnElement[bool]:
    """Whether a text holds what was typed, in whatever capitals: the same on both databases, also for Å, Ä and Ö."""
    if db.engine.dialect.name != "sqlite":
        return column.icontains(typed, autoescape=True)
    if typed.isascii():  # LIKE itself pays no heed to capitals from A to Z, and reads more quickly.
        return column.contains(typed, autoescape=True)
    lower: ColumnElement[str] = getattr(func, _LOWER)(column, type_=Text)
    return lower.contains(typed.lower(), autoescape=True)


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


Question = Select[*tuple[Any, ...]]
"""A query that is put together once, whatever its columns; its values are given when it is asked."""
Questions = CompoundSelect[*tuple[Any, ...]]
"""Several such, answered together."""


def several(name: str) -> BindParameter[Any]:
    """A place in a question that is put together once: for as many values as are given when it is asked."""
    return bindparam(name, expanding=True)


def rows_of(question: Question | Questions, values: Mapping[str, Any]) -> Result[*tuple[Any, ...]]:
    """What a question answers in columns, of what is written already; it has no objects, and so no session's care.

    That takes half as long. Whatever waits to be written is not seen: flush before.
    """
    return db.session.connection().execute(question, values)


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements with thousands of rows: those need no objects."""
    return Base.metadata.tables[model.__tablename__]


def write_rows(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write rows with which nobody goes on, in one statement; returns their ids, in no order.

    The session need not look after them, which takes longer than to write them. The model's defaults are not filled in.
    """
    if not rows:
        return []
    return list(db.session.connection().scalars(_written(model), rows))


@cache
def _written(model: type[Base]) -> ReturningInsert[tuple[int]]:
    table = table_of(model)
    return insert(table).returning(table.c.id)


only_reading: ContextVar[bool] = ContextVar("only_reading", default=False)
"""Set for requests that may not write. On SQLite all others take the writer's place when they begin, so that
nobody reads a free hour, and then finds on writing that somebody else has sold it."""


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: object) -> None:
    """WAL lets readers and the writer work side by side; the driver's own transactions would hide our BEGIN."""
    if isinstance(connection, psycopg.Connection):
        postgresql.prepare(connection)
        return
    connection.isolation_level = None
    connection.create_function(_LOWER, 1, _lower, deterministic=True)
    waits = f"busy_timeout={PATIENCE * 1000}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", waits, "cache_size=-500"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "checkout")
def _look_whether_it_lives(connection: Any, _record: object, _whose: object) -> None:
    """A server that has ended a connection has said so, and it can be read although nothing was asked.

    To ask it each time would be one more question for each page. Raises DisconnectionError: then there is another.
    """
    if isinstance(connection, psycopg.Connection) and postgresql.has_ended(connection):
        raise DisconnectionError


def take_writers_place() -> None:
    """From here on a request writes that only read until now; a row that it has read it knows as it was then.

    On SQLite nobody else writes before it ends. On PostgreSQL rows are locked one by one, and each process lets one of
    its threads go on at a time.
    """
    connection = db.session.connection()
    if connection.dialect.name != "sqlite":
        postgresql.PLACE.take(connection)
    elif only_reading.get():
        connection.exec_driver_sql("COMMIT")
        _begin_writing(connection)
    only_reading.set(False)


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _give_up_place(connection: Connection) -> None:
    postgresql.PLACE.leave(connection)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if only_reading.get():
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_writing(connection)


def _begin_writing(connection: Connection) -> None:
    """When it is our turn. Raises OperationalError when others write for longer than anybody waits."""
    held = connection.connection.driver_connection
    if isinstance(held, InTurn):
        try:
            held.wait_for_turn()
        except sqlite3.OperationalError as late:
            raise OperationalError(BEGIN_WRITING, None, late) from late
    connection.exec_driver_sql(BEGIN_WRITING)
