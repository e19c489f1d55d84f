"""Our made-up notices as text, to change and to hand in, and what a later one changes."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from sqlalchemy import select

from app import noticeflow
from app.db import db
from app.tenders.noticing.models import TenderChange
from app.tenders.noticing.receipt import Receipt

NOTICES = Path(__file__).parents[1] / "contracts" / "notices"
FIRST, CHANGED, RESULT, PLAN = (
    (NOTICES / f"{name}.xml").read_text(encoding="utf-8")
    for name in ("fruktkorgar", "fruktkorgar-rattad", "fruktkorgar-resultat", "plan")
)
IMPORT = "/personal/upphandlingar/importera"
FIRST_ID, FOLDER = "00000000-0000-4000-8000-000000000114", "00000000-0000-4000-8000-0000000fa114"
BEFORE = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
"""Two days after the first notice."""


def another(n: int, source: str = FIRST) -> str:
    """The same notice as one of another procedure."""
    number = f"{n:012d}"
    return source.replace("000000000114", number).replace("0000000fa114", f"fa{number[2:]}")


def upload(browser, *notices: str | bytes, ticket: str = "t"):
    """Hand in files; the names follow their order."""
    data = [(BytesIO(one if isinstance(one, bytes) else one.encode()), f"{n}.xml") for n, one in enumerate(notices)]
    form = {"file": data, "ticket": ticket}
    return browser.post(IMPORT, data=form, content_type="multipart/form-data")


def zipped(files: dict[str, str | bytes], how: int = ZIP_STORED) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", how) as parcel:
        for name, data in files.items():
            parcel.writestr(name, data)
    return made.getvalue()


def take(source: str) -> Receipt:
    """A notice comes in by itself, and is read and saved."""
    done = noticeflow.take_in(source.encode(), "annons.xml", by=None, now=BEFORE)
    db.session.commit()
    return done


def changes() -> dict[str, TenderChange]:
    """What later notices have changed, by its name."""
    return {change.label: change for change in db.session.scalars(select(TenderChange).order_by(TenderChange.position))}
