"""The buyer's own form goes back with our answers in it: for a draft when somebody asks, for a version once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app import clock, files, jobs
from app.apart import read_apart
from app.db import db
from app.errors import Refused
from app.tenders import queries as tenders
from app.tenders.forms import queries
from app.tenders.forms.filled import entries_of
from app.tenders.forms.gathering import placed
from app.tenders.forms.models import BuyerForm, FilledForm, FormState
from app.tenders.forms.sheets import DOCX, XLSX
from app.tenders.models import Bid, BidVersion, Tender
from bids.forms import filling
from bids.forms.entries import Left
from bids.offer import Answer, Offer, PriceRow, from_json

FILLING = "app.tenders.forms.returning.fill_for_version"
PATIENCE = 60
"""Seconds."""
MEDIA_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Returned:
    """A form that has been filled in, and the cells that we left as they were."""

    data: bytes
    name: str
    media_type: str
    left: tuple[Left, ...]
    written: int
    """So many cells."""


def fill(form: BuyerForm, tender: Tender, answers: Iterable[Answer], rows: Iterable[PriceRow]) -> Returned:
    """The buyer's file with what a bid answers and charges. Raises Refused where it cannot be filled in."""
    contents = queries.contents(form)
    kind, said = contents.kind, entries_of(answers, rows, queries.fillings(form, tender))
    entries = [placed(one, contents.sheets) for one in said]
    wanted = filling.order(kind, files.read(form.file), entries)
    answer, data = read_apart("bids.forms.filling", wanted, seconds=PATIENCE, unreadable=filling.DAMAGED)
    left = tuple(Left(where, reason) for where, reason in answer["left"])
    return Returned(data, _named(form.file.name, kind), MEDIA_TYPES[kind], left, len(entries) - len(left))


def _named(name: str, kind: str) -> str:
    """The buyer's own name for it: it knows its form by that."""
    stem = name.rpartition(".")[0] or name
    return f"{stem}.{kind}"


def has_forms(bid: Bid) -> bool:
    """Whether anything of the tender's has come out of a form of the buyer's that still holds."""
    return bool(_waiting(bid.tender_id))


def _waiting(tender_id: int) -> list[int]:
    forms = queries.forms_of(tender_id)
    return [form.id for form in forms if form.state is FormState.READ and any(not t.replaced for t in form.tables)]


@jobs.job
def fill_for_version(version_id: int) -> None:
    """Fill in each of the buyer's forms for a version that was handed in, once. What cannot be filled stays out."""
    version = db.session.get_one(BidVersion, version_id)
    bid = db.session.get_one(Bid, version.bid_id)
    offer = from_json(version.offer_json)
    tender = tenders.tender_by_id(bid.tender_id)
    there = set(db.session.scalars(select(FilledForm.form_id).where(FilledForm.version_id == version_id)))
    for form_id in _waiting(bid.tender_id):
        if form_id not in there:
            _fill_one(version, queries.form_of(bid.tender_id, form_id), tender, offer)


def _fill_one(version: BidVersion, form: BuyerForm, tender: Tender, offer: Offer) -> None:
    try:
        returned = fill(form, tender, offer.answers, offer.rows)
    except Refused:
        return
    kept = files.save(returned.data, name=returned.name, media_type=returned.media_type, now=clock.now())
    db.session.add(FilledForm(version_id=version.id, form_id=form.id, file_id=kept.id))
