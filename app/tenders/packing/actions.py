"""Asking for the package, and what the receipt does: it locks the bid until it is withdrawn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import audit, files, jobs
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.tenders.bid import Bid, BidState
from app.tenders.packing import limits as kept_limits
from app.tenders.packing.models import BidPackage, BidReceipt
from app.tenders.packing.queries import receipt_that_holds
from app.tenders.papers import BidVersion
from app.tenders.tender import Tender
from bids.package import LEAST_NAME, Limits

PACKING = "app.tenders.packing.making.make"
LOCKED = (
    "Anbudet är inlämnat och låst av köparens kvitto. Dra tillbaka det i köparens system först, och anteckna det på "
    "sidan Paketet."
)

MOST_NAME = 255
"""Letters: no file system takes a longer name."""


def set_limits(tender: Tender, limits: Limits, *, by: User, now: datetime) -> Tender:
    """What the buyer's system takes. Raises Refused for what no file could meet."""
    if limits.most_bytes is not None and limits.most_bytes < 100_000:
        raise Refused("Skriv högsta filstorlek i megabyte, minst 0,1.")
    if limits.longest_name is not None and not LEAST_NAME <= limits.longest_name <= MOST_NAME:
        raise Refused(f"Ett filnamn behöver få vara minst {LEAST_NAME} och högst {MOST_NAME} tecken.")
    tender.upload_limits = kept_limits.kept(limits)
    audit.record(tender, "upload_limits_set", by=by, now=now, portal=str(limits.portal))
    return tender


def ask(bid: Bid, version: BidVersion, limits: Limits, *, by: User, now: datetime) -> BidPackage:
    """Let a worker pack a version. One that is there is thrown away: it was for other limits, or failed.

    Raises Refused when the version's PDF is not there yet.
    """
    if version.pdf_id is None:
        raise Refused("Anbudets PDF-fil är inte färdig än. Försök igen om en stund.")
    older = db.session.scalar(select(BidPackage).where(BidPackage.version_id == version.id))
    if older is not None:
        if older.file is not None:
            files.let_go(older.file)
        db.session.delete(older)
        db.session.flush()
    package = BidPackage(
        version_id=version.id, limits=kept_limits.kept(limits), asked_at=now, by_name=by.name, files=[], problems=[]
    )
    db.session.add(package)
    db.session.flush()
    package.job = jobs.enqueue(PACKING, package_id=package.id)
    audit.record(bid, "package_asked", by=by, now=now, version=version.number)
    return package


def note_receipt(
    bid: Bid,
    version: BidVersion,
    file: StoredFile,
    *,
    received_at: datetime,
    reference: str,
    by: User,
    now: datetime,
) -> BidReceipt:
    """Lay in what the buyer's system gave for a version, also an earlier one: from now on the bid is locked.

    A draft that is open cannot be handed in then. Raises Refused when the buyer has decided, before the version's PDF
    is there, when a receipt is there, and for a moment that cannot be.
    """
    if bid.state not in {BidState.DRAFT, BidState.SUBMITTED}:
        raise Refused("Köparen har beslutat, så det är för sent att lägga in ett kvitto.")
    if version.pdf_id is None:
        raise Refused(
            f"PDF-filen för version {version.number} är inte färdig än, så den kan inte ha laddats upp. Kontrollera "
            "vilken version kvittot gäller, eller försök igen om en stund."
        )
    if receipt_that_holds(bid.id) is not None:
        raise Refused("Anbudet har redan ett kvitto. Dra tillbaka det först, om det är fel.")
    if not version.frozen_at.replace(second=0, microsecond=0) <= received_at <= now:
        raise Refused("Tiden på kvittot ska ligga efter att versionen fastställdes, och inte i framtiden.")
    receipt = BidReceipt(
        bid_id=bid.id,
        version_id=version.id,
        file=file,
        received_at=received_at,
        reference=reference.strip(),
        noted_at=now,
        noted_by=by.name,
    )
    try:
        with db.session.begin_nested():
            db.session.add(receipt)
            db.session.flush()
    except IntegrityError as second:
        raise Refused("Anbudet har redan ett kvitto. Dra tillbaka det först, om det är fel.") from second
    audit.record(bid, "receipt_noted", by=by, now=now, version=version.number, sha256=file.sha256)
    return receipt


def withdraw(bid: Bid, receipt: BidReceipt, because: str, *, by: User, now: datetime) -> BidReceipt:
    """The bid has been taken back in the buyer's system: the receipt stays, and the bid can be changed again.

    Raises Refused without a reason, after the last day for bids, and when it was withdrawn before.
    """
    if not receipt.holds:
        raise Refused("Kvittot är redan tillbakadraget.")
    if not because.strip():
        raise Refused("Skriv varför anbudet dras tillbaka.")
    if bid.tender.deadline is not None and now > bid.tender.deadline:
        raise Refused("Sista anbudsdag har passerat. Ett lämnat anbud binder oss och kan inte dras tillbaka här.")
    receipt.withdrawn_at, receipt.withdrawn_by, receipt.withdrawn_because = now, by.name, because.strip()
    audit.record(bid, "withdrawn_at_buyer", by=by, now=now, because=because.strip()[:300])
    return receipt


def check_unlocked(bid: Bid) -> None:
    """Raises Refused while a receipt holds: what lies with the buyer is not changed here."""
    if receipt_that_holds(bid.id) is not None:
        raise Refused(LOCKED)
