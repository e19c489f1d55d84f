"""What is asked of what is sold, and what becomes of it. Nothing published changes before staff have said yes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app import audit, clock
from app.accounts.models import User
from app.catalog import pausing, review
from app.catalog.actions import withdraw_article, withdraw_offering
from app.catalog.changing import changes, queries
from app.catalog.changing.kinds import Action, State, served_in
from app.catalog.changing.models import IN_SWEDISH, ChangeAction, ChangeRequest, ChangeState
from app.catalog.drafts import Terms, check_note, check_price, check_reason, written
from app.catalog.editions import new_edition
from app.catalog.indexing import reindex
from app.catalog.models import ApprovalState, Article, Offering, OfferingPause
from app.catalog.rows import agree, checked, free_number, keeps_unit, must_be, write
from app.catalog.versions import publish_article, publish_offering
from app.db import db
from app.errors import Refused
from app.formats import day, moment
from app.members.models import Member
from app.money import Money

MOST_PAUSES = 20
FARTHEST_PAUSE = 730
"""Days ahead."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How something is to be, and what to say with it. What the state does not mention stays as it is."""

    state: State
    base: int | None = None
    """The version that was looked at while this was written; None for the one that holds."""
    note: str = ""
    by_colleague: bool = False
    """Whether somebody else is to decide."""


class Conflict(Refused):
    """Something newer has been published than the request was written against."""

    def __init__(self) -> None:
        super().__init__(
            "Det som ska ändras har ändrats sedan förslaget skrevs. Inget är sparat. Jämför, och gör om förslaget mot "
            "det som gäller nu."
        )


def ask(
    subject: Article | Offering, wish: Wish, *, member: Member | None = None, by: User | None, now: datetime
) -> ChangeRequest:
    """Ask for a change. The caller holds the subject's row. `member` is None for the sales company's own people.

    `by` is None for a file that is taken in from the command line.
    Raises Refused for a change of nothing, for what cannot be sold, and when the member has asked already.
    """
    _must_be_published(subject, member.id if member else None)
    if member is not None and queries.open_request(subject, member) is not None:
        raise Refused("Ni har redan ett förslag om det här som inte är avgjort. Ändra eller ta tillbaka det först.")
    _publish(subject, by=None, now=now)
    request = ChangeRequest(
        member_id=member.id if member else None,
        made_by_id=by.id if by else None,
        made_by=by.name if by else "Samsälj",
        made_at=now,
        by_colleague=wish.by_colleague,
        base_version=wish.base or subject.version,
        **{"article" if isinstance(subject, Article) else "offering": subject},
    )
    _write(request, wish, now=now)
    db.session.add(request)
    audit.record(request, "asked", by=by, now=now, about=subject.id, member_id=request.member_id, said=request.note)
    return request


def send_again(request: ChangeRequest, wish: Wish, *, by: User | None, now: datetime) -> ChangeRequest:
    """What was returned is put right and sent once more; what still waits is written anew. Raises Refused."""
    if not request.is_open:
        raise _too_late(request)
    _must_be_published(request.subject, request.member_id)
    request.base_version = wish.base or request.subject.version
    request.made_by_id, request.made_by = by.id if by else None, by.name if by else "Samsälj"
    _write(request, wish, now=now)
    request.state, request.revision = ChangeState.WAITING, request.revision + 1
    audit.record(request, "sent again", by=by, now=now, revision=request.revision, said=request.note)
    return request


def take_back(request: ChangeRequest, *, by: User, now: datetime) -> ChangeRequest:
    """Who made it wants it no longer. Raises Refused when it is decided."""
    if not request.is_open:
        raise _too_late(request)
    request.state = ChangeState.WITHDRAWN
    audit.record(request, "withdrawn", by=by, now=now)
    return request


def approve(request: ChangeRequest, revision: int, answer: str = "", *, by: User, now: datetime) -> ChangeRequest:
    """Staff say yes: it is done and published, all of it or nothing. The caller holds the request's row.

    Raises Refused when somebody else was first or who made it may not decide, Conflict when something newer is out.
    """
    _must_wait(request, revision)
    if request.by_colleague and request.made_by_id == by.id:
        raise Refused("Du har bett en kollega granska det här. Låt någon annan godkänna.")
    subject = _hold(request)
    _must_be_published(subject, request.member_id)
    if request.has_moved_on:
        raise Conflict
    _do(subject, request, by=by, now=now)
    return _decide(request, ChangeState.APPROVED, check_note(answer), by=by, now=now)


