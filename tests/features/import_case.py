"""A member's assortment as a file: Kim of Ljungbacken hands it in, and reads what was found."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import func, select

from app.catalog.imports.models import ImportBatch, ImportNote
from app.db import db
from tests import make, sheets

DESK = "/medlem/erbjudanden/import"


def hand_in(visitor, data: bytes, *, name="sortiment.xlsx", desk=DESK, pictures: bytes | None = None, **fields):
    sent = {"file": (BytesIO(data), name), **fields}
    if pictures is not None:
        sent["parcel"] = (BytesIO(pictures), "bilder.zip")
    return visitor.post(desk, data=sent, content_type="multipart/form-data")


def newest() -> ImportBatch:
    db.session.rollback()
    return db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(1)).one()


def count(model, *conditions) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def notes(kind: str) -> list[ImportNote]:
    query = select(ImportNote).where(ImportNote.batch_id == newest().id, ImportNote.kind == kind)
    return list(db.session.scalars(query.order_by(ImportNote.position)))


def faults() -> list[tuple[str, str]]:
    return [(note.address, note.text) for note in notes("fault")]


def make_kim():
    """Kim answers for Ljungbacken."""
    return make.make_user(member=make.make_ljungbacken())


def make_fruit():
    return make.make_category(slug="frukt", name_sv="Frukt", name_en="Fruit")


def ljungbacken() -> make.Member:
    return db.session.scalars(select(make.Member).where(make.Member.slug == "ljungbacken")).one()


def reading(visit, kim, work_off):
    """Hand in rows as Kim, and let the worker read them; gives the batch."""

    def read(*rows, **more) -> ImportBatch:
        answer = hand_in(visit(kim.email), sheets.assortment(*rows), **more)
        assert answer.status_code == 303, answer.text
        work_off()
        return newest()

    return read


def taking_in(read, visit, kim, work_off):
    """The same, and say yes."""

    def take_in(*rows, **more) -> ImportBatch:
        batch = read(*rows, **more)
        assert faults() == []
        answer = visit(kim.email).post(f"{DESK}/{batch.id}/ta-in")
        assert answer.status_code == 303, answer.text
        work_off()
        return newest()

    return take_in
