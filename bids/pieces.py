"""A bid in pieces that are pressed apart, each beginning on a page of its own.

Short chapters follow each other in one piece, as they do on paper. Long tables are pieces of their own, and never
longer than a few seconds' work: several presses share them, and after a change only what has changed is pressed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from app.money import Money
from bids.budget_view import Told
from bids.chapters import BidView, Chapter
from bids.offer import Requirement
from bids.schedule import ScheduleLot, ScheduleRow

PRICED, DELIVERED, ASKED, BUDGETED = 400, 600, 150, 400
"""Rows of a table in one piece: of prices, of deliveries, of requirements, of a budget."""
HEAVY = 100
"""A chapter with more rows than this is set apart from those before and after it."""

Weigh = Callable[[ScheduleRow], int]
"""How many rows of a table a row of the schedule makes."""


@dataclass(frozen=True, slots=True)
class LotPart:
    """Some of a lot's rows. The sum stands with the last of them."""

    lot: ScheduleLot
    rows: tuple[ScheduleRow, ...]
    first: bool = True
    last: bool = True

    @property
    def ref(self) -> str:
        """The lot's."""
        return self.lot.ref

    @property
    def title(self) -> str:
        """The lot's, and whether this goes on from the page before."""
        if self.first:
            return self.lot.title
        return f"{self.lot.title}, fortsättning" if self.lot.title else "Fortsättning"

    @property
    def about(self) -> str:
        """The lot's, once."""
        return self.lot.about if self.first else ""

    @property
    def total(self) -> Money:
        """The whole lot's."""
        return self.lot.total


@dataclass(frozen=True, slots=True)
class Slice:
    """A chapter or a part of it, with what of the long tables it holds."""

    chapter: Chapter
    first: bool = True
    last: bool = True
    lots: tuple[LotPart, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    budget: tuple[Told, ...] = ()
    rows: int = 0


@dataclass(slots=True)
class Piece:
    """What is pressed at a time. ``name`` is its own in the document."""

    name: str
    slices: list[Slice] = field(default_factory=list)


def pieces(view: BidView) -> list[Piece]:
    """The bid's pieces in order."""
    found: list[Piece] = []
    light: Piece | None = None
    for chapter in view.chapters:
        parts = _slices(view, chapter)
        if len(parts) > 1 or parts[0].rows > HEAVY:
            found += [Piece(f"{chapter.name}-{number}", [part]) for number, part in enumerate(parts, 1)]
            light = None
            continue
        if light is None:
            light = Piece(f"part-{len(found) + 1}")
            found.append(light)
        light.slices += parts
    return found


def _slices(view: BidView, chapter: Chapter) -> list[Slice]:
    if chapter.name == "prices":
        return _in_lots(chapter, view.lots, PRICED, lambda _row: 1)
    if chapter.name == "delivery":
        return _in_lots(chapter, view.lots, DELIVERED, lambda row: sum(share.quantity > 0 for share in row.row.shares))
    if chapter.name == "budget":
        return _in_rows(chapter, view.money.rows)
    if chapter.name in {"requirements", "questions"}:
        asked = view.offer.requirements
        groups = [asked[start : start + ASKED] for start in range(0, len(asked), ASKED)]
        return [
            Slice(chapter, place == 0, place == len(groups) - 1, requirements=tuple(group), rows=len(group))
            for place, group in enumerate(groups)
        ]
    if chapter.name == "members":
        return [Slice(chapter, rows=HEAVY + 1 if len(view.presented) > 2 else 0)]
    return [Slice(chapter)]


def _in_rows(chapter: Chapter, rows: Sequence[Told]) -> list[Slice]:
    """The budget's rows; its sums stand before the first of them."""
    groups = [rows[start : start + BUDGETED] for start in range(0, len(rows), BUDGETED)] or [()]
    return [
        Slice(chapter, place == 0, place == len(groups) - 1, budget=tuple(group), rows=len(group))
        for place, group in enumerate(groups)
    ]


def _in_lots(chapter: Chapter, lots: Sequence[ScheduleLot], most: int, weigh: Weigh) -> list[Slice]:
    """Whole lots together while they are short; a long one in parts."""
    groups: list[list[LotPart]] = [[]]
    filled = 0
    for part, weight in _lot_parts(lots, most, weigh):
        if filled and filled + weight > most:
            groups.append([])
            filled = 0
        groups[-1].append(part)
        filled += weight
    return [
        Slice(
            chapter,
            place == 0,
            place == len(groups) - 1,
            lots=tuple(group),
            rows=sum(weigh(row) for part in group for row in part.rows),
        )
        for place, group in enumerate(groups)
    ]


def _lot_parts(lots: Sequence[ScheduleLot], most: int, weigh: Weigh) -> Iterator[tuple[LotPart, int]]:
    for lot in lots:
        groups: list[list[ScheduleRow]] = [[]]
        filled = 0
        for row in lot.rows:
            if filled and filled + weigh(row) > most:
                groups.append([])
                filled = 0
            groups[-1].append(row)
            filled += weigh(row)
        for place, group in enumerate(groups):
            yield (
                LotPart(lot, tuple(group), place == 0, place == len(groups) - 1),
                sum(weigh(row) for row in group),
            )
