"""What somebody must have read, and said yes to in words, before a bid leaves in spite of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from bids.gap import Gap
from bids.kinds import GapArea

OTHER_BIDS = ("party:other_bid:", "party:bids_too:")
"""How the keys begin of the gaps about a party that stands in another bid too."""


def must_be_read(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """The warnings that stop nothing and may cost the contract: what is promised twice, and who bids twice."""
    return tuple(gap for gap in gaps if gap.area is GapArea.CAPACITY or gap.key.startswith(OTHER_BIDS))


def mark_of(gaps: Sequence[Gap]) -> str:
    """The same as long as the warnings say the same; blank where there are none."""
    return sha256("\n".join(gap.sentence for gap in gaps).encode()).hexdigest() if gaps else ""
