"""What is done with declarations: the buyer's request is taken in, a party answers, signs, and opens it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, files, jobs
from app.accounts.models import User
from app.apart import read_apart
from app.clock import SWEDEN
from app.db import db
from app.errors import Refused
from app.tenders.bid import Bid, BidParty
from app.tenders.bid_actions import check_draft
from app.tenders.espd.models import Declaration, DeclarationState, EspdRequest, PartyFact
from app.tenders.espd.queries import Standing, row_of, signed_in
from app.tenders.tender import Tender
from bids.canonical import dumps, loads
from bids.espd.answering import AnswerRefused, spoken, written
from bids.espd.filling import Source
from bids.espd.snapshot import Sheet, signed
from bids.espd.values import NO, Form, Request
from bids.kinds import DocumentKind

LARGEST = 10 * 1024 * 1024
PATIENCE = 30
"""Seconds."""
PRINTING = "app.tenders.espd.printing.make_papers"
UNREADABLE = "Filen går inte att läsa. Hämta ESPD-begäran på nytt i köparens system och ladda upp den igen."
XML = "application/xml"
LONGEST_NAME = 200


class AnswersRefused(Refused):
    """Some answers are not of the kind that is asked for; each with its sentence, by the question's identifier."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("Något svar går inte att spara. Rätta det som är markerat.")
        self.wrong = dict(wrong)


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A buyer's request that has been read, and is kept nowhere yet."""

    name: str
    data: bytes
    body: bytes
    asks: Request


def read(data: bytes, name: str) -> ReadRequest:
    """What the buyer asks in a file. Raises Refused for what is no ESPD request of the version that is read here."""
    if len(data) > LARGEST:
        raise Refused("Filen är större än 10 MB. Så stor är ingen ESPD-begäran. Kontrollera att du valde rätt fil.")
    _answer, body = read_apart("bids.espd.inspection", data, seconds=PATIENCE, unreadable=UNREADABLE)
    return ReadRequest(name, data, body, loads(body.decode(), Request))


def take_in(
    tender: Tender, bid: Bid | None, found: ReadRequest, *, confirmed: bool = False, by: User | None, now: datetime
) -> EspdRequest:
    """Let the buyer's request count. The one before it stays, and what was signed to it is opened again.

    ``confirmed``: whoever takes it in has said that it is right, although it names another buyer or number. Raises
    Refused when the bid is handed in. The same file a second time changes nothing.
    """
    if bid is not None:
        check_draft(bid)
    digest = hashlib.sha256(found.data).hexdigest()
    same = db.session.scalar(
        select(EspdRequest).where(EspdRequest.tender_id == tender.id, EspdRequest.sha256 == digest)
    )
    if same is not None and same.left_at is None:
        return same
    made = same or _keep(tender, found, digest, by=by, now=now)
    _leave(tender, now=now)
    made.left_at, tender.espd_asked_at = None, now
    db.session.add(made)
    if confirmed:
        confirm(made, by=by, now=now)
    _open_all(bid)
    audit.record(tender, "espd_request_in", by=by, now=now, criteria=made.criteria, unknown=made.unknown)
    return made


def confirm(asked: EspdRequest, *, by: User | None, now: datetime) -> EspdRequest:
    """Somebody has looked, and it is the right request: nobody is asked again."""
    asked.confirmed_at, asked.confirmed_by = now, by.name if by else "Samsälj"
    return asked


def _keep(tender: Tender, found: ReadRequest, digest: str, *, by: User | None, now: datetime) -> EspdRequest:
    asked = found.asks
    stem = files.tidy_name(found.name).rpartition(".")[0] or "espd-begaran"
    return EspdRequest(
        tender_id=tender.id,
        file=files.save(found.data, name=f"{stem[:100]}.xml", media_type=XML, now=now),
        read_file=files.save(found.body, name="espd.json", media_type="application/json", now=now),
        sha256=digest,
        version=asked.version,
        reference=asked.reference,
        buyer=asked.buyer,
        criteria=len(asked.criteria),
        unknown=len(asked.unknown),
        taken_at=now,
        by_name=by.name if by else "Samsälj",
    )


