"""Network addresses of signatures are blanked when nobody can need them any longer (GDPR, article 5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app import clock, jobs
from app.db import db
from app.tenders.signing.models import PaperSignature

KEPT = timedelta(days=2 * 365)
"""From the signature: longer than a bid binds us and a review of its award takes."""


@jobs.every_minute
def look_for_old_addresses(now: datetime) -> None:
    """Let a job forget, where there is something to forget."""
    oldest = select(func.min(PaperSignature.signed_at)).where(PaperSignature.address != "")
    first = db.session.scalar(oldest)
    if first is not None and first < now - KEPT:
        jobs.enqueue(forget_addresses, moment=int(now.timestamp()))


@jobs.job
def forget_addresses(moment: int) -> None:
    """Blank the addresses of old signatures; name, right and time stay. Run twice, it finds nothing left to do."""
    before = datetime.fromtimestamp(moment, tz=clock.SWEDEN) - KEPT
    db.session.execute(
        update(PaperSignature)
        .where(PaperSignature.signed_at < before, PaperSignature.address != "")
        .values(address="")
        .execution_options(synchronize_session=False)
    )
