"""Text of the library on the page of an answer: what is suggested, what is put in, and what was taken before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request

from app import clock
from app.accounts.models import User
from app.errors import Refused
from app.pages.staff.tenders_room import Room, bid_in
from app.tenders import answer_actions, paper_actions, word_files
from app.tenders.library import actions, queries, referring
from app.tenders.library.models import AnswerSource, LibraryVersion
from app.tenders.library.values import put_in
from app.tenders.models import Bid, BidAnswer, TenderRequirement

BUTTON = "use"
"""The name of the buttons that put a version's text into the form, without saving anything."""
MOST = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What an answer builds on, and the latest version where that is another."""

    source: AnswerSource
    newer: LibraryVersion | None


def is_asked_for() -> bool:
    """Whether the button was pressed that puts text in, rather than the one that saves."""
    return request.method == "POST" and BUTTON in request.form


def fill(form: Any) -> LibraryVersion | None:
    """Put the chosen version's text below what is typed, and remember it until the answer is saved.

    Returns the version; None when there is none to be had, as when it was taken out of use meanwhile.
    """
    chosen = request.form.get(BUTTON, "")
    found = queries.versions_with([int(chosen)] if chosen.isdecimal() and len(chosen) < 10 else [])
    version = next((each for each in found if each.entry.retired_at is None), None)
    if version is not None:
        form.text.data = put_in(form.text.data or "", version.text)
        form.taken.data = ",".join(map(str, dict.fromkeys([*_ids(form.taken.data), version.id])))
    return version


def _ids(written: str | None) -> list[int]:
    return [int(part) for part in (written or "").split(",")[:MOST] if part.isdecimal() and len(part) < 10]


def pin(bid: Bid, answer: BidAnswer, taken: str | None, *, by: User, now: datetime) -> None:
    """The answer is saved: it builds on these versions. A file of theirs becomes an appendix and its proof."""
    for version in queries.versions_with(_ids(taken)):
        actions.take(answer, version, by=by, now=now)
        referring.list_reference(answer, version, by=by, now=now)
        word = word_files.of_version(version)
        if word is not None and not word.has_failed:
            raise Refused(f"Filen till ”{version.title}” görs om till PDF. Spara svaret igen om en liten stund.")
        if version.file is not None:
            _prove(bid, answer, version, by=by, now=now)


def _prove(bid: Bid, answer: BidAnswer, version: LibraryVersion, *, by: User, now: datetime) -> None:
    file = version.file
    if file is None:
        return
    appendix = next((each for each in bid.appendices if each.file_id == file.id), None)
    if appendix is None:
        appendix = paper_actions.attach(bid, file, title=version.title, by=by, now=now)
    if all(piece.appendix_id != appendix.id for piece in answer.evidence):
        answer_actions.add_evidence(
            answer, title=version.title, appendix=appendix, valid_to=version.valid_to, by=by, now=now
        )


def beside(room: Room, requirement: TenderRequirement, answer: BidAnswer | None) -> dict[str, object]:
    """What the page shows of the library: what the answer builds on, and what else is like the requirement."""
    sources: Sequence[AnswerSource] = answer.sources if answer is not None else ()
    deadline = bid_in(room).tender.deadline
    on = clock.local_date(deadline if deadline is not None else room.now)
    behind = [source.entry_id for source in sources if source.entry.current > source.version.number]
    latest = queries.latest_of(behind) if behind else {}
    return {
        "suggestions": queries.suggest(requirement.text, on, besides={source.entry_id for source in sources}),
        "taken": [Taken(source, latest.get(source.entry_id)) for source in sources],
    }
