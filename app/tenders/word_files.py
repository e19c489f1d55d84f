"""Word files that are to be appendices: handed in on the web, made into PDF by a worker, tried again by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock, files, jobs, office, uploads
from app.accounts.models import User
from app.db import db
from app.errors import NotYours, Refused
from app.tenders import paper_actions
from app.tenders.bid_actions import check_draft
from app.tenders.models import Bid, WordFile
from app.tenders.paper_actions import LARGEST_FILE, Upload

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONVERTING = "app.tenders.word_files.convert"


def waiting_in(bid: Bid) -> Sequence[WordFile]:
    """The Word files of a bid that are no appendices yet, the oldest first."""
    query = select(WordFile).where(WordFile.bid_id == bid.id).order_by(WordFile.id)
    return db.session.scalars(query.options(joinedload(WordFile.job), joinedload(WordFile.file))).all()


def waiting_one(bid: Bid, word_id: int) -> WordFile:
    """One of them. Raises NotYours for any other."""
    found = next((one for one in waiting_in(bid) if one.id == word_id), None)
    if found is None:
        raise NotYours
    return found


def take_in(bid: Bid, upload: Upload, title: str, *, by: User, now: datetime) -> WordFile:
    """Keep the file, and let a worker make a PDF of it. Raises Refused, and keeps nothing, where that cannot be."""
    check_draft(bid)
    if len(upload.data) > LARGEST_FILE:
        raise Refused("Filen är större än 15 MB. Gör den mindre och försök igen.")
    office.check(upload.data)
    stem = files.tidy_name(upload.name).rpartition(".")[0] or files.tidy_name(upload.name)
    kept = files.save(upload.data, name=f"{stem[:100]}.docx", media_type=WORD, now=now)
    word = WordFile(bid_id=bid.id, title=title, file=kept, asked_at=now, by_id=by.id)
    db.session.add(word)
    db.session.flush()
    word.job = jobs.enqueue(CONVERTING, word_id=word.id)
    return word


def try_again(word: WordFile) -> WordFile:
    """It failed, and perhaps will not now. Raises Refused while a worker still has it."""
    if not word.has_failed:
        raise Refused("Filen görs redan om till PDF.")
    word.problem, word.job = "", jobs.enqueue(CONVERTING, word_id=word.id)
    return word


def throw_away(word: WordFile) -> None:
    """It is not wanted."""
    file = word.file
    db.session.delete(word)
    db.session.flush()
    files.let_go(file)


def check_none(bid: Bid) -> None:
    """Raises Refused while a Word file is no appendix yet: what was handed in must not be left out unseen."""
    if db.session.scalar(select(WordFile.id).where(WordFile.bid_id == bid.id).limit(1)) is not None:
        raise Refused("En Word-fil är inte klar som bilaga. Vänta, försök igen eller ta bort den på sidan Handlingar.")


@jobs.job
def convert(word_id: int) -> None:
    """Make the PDF, once, and make it an appendix. What the file is to blame for is told in words."""
    word = db.session.get(WordFile, word_id)
    if word is None or word.problem:
        return
    data, name = files.read(word.file), word.file.name.removesuffix(".docx")
    jobs.checkpoint()  # Nothing is held in the database while LibreOffice works.
    try:
        made = office.to_pdf(data)
        media_type = uploads.look_through(made).media_type
        _attach(word_id, made, f"{name}.pdf", media_type)
    except Refused as no:
        db.session.rollback()
        there = db.session.get(WordFile, word_id)
        if there is not None:
            there.problem = str(no)


def _attach(word_id: int, made: bytes, name: str, media_type: str) -> None:
    """Raises Refused when the bid has been handed in meanwhile."""
    bid_id = select(WordFile.bid_id).where(WordFile.id == word_id).scalar_subquery()
    bid = db.session.scalar(select(Bid).where(Bid.id == bid_id).with_for_update())
    word = db.session.scalar(select(WordFile).where(WordFile.id == word_id).with_for_update())
    if bid is None or word is None:
        return  # Somebody has thrown it away, or another worker was quicker.
    now = clock.now()
    kept = files.save(made, name=name, media_type=media_type, now=now)
    by = db.session.get(User, word.by_id) if word.by_id is not None else None
    paper_actions.attach(bid, kept, title=word.title, by=by, now=now)
    throw_away(word)
