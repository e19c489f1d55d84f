"""What a buyer's form changes: new, changed, unchanged and gone, matched by the buyer's numbers. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from app.tenders.actions import NewRow
from app.tenders.forms.found import Fault, Given, Line, Reading, Skipped, plain_ref


@dataclass(frozen=True, slots=True)
class Standing:
    """A requirement or a price row that there is. ``kept_for`` says why it may not be lost: an answer, a promise."""

    id: int
    lot_id: int | None
    given: Given
    kept_for: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A line and what it is about. ``what`` names the facts that change; ``back`` means that it was withdrawn."""

    line: int
    standing: Standing
    given: Given
    what: tuple[str, ...] = ()
    back: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen."""

    new: tuple[Line, ...]
    changed: tuple[Match, ...]
    unchanged: tuple[Match, ...]
    gone: tuple[Standing, ...]
    faults: tuple[Fault, ...]
    skipped: tuple[Skipped, ...]

    @property
    def good(self) -> int:
        """How many lines can be taken in."""
        return len(self.new) + len(self.changed) + len(self.unchanged)

    @property
    def changes(self) -> bool:
        """Whether anything of ours would change."""
        return bool(self.new or self.changed or self.gone)

    @property
    def mark(self) -> str:
        """The same for the same plan: what somebody has seen is what is carried out."""
        return hashlib.sha256(repr((self.new, self.changed, self.unchanged, self.gone)).encode()).hexdigest()[:32]


def compare(reading: Reading, standing: Sequence[Standing], before: Collection[int]) -> Plan:
    """``before`` are the ids of what an earlier form of the same table had; what of it is not here any longer is gone.

    Nothing is gone while a line is faulty: it may be the one that we miss.
    """
    known = {(each.lot_id, plain_ref(each.given.ref)): each for each in standing}
    new: list[Line] = []
    matches: list[Match] = []
    for line in reading.lines:
        there = known.get((line.lot_id, plain_ref(line.given.ref)))
        if there is None:
            new.append(line)
        else:
            matches.append(_match(line, there))
    here = {match.standing.id for match in matches}
    gone = [each for each in standing if each.id in before and each.id not in here and not each.withdrawn]
    return Plan(
        new=tuple(new),
        changed=tuple(match for match in matches if match.what or match.back),
        unchanged=tuple(match for match in matches if not (match.what or match.back)),
        gone=() if reading.faults else tuple(gone),
        faults=reading.faults,
        skipped=reading.skipped,
    )


def _match(line: Line, there: Standing) -> Match:
    told = {name: getattr(line.given, name) for name in line.said}
    what = tuple(
        field.name
        for field in fields(there.given)
        if field.name in told and _seen(told[field.name]) != _seen(getattr(there.given, field.name))
    )
    given = replace(there.given, **{name: told[name] for name in what})
    return Match(line.line, there, given, what, there.withdrawn)


def _seen(value: Any) -> Any:
    """Spaces and line breaks change nothing."""
    return " ".join(value.split()) if isinstance(value, str) and not hasattr(value, "label") else value


def is_row(given: Given) -> bool:
    """Whether it is a price row, and no requirement."""
    return isinstance(given, NewRow)
