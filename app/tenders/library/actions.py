"""What staff do with the library: write, write anew, hand over, take out of use, and use in answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert

from app import audit
from app.accounts.models import User
from app.db import db, table_of
from app.errors import Refused
from app.files import StoredFile
from app.tenders.bid_actions import check_draft
from app.tenders.library.likeness import tokens
from app.tenders.library.models import AnswerSource, EntryKind, LibraryEntry, LibraryToken, LibraryVersion
from app.tenders.library.values import EntryText
from app.tenders.models import BidAnswer

MOST_ENTRIES_TAKEN = 20
"""An answer that builds on more has no one text of its own."""


def begin(
    kind: EntryKind,
    says: EntryText,
    *,
    owner: User | None,
    file: StoredFile | None,
    is_promised: bool = False,
    by: User | None,
    now: datetime,
) -> LibraryEntry:
    """A new entry with its first version; ``is_promised``: a worker makes its file. Raises Refused when it is empty."""
    says = says.checked(has_file=file is not None or is_promised)
    entry = LibraryEntry(kind=kind, owner_id=owner.id if owner else None, created_at=now, current=1)
    entry.versions = [_version(1, says, file, by, now)]
    db.session.add(entry)
    audit.record(entry, "library_entry_made", by=by, now=now, title=says.title)
    _index(entry, says)
    return entry


def write_anew(
    entry: LibraryEntry,
    says: EntryText,
    *,
    seen: int,
    file: StoredFile | None,
    is_promised: bool = False,
    by: User,
    now: datetime,
) -> LibraryVersion:
    """A new version; the one before stays as it was, and so do the answers that took text from it.

    A file that the version before has comes along unless there is a new one. Raises Refused when somebody has written
    another version than the ``seen`` one meanwhile, and when nothing is said.
    """
    if entry.current != seen:
        raise Refused("Någon annan har skrivit en ny version medan du skrev. Jämför, och spara igen om din ska gälla.")
    latest = entry.versions[0]
    says = says.checked(has_file=file is not None or is_promised or latest.file_id is not None)
    version = _version(entry.current + 1, says, None if is_promised else file or latest.file, by, now)
    entry.versions.insert(0, version)
    entry.current = version.number
    audit.record(entry, "library_version_made", by=by, now=now, number=version.number, title=says.title)
    if entry.retired_at is None:
        _index(entry, says)
    return version


def hand_over(entry: LibraryEntry, owner: User | None, *, by: User, now: datetime) -> LibraryEntry:
    """Somebody else sees to it from now on."""
    if entry.owner_id != (owner.id if owner else None):
        entry.owner_id = owner.id if owner else None
        audit.record(entry, "library_entry_handed_over", by=by, now=now, to=owner.name if owner else "")
    return entry


def retire(entry: LibraryEntry, *, by: User, now: datetime) -> LibraryEntry:
    """It is suggested no more; drafts that took text from it say so. Doing it twice changes nothing."""
    if entry.retired_at is None:
        entry.retired_at, entry.retired_by = now, by.name
        db.session.execute(delete(LibraryToken).where(LibraryToken.entry_id == entry.id))
        audit.record(entry, "library_entry_retired", by=by, now=now)
    return entry


def bring_back(entry: LibraryEntry, *, by: User, now: datetime) -> LibraryEntry:
    """It is in use again."""
    if entry.retired_at is not None:
        entry.retired_at, entry.retired_by = None, ""
        latest = entry.versions[0]
        _index(entry, EntryText(title=latest.title, text=latest.text))
        audit.record(entry, "library_entry_brought_back", by=by, now=now)
    return entry


def take(answer: BidAnswer, version: LibraryVersion, *, by: User | None, now: datetime) -> AnswerSource:
    """The answer builds on this version. Where it built on another version of the same entry, it does so no longer.

    Raises Refused when the bid is handed in.
    """
    check_draft(answer.bid)
    found = next((source for source in answer.sources if source.entry_id == version.entry_id), None)
    if found is None:
        if len(answer.sources) >= MOST_ENTRIES_TAKEN:
            raise Refused(f"Ett svar kan bygga på högst {MOST_ENTRIES_TAKEN} texter ur biblioteket.")
        found = AnswerSource(entry_id=version.entry_id, version_id=version.id)
        answer.sources.append(found)
    found.version_id, found.version, found.entry = version.id, version, version.entry
    found.taken_at, found.taken_by = now, by.name if by else "Samsälj"
    audit.record(answer.bid, "library_taken", by=by, now=now, title=version.title, number=version.number)
    return found


def let_go(answer: BidAnswer, entry_id: int, *, by: User, now: datetime) -> None:
    """The answer no longer builds on the entry; its text stays. Raises Refused when the bid is handed in."""
    check_draft(answer.bid)
    found = next((source for source in answer.sources if source.entry_id == entry_id), None)
    if found is not None:
        answer.sources.remove(found)
        audit.record(answer.bid, "library_let_go", by=by, now=now, title=found.version.title)


def _version(number: int, says: EntryText, file: StoredFile | None, by: User | None, now: datetime) -> LibraryVersion:
    return LibraryVersion(
        number=number,
        title=says.title,
        text=says.text,
        valid_to=says.valid_to,
        review_on=says.review_on,
        file=file,
        reference=says.reference.plain() if says.reference is not None else None,
        made_at=now,
        made_by=by.name if by else "Samsälj",
    )


def _index(entry: LibraryEntry, says: EntryText) -> None:
    """Write anew by which words the entry is found: those of its latest version."""
    db.session.flush()
    db.session.execute(delete(LibraryToken).where(LibraryToken.entry_id == entry.id))
    rows = [
        {"entry_id": entry.id, "token": token, "weight": weight}
        for token, weight in sorted(tokens(says.title, says.text).items())
    ]
    if rows:
        db.session.execute(insert(table_of(LibraryToken)), rows)
