"""A member leaves an agreement: who takes over what from which day, what nobody can carry, and what it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import audit, clock, particulars
from app.accounts.models import User
from app.db import db
from app.errors import NotYours, Refused
from app.formats import swedish_day
from app.members.models import Member
from app.money import Money
from app.orders import routing_actions as routing
from app.orders.agreements import queries, takers
from app.orders.agreements.handover import Able, Handover, Left, plan, ranks_after, shares_after
from app.orders.agreements.models import Agreement, AgreementLeaving, AgreementPart
from app.orders.models import Assignment, AssignmentLine, OrderLine
from app.orders.routing_actions import PolicyDraft
from app.orders.routing_values import PolicyKind
from app.orders.standing.models import StandingLine, StandingOrder, StandingVersion
from app.orders.states import TO_COME
from app.orders.what_if import elsewhere
from app.orders.what_if_values import Moved

MOST = 200
"""So many affected orders are listed and moved."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a member that takes over is to be paid, and who of it has said yes to that."""

    price: Money
    said_by: str


NOTHING: Mapping[tuple[int, int], Agreed] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Leaving:
    """What it means that a member leaves from a day; nothing is changed."""

    member: Member
    from_day: date
    parts: Sequence[AgreementPart]
    handover: Handover
    members: dict[int, Member]
    assignments: Sequence[Assignment]
    """What it has been asked for, or has said yes to, on that day or later."""
    moved: Sequence[Moved]
    """Line by line, to whom that would go if the members were asked now."""
    standing: Sequence[StandingOrder]
    """What comes again and holds something that it makes."""
    own: Mapping[tuple[int, int], Money]
    """By member and article, what it has promised to make it for. No member works at what another has promised."""

    def price_of(self, part: AgreementPart, member: Member) -> Money | None:
        """What the member has promised for itself in this agreement."""
        return self.own.get((member.id, part.article_id))

    @property
    def to_agree(self) -> list[tuple[AgreementPart, Member]]:
        """Who takes over a row that is paid by what its maker has promised, and has promised nothing for it itself."""
        return [
            (part, member)
            for part in self.parts
            if part.member_price is not None
            for member, _yearly in self.takers(part)
            if self.price_of(part, member) is None
        ]

    def takers(self, part: AgreementPart) -> list[tuple[Member, Decimal]]:
        """Who takes over how much of a part."""
        return [(self.members[one.member], one.yearly) for one in self.handover.taken if one.key == part.id]

    def uncarried(self, part: AgreementPart) -> Decimal:
        """How much of a part nobody can carry."""
        return self.handover.uncarried.get(part.id, Decimal(0))

    @property
    def with_nobody(self) -> list[Moved]:
        """What of the assignments nobody can take, as things stand: it lies with staff then."""
        return [one for one in self.moved if one.left]


def look(agreement: Agreement, member_id: int, from_day: date, *, now: datetime) -> Leaving:
    """The plan, as things stand. Raises NotYours for a member that has no part in it."""
    parts = queries.parts_of(agreement)
    mine = [one for one in parts if one.member_id == member_id and _goes_on(one, from_day)]
    if not mine:
        raise NotYours
    articles = {one.article_id for one in mine}
    able = takers.able(agreement, articles, member_id, from_day)
    assignments = open_assignments(agreement, member_id, from_day)
    left = [Left(one.id, one.article_id, one.yearly) for one in mine]
    handover = plan(left, [Able(one.member_id, one.article_id, room) for one, room in able])
    return Leaving(
        mine[0].member,
        from_day,
        mine,
        handover,
        {one.member_id: one.member for one, _room in able},
        assignments,
        elsewhere([one.id for one in assignments], {member_id}, now=now),
        _standing(agreement, articles),
        {(one.member_id, one.article_id): one.member_price for one in parts if one.member_price is not None},
    )


def leave(
    agreement: Agreement,
    leaving: Leaving,
    reason: str,
    agreed: Mapping[tuple[int, int], Agreed] = NOTHING,
    *,
    by: User,
    now: datetime,
) -> AgreementLeaving:
    """Write it down: its parts end the day before, and others begin. The caller holds the agreement.

    ``agreed``, by part and member, is what was agreed with those that `to_agree` lists. The story moves shares and
    orders when the day comes. Raises Refused, also the second time, and where nothing is agreed.
    """
    check_day(agreement, leaving.from_day, now=now)
    if has_left(agreement, leaving.member.id):
        raise Refused(f"{leaving.member.name} har redan lämnat avtalet, eller ska göra det.")
    _check_agreed(leaving, agreed)
    made = AgreementLeaving(
        agreement_id=agreement.id,
        member_id=leaving.member.id,
        from_day=leaving.from_day,
        reason=particulars.paragraphs(reason, "Skälet", longest=1000),
        plan=told(leaving, agreed),
        at=now,
        by_name=by.name,
    )
    db.session.add(made)
    for part in leaving.parts:
        part.last_day = max(leaving.from_day - timedelta(days=1), part.first_day)
        db.session.add_all(_taken_over(agreement, part, leaving, agreed))
    db.session.flush()
    audit.record(agreement, "member leaves", by=by, now=now, member=leaving.member.name, day=str(leaving.from_day))
    return made


