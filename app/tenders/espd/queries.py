"""Reading declarations: what the buyer asks, what is known of a party, what is left, what differs from last time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, undefer

from app import files
from app.clock import local_date
from app.db import db
from app.tenders.bid import Bid, BidParty
from app.tenders.espd.models import Declaration, EspdRequest, PartyFact
from app.tenders.offers import key_of
from app.tenders.tender import Tender
from bids import checks
from bids.canonical import loads
from bids.espd.facts import Entity, entity_of, kind_delivered
from bids.espd.filling import Line, lines
from bids.espd.own_forms import own_form, sanctions_form
from bids.espd.snapshot import Before, Difference, Said, answers_of, differences
from bids.espd.values import Request
from bids.kinds import DocumentKind, PartyRole
from bids.offer import Offer

KINDS = (DocumentKind.ESPD, DocumentKind.SANCTIONS_DECLARATION)
"""What a party can declare here."""
Asked = tuple[EspdRequest, Request]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One party's declaration as it stands at this moment."""

    party: BidParty
    kind: DocumentKind
    asks: Request
    entity: Entity
    lines: tuple[Line, ...]
    row: Declaration | None
    changed: tuple[Difference, ...]
    """What is answered in another way than in the party's last declaration of the kind."""
    last: Before | None
    number: int | None
    """Of the appendix in the bid."""

    @property
    def left(self) -> tuple[Line, ...]:
        """What is still to be asked."""
        return tuple(line for line in self.lines if line.is_asked)

    @property
    def is_done(self) -> bool:
        """Whether it is signed, by the party as it is now."""
        return self.row is not None and self.row.holds_for(self.party.bid.form, self.party.role)

    @property
    def has_other_paper(self) -> bool:
        """Whether the party has handed in a document of the kind that was not made here, and that holds."""
        due = self.party.bid.tender.deadline
        papers = [one for one in self.entity.party.documents if one.kind is self.kind]
        return not self.is_done and any(due is None or one.valid_on(local_date(due)) for one in papers)

    @property
    def is_outdated(self) -> bool:
        """Whether it was signed, and something that it says is no longer so."""
        if self.row is None or not self.row.is_signed or self.row.signed_json is None:
            return False
        signed = Before.read(self.row.signed_json)
        said = {one.id: one.value for one in signed.answers}
        others = {str(one) for one in self.entity.over_a_tenth} if self.names_others else set(signed.over_a_tenth)
        if not self.is_done or others != set(signed.over_a_tenth):
            return True
        return said != {one.id: one.value for one in answers_of(self.lines)}

    @property
    def names_others(self) -> bool:
        """Whether it is about sanctions, and answers for those under the party too."""
        return self.kind is DocumentKind.SANCTIONS_DECLARATION and self.party.role == PartyRole.TENDERER


def request_of(tender: Tender) -> Asked | None:
    """The buyer's request that counts, with its questions; None where the buyer has sent none."""
    query = (
        select(EspdRequest)
        .where(EspdRequest.tender_id == tender.id, EspdRequest.left_at.is_(None))
        .options(joinedload(EspdRequest.file), joinedload(EspdRequest.read_file))
        .order_by(EspdRequest.id.desc())
        .limit(1)
    )
    row = db.session.scalar(query)
    return None if row is None else (row, loads(files.read(row.read_file).decode(), Request))


def asks_of(tender: Tender, role: PartyRole, kind: DocumentKind, asked: Asked | None) -> Request:
    """What a party in the role is asked to declare."""
    if kind is DocumentKind.SANCTIONS_DECLARATION:
        return sanctions_form(tenders=role == PartyRole.TENDERER)
    return asked[1] if asked is not None else own_form(reserved=tender.reserved)


def wanted_of(bid: Bid, offer: Offer) -> list[tuple[BidParty, DocumentKind]]:
    """Who must declare what, by the bid's form and under the rules on sanctions."""
    parties = {key_of(party.member): party for party in bid.parties}
    found = dict.fromkeys((party.key, kind) for party, kind in checks.papers_wanted(offer) if kind in KINDS)
    wanted = [(parties[key], kind) for key, kind in found]
    return sorted(wanted, key=lambda one: (bid.parties.index(one[0]), KINDS.index(one[1])))


