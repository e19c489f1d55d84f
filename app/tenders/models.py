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
from app.tenders.calls.models import BudgetEntry
from app.tenders.espd.models import Declaration, DeclarationState, EspdRequest, PartyFact, VersionDeclaration
from app.tenders.joint.models import BidReckoning, BidRival, PartyLimit, party_area
from app.tenders.legal.figures import TenderFigure
from app.tenders.legal.models import PriceSight, ShareTrouble, ShareWarning, Withdrawal
from app.tenders.packing.models import BidPackage, BidReceipt
from app.tenders.papers import Appendix, BidPreview, BidReference, BidVersion, Evidence, VersionDocument, WordFile
from app.tenders.secrecy.models import SecrecyPrint
from app.tenders.signing.models import PaperSignature, PartyPaper, SigningLink
from app.tenders.tender import (
    Tender,
    TenderCriterion,
    TenderDeduction,
    TenderLot,
    TenderPriceRow,
    TenderRequirement,
    TenderState,
)
from app.tenders.working.addenda import AddendumTouch, TenderAddendum
from app.tenders.working.models import (
    BidComment,
    BidGlance,
    BidPerson,
    BidTask,
    TaskPaper,
    TenderQuestion,
)

__all__ = [
    "AddendumTouch",
    "Appendix",
    "Bid",
    "BidAnswer",
    "BidComment",
    "BidGlance",
    "BidPackage",
    "BidParty",
    "BidPerson",
    "BidPreview",
    "BidReceipt",
    "BidReckoning",
    "BidReference",
    "BidRival",
    "BidState",
    "BidTask",
    "BidVersion",
    "BudgetEntry",
    "Declaration",
    "DeclarationState",
    "EspdRequest",
    "Evidence",
    "PaperSignature",
    "PartyFact",
    "PartyLimit",
    "PartyPaper",
    "PriceSight",
    "Promise",
    "PromiseState",
    "RowPrice",
    "SecrecyPrint",
    "ShareTrouble",
    "ShareWarning",
    "SigningLink",
    "TaskPaper",
    "Tender",
    "TenderAddendum",
    "TenderCriterion",
    "TenderDeduction",
    "TenderFigure",
    "TenderLot",
    "TenderPriceRow",
    "TenderQuestion",
    "TenderRequirement",
    "TenderState",
    "VersionDeclaration",
    "VersionDocument",
    "Withdrawal",
    "WordFile",
    "bid_hold",
    "bid_lot",
    "party_area",
]
