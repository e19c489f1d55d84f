"""Pictures of something, in an order, each with a description: what an article's and a member's have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship, validates

from app import audit, particulars, pictures
from app.audit import Actor
from app.db import db
from app.errors import NotYours, Refused
from app.pictures import Picture

LONGEST_DESCRIPTION = 300
LONGEST_REASON = 500


class PictureState(StrEnum):
    """Where a picture stands with staff."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


MOVES: dict[PictureState, set[PictureState]] = {
    PictureState.WAITING: {PictureState.APPROVED, PictureState.DECLINED},
    PictureState.APPROVED: set(),
    PictureState.DECLINED: set(),
}
IN_SWEDISH = {
    PictureState.WAITING: "väntar på svar",
    PictureState.APPROVED: "är godkänd",
    PictureState.DECLINED: "är avböjd",
}


class InAlbum:
    """A picture in its place. Those who cannot see it are told what it shows, so a description is never left out."""

    id: Mapped[int] = mapped_column(primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"), index=True)
    description: Mapped[str]
    position: Mapped[int]
    state: Mapped[PictureState]
    declined_because: Mapped[str | None]
    added_at: Mapped[datetime]

    @declared_attr
    def picture(cls) -> Mapped[Picture]:  # noqa: N805  the mapper calls it with the class
        """What is seen."""
        return relationship(Picture, lazy="joined", innerjoin=True)

    @validates("state")
    def _legal_move(self, _key: str, to: PictureState) -> PictureState:
        if self.state is not None and to != self.state and to not in MOVES[self.state]:
            raise Refused(f"Någon hann före: bilden {IN_SWEDISH[self.state]} redan. Ladda om sidan.")
        return to

    @property
    def is_shown(self) -> bool:
        """Whether everybody sees it."""
        return self.state == PictureState.APPROVED


Row = TypeVar("Row", bound=InAlbum)


def check_room(album: Sequence[InAlbum], most: int) -> None:
    """Raises Refused when there is room for no more; those declined take none."""
    if sum(1 for one in album if one.state != PictureState.DECLINED) >= most:
        raise Refused(f"Det finns redan {most} bilder. Ta bort en först.")


def check_description(description: str) -> str:
    """What a picture shows, in one line. Raises Refused."""
    if not description.strip():
        raise Refused("Beskriv bilden. Den som inte ser den får höra beskrivningen.")
    return particulars.line(description, "Beskrivningen", longest=LONGEST_DESCRIPTION)


def hangs(album: Sequence[InAlbum], picture: Picture) -> bool:
    """Whether what is seen in a picture is in the album already, also when it came as another file."""
    return any(one.picture.looks_like(picture) for one in album)


def put(album: Sequence[Row], row: Row, *, what: str, by: Actor | None, now: datetime) -> Row:
    """Put a picture last. `what` is the act's name in the audit. Raises Refused when it hangs there already."""
    if hangs(album, row.picture):
        raise Refused("Den bilden finns redan här.")
    row.position = max((one.position for one in album), default=0) + 1
    db.session.add(row)
    audit.record(row, what, by=by, now=now, picture_id=row.picture.id)
    return row


def describe(row: Row, description: str, *, by: Actor, now: datetime) -> Row:
    """Say better what a picture shows; it holds at once, also for one that everybody sees. Raises Refused."""
    row.description = check_description(description)
    audit.record(row, "described", by=by, now=now)
    return row


def move(album: Sequence[Row], row: Row, step: int, *, by: Actor, now: datetime) -> Row:
    """Let a picture change places with the one before (-1) or after (1); at the end nothing happens."""
    ordered = sorted(album, key=lambda one: (one.position, one.id))
    goal = ordered.index(row) + step
    if 0 <= goal < len(ordered):
        ordered.insert(goal, ordered.pop(ordered.index(row)))
        for place, one in enumerate(ordered, 1):
            one.position = place
        audit.record(row, "moved", by=by, now=now, position=row.position)
    return row


def remove(row: InAlbum, *, by: Actor, now: datetime) -> None:
    """Take a picture away. Where it hung nowhere else, its address leads nowhere from now on."""
    audit.record(row, "removed", by=by, now=now, picture_id=row.picture.id, description=row.description)
    picture = row.picture
    db.session.delete(row)
    db.session.flush()
    pictures.let_go(picture)


def approve(row: Row, *, by: Actor, now: datetime) -> Row:
    """Staff show a picture to everybody. Raises Refused when somebody else has declined it."""
    row.state = PictureState.APPROVED
    audit.record(row, "approved", by=by, now=now)
    return row


def decline(row: Row, reason: str, *, by: Actor, now: datetime) -> Row:
    """Staff say no to a picture; the member reads why. Raises Refused."""
    if not reason.strip():
        raise Refused("Skriv varför. Medlemmen läser det.")
    row.declined_because = particulars.line(reason, "Förklaringen", longest=LONGEST_REASON)
    row.state = PictureState.DECLINED
    audit.record(row, "declined", by=by, now=now, reason=row.declined_because)
    return row


def one_in(album: Sequence[Row], row_id: int) -> Row:
    """The picture with this number in an album. Raises NotYours."""
    found = next((one for one in album if one.id == row_id), None)
    if found is None:
        raise NotYours
    return found
