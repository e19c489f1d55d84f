"""One bar of a chart as a value: a page that shows a budget needs it, and not the press that draws it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, how long it is, and the figure in words."""

    label: str
    value: Decimal
    shown: str
