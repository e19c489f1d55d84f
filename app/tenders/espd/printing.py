"""The papers of a signed declaration: PDF, and for an ESPD the response XML. Only workers come here."""

from __future__ import annotations

from sqlalchemy import select

from app import clock, files, jobs
from app.clock import SWEDEN
from app.db import db
from app.tenders import queries
from app.tenders.bid import Bid, BidParty
from app.tenders.espd.models import Declaration
from app.tenders.espd.placing import place
from bids.canonical import loads
from bids.espd.document import to_pdf
from bids.espd.snapshot import Sheet
from bids.espd.writing import Issue, response_xml

NAMES = {"espd": "espd", "own": "egenforsakran", "sanctions": "sanktioner"}


@jobs.job
def make_papers(declaration_id: int) -> None:
    """Make them once, and lay the PDF in the bid while it is a draft. Run twice, it finds them made."""
    bid_id = db.session.scalar(select(Declaration.bid_id).where(Declaration.id == declaration_id))
    if bid_id is None:
        return
    bid = queries.bid_by_id(bid_id, lock=True)
    row = db.session.scalars(select(Declaration).where(Declaration.id == declaration_id).with_for_update()).one()
    if not row.is_signed or row.signed_json is None or row.pdf_id is not None:
        return
    sheet, now = loads(row.signed_json, Sheet), clock.now()
    stem = f"{NAMES[sheet.signed.form]}-{row.member.slug}"
    pdf = to_pdf(sheet.signed)
    if row.request is not None:
        row.xml = files.save(_response(row, sheet), name=f"{stem}.xml", media_type="application/xml", now=now)
    row.pdf = files.save(pdf, name=f"{stem}.pdf", media_type="application/pdf", now=now)
    db.session.flush()
    party = _party(bid, row)
    if bid.is_draft and party is not None:
        place(party, row, by=None, now=now)


def _response(row: Declaration, sheet: Sheet) -> bytes:
    if row.request is None or row.signed_at is None:
        raise ValueError(f"declaration {row.id} answers no request")
    issue = Issue(uuid=row.uuid, at=row.signed_at.astimezone(SWEDEN), signed_by=row.signed_by)
    return response_xml(files.read(row.request.file), sheet.entity, sheet.signed.answers, issue)


def _party(bid: Bid, row: Declaration) -> BidParty | None:
    return next((party for party in bid.parties if party.member_id == row.member_id), None)
