"""Make the agreement of a won bid: its prices, articles of its own where the catalogue has none, and who makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import select

from app import audit, particulars, units
from app.accounts.models import User
from app.catalog import actions as catalog
from app.catalog.drafts import Draft, Terms
from app.catalog.indexing import reindex_many
from app.catalog.kinds import ArticleKind, units_of
from app.catalog.models import ApprovalState, Article
from app.catalog.pricing.actions import RowDraft
from app.catalog.versions import publish_article
from app.customers.models import Customer
from app.db import db
from app.errors import Refused
from app.members.models import MemberKind
from app.orders.agreements import actions as agreements
from app.orders.agreements.actions import AgreementDraft, OptionDraft, PartDraft
from app.orders.agreements.models import Agreement
from app.orders.routing_actions import PolicyDraft
from app.orders.routing_values import PolicyKind
from app.tenders import queries
from app.tenders.agreeing.proposal import Proposal, Row, proposal_of
from app.tenders.bid_holds import WEEKS
from app.tenders.dates.queries import dates_of
from app.tenders.dates.reckoning import standstill_ends
from app.tenders.models import Bid, BidState
from app.vat import VatClass
from bids.swedish import day

ANY_QUANTITY = Decimal(0)
LEAD_DAYS = 5
"""Working days, for what the agreement alone has; the member changes it as it likes."""
MOST_BUYERS = 200
MOST_OWN = 500
"""So many articles of its own are made at once; more are imported into the catalogue first."""
KINDS = (ArticleKind.GOODS, ArticleKind.TIMED_SERVICE, ArticleKind.MEASURED_SERVICE)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What staff have corrected and confirmed."""

    draft: AgreementDraft
    options: Sequence[OptionDraft]
    customers: Sequence[Customer]
    policy: PolicyKind
    only_listed: bool
    category_id: int
    vat_class: VatClass
    """Both for rows that become articles of the agreement."""
    lots: frozenset[str] | None = None
    """The numbers of the lots that we won; None for all. Rows that belong to the whole tender are always there."""
    why_early: str = ""
    """Why it may begin although the standstill lasts, such as that the buyer need not wait."""


def point_at(bid: Bid, numbers: Mapping[int, str], *, by: User, now: datetime) -> int:
    """Let rows (by id) point at articles, by number, or at none; returns how many were changed. Raises Refused.

    The caller holds the tender. What was handed in does not change: the agreement's prices are those of the bid.
    """
    _must_be_won(bid)
    changed = 0
    for row_id, typed in numbers.items():
        row, number = queries.row_of(bid.tender, row_id), typed.strip().upper()
        article = _numbered(number, row.ref) if number else None
        if (article.id if article else None) == row.article_id:
            continue
        if article is not None:
            publish_article(article, by=None, now=now)
        row.article_id, row.article_version = (article.id, article.version) if article else (None, None)
        audit.record(bid.tender, "row_tied", by=by, now=now, ref=row.ref, article_id=row.article_id)
        changed += 1
    return changed


def make(bid: Bid, confirmed: Confirmed, *, by: User, now: datetime) -> Agreement:
    """All of it in the caller's transaction. Raises Refused, naming the rows that are in the way."""
    _must_be_won(bid)
    early = _begins_early(bid, confirmed)
    proposal = proposal_of(bid, now=now, lots=confirmed.lots)
    _check_rows(proposal.rows)
    places = frozenset(_places(confirmed.customers))
    articles = {
        one.row.id: one.article or _own_article(one, confirmed, places, by=by, now=now) for one in proposal.rows
    }
    reindex_many(articles[one.row.id].id for one in proposal.own)
    prices: dict[Article, RowDraft] = {}
    for one in proposal.rows:
        if one.price is not None:
            prices[articles[one.row.id]] = RowDraft(ANY_QUANTITY, one.price, one.member_price)
    parts = [
        PartDraft(share.member, articles[one.row.id], one.row.ref, share.yearly, share.price)
        for one in proposal.rows
        for share in one.shares
        if share.member.kind == MemberKind.MEMBER
    ]
    made = agreements.make(
        confirmed.draft,
        prices,
        confirmed.customers,
        options=confirmed.options,
        parts=parts,
        policy=_policy(proposal, confirmed.policy),
        only_listed=confirmed.only_listed,
        bid_id=bid.id,
        by=by,
        now=now,
    )
    if early:
        audit.record(made, "begins in standstill", by=by, now=now, why=confirmed.why_early.strip())
    return made


def standstill_of(bid: Bid) -> date | None:
    """The last day on which the buyer may not make the contract; None where nobody knows one, or there is none."""
    dates = dates_of(bid.tender)
    return standstill_ends(dates.notice) if dates is not None and dates.notice is not None else None


def _begins_early(bid: Bid, confirmed: Confirmed) -> bool:
    """Whether it begins while the standstill lasts. Raises Refused when nobody has said why it may."""
    last = standstill_of(bid)
    if last is None or confirmed.draft.first_day > last:
        return False
    if not confirmed.why_early.strip():
        raise Refused(
            f"Avtalsspärren gäller till och med {day(last)}, och innan den är slut får köparen inte ingå avtalet "
            "(LOU 20 kap. 1 §). Välj en senare första dag, eller skriv varför avtalet får börja ändå."
        )
    return True


