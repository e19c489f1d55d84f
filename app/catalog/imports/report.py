"""What is told about a file: faults by cell, and what becomes of each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from app.catalog.imports.models import ImportBatch, ImportNote
from app.catalog.imports.plan import Kind, Outcome, Plan
from app.db import db

Key = tuple[str, int, str, str, str]


def tell(batch: ImportBatch, made: Plan, moved: set[Key] | None = None) -> None:
    """Write down what was found, instead of what was found before."""
    db.session.execute(delete(ImportNote).where(ImportNote.batch_id == batch.id))
    told_of = notes(made)
    if moved:
        told_of += [{**note, "kind": "moved"} for note in told_of if key(note) in moved]
    if told_of:
        numbered = [{"batch_id": batch.id, "position": place, **note} for place, note in enumerate(told_of)]
        db.session.execute(insert(ImportNote), numbered)
    batch.counts = counts(made, len(moved or ()))
    batch.done = batch.total = made.rows


def counts(made: Plan, moved: int) -> dict[str, int]:
    """How many rows there are of each sort."""
    kinds = {kind.value: sum(1 for one in made.outcomes if one.kind is kind) for kind in Kind}
    live = sum(1 for one in made.outcomes if one.live)
    ask = sum(1 for one in made.outcomes if one.ask or (one.pictures and one.kind is Kind.CHANGE))
    good, faulty = len(made.outcomes), made.faulty_rows
    return {"rows": made.rows, "good": good, "faulty": faulty, **kinds, "live": live, "ask": ask, "moved": moved}


def notes(made: Plan) -> list[dict[str, Any]]:
    """What is told of each row; a row that changes nothing is only counted."""
    found: list[dict[str, Any]] = [
        {
            "kind": "fault",
            "row": fault.row,
            "address": fault.address,
            "heading": fault.heading,
            "value": fault.value,
            "text": fault.reason,
        }
        for fault in made.faults
    ]
    for one in made.outcomes:
        if one.kind is not Kind.UNCHANGED:
            name = f"{one.standing.number} {one.draft.name}" if one.standing else one.draft.name
            place = {"address": "", "heading": "", "value": name}
            found.append({"kind": one.kind.value, "row": one.row, **place, "text": _said(one)})
    return found


def _said(outcome: Outcome) -> str:
    """What changes, in one line."""
    said = [f"{change} (gäller direkt)" for change in outcome.live]
    said += [f"{change} (väntar på vårt ja)" for change in outcome.ask]
    if outcome.own_number:
        said.append(f"Ert artikelnummer: {outcome.own_number}")
    if outcome.kind in {Kind.NEW, Kind.OFFER}:
        said.append(f"{outcome.member_price} per enhet")
    said += [f"Bild: {text}" for _source, text in outcome.pictures]
    return ". ".join(said)


def key(note: Mapping[str, Any]) -> Key:
    """By what one note is told from another."""
    return note["kind"], note["row"], note["address"], note["value"], note["text"]


def keys(made: Plan) -> set[Key]:
    """What a plan would be told as."""
    return {key(note) for note in notes(made)}


def told(batch_id: int) -> set[Key]:
    """What has been told of a batch, and so what somebody has said yes to."""
    columns = (ImportNote.kind, ImportNote.row, ImportNote.address, ImportNote.value, ImportNote.text)
    query = select(*columns).where(ImportNote.batch_id == batch_id, ImportNote.kind != "moved")
    return {(row.kind, row.row, row.address, row.value, row.text) for row in db.session.execute(query)}
