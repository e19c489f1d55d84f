"""Asking the tax agency to pay what has been taken off invoices, and writing down what it decides."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from app import audit, clock, sealed
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.household import claim_file, queries, rules
from app.household.claim_file import Case, Done
from app.household.models import PartState, ReliefClaim, ReliefDeduction, ReliefDone, ReliefPart, ReliefPerson
from app.money import NOUGHT, Money
from app.reliefs import Relief, Work


def pay(
    deduction: ReliefDeduction, paid_on: date, hours: Mapping[Work, int], *, by: User | None, now: datetime
) -> ReliefDeduction:
    """Finance has seen the rest arrive, by bank or card: cash gives no deduction (IL 67 kap. 15 a §).

    `hours` says how long the work took, where it was sold by something else than the hour. Raises Refused for a day
    that cannot be, for hours that cannot be, and when it has been asked for.
    """
    if not clock.local_date(deduction.ask.asked_at) <= paid_on <= clock.local_date(now):
        raise Refused("Betalningsdagen ska ligga mellan beställningen och i dag.")
    _check_open(deduction)
    for one in deduction.done:
        one.hours = hours.get(one.work, one.hours)
        if one.hours is not None and not 0 <= one.hours <= claim_file.MOST_HOURS:
            raise Refused(f"Skriv timmarna som ett helt tal från 1 till {claim_file.MOST_HOURS}.")
    deduction.paid_on, deduction.year = paid_on, paid_on.year
    audit.record(deduction, "paid", by=by, now=now, day=paid_on.isoformat(), hours=sum(hours.values()))
    return deduction


def unpaid(deduction: ReliefDeduction, invoiced_on: date, *, by: User | None, now: datetime) -> ReliefDeduction:
    """The rest has not come after all: it counts to the year of the invoice again. Raises Refused when asked for."""
    _check_open(deduction)
    deduction.paid_on, deduction.year = None, invoiced_on.year
    audit.record(deduction, "not paid", by=by, now=now)
    return deduction


def withdraw(deduction: ReliefDeduction, *, by: User, now: datetime) -> ReliefDeduction:
    """Never ask for it, as when the work was paid in cash. Raises Refused when it has been asked for."""
    _check_open(deduction)
    for part in deduction.parts:
        part.state, part.decided_on = PartState.WITHDRAWN, clock.local_date(now)
    audit.record(deduction, "not to be claimed", by=by, now=now)
    return deduction


def _check_open(deduction: ReliefDeduction) -> None:
    if any(part.state != PartState.OPEN for part in deduction.parts):
        raise Refused("Avdraget är redan begärt eller avgjort och kan inte ändras.")


def claim(relief: Relief, year: int, *, by: User, now: datetime) -> ReliefClaim:
    """Ask for what has been paid, at most a hundred parts; who comes second finds them asked for already.

    Raises Refused when there is nothing, or when the tax agency would not take it, with the invoices' numbers.
    """
    parts = queries.parts_to_ask(relief, year)
    if not parts:
        raise Refused("Det finns inget att begära. Det som nyss fanns kan en kollega ha begärt.")
    found = ReliefClaim(relief=relief, year=year, made_at=now, made_by=by.name, sha256="")
    db.session.add(found)
    db.session.flush()
    for part in parts:
        part.claim, part.state = found, PartState.ASKED
    data = file_of(found, by=by, now=now)
    found.sha256 = hashlib.sha256(data).hexdigest()
    audit.record(found, "claimed", by=by, now=now, parts=len(parts), ore=found.amount.ore)
    return found


def file_of(found: ReliefClaim, *, by: User, now: datetime) -> bytes:
    """The file, made from the rows. It holds numbers in clear, so who fetches it is written down for each person.

    Raises Refused when the tax agency would not take it, or when a number has been taken away meanwhile.
    """
    cases = [_case(part) for part in sorted(found.parts, key=lambda part: part.id)]
    wrong = claim_file.problems(found.relief, found.name, cases, clock.local_date(now))
    if wrong:
        raise Refused(" ".join(wrong))
    read = {part.person_id: {"claim": found.id} for part in found.parts}
    audit.record_many(ReliefPerson, read, "personal number read", by=by, now=now)
    return claim_file.to_xml(found.relief, found.name, cases)


def _case(part: ReliefPart) -> Case:
    deduction = part.deduction
    if part.person.sealed is None or deduction.paid_on is None:
        raise Refused(f"Faktura {deduction.invoice_name}: personnumret är borttaget, så filen kan inte göras om.")
    labour, asked = _kronor(part.labour), _kronor(part.amount)
    return Case(
        person=sealed.unseal(part.person.sealed),
        paid_on=deduction.paid_on,
        labour=labour,
        paid=labour - asked,
        asked=asked,
        invoice=deduction.invoice_name,
        done=tuple(_done_by(part, one) for one in deduction.done),
        home=deduction.ask.home,
    )


def _done_by(part: ReliefPart, one: ReliefDone) -> Done:
    """Two persons' hours and material are shared as the deduction is; nobody's hours become nought by that."""
    both = part.deduction.parts
    place, weights = both.index(part), [other.person.weight for other in both]
    hours = Money(one.hours or 0).share(weights)[place].ore
    return Done(one.work, max(hours, 1) if one.hours else 0, Money(_kronor(one.material)).share(weights)[place].ore)


def _kronor(money: Money) -> int:
    return money.ore // rules.KRONA


def decide(part: ReliefPart, approved: Money, decided_on: date, *, by: User, now: datetime) -> ReliefPart:
    """What the tax agency has decided on one part. Raises Refused for more than was asked for, or for a day to come."""
    if part.state != PartState.ASKED:
        raise Refused("Den här delen av avdraget är redan avgjord.")
    _check_approved(part, approved)
    if not clock.local_date(part.claim.made_at if part.claim else now) <= decided_on <= clock.local_date(now):
        raise Refused("Beslutsdagen ska ligga mellan begäran och i dag.")
    _write(part, approved, decided_on)
    audit.record(part, "decided", by=by, now=now, approved=approved.ore, asked=part.amount.ore)
    return part


def decide_anew(part: ReliefPart, approved: Money, decided_on: date, *, by: User, now: datetime) -> ReliefPart:
    """The tax agency has changed its decision on one part, in the customer's favour or against it (SFL 66 kap.).

    Raises Refused for what it has not decided yet, for the same amount as before, and as `decide` does.
    """
    if part.decided_on is None or part.state not in {PartState.APPROVED, PartState.PARTLY, PartState.REFUSED}:
        raise Refused("Skatteverket har inget beslut att ändra på den här delen av avdraget.")
    _check_approved(part, approved)
    before = part.approved
    if approved == before:
        raise Refused(f"Skatteverket hade redan godkänt {before}. Skriv vad det nya beslutet säger.")
    if not part.decided_on <= decided_on <= clock.local_date(now):
        raise Refused("Det nya beslutets dag ska ligga mellan det förra beslutet och i dag.")
    _write(part, approved, decided_on)
    audit.record(part, "decided anew", by=by, now=now, approved=approved.ore, before=before.ore)
    return part


def _check_approved(part: ReliefPart, approved: Money) -> None:
    if not NOUGHT <= approved <= part.amount or approved.ore % rules.KRONA:
        raise Refused(f"Det godkända ska vara hela kronor, högst {part.amount}.")


def _write(part: ReliefPart, approved: Money, decided_on: date) -> None:
    """What is credited of the invoice is no longer asked for: who approves the rest approves all, or finds nothing."""
    if not approved and not part.due:
        part.state = PartState.WITHDRAWN
    elif approved >= part.due:
        part.state = PartState.APPROVED
    else:
        part.state = PartState.PARTLY if approved else PartState.REFUSED
    part.approved, part.decided_on = approved, decided_on
