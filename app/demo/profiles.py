"""Loads what members' public pages tell, and drawings in place of photographs."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
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
Drawing = tuple[str, str]
"""A motif and the seed of its colours."""
Prints = Mapping[Drawing, pictures.Developed]


def load_profiles(now: datetime) -> None:
    """Load what is missing. A member that has any proof, and an article that has any picture, are left alone."""
    data = tomllib.loads((HERE / "profiles.toml").read_text(encoding="utf-8"))
    members = {member.slug: member for member in db.session.scalars(select(Member))}
    proved = set(db.session.scalars(select(SocialProof.member_id)))
    new_members = [entry for entry in data["member"] if members[entry["slug"]].id not in proved]
    articles = {article.slug: article for article in db.session.scalars(select(Article))}
    shown = set(db.session.scalars(select(ArticlePicture.article_id)))
    new_articles = [entry for entry in data["article"] if articles[entry["slug"]].id not in shown]
    drawings = [(one["motif"], entry["slug"]) for entry in new_members for one in entry["picture"]]
    prints = _developed([*drawings, *((entry["motif"], entry["description"]) for entry in new_articles)])
    for entry in new_members:
        _load_member(members[entry["slug"]], entry, prints, now)
    for position, entry in enumerate(data["article"], 1):
        if entry in new_articles:
            _load_article(articles[entry["slug"]], entry, members, prints, position=position, now=now)


def _developed(drawings: Sequence[Drawing]) -> Prints:
    """Drawn and pressed on all processors at once: half of the time that the demonstration takes."""
    with ThreadPoolExecutor(os.cpu_count()) as press:
        return dict(zip(drawings, press.map(lambda one: pictures.develop(draw(*one)), drawings), strict=True))


def _load_member(member: Member, entry: Entry, prints: Prints, now: datetime) -> None:
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
        picture = pictures.take_in(prints[one["motif"], member.slug], now=now)
        hung = {"position": position, "state": PictureState.APPROVED, "added_at": now}
        db.session.add(MemberPicture(member=member, picture=picture, description=one["description"], **hung))


def _load_article(
    article: Article, entry: Entry, members: Mapping[str, Member], prints: Prints, *, position: int, now: datetime
) -> None:
    waits_for = entry.get("waits_for")
    row = ArticlePicture(
        article=article,
        picture=pictures.take_in(prints[entry["motif"], entry["description"]], now=now),
        description=entry["description"],
        position=position,
        state=PictureState.WAITING if waits_for else PictureState.APPROVED,
        handed_in_by=members[waits_for] if waits_for else None,
        added_at=now,
    )
    db.session.add(row)
