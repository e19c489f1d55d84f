"""Asking for the deduction, taking it off an invoice, and forgetting whom it was for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from app import audit, sealed
from app.audit import Actor
from app.db import db
from app.errors import Refused
from app.household import claim_file, persons, queries, rules
from app.household.claim_file import Case, Done, Home
from app.household.models import (
    PartState,
    ReliefAsk,
    ReliefDeduction,
    ReliefDone,
    ReliefLine,
    ReliefPart,
    ReliefPerson,
)
from app.household.rules import Worked
from app.money import NOUGHT, Money
from app.orders.models import Order, OrderLine
from app.reliefs import WORKS, Relief, Work, relief_of

BY_THE_HOUR = "HUR"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a private person asks for at the checkout."""

    article_ids: frozenset[int]
    persons: tuple[tuple[str, int], ...]
    """Each one's number as it was typed, and per cent of the deduction."""
    confirmed: str
    home: Home | None = None


def ask(order: Order, wish: Wish, *, now: datetime) -> ReliefAsk:
    """Write down what is asked for on an order that has just been placed.

    Raises Refused for a number that cannot be, for somebody under age, for work of both kinds, and for work in an
    unknown home. No sentence repeats a number.
    """
    lines = [line for line in order.lines if line.article_id in wish.article_ids and line.article.work is not None]
    relief = _one_relief(lines)
    numbers = [persons.checked(typed) for typed, _weight in wish.persons]
    rules.check_weights([weight for _typed, weight in wish.persons])
    if len(set(numbers)) != len(numbers):
        raise Refused("Det är samma person två gånger.")
    for number in numbers:
        persons.check_of_age(number, order.delivery_day.year)
    home = _home(wish.home) if relief == Relief.ROT else Home()
    found = ReliefAsk(
        order=order, relief=relief, asked_at=now, confirmed=wish.confirmed,
        designation=home.designation, cooperative=home.cooperative, apartment=home.apartment,
    )  # fmt: skip
    found.persons = [_person(number, weight) for number, (_t, weight) in zip(numbers, wish.persons, strict=True)]
    found.lines = [_asked_line(line) for line in lines]
    db.session.add(found)
    audit.record(found, "asked for a deduction", by=None, now=now, order=order.number, persons=len(numbers))
    return found


def _one_relief(lines: Sequence[OrderLine]) -> Relief:
    kinds = {relief_of(line.article.work) for line in lines if line.article.work}
    if not kinds:
        raise Refused("Välj vilket arbete du vill ha avdrag för.")
    if len(kinds) > 1:
        raise Refused("Rut och rot kan inte begäras i samma beställning. Beställ dem var för sig.")
    return kinds.pop()


def _home(home: Home | None) -> Home:
    """Raises Refused where the tax agency would not know which home it is."""
    home = home or Home()
    probe = Case("", claim_file.FIRST_DAY, 2, 1, 1, "", (Done(Work.BUILDING, 1, 0),), home=home)
    wrong = claim_file.problems(Relief.ROT, "rot", [probe], claim_file.FIRST_DAY)
    if wrong:
        raise Refused("Skriv fastighetens beteckning, eller bostadsrättsföreningens nummer och lägenhetens nummer.")
    return home


def _person(number: str, weight: int) -> ReliefPerson:
    mark = sealed.marks(number)[0]
    return ReliefPerson(sealed=sealed.seal(number), mark=mark, last=persons.tail(number), weight=weight)


def _asked_line(line: OrderLine) -> ReliefLine:
    """What the article says today holds, also when it says something else on the day of the work."""
    work = line.article.work
    assert work is not None  # noqa: S101  only such lines are asked for
    by_law = WORKS[work].labour
    return ReliefLine(order_line=line, work=work, labour_percent=by_law or line.article.labour_percent or rules.WHOLE)


@dataclass(frozen=True, slots=True)
class Taken:
    """What comes off an invoice, before it is numbered."""

    ask: ReliefAsk
    labour: Money
    amount: Money
    shares: tuple[rules.Share, ...]
    done: tuple[tuple[Work, int | None, Money], ...]
    """Each kind of work, its hours where they are known, and its material with VAT."""

    @property
    def tails(self) -> tuple[str, ...]:
        """By what each person knows its own number."""
        return tuple(person.last for person in self.ask.persons if person.last)


def take(ask_: ReliefAsk, billed: Iterable[tuple[int, Decimal, Worked]], *, day: date) -> Taken | None:
    """What the deduction comes to for lines that are invoiced; None when there is nothing to take off.

    `billed` has the order line's id, its quantity, and what is charged for it; its per cent of labour is put in here.
    `day` is that of the invoice: the customer is thought to pay the same year.
    """
    mine = {line.order_line_id: line for line in ask_.lines}
    found = [(mine[id_], quantity, worked) for id_, quantity, worked in billed if id_ in mine]
    worked = [
        Worked(charged.net, charged.parts, line.labour_percent) for line, _quantity, charged in found if charged.net
    ]
    labour = rules.labour_of(worked)
    rooms = [_room(person, ask_.relief, day.year) for person in ask_.persons]
    percent = rules.table().percent(ask_.relief, day)
    shares = rules.shares_of(labour, percent, [person.weight for person in ask_.persons], rooms)
    amount = Money.total(share.amount for share in shares)
    if amount <= NOUGHT:
        return None
    return Taken(ask_, labour, amount, tuple(shares), tuple(_done(found)))


def _room(person: ReliefPerson, relief: Relief, year: int) -> Money:
    """Nothing for whose number has been taken away: then nothing can be asked for either."""
    if person.sealed is None:
        return NOUGHT
    return rules.table().room(relief, year, queries.had(sealed.unseal(person.sealed), year))


