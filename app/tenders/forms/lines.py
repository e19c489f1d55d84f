"""The lines of a buyer's table -> requirements or price rows, and what is wrong with the others. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from app import units
from app.spreadsheets.table import Row, number, yes_or_no
from app.tenders.actions import NewRequirement, NewRow
from app.tenders.forms.columns import LEADING, NUMBER, Columns, Role
from app.tenders.forms.found import Fault, Line, NoLine, Reading, Skipped, Wrong, plain_ref
from app.tenders.forms.line_cells import Cells
from app.tenders.forms.models import Takes
from app.tenders.forms.sections import Sections
from app.tenders.forms.sheets import FormSheet
from app.tenders.forms.words import STAGE_OF, SaidOfKind, read_kind, unit_of
from bids.kinds import RequirementKind

LONGEST_LIMIT = 6
"""Figures."""
LONGEST_REF, LONGEST_REQUIREMENT, LONGEST_ROW = 20, 5000, 1000


def read_lines(kind: str, sheet: FormSheet, columns: Columns, lots: Mapping[str, int]) -> Reading:
    """Every line under the heading. ``kind`` is that of the file; ``lots`` are ids by number and by name."""
    reader = _Reader(kind, sheet, columns, {_plain(name): lot_id for name, lot_id in lots.items()})
    lines: list[Line] = []
    faults: list[Fault] = []
    skipped: list[Skipped] = []
    for row in sheet.rows:
        if row.number <= columns.header:
            continue
        try:
            lines.append(reader.line(row))
        except NoLine as no:
            skipped.append(Skipped(row.number, reader.cells.shown(row), str(no)))
        except Wrong as wrong:
            faults.append(reader.cells.fault(row, wrong))
    return _without_doubles(lines, faults, skipped, columns)


def _without_doubles(lines: list[Line], faults: list[Fault], skipped: list[Skipped], columns: Columns) -> Reading:
    seen: dict[tuple[int | None, str], int] = {}
    kept = []
    for one in lines:
        key = one.lot_id, plain_ref(one.given.ref)
        if key in seen:
            reason = f"Numret finns redan på rad {seen[key]}. Varje nummer får stå en gång."
            heading = columns.headings.get(columns.of(Role.REF) or 0, "")
            faults.append(Fault(one.line, f"rad {one.line}", heading, one.given.ref, reason))
        else:
            seen[key] = one.line
            kept.append(one)
    return Reading(tuple(kept), tuple(sorted(faults, key=lambda fault: fault.line)), tuple(skipped))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


class _Reader:
    """One table on its way through."""

    def __init__(self, kind: str, sheet: FormSheet, columns: Columns, lots: Mapping[str, int]) -> None:
        self.cells, self.columns, self.lots = Cells(kind, sheet, columns), columns, lots
        self.sections = Sections(columns)
        ref = columns.of(Role.REF)
        refs = [row.cells[ref].text.strip() for row in sheet.rows if ref is not None and ref in row.cells]
        self.above = {ref for whole in refs for ref in _starts(whole)}

    def line(self, row: Row) -> Line:
        """The line. Raises NoLine, and Wrong for the first cell that cannot be used."""
        ref, text = self._ref_and_text(row)
        lot_id = self._lot(row)
        if self.columns.takes is Takes.ROWS:
            return Line(row.number, lot_id, *self._price_row(row, ref, text))
        return Line(row.number, lot_id, *self._requirement(row, ref, text))

    def _ref_and_text(self, row: Row) -> tuple[str, str]:
        place, texts = self.columns.of(Role.REF), self.columns.all_of(Role.TEXT)
        self._no_repeated_heading(row)
        self.sections.enter(row)
        text = "\n".join(self.cells.text(row, each) for each in texts if self.cells.text(row, each))
        if place is None:
            return self._leading_number(row, text)
        ref = " ".join(self.cells.text(row, place).split())
        self.cells.check_not_merged(row, place, texts, ref, text)
        if not ref and not text:
            raise NoLine("Raden har varken nummer eller text.")
        if not ref:
            self._no_heading(row)
            raise Wrong(place, "Numret saknas. Skriv köparens nummer.")
        if not text:
            self._no_lonely_heading(row, place, ref)
            raise Wrong(texts[0], "Texten saknas.")
        self._no_numbered_heading(row, ref)
        return self._short_enough(row, place, ref, text)

    def _short_enough(self, row: Row, place: int, ref: str, text: str) -> tuple[str, str]:
        longest = LONGEST_ROW if self.columns.takes is Takes.ROWS else LONGEST_REQUIREMENT
        if len(ref) > LONGEST_REF:
            raise Wrong(place, f"Numret får ha högst {LONGEST_REF} tecken.")
        if len(text) > longest:
            longest_cell = max(self.columns.all_of(Role.TEXT), key=lambda each: len(self.cells.text(row, each)))
            raise Wrong(longest_cell, f"Texten får ha högst {units.counted(longest, 'tecken', 'tecken')}.")
        return ref, text

    def _leading_number(self, row: Row, text: str) -> tuple[str, str]:
        """The number that the text begins with, where no column has it."""
        if not text:
            raise NoLine("Raden har ingen text.")
        found = LEADING.match(text)
        if found is None:
            raise NoLine("Raden börjar inte med något nummer.")
        return self._short_enough(row, self.columns.all_of(Role.TEXT)[0], found[1], text[found.end() :].strip())

    def _no_repeated_heading(self, row: Row) -> None:
        named = {place: _plain(words) for place, words in self.columns.headings.items() if place in self.columns.roles}
        same = [place for place, cell in row.cells.items() if named.get(place) and _plain(cell.text) == named[place]]
        if len(same) >= 2 or (same and len(row.cells) == 1):
            raise NoLine("Rubrikraden upprepas.")

    def _no_heading(self, row: Row) -> None:
        """A text alone on its line is a heading between the requirements."""
        texts = {*self.columns.all_of(Role.TEXT)}
        others = {place for place, role in self.columns.roles.items() if role in _READ and place not in texts}
        if not any(place in row.cells for place in others):
            self.sections.named(" ".join(self.cells.text(row, place) for place in texts))
            raise NoLine("Raden har text men inget nummer, och läses som en rubrik.")

    def _no_lonely_heading(self, row: Row, place: int, ref: str) -> None:
        """Words in the number's column and nothing beside them: a heading that goes over the whole table."""
        others = {each for each, role in self.columns.roles.items() if role in _READ and each != place}
        if not NUMBER.fullmatch(ref) and not any(each in row.cells for each in others):
            self.sections.named(ref)
            raise NoLine("Raden har text men inget nummer, och läses som en rubrik.")

    def _no_numbered_heading(self, row: Row, ref: str) -> None:
        """``1 Kvalificering`` over 1.1 and 1.2, where only these say of what kind they are."""
        place = self.columns.of(Role.KIND)
        if place is not None and not self.cells.text(row, place) and plain_ref(ref) in self.above:
            raise NoLine("Raden är rubrik till numren under den.")

    def _lot(self, row: Row) -> int | None:
        written = _plain(self.cells.inherited(row, Role.LOT))
        if not written or written in {"alla", "samtliga", "hela", "gemensamt"}:
            return self.columns.lot_id
        without = re.sub(r"^(anbudsområde|delområde|område)\s*", "", written)
        found = self.lots.get(written, self.lots.get(without))
        if found is None:
            raise Wrong(self.columns.of(Role.LOT), "Anbudsområdet finns inte. Lägg upp det först, eller rätta namnet.")
        return found

    def _kind(self, row: Row) -> SaidOfKind:
        said = SaidOfKind()
        for role in (Role.KIND, Role.STAGE):
            written = self.cells.inherited(row, role)
            try:
                one = read_kind(written)
            except ValueError as wrong:
                reason = (
                    "Det är inget slag av krav som vi känner. Skriv till exempel ska, bör, villkor eller upplysning."
                )
                raise Wrong(self.columns.of(role), reason) from wrong
            said = SaidOfKind(
                said.kind or one.kind,
                said.stage or one.stage,
                said.proof or one.proof,
                said.followed_up or one.followed_up,
            )
        return said

    def _requirement(self, row: Row, ref: str, text: str) -> tuple[NewRequirement, frozenset[str]]:
        said = self._kind(row)
        is_question = self.columns.kind is RequirementKind.QUESTION
        kind = RequirementKind.QUESTION if is_question else said.kind_or(self.sections.kind or self.columns.kind)
        told = {"text"}
        if not is_question and (said.kind or said.stage or self.sections.kind):
            told |= {"kind", "stage"}
        if self.columns.of(Role.MOST) is not None:
            told.add("most_characters")
        proof, followed_up = said.proof, said.followed_up
        if self.columns.of(Role.PROOF) is not None:
            proof, told = proof or self._marked(row, Role.PROOF), told | {"proof_required"}
        if self.columns.of(Role.FOLLOWED_UP) is not None:
            followed_up, told = followed_up or self._marked(row, Role.FOLLOWED_UP), told | {"followed_up"}
        new = NewRequirement(
            ref=ref,
            kind=kind,
            stage=said.stage or STAGE_OF[kind],
            text=text,
            proof_required=proof,
            followed_up=followed_up,
            most_characters=self._most(row),
        )
        return new, frozenset(
            told | ({"proof_required"} if said.proof else set()) | ({"followed_up"} if said.followed_up else set())
        )

    def _most(self, row: Row) -> int:
        """``2 000`` or ``max 2000 tecken``; nought where nothing is said."""
        place = self.columns.of(Role.MOST)
        written = self.cells.text(row, place) if place is not None else ""
        figures = "".join(sign for sign in written if sign.isdigit())
        if written.strip(" -–") and not 0 < len(figures) <= LONGEST_LIMIT:
            raise Wrong(place, "Det är inget antal tecken. Skriv bara siffror, eller lämna tomt.")
        return int(figures or 0)

    def _marked(self, row: Row, role: Role) -> bool:
        """A cross, a yes, or words of which proof is wanted."""
        written = self.cells.inherited(row, role)
        try:
            return yes_or_no(written)
        except ValueError:
            return bool(written.strip(" -–"))

    def _price_row(self, row: Row, ref: str, text: str) -> tuple[NewRow, frozenset[str]]:
        code, words = unit_of(self.cells.inherited(row, Role.UNIT))
        quantity = self._quantity(row, code)
        told = {"text", "quantity"} | ({"unit", "unit_text"} if self.columns.of(Role.UNIT) is not None else set())
        return NewRow(ref=ref, text=" ".join(text.split()), unit=code, quantity=quantity, unit_text=words), frozenset(
            told
        )

    def _quantity(self, row: Row, code: str) -> Decimal:
        place = self.columns.of(Role.QUANTITY)
        written = self.cells.text(row, place) if place is not None else ""
        if not written:
            raise Wrong(place, "Mängden saknas.")
        try:
            return units.check_quantity(code, number(written))
        except ValueError as wrong:
            is_number = str(wrong).startswith("not a number")
            raise Wrong(place, "Det är ingen mängd. Skriv bara siffror." if is_number else str(wrong)) from wrong


_READ = (Role.REF, Role.KIND, Role.STAGE, Role.PROOF, Role.FOLLOWED_UP, Role.QUANTITY, Role.UNIT)


def _starts(ref: str) -> Iterator[str]:
    """``1`` and ``1.2`` for ``1.2.3``."""
    parts = plain_ref(ref).split(".")
    for many in range(1, len(parts)):
        yield ".".join(parts[:many])
