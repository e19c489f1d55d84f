"""Deliveries as an iCalendar object (RFC 5545 and 7986). Pure: the same values, the same bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, Timezone

from app.clock import SWEDEN

ZONE = "Europe/Stockholm"
BEHIND, AHEAD = timedelta(days=30), timedelta(days=180)
"""How far a calendar reaches from today."""
OFTEN = timedelta(hours=1)
"""How often subscribers are asked to look again."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What no text of a calendar may hold (RFC 5545, 3.1: CONTROL); a new line is written in its own way."""


class EventState(StrEnum):
    """How sure it is (RFC 5545, 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Happening:
    """One delivery."""

    about: str
    """What it is of, such as ``assignment-12``: the same for as long as the delivery is the same."""
    state: EventState
    revision: int
    """Grows with each change."""
    changed_at: datetime
    day: date
    summary: str
    location: str
    description: str
    url: str
    hours: tuple[time, time] | None = None
    """From when to when, Swedish time; none for whenever that day."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar of the days around today."""

    name: str
    seller: str
    """The sales company's organisation number: with it events of two houses are never taken for one."""
    today: date
    happenings: tuple[Happening, ...]
    product: str = "Leveranser"
    """What the calendar is of, in the identifier of what made it (RFC 5545, 3.7.3)."""

    @property
    def changed_at(self) -> datetime:
        """When it last became another: with a change, or at midnight, when its days move on."""
        midnight = datetime.combine(self.today, time(), SWEDEN)
        return max((midnight, *(one.changed_at for one in self.happenings)))


def to_ics(feed: Feed) -> bytes:
    """The calendar as bytes: lines of at most 75 octets that end with CRLF (RFC 5545, 3.1)."""
    calendar = Calendar()
    for name, value in _head(feed):
        calendar.add(name, value)
    calendar.add_component(_zone(feed.today))
    for one in feed.happenings:
        calendar.add_component(_event(one, feed.seller))
    data: bytes = calendar.to_ical()
    return data


def uid(about: str, seller: str) -> str:
    """A name for the event that nobody else gives (RFC 7986, 5.3), whatever the house's address becomes."""
    return str(uuid5(NAMESPACE_URL, f"urn:samsalj:{seller}:{about}"))


def _head(feed: Feed) -> Sequence[tuple[str, object]]:
    name = _plain(feed.name)
    return (
        ("prodid", f"-//Samsälj//{feed.product}//SV"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("name", name),
        ("x-wr-calname", name),
        ("x-wr-timezone", ZONE),
        ("refresh-interval", OFTEN),
        ("x-published-ttl", "PT1H"),
    )


def _zone(today: date) -> Timezone:
    """Summer and winter time of the years that the calendar can touch, from the turn of a year."""
    return Timezone.from_tzid(ZONE, first_date=date(today.year - 1, 1, 1), last_date=date(today.year + 2, 1, 1))


def _event(one: Happening, seller: str) -> Event:
    event = Event()
    event.add("uid", uid(one.about, seller))
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("sequence", one.revision)
    event.add("status", one.state.value)
    event.add("transp", "TRANSPARENT")  # Whoever drives out is not booked for the whole day.
    for name, value in zip(("dtstart", "dtend"), _span(one), strict=True):
        event.add(name, value)
    for name, text in (("summary", one.summary), ("location", one.location), ("description", one.description)):
        if text:
            event.add(name, _plain(text))
    event.add("url", one.url)
    return event


def _span(one: Happening) -> tuple[date, date]:
    """A day lasts until the next begins (RFC 5545, 3.6.1)."""
    if one.hours is None:
        return one.day, one.day + timedelta(days=1)
    begin, end = (datetime.combine(one.day, hour, SWEDEN) for hour in one.hours)
    return begin, end


def _plain(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
