"""THE STORY of a bid: noticed, begun, members asked, gaps closed, handed in, won or lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from app import jobs
from app.accounts.models import User
from app.catalog.pricing.models import PriceList
from app.errors import Refused
from app.money import Money
from app.tenders import actions, bid_actions, bid_holds, emails, paper_actions, promise_actions, queries, versions
from app.tenders.actions import TenderFacts
from app.tenders.calls import actions as calls
from app.tenders.choosing import actions as choosing
from app.tenders.choosing.actions import Choice
from app.tenders.choosing.models import TenderChoice, Verdict
from app.tenders.forms import returning
from app.tenders.joint import actions as joint
from app.tenders.leaving import Despite, check_read, check_ready
from app.tenders.models import (
    Bid,
    BidParty,
    BidPreview,
    BidState,
    BidVersion,
    Promise,
    Tender,
    TenderLot,
    TenderPriceRow,
    TenderState,
)
from app.tenders.offers import key_of, offer_of
from app.tenders.promise_actions import RowAnswer
from app.tenders.wanting import only_signs, waits_for
from app.tenders.working import emails as working_emails
from app.tenders.working import queries as working
from app.tenders.working import task_actions
from bids import checks
from bids.gap import Gap
from bids.kinds import BidForm
from bids.proposal_values import Proposal


def notice_by_hand(facts: TenderFacts, *, by: User, now: datetime) -> Tender:
    """1. Somebody has read of a tender and types it in; `noticeflow` tells how one begins with the buyer's notice."""
    return actions.register(facts, by=by, now=now)


def choose(tender: Tender, bid: Bid | None, choice: Choice, *, by: User, now: datetime) -> TenderChoice:
    """1 b. We weigh it. A no leaves the tender, with its reason; a yes takes up again what we had left."""
    chosen = choosing.choose(tender, choice, by=by, now=now)
    is_left = tender.state == TenderState.DECLINED
    if choice.verdict == Verdict.GO and is_left:
        take_up_again(tender, bid, by=by, now=now)
    elif choice.verdict == Verdict.NO_GO and is_left:
        tender.declined_because = chosen.why_not
    elif choice.verdict == Verdict.NO_GO:
        turn_down(tender, bid, chosen.why_not, by=by, now=now)
    return chosen


def start_bid(tender: Tender, form: BidForm, *, by: User | None, now: datetime) -> Bid:
    """2. We want it: a draft on all lots, and the sales company is in it. Raises Refused when it is begun already."""
    if tender.state != TenderState.NOTICED:
        raise Refused("Det är redan påbörjat eller avslutat.")
    bid = bid_actions.start(tender, form, queries.sales_company(), by=by, now=now)
    actions.move(tender, TenderState.BIDDING, by=by, now=now)
    return bid


def ask(party: BidParty, row: TenderPriceRow, quantity: Decimal, *, by: User, now: datetime) -> Promise:
    """3. Share the price rows among the parties. A party that has answered is told when its part changes.

    So is one that was invited only to sign, when it is asked for a row after all.
    """
    had_answered, had_no_row = party.answered_at is not None, not promise_actions.is_asked(party)
    promise = promise_actions.ask(party, row, quantity, by=by, now=now)
    if party.invited_at is not None and party.answered_at is None and (had_answered or had_no_row):
        emails.changed(party, now=now)
    return promise


def take_over(bid: Bid, proposal: Proposal, *, by: User, now: datetime) -> list[BidParty]:
    """3 a. Share the rows as was proposed. Whose answer no longer holds is told, once; whoever has no row left too.

    Returns the parties whose part has changed. Raises Refused when the bid is handed in.
    """
    bid_actions.check_draft(bid)
    refs = {lot.id: lot.ref for lot in bid.tender.lots}
    covered = {None, *(lot.id for lot in bid.lots)}
    rows = {row.id: row for row in bid.tender.rows if row.lot_id in covered}
    ids = {(refs.get(row.lot_id or 0), row.ref): row.id for row in rows.values()}
    changed = []
    for party in [one for one in bid.parties if not one.has_declined]:
        own = key_of(party.member)
        parts = [part for part in (*proposal.allocation.parts, *proposal.waiting) if part.party_key == own]
        wanted = {ids[part.lot_ref, part.ref]: part.quantity for part in parts}
        had_answered = party.answered_at is not None
        if joint.share_out(party, wanted, rows, by=by, now=now):
            changed.append(party)
            emails.shared_anew(party, had_answered=had_answered, now=now)
    return changed