def _done(found: Sequence[tuple[ReliefLine, Decimal, Worked]]) -> Iterable[tuple[Work, int | None, Money]]:
    for work in dict.fromkeys(line.work for line, _quantity, _worked in found):
        mine = [one for one in found if one[0].work == work]
        timed = all(line.order_line.unit == BY_THE_HOUR for line, _quantity, _worked in mine)
        hours = sum((max(quantity, Decimal(0)) for _line, quantity, _worked in mine), Decimal(0))
        whole = int(hours.quantize(Decimal(1), ROUND_HALF_UP)) if timed else None
        beside = [Worked(one.net, one.parts, line.labour_percent) for line, _quantity, one in mine]
        yield work, whole, rules.beside_labour(beside)


def write_down(taken: Taken, invoice_id: int, invoice_name: str, *, day: date) -> ReliefDeduction:
    """What has been taken off an invoice that is issued. An invoice has one deduction at most."""
    found = ReliefDeduction(
        ask=taken.ask, invoice_id=invoice_id, invoice_name=invoice_name, amount=taken.amount, year=day.year
    )
    found.parts = [
        ReliefPart(person=person, labour=share.labour, amount=share.amount)
        for person, share in zip(taken.ask.persons, taken.shares, strict=True)
        if share.amount
    ]
    found.done = [ReliefDone(work=work, hours=hours, material=material) for work, hours, material in taken.done]
    db.session.add(found)
    return found


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What is no longer taken off an invoice, because a part of it is credited."""

    relief: Relief
    labour: Money
    amount: Money


def give_back(
    invoice_id: int,
    billed: Iterable[tuple[int, Worked]],
    remains: Mapping[int, Decimal],
    *,
    invoiced_on: date,
    day: date,
) -> GivenBack | None:
    """An invoice is credited: what is taken off it becomes less, wherever the deduction stands with the tax agency.

    `billed` is what is credited of each order line, and `remains` how much of its quantity is left then. None when
    nothing changes. The per cent is that of the day on which the customer paid, or was thought to when it was taken
    off. What has been asked for stays as it was asked, beside what is credited of it.
    """
    deduction = queries.deduction_on(invoice_id)
    if deduction is None:
        return None
    mine = {line.order_line_id: line for line in deduction.ask.lines}
    gone = [(mine[id_], Worked(one.net, one.parts, mine[id_].labour_percent)) for id_, one in billed if id_ in mine]
    labour = rules.labour_of(one for _line, one in gone)
    if labour <= NOUGHT:
        return None
    parts = queries.hold_parts(deduction)
    before, percent = deduction.due, rules.table().percent(deduction.ask.relief, deduction.paid_on or invoiced_on)
    is_open = any(part.state == PartState.OPEN for part in parts)
    for part, less in zip(parts, labour.share([part.person.weight for part in parts]), strict=True):
        _lessen(part, less, percent, day)
    if is_open:
        _do_less(deduction, gone, remains)
    deduction.amount = Money.total(part.amount for part in parts)
    return GivenBack(deduction.ask.relief, labour, before - deduction.due)


def _do_less(
    deduction: ReliefDeduction, gone: Sequence[tuple[ReliefLine, Worked]], remains: Mapping[int, Decimal]
) -> None:
    """What is still to be asked for says how much was done of what is left."""
    for one in deduction.done:
        beside = rules.beside_labour([worked for line, worked in gone if line.work == one.work])
        one.material = max(one.material - beside, NOUGHT)
        one.hours = _hours_left(one, [line for line in deduction.ask.lines if line.work == one.work], remains)


def _hours_left(one: ReliefDone, lines: Sequence[ReliefLine], remains: Mapping[int, Decimal]) -> int | None:
    """What was sold by the hour is so many hours as are left of it; other hours are finance's to write."""
    mine = [line for line in lines if line.order_line_id in remains]
    if one.hours is None or not mine or any(line.order_line.unit != BY_THE_HOUR for line in mine):
        return one.hours
    left = sum((remains[line.order_line_id] for line in mine), Decimal(0))
    return min(one.hours, int(left.quantize(Decimal(1), ROUND_HALF_UP)))


def _lessen(part: ReliefPart, less: Money, percent: int, day: date) -> None:
    """What is left of the labour is rounded down, so that never too much is asked for."""
    labour = max(rules.down(part.labour - part.labour_credited - less), NOUGHT)
    due = min(part.due, rules.down(labour.percent(percent)))
    if part.state != PartState.OPEN:
        part.labour_credited, part.credited = part.labour - labour, part.amount - due
        return
    part.labour, part.amount = labour, due
    if not part.amount:
        part.state, part.decided_on = PartState.WITHDRAWN, day


def forget(person: ReliefPerson, *, by: Actor | None, now: datetime) -> ReliefPerson:
    """Take a person's number away for good. Raises Refused while something is to be asked for or decided with it."""
    open_ = [one for one in _parts_of(person) if one.state in {PartState.OPEN, PartState.ASKED}]
    if open_:
        raise Refused("Avdraget är inte avgjort än. Numret behövs tills Skatteverket har beslutat.")
    person.sealed, person.mark, person.last, person.erased_at = None, None, "", now
    audit.record(person, "personal number erased", by=by, now=now)
    return person


def _parts_of(person: ReliefPerson) -> list[ReliefPart]:
    return [part for deduction in person.ask.deductions for part in deduction.parts if part.person_id == person.id]


def reseal_all() -> int:
    """Seal every number with the newest key; returns how many. Then the older keys can be thrown away."""
    rows = queries.known()
    for person in rows:
        number = sealed.unseal(person.sealed or "")
        person.sealed, person.mark = sealed.seal(number), sealed.marks(number)[0]
    return len(rows)
