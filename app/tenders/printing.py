"""A bid on paper: of a frozen version once, of a draft as it stands. Only workers and the command line come here.

The press is large, and web processes are to stay small.
"""

from __future__ import annotations

from sqlalchemy import select

from app import clock, files, jobs
from app.db import db
from app.tenders.models import BidPreview, BidVersion
from bids.document import to_pdf
from bids.kinds import OfferState
from bids.offer import Offer, from_json
from bids.refusal import AppendixRefused


@jobs.job
def make_pdf(version_id: int) -> None:
    """Make a frozen version's PDF, once."""
    version = db.session.scalars(select(BidVersion).where(BidVersion.id == version_id).with_for_update()).one()
    if version.pdf_id is not None:
        return
    offer = from_json(version.offer_json)
    data = to_pdf(offer, appendix_bytes(offer, version.bid_id))
    version.pdf = files.save(data, name=pdf_name(offer), media_type="application/pdf", now=clock.now())
    version.pdf_sha256 = version.pdf.sha256


@jobs.job
def make_preview(preview_id: int) -> None:
    """Make a draft's PDF. What the bid itself is to blame for is told in words and not tried again."""
    preview = db.session.scalars(select(BidPreview).where(BidPreview.id == preview_id).with_for_update()).one()
    if preview.pdf_id is not None or preview.problem:
        return
    offer = from_json(preview.offer_json)
    try:
        data = to_pdf(offer, appendix_bytes(offer, preview.bid_id))
    except AppendixRefused as no:
        preview.problem = str(no)
        return
    preview.pdf = files.save(data, name=pdf_name(offer), media_type="application/pdf", now=clock.now())


def appendix_bytes(offer: Offer, bid_id: int) -> dict[int, bytes]:
    """The appendices' bytes by number, found by the hash that the offer names, also when the bid has changed since.

    Raises FileNotFoundError when the disk has lost one.
    """
    wanted = {appendix.sha256 for appendix in offer.appendices}
    stored = db.session.scalars(select(files.StoredFile).where(files.StoredFile.sha256.in_(wanted)))
    by_hash = {file.sha256: file for file in stored}
    missing = wanted - by_hash.keys()
    if missing:
        raise FileNotFoundError(f"bid {bid_id} lacks {', '.join(sorted(missing))}")
    return {appendix.number: files.read(by_hash[appendix.sha256]) for appendix in offer.appendices}


def draft_pdf(offer: Offer, bid_id: int) -> bytes:
    """A draft's PDF at once, for the command line."""
    return to_pdf(offer, appendix_bytes(offer, bid_id))


def pdf_name(offer: Offer) -> str:
    """``anbud-INK-2026-114-v2.pdf``, with ``utkast`` for a draft."""
    mark = "".join(letter if letter.isalnum() else "-" for letter in offer.diary_number or offer.title)[:60].strip("-")
    kind = "anbud" if offer.state is OfferState.FROZEN else "utkast"
    return f"{kind}-{mark}-v{offer.version}.pdf"
