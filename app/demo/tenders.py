"""Loads the demonstration's two tenders: A before the members are asked, B promised and answered in full."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.db import db
from app.demo.papers import paper
from app.members.models import Member, MemberDocument
from app.members.vault.actions import VaultPaper
from app.money import Money
from app.tenders import actions, answer_actions, articles, bid_actions, handing_in, paper_actions, promise_actions
from app.tenders.actions import NewLot, NewRequirement, NewRow, TenderFacts
from app.tenders.answer_actions import GivenAnswer
from app.tenders.bid_actions import BidTexts, PartyFacts
from app.tenders.espd import actions as declarations
from app.tenders.legal import reason_actions
from app.tenders.legal.reason_actions import Reason
from app.tenders.models import Bid, BidParty, Tender, TenderLot, TenderRequirement, TenderState
from app.tenders.paper_actions import Upload
from app.tenders.promise_actions import RowAnswer
from bids.kinds import AwardBasis, BidForm, DocumentKind, PartyRole, RequirementKind, RequirementStage
from bids.legal_values import ReasonKind

HERE = Path(__file__).parent
PROCEDURES = {"open": "Öppet förfarande"}
WALKED_BY_HAND = {"INK 2026/114"}
"""The tender that a visitor walks from invitation to frozen PDF: nobody is invited yet, and the validity is open."""
SELLER = "salj@samklang.example"
SHORTEST_NOTICE = timedelta(days=14)

Entry = dict[str, Any]


def load_tenders(now: datetime) -> None:
    """Load the tenders that are missing. The members must be there; the caller commits."""
    data = tomllib.loads((HERE / "tenders.toml").read_text(encoding="utf-8"))
    members = {member.slug: member for member in db.session.scalars(select(Member))}
    references = _references()
    for entry in data["tender"]:
        if db.session.scalar(select(Tender.id).where(Tender.diary_number == entry["diary_number"])) is None:
            tender = _tender(entry, now)
            bid = _bid(entry, tender, members, references, now)
            _answers(entry, bid, now)
            if "espd_request" in entry:
                asked = declarations.read((HERE / entry["espd_request"]).read_bytes(), entry["espd_request"])
                declarations.take_in(tender, bid, asked, by=None, now=now)
                _declared_already(bid)
            if entry["diary_number"] not in WALKED_BY_HAND:
                _promises(entry, bid, now)
            db.session.flush()


def _declared_already(bid: Bid) -> None:
    """The parties have answered the request in the buyer's own system; one may be signed here instead."""
    db.session.flush()
    for party in bid.parties:
        for document in party.member.documents:
            if document.kind == "espd":
                document.for_bid_id = bid.id


def _references() -> dict[str, list[Entry]]:
    data = tomllib.loads((HERE / "members.toml").read_text(encoding="utf-8"))
    return {member["slug"]: member.get("reference", []) for member in data["member"]}


