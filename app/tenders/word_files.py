"""Word files that are to be PDF: handed in on the web, converted by a worker, tried again by hand.

The PDF becomes an appendix of a bid, or the file of something that is there already and waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from app import clock, files, jobs, office, uploads
from app.accounts.models import User
from app.db import db
from app.errors import NotYours, Refused
from app.files import StoredFile
from app.members.models import MemberDocument
from app.tenders import answer_actions, paper_actions
from app.tenders.bid_actions import check_draft
from app.tenders.library.models import LibraryVersion
from app.tenders.models import Bid, BidAnswer, TenderAddendum, WordFile
from app.tenders.paper_actions import LARGEST_FILE, Upload

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONVERTING = "app.tenders.word_files.convert"


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """What the PDF is for, by id."""

    bid_id: int | None = None
    answer_id: int | None = None
    valid_to: date | None = None
    document_id: int | None = None
    library_version_id: int | None = None
    addendum_id: int | None = None


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


def of_documents(ids: Iterable[int]) -> dict[int, WordFile]:
    """Those that papers of vaults wait for, by the paper's id; one statement."""
    query = select(WordFile).where(WordFile.document_id.in_(list(ids))).options(joinedload(WordFile.job))
    return {one.document_id: one for one in db.session.scalars(query) if one.document_id is not None}


def of_document(document: MemberDocument) -> WordFile | None:
    """What the paper waits for; None where it has its file."""
    return of_documents([document.id]).get(document.id) if document.file_id is None else None


def of_version(version: LibraryVersion) -> WordFile | None:
    """What the version waits for."""
    query = select(WordFile).where(WordFile.library_version_id == version.id).options(joinedload(WordFile.job))
    return db.session.scalar(query) if version.file_id is None else None


def of_addenda(addenda: Iterable[TenderAddendum]) -> dict[int, WordFile]:
    """Those that addenda wait for, by the addendum's id; nothing is asked where all have what they need."""
    ids = [one.id for one in addenda if one.file_id is None]
    query = select(WordFile).where(WordFile.addendum_id.in_(ids)).options(joinedload(WordFile.job))
    return {one.addendum_id or 0: one for one in db.session.scalars(query)} if ids else {}


def check(upload: Upload) -> None:
    """Raises Refused for a Word file that is too large, has macros, or that nothing here can make a PDF of."""
    if len(upload.data) > LARGEST_FILE:
        raise Refused("Filen är större än 15 MB. Gör den mindre och försök igen.")
    office.check(upload.data)


def take_in(
    bid: Bid,
    upload: Upload,
    title: str,
    *,
    answer: BidAnswer | None = None,
    valid_to: date | None = None,
    by: User,
    now: datetime,
) -> WordFile:
    """Let a worker make an appendix of the file; it proves an answer where one is named. Raises Refused as `check`."""
    check_draft(bid)
    whose = For(bid_id=bid.id, answer_id=answer.id if answer else None, valid_to=valid_to)
    return keep(upload, whose, title=title, by=by, now=now)


def keep(upload: Upload, whose: For, *, title: str, by: User | None, now: datetime) -> WordFile:
    """Keep the file, and let a worker make a PDF of it. Raises Refused, and keeps nothing, where that cannot be."""
    check(upload)
    stem = files.tidy_name(upload.name).rpartition(".")[0] or files.tidy_name(upload.name)
    kept = files.save(upload.data, name=f"{stem[:100]}.docx", media_type=WORD, now=now)
    by_id = by.id if by else None
    word = WordFile(**asdict(whose), title=title or stem[:100], file=kept, asked_at=now, by_id=by_id)
    db.session.add(word)
    db.session.flush()
    word.job = jobs.enqueue(CONVERTING, word_id=word.id)
    return word


def try_again(word: WordFile | None) -> WordFile:
    """It failed, and perhaps will not now. Raises Refused while a worker still has it, and when it is done."""
    if word is None:
        raise Refused("Filen är redan gjord om till PDF.")
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
    """Make the PDF, once, and put it where it is wanted. What the file is to blame for is told in words."""
    word = db.session.get(WordFile, word_id)
    if word is None or word.problem:
        return
    data, name = files.read(word.file), word.file.name.removesuffix(".docx")
    jobs.checkpoint()  # Nothing is held in the database while LibreOffice works.
    try:
        made = office.to_pdf(data)
        media_type = uploads.look_through(made).media_type
        _put(word_id, made, f"{name}.pdf", media_type)
    except Refused as no:
        db.session.rollback()
        there = db.session.get(WordFile, word_id)
        if there is not None:
            there.problem = str(no)


def _put(word_id: int, made: bytes, name: str, media_type: str) -> None:
    """Raises Refused when the bid has been handed in meanwhile."""
    bid_id = select(WordFile.bid_id).where(WordFile.id == word_id).scalar_subquery()
    bid = db.session.scalar(select(Bid).where(Bid.id == bid_id).with_for_update())
    word = db.session.scalar(select(WordFile).where(WordFile.id == word_id).with_for_update())
    if word is None:
        return  # Somebody has thrown it away, or another worker was quicker.
    now = clock.now()
    kept = files.save(made, name=name, media_type=media_type, now=now)
    _give(word, kept)
    if bid is not None:
        _attach(bid, word, kept, now=now)
    throw_away(word)


def _attach(bid: Bid, word: WordFile, kept: StoredFile, *, now: datetime) -> None:
    """As an appendix of its own, or as the paper of the vault that it is."""
    by = db.session.get(User, word.by_id) if word.by_id is not None else None
    document = db.session.get(MemberDocument, word.document_id) if word.document_id is not None else None
    if document is not None:
        db.session.refresh(document)
        party = next((one for one in bid.parties if one.member_id == document.member_id), None)
        if party is not None:
            paper_actions.attach_document(bid, party, document, by=by, now=now)
        return
    appendix = paper_actions.attach(bid, kept, title=word.title, by=by, now=now)
    answer = next((one for one in bid.answers if one.id == word.answer_id), None)
    if answer is not None:
        db.session.flush()
        answer_actions.add_evidence(answer, title=word.title, appendix=appendix, valid_to=word.valid_to, by=by, now=now)


def _give(word: WordFile, kept: StoredFile) -> None:
    """Whatever waits for its file gets it; what has got another meanwhile keeps that."""
    waiting = (
        (MemberDocument, word.document_id),
        (LibraryVersion, word.library_version_id),
        (TenderAddendum, word.addendum_id),
    )
    for kind, waiting_id in waiting:
        if waiting_id is not None:
            mine = (kind.id == waiting_id, kind.file_id.is_(None))
            db.session.execute(update(kind).where(*mine).values(file_id=kept.id))