def choose_form(bid: Bid, form: BidForm, lots: Sequence[TenderLot], *, by: User, now: datetime) -> Bid:
    """3 b. The legal form, and which lots. Parties that were asked for a lot that is left out are told."""
    left = bid_actions.choose_form(bid, form, lots, by=by, now=now)
    for party in left:
        if party.invited_at is not None:
            emails.changed(party, now=now)
    return bid


def invite(parties: Iterable[BidParty], *, by: User | None, now: datetime) -> list[BidParty]:
    """4. Ask the members: each gets a letter, and from now on sees its own rows, and what it must sign.

    Raises Refused for a party that has neither.
    """
    invited = []
    for party in parties:
        papers = only_signs(party, now=now)
        invited.append(promise_actions.mark_invited(party, signs=bool(papers), by=by, now=now))
        emails.invitation(party, papers, now=now)
    return invited


def remind(party: BidParty, *, now: datetime) -> BidParty:
    """4 b. A member is slow to answer. Raises Refused when it has answered, or was never asked."""
    bid_actions.check_draft(party.bid)
    if party.invited_at is None or not waits_for(party, now=now):
        raise Refused(f"{party.member.name} har inget obesvarat att bli påmind om.")
    party.reminded_at = now
    emails.reminder(party, now=now)
    return party


def promise(party: BidParty, rows: Sequence[RowAnswer], signed_by: str, *, by: User, now: datetime) -> BidParty:
    """5. A member answers, row by row, and may do so again until the bid is handed in."""
    return promise_actions.answer(party, rows, signed_by, by=by, now=now)


def promise_for(party: BidParty, rows: Sequence[RowAnswer], signed_by: str, *, by: User, now: datetime) -> BidParty:
    """5 b. A member answers by telephone, and staff write it down."""
    return promise_actions.answer(party, rows, signed_by, by=by, now=now, for_party=True)


def decline_part(party: BidParty, reason: str, *, by: User, now: datetime) -> BidParty:
    """5 c. A member takes no part. What it had to do comes back to whoever answers for the bid; its papers go out."""
    was_out = party.has_declined
    promise_actions.decline(party, reason, by=by, now=now)
    paper_actions.detach_papers_of(party.bid, party, by=by, now=now)
    if not was_out:
        _take_back(party, by=by, now=now)
    return party


def withdraw(bid: Bid, party: BidParty, reason: str = "", *, by: User, now: datetime) -> None:
    """5 d. We do without a party, or with its reason it leaves; one that has said no itself has been told already."""
    if not party.has_declined:
        _take_back(party, by=by, now=now)
        if party.invited_at is not None:
            emails.is_out(party, reason, now=now) if reason else emails.withdrawal(party, now=now)
    paper_actions.detach_papers_of(bid, party, by=by, now=now)
    bid_actions.remove_party(bid, party, by=by, now=now)


def _take_back(party: BidParty, *, by: User, now: datetime) -> None:
    owner = working.owner_of(party.bid)
    tasks = task_actions.hand_back(party, owner, by=by, now=now)
    if owner is not None and tasks:
        working_emails.returned(party.bid, owner, party.member.name, tasks, now=now)


def gaps_of(bid: Bid, *, now: datetime) -> tuple[Gap, ...]:
    """6. What is missing, the worst first."""
    return checks.gaps(offer_of(bid, now=now), now=now)


def preview(bid: Bid, *, by: User, now: datetime) -> BidPreview:
    """7. Look at it: a worker makes a PDF of the draft."""
    paper_actions.attach_wanted(bid, offer_of(bid, now=now), by=by, now=now)
    return versions.ask_for_preview(bid, offer_of(bid, now=now), by=by, now=now)


def submit(bid: Bid, *, despite: Despite | None = None, by: User, now: datetime) -> BidVersion:
    """8. Hand it in: frozen with time, name and hash, and a worker makes the PDF and fills in the buyer's own forms.

    What is promised is kept back.

    Raises NotReady, which lists them, while a blocking gap is open, and NotRead where warnings were not read.
    """
    bid_actions.check_draft(bid)
    paper_actions.attach_wanted(bid, offer_of(bid, now=now), by=by, now=now)
    paper_actions.take_out_outdated(bid, offer_of(bid, now=now), by=by, now=now)
    offer = offer_of(bid, now=now)
    check_ready(offer, now=now)
    warnings = check_read(bid, offer, despite, now=now)
    version = versions.freeze(bid, offer, by=by, now=now)
    if despite is not None and warnings:
        versions.note_despite(bid, version, warnings, despite.reason.strip(), by=by, now=now)
    if returning.has_forms(bid):
        jobs.enqueue(returning.FILLING, version_id=version.id)
    actions.move(bid.tender, TenderState.SUBMITTED, by=by, now=now)
    bid_holds.keep(bid, by=by, now=now)
    for party in _invited(bid):
        emails.submitted(party, now=now)
    return version


