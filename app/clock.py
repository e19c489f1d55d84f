"""The only file that asks the machine what time it is; a day is a Swedish day."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """The Swedish day on which a moment falls."""
    return moment.astimezone(SWEDEN).date()


def start_of(day: date) -> datetime:
    """The moment at which a Swedish day begins, in UTC."""
    return datetime.combine(day, time(), SWEDEN).astimezone(UTC)
