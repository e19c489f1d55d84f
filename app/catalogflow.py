"""THE STORY of what is sold and of each change to it: proposed or asked for, sent back, decided - and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.accounts.models import User
from app.catalog import actions as proposals
from app.catalog import emails
from app.catalog.changing import actions
from app.catalog.changing.actions import Wish
from app.catalog.changing.models import ChangeRequest
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.rows import must_be
from app.db import db
from app.errors import Refused
from app.members.models import Member
from app.money import Money


def approve_article(article: Article, price: Money, cpv: str | None = None, *, by: User, now: datetime) -> Article:
    """0. Something new has been proposed, and we say yes: its first version is out, and the member is told."""
    proposals.approve_article(article, price, cpv, by=by, now=now)
    emails.tell_proposal_decided(article, by=by, now=now)
    return article


def decline_article(article: Article, reason: str, *, by: User, now: datetime) -> Article:
    """0 b. Or no, and why."""
    proposals.decline_article(article, reason, by=by, now=now)
    emails.tell_proposal_decided(article, by=by, now=now)
    return article


def approve_offering(offering: Offering, *, by: User, now: datetime) -> Offering:
    """0 c. One more member is to make something that we sell already, and we say yes."""
    proposals.approve_offering(offering, by=by, now=now)
    emails.tell_offering_decided(offering, by=by, now=now)
    return offering


def decline_offering(offering: Offering, reason: str, *, by: User, now: datetime) -> Offering:
    """0 d. Or no, and why."""
    proposals.decline_offering(offering, reason, by=by, now=now)
    emails.tell_offering_decided(offering, by=by, now=now)
    return offering


def approve_together(offerings: Sequence[Offering], *, by: User, now: datetime) -> dict[int, str]:
    """0 e. Or yes to many of a member's proposals at once, new articles at the price that stands in them.

    Each is tried as if it came alone. The member gets one letter. Returns why the others stay, by the offering's id.
    """
    stay: dict[int, str] = {}
    for offering in offerings:
        try:
            with db.session.begin_nested():
                _approve(offering, by=by, now=now)
        except Refused as no:
            stay[offering.id] = str(no)
    emails.tell_approved_together([one for one in offerings if one.id not in stay], now=now)
    return stay


def _approve(offering: Offering, *, by: User, now: datetime) -> None:
    article = offering.article
    if article.state == ApprovalState.PROPOSED:
        must_be(offering, ApprovalState.PROPOSED)
        proposals.approve_article(article, article.price, by=by, now=now)
    else:
        proposals.approve_offering(offering, by=by, now=now)


def ask(
    subject: Article | Offering, wish: Wish, *, member: Member | None = None, by: User, now: datetime
) -> ChangeRequest:
    """1. A member, or one of us, wants something to be otherwise. What is published stays as it is."""
    return actions.ask(subject, wish, member=member, by=by, now=now)


def save(subject: Article | Offering, wish: Wish, *, by: User, now: datetime) -> ChangeRequest:
    """1 b. One of us writes and approves in one step, unless a colleague is to look or something newer is out.

    Then the request waits, as any other.
    """
    return _publish_own(actions.ask(subject, wish, by=by, now=now), by=by, now=now)


def send_back(request: ChangeRequest, revision: int, note: str, *, by: User, now: datetime) -> ChangeRequest:
    """2. We send it back with a note, and who made it is told."""
    actions.give_back(request, revision, note, by=by, now=now)
    emails.tell_decided(request, now=now)
    return request


def send_again(request: ChangeRequest, wish: Wish, *, by: User, now: datetime) -> ChangeRequest:
    """3. It comes again, put right."""
    return actions.send_again(request, wish, by=by, now=now)


def save_again(request: ChangeRequest, wish: Wish, *, by: User, now: datetime) -> ChangeRequest:
    """3 a. What one of us had written and could not save is written anew, and published as in 1 b."""
    return _publish_own(actions.send_again(request, wish, by=by, now=now), by=by, now=now)


def redo(
    request: ChangeRequest, revision: int, choices: Mapping[str, bool], *, by: User, now: datetime
) -> ChangeRequest:
    """3 b. Or it is written anew against what holds now, because something newer is out."""
    return actions.rebase(request, revision, choices, by=by, now=now)


def take_back(request: ChangeRequest, *, by: User, now: datetime) -> ChangeRequest:
    """3 c. Or who made it wants it no longer."""
    return actions.take_back(request, by=by, now=now)


def approve(request: ChangeRequest, revision: int, answer: str, *, by: User, now: datetime) -> ChangeRequest:
    """4. We say yes: a new version is out, and who asked is told."""
    actions.approve(request, revision, answer, by=by, now=now)
    emails.tell_decided(request, now=now)
    return request


def decline(request: ChangeRequest, revision: int, reason: str, *, by: User, now: datetime) -> ChangeRequest:
    """4 b. Or no, and why."""
    actions.decline(request, revision, reason, by=by, now=now)
    emails.tell_decided(request, now=now)
    return request


def _publish_own(request: ChangeRequest, *, by: User, now: datetime) -> ChangeRequest:
    if request.by_colleague or request.has_moved_on:
        return request
    return actions.approve(request, request.revision, by=by, now=now)
