"""What a PostgreSQL database held at several moments, so that it can be put back without a new database.

A new copy of a database for each test costs the copy, and then the first look of each connection at all its tables. So
the database stays, its connections too, and only the tables that a test has written to get their old rows again: a
trigger on each table writes down that it was written to. Who changes tables themselves asks for a copy of his own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg

PREPARE = """
CREATE SCHEMA kept;
CREATE UNLOGGED TABLE kept.written (name text NOT NULL);
CREATE FUNCTION kept.note() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO kept.written VALUES (TG_TABLE_NAME); RETURN NULL; END $$;
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
"""
UNREFERENCED = """
SELECT relname FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND NOT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = c.oid AND conrelid <> c.oid)
"""
COUNTERS = """
SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences
WHERE schemaname = 'public'
"""
SEND_AWAY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
"""Whoever is in the middle of something when a test has ended would keep us waiting for ever."""

Copies = Mapping[str, str]
"""Under which name in the schema `kept` the rows of each table lie."""
Counters = Mapping[str, tuple[int, bool]]
"""To which number each has come, and whether it has been drawn yet."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the database held: where the rows of each table lie, and how far its counters had come."""

    copies: Copies
    counters: Counters


@dataclass
class KeptRows:
    """The moments of one database, and which of them it was put back to last."""

    address: str
    moments: dict[str, Moment] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    unreferenced: set[str] = field(default_factory=set)
    """These can be emptied at a stroke; then new rows lie in the order in which they come."""
    now: Copies = field(default_factory=dict)
    drawn: int = 0
    _connection: psycopg.Connection | None = None

    @property
    def connection(self) -> psycopg.Connection:
        """Ours alone, made when it is needed."""
        if self._connection is None:
            self._connection = psycopg.connect(self.address, autocommit=True)
        return self._connection

    def leave(self) -> None:
        """Let go of the connection for a while."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def keep(self, name: str) -> None:
        """Remember all that the database holds now; only what was written since the last moment is copied."""
        if not self.moments:
            self._prepare()
        copies = {**self.now, **{table: self._copy(table) for table in self._written()}}
        self.moments[name] = Moment(copies, self._counters())
        self.now = copies
        self.connection.execute("TRUNCATE kept.written")

    def put_back(self, name: str) -> None:
        """Let the database hold again what it did then."""
        self.connection.execute(SEND_AWAY)
        goal = self.moments[name]
        changed = self._written() | {table for table in goal.copies if self.now.get(table) != goal.copies[table]}
        changed |= {table for table in self.now if table not in goal.copies}
        counters = self._counters()
        statements = [*(self._rows(table, goal.copies) for table in sorted(changed)), "DELETE FROM kept.written"]
        statements += [_count(one, *to) for one, to in goal.counters.items() if counters[one] != to]
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = replica; " + "; ".join(statements))
        self.now = goal.copies

    def forget(self, name: str) -> None:
        """Throw away what only this moment needs."""
        gone = set(self.moments.pop(name).copies.values())
        for moment in self.moments.values():
            gone -= set(moment.copies.values())
        gone -= set(self.now.values())
        for copy in sorted(gone):
            self.connection.execute(f"DROP TABLE kept.{copy}")

    def _prepare(self) -> None:
        """All tables count as written to: their rows have not been kept yet."""
        self.connection.execute(PREPARE)
        self.unreferenced = {name for (name,) in self.connection.execute(UNREFERENCED)}
        for (table,) in self.connection.execute(TABLES).fetchall():
            ((self.columns[table],),) = self.connection.execute(COLUMNS, [table]).fetchall()
            self.connection.execute(
                f'CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON public."{table}" EXECUTE FUNCTION kept.note()'
            )
            self.connection.execute("INSERT INTO kept.written VALUES (%s)", [table])

    def _written(self) -> set[str]:
        return {name for (name,) in self.connection.execute("SELECT DISTINCT name FROM kept.written")}

    def _copy(self, table: str) -> str:
        self.drawn += 1
        copy = f"copy_{self.drawn}"
        self.connection.execute(f'CREATE UNLOGGED TABLE kept.{copy} AS TABLE public."{table}"')
        return copy

    def _rows(self, table: str, copies: Copies) -> str:
        whole = f'public."{table}"'
        emptied = f"{'TRUNCATE' if table in self.unreferenced else 'DELETE FROM'} {whole}"
        if table not in copies:
            return emptied
        columns = self.columns[table]
        return f"{emptied}; INSERT INTO {whole} ({columns}) SELECT {columns} FROM kept.{copies[table]}"  # noqa: S608

    def _counters(self) -> Counters:
        return {name: (number, drawn) for name, number, drawn in self.connection.execute(COUNTERS)}


def _count(counter: str, number: int, drawn: bool) -> str:
    return f"SELECT setval('public.\"{counter}\"', {number}, {drawn})"
