"""What parties declared in a version that was handed in: PDF and XML, as they were."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.tenders.bid import Bid
from app.tenders.espd.models import VersionDeclaration
from app.tenders.papers import BidVersion


def keep(version: BidVersion, bid: Bid) -> None:
    """Note the papers of the declarations that lie in the bid; the rows point at files that never change."""
    for appendix in bid.appendices:
        one = appendix.declaration
        if one is not None and one.is_signed and one.pdf_id is not None:
            db.session.add(
                VersionDeclaration(
                    version_id=version.id,
                    member_id=one.member_id,
                    kind=one.kind,
                    sha256=one.sha256,
                    pdf_id=one.pdf_id,
                    xml_id=one.xml_id,
                )
            )


def kept_last(bid: Bid) -> Sequence[VersionDeclaration]:
    """What each party declared in the version that was handed in last, with the files."""
    last = select(func.max(BidVersion.id)).where(BidVersion.bid_id == bid.id).scalar_subquery()
    return _kept(VersionDeclaration.version_id == last)


def kept(version: BidVersion) -> Sequence[VersionDeclaration]:
    """What each party declared in the version, with the files."""
    return _kept(VersionDeclaration.version_id == version.id)


def _kept(which: ColumnElement[bool]) -> Sequence[VersionDeclaration]:
    query = (
        select(VersionDeclaration)
        .where(which)
        .options(
            joinedload(VersionDeclaration.member),
            joinedload(VersionDeclaration.pdf),
            joinedload(VersionDeclaration.xml),
        )
        .order_by(VersionDeclaration.member_id, VersionDeclaration.kind)
    )
    return db.session.scalars(query).all()
