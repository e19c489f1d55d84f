"""Secret references whose names stand readable in an appendix that is not secret: looked for by a worker.

What is found lies with what else was found beside the bid (`Bid.found_beside`), one entry for each file, with the keys
``key`` (`IN_FILE` and the file's hash), ``names`` (those that were looked for) and ``found``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from app import clock, files, jobs
from app.apart import read_apart
from app.db import db
from app.errors import Refused
from app.files import StoredFile
from app.tenders import queries
from app.tenders.bid import Bid
from app.tenders.offers import offer_of
from bids.gap import Gap
from bids.kinds import GapArea
from bids.masking import hidden_appendices, secret_names
from bids.offer import Appendix, Offer
from bids.swedish import listing

IN_FILE = "secrecy:in:"
PDF = "application/pdf"
PATIENCE = 30
"""Seconds for a file; one that takes longer is held to hold no name."""


def is_of_file(told: dict[str, Any]) -> bool:
    """Whether an entry of what was found beside a bid is one of these."""
    return str(told["key"]).startswith(IN_FILE)


def unread(bid: Bid, offer: Offer) -> list[str]:
    """The hashes of the open appendices in which the names have not been looked for."""
    names = secret_names(offer)
    read = {told["key"] for told in bid.found_beside if is_of_file(told) and set(names) <= set(told["names"])}
    wanted = (one.sha256 for one in _open(bid, offer) if one.media_type == PDF and IN_FILE + one.sha256 not in read)
    return list(dict.fromkeys(wanted)) if names else []


def found_in(bid: Bid, offer: Offer) -> Iterator[Gap]:
    """The reminders, of names that are still secret in appendices that are still open."""
    names = set(secret_names(offer))
    found = {told["key"]: names & set(told["found"]) for told in bid.found_beside if is_of_file(told)}
    for one in _open(bid, offer):
        said = sorted(found.get(IN_FILE + one.sha256, ()))
        if said:
            yield Gap(
                key=f"{IN_FILE}{one.number}",
                area=GapArea.SECRECY,
                blocking=False,
                sentence=f"I bilaga {one.number} går det att läsa {listing(said)}, som är hemligt. Den maskerade "
                "kopian visar bilagan som den är. Markera bilagan som hemlig, eller byt den mot en utan namnet.",
            )


def _open(bid: Bid, offer: Offer) -> list[Appendix]:
    """What the masked copy shows as it is: not the papers that it prints anew from values."""
    ours = {one.number for one in bid.appendices if one.declaration or (one.document and one.document.signed_text)}
    return [one for one in offer.appendices if one.number not in ours | hidden_appendices(offer)]


@jobs.job
def read(bid_id: int) -> None:
    """Look for the names in what has not been read. Nothing is held in the database meanwhile; run twice, it rests."""
    bid = queries.bid_by_id(bid_id)
    if not bid.is_draft or bid.tender.deadline is None:
        return
    offer = offer_of(bid, now=clock.now())
    names, wanted = list(secret_names(offer)), unread(bid, offer)
    kept = db.session.scalars(select(StoredFile).where(StoredFile.sha256.in_(wanted)).order_by(StoredFile.id)).all()
    data = {file.sha256: files.read(file) for file in kept}
    jobs.checkpoint()
    entries = [{"key": IN_FILE + digest, "names": names, "found": _found(names, one)} for digest, one in data.items()]
    if entries:
        bid = queries.bid_by_id(bid_id, lock=True)
        keys = {one["key"] for one in entries}
        bid.found_beside = [*(told for told in bid.found_beside if told["key"] not in keys), *entries]


def _found(names: list[str], data: bytes) -> list[str]:
    question = json.dumps(names).encode() + b"\n" + data
    try:
        answer, _rest = read_apart("bids.names_in", question, seconds=PATIENCE, unreadable="-")
    except Refused:
        return []
    return list(answer["found"])
