"""What the demonstration's members have asked to change."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import catalogflow
from app.accounts.models import Seat, User
from app.catalog.changing.actions import Wish
from app.catalog.changing.models import ChangeRequest
from app.catalog.models import Article, Offering
from app.db import db
from app.members.models import Member
from app.money import Money

WISHES = Path(__file__).parent / "changes.toml"


def load_changes(now: datetime) -> None:
    """Ask for what nobody has asked for yet. The caller commits."""
    if db.session.scalar(select(ChangeRequest.id).limit(1)) is None:
        for entry in tomllib.loads(WISHES.read_text(encoding="utf-8"))["change"]:
            _ask(entry, now)


def _ask(entry: dict[str, Any], now: datetime) -> None:
    member = db.session.scalars(select(Member).where(Member.slug == entry["member"])).one()
    user = db.session.scalars(select(User).join(Seat).where(Seat.member_id == member.id).order_by(User.id)).first()
    article = db.session.scalars(select(Article).where(Article.number == entry["article"])).one()
    if user is None:
        raise LookupError(f"nobody acts for {member.name}")
    if "added" in entry:
        wish = Wish({"description": f"{article.description} {entry['added']}"}, note=entry["note"])
        catalogflow.ask(article, wish, member=member, by=user, now=now)
    else:
        own = (Offering.article_id == article.id, Offering.member_id == member.id)
        offering = db.session.scalars(select(Offering).where(*own)).one()
        wish = Wish({"member_price": Money.kronor(entry["member_price"]).ore}, note=entry["note"])
        catalogflow.ask(offering, wish, member=member, by=user, now=now)
