"""Headings further down in a buyer's table: whether the lines below can be read as those above. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.spreadsheets.table import CellKind, Row
from app.tenders.forms.columns import Columns, Role, roles_of
from app.tenders.forms.found import NoLine, Wrong
from app.tenders.forms.words import read_kind
from bids.kinds import RequirementKind

SEVERAL = 2
"""A heading names so many columns."""
OTHER_ORDER = (
    "Raden är en ny rubrikrad, och kolumnerna under den står i en annan ordning än ovanför. Raderna under den läses "
    "inte och fylls inte i. Lägg dem på ett eget blad, eller i samma ordning, och ladda upp filen på nytt."
)


@dataclass(slots=True)
class Sections:
    """The part of a table in which one is."""

    columns: Columns
    kind: RequirementKind | None = None
    """What its heading says that its requirements are."""
    other: int = 0
    """The line of the heading with other columns under which one is; 0 where all is as above."""

    def enter(self, row: Row) -> None:
        """Look whether the line begins another part.

        Raises NoLine for a heading, and for what stands below one with other columns; Wrong for such a heading itself.
        """
        found = _heading(row)
        if found is None:
            if self.other:
                raise NoLine(f"Raden står under rubrikraden på rad {self.other}, som har andra kolumner.")
            return
        self.kind = self._said(row)
        self.other = 0
        conflicts = [place for place, role in found.items() if self._is_elsewhere(place, role)]
        if conflicts:
            self.other = row.number
            raise Wrong(conflicts[0], OTHER_ORDER)
        raise NoLine("Rubrikraden upprepas.")

    def named(self, text: str) -> None:
        """A line of nothing but a heading may say of what kind all below it are: *Bör-krav*."""
        self.kind = _kind(text) or self.kind

    def _said(self, row: Row) -> RequirementKind | None:
        texts = [row.cells[place].text for place in self.columns.all_of(Role.TEXT) if place in row.cells]
        return next((kind for text in texts if (kind := _kind(text)) is not None), None)

    def _is_elsewhere(self, place: int, role: Role) -> bool:
        """A column that holds something else here, or what stands in another column above."""
        there = self.columns.roles.get(place)
        return (there is not None and there is not role) or (there is None and self.columns.of(role) is not None)


def _heading(row: Row) -> Mapping[int, Role] | None:
    """The columns that the line names, where it is a heading: it names the number's, and another."""
    words = {place: cell.text for place, cell in row.cells.items() if cell.kind is CellKind.TEXT}
    found = roles_of(words)
    return found if Role.REF in found.values() and len(found) >= SEVERAL else None


def _kind(text: str) -> RequirementKind | None:
    try:
        return read_kind(text).kind
    except ValueError:
        return None
