"""What staff and members enter about a member."""

from __future__ import annotations

from datetime import date, datetime

from app import audit, clock
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.members.models import Absence, HeadCount, Member, MemberDocument

OLDEST_DAYS = 3 * 365
FARTHEST_DAYS = 730


def count_heads(
    member: Member, counted_on: date, occupied: int, target_group: int, method: str, *, by: User, now: datetime
) -> HeadCount:
    """Enter how many were occupied on a day, and how many of them of the target group (LOU 4:18).

    Raises Refused for a count that cannot be or a day that is counted already.
    """
    today = clock.local_date(now)
    if counted_on > today or (today - counted_on).days > OLDEST_DAYS:
        raise Refused("Räknedagen ska ligga i de senaste tre åren och inte i framtiden.")
    if occupied < 1 or not 0 <= target_group <= occupied:
        raise Refused("Målgruppen kan inte vara större än alla som är sysselsatta, och någon måste vara sysselsatt.")
    if any(count.counted_on == counted_on for count in member.head_counts):
        raise Refused("Det finns redan en räkning för den dagen.")
    count = HeadCount(counted_on=counted_on, occupied=occupied, target_group=target_group, method=method)
    member.head_counts.append(count)
    audit.record(member, "heads counted", by=by, now=now, occupied=occupied, target_group=target_group)
    return count


def keep_document(
    member: Member,
    kind: str,
    title: str,
    file: StoredFile,
    *,
    valid_from: date | None,
    valid_to: date | None,
    by: User,
    now: datetime,
) -> MemberDocument:
    """Put a paper in the member's vault. Raises Refused when its validity ends before it begins."""
    if valid_from and valid_to and valid_to < valid_from:
        raise Refused("Papperet kan inte sluta gälla innan det börjar.")
    document = MemberDocument(
        kind=kind, title=title, file=file, valid_from=valid_from, valid_to=valid_to, added_at=now
    )
    member.documents.append(document)
    audit.record(member, "document kept", by=by, now=now, kind=kind)
    return document


def be_absent(member: Member, first_day: date, last_day: date, reason: str, *, by: User, now: datetime) -> Absence:
    """Take no work on these days. Work already accepted stays; raises Refused for days that cannot be."""
    today = clock.local_date(now)
    if last_day < first_day:
        raise Refused("Sista dagen kan inte ligga före den första.")
    if last_day < today or (last_day - today).days > FARTHEST_DAYS:
        raise Refused("Välj dagar från i dag och högst två år fram.")
    absence = Absence(first_day=first_day, last_day=last_day, reason=reason)
    member.absences.append(absence)
    audit.record(member, "absent", by=by, now=now, first=first_day.isoformat(), last=last_day.isoformat())
    return absence


def be_back(member: Member, absence_id: int, *, by: User, now: datetime) -> None:
    """Strike an absence. Raises Refused when it is not there."""
    found = next((absence for absence in member.absences if absence.id == absence_id), None)
    if found is None:
        raise Refused("Frånvaron är redan borttagen.")
    member.absences.remove(found)
    audit.record(member, "absence struck", by=by, now=now)
    db.session.flush()
