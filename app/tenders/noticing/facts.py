"""A tender's facts compared three ways: what the last notice said, what we have, what the new notice says. Pure.

The rule: where the buyer changes a thing that we have as the last notice had it, we follow. Where somebody has written
something else by hand, that stays, and both values are shown until somebody chooses. What a notice leaves out says
nothing. A fact that the buyer does not change is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.clock import SWEDEN
from app.money import Money
from bids.kinds import AwardBasis
from bids.swedish import day, moment

FACTS = {
    "deadline": "Sista anbudsdag",
    "required_validity": "Anbudet ska gälla till och med",
    "submission_url": "Adress där anbudet lämnas",
    "documents_url": "Adress till upphandlingsdokumenten",
    "reserved": "Reserverat deltagande",
    "reserved_execution": "Reserverat utförande",
    "ceiling": "Takvärde",
    "term_years": "Avtalstid, år",
    "award_basis": "Grund för utvärdering",
    "procedure": "Förfarande",
    "title": "Rubrik",
    "buyer_name": "Köpare",
    "buyer_org_number": "Köparens organisationsnummer",
    "diary_number": "Diarienummer",
    "cpv": "CPV-koder",
    "place": "Plats",
    "description": "Beskrivning",
}
"""What is compared, deadlines first. Whether a tender is above the threshold is a guess of ours and not among them."""
LOT_FACTS = {"title": "Rubrik", "place": "Plats", "cpv": "CPV-koder", "description": "Beskrivning"}
READERS: dict[str, Callable[[str], Any]] = {
    "questions": datetime.fromisoformat,
    "deadline": datetime.fromisoformat,
    "required_validity": date.fromisoformat,
    "ceiling": lambda text: Money(int(text)),
    "term_years": int,
    "award_basis": lambda text: next(basis for basis in AwardBasis if basis.value == text),
    "reserved": bool,
    "reserved_execution": bool,
}
LONGEST = 2000
"""So much of a long text is shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that the new notice has otherwise than the last one, and than we have."""

    field: str
    label: str
    had: Any
    says: Any
    by_hand: bool
    """Whether what we have was not what the last notice said."""


def differences(
    before: Mapping[str, Any], ours: Mapping[str, Any], says: Mapping[str, Any], labels: Mapping[str, str]
) -> Iterator[Difference]:
    """What the buyer has changed and we do not have, in the order of the labels."""
    for field, label in labels.items():
        new = says[field]
        if new in (None, "", 0) and not isinstance(new, bool):
            continue
        if _plain(new) not in (_plain(before[field]), _plain(ours[field])):
            yield Difference(field, label, ours[field], new, by_hand=_plain(ours[field]) != _plain(before[field]))


def _plain(value: Any) -> Any:
    """As a form gives it back when nobody has touched it: without seconds, and with lines ended in one way."""
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    return " ".join(value.split()) if isinstance(value, str) else value


def in_words(value: Any) -> str:
    """A fact as people read it; nothing for what is not there."""
    match value:
        case None | "":
            return ""
        case bool():
            return "ja" if value else "nej"
        case datetime():
            return moment(value, SWEDEN.key)
        case date():
            return day(value)
        case AwardBasis():
            return value.label
        case _:
            text = str(value)
            return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def encoded(value: Any) -> str:
    """A fact as text, to be read by `decoded`."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case Money():
            return str(value.ore)
        case AwardBasis():
            return str(value.value)
        case bool():
            return "1" if value else ""
        case _:
            return str(value)


def decoded(field: str, text: str) -> Any:
    """The fact that `encoded` wrote."""
    return READERS.get(field, str)(text)
