"""The request for secrecy and the masked copy as PDFs. Only workers come here: the press is large."""

from __future__ import annotations

from sqlalchemy import select

from app import clock, files, jobs
from app.db import db
from app.errors import Refused
from app.tenders import printing
from app.tenders.papers import BidVersion
from app.tenders.secrecy import made_anew
from app.tenders.secrecy.models import PrintKind, SecrecyPrint
from bids import masking, secrecy_print
from bids.offer import Offer, from_json

PDF = "application/pdf"
NAMES = {PrintKind.REQUEST: "begaran-om-sekretess", PrintKind.MASKED: "maskerat"}


@jobs.job
def make(print_id: int) -> None:
    """Make one of the papers, once. What the bid itself is to blame for is told in words and not tried again.

    Nothing is held in the database while the press works.
    """
    wanted = db.session.get(SecrecyPrint, print_id)
    if wanted is None or wanted.file_id is not None or wanted.problem:
        return
    offer, kind, bid_id = _offer(wanted), wanted.kind, wanted.bid_id
    wanted.problem = masking.why_not_masked(offer) if kind is PrintKind.MASKED else ""
    if wanted.problem:
        return
    try:
        data = _masked(bid_id, offer) if kind is PrintKind.MASKED else secrecy_print.to_pdf(offer)
    except Refused as no:
        db.session.get_one(SecrecyPrint, print_id).problem = str(no)
        return
    ready = db.session.scalar(select(SecrecyPrint).where(SecrecyPrint.id == print_id).with_for_update())
    if ready is None or ready.file_id is not None:
        return  # Somebody asked anew, or another worker was quicker.
    ready.file = files.save(data, name=f"{NAMES[kind]}-{printing.pdf_name(offer)}", media_type=PDF, now=clock.now())


def _offer(wanted: SecrecyPrint) -> Offer:
    if wanted.version_id is None:
        return from_json(wanted.offer_json)
    return from_json(db.session.get_one(BidVersion, wanted.version_id).offer_json)


def _masked(bid_id: int, offer: Offer) -> bytes:
    """The masked copy. The page for secret appendices is kept as a file, where the press finds all appendices."""
    page = secrecy_print.blank_page()
    digest = files.put(page)
    if db.session.scalar(select(files.StoredFile.id).where(files.StoredFile.sha256 == digest).limit(1)) is None:
        files.save(page, name="maskerad-bilaga.pdf", media_type=PDF, now=clock.now())
    papers = made_anew.printed_anew(bid_id, offer, digest)
    jobs.checkpoint()
    data = printing.draft_pdf(masking.masked(offer, digest, papers))
    made_anew.let_go(set(papers.values()) - {digest})
    return data