def customers_numbered(typed: str) -> list[Customer]:
    """The customers with these organisation numbers, one a line. Raises Refused, naming those that are not there."""
    wanted = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    if len(wanted) > MOST_BUYERS:
        raise Refused(f"Skriv högst {MOST_BUYERS} organisationsnummer.")
    numbers = []
    for one in wanted:
        try:
            numbers.append(particulars.org_number(one))
        except Refused as no:
            raise Refused(f"{one[:40]}: {no}") from no
    found = {
        one.org_number: one for one in db.session.scalars(select(Customer).where(Customer.org_number.in_(numbers)))
    }
    missing = [one for one in numbers if one not in found]
    if missing:
        raise Refused(f"De här finns inte bland kunderna: {', '.join(missing)}. Lägg in dem där först.")
    return [found[one] for one in numbers]


def _must_be_won(bid: Bid) -> None:
    if bid.state != BidState.WON:
        raise Refused("Bara ett vunnet anbud blir ett avtal.")


def _check_rows(rows: Sequence[Row]) -> None:
    without = [one.row.ref for one in rows if one.price is None]
    if without or not rows:
        raise Refused(f"De här raderna har inget pris i anbudet: {_listed(without) or 'ingen rad finns'}.")
    differing = [one.row.ref for one in rows if one.unit_differs]
    if differing:
        raise Refused(
            f"De här raderna har en annan enhet än sin artikel: {_listed(differing)}. "
            "Välj en annan artikel, eller lämna raden utan så får avtalet en egen."
        )
    own = sum(one.article is None for one in rows)
    if own > MOST_OWN:
        raise Refused(
            f"{own} rader har ingen artikel. Högst {MOST_OWN} får egna i avtalet: lägg in de andra i katalogen först, "
            "och låt raderna peka på dem."
        )
    gone = [one.row.ref for one in rows if one.article is not None and one.article.state != ApprovalState.APPROVED]
    if gone:
        raise Refused(f"De här radernas artiklar säljs inte längre: {_listed(gone)}. Välj andra.")
    seen: dict[int, Row] = {}
    for one in rows:
        if one.article is not None:
            other = seen.setdefault(one.article.id, one)
            if other.price != one.price:
                raise Refused(
                    f"Raderna {other.row.ref} och {one.row.ref} pekar på samma artikel men har olika pris. "
                    "Lämna den ena utan artikel, så får avtalet en egen."
                )


def _listed(refs: Sequence[str]) -> str:
    more = f" och {len(refs) - 10} till" if len(refs) > 10 else ""
    return ", ".join(refs[:10]) + more


def _policy(proposal: Proposal, kind: PolicyKind) -> PolicyDraft | None:
    if not proposal.shares or kind == PolicyKind.FAIR:
        return PolicyDraft(PolicyKind.FAIR, dict(proposal.shares), only_listed=True) if proposal.shares else None
    if kind == PolicyKind.SHARES:
        return PolicyDraft(kind, dict(proposal.shares), only_listed=True)
    order = sorted(proposal.shares, key=lambda member: (-proposal.shares[member], member))
    return PolicyDraft(kind, {member: place for place, member in enumerate(order, start=1)}, only_listed=True)


def _own_article(one: Row, confirmed: Confirmed, places: frozenset[str], *, by: User, now: datetime) -> Article:
    """An article that stands in the agreement alone, and each member's offering of it at the price it has promised."""
    row = one.row
    unit = row.unit if row.unit in units.UNITS else "C62"
    draft = Draft(
        name=f"{row.text}"[:120],
        description=f"Rad {row.ref} i avtalet {confirmed.draft.number}. {row.text}",
        category_id=confirmed.category_id,
        unit=unit,
        unit_text=row.unit_text[:40],
        vat_class=confirmed.vat_class,
        kind=next((kind for kind in KINDS if unit in units_of(kind)), ArticleKind.GOODS),
    )
    price = one.price
    assert price is not None  # noqa: S101  `_check_rows` has seen to it
    makers = [
        (share.member, Terms(_weekly(share.capacity or share.yearly, unit), LEAD_DAYS, places), share.price)
        for share in one.shares
        if share.member.kind == MemberKind.MEMBER and share.price is not None
    ]
    return catalog.create_agreed(draft, price, makers, by=by, now=now)


def _places(customers: Iterable[Customer]) -> set[str]:
    return {code for one in customers for code in (one.municipality, *(site.municipality for site in one.sites))}


def _weekly(yearly: Decimal, unit: str) -> Decimal:
    step = Decimal(1).scaleb(-units.unit(unit).decimals)
    return max((yearly / WEEKS).quantize(step, ROUND_CEILING), step)


def _numbered(number: str, ref: str) -> Article:
    query = select(Article).where(Article.number == number, Article.state == ApprovalState.APPROVED)
    found = db.session.scalar(query)
    if found is None:
        raise Refused(f"Rad {ref}: det finns ingen artikel {number[:40]} i katalogen.")
    return found
