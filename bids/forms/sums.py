"""Which formulas of a sheet count with cells that have been written in: what they showed before holds no longer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bids.forms.cells import column_of

_REFERENCE = re.compile(r"(?<![A-Za-z0-9_!'])\$?([A-Z]{1,3})\$?[0-9]*(?::\$?([A-Z]{1,3})\$?[0-9]*)?(?![A-Za-z0-9_(])")


def stale(formulas: Mapping[str, str], written: Iterable[int]) -> set[str]:
    """The addresses of the formulas, given by address, that lead back to one of the columns written in."""
    reads = {where: _columns(formula) for where, formula in formulas.items()}
    dirty = set(written)
    found: set[str] = set()
    while True:
        more = {where for where, spans in reads.items() if where not in found and _meets(spans, dirty)}
        if not more:
            return found
        found |= more
        dirty |= {column_of(where) for where in more}


def _columns(formula: str) -> list[tuple[int, int]]:
    found = []
    for one in _REFERENCE.finditer(formula):
        first, last = column_of(f"{one[1]}1"), column_of(f"{one[2] or one[1]}1")
        found.append((min(first, last), max(first, last)))
    return found


def _meets(spans: list[tuple[int, int]], dirty: set[int]) -> bool:
    return any(first <= column <= last for first, last in spans for column in dirty)
