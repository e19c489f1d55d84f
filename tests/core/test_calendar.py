"""A calendar is iCalendar to the letter: RFC 5545 for the lines, the events and the zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.orders.calendars.writing import EventState, Feed, Happening, to_ics, uid

TODAY = date(2026, 11, 23)
CHANGED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def happening(**values):
    fixed = {
        "about": "assignment-1",
        "state": EventState.CONFIRMED,
        "revision": 3,
        "changed_at": CHANGED,
        "day": date(2026, 12, 4),
        "summary": "6 st Fruktkorg till Kontoret",
        "location": "Köpgatan 2, 411 02 Göteborg",
        "description": "Beställning 1001",
        "url": "https://samsalj.example/medlem/uppdrag/1",
    }
    return Happening(**{**fixed, **values})


def feed(*happenings):
    return Feed("Leveranser, Ljungbacken", "769999-0003", TODAY, happenings)


def events(data: bytes):
    return Calendar.from_ical(data).walk("VEVENT")


def unfolded(data: bytes) -> list[str]:
    """The lines as RFC 5545, 3.1 folds them out, without any library's help."""
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


def test_a_delivery_is_a_whole_day_that_blocks_nobody():
    lines = unfolded(to_ics(feed(happening())))
    for line in (
        "BEGIN:VCALENDAR", "VERSION:2.0", "DTSTART;VALUE=DATE:20261204", "DTEND;VALUE=DATE:20261205", "SEQUENCE:3",
        "STATUS:CONFIRMED", "TRANSP:TRANSPARENT", "DTSTAMP:20261120T093000Z", "LAST-MODIFIED:20261120T093000Z",
        "LOCATION:Köpgatan 2\\, 411 02 Göteborg", "END:VCALENDAR",
    ):  # fmt: skip
        assert line in lines


def test_hours_are_swedish_and_the_zone_is_told():
    data = to_ics(feed(happening(hours=(time(8), time(10)), day=date(2026, 6, 1))))
    lines = unfolded(data)
    assert "DTSTART;TZID=Europe/Stockholm:20260601T080000" in lines
    assert "DTEND;TZID=Europe/Stockholm:20260601T100000" in lines
    assert {"BEGIN:VTIMEZONE", "TZID:Europe/Stockholm", "TZNAME:CEST", "TZOFFSETTO:+0200"} <= set(lines)
    zone = Calendar.from_ical(data).walk("VTIMEZONE")[0].to_tz()
    for moment in (datetime(2026, 6, 1, 8), datetime(2026, 12, 1, 8), datetime(2027, 3, 28, 4)):  # noqa: DTZ001
        there = moment.replace(tzinfo=ZoneInfo("Europe/Stockholm"))
        assert moment.replace(tzinfo=zone).utcoffset() == there.utcoffset()


def test_the_same_values_give_the_same_bytes_and_names_last():
    assert to_ics(feed(happening())) == to_ics(feed(happening()))
    assert uid("assignment-1", "769999-0003") != uid("assignment-1", "769999-0011")
    assert uid("assignment-1", "769999-0003") != uid("assignment-11", "769999-0003")


def test_a_calendar_changes_with_its_events_and_at_midnight():
    assert feed(happening()).changed_at == datetime(2026, 11, 23, tzinfo=ZoneInfo("Europe/Stockholm"))
    later = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert feed(happening(), happening(changed_at=later)).changed_at == later


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(summary=TEXTS, description=TEXTS)
def test_whatever_people_write_stays_inside_its_line(summary, description):
    """No text can begin a property of its own, and a long one is folded between characters, at 75 octets."""
    data = to_ics(feed(happening(summary=summary, description=description)))
    raw = data.split(b"\r\n")
    assert max(map(len, raw)) <= 75
    for line in raw:
        line.decode()
        assert not any(byte < 32 and byte != 9 for byte in line)
    assert [line.partition(":")[0] for line in unfolded(data)].count("BEGIN") == len(
        events(data)
    ) + 1 + _parts_of_zone()
    [event] = events(data)
    assert str(event.get("SUMMARY", "")) == _kept(summary)
    assert str(event.get("DESCRIPTION", "")) == _kept(description)


def _parts_of_zone() -> int:
    """VTIMEZONE and what it holds."""
    return to_ics(feed()).count(b"BEGIN:") - 1


def _kept(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in plain if sign in "\n\t" or (ord(sign) >= 32 and ord(sign) != 127))
