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
from app.tenders.joint.models import BidReckoning, BidRival, PartyLimit, party_area
from app.tenders.legal.figures import TenderFigure
from app.tenders.legal.models import PriceSight, ShareTrouble, ShareWarning, Withdrawal
from app.tenders.papers import Appendix, BidPreview, BidReference, BidVersion, Evidence
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
    "BidReckoning",
    "BidReference",
    "BidRival",
    "BidState",
    "BidVersion",
    "Evidence",
    "PartyLimit",
    "PriceSight",
    "Promise",
    "PromiseState",
    "RowPrice",
    "ShareTrouble",
    "ShareWarning",
    "Tender",
    "TenderCriterion",
    "TenderDeduction",
    "TenderFigure",
    "TenderLot",
    "TenderPriceRow",
    "TenderRequirement",
    "TenderState",
    "Withdrawal",
    "bid_hold",
    "bid_lot",
    "party_area",
]
