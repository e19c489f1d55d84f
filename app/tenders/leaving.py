"""When a bid may leave: what stops it, and what somebody must have read and said yes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.errors import Refused
from app.tenders.legal import beside
from app.tenders.models import Bid
from bids import before_leaving, checks
from bids.gap import Gap
from bids.offer import Offer


class NotReady(Refused):
    """The bid cannot leave while a blocking gap is open."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        listed = " ".join(gap.sentence for gap in gaps[:3])
        more = f" Och {len(gaps) - 3} till." if len(gaps) > 3 else ""
        count = "en brist" if len(gaps) == 1 else f"{len(gaps)} brister"
        super().__init__(f"Anbudet kan inte lämnas än, {count} hindrar det. {listed}{more}")
        self.gaps = tuple(gaps)


class NotRead(Refused):
    """The bid promises something twice, or a party stands in two bids, and nobody has said yes to just that."""

    def __init__(self, warnings: Sequence[Gap]) -> None:
        what = "varningen" if len(warnings) == 1 else f"de {len(warnings)} varningarna"
        super().__init__(f"Läs {what} nedan och skriv varför anbudet ska lämnas ändå. Anbudet är inte lämnat.")
        self.warnings = tuple(warnings)


@dataclass(frozen=True, slots=True)
class Despite:
    """Somebody has read warnings, told by their mark, and says in words why the bid leaves in spite of them."""

    mark: str
    reason: str


def check_ready(offer: Offer, *, now: datetime) -> None:
    """Raises NotReady while a blocking gap is open."""
    blocking = [gap for gap in checks.gaps(offer, now=now) if gap.blocking]
    if blocking:
        raise NotReady(blocking)


def check_read(bid: Bid, offer: Offer, despite: Despite | None, *, now: datetime) -> tuple[Gap, ...]:
    """The warnings as they are at this moment. Raises NotRead when others were read, or no reason is given."""
    beside.look(bid, now=now)
    warnings = before_leaving.must_be_read((*checks.gaps(offer, now=now), *beside.found_beside(bid, offer)))
    if warnings and (despite is None or despite.mark != before_leaving.mark_of(warnings) or not despite.reason.strip()):
        raise NotRead(warnings)
    return warnings
