"""Taking in one notice: a new tender, a correction of one that we have, a result, or nothing new."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app import audit, clock, files, numbering
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.tenders import actions, importing, queries
from app.tenders.dates import asking
from app.tenders.models import Tender, TenderState
from app.tenders.noticing import correcting, deciding
from app.tenders.noticing.doubts import doubts
from app.tenders.noticing.models import ChangeState, TenderChange, TenderNotice
from app.tenders.noticing.ordering import Known, is_before_its_call, is_older, is_same
from app.tenders.noticing.queries import Family, family_of
from app.tenders.noticing.receipt import Outcome, Receipt
from bids.notice_values import Notice
from bids.swedish import day, ended, moment

PASSED = "Sista anbudsdag har redan passerat: "


def take_in(data: bytes, name: str, *, by: User | None, now: datetime) -> Receipt:
    """What becomes of a notice's file. Raises Refused, and stores nothing, for a file that is no eForms notice."""
    notice = importing.read(data)
    number = numbering.draw("notice")  # From here on whoever brings another notice waits, so that none is two tenders.
    digest = files.put(data)
    family = family_of(notice, digest)
    if family is not None and any(is_same(notice, _known(one), digest) for one in family.notices):
        tender = db.session.get_one(Tender, family.tender_id)
        return Receipt(Outcome.SAME, tender, f"Annonsen är redan inläst. {_named(tender)} Inget är ändrat.")
    tender = _register(notice, by=by, now=now) if family is None else queries.tender_by_id(family.tender_id, lock=True)
    row = _keep(notice, data, name, tender, number, by=by, now=now)
    receipt = _begun(notice, row, by=by, now=now) if family is None else _later(notice, row, family, by=by, now=now)
    row.words = receipt.words
    return receipt


def acknowledge(tender: Tender, upto: int, *, by: User, now: datetime) -> None:
    """Somebody has read what changed, as far as the page showed it; what came meanwhile still stands there."""
    shown = [one for one in _unseen(tender) if one.id <= upto]
    for change in shown:
        change.seen_at, change.seen_by = now, by.name
    if shown:
        audit.record(tender, "changes_read", by=by, now=now, count=len(shown))


def take_value(tender: Tender, change: TenderChange, *, by: User, now: datetime) -> TenderChange:
    """The buyer's value instead of one entered by hand. Raises Refused when there is nothing to choose."""
    if change.state is not ChangeState.KEPT:
        raise Refused("Annonsens värde gäller redan. Ladda om sidan.")
    if tender.state not in correcting.FOLLOWS:
        raise Refused("Upphandlingen är avslutad, så dess uppgifter ändras inte längre.")
    correcting.write(tender, change)
    change.state, change.seen_at, change.seen_by = ChangeState.TAKEN, now, by.name
    audit.record(tender, "facts_changed", by=by, now=now, field=change.field)
    return change


def _unseen(tender: Tender) -> list[TenderChange]:
    query = select(TenderChange).where(TenderChange.tender_id == tender.id, TenderChange.seen_at.is_(None))
    return list(db.session.scalars(query.with_for_update()))


def _register(notice: Notice, *, by: User | None, now: datetime) -> Tender:
    tender = actions.register(importing.facts_of(notice), by=by, now=now)
    for lot in notice.lots:
        actions.add_lot(tender, importing.lot_of(lot), by=by, now=now)
        tender.criteria.extend(importing.criteria_of(lot))
    return tender


