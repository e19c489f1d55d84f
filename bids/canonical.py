"""Frozen dataclasses to canonical JSON and back, led by their annotations."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache, singledispatch
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from app.money import Money

T = TypeVar("T")
LATER = "later"
"""Marks a field that came later. It is left out while it has its default, so that what was written before it has the
same text as ever."""


def dumps(value: object) -> str:
    """The value as JSON with sorted keys; equal values give equal text. Raises ValueError for what has no one text."""
    return json.dumps(value, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def loads(text: str, kind: type[T]) -> T:
    """The value of that dataclass. Raises ValueError when the text does not fit it."""
    try:
        return cast("T", _read(json.loads(text), kind))
    except (ValueError, TypeError, InvalidOperation, RecursionError) as wrong:
        raise ValueError(f"no {kind.__name__}: {wrong}") from wrong


@singledispatch
def _plain(value: object) -> object:
    if is_dataclass(value):
        named = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: part for field, part in named if not (field.metadata.get(LATER) and part == field.default)}
    raise ValueError(f"no JSON for {type(value).__name__}")


@_plain.register
def _ore(amount: Money) -> int:
    return amount.ore


@_plain.register
def _iso_day(day: date) -> str:
    return _utc(day).isoformat() if isinstance(day, datetime) else day.isoformat()


@_plain.register
def _digits(number: Decimal) -> str:
    """2600, 2600.0 and 2.6E+3 are one number and get one text."""
    if not number.is_finite():
        raise ValueError(f"not a number: {number}")
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _utc(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise ValueError(f"naive datetime: {time}")
    return time.astimezone(UTC)


def _read(plain: Any, kind: Any) -> object:
    if get_origin(kind) is UnionType:
        return _read_optional(plain, kind)
    if get_origin(kind) is tuple:
        return tuple(_read(part, get_args(kind)[0]) for part in _exactly(plain, list))
    if kind in FROM_PLAIN:
        plain_kind, make = FROM_PLAIN[kind]
        return make(_exactly(plain, plain_kind))
    if is_dataclass(kind):
        return _read_dataclass(plain, kind)
    return kind(plain) if issubclass(kind, Enum) else _exactly(plain, kind)


def _read_optional(plain: Any, kind: Any) -> object:
    return None if plain is None else _read(plain, next(part for part in get_args(kind) if part is not NoneType))


def _read_dataclass(plain: Any, kind: Any) -> object:
    """A field that is missing takes its default, so that an older version of the text can still be read."""
    known = _annotations(kind)
    unknown = _exactly(plain, dict).keys() - known.keys()
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{name: _read(part, known[name]) for name, part in plain.items()})


@cache
def _annotations(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _exactly(plain: Any, kind: type[T]) -> T:
    """JSON's true is no number here, and 1.0 no whole one."""
    if type(plain) is not kind:
        raise ValueError(f"{str(plain)[:40]!r} is no {kind.__name__}")
    return plain


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError(f"not a number: {number}")
    return number


FROM_PLAIN: dict[type, tuple[type, Callable[[Any], object]]] = {
    Money: (int, Money),
    Decimal: (str, lambda text: _finite(Decimal(text))),
    date: (str, date.fromisoformat),
    datetime: (str, lambda text: _utc(datetime.fromisoformat(text))),
}
