"""The two days on which papers are judged: when the bid is handed in, and when the buyer decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bids.offer import Offer
from bids.swedish import local_day

USUAL_WAIT = timedelta(days=60)
"""From the last day for bids until the decision, where nobody has said when it comes."""


@dataclass(frozen=True, slots=True)
class AwardDay:
    """When the buyer decides; ``is_known`` when staff or the buyer have said so, and it is no estimate of ours."""

    day: date
    is_known: bool


def award_day(award_on: date | None, required_validity: date | None, submitted: date) -> AwardDay:
    """The day said, else two months after the last day for bids, but no later than the buyer wants bids to bind.

    Bids must bind until the decision, so that it comes on that day at the latest.
    """
    if award_on is not None:
        return AwardDay(award_on, is_known=True)
    usual = submitted + USUAL_WAIT
    binds = required_validity if required_validity is not None and required_validity > submitted else usual
    return AwardDay(min(usual, binds), is_known=False)


def award_day_of(offer: Offer) -> AwardDay:
    """The same for an offer."""
    return award_day(offer.award_on, offer.required_validity, submission_day(offer))


def award_day_after(
    deadline: datetime, zone: str, *, award_on: date | None, required_validity: date | None
) -> AwardDay:
    """The same for a tender with that deadline, which is aware."""
    return award_day(award_on, required_validity, local_day(deadline, zone))


def submission_day(offer: Offer) -> date:
    """The last day for bids, where the tender is."""
    return local_day(offer.deadline, offer.zone)
