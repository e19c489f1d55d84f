"""The rows of this room, gathered: tenders, bids, and the papers of a bid."""

from app.tenders.bid import (
    Bid,
    BidAnswer,
    BidParty,
    BidState,
    Promise,
    PromiseState,
    RowPrice,
    bid_hold,
    bid_lot,
)
from app.tenders.papers import Appendix, BidPreview, BidReference, BidVersion, Evidence, VersionDocument
from app.tenders.tender import (
    Tender,
    TenderCriterion,
    TenderDeduction,
    TenderLot,
    TenderPriceRow,
    TenderRequirement,
    TenderState,
)

__all__ = [
    "Appendix",
    "Bid",
    "BidAnswer",
    "BidParty",
    "BidPreview",
    "BidReference",
    "BidState",
    "BidVersion",
    "Evidence",
    "Promise",
    "PromiseState",
    "RowPrice",
    "Tender",
    "TenderCriterion",
    "TenderDeduction",
    "TenderLot",
    "TenderPriceRow",
    "TenderRequirement",
    "TenderState",
    "VersionDocument",
    "bid_hold",
    "bid_lot",
]
