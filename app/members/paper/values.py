"""What is printed, as frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.papers import Party


@dataclass(frozen=True, slots=True)
class Page:
    """One letter."""

    number: int
    """The letter's own, so that it is found again."""
    written_on: date
    to: tuple[str, ...]
    """The lines of the address."""
    subject: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The letters that are printed together."""

    run: int
    printed: str
    """When and by whom, in words."""
    again: str
    """That they have been posted before, by whom and when; empty the first time."""
    sender: Party
    pages: tuple[Page, ...]
