"""The app in which all tests live, and its database: put back to its beginning for each of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from app import jobs, shelf
from app.db import db
from tests import stocks
from tests.databases import Database
from tests.furnished import Case, put_away, taken_out
from tests.people import Visitor, sign_in

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""When time stands still, unless a test moves it."""


@dataclass
class House:
    """One app for the whole run, and what is put back to its beginning for each test."""

    app: Flask
    database: Database
    folder: Path
    kept: set[str] = field(default_factory=set)
    names: dict[tuple[str, Case], str] = field(default_factory=dict)
    """Under which name each case is put away, by what lay there when it was built."""
    values: dict[str, dict[Case, bytes]] = field(default_factory=lambda: {"law": {}})
    """What the cases in each of them have returned."""
    here: dict[Case, bytes] = field(default_factory=dict)
    """The same of what is taken out now."""

    def furnish(self, cases: Sequence[Case]) -> None:
        """Begin anew with these cases, the first on what the law says and each on the one before."""
        self._throw_away_others({one.module for one in cases})
        stock = "law"
        for case in cases:
            before, stock = stock, self.names.setdefault((stock, case), f"case_{len(self.names)}")
            if stock not in self.kept:
                self.open(before)
                value = Context().run(self._build, case, self.values[before])
                self.values[stock] = {**self.values[before], case: value}
                self._keep(stock)
        self.open(stock)
        self.here = self.values[stock]

    def visit(self, email: str | None = None) -> Visitor:
        """Somebody's browser, signed in, or a stranger's."""
        return sign_in(self.app, email)

    def open(self, stock: str) -> None:
        """Begin anew with an empty house or with the demonstration, made when first asked for."""
        if stock not in self.kept:
            self._fill(stock)
        self._leave()
        self.database.take_out(stock)
        self._put_files(self._files(stock), self.folder / "files")
        shutil.rmtree(self.folder / "letters", ignore_errors=True)
        self.app.extensions[jobs.QUEUE].huey.storage.flush_all()
        shelf.clear()

    @contextmanager
    def own_tables(self) -> Iterator[None]:
        """A copy of the database whose tables may be changed too, and are thrown away."""
        self._leave()
        self.database.set_aside()
        yield
        self._leave()
        self.database.put_back()

    def another(self, folder: Path, stock: str) -> str:
        """The address of a second database with the same stock, for an installation of its own in a folder."""
        self.open(stock)
        self._put_files(self._files(stock), folder / "files")
        return self.database.copy(stock, folder)

    def _fill(self, stock: str) -> None:
        if stock != "tables":
            self.open(stocks.NEEDS[stock])
        Context().run(stocks.fill, self.app, stock, MONDAY)
        self._keep(stock)

    def _build(self, case: Case, before: Mapping[Case, bytes]) -> bytes:
        with self.app.app_context():
            found = {one.name: taken_out(value) for one, value in before.items() if one.name in case.needs}
            given = {"app": self.app, "visit": self.visit}
            value = case.build(**found, **{name: given[name] for name in case.asks})
            db.session.commit()
            put = put_away(value)
            db.session.remove()
            return put

    def _throw_away_others(self, modules: set[str]) -> None:
        """Nobody comes back to the cases of a file that is done."""
        for (_before, case), stock in self.names.items():
            if stock in self.kept and case.module not in modules:
                self.database.throw_away(stock)
                shutil.rmtree(self._files(stock), ignore_errors=True)
                self.kept.remove(stock)

    def _keep(self, stock: str) -> None:
        self._leave()
        self.database.keep(stock)
        self._put_files(self.folder / "files", self._files(stock))
        self.kept.add(stock)

    def _leave(self) -> None:
        """Let go of a database that nobody may hold open. What is ended elsewhere `app.db` notices by itself."""
        if self.database.stays:
            return
        with self.app.app_context():
            db.engine.dispose()

    def _files(self, stock: str) -> Path:
        return self.folder / f"files-{stock}"

    def _put_files(self, origin: Path, goal: Path) -> None:
        shutil.rmtree(goal, ignore_errors=True)
        if origin.exists():
            shutil.copytree(origin, goal)
