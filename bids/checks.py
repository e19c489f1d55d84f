"""An offer -> its gaps: what the bid lacks, in words, and what each gap concerns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bids.addendum_checks import addendum_gaps
from bids.award_checks import award_gaps, expired_gaps
from bids.call_checks import call_gaps
from bids.competition import competition_gaps
from bids.form_checks import GateResult, form_gaps, reserved_gaps, reserved_gate
from bids.gap import Gap
from bids.kinds import GapArea
from bids.library_checks import library_gaps
from bids.offer import Offer
from bids.party_checks import document_gaps, documents_wanted, papers_wanted, reminders, sanctions_gaps
from bids.price_checks import carried, price_gaps
from bids.qualification import economy_gaps
from bids.requirement_checks import requirement_gaps
from bids.secrecy_checks import secrecy_gaps
from bids.swedish import day, local_day, moment

__all__ = ["Gap", "GapArea", "GateResult", "carried", "documents_wanted", "gaps", "papers_wanted", "reserved_gate"]


def gaps(offer: Offer, *, now: datetime | None = None) -> tuple[Gap, ...]:
    """Every gap of the offer, the blocking ones first. With ``now`` (aware) a deadline that has passed is one.

    The rules are those by which bids fail: LOU 4:5, 4:18, 13:1-3, 14:6-8, 15:1 and EU regulation 833/2014 art. 5k. An
    application for project funding has those of its call instead.
    """
    found = list(call_gaps(offer, now) if offer.is_application else _bid_gaps(offer, now))
    return tuple(sorted(found, key=lambda gap: not gap.blocking))


def _bid_gaps(offer: Offer, now: datetime | None) -> list[Gap]:
    return [
        *_deadline(offer, now),
        *addendum_gaps(offer),
        *form_gaps(offer),
        *reserved_gaps(offer),
        *requirement_gaps(offer),
        *price_gaps(offer),
        *document_gaps(offer),
        *sanctions_gaps(offer),
        *expired_gaps(offer),
        *award_gaps(offer),
        *library_gaps(offer),
        *economy_gaps(offer),
        *_validity(offer),
        *competition_gaps(offer),
        *secrecy_gaps(offer),
        *reminders(offer),
    ]


def _deadline(offer: Offer, now: datetime | None) -> Iterator[Gap]:
    if now is not None and now > offer.deadline:
        yield Gap(
            key="deadline",
            area=GapArea.DEADLINE,
            blocking=True,
            sentence=f"Sista anbudsdag var {moment(offer.deadline, offer.zone)}. Ett för sent anbud får inte prövas. "
            "Har köparen flyttat fram tiden: ändra den i upphandlingen.",
        )


def _validity(offer: Offer) -> Iterator[Gap]:
    words = _validity_problem(offer)
    if words:
        yield Gap(key="validity", area=GapArea.VALIDITY, blocking=True, sentence=words)


def _validity_problem(offer: Offer) -> str:
    offered, required = offer.offered_validity, offer.required_validity
    if offered is None:
        until = f" till minst {day(required)}" if required else ""
        return f"Anbudets giltighetstid saknas. Anbudet måste vara bindande{until}. Ange sista dag."
    if required is not None and offered < required:
        return (
            f"Anbudet gäller till {day(offered)} men köparen kräver {day(required)}. Ett anbud som gäller för kort tid "
            "förkastas. Förläng giltighetstiden."
        )
    if offered < local_day(offer.deadline, offer.zone):
        return (
            f"Anbudet gäller till {day(offered)}, före sista anbudsdag. Då finns inget anbud att anta. Förläng "
            "giltighetstiden."
        )
    return ""
