"""What an entry says, as somebody has typed it, and how old it is. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from app.errors import Refused
from app.money import Money

SEPARATOR = "\n\n"


class Age(StrEnum):
    """Whether what an entry says can still be trusted on a day."""

    EXPIRED = "expired"
    TO_REVIEW = "to_review"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFacts:
    """An earlier delivery: for whom, what, when, for how much, whom to ask, and which member delivered."""

    customer: str = ""
    what: str = ""
    period: str = ""
    value: Money | None = None
    contact: str = ""
    member_id: int | None = None

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {**asdict(self), "value": self.value.ore if self.value is not None else None}


def facts_from(plain: dict[str, Any] | None) -> ReferenceFacts | None:
    """What was kept."""
    if plain is None:
        return None
    ore = plain["value"]
    return ReferenceFacts(**{**plain, "value": Money(ore) if ore is not None else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryText:
    """What a version says, until when it holds, and when somebody should read it again."""

    title: str
    text: str
    valid_to: date | None = None
    review_on: date | None = None
    reference: ReferenceFacts | None = None
    """Of an entry that is a reference."""

    def checked(self, *, has_file: bool) -> EntryText:
        """Itself without loose spaces. Raises Refused when it says nothing."""
        title, text = " ".join(self.title.split()), self.text.strip()
        if not title:
            raise Refused("Skriv en rubrik, så att andra hittar det du sparar.")
        if not text and not has_file:
            raise Refused("Skriv en text eller välj en fil.")
        return replace(self, title=title, text=text)


def age(on: date, valid_to: date | None, review_on: date | None) -> Age:
    """How old something is on a day. On its last day it still holds; on its day of review it is due."""
    if valid_to is not None and valid_to < on:
        return Age.EXPIRED
    return Age.TO_REVIEW if review_on is not None and review_on <= on else Age.FRESH


def put_in(written: str, taken: str) -> str:
    """What somebody has written, and below it what was taken; nothing twice, and nothing written is lost."""
    written, taken = written.replace("\r\n", "\n").strip(), taken.replace("\r\n", "\n").strip()
    if not taken or taken in written:
        return written
    return f"{written}{SEPARATOR}{taken}" if written else taken