def give_back(request: ChangeRequest, revision: int, note: str, *, by: User, now: datetime) -> ChangeRequest:
    """Staff send it back with a note about what to put right. Raises Refused, also when nothing is said."""
    _must_wait(request, revision)
    return _decide(request, ChangeState.RETURNED, check_reason(note), by=by, now=now)


def decline(request: ChangeRequest, revision: int, reason: str, *, by: User, now: datetime) -> ChangeRequest:
    """Staff say no, and why. Raises Refused."""
    _must_wait(request, revision)
    return _decide(request, ChangeState.DECLINED, check_reason(reason), by=by, now=now)


def rebase(
    request: ChangeRequest, revision: int, choices: Mapping[str, bool], *, by: User, now: datetime
) -> ChangeRequest:
    """Write the request anew against what holds now.

    `choices` says for each slot that has moved whether to take what was asked for (True) or to keep what holds.
    Raises Refused when one is missing, when nothing would be left to change, and for what cannot be sold.
    """
    if not request.is_open or request.revision != revision:
        raise _too_late(request)
    subject = _hold(request)
    base, current, actions = stand(request)
    met = changes.moved(base, current, actions)
    if not met <= set(choices):
        raise Refused("Välj för var och en av de uppgifter som har ändrats från båda håll.")
    wanted = changes.rebase(base, current, actions, {slot for slot in met if choices[slot]})
    if not changes.difference(current, wanted):
        raise Refused("Då blir det inget kvar att ändra. Avböj förslaget, eller ta tillbaka det.")
    _checked(subject, wanted)
    request.base_version, request.revision = subject.version, request.revision + 1
    _set_actions(request, changes.difference(current, wanted))
    audit.record(request, "rebased", by=by, now=now, version=subject.version, kept=", ".join(sorted(met)))
    return request


def stand(request: ChangeRequest) -> tuple[State, State, tuple[Action, ...]]:
    """What the request was written against, what holds now, and what it wants done."""
    base = queries.state_at(request.subject, request.base_version)
    return base, queries.state_now(request.subject), request.actions


def pause(offering: Offering, first_day: date, last_day: date, *, by: User, now: datetime) -> OfferingPause:
    """The member makes none of it on these days; it holds at once. Work accepted stays. Raises Refused.

    A pause that overlaps others becomes one with them, so that the list says what holds and one press ends it.
    """
    must_be(offering, ApprovalState.PROPOSED, ApprovalState.APPROVED)
    today = clock.local_date(now)
    if last_day < first_day:
        raise Refused("Sista dagen kan inte ligga före den första.")
    if last_day < today or (last_day - today).days > FARTHEST_PAUSE:
        raise Refused("Välj dagar från i dag och högst två år fram.")
    there = queries.pauses_of(offering, today)
    for one in there:
        if one.first_day <= first_day and last_day <= one.last_day:
            raise Refused(f"De dagarna ingår redan i pausen {day(one.first_day)} till {day(one.last_day)}.")
    first_day, last_day = pausing.joined(first_day, last_day, [(one.first_day, one.last_day) for one in there])
    swallowed = [one for one in there if first_day <= one.first_day <= last_day]
    if len(there) - len(swallowed) >= MOST_PAUSES:
        raise Refused(f"Det finns redan {MOST_PAUSES} pauser. Ta bort någon av dem först.")
    for one in swallowed:
        db.session.delete(one)
    made = OfferingPause(offering=offering, first_day=first_day, last_day=last_day)
    db.session.add(made)
    new_edition()
    audit.record(offering, "paused", by=by, now=now, first=first_day.isoformat(), last=last_day.isoformat())
    return made


def end_pause(offering: Offering, pause_id: int, *, by: User, now: datetime) -> None:
    """Strike a pause. Raises Refused when it is not there."""
    found = db.session.get(OfferingPause, pause_id)
    if found is None or found.offering_id != offering.id:
        raise Refused("Pausen är redan borttagen.")
    db.session.delete(found)
    new_edition()
    audit.record(offering, "pause struck", by=by, now=now, first=found.first_day.isoformat())


