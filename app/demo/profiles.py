"""Loads what members' public pages tell, and drawings in place of photographs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import pictures
from app.albums import PictureState
from app.catalog.models import Article
from app.catalog.picture_models import ArticlePicture
from app.db import db
from app.demo.drawings import draw
from app.members.models import Member
from app.members.picture_models import MemberPicture
from app.members.proof_models import Certificate, Criterion, OutcomeYear, SocialProof

HERE = Path(__file__).parent
CHECKED_BY = "Sixten Låtsasberg"

Entry = dict[str, Any]


def load_profiles(now: datetime) -> None:
    """Load what is missing. A member that has any proof, and an article that has any picture, are left alone."""
    data = tomllib.loads((HERE / "profiles.toml").read_text(encoding="utf-8"))
    members = {member.slug: member for member in db.session.scalars(select(Member))}
    for entry in data["member"]:
        member = members[entry["slug"]]
        if db.session.scalar(select(SocialProof.id).where(SocialProof.member_id == member.id).limit(1)) is None:
            _load_member(member, entry, now)
    _load_articles(data["article"], members, now)


def _load_member(member: Member, entry: Entry, now: datetime) -> None:
    for criterion in Criterion:
        found = {"fulfilled": True, "how": entry[criterion.value], "checked_on": entry["checked_on"]}
        db.session.add(SocialProof(member=member, criterion=criterion, checked_by=CHECKED_BY, **found))
    for certificate in entry.get("certificate", []):
        db.session.add(Certificate(member=member, **certificate))
    for year, places, hours, to_work, to_studies in entry["outcomes"]:
        waits = year == entry.get("unchecked")
        figures = {"places": places, "hours": hours, "to_work": to_work, "to_studies": to_studies}
        checked = {"checked_on": None if waits else entry["checked_on"], "checked_by": "" if waits else CHECKED_BY}
        db.session.add(OutcomeYear(member=member, year=year, **figures, **checked))
    for position, one in enumerate(entry["picture"], 1):
        picture = pictures.take_in(draw(one["motif"], member.slug), now=now)
        hung = {"position": position, "state": PictureState.APPROVED, "added_at": now}
        db.session.add(MemberPicture(member=member, picture=picture, description=one["description"], **hung))


def _load_articles(entries: list[Entry], members: Mapping[str, Member], now: datetime) -> None:
    there = set(db.session.scalars(select(ArticlePicture.article_id)))
    articles = {article.slug: article for article in db.session.scalars(select(Article))}
    for position, entry in enumerate(entries, 1):
        article, waits_for = articles[entry["slug"]], entry.get("waits_for")
        if article.id in there:
            continue
        row = ArticlePicture(
            article=article,
            picture=pictures.take_in(draw(entry["motif"], entry["description"]), now=now),
            description=entry["description"],
            position=position,
            state=PictureState.WAITING if waits_for else PictureState.APPROVED,
            handed_in_by=members[waits_for] if waits_for else None,
            added_at=now,
        )
        db.session.add(row)
