"""What staff and members enter about a member."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, clock, particulars
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.members.facts import MemberFacts, WorkplaceFacts
from app.members.models import Absence, HeadCount, Member, MemberKind, Workplace
from app.members.selling import with_change

OLDEST_DAYS = 3 * 365
FARTHEST_DAYS = 730
MOST_WORKPLACES = 30


def enter_member(facts: MemberFacts, *, by: User, now: datetime) -> Member:
    """Enter a member.

    Raises Refused for facts that cannot be, Taken for an organisation number that a member has already.
    """
    return _enter(MemberKind.MEMBER, facts.checked(), by=by, now=now)


def enter_sales_company(facts: MemberFacts, *, now: datetime) -> Member:
    """Enter the sales company itself, from the command line; its address may wait. Raises Refused if there is one."""
    if db.session.scalar(select(Member.id).where(Member.kind == MemberKind.SALES_COMPANY)) is not None:
        raise Refused("Säljbolaget är redan inskrivet. Ändra dess uppgifter på sidan Medlemmar.")
    return _enter(MemberKind.SALES_COMPANY, facts.checked(whole=False), by=None, now=now)


def change_member(member: Member, facts: MemberFacts, *, by: User, now: datetime) -> Member:
    """Change what is known of a member or of the sales company. Its address in the catalogue stays.

    Raises Refused for facts that cannot be, Taken for another member's organisation number.
    """
    facts = facts.checked()
    changed = [name for name, value in asdict(facts).items() if getattr(member, name) != value]
    if "vat_status" in changed:  # What was supplied before the day is still invoiced as it was then.
        member.vat_before = member.vat_status
    if "seller_model" in changed:  # So it is with who sold it.
        member.sold_before = with_change(member.sold_before, member.seller_model, now)
    _write(member, facts)
    audit.record(member, "changed", by=by, now=now, fields=", ".join(changed))
    return member


def _enter(kind: MemberKind, facts: MemberFacts, *, by: User | None, now: datetime) -> Member:
    member = Member(kind=kind, slug=_free_slug(facts.name))
    _write(member, facts)
    audit.record(member, "entered", by=by, now=now)
    return member


def _write(member: Member, facts: MemberFacts) -> None:
    """Two of us may enter the same organisation at the same moment: the database says who came first."""
    own_id = member.id or 0
    _number_must_be_free(facts.org_number, own_id)
    try:
        with db.session.begin_nested():
            for name, value in asdict(facts).items():
                setattr(member, name, value)
            db.session.add(member)
    except IntegrityError as second:
        _number_must_be_free(facts.org_number, own_id)
        raise Refused("Någon annan sparade något liknande i samma stund. Försök igen.") from second


def _number_must_be_free(org_number: str, own_id: int) -> None:
    same = select(Member.id).where(Member.org_number == org_number, Member.id != own_id)
    if db.session.scalar(same) is not None:
        raise particulars.Taken("Det finns redan en medlem med det organisationsnumret. Sök efter den i listan.")


def _free_slug(name: str) -> str:
    wanted = particulars.slugify(name, "medlem")
    taken = set(db.session.scalars(select(Member.slug).where(Member.slug.startswith(wanted, autoescape=True))))
    if wanted not in taken:
        return wanted
    return next(slug for number in range(2, len(taken) + 3) if (slug := f"{wanted}-{number}") not in taken)


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
    count = HeadCount(
        counted_on=counted_on, occupied=occupied, target_group=target_group, method=method, counted_by=by.name
    )
    member.head_counts.append(count)
    audit.record(member, "heads counted", by=by, now=now, occupied=occupied, target_group=target_group)
    return count


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


def add_workplace(member: Member, facts: WorkplaceFacts, *, by: User | None, now: datetime) -> Workplace:
    """One more place where the member works. Raises Refused for facts that cannot be, or for too many places."""
    if len(member.workplaces) >= MOST_WORKPLACES:
        raise Refused("En medlem kan ha högst 30 arbetsplatser här. Ta bort en som inte används.")
    place = Workplace(**asdict(facts.checked()))
    member.workplaces.append(place)
    audit.record(place, "entered", by=by, now=now, member=member.name)
    return place


def remove_workplace(member: Member, place_id: int, *, by: User, now: datetime) -> None:
    """Nobody works there any longer. Raises Refused when it is not there."""
    found = next((place for place in member.workplaces if place.id == place_id), None)
    if found is None:
        raise Refused("Arbetsplatsen är redan borttagen.")
    audit.record(found, "removed", by=by, now=now, member=member.name, name=found.name)
    member.workplaces.remove(found)
    db.session.flush()