def new_draft(bid: Bid, *, by: User, now: datetime) -> Bid:
    """8 b. Something must be changed before the deadline: a new draft, and what was handed in stays as it was.

    What that has promised is kept back until something else is handed in.
    """
    versions.reopen(bid, by=by, now=now)
    actions.move(bid.tender, TenderState.BIDDING, by=by, now=now)
    return bid


def throw_away_draft(bid: Bid, *, by: User, now: datetime) -> BidVersion:
    """8 c. The new draft was a mistake: what was handed in last stands again, and so does what is kept back for it."""
    version = versions.throw_away(bid, by=by, now=now)
    actions.move(bid.tender, TenderState.SUBMITTED, by=by, now=now)
    return version


def settle(
    bid: Bid,
    to: BidState,
    *,
    decided_on: date,
    points: Decimal | None = None,
    winner: str = "",
    winner_price: Money | None = None,
    note: str = "",
    granted: Money | None = None,
    by: User,
    now: datetime,
) -> Bid:
    """9. The buyer has decided. Those who are in the bid are told; also of another sum, where a funder grants a part.

    What was kept back is let go, or stays for the agreement; that may bear the tender's number already.
    """
    is_other, before = bid.state != to, bid.granted
    versions.record_outcome(
        bid,
        to,
        decided_on=decided_on,
        points=points,
        winner=winner,
        winner_price=winner_price,
        note=note,
        by=by,
        now=now,
    )
    actions.move(bid.tender, TenderState(to.value), by=by, now=now)
    if bid.tender.is_call:
        calls.record_grant(bid, to, granted, by=by, now=now)
    if is_other:
        bid_holds.follow_outcome(bid, by=by, now=now)
    for party in _invited(bid) if is_other or bid.granted != before else ():
        emails.outcome(party, now=now)
    return bid


def make_agreement(bid: Bid, price_list: PriceList, *, by: User, now: datetime) -> Bid:
    """10. The bid that we won has become an agreement with a price list: what was kept back is for its orders."""
    bid_holds.give_to(bid, price_list, by=by, now=now)
    return bid


def turn_down(tender: Tender, bid: Bid | None, reason: str, *, by: User, now: datetime) -> Tender:
    """Or we do not bid at all. Members who were asked need not answer."""
    actions.move(tender, TenderState.DECLINED, by=by, now=now, because=reason)
    if bid is not None:
        bid_holds.let_go(bid, by=by, now=now)
    for party in _invited(bid) if bid is not None else ():
        emails.withdrawal(party, now=now)
    return tender


def take_up_again(tender: Tender, bid: Bid | None, *, by: User, now: datetime) -> Tender:
    """We bid after all. Members who were told that they need not answer are asked again."""
    actions.move(tender, TenderState.BIDDING if bid else TenderState.NOTICED, by=by, now=now)
    for party in _invited(bid) if bid is not None else ():
        emails.invitation(party, only_signs(party, now=now), now=now)
    return tender


@jobs.every_minute
def let_go_of_lapsed(now: datetime) -> None:
    """Look for bids that bind us no longer and were never decided; each is a job of its own."""
    for bid_id in bid_holds.lapsed(now):
        jobs.enqueue(let_go, bid_id=bid_id, moment=int(now.timestamp()))


@jobs.job
def let_go(bid_id: int, moment: int) -> None:
    """Others may use what the bid has kept back. Run twice, it finds nothing left to do."""
    now = datetime.fromtimestamp(moment, tz=UTC)
    bid = queries.bid_by_id(bid_id, lock=True)
    if bid.id in bid_holds.lapsed(now):
        bid_holds.let_go(bid, by=None, now=now)


def _invited(bid: Bid) -> list[BidParty]:
    return [party for party in bid.parties if party.invited_at is not None and not party.has_declined]