def _check_agreed(leaving: Leaving, agreed: Mapping[tuple[int, int], Agreed]) -> None:
    for part, member in leaving.to_agree:
        said = agreed.get((part.id, member.id))
        if said is None or said.price.ore <= 0 or not said.said_by.strip():
            raise Refused(
                f"{member.name} har inget eget pris för {part.article.name}. Kom överens med medlemmen, och skriv "
                "priset och vem som har sagt ja."
            )


def check_day(agreement: Agreement, from_day: date, *, now: datetime) -> None:
    """Raises Refused for a day from which nobody can leave."""
    today = clock.local_date(now)
    if from_day < today:
        raise Refused("Dagen har redan varit. Skriv den dag från vilken medlemmen inte utför mer.")
    if from_day > agreement.last_day:
        raise Refused(f"Avtalet går ut {swedish_day(agreement.last_day, today)}. Medlemmen behöver inte lämna det.")


def has_left(agreement: Agreement, member_id: int) -> bool:
    """Whether it is written down that a member leaves."""
    return any(one.member_id == member_id for one in queries.leavings_of(agreement))


def move_shares(agreement: Agreement, leaving: AgreementLeaving, *, by: User | None, now: datetime) -> None:
    """From now on the routing asks others: ranks move up, and shares go to those who took over. Done twice, once."""
    gained: dict[int, int] = {}
    for row in leaving.plan["rows"]:
        for one in row["taken"]:
            worth = int(Decimal(one["yearly"]) * 1000) * max(row["ore"], 1)
            gained[one["member_id"]] = gained.get(one["member_id"], 0) + worth
    for price_list in queries.lists_from(agreement, clock.local_date(now)):
        policy = routing.policy_of(price_list)
        places = {one.member_id: one.place for one in policy.places} if policy else {}
        if policy is None or leaving.member_id not in places:
            continue
        ranked = policy.kind == PolicyKind.RANKED
        after = ranks_after(places, leaving.member_id) if ranked else shares_after(places, leaving.member_id, gained)
        if not after:
            routing.drop_policy(price_list, by=by, now=now)
            continue
        routing.set_policy(
            price_list, PolicyDraft(policy.kind, after, policy.only_listed, policy.near_first), by=by, now=now
        )


def open_assignments(agreement: Agreement, member_id: int, from_day: date) -> Sequence[Assignment]:
    """What a member still has in hand under the agreement from a day on, the first day first."""
    under = select(AssignmentLine.assignment_id).join(AssignmentLine.order_line)
    under = under.where(OrderLine.agreement_id == agreement.id)
    query = (
        select(Assignment)
        .where(Assignment.member_id == member_id, Assignment.state.in_(TO_COME), Assignment.delivery_day >= from_day)
        .where(Assignment.id.in_(under))
        .options(joinedload(Assignment.order), joinedload(Assignment.member))
        .order_by(Assignment.delivery_day, Assignment.id)
    )
    return db.session.scalars(query.limit(MOST)).all()


def told(leaving: Leaving, agreed: Mapping[tuple[int, int], Agreed] = NOTHING) -> dict[str, Any]:
    """The plan as it is kept: names and figures of that day."""
    return {
        "rows": [
            {
                "ref": part.ref,
                "article": part.article.name,
                "yearly": str(part.yearly),
                "ore": (part.member_price or part.article.price).ore,
                "taken": [
                    {
                        "member_id": member.id,
                        "member": member.name,
                        "yearly": str(yearly),
                        "said_by": agreed[part.id, member.id].said_by if (part.id, member.id) in agreed else "",
                    }
                    for member, yearly in leaving.takers(part)
                ],
                "uncarried": str(leaving.uncarried(part)),
            }
            for part in leaving.parts
        ],
        "orders": [one.order.number for one in leaving.assignments],
        "with_nobody": [[one.order.number if one.order else 0, str(one.left)] for one in leaving.with_nobody],
        "standing": [one.name for one in leaving.standing],
    }


def _taken_over(
    agreement: Agreement, part: AgreementPart, leaving: Leaving, agreed: Mapping[tuple[int, int], Agreed]
) -> list[AgreementPart]:
    """At what each has promised itself, never at what the leaver had: that is between the leaver and us."""

    def price(member: Member) -> Money | None:
        said = agreed.get((part.id, member.id))
        return leaving.price_of(part, member) or (said.price if said is not None else None)

    return [
        AgreementPart(
            agreement_id=agreement.id,
            member=member,
            article=part.article,
            ref=part.ref,
            yearly=yearly,
            member_price=price(member),
            first_day=leaving.from_day,
            last_day=part.last_day if part.last_day and part.last_day >= leaving.from_day else None,
            why=f"Tar över efter {leaving.member.name}",
        )
        for member, yearly in leaving.takers(part)
    ]


def _goes_on(part: AgreementPart, day: date) -> bool:
    return part.last_day is None or part.last_day >= day


def _standing(agreement: Agreement, articles: set[int]) -> Sequence[StandingOrder]:
    """Of the agreement's buyers, what comes again and holds one of the articles."""
    whose = [one.id for one in queries.buyers(agreement)]
    lines = select(StandingVersion.standing_order_id).join(StandingLine, StandingLine.version_id == StandingVersion.id)
    query = select(StandingOrder).where(
        StandingOrder.id.in_(lines.where(StandingLine.article_id.in_(articles))), StandingOrder.customer_id.in_(whose)
    )
    return db.session.scalars(query.order_by(StandingOrder.id).limit(MOST)).all()
