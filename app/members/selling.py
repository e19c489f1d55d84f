"""Who sold what was handed over at a moment, although it has been decided otherwise since. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

History = Sequence[Sequence[str]]
"""What held before each change, and when that was made (ISO 8601, UTC), the first change first; empty is none."""


def with_change(history: History | None, before: str | None, now: datetime) -> list[list[str]]:
    """The history with one more change in it."""
    return [*(list(one) for one in history or ()), [before or "", now.isoformat()]]


def model_at(model: str | None, history: History | None, at: datetime | None) -> str | None:
    """What held at a moment; what holds now when no moment is given. None for nothing decided."""
    for before, changed in history or ():
        if at is not None and at < datetime.fromisoformat(changed):
            return before or None
    return model
