"""Files that people hand in: at once where they are what we keep, and through a worker where they are Word files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from app import office
from app.accounts.models import User
from app.db import db
from app.members.models import Member, MemberDocument
from app.members.vault import actions as vault
from app.members.vault.actions import VaultPaper
from app.tenders import answer_actions, paper_actions, word_files
from app.tenders.models import Appendix, BidAnswer, BidParty, WordFile
from app.tenders.paper_actions import Upload
from app.tenders.word_files import For
from bids.kinds import DocumentKind


def hand_in(
    member: Member,
    paper: VaultPaper,
    upload: Upload,
    *,
    for_bid: int | None = None,
    into: BidParty | None = None,
    by: User | None,
    now: datetime,
) -> MemberDocument:
    """Lay a paper in the member's vault, where later bids find it too. Raises Refused as `paper_actions.keep` does.

    One that names a tender is for that bid, by id, and for no other. With a party it becomes an appendix of its bid.
    """
    meant = replace(paper, for_bid_id=for_bid if _names_a_tender(paper) else None).checked()
    if not office.is_word(upload.data):
        document = vault.lay_in(member, meant, paper_actions.keep(upload, now=now), by=by, now=now)
        if into is not None:
            paper_actions.attach_document(into.bid, into, document, by=by, now=now)
        return document
    word_files.check(upload)
    document = vault.lay_in(member, meant, None, by=by, now=now)
    return _later(document, upload, into.bid_id if into is not None else None, by=by, now=now)


def renew(older: MemberDocument, paper: VaultPaper, upload: Upload, *, by: User, now: datetime) -> MemberDocument:
    """Lay a newer paper in the place of another, for the same bid where that is said.

    Raises Refused as `paper_actions.keep` does, and when it was renewed before.
    """
    meant = replace(paper, for_bid_id=older.for_bid_id).checked()
    if not office.is_word(upload.data):
        return vault.renew(older, meant, paper_actions.keep(upload, now=now), by=by, now=now)
    word_files.check(upload)
    return _later(vault.renew(older, meant, None, by=by, now=now), upload, None, by=by, now=now)


def _later(
    document: MemberDocument, upload: Upload, bid_id: int | None, *, by: User | None, now: datetime
) -> MemberDocument:
    db.session.flush()
    word_files.keep(upload, For(document_id=document.id, bid_id=bid_id), title=document.title, by=by, now=now)
    return document


def _names_a_tender(paper: VaultPaper) -> bool:
    return any(kind.names_a_tender for kind in DocumentKind if kind == paper.kind)


def prove(
    answer: BidAnswer, upload: Upload, *, title: str, valid_to: date | None, by: User, now: datetime
) -> Appendix | WordFile:
    """A file becomes an appendix of the answer's bid and proves the answer; a Word file when its PDF is made.

    One that is an appendix already proves this answer too, and is not there twice.
    """
    bid = answer.bid
    if office.is_word(upload.data):
        return word_files.take_in(bid, upload, title, answer=answer, valid_to=valid_to, by=by, now=now)
    kept = paper_actions.keep(upload, now=now)
    appendix = paper_actions.same_file(bid, kept)
    if appendix is None:
        appendix = paper_actions.attach(bid, kept, title=title or kept.name.rpartition(".")[0], by=by, now=now)
    db.session.flush()
    answer_actions.add_evidence(
        answer, title=title or appendix.title, appendix=appendix, valid_to=valid_to, by=by, now=now
    )
    return appendix
