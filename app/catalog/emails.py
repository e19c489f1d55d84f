"""The letters about what is sold. Their words are in templates/emails; here is who gets which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from app import mail
from app.accounts.models import User
from app.catalog.changing.models import ChangeRequest, ChangeState
from app.catalog.models import ApprovalState, Article, Offering
from app.members.emails import way_in, write_to
from app.members.models import Member

SUBJECTS = {
    ChangeState.APPROVED: "Ändringen gäller nu",
    ChangeState.RETURNED: "Er ändring behöver skrivas om",
    ChangeState.DECLINED: "Ändringen blir inte av",
}


def tell_proposal_decided(article: Article, *, by: User, now: datetime) -> None:
    """To the member that proposed an article, if one did: whether we sell it."""
    if article.proposed_by is not None:
        _tell_proposer(article.proposed_by, article, article, by=by, now=now)


def tell_offering_decided(offering: Offering, *, by: User, now: datetime) -> None:
    """To the member: whether it makes an article that we sell already."""
    _tell_proposer(offering.member, offering.article, offering, by=by, now=now)


def tell_approved_together(offerings: Sequence[Offering], *, now: datetime) -> None:
    """To the member: what we have said yes to at one time. Nothing is written about nothing."""
    if not offerings:
        return
    member = offerings[0].member
    link = way_in(member, f"{current_app.config['BASE_URL']}/medlem/erbjudanden")
    body = mail.words("proposals_approved", member=member, offerings=offerings, link=link)
    many = len(offerings) > 1
    what = f"{len(offerings)} av era förslag" if many else f"ert förslag: {offerings[0].article.name}"
    write_to(member, kind="proposal_decided", subject=f"Ja till {what}", body=body, now=now)


def _tell_proposer(member: Member, article: Article, thing: Article | Offering, *, by: User, now: datetime) -> None:
    link = way_in(member, f"{current_app.config['BASE_URL']}/medlem/erbjudanden")
    values = {"article": article, "thing": thing, "is_new": thing is article, "by": by, "link": link}
    body = mail.words("proposal_decided", member=member, **values)
    answer = "Ja till ert förslag" if thing.state == ApprovalState.APPROVED else "Nej till ert förslag"
    write_to(member, kind="proposal_decided", subject=f"{answer}: {article.name}", body=body, now=now)


def tell_decided(request: ChangeRequest, *, now: datetime) -> None:
    """To the member: what we say to the change it has asked for."""
    if request.member is None:
        return
    link = way_in(request.member, f"{current_app.config['BASE_URL']}/medlem/andringar/{request.id}")
    body = mail.words("change_decided", request=request, article=request.about, link=link)
    subject = f"{SUBJECTS[request.state]}: {request.about.name}"
    write_to(request.member, kind="change_decided", subject=subject, body=body, now=now)
