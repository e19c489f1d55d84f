"""What staff do with thresholds and with the choice to bid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app import audit
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.money import Money
from app.tenders.choosing import queries
from app.tenders.choosing.models import ChoiceGround, Ground, TenderChoice, Threshold, Verdict, Weighed
from app.tenders.choosing.thresholds import LimitKind
from app.tenders.tender import Tender, TenderState

OPEN = (TenderState.NOTICED, TenderState.BIDDING, TenderState.DECLINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewThreshold:
    """A row of the dated table to be."""

    kind: LimitKind
    valid_from: date
    valid_to: date | None
    amount: Money
    euro: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """What a ground says, and why."""

    ground: Ground
    says: Weighed
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A decision to be. `main` is what decided against a bid."""

    verdict: Verdict
    main: Ground | None = None
    because: str = ""
    reasons: Sequence[Reason] = ()


def enter_threshold(given: NewThreshold, *, by: User, now: datetime) -> Threshold:
    """Write down what holds from a day. What was entered for the same kind and day before is replaced, and noted.

    Raises Refused when the last day lies before the first, and when the table is full.
    """
    if given.valid_to is not None and given.valid_to < given.valid_from:
        raise Refused("Sista dagen ligger före den första. Ändra en av dem.")
    there = queries.entered(lock=True)
    row = next((one for one in there if (one.kind, one.valid_from) == (given.kind, given.valid_from)), None)
    if row is None and len(there) >= queries.MOST_ROWS:
        raise Refused("Tabellen är full. Ta bort gamla rader först.")
    before = str(row.amount) if row else ""
    if row is None:
        row = Threshold(kind=given.kind, valid_from=given.valid_from)
        db.session.add(row)
    row.valid_to, row.amount, row.euro, row.source = given.valid_to, given.amount, given.euro, given.source
    row.entered_by, row.entered_at = by.name, now
    audit.record(row, "threshold_entered", by=by, now=now, amount=str(given.amount), before=before)
    return row


def remove_threshold(row: Threshold, *, by: User, now: datetime) -> None:
    """It was wrong: what the program brought holds again."""
    details = {"kind": str(row.kind), "valid_from": row.valid_from.isoformat(), "amount": str(row.amount)}
    audit.record(row, "threshold_removed", by=by, now=now, **details)
    db.session.delete(row)


def choose(tender: Tender, choice: Choice, *, by: User, now: datetime) -> TenderChoice:
    """Write down that we bid or do not, and why. Earlier choices stay as they were; the same again is no new one.

    The caller holds the tender. Raises Refused when it is too late to choose, for a no without what decided it, and
    for the same ground twice.
    """
    if tender.state not in OPEN:
        raise Refused("Anbudet är lämnat eller upphandlingen avslutad. Då finns inget att välja.")
    if choice.verdict == Verdict.NO_GO and choice.main is None:
        raise Refused("Välj vad som avgjorde. Annars kan vi inte lära oss något av det.")
    if len({reason.ground for reason in choice.reasons}) != len(choice.reasons):
        raise Refused("Samma skäl står två gånger.")
    latest = queries.latest_choice(tender)
    if latest is not None and _same(latest, choice):
        return latest
    row = TenderChoice(
        tender_id=tender.id,
        verdict=choice.verdict,
        main_ground=choice.main if choice.verdict == Verdict.NO_GO else None,
        because=choice.because,
        by_id=by.id,
        by_name=by.name,
        at=now,
    )
    for place, reason in enumerate(choice.reasons):
        row.grounds.append(ChoiceGround(ground=reason.ground, place=place, says=reason.says, note=reason.note))
    db.session.add(row)
    audit.record(tender, f"chosen_{choice.verdict}", by=by, now=now)
    return row


def _same(row: TenderChoice, choice: Choice) -> bool:
    reasons = [(one.ground, one.says, one.note) for one in row.grounds]
    wanted = [(one.ground, one.says, one.note) for one in choice.reasons]
    main = choice.main if choice.verdict == Verdict.NO_GO else None
    return (row.verdict, row.main_ground, row.because, reasons) == (choice.verdict, main, choice.because, wanted)
