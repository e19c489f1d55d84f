"""Many tables of a document that are alike - one for each requirement, or for each chapter - read as one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.spreadsheets.table import MOST_COLUMNS, Cell, CellKind, Row
from app.tenders.forms.columns import LONGEST_HEADING, roles_of
from app.tenders.forms.sheets import MOST_LINES, FormSheet, Gathered, Span
from bids.forms.entries import Entry, Table

FEWEST = 2
"""So many tables must be alike, and so many words be the same in each of them."""
Spot = tuple[int, int]
"""A line of a table, from 1, and a column, from 0."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table as it was read, where its cells begin, and what each of them offers to choose from."""

    sheet: FormSheet
    spots: tuple[Spot, ...]
    offered: Mapping[Spot, tuple[str, ...]] = field(default_factory=dict)

    @property
    def cells(self) -> dict[Spot, Cell]:
        """Those with something in them."""
        return {(row.number, place): cell for row in self.sheet.rows for place, cell in row.cells.items()}

    @property
    def words(self) -> dict[Spot, str]:
        """What may be a label: all that is short enough."""
        return {spot: text for spot, cell in self.cells.items() if (text := _plain(cell.text)) and len(text) <= 90}


def gathered(tables: Sequence[Drawn]) -> tuple[FormSheet, ...]:
    """One table for each kind of tables that are alike. A document whose tables all differ has none."""
    stacks = [places for places in _same_headings(tables) if len(places) >= FEWEST]
    stacked = {place for places in stacks for place in places}
    others = [place for place, one in enumerate(tables) if place not in stacked and not one.sheet.problem]
    piles = [_pile(tables, places, labels) for places, labels in _cards(tables, others)]
    return (*(_stack(tables, places) for places in stacks), *(sheet for sheet in piles if sheet is not None))


def placed(entry: Entry, sheets: Sequence[FormSheet]) -> Entry:
    """The entry in the table of the document that it belongs to; as it was where nothing has been gathered."""
    there = sheets[entry.table.place].gathered if entry.table.place < len(sheets) else None
    if there is None:
        return entry
    table, line, column = there.place_of(entry.line, entry.column)
    return replace(entry, table=Table(table, sheets[table].title), line=line, column=column)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _same_headings(tables: Sequence[Drawn]) -> Iterable[list[int]]:
    """Tables whose first line is one and the same line of headings that we know, and has something below it."""
    found: dict[tuple[Spot | str, ...], list[int]] = {}
    for place, one in enumerate(tables):
        first = one.sheet.rows[0] if one.sheet.rows else None
        if first is None or one.sheet.problem or first.number != 1 or one.spots[-1][0] == 1:
            continue
        words = {column: _plain(cell.text) for column, cell in first.cells.items()}
        if len(roles_of(words)) >= FEWEST:
            spots = [spot for spot in one.spots if spot[0] == 1]
            found.setdefault((*spots, *words.values()), []).append(place)
    return found.values()


def _stack(tables: Sequence[Drawn], places: Sequence[int]) -> FormSheet:
    """The lines of all of them under one heading."""
    first = tables[places[0]].sheet
    lines = [(place, row) for place in places for row in tables[place].sheet.rows if row.number > 1]
    rows = [Row(1, first.rows[0].cells)]
    rows += [Row(number, _renamed(row.cells, place)) for number, (place, row) in enumerate(lines, 2)]
    width = max(spot[1] for place in places for spot in tables[place].spots) + 1
    where = Gathered(tuple((place, row.number) for place, row in lines), tuple((0, column) for column in range(width)))
    choices: dict[int, tuple[str, ...]] = {}
    for place in places:
        choices = {**tables[place].sheet.choices, **choices}
    return replace(_sheet(places, rows, where, choices), spans=tuple(_spans(tables, lines)))


def _spans(tables: Sequence[Drawn], lines: Sequence[tuple[int, Row]]) -> Iterator[Span]:
    """Merged cells, where their lines stand now."""
    now: dict[int, dict[int, int]] = {}
    for number, (place, row) in enumerate(lines, 2):
        now.setdefault(place, {})[row.number] = number
    for place, numbers in now.items():
        for first, top, last, bottom in tables[place].sheet.spans:
            reached = [line for was, line in numbers.items() if top <= was <= bottom]
            if top in numbers:
                yield first, numbers[top], last, max(reached)


def _renamed(cells: Mapping[int, Cell], place: int) -> dict[int, Cell]:
    return {column: _of_table(cell, place) for column, cell in cells.items()}


