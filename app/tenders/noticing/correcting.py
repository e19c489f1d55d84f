"""A later notice of a tender that we have: what it changes, what it leaves, and what people must know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from app import audit, files
from app.accounts.models import User
from app.db import db
from app.tenders import actions, importing
from app.tenders.actions import NewLot, TenderFacts
from app.tenders.dates import asking
from app.tenders.models import Tender, TenderLot, TenderState
from app.tenders.noticing.facts import FACTS, LONGEST, LOT_FACTS, Difference, decoded, differences, encoded, in_words
from app.tenders.noticing.models import ChangeState, TenderChange, TenderNotice
from app.tenders.watching.whereabouts import in_words as where_in_words
from bids.notice_values import Notice, NoticeLot
from bids.swedish import moment

FOLLOWS = (TenderState.NOTICED, TenderState.BIDDING, TenderState.SUBMITTED, TenderState.DECLINED)
"""The states in which a tender follows its buyer. What is decided stays as it was; people are told."""
GROWS = (TenderState.NOTICED, TenderState.BIDDING, TenderState.DECLINED)
"""A bid that is handed in has its lots; a new draft must be begun before there can be more."""

Facts = Mapping[str, Any]
NOTHING = TenderFacts(title="", buyer_name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that a notice says, before it has a place among the others."""

    field: str
    label: str
    state: ChangeState
    lot_ref: str = ""
    before: str = ""
    after: str = ""
    value: str = ""


def correct(
    notice: Notice, row: TenderNotice, holding: TenderNotice | None, *, by: User | None, now: datetime
) -> list[TenderChange]:
    """Let the tender follow the notice, but for what was entered by hand. Returns what is new, deadlines first.

    Compared is with the notice from which the tender's facts followed until now. Without one nobody knows what was
    entered by hand, so that all that we have stays.
    """
    tender = row.tender
    before = importing.read(files.read(holding.file)) if holding is not None and holding.file is not None else None
    found = [
        *_facts(tender, before, notice),
        *_questions(tender, before, notice),
        *_lot_deadlines(before, notice),
        *_lots(tender, before, notice),
        *_criteria(tender, before, notice),
        *_said(notice),
    ]
    made = note(row, sorted(found, key=lambda news: news.field != "deadline"))
    if made:
        audit.record(tender, "corrected", by=by, now=now, notice=row.number, changes=len(made))
    return made


def cancel(notice: Notice, row: TenderNotice, *, by: User | None, now: datetime) -> list[TenderChange]:
    """The buyer takes the notice back. Without a bid of ours the tender is over; with one, people decide what to do."""
    why = notice.change.why if notice.change else ""
    made = note(row, [News(field="cancelled", label="Upphandlingen är avbruten", after=why, state=ChangeState.TOLD)])
    if row.tender.state == TenderState.NOTICED:
        actions.move(row.tender, TenderState.CANCELLED, by=by, now=now)
    return made


def tell_contract_changed(notice: Notice, row: TenderNotice) -> list[TenderChange]:
    """A contract in force has been changed: nothing of the tender is, but people must know."""
    return note(row, [News(field="contract", label="Avtalet har ändrats", after=_why(notice), state=ChangeState.TOLD)])


def note(row: TenderNotice, found: list[News]) -> list[TenderChange]:
    """Write down what a notice says, in this order."""
    made = [
        TenderChange(tender_id=row.tender_id, notice=row, position=position, **asdict(news))
        for position, news in enumerate(found)
    ]
    db.session.add_all(made)
    return made


def write(tender: Tender, change: TenderChange) -> None:
    """Give the tender, or its lot, the notice's value."""
    if change.field == "questions":
        asking.set_until(tender, decoded(change.field, change.value))
        return
    if not change.lot_ref:
        setattr(tender, change.field, decoded(change.field, change.value))
        return
    for lot in tender.lots:
        if lot.ref == change.lot_ref:
            setattr(lot, change.field, change.value)


def _facts(tender: Tender, before: Notice | None, notice: Notice) -> Iterator[News]:
    says = _by_name(importing.facts_of(notice))
    had = _by_name(importing.facts_of(before) if before else NOTHING)
    labels = {name: label for name, label in FACTS.items() if _is_told(name, notice)}
    yield from _followed(tender, had, says, labels, follows=tender.state in FOLLOWS)


def _is_told(name: str, notice: Notice) -> bool:
    """Three facts are guessed where the notice is silent, and a guess changes nothing."""
    if name == "award_basis":
        return any(lot.criteria for lot in notice.lots)
    if name == "title":
        return bool(notice.title)
    if name == "buyer_name":
        return bool(notice.buyers)
    if name == "reserved":
        return any(lot.reserved_participation for lot in notice.lots)
    if name == "reserved_execution":
        return any(lot.reserved_execution in {"yes", "no"} for lot in notice.lots)
    return True


def _by_name(facts: TenderFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in FACTS}


def _followed(
    thing: Tender | TenderLot,
    had: Mapping[str, Any],
    says: Mapping[str, Any],
    labels: Mapping[str, str],
    *,
    follows: bool,
) -> Iterator[News]:
    """Write what the buyer has changed, and keep what is ours by hand."""
    ours = {name: getattr(thing, name) for name in labels}
    for found in differences(had, ours, says, labels):
        state = ChangeState.KEPT if found.by_hand else ChangeState.APPLIED
        state = state if follows else ChangeState.TOLD
        if state is ChangeState.APPLIED:
            setattr(thing, found.field, found.says)
        yield _news(found, state, thing.ref if isinstance(thing, TenderLot) else "")


