"""Entering the buyer's figures to qualify by, and the sums that members' insurances cover."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from app import audit
from app.accounts.models import User
from app.errors import Refused
from app.members.models import MemberDocument
from app.money import Money
from app.tenders.bid import BidParty
from app.tenders.bid_actions import check_draft
from app.tenders.legal.figures import TenderFigure
from app.tenders.tender import Tender, TenderLot
from bids.kinds import DocumentKind
from bids.legal_values import MOST_YEARS, QualificationKind

MOST_FIGURES = 60
MOST_REFERENCES = 50
OLDEST_REFERENCE = 10
"""Years: works may be asked for five back (LOU 15:11), and some documents ask for more."""
IN_KRONOR = (QualificationKind.TURNOVER, QualificationKind.INSURANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFacts:
    """One of the buyer's figures as it is typed in; the fields are those of `TenderFigure`."""

    kind: QualificationKind
    amount: Money | None = None
    number: int = 0
    years: int = 1
    ref: str = ""
    each: bool = False
    contract_value: Money | None = None
    document: DocumentKind = DocumentKind.REGISTER_EXTRACT


def add_figure(
    tender: Tender, facts: FigureFacts, lot: TenderLot | None, *, by: User | None, now: datetime
) -> TenderFigure:
    """Raises Refused for a figure that says nothing, or asks for more years than may be asked for."""
    _check(facts)
    if len(tender.figures) >= MOST_FIGURES:
        raise Refused(f"Det finns redan {MOST_FIGURES} krav i siffror. Ta bort något som inte behövs.")
    figure = TenderFigure(lot_id=lot.id if lot else None, **asdict(facts) | _money(facts))
    tender.figures.append(figure)
    audit.record(tender, "figure_added", by=by, now=now, kind=str(facts.kind), lot=lot.ref if lot else "")
    return figure


def _money(facts: FigureFacts) -> dict[str, Money | None]:
    """`asdict` takes Money apart too."""
    return {"amount": facts.amount, "contract_value": facts.contract_value}


def _check(facts: FigureFacts) -> None:
    if facts.kind in IN_KRONOR and (facts.amount is None or facts.amount.ore <= 0):
        raise Refused("Skriv beloppet i kronor som köparen kräver.")
    if facts.kind == QualificationKind.TURNOVER and not 1 <= facts.years <= MOST_YEARS:
        raise Refused("Omsättning får krävas för högst tre år (LOU 15 kap. 10 §).")
    if facts.kind == QualificationKind.REFERENCES:
        if not 1 <= facts.number <= MOST_REFERENCES:
            raise Refused(f"Skriv hur många referenser köparen vill ha, från 1 till {MOST_REFERENCES}.")
        if not 1 <= facts.years <= OLDEST_REFERENCE:
            raise Refused(f"Skriv hur många år bakåt en referens får ligga, från 1 till {OLDEST_REFERENCE}.")
    if any(amount is not None and amount.ore <= 0 for amount in (facts.amount, facts.contract_value)):
        raise Refused("Belopp ska vara större än noll.")


def remove_figure(tender: Tender, figure: TenderFigure, *, by: User, now: datetime) -> None:
    """The buyer does not ask for it."""
    tender.figures.remove(figure)
    audit.record(tender, "figure_removed", by=by, now=now, kind=str(figure.kind))


def insure(
    party: BidParty, document: MemberDocument, amount: Money | None, *, by: User, now: datetime
) -> MemberDocument:
    """Write down what an insurance covers, as its certificate says. Raises Refused for what is no insurance."""
    check_draft(party.bid)
    if document.kind != DocumentKind.INSURANCE:
        raise Refused("Bara ett försäkringsbevis har ett försäkringsbelopp.")
    if amount is not None and amount.ore <= 0:
        raise Refused("Försäkringsbeloppet ska vara större än noll.")
    document.insured = amount
    audit.record(party.member, "insured", by=by, now=now, title=document.title, amount=str(amount or ""))
    return document
