"""The sales company as every page's foot and the catalogue show it: who it is, and what it has printed for visitors."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.catalog.printing.models import CataloguePrint
from app.catalog.printing.queries import Published
from app.customers.models import CustomerKind
from app.db import db
from app.files import StoredFile
from app.members.models import Member, MemberKind
from app.shelf import remember


@dataclass(frozen=True, slots=True)
class House:
    """Name and address, and the printed catalogue that private people can fetch, if there is one."""

    name: str = "Samsälj"
    email: str = ""
    phone: str = ""
    printed: Published | None = None


@remember
def house() -> House:
    """All of it in one question: a visitor who comes first to a process waits for few enough as it is."""
    newest = (
        select(CataloguePrint.id)
        .where(
            CataloguePrint.audience == CustomerKind.PRIVATE,
            CataloguePrint.published_at.is_not(None),
            CataloguePrint.file_id.is_not(None),
        )
        .order_by(CataloguePrint.published_at.desc(), CataloguePrint.id.desc())
        .limit(1)
    )
    row = db.session.execute(
        select(Member.name, Member.email, Member.phone, CataloguePrint.pages, StoredFile.size, CataloguePrint.asked_at)
        .select_from(Member)
        .outerjoin(CataloguePrint, CataloguePrint.id == newest.scalar_subquery())
        .outerjoin(StoredFile, StoredFile.id == CataloguePrint.file_id)
        .where(Member.kind == MemberKind.SALES_COMPANY)
    ).first()
    if row is None:
        return House()
    printed = Published(row.pages or 0, row.size, row.asked_at) if row.size is not None else None
    return House(row.name, row.email, row.phone, printed)
