"""What the buyer's evaluation model makes of a bid."""

from __future__ import annotations

from collections.abc import Iterable

from app.money import Money
from bids.offer import Deduction


def deducted(deduction: Deduction) -> Money:
    """What one added value takes off the price. Raises ValueError for a share outside 0-100 per cent."""
    if not 0 <= deduction.share_percent <= 100:
        raise ValueError(f"{deduction.share_percent} per cent of {deduction.name}")
    return deduction.max_amount.percent(deduction.share_percent)


def comparison_figure(total: Money, deductions: Iterable[Deduction]) -> Money:
    """The value-added model: the bid's sum minus each deduction; the lowest figure wins."""
    return total - Money.total(deducted(deduction) for deduction in deductions)
