"""Small things that every page shows and that seldom change, remembered by each process for a short while."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, TypeVar, cast

from cachetools import TTLCache, cached

from app import clock

SECONDS = 20
_shelves: list[TTLCache[Any, Any]] = []
Kept = TypeVar("Kept", bound=Callable[..., Any])


def remember(look_up: Kept) -> Kept:
    """Keep what a look-up returned, by its arguments, for twenty seconds. It must return values, never rows."""
    shelf: TTLCache[Any, Any] = TTLCache(maxsize=64, ttl=SECONDS, timer=_seconds)
    _shelves.append(shelf)
    return cast("Kept", cached(shelf, lock=RLock())(look_up))


def _seconds() -> float:
    """By the house's clock: where that stands still, as in tests, nothing is looked up anew on a slow machine."""
    return clock.now().timestamp()


def clear() -> None:
    """Forget everything, as after an act of staff that should show at once in this process."""
    for shelf in _shelves:
        shelf.clear()