def _must_be_published(subject: Article | Offering, member_id: int | None) -> None:
    """We may put right what has been taken out, before it comes back; a member changes what is sold."""
    states = (ApprovalState.APPROVED,) if member_id else (ApprovalState.APPROVED, ApprovalState.WITHDRAWN)
    must_be(subject, *states)


def _write(request: ChangeRequest, wish: Wish, *, now: datetime) -> None:
    """Put what is wanted into the request as actions, once it is sure that it could be done."""
    subject = request.subject
    base = queries.state_at(subject, request.base_version)
    wanted = _checked(subject, {**base, **wish.state})
    actions = changes.difference(base, wanted)
    if not actions:
        raise Refused("Inget är ändrat. Ändra något först.")
    request.note, request.sent_at = check_note(wish.note), now
    _set_actions(request, actions)


def _checked(subject: Article | Offering, wanted: State) -> State:
    """The state as it would be published. Raises Refused for what cannot be sold."""
    if isinstance(subject, Offering):
        places = Terms(subject.capacity_per_week, subject.lead_days, frozenset(served_in(wanted)))
        places.checked(subject.article.unit)
        check_price(Money(wanted["member_price"]))
        return wanted
    draft = checked(changes.draft_from(wanted), subject)
    keeps_unit(subject, draft)
    check_price(Money(wanted["price"]))
    number = subject.number if wanted["number"] == subject.number else free_number(wanted["number"])
    return {**wanted, **written(draft), "number": number}


def _do(subject: Article | Offering, request: ChangeRequest, *, by: User, now: datetime) -> None:
    """Raises Refused for what cannot be sold any longer, as when a category is gone."""
    current = queries.state_now(subject)
    wanted = _checked(subject, changes.apply(current, request.actions))
    ends = current["sold"] and not wanted["sold"]
    if isinstance(subject, Article):
        write(subject, changes.draft_from(wanted))
        subject.number, subject.price = wanted["number"], Money(wanted["price"])
        if ends:
            withdraw_article(subject, by=by, now=now)
    else:
        subject.member_price = Money(wanted["member_price"])
        agree(subject, Terms(subject.capacity_per_week, subject.lead_days, frozenset(served_in(wanted))))
        if ends:
            withdraw_offering(subject, by=by, now=now)
    _publish(subject, by=by, now=now, change_request_id=request.id)
    reindex(request.about)


def _publish(
    subject: Article | Offering, *, by: User | None, now: datetime, change_request_id: int | None = None
) -> None:
    if isinstance(subject, Article):
        publish_article(subject, by=by, now=now, change_request_id=change_request_id)
    else:
        publish_offering(subject, by=by, now=now, change_request_id=change_request_id)


def _set_actions(request: ChangeRequest, actions: Iterable[Action]) -> None:
    request.rows = []
    db.session.flush()
    request.rows = [
        ChangeAction(position=place, kind=action.kind, details=changes.details_of(action))
        for place, action in enumerate(actions)
    ]


def _hold(request: ChangeRequest) -> Article | Offering:
    """The subject, locked: what it is now stays so until we are done."""
    subject = request.subject
    if isinstance(subject, Article):
        return review.article(subject.id, lock=True)
    return review.offering(subject.id, lock=True)


def _must_wait(request: ChangeRequest, revision: int) -> None:
    """Raises Refused when somebody has decided, or it has been written anew since it was read."""
    if request.state != ChangeState.WAITING:
        raise _too_late(request)
    if request.revision != revision:
        raise Refused("Förslaget har skrivits om sedan du öppnade sidan. Inget är sparat. Läs det igen först.")


def _too_late(request: ChangeRequest) -> Refused:
    if request.is_open:
        return Refused("Förslaget har skrivits om sedan du öppnade sidan. Inget är sparat. Läs det igen.")
    if request.state == ChangeState.WITHDRAWN or request.decided_at is None:
        return Refused(f"{request.made_by} har tagit tillbaka förslaget. Ingenting ändras.")
    when = moment(request.decided_at)
    return Refused(f"{request.decided_by} hann före: förslaget är {IN_SWEDISH[request.state]} ({when}).")


def _decide(request: ChangeRequest, state: ChangeState, answer: str, *, by: User, now: datetime) -> ChangeRequest:
    request.state, request.answer = state, answer
    request.decided_by, request.decided_at = by.name, now
    audit.record(request, str(state), by=by, now=now, revision=request.revision, said=answer)
    return request
