"""What is found in a table of a buyer's form: lines to take in, faults by cell, and what is left out. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.tenders.actions import NewRequirement, NewRow

Given = NewRequirement | NewRow


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be taken in. ``said`` are the names of the facts that the form itself tells."""

    line: int
    lot_id: int | None
    given: Given
    said: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell for which its line cannot be taken in."""

    line: int
    address: str
    heading: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no requirement and no price row."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table says."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    skipped: tuple[Skipped, ...]


class Wrong(Exception):  # noqa: N818  it is a verdict on a cell
    """A cell that spoils its line; ``place`` is its column."""

    def __init__(self, place: int | None, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


class NoLine(Exception):  # noqa: N818
    """The line is a heading, or repeats one, or is empty where it matters. The message says which."""


def plain_ref(ref: str) -> str:
    """A number as it is compared: 1.1 and 1.1. are the same."""
    return "".join(ref.split()).rstrip(".").casefold()
