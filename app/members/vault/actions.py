"""What members and staff do with papers: lay them in, renew them, check them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.members.models import Member, MemberDocument

RENEWED = "Handlingen är redan förnyad. Öppna den nyaste och förnya den i stället."


@dataclass(frozen=True, slots=True)
class VaultPaper:
    """A document for a member's vault. ``kind`` is a value of `bids.kinds.DocumentKind`."""

    kind: str
    title: str
    valid_from: date | None
    valid_to: date | None
    for_bid_id: int | None = None
    """Of a paper that is given for one tender: for which of our bids."""

    def checked(self) -> VaultPaper:
        """Itself. Raises Refused when it ends before it begins."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise Refused("Handlingen slutar gälla innan den börjar. Rätta datumen.")
        return self


def lay_in(
    member: Member, paper: VaultPaper, file: StoredFile | None, *, by: User | None, now: datetime
) -> MemberDocument:
    """Lay a paper in the member's vault, where bids find it. Raises Refused when its validity cannot be.

    Without a file it proves nothing yet: a worker makes one.
    """
    document = _new(paper.checked(), file, by, now)
    member.documents.append(document)
    audit.record(member, "document_added", by=by, now=now, kind=str(paper.kind), title=paper.title)
    return document


def renew(
    older: MemberDocument, paper: VaultPaper, file: StoredFile | None, *, by: User | None, now: datetime
) -> MemberDocument:
    """Lay a newer paper in the place of one that runs out. What was handed in with the older one stays as it was.

    Raises Refused when it has been renewed already: the database says who came first.
    """
    member = older.member
    if db.session.scalar(select(MemberDocument.id).where(MemberDocument.replaces_id == older.id)) is not None:
        raise Refused(RENEWED)
    document = _new(paper.checked(), file, by, now)
    document.replaces_id = older.id
    try:
        with db.session.begin_nested():
            member.documents.append(document)
            db.session.flush()
    except IntegrityError as second:
        raise Refused(RENEWED) from second
    audit.record(member, "document_renewed", by=by, now=now, kind=str(paper.kind), title=paper.title)
    return document


def _new(paper: VaultPaper, file: StoredFile | None, by: User | None, now: datetime) -> MemberDocument:
    return MemberDocument(
        kind=str(paper.kind),
        title=paper.title,
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
        file=file,
        added_at=now,
        added_by=by.name if by else "",
        for_bid_id=paper.for_bid_id,
    )


def find_right(document: MemberDocument, *, by: User, now: datetime) -> MemberDocument:
    """Staff have read the paper, and it is what it says. Raises Refused when there is no file to read."""
    if document.file_id is None:
        raise Refused("Handlingen har ingen fil att kontrollera. Ladda upp den först.")
    return _look_at(document, "", by=by, now=now)


def find_wrong(document: MemberDocument, fault: str, *, by: User, now: datetime) -> MemberDocument:
    """Staff have read the paper, and something is wrong. The member sees what; no bid takes the paper from now on.

    Raises Refused without words.
    """
    if not fault.strip():
        raise Refused("Skriv vad som är fel, så att medlemmen vet vad den ska göra.")
    return _look_at(document, fault.strip(), by=by, now=now)


def _look_at(document: MemberDocument, fault: str, *, by: User, now: datetime) -> MemberDocument:
    document.fault, document.checked_at, document.checked_by = fault, now, by.name
    what = "document_found_wrong" if fault else "document_checked"
    audit.record(document.member, what, by=by, now=now, title=document.title)
    return document
