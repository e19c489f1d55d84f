"""A bid on paper: of a frozen version once, of a draft as it stands. Only workers and the command line come here."""

from __future__ import annotations

from sqlalchemy import select, update

from app import clock, files, jobs
from app.db import db
from app.errors import Refused
from app.tenders.binding import bind_apart
from app.tenders.models import BidPreview, BidVersion
from bids.kinds import OfferState
from bids.offer import Offer, from_json, to_json

PDF = "application/pdf"


@jobs.job
def make_pdf(version_id: int) -> None:
    """Make a frozen version's PDF, once, and tell how far it has come.

    Nothing is held in the database while the press works. When it dies the job is tried again, and goes on with the
    pages that were ready.
    """
    version = db.session.get_one(BidVersion, version_id)
    if version.pdf_id is not None:
        return
    try:
        data = _made(BidVersion, version_id, version.offer_json)
    except Refused as no:
        raise jobs.Hopeless(str(no)) from no
    ready = db.session.scalars(select(BidVersion).where(BidVersion.id == version_id).with_for_update()).one()
    if ready.pdf_id is not None:
        return  # Another worker was quicker.
    ready.pdf = files.save(data, name=pdf_name(from_json(ready.offer_json)), media_type=PDF, now=clock.now())
    ready.pdf_sha256, ready.done = ready.pdf.sha256, DONE


@jobs.job
def make_preview(preview_id: int) -> None:
    """Make a draft's PDF. What the bid itself is to blame for is told in words and not tried again."""
    preview = db.session.get(BidPreview, preview_id)
    if preview is None or preview.pdf_id is not None or preview.problem:
        return
    try:
        data = _made(BidPreview, preview_id, preview.offer_json)
    except Refused as no:
        db.session.get_one(BidPreview, preview_id).problem = str(no)
        return
    ready = db.session.scalar(select(BidPreview).where(BidPreview.id == preview_id).with_for_update())
    if ready is None or ready.pdf_id is not None:
        return
    ready.pdf = files.save(data, name=pdf_name(from_json(ready.offer_json)), media_type=PDF, now=clock.now())
    ready.done = DONE


DONE = 100


def _made(kind: type[BidVersion] | type[BidPreview], row_id: int, offer_json: str) -> bytes:
    check_files(from_json(offer_json))
    jobs.checkpoint()
    return bind_apart(offer_json, lambda done: _tell(kind, row_id, done))


def _tell(kind: type[BidVersion] | type[BidPreview], row_id: int, done: int) -> None:
    """A short transaction of its own, so that nobody waits for the press."""
    db.session.execute(update(kind).where(kind.id == row_id, kind.pdf_id.is_(None)).values(done=done))
    jobs.checkpoint()


def check_files(offer: Offer) -> None:
    """Whether all appendices lie where they should. Raises FileNotFoundError when the disk has lost one."""
    wanted = {appendix.sha256 for appendix in offer.appendices}
    stored = db.session.scalars(select(files.StoredFile.sha256).where(files.StoredFile.sha256.in_(wanted)))
    missing = wanted - set(stored)
    if missing:
        raise FileNotFoundError(f"the bid lacks {', '.join(sorted(missing))}")


def draft_pdf(offer: Offer) -> bytes:
    """A draft's PDF at once, for the command line. Raises Refused."""
    return bind_apart(to_json(offer))


def pdf_name(offer: Offer) -> str:
    """``anbud-INK-2026-114-v2.pdf``, with ``utkast`` for a draft."""
    mark = "".join(letter if letter.isalnum() else "-" for letter in offer.diary_number or offer.title)[:60].strip("-")
    kind = "anbud" if offer.state is OfferState.FROZEN else "utkast"
    return f"{kind}-{mark}-v{offer.version}.pdf"
