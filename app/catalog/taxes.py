"""What staff say of an article to the tax: of what a conference's price consists, and which household work it is.

Neither is anything that customers approve or members propose: it follows from our own calculation, and so it has no
versions. What is ordered keeps what held for its day of supply (VAT) or on its day of order (deduction).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from app import audit, particulars, shelf
from app.accounts.models import User
from app.catalog.models import Article, VatDivision
from app.db import db
from app.errors import Refused
from app.reliefs import WORKS, Relief, Work
from app.treatments import Division
from app.vat import VatClass

RELIEVED = {Relief.RUT: (VatClass.STANDARD,), Relief.ROT: (VatClass.STANDARD, VatClass.BUILDING)}
"""How such work is taxed."""


def divisions_of(article: Article) -> list[VatDivision]:
    """How an article's price is and was divided, the newest first."""
    mine = select(VatDivision).where(VatDivision.article_id == article.id)
    return list(db.session.scalars(mine.order_by(VatDivision.valid_from.desc())))


def divide(article: Article, division: Division, why: str, *, by: User, now: datetime, today: date) -> VatDivision:
    """Divide a conference's price between rates from a day on; the same day again is written over.

    Raises Refused for what makes no whole, for an article of another class, and for a day whose invoices may be out.
    """
    if article.vat_class != VatClass.CONFERENCE:
        raise Refused("Bara ett konferenspaket delas mellan momssatser.")
    if division.valid_from < today:
        raise Refused("Delningen gäller från i dag eller senare. Det som är fakturerat ändras inte.")
    division, why = division.checked(), particulars.line(why, "Beräkningen", longest=300)
    shares = {one.value: share for one, share in division.shares}
    same = next((row for row in divisions_of(article) if row.valid_from == division.valid_from), None)
    row = same or VatDivision(article_id=article.id, valid_from=division.valid_from)
    row.shares, row.why, row.set_at, row.set_by = shares, why, now, by.name
    db.session.add(row)
    said = ", ".join(f"{name} {share} %" for name, share in shares.items())
    audit.record(article, "VAT divided", by=by, now=now, day=division.valid_from.isoformat(), shares=said)
    shelf.clear()
    return row


def say_work(article: Article, work: Work | None, labour_percent: int | None, *, by: User, now: datetime) -> Article:
    """Say which household work it is, and how much of its price is labour (IL 67 kap. 18 §); None for none.

    Raises Refused where the article is no such work, and for a share that is none.
    """
    if work is None:
        article.work, article.labour_percent = None, None
    else:
        about = WORKS[work]
        if article.vat_class not in RELIEVED[about.relief]:
            raise Refused("Arbete som ger avdrag har 25 procents moms. Rätta artikelns moms först.")
        if about.relief == Relief.RUT and not article.rut:
            raise Refused("Artikeln säger att den inte ger rätt till rutavdrag. Rätta det på artikelns sida först.")
        percent = about.labour or labour_percent or 0
        if not 1 <= percent <= 100:
            raise Refused("Skriv hur stor del av priset som är arbete, från 1 till 100 procent.")
        article.work, article.labour_percent = work, percent
    audit.record(article, "household work", by=by, now=now, work=work or "", percent=article.labour_percent)
    return article