def _keep(
    notice: Notice, data: bytes, name: str, tender: Tender, number: int, *, by: User | None, now: datetime
) -> TenderNotice:
    """The file is kept whatever becomes of it."""
    row = TenderNotice(
        number=number,
        tender=tender,
        notice_id=notice.id[:100],
        version=notice.version[:20],
        folder=notice.folder[:100],
        changes=notice.change.notice[:130] if notice.change else "",
        kind=str(notice.kind),
        issued_at=notice.issued,
        received_at=now,
        by_name=by.name if by else "",
        holds=False,
        words="",
        file=files.save(data, name=importing.xml_name(name), media_type="application/xml", now=now),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _begun(notice: Notice, row: TenderNotice, *, by: User | None, now: datetime) -> Receipt:
    tender = row.tender
    _hold(notice, row, now)
    if notice.questions_until is not None:
        asking.set_until(tender, notice.questions_until)
    if notice.is_result:
        deciding.decide(notice, row, by=by, now=now)
        return Receipt(Outcome.RESULT, tender, f"Resultat av en upphandling som vi inte hade. {_named(tender)}")
    words = f"Ny upphandling: {_named(tender)}"
    if notice.change:
        words = f"Annonsen rättar en annons som vi inte har, och är inläst som ny upphandling: {_named(tender)}"
    if notice.change and notice.change.cancels:
        correcting.cancel(notice, row, by=by, now=now)
        return Receipt(Outcome.CANCELLED, tender, f"{words} Köparen har avbrutit den.")
    return Receipt(Outcome.NEW, tender, f"{words}{_passed(tender, now)}")


def _later(notice: Notice, row: TenderNotice, family: Family, *, by: User | None, now: datetime) -> Receipt:
    tender, known = row.tender, [_known(one) for one in family.notices]
    if is_older(notice, known):
        words = f"Annonsen är äldre än den vi redan har. {_named(tender)} Inget är ändrat."
        return Receipt(Outcome.OLDER, tender, words)
    if is_before_its_call(notice, known):
        words = f"Resultatet är daterat före annonsen som det hör till. Kontrollera filen. {_named(tender)}"
        return Receipt(Outcome.OLDER, tender, f"{words} Inget är ändrat.")
    if notice.is_result:
        made = deciding.decide(notice, row, by=by, now=now)
        return Receipt(Outcome.RESULT, tender, f"Resultat: {_named(tender)}", tuple(made))
    if notice.kind.is_award:
        made = correcting.tell_contract_changed(notice, row)
        return Receipt(Outcome.CHANGED, tender, f"Avtalet har ändrats: {_named(tender)}", tuple(made))
    if notice.change and notice.change.cancels:
        made = correcting.cancel(notice, row, by=by, now=now)
        words = f"Köparen har avbrutit upphandlingen: {_named(tender)}"
        return Receipt(Outcome.CANCELLED, tender, words, tuple(made))
    return _corrected(notice, row, family.holding, by=by, now=now)


def _corrected(
    notice: Notice, row: TenderNotice, holding: TenderNotice | None, *, by: User | None, now: datetime
) -> Receipt:
    tender = row.tender
    made = correcting.correct(notice, row, holding, by=by, now=now)
    _hold(notice, row, now)
    if not made:
        words = f"En senare annons som inte ändrar något hos oss: {_named(tender)}"
        return Receipt(Outcome.UNCHANGED, tender, words)
    return Receipt(Outcome.CHANGED, tender, f"Rättad: {_named(tender)} {_listed(made)}", tuple(made))


def _hold(notice: Notice, row: TenderNotice, now: datetime) -> None:
    """From now on this is the notice that the tender's facts are compared with."""
    tender = row.tender
    row.holds = not notice.kind.is_award
    tender.notice_id, tender.notice_file = row.notice_id, row.file
    tender.zone_as_written = notice.deadline.zone if notice.deadline else ""
    late = [f"{PASSED}{moment(tender.deadline, tender.zone)}."] if _is_late(tender, now) and tender.deadline else []
    tender.missing_facts = "\n".join([*late, *notice.missing, *doubts(notice)])


def _is_late(tender: Tender, now: datetime) -> bool:
    return tender.deadline is not None and tender.deadline <= now and tender.state == TenderState.NOTICED


def _passed(tender: Tender, now: datetime) -> str:
    if tender.deadline is None or not _is_late(tender, now):
        return ""
    return f" {PASSED}{day(clock.local_date(tender.deadline))}."


def _known(row: TenderNotice) -> Known:
    return Known(row.notice_id, row.version, row.changes, row.kind, row.issued_at, row.file.sha256 if row.file else "")


def _named(tender: Tender) -> str:
    return ended(f"{tender.title}, {tender.buyer_name}")


def _listed(made: list[TenderChange]) -> str:
    labels = list(dict.fromkeys(change.label for change in made))
    more = f" och {len(labels) - 4} till" if len(labels) > 4 else ""
    return f"Ändrat: {', '.join(labels[:4])}{more}."