def leave_request(tender: Tender, bid: Bid | None, *, by: User, now: datetime) -> None:
    """The request was a mistake: parties sign our own form instead. The file stays."""
    if bid is not None:
        check_draft(bid)
    _leave(tender, now=now)
    tender.espd_asked_at = None
    _open_all(bid)
    audit.record(tender, "espd_request_left", by=by, now=now)


def _leave(tender: Tender, *, now: datetime) -> None:
    counting = select(EspdRequest).where(EspdRequest.tender_id == tender.id, EspdRequest.left_at.is_(None))
    for older in db.session.scalars(counting.with_for_update()):
        older.left_at = now


def _open_all(bid: Bid | None) -> None:
    """Other questions are asked now: what was signed answers them no longer."""
    for row in signed_in(bid.id) if bid is not None else ():
        if row.is_signed:
            _open(row)


def answer(standing: Standing, typed: Mapping[str, str], *, revision: int, by: User, now: datetime) -> Declaration:
    """Keep what was said to some of the questions. What was left blank is taken back, if it was said here.

    Raises Refused when it is signed already, AnswersRefused with a sentence for each answer of another kind, and for
    each that somebody else has given otherwise since the page was shown (`revision`).
    """
    row = _begun(standing)
    if row.is_signed:
        raise Refused("Försäkran är undertecknad. Öppna den igen om något ska ändras.")
    said, wrong = dict(row.answers), {}
    meanwhile = row.revision > revision
    for line in standing.lines:
        key = line.question.id
        if key not in typed:
            continue
        try:
            value = written(line.question, typed[key])
        except AnswerRefused as no:
            wrong[key] = str(no)
            continue
        if meanwhile and key in row.answers and row.answers[key] != value:
            theirs = spoken(line.question, row.answers[key])
            wrong[key] = f"Någon annan har svarat ”{theirs}” under tiden. Spara igen om ditt svar ska gälla."
        elif not value:
            said.pop(key, None)
        elif value != line.value:
            said[key] = value
    if wrong:
        raise AnswersRefused(wrong)
    if said != row.answers:
        row.answers, row.revision = said, row.revision + 1
        audit.record(row, "answered", by=by, now=now, answers=len(said))
    return row


def _begun(standing: Standing) -> Declaration:
    """The party's declaration, begun if nobody has; the database says who came first."""
    bid, party = standing.party.bid, standing.party
    check_draft(bid)
    found = row_of(bid, party, standing.kind, lock=True)
    if found is not None:
        return found
    made = Declaration(bid_id=bid.id, member_id=party.member_id, kind=standing.kind, answers={}, revision=1)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        there = row_of(bid, party, standing.kind, lock=True)
        if there is None:
            raise
        return there
    return made


def sign(standing: Standing, name: str, *, for_party: bool = False, by: User, now: datetime) -> Declaration:
    """Put a name under it. What was said is known from now on, and a worker makes its papers.

    Raises Refused while something is not answered, without a name, and where sanctions would apply.
    """
    row = _begun(standing)
    if standing.is_done:
        return row
    _check(standing, name)
    bid, entity = standing.party.bid, replace(standing.entity, told=())
    frozen = Sheet(
        signed(
            standing.asks,
            entity,
            standing.lines,
            buyer=bid.tender.buyer_name,
            tender=bid.tender.title,
            diary_number=bid.tender.diary_number,
            lots=[lot.ref for lot in bid.lots],
            signed_by=" ".join(name.split()),
            signed_on=f"{now.astimezone(SWEDEN):%Y-%m-%d %H:%M}",
        ),
        entity,
    )
    _put(row, standing, frozen, now=now)
    row.entered_by = by.name if for_party else ""
    _remember(standing, by_name=frozen.signed.signed_by, now=now)
    db.session.flush()
    row.job = jobs.enqueue(PRINTING, declaration_id=row.id)
    told = {"member": entity.party.name, "title": standing.kind.label, "sha256": row.sha256}
    audit.record(bid, "declared", by=by, now=now, name=row.signed_by, **told)
    return row