def _of_table(cell: Cell, place: int) -> Cell:
    return replace(cell, address=f"tabell {place + 1}, {cell.address}")


def _cards(tables: Sequence[Drawn], places: Sequence[int]) -> Iterator[tuple[list[int], set[Spot]]]:
    """Tables that are drawn alike and have the same labels, as cards have that somebody filled in; and the labels."""
    drawn: dict[tuple[Spot, ...], list[int]] = {}
    for place in places:
        drawn.setdefault(tables[place].spots, []).append(place)
    for alike in drawn.values():
        words = {place: tables[place].words for place in alike}
        left = alike
        while len(left) >= FEWEST:
            labels = _labels(words, left)
            group = [place for place in left if _has(words[place], labels, words[left[0]])] if labels else []
            if len(group) >= FEWEST:
                yield group, {spot for spot in words[group[0]] if _has_all(words, group, spot)}
            left = [place for place in left[1:] if place not in set(group)]


def _labels(words: Mapping[int, Mapping[Spot, str]], places: Sequence[int]) -> set[Spot]:
    """Where the first table says what those most like it say, too."""
    first = words[places[0]]
    shared = [{spot for spot, text in first.items() if words[place].get(spot) == text} for place in places[1:]]
    most = max(len(spots) for spots in shared)
    same = set.intersection(*(spots for spots in shared if 2 * len(spots) >= most))
    return same if len(same) >= FEWEST else set()


def _has(words: Mapping[Spot, str], labels: set[Spot], first: Mapping[Spot, str]) -> bool:
    return all(words.get(spot) == first[spot] for spot in labels)


def _has_all(words: Mapping[int, Mapping[Spot, str]], group: Sequence[int], spot: Spot) -> bool:
    return all(words[place].get(spot) == words[group[0]][spot] for place in group)


def _pile(tables: Sequence[Drawn], places: Sequence[int], labels: set[Spot]) -> FormSheet | None:
    """A line for each card, and a column for each place on it that is no label; None where nothing is to fill in."""
    first = tables[places[0]]
    values = _values(first.spots, labels)
    if not FEWEST <= len(values) <= MOST_COLUMNS:
        return None
    named = set(first.spots) - set(values)
    headings = [_heading(spot, named, first.words) for spot in values]
    rows = [Row(1, {at: Cell("", CellKind.TEXT, words) for at, words in enumerate(headings) if words})]
    for number, place in enumerate(places, 2):
        cells = tables[place].cells
        kept = {at: _of_table(cells[spot], place) for at, spot in enumerate(values) if spot in cells}
        rows.append(Row(number, kept))
    where = Gathered(tuple((place, 1) for place in places), tuple((line - 1, column) for line, column in values))
    offered = {
        at: tables[place].offered[spot]
        for place in reversed(places)
        for at, spot in enumerate(values)
        if spot in tables[place].offered
    }
    return _sheet(places, rows, where, offered)


def _values(spots: Sequence[Spot], labels: set[Spot]) -> list[Spot]:
    """What is no label. A word that is the same on every card is a value, too, where values stand below a label."""
    own = [spot for spot in spots if spot not in labels]
    columns = {spot[1] for spot in own if _left_of(spot, labels)}
    same = {spot for spot in labels if spot[1] in columns and _left_of(spot, labels)}
    return sorted({*own, *same})


def _left_of(spot: Spot, labels: Iterable[Spot]) -> Spot | None:
    """The nearest label on the line."""
    return max((each for each in labels if each[0] == spot[0] and each[1] < spot[1]), default=None)


def _heading(spot: Spot, labels: set[Spot], words: Mapping[Spot, str]) -> str:
    """The label to the left of a value, or the one above it."""
    above = max((each for each in labels if each[1] == spot[1] and each[0] < spot[0]), default=None)
    label = _left_of(spot, labels) or above
    return words.get(label, "")[:LONGEST_HEADING] if label else ""


def _sheet(
    places: Sequence[int], rows: Sequence[Row], where: Gathered, choices: Mapping[int, tuple[str, ...]]
) -> FormSheet:
    title = f"{len(places)} likadana tabeller, tabell {places[0] + 1} till {places[-1] + 1}"
    if len(rows) > MOST_LINES:
        return FormSheet(title, (), problem="Tabellerna har för många rader tillsammans. Ta in dem en och en.")
    return FormSheet(title, tuple(rows), choices=choices, width=len(where.columns), gathered=where)
