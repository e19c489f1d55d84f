"""Laying a declaration in the bid: as its own appendix, or in the place of the one that the party had there."""

from __future__ import annotations

from datetime import datetime

from app import audit
from app.accounts.models import User
from app.errors import Refused
from app.tenders.bid import BidParty
from app.tenders.bid_actions import check_draft
from app.tenders.espd.models import Declaration
from app.tenders.paper_actions import attach
from app.tenders.papers import Appendix
from bids.kinds import DocumentKind

TITLES = {
    DocumentKind.ESPD: "Egenförsäkran (ESPD)",
    DocumentKind.SANCTIONS_DECLARATION: "Försäkran om sanktioner",
}


def place(party: BidParty, row: Declaration, *, by: User | None, now: datetime) -> Appendix:
    """Make the declaration's PDF an appendix. Raises Refused while there is none, and when the bid is handed in."""
    bid = party.bid
    check_draft(bid)
    if row.pdf is None or not row.is_signed:
        raise Refused("Försäkran har ingen PDF än. Vänta tills den är gjord och försök igen.")
    title = f"{TITLES[row.kind]}, {party.member.name}"
    older = next((one for one in bid.appendices if one.party_id == party.id and one.kind == row.kind), None)
    if older is None:
        older = attach(bid, row.pdf, title=title, kind=row.kind, party=party, by=by, now=now)
    else:
        older.title, older.file, older.file_id = title, row.pdf, row.pdf.id
        older.document, older.document_id = None, None
        audit.record(bid, "appendix_exchanged", by=by, now=now, number=older.number, title=title)
    older.declaration, older.declaration_id = row, row.id
    return older
