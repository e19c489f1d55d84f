"""Sheets of labels as they are sold, and where on the paper each label lies. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

MOST_COPIES = 20
"""Labels of one parcel."""


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """Millimetres, from the upper left corner of the paper."""

    key: str
    page: tuple[Decimal, Decimal]
    columns: int
    rows: int
    size: tuple[Decimal, Decimal]
    corner: tuple[Decimal, Decimal]
    gap: Decimal
    """Between columns; rows lie edge to edge."""

    @property
    def per_page(self) -> int:
        """How many labels a page has."""
        return self.columns * self.rows

    def place(self, index: int) -> tuple[Decimal, Decimal]:
        """Left and top of a label, counted from 0 along the rows."""
        row, column = divmod(index, self.columns)
        return self.corner[0] + column * (self.size[0] + self.gap), self.corner[1] + row * self.size[1]


def _a4(columns: int, rows: int, size: tuple[str, str], corner: tuple[str, str], gap: str) -> LabelFormat:
    width, height = map(Decimal, size)
    left, top = map(Decimal, corner)
    return LabelFormat(
        f"{columns}x{rows}", (Decimal(210), Decimal(297)), columns, rows, (width, height), (left, top), Decimal(gap)
    )


_A6 = (Decimal(148), Decimal(105))
FORMATS = {
    one.key: one
    for one in (
        _a4(3, 8, ("70", "37"), ("0", "0.5"), "0"),
        _a4(2, 7, ("99.1", "38.1"), ("4.65", "15.15"), "2.5"),
        _a4(2, 4, ("99.1", "67.7"), ("4.65", "13.1"), "2.5"),
        LabelFormat("1", _A6, 1, 1, _A6, (Decimal(0), Decimal(0)), Decimal(0)),
    )
}
"""By how many there are across and down; ``1`` is one label on a page of A6."""


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """On which labels, from which one on, and how many of each parcel."""

    format: str = "3x8"
    start: int = 1
    """The first label that is still on the sheet, counted from 1."""
    copies: int = 1

    def __post_init__(self) -> None:
        """Raises ValueError for a sheet that there is not."""
        if self.format not in FORMATS:
            raise ValueError("Välj etiketter i listan.")
        if not 1 <= self.start <= FORMATS[self.format].per_page:
            raise ValueError(f"Arket har {FORMATS[self.format].per_page} etiketter. Börja på en av dem.")
        if not 1 <= self.copies <= MOST_COPIES:
            raise ValueError(f"Skriv ut 1 till {MOST_COPIES} etiketter för varje kolli.")

    @property
    def paper(self) -> LabelFormat:
        """Its measures."""
        return FORMATS[self.format]

    def places(self, count: int) -> Iterator[tuple[int, Decimal, Decimal]]:
        """Page (from 0), left and top of so many labels."""
        for index in range(self.start - 1, self.start - 1 + count):
            page, place = divmod(index, self.paper.per_page)
            yield page, *self.paper.place(place)
