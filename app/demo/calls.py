"""The demonstration's call: an application that is begun, with one member that has not answered yet."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.db import db
from app.members.models import Member
from app.money import Money
from app.tenders import actions, answer_actions, bid_actions, promise_actions
from app.tenders.actions import NewRequirement, TenderFacts
from app.tenders.answer_actions import GivenAnswer
from app.tenders.bid_actions import BidTexts, PartyFacts
from app.tenders.calls import actions as calls
from app.tenders.calls.actions import EntryAnswer, NewEntry, NewTerms
from app.tenders.models import Bid, BidParty, Tender, TenderState
from bids.kinds import BidForm, BudgetKind, PartyRole, RequirementKind, RequirementStage

FILE = Path(__file__).parent / "calls.toml"
SELLER = "salj@samklang.example"
SHORTEST_NOTICE = timedelta(weeks=3)
Entry = dict[str, Any]


def load_calls(now: datetime) -> None:
    """Load what is missing. Members must be there; the caller commits."""
    for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["call"]:
        if db.session.scalar(select(Tender.id).where(Tender.diary_number == entry["diary_number"])) is None:
            tender = _call(entry, now)
            db.session.flush()
            bid = _begin(entry, tender, now)
            _ask(entry, bid, now)
            _answer_questions(entry, bid, now)
            db.session.flush()


def _call(entry: Entry, now: datetime) -> Tender:
    """Its last day moves by whole weeks, so that there is always time left to walk through it."""
    missing = now + SHORTEST_NOTICE - entry["deadline"]
    later = timedelta(weeks=max(0, -(-missing // timedelta(weeks=1))))
    facts = TenderFacts(
        title=entry["title"],
        buyer_name=entry["funder"],
        buyer_org_number=entry["funder_org_number"],
        diary_number=entry["diary_number"],
        description=entry["description"],
        deadline=entry["deadline"].astimezone(UTC) + later,
        ceiling=Money.kronor(entry["ceiling"]),
        documents_url=entry["documents_url"],
        submission_url=entry["submission_url"],
        system=entry["system"],
    )
    terms = NewTerms(
        project_from=entry["project_from"],
        project_to=entry["project_to"],
        most_rate=Decimal(entry["most_rate"]),
        most_indirect=Decimal(entry["most_indirect"]),
        least_grant=Money.kronor(entry["least_grant"]),
        programme=entry["programme"],
    )
    tender = calls.make_call(actions.register(facts, by=None, now=now), terms, by=None, now=now)
    actions.add_requirements(tender, [_question(one) for one in entry["question"]], None, by=None, now=now)
    return tender


def _question(entry: Entry) -> NewRequirement:
    return NewRequirement(
        ref=entry["ref"],
        kind=RequirementKind(entry["kind"]),
        stage=RequirementStage.AWARD,
        text=entry["text"],
        most_characters=entry["most_characters"],
    )


def _begin(entry: Entry, tender: Tender, now: datetime) -> Bid:
    members = {member.slug: member for member in db.session.scalars(select(Member))}
    seller = db.session.scalar(select(User).where(User.email == SELLER))
    leader = next(members[one["member"]] for one in entry["party"] if one["role"] == PartyRole.APPLICANT)
    bid = bid_actions.start(tender, BidForm.APPLICATION, leader, by=seller, now=now)
    actions.move(tender, TenderState.BIDDING, by=seller, now=now)
    for one in entry["party"]:
        role, member = PartyRole(one["role"]), members[one["member"]]
        party = next((each for each in bid.parties if each.member is member), None)
        party = party or bid_actions.add_party(bid, member, role, by=None, now=now)
        bid_actions.change_party(party, PartyFacts(role=role, does=one["does"], why_not_alone=""), by=None, now=now)
    texts = BidTexts(
        offered_validity=None,
        letter=entry["summary"],
        delivery_plan=entry["plan"],
        quality_plan="",
        price_terms=entry["budget_words"],
        social_commitments="",
        contact_name=bid.contact_name,
        contact_email=bid.contact_email,
        contact_phone=bid.contact_phone,
    )
    bid_actions.write_texts(bid, texts, by=seller, now=now)
    db.session.flush()
    return bid


def _ask(entry: Entry, bid: Bid, now: datetime) -> None:
    """Rows of the budget, and the answers of those who have given one."""
    parties = {party.member.slug: party for party in bid.parties}
    for one in entry["row"]:
        calls.add_entry(bid, _row(one, parties.get(one["party"])), by=None, now=now)
    for one in entry["party"]:
        party = parties[one["member"]]
        promise_actions.mark_invited(party, by=None, now=now)
        if "signed" in one:
            own = promise_actions.entries_of(party)
            answers = [EntryAnswer(each, each.amount, each.percent) for each in own]
            calls.answer(party, answers, one["signed"], by=None, now=now)


def _row(entry: Entry, party: BidParty | None) -> NewEntry:
    return NewEntry(
        party=party,
        kind=BudgetKind(entry["kind"]),
        text=entry["text"],
        year=entry["year"],
        amount=Money.kronor(entry["amount"]) if entry.get("amount") else None,
        percent=Decimal(entry["percent"]) if "percent" in entry else None,
        source=entry.get("source", ""),
    )


def _answer_questions(entry: Entry, bid: Bid, now: datetime) -> None:
    asked = {one.ref: one for one in bid.tender.requirements}
    for one in entry["question"]:
        if one["answer"]:
            is_words = one["kind"] == RequirementKind.QUESTION
            given = GivenAnswer(says=True, text=one["answer"] if is_words else "")
            answer_actions.answer(bid, asked[one["ref"]], given, revision=0, by=None, now=now)
