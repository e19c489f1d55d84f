"""What staff and members write about proof and outcomes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from app import audit, clock, particulars
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.members import proof_queries
from app.members.models import Member
from app.members.proof_models import Certificate, Criterion, OutcomeYear, SocialProof

FIRST_YEAR = 2000
MOST_PEOPLE = 100_000
HOURS_EACH = 2_500
"""More hours than anybody works in a year."""
LONGEST_HOW = 300
LONGEST_VALIDITY_DAYS = 10 * 366


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of a year."""

    year: int
    places: int
    hours: int
    to_work: int
    to_studies: int

    def checked(self, today: date) -> Outcome:
        """The same figures. Raises Refused for those that cannot be."""
        if not FIRST_YEAR <= self.year < today.year:
            raise Refused(f"Välj ett år från {FIRST_YEAR} som är slut. Siffrorna gäller hela året.")
        if not all(0 <= number <= MOST_PEOPLE for number in (self.places, self.to_work, self.to_studies)):
            raise Refused(f"Antalet personer ska vara 0 till {MOST_PEOPLE}.")
        if self.to_work + self.to_studies > self.places:
            raise Refused("Fler har gått vidare än som hade en plats. Räkna var och en en gång.")
        if not 0 <= self.hours <= self.places * HOURS_EACH:
            raise Refused(f"Timmarna är fler än {HOURS_EACH} per plats. Skriv timmarna för hela året, inte minuter.")
        return self


def set_criterion(
    member: Member, criterion: Criterion, *, fulfilled: bool, how: str, checked_on: date, by: User, now: datetime
) -> SocialProof:
    """Write down what staff found when they looked at a criterion. Raises Refused."""
    if checked_on > clock.local_date(now):
        raise Refused("Kontrolldagen kan inte ligga i framtiden.")
    row = proof_queries.criterion_of(member, criterion) or SocialProof(member=member, criterion=criterion)
    row.fulfilled, row.checked_on, row.checked_by = fulfilled, checked_on, by.name
    row.how = particulars.line(how, "Vad som visar det", longest=LONGEST_HOW)
    db.session.add(row)
    audit.record(row, "checked", by=by, now=now, criterion=criterion.value, fulfilled=str(fulfilled))
    return row


def add_certificate(
    member: Member, name: str, number: str, *, issued_on: date, valid_to: date, by: User, now: datetime
) -> Certificate:
    """Write down a certificate. Raises Refused for days that cannot be and for a number that is there already."""
    if issued_on > clock.local_date(now):
        raise Refused("Certifikatet kan inte vara utfärdat i framtiden.")
    if not 0 <= (valid_to - issued_on).days <= LONGEST_VALIDITY_DAYS:
        raise Refused("Certifikatet ska gälla till en dag efter att det utfärdades, och högst tio år.")
    number = particulars.line(number, "Numret", longest=40)
    if any(one.number == number for one in proof_queries.certificates_of(member)):
        raise Refused("Det certifikatet finns redan. Ta bort det först om något ska ändras.")
    row = Certificate(
        member=member,
        name=particulars.line(name, "Namnet"),
        number=number,
        issued_on=issued_on,
        valid_to=valid_to,
    )
    db.session.add(row)
    audit.record(row, "added", by=by, now=now, number=number, valid_to=valid_to.isoformat())
    return row


def remove_certificate(row: Certificate, *, by: User, now: datetime) -> None:
    """Strike a certificate."""
    audit.record(row, "removed", by=by, now=now, number=row.number)
    db.session.delete(row)
    db.session.flush()


def report_year(member: Member, outcome: Outcome, *, by: User, now: datetime) -> OutcomeYear:
    """The member tells what came of a year; staff check it before others see it.

    Raises Refused for figures that cannot be, and for a year that has been checked: others rely on it by now.
    """
    row = _year(member, outcome, now)
    if row.is_checked:
        raise Refused(f"Siffrorna för {row.year} är kontrollerade. Be säljbolaget att ändra dem.")
    return _write(row, outcome, "reported", by=by, now=now)


def enter_year(member: Member, outcome: Outcome, *, by: User, now: datetime) -> OutcomeYear:
    """Staff enter what came of a year, and have checked it. Raises Refused for figures that cannot be."""
    row = _year(member, outcome, now)
    row.checked_on, row.checked_by = clock.local_date(now), by.name
    return _write(row, outcome, "entered", by=by, now=now)


def check_year(row: OutcomeYear, seen: Outcome, *, by: User, now: datetime) -> OutcomeYear:
    """Staff say that the figures they saw are right. Raises Refused when they have been changed meanwhile."""
    if seen != Outcome(row.year, row.places, row.hours, row.to_work, row.to_studies):
        raise Refused("Medlemmen har ändrat siffrorna sedan sidan visades. Ladda om den och kontrollera igen.")
    row.checked_on, row.checked_by = clock.local_date(now), by.name
    audit.record(row, "checked", by=by, now=now, year=row.year)
    return row


def tell_about(member: Member, about: str, *, by: User, now: datetime) -> Member:
    """The member says who it is; it holds at once. Raises Refused."""
    if not about.strip():
        raise Refused("Skriv några meningar om er.")
    member.about = particulars.paragraphs(about, "Texten")
    audit.record(member, "told about", by=by, now=now)
    return member


def _year(member: Member, outcome: Outcome, now: datetime) -> OutcomeYear:
    outcome.checked(clock.local_date(now))
    there = proof_queries.year_of(member, outcome.year)
    return there or OutcomeYear(member=member, year=outcome.year, checked_on=None, checked_by="")


def _write(row: OutcomeYear, outcome: Outcome, what: str, *, by: User, now: datetime) -> OutcomeYear:
    for name, value in asdict(outcome).items():
        setattr(row, name, value)
    db.session.add(row)
    audit.record(row, what, by=by, now=now, **asdict(outcome))
    return row