def _later(entry: Entry, now: datetime) -> timedelta:
    """Whole weeks by which the tender's dates move, so that there is always time left to walk through it."""
    missing = now + SHORTEST_NOTICE - entry["deadline"]
    return timedelta(weeks=-(-missing // timedelta(weeks=1))) if missing > timedelta(0) else timedelta(0)


def _tender(entry: Entry, now: datetime) -> Tender:
    tender = actions.register(_facts(entry, _later(entry, now)), by=None, now=now)
    lots = {lot["ref"]: _lot(tender, lot, now) for lot in entry["lot"]}
    db.session.flush()
    for lot in entry["lot"]:
        made = actions.add_rows(tender, [_row(row) for row in lot["row"]], lots[lot["ref"]], by=None, now=now)
        for row, asked in zip(made, lot["row"], strict=True):
            articles.tie(row, asked["article"], newest=True, by=None, now=now)
    for requirement in entry["requirement"]:
        actions.add_requirements(tender, [_requirement(requirement)], lots.get(requirement["lot"]), by=None, now=now)
    for deduction in entry.get("deduction", []):
        actions.add_deduction(
            tender,
            name=deduction["name"],
            ref=deduction["requirement"],
            max_amount=Money.kronor(deduction["max_amount"]),
            share_percent=deduction["expected_percent"],
            by=None,
            now=now,
        )
    return tender


def _facts(entry: Entry, later: timedelta) -> TenderFacts:
    return TenderFacts(
        title=entry["name"],
        buyer_name=entry["buyer_name"],
        buyer_org_number=_buyer_number(entry["buyer"]),
        diary_number=entry["diary_number"],
        description=entry["description"],
        procedure=PROCEDURES[entry["procedure"]],
        cpv=", ".join(entry["cpv"]),
        deadline=entry["deadline"].astimezone(UTC) + later,
        required_validity=entry["required_validity"] + later,
        ceiling=Money.kronor(entry["ceiling"]),
        term_years=entry["term_years"],
        options="+".join(str(years) for years in entry["option_years"]),
        reserved=entry["reserved"],
        above_threshold=entry["above_threshold"],
        award_basis=next(basis for basis in AwardBasis if basis == entry["award_basis"]),
    )


def _buyer_number(slug: str) -> str:
    data = tomllib.loads((HERE / "customers.toml").read_text(encoding="utf-8"))
    return next((str(each["org_number"]) for each in data["customer"] if each.get("slug") == slug), "")


def _lot(tender: Tender, lot: Entry, now: datetime) -> TenderLot:
    new = NewLot(ref=lot["ref"], title=lot["name"], place=lot.get("place", ""), cpv=", ".join(lot["cpv"]))
    return actions.add_lot(tender, new, by=None, now=now)


def _row(row: Entry) -> NewRow:
    return NewRow(
        ref=row["ref"],
        text=row["text"],
        unit=row["unit"],
        unit_text=row["unit_text"],
        quantity=Decimal(row["quantity"]),
    )


def _requirement(entry: Entry) -> NewRequirement:
    return NewRequirement(
        ref=entry["ref"],
        kind=next(kind for kind in RequirementKind if kind == entry["kind"]),
        stage=next(stage for stage in RequirementStage if stage == entry["stage"]),
        text=entry["text"],
        proof_required=entry["proof"],
    )


def _bid(
    entry: Entry, tender: Tender, members: dict[str, Member], references: dict[str, list[Entry]], now: datetime
) -> Bid:
    seller = db.session.scalar(select(User).where(User.email == SELLER))
    leader = next(members[party["member"]] for party in entry["party"] if party["role"] == "representative")
    form = next(form for form in BidForm if form == entry["form"])
    bid = bid_actions.start(tender, form, leader, by=seller, now=now)
    actions.move(tender, TenderState.BIDDING, by=seller, now=now)
    for party in entry["party"]:
        _party(bid, party, members[party["member"]], references.get(party["member"], []), now)
    fee, margin = Decimal(entry["framework_fee_percent"]), Decimal(entry["margin_percent"])
    bid_actions.set_percentages(bid, fee, margin, by=seller, now=now)
    bid_actions.write_texts(bid, _texts(entry, tender, bid), by=seller, now=now)
    _ask(entry, bid, now)
    return bid


def _texts(entry: Entry, tender: Tender, bid: Bid) -> BidTexts:
    is_open = entry["diary_number"] in WALKED_BY_HAND
    return BidTexts(
        offered_validity=None if is_open else tender.required_validity,
        contact_name=bid.contact_name,
        contact_email=bid.contact_email,
        contact_phone=bid.contact_phone,
        **{
            name: entry[name]
            for name in ("letter", "delivery_plan", "quality_plan", "price_terms", "social_commitments")
        },
    )


def _party(bid: Bid, entry: Entry, member: Member, references: Sequence[Entry], now: datetime) -> None:
    role = next(role for role in PartyRole if role == entry["role"])
    party = next((party for party in bid.parties if party.member is member), None)
    party = party or bid_actions.add_party(bid, member, role, by=None, now=now)
    facts = PartyFacts(role=role, does=entry["does"], why_not_alone=entry["reason_not_alone"])
    bid_actions.change_party(party, facts, by=None, now=now)
    kinds = tuple(ReasonKind(kind) for kind in entry["reasons"])
    reasons = {key: Reason(kinds, "") for key in reason_actions.lot_keys(party)}
    reason_actions.give_reasons(party, reasons, entry["reason_not_alone"], by=None, now=now)
    for document in entry["documents"]:
        _hand_in(member, document, now)
    for reference in references if role is PartyRole.TENDERER else ():
        bid_actions.add_reference(
            bid,
            customer=reference["customer"],
            what=reference["what"],
            period=f"{reference['from']:%Y-%m}–{reference['until']:%Y-%m}",
            value=Money.kronor(reference["value"]),
            contact=f"{reference['contact']}, {reference['phone']}",
            party=party,
            by=None,
            now=now,
        )


def _hand_in(member: Member, entry: Entry, now: datetime) -> None:
    """A paper of this bid only, such as a power of attorney."""
    kind = next(kind for kind in DocumentKind if kind == entry["kind"])
    data = paper(entry["title"], [member.name, entry["text"]])
    new = VaultPaper(kind, entry["title"], entry["valid_from"], entry["valid_to"])
    handing_in.hand_in(member, new, Upload(f"{entry['title']}, {member.name}.pdf", data), by=None, now=now)


def _ask(entry: Entry, bid: Bid, now: datetime) -> None:
    parties = _by_slug(bid)
    rows = {row.ref: row for row in bid.tender.rows}
    for lot in entry["lot"]:
        for row in lot["row"]:
            for carrier in row["carriers"]:
                quantity = Decimal(carrier["quantity"])
                promise_actions.ask(parties[carrier["member"]], rows[row["ref"]], quantity, by=None, now=now)


def _promises(entry: Entry, bid: Bid, now: datetime) -> None:
    """Everybody has been invited and has promised what the file says."""
    carriers = {
        (carrier["member"], row["ref"]): carrier
        for lot in entry["lot"]
        for row in lot["row"]
        for carrier in row["carriers"]
    }
    signers = {party["member"]: party["signed_by"] for party in entry["party"]}
    for slug, party in _by_slug(bid).items():
        if party.promises:
            promise_actions.mark_invited(party, by=None, now=now)
            given = [(promise, carriers[slug, promise.row.ref]) for promise in party.promises]
            answers = [RowAnswer(p, Money.kronor(c["price"]), Decimal(c["capacity"])) for p, c in given]
            promise_actions.answer(party, answers, signers[slug], by=None, now=now)


def _answers(entry: Entry, bid: Bid, now: datetime) -> None:
    requirements = {requirement.ref: requirement for requirement in bid.tender.requirements}
    for given in entry["requirement"]:
        _answer(bid, requirements[given["ref"]], given, now)


def _answer(bid: Bid, requirement: TenderRequirement, entry: Entry, now: datetime) -> None:
    answer = answer_actions.answer(
        bid, requirement, GivenAnswer(says=True, text=entry["answer"]), revision=0, by=None, now=now
    )
    if not entry["proof"]:
        return
    for party, document in _proofs(bid, entry):
        appendix = paper_actions.attach_document(bid, party, document, by=None, now=now)
        db.session.flush()
        answer_actions.add_evidence(
            answer, title=appendix.title, appendix=appendix, valid_to=document.valid_to, by=None, now=now
        )
    if not answer.evidence:
        answer_actions.add_evidence(answer, title=_chapter(entry), appendix=None, valid_to=None, by=None, now=now)


def _proofs(bid: Bid, entry: Entry) -> list[tuple[BidParty, MemberDocument]]:
    """The tenderers' papers of the kind that the requirement asks for, and of the title where it names one."""
    title = entry.get("document_title")
    return [
        (party, document)
        for party in bid.parties
        if party.role is PartyRole.TENDERER
        for document in party.member.documents
        if document.kind == entry["document"] and title in (None, document.title)
    ]


def _chapter(entry: Entry) -> str:
    return "Avsnittet om kapacitet och referenser" if entry["document"] == "reference" else "Se anbudet"


def _by_slug(bid: Bid) -> dict[str, BidParty]:
    return {party.member.slug: party for party in bid.parties}