def _check(standing: Standing, name: str) -> None:
    if not name.strip():
        raise Refused("Skriv namnet på den som undertecknar.")
    if len(name.split()) < 2:
        raise Refused("Skriv både förnamn och efternamn, som i registreringsbeviset.")
    if len(name.strip()) > LONGEST_NAME:
        raise Refused(f"Namnet får ha högst {LONGEST_NAME} tecken.")
    left = len(standing.left)
    if left:
        words = "En fråga är obesvarad" if left == 1 else f"{left} frågor är obesvarade"
        raise Refused(f"{words}. Svara på allt innan försäkran undertecknas.")
    if standing.kind is DocumentKind.SANCTIONS_DECLARATION and any(line.value != NO for line in standing.lines):
        raise Refused(
            "Någon fråga är besvarad med ja. Då gäller förbudet i artikel 5k, och kontraktet får inte tilldelas. "
            "Kontrollera svaret, och ring säljbolaget om det stämmer."
        )


def _put(row: Declaration, standing: Standing, frozen: Sheet, *, now: datetime) -> None:
    row.state = DeclarationState.OPEN
    row.state = DeclarationState.SIGNED
    row.form, row.role = standing.party.bid.form, standing.party.role
    row.request_id = _request_id(standing)
    row.signed_by, row.signed_at = frozen.signed.signed_by, now
    row.signed_json, row.sha256 = dumps(frozen), frozen.signed.sha256
    row.uuid, row.xml_id, row.pdf_id = str(uuid4()), None, None


def _request_id(standing: Standing) -> int | None:
    if standing.asks.form is not Form.ESPD:
        return None
    counting = select(EspdRequest.id).where(
        EspdRequest.tender_id == standing.party.bid.tender_id, EspdRequest.left_at.is_(None)
    )
    return db.session.scalar(counting)


def _remember(standing: Standing, *, by_name: str, now: datetime) -> None:
    """What the party has said itself, under its name, needs not be asked again."""
    said = {line.key: line.value for line in standing.lines if line.key and line.value and line.source is Source.SAID}
    member_id = standing.party.member_id
    known = {
        fact.key: fact
        for fact in db.session.scalars(
            select(PartyFact).where(PartyFact.member_id == member_id, PartyFact.key.in_(said)).with_for_update()
        )
    }
    for key, value in said.items():
        fact = known.get(key)
        if fact is None:
            _add_fact(PartyFact(member_id=member_id, key=key, value=value, said_at=now, said_by=by_name))
        elif fact.value != value:
            fact.value, fact.said_at, fact.said_by = value, now, by_name


def _add_fact(fact: PartyFact) -> None:
    """The same party may sign in two bids at the same moment: whoever comes second finds it said."""
    try:
        with db.session.begin_nested():
            db.session.add(fact)
    except IntegrityError:
        same = select(PartyFact).where(PartyFact.member_id == fact.member_id, PartyFact.key == fact.key)
        there = db.session.scalars(same).one()
        there.value, there.said_at, there.said_by = fact.value, fact.said_at, fact.said_by


def reopen(party: BidParty, kind: DocumentKind, *, by: User, now: datetime) -> Declaration:
    """Something must be changed: the signature falls, and until there is a new one the bid lacks the paper.

    Raises Refused when there is nothing to open.
    """
    check_draft(party.bid)
    row = row_of(party.bid, party, kind, lock=True)
    if row is None or not row.is_signed:
        raise Refused("Försäkran är inte undertecknad. Den går att ändra som den är.")
    _open(row)
    audit.record(party.bid, "declaration_opened", by=by, now=now, member=party.member.name, title=kind.label)
    return row


def _open(row: Declaration) -> None:
    row.state, row.job_id = DeclarationState.OPEN, None
