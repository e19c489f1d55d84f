"""What a bid writes into the buyer's own form: answers, references to proof, unit prices and sums. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.tenders.forms.columns import Columns, Role
from app.tenders.forms.models import Takes
from bids.forms.entries import Entry, Table
from bids.offer import Answer, PriceRow
from bids.pricing import row_total, unit_price

CROSS = "X"
Key = tuple[str | None, str]
"""A lot's number, or None for the whole tender, and the number of a requirement or a price row."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A table of a form, and which of its lines asks what. ``questions`` are answered in words, not with yes or no."""

    table: Table
    columns: Columns
    lines: Sequence[tuple[int, Key]]
    questions: Collection[Key] = ()


def entries_of(answered: Iterable[Answer], priced: Iterable[PriceRow], fillings: Iterable[Filling]) -> list[Entry]:
    """Everything that a bid answers and charges. What is not answered or not priced is left blank."""
    answers = {(answer.lot_ref, answer.requirement_ref): answer for answer in answered}
    prices = {(row.lot_ref, row.ref): row for row in priced}
    found: list[Entry] = []
    for filling in fillings:
        pen = _Pen(filling.table, filling.columns)
        for line, key in filling.lines:
            if filling.columns.takes is Takes.ROWS:
                found += pen.price(line, prices[key]) if key in prices else ()
            elif key in answers and key in filling.questions:
                found += pen.words(line, answers[key])
            elif key in answers:
                found += pen.answer(line, answers[key])
    return found


@dataclass(frozen=True, slots=True)
class _Pen:
    table: Table
    columns: Columns

    def answer(self, line: int, answer: Answer) -> Iterator[Entry]:
        if answer.answered is None:
            return
        has = self.columns.of
        word = self.columns.yes if answer.answered else self.columns.no
        alone = has(Role.COMMENT) is None and not self.columns.fixed
        yield from self._write(line, Role.ANSWER, f"{word}. {answer.text}" if alone and answer.text else word)
        yield from self._write(line, Role.YES, CROSS if answer.answered else "")
        yield from self._write(line, Role.NO, "" if answer.answered else CROSS)
        says = has(Role.ANSWER) is not None or has(Role.YES) is not None or has(Role.NO) is not None
        comment = answer.text if says else ". ".join(part for part in (word, answer.text) if part)
        yield from self._write(line, Role.COMMENT, comment)
        yield from self._write(line, Role.EVIDENCE, _evidence(answer))

    def words(self, line: int, answer: Answer) -> Iterator[Entry]:
        """The answer to a question, where words have a column of their own or else in that of the answer."""
        has_words = self.columns.of(Role.COMMENT) is not None or self.columns.fixed
        yield from self._write(line, Role.COMMENT if has_words else Role.ANSWER, answer.text)
        yield from self._write(line, Role.EVIDENCE, _evidence(answer))

    def price(self, line: int, row: PriceRow) -> Iterator[Entry]:
        price = unit_price(row)
        if price is None:
            return
        for role, amount in ((Role.UNIT_PRICE, price), (Role.SUM, row_total(row))):
            column = self.columns.of(role)
            if column is not None:
                yield Entry(self.table, line, column, number=amount.in_kronor())

    def _write(self, line: int, role: Role, text: str) -> Iterator[Entry]:
        column = self.columns.of(role)
        if column is not None and text:
            yield Entry(self.table, line, column, text)


def _evidence(answer: Answer) -> str:
    """``Bilaga 3; Policy, kapitel 4``."""
    said = [
        f"Bilaga {one.appendix_number}" if one.appendix_number is not None else one.title for one in answer.evidence
    ]
    return "; ".join(dict.fromkeys(said))