def standings_of(bid: Bid, offer: Offer, asked: Asked | None, only: BidParty | None = None) -> list[Standing]:
    """Each declaration that is wanted, party by party; two statements, however many parties."""
    wanted = [(party, kind) for party, kind in wanted_of(bid, offer) if only is None or party.id == only.id]
    members = {party.member_id for party, _kind in wanted}
    rows, last = _signed(bid, members)
    told = _told(members)
    by_key = {party.key: party for party in offer.parties}
    delivers = kind_delivered(bid.tender.cpv)
    return [
        standing(
            party,
            kind,
            asks_of(bid.tender, party.role, kind, asked),
            entity_of(offer, by_key[key_of(party.member)], told[party.member_id], delivers=delivers),
            row=rows.get((party.member_id, kind)),
            last=last.get((party.member_id, kind)),
        )
        for party, kind in wanted
    ]


def standing(
    party: BidParty, kind: DocumentKind, asks: Request, entity: Entity, *, row: Declaration | None, last: Before | None
) -> Standing:
    """One declaration, from what was read."""
    found = lines(asks, entity, row.answers if row else {})
    before: Sequence[Said] = last.answers if last else ()
    return Standing(
        party=party,
        kind=kind,
        asks=asks,
        entity=entity,
        lines=found,
        row=row,
        changed=differences(before, answers_of(found)),
        last=last,
        number=next((one.number for one in party.bid.appendices if row and one.declaration_id == row.id), None),
    )


def row_of(bid: Bid, party: BidParty, kind: DocumentKind, *, lock: bool = False) -> Declaration | None:
    """The party's declaration, if it has begun one."""
    query = select(Declaration).where(
        Declaration.bid_id == bid.id, Declaration.member_id == party.member_id, Declaration.kind == kind
    )
    return db.session.scalar(query.with_for_update() if lock else query)


def signed_in(bid_id: int) -> Sequence[Declaration]:
    """The self-declarations of a bid; those of the sanctions ask nothing of the buyer's."""
    query = select(Declaration).where(Declaration.bid_id == bid_id, Declaration.kind == DocumentKind.ESPD)
    return db.session.scalars(query.with_for_update()).all()


def _told(members: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    told: dict[int, list[tuple[str, str]]] = defaultdict(list)
    query = select(PartyFact.member_id, PartyFact.key, PartyFact.value).where(PartyFact.member_id.in_(members))
    for member_id, key, value in db.session.execute(query.order_by(PartyFact.id)):
        told[member_id].append((key, value))
    return told


Key = tuple[int, DocumentKind]


def _signed(bid: Bid, members: Collection[int]) -> tuple[dict[Key, Declaration], dict[Key, Before]]:
    """Each party's declarations in this bid, and what it signed last in another."""
    others = (Declaration.bid_id != bid.id, Declaration.signed_json.is_not(None))
    newest = (
        select(Declaration.member_id, Declaration.kind, func.max(Declaration.signed_at).label("signed_at"))
        .where(*others, Declaration.member_id.in_(members))
        .group_by(Declaration.member_id, Declaration.kind)
        .subquery()
    )
    same = and_(Declaration.member_id == newest.c.member_id, Declaration.kind == newest.c.kind)
    is_newest = and_(Declaration.signed_at == newest.c.signed_at, *others)
    query = (
        select(Declaration)
        .outerjoin(newest, same)
        .where(Declaration.member_id.in_(members), or_(Declaration.bid_id == bid.id, is_newest))
        .options(
            undefer(Declaration.answers),
            undefer(Declaration.signed_json),
            joinedload(Declaration.pdf),
            joinedload(Declaration.xml),
            joinedload(Declaration.job),
        )
    )
    found = db.session.scalars(query).all()
    here = {(row.member_id, row.kind): row for row in found if row.bid_id == bid.id}
    before = [row for row in found if row.bid_id != bid.id and row.signed_json is not None]
    return here, {(row.member_id, row.kind): Before.read(row.signed_json or "") for row in before}