def _questions(tender: Tender, before: Notice | None, notice: Notice) -> Iterator[News]:
    """Until when the buyer takes questions is no column of the tender's own, and follows by the same rule."""
    had, says = before.questions_until if before else None, notice.questions_until
    ours, label = asking.until(tender), {"questions": "Sista dag för frågor"}
    for found in differences({"questions": had}, {"questions": ours}, {"questions": says}, label):
        state = ChangeState.KEPT if found.by_hand else ChangeState.APPLIED
        state = state if tender.state in FOLLOWS else ChangeState.TOLD
        if state is ChangeState.APPLIED:
            asking.set_until(tender, says)
        yield _news(found, state)


def _news(found: Difference, state: ChangeState, lot_ref: str = "") -> News:
    return News(
        field=found.field,
        label=found.label,
        lot_ref=lot_ref,
        before=_fact(found.field, found.had),
        after=_fact(found.field, found.says),
        value=encoded(found.says) if state is ChangeState.KEPT else "",
        state=state,
    )


def _fact(field: str, value: Any) -> str:
    """A place with names for the codes that notices write."""
    return where_in_words(in_words(value)) if field == "place" else in_words(value)


def _lot_deadlines(before: Notice | None, notice: Notice) -> Iterator[News]:
    """A tender has one deadline, its lots' first; one that moves behind it would else be seen by nobody."""
    had = {lot.id: lot.deadline for lot in before.lots} if before else {}
    for lot in notice.lots:
        due, was = lot.deadline, had.get(lot.id)
        if due and was and due.at not in {was.at, notice.deadline.at if notice.deadline else None}:
            yield News(
                field="deadline",
                label=f"{due.what}, anbudsområde {lot.id}",
                before=moment(was.at, "Europe/Stockholm"),
                after=moment(due.at, "Europe/Stockholm"),
                state=ChangeState.TOLD,
            )


def _lots(tender: Tender, before: Notice | None, notice: Notice) -> Iterator[News]:
    """Lots keep their work: none is taken away by a notice, only told of."""
    had, ours = {lot.id: lot for lot in before.lots} if before else {}, {lot.ref: lot for lot in tender.lots}
    own = before is None and bool(ours or tender.rows) and not any(lot.id in ours for lot in notice.lots)
    for lot in notice.lots:
        if lot.id in ours:
            yield from _lot(tender, ours[lot.id], had.get(lot.id), lot)
        elif own:
            yield _told_lot(lot)
        elif lot.id not in had:
            yield _new_lot(tender, lot)
    gone = [lot for ref, lot in ours.items() if ref in had and ref not in {one.id for one in notice.lots}]
    for lost in gone:
        told = "Annonsen har det inte längre. Vi har det kvar tills någon tar bort det."
        yield News(
            field="lot", label="Anbudsområde", lot_ref=lost.ref, before=lost.title, after=told, state=ChangeState.TOLD
        )


def _lot(tender: Tender, ours: TenderLot, before: NoticeLot | None, says: NoticeLot) -> Iterator[News]:
    had = importing.lot_of(before) if before else NewLot(ref=ours.ref, title="")
    given = importing.lot_of(says)
    old, new = ({name: getattr(lot, name) for name in LOT_FACTS} for lot in (had, given))
    yield from _followed(ours, old, new, LOT_FACTS, follows=tender.state in FOLLOWS)


def _new_lot(tender: Tender, lot: NoticeLot) -> News:
    given = importing.lot_of(lot)
    news = News(field="lot", label="Nytt anbudsområde", lot_ref=given.ref, after=given.title, state=ChangeState.APPLIED)
    if tender.state not in GROWS:
        return replace(news, state=ChangeState.TOLD)
    position = max((one.position for one in tender.lots), default=-1) + 1
    tender.lots.append(
        TenderLot(
            ref=given.ref,
            title=given.title,
            description=given.description,
            place=given.place,
            cpv=given.cpv,
            position=position,
        )
    )
    return news


def _told_lot(lot: NoticeLot) -> News:
    """Where people have entered lots and rows under numbers of their own, the buyer's would double them."""
    label = "Köparens anbudsområde (våra egna är som de var)"
    return News(field="lot", label=label, lot_ref=lot.id, after=lot.title, state=ChangeState.TOLD)


def _criteria(tender: Tender, before: Notice | None, notice: Notice) -> Iterator[News]:
    """Nobody writes criteria by hand, so they follow the buyer."""
    new = [criterion for lot in notice.lots for criterion in importing.criteria_of(lot)]
    old = [criterion for lot in before.lots for criterion in importing.criteria_of(lot)] if before else tender.criteria
    had, says = ("\n".join(f"{c.lot_ref} {c.name} {c.weight}".strip() for c in some) for some in (old, new))
    if not new or had == says:
        return
    follows = tender.state in FOLLOWS
    if follows:
        tender.criteria = new
    state = ChangeState.APPLIED if follows else ChangeState.TOLD
    yield News(
        field="criteria",
        label="Tilldelningskriterier",
        before=had[:LONGEST],
        after=says[:LONGEST],
        state=state,
    )


def _said(notice: Notice) -> Iterator[News]:
    """What the buyer itself says of the change, also when it is nothing that we keep: there may be new documents."""
    if notice.change and (words := _why(notice)):
        yield News(field="said", label="Köparen skriver", after=words[:LONGEST], state=ChangeState.TOLD)


def _why(notice: Notice) -> str:
    return "\n".join(filter(None, (*notice.change.said, notice.change.why))) if notice.change else ""
