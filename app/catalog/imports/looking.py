"""Looks at an assortment: what its file asks for, what its pictures are, and what would change. Nothing is saved.

However slow a file, a picture or a comparison is, nobody waits for it: what is asked of the database is asked in
transactions that only read, and none is open while a file is unpacked, a picture fetched or rows are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from app import jobs, pictures
from app.catalog.imports import loading
from app.catalog.imports import pictures as import_pictures
from app.catalog.imports.plan import Known, Outcome, Plan, plan
from app.catalog.imports.rows import Fault, Reading, read_rows
from app.catalog.imports.values import Lists
from app.errors import Refused
from app.pictures import Developed
from app.spreadsheets import door

STEP = 200
"""So many rows are compared between two signs of life."""
Sign = Callable[[str, int, int], None]
"""Told of the phase, how far it has come and how far it goes."""
Transaction = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class House:
    """What an assortment is compared with."""

    edition: int
    """Of the catalogue, when it was looked at."""
    known: Known
    lists: Lists


def nobody_asks(_phase: str, _done: int, _total: int) -> None:
    """For whoever waits for the end anyhow."""


def look(member_id: int, sheet: bytes, parcel: bytes | None) -> Plan:
    """What a file would change, with its pictures fetched and judged, and none of it kept. Raises Refused."""
    reading = read(sheet)
    origin = import_pictures.Source(parcel)
    problems = {source: no for source in named(reading) if (no := _problem(origin, source)) is not None}
    return compared(reading, house_of(member_id, reading), problems, nobody_asks)


def read(sheet: bytes) -> Reading:
    """What a file asks for. Raises Refused, with a sentence, for one that cannot be read."""
    table = door.read(sheet)
    with jobs.looking():
        lists = loading.lists()
    return read_rows(table, lists)


def named(reading: Reading) -> list[str]:
    """The pictures that the rows name, each once. Raises Refused for too many."""
    return import_pictures.named(name for wish in reading.wishes for name in wish.values.get("pictures", ()))


def developed(origin: import_pictures.Source, source: str) -> bytes | Developed:
    """A picture that can be kept without waiting for anything. Raises Refused for what is no picture of ours."""
    data = origin.bytes_of(source)
    with jobs.looking():
        known = pictures.is_known(data)
    return data if known else pictures.develop(data)


def _problem(origin: import_pictures.Source, source: str) -> str | None:
    try:
        developed(origin, source)
    except Refused as no:
        return str(no)
    return None


def house_of(member_id: int, reading: Reading, within: Transaction = jobs.looking) -> House:
    """What there is now, as far as the rows touch it."""
    with within():
        edition = loading.edition()  # First: what changes while the rest is read belongs to a later one.
        return House(edition, loading.known(member_id, reading.wishes), loading.lists())


def stands_still(house: House) -> bool:
    """Whether nothing has changed since. Whoever asks holds the member's assortment, so that nothing does."""
    return loading.edition() == house.edition and loading.lists() == house.lists


def compared(reading: Reading, house: House, problems: Mapping[str, str], sign: Sign) -> Plan:
    """What becomes of every row; `problems` says what is wrong with pictures, by their name. Pure but for the signs."""
    outcomes: list[Outcome] = []
    faults = list(reading.faults)
    for start in range(0, len(reading.wishes) or 1, STEP):
        part = replace(reading, wishes=reading.wishes[start : start + STEP], faults=())
        made = plan(part, house.known, house.lists)
        outcomes += [one for one in made.outcomes if not any(source in problems for source, _text in one.pictures)]
        faults += [*made.faults, *_picture_faults(part, made.outcomes, problems)]
        sign("check", min(start + STEP, len(reading.wishes)), len(reading.wishes))
    return Plan(tuple(outcomes), tuple(sorted(faults, key=lambda fault: fault.row)), reading.rows)


def _picture_faults(reading: Reading, outcomes: Sequence[Outcome], problems: Mapping[str, str]) -> Iterator[Fault]:
    wishes = {wish.row: wish for wish in reading.wishes}
    for outcome in outcomes:
        for source, _text in outcome.pictures:
            if source in problems:
                yield wishes[outcome.row].fault("pictures", f"{source[:80]}: {problems[source]}", reading.columns)
