"""Cases with which the tests of a file begin: each is built once, put away with its database, and taken out again.

A case is a function that fills an empty house (`app`), or goes on from another case, and returns what its tests speak
of; with `@furnished` it is a fixture. What it returns may hold rows: each test gets them from its own database.
"""

from __future__ import annotations

import inspect
import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy
from flask import Flask, current_app

from app.db import Base, db

GIVEN = ("app", "visit")


@dataclass(frozen=True, slots=True)
class Case:
    """How a case is built, and from which others."""

    module: str
    name: str
    build: Callable[..., Any]
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    """What it uses beside other cases."""


_CASES: dict[tuple[str, str], Case] = {}


def furnished(build: Callable[..., Any]) -> Any:
    """A fixture whose value and database are built once a file. Cases stand in the order in which they need others."""
    asked = tuple(inspect.signature(build).parameters)
    needs = tuple(name for name in asked if name not in GIVEN)
    case = Case(build.__module__, build.__name__, build, needs, tuple(name for name in asked if name in GIVEN))
    unknown = [name for name in needs if (case.module, name) not in _CASES]
    if unknown:
        raise TypeError(f"{case.name} is built from cases only, and {unknown} are none")
    _CASES[case.module, case.name] = case

    @pytest.fixture(name=case.name)
    def give(app: object, house: Any) -> Any:
        return taken_out(house.here[case])

    return give


def cases_of(request: pytest.FixtureRequest) -> list[Case]:
    """The cases that a test asks for, each after those that it is built from."""
    wanted = set(request.fixturenames)
    for case in reversed(_CASES.values()):
        if case.module == request.module.__name__ and case.name in wanted:
            wanted.update(case.needs)
    return [case for case in _CASES.values() if case.module == request.module.__name__ and case.name in wanted]


def put_away(value: Any) -> bytes:
    """A case's value, with the keys of its rows in the rows' place."""
    kept = io.BytesIO()
    _Rows(kept).dump(value)
    return kept.getvalue()


def taken_out(kept: bytes) -> Any:
    """The same with the rows that the database holds now."""
    return _Found(io.BytesIO(kept)).load()


class _Rows(pickle.Pickler):
    def persistent_id(self, thing: Any) -> Any:
        if isinstance(thing, Flask):
            return Flask, None
        return (type(thing), sqlalchemy.inspect(thing).identity) if isinstance(thing, Base) else None


class _Found(pickle.Unpickler):
    def persistent_load(self, key: Any) -> Any:
        kind, identity = key
        return current_app._get_current_object() if kind is Flask else db.session.get_one(kind, identity)
