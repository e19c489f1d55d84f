"""Loads the demonstration's answer library: texts that are fresh, to be read again, and too old."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import clock, files
from app.accounts import queries as people
from app.db import db
from app.demo.papers import paper
from app.files import StoredFile
from app.tenders.library import actions
from app.tenders.library.models import EntryKind, LibraryEntry
from app.tenders.library.values import EntryText

HERE = Path(__file__).parent
OWNER = "salj@samklang.example"

Entry = dict[str, Any]


def load_library(now: datetime) -> None:
    """Load it into a house that has none. The accounts must be there; the caller commits."""
    if db.session.scalar(select(LibraryEntry.id).limit(1)) is not None:
        return
    owner = people.account_with(OWNER)
    for entry in tomllib.loads((HERE / "library.toml").read_text(encoding="utf-8"))["entry"]:
        made = now - timedelta(days=entry["made_days_ago"])
        kind, file = EntryKind(entry["kind"]), _file(entry, made)
        actions.begin(kind, _says(entry, now), owner=owner, file=file, by=owner, now=made)


def _says(entry: Entry, now: datetime) -> EntryText:
    today, lasts = clock.local_date(now), entry.get("valid_for_days")
    return EntryText(
        title=entry["title"],
        text=entry["text"].strip(),
        valid_to=today + timedelta(days=lasts) if lasts is not None else None,
        review_on=today + timedelta(days=entry["review_in_days"]),
    )


def _file(entry: Entry, now: datetime) -> StoredFile | None:
    if not entry.get("file"):
        return None
    data = paper(entry["title"], [entry["text"].strip()])
    return files.save(data, name=f"{entry['title']}.pdf", media_type="application/pdf", now=now)
