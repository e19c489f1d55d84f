"""Reading how a bid looks, and giving it to the offer that is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from app import pictures
from app.albums import PictureState
from app.db import db
from app.errors import NotYours
from app.members.models import Member, MemberKind
from app.members.picture_models import MemberPicture
from app.pictures import Picture
from app.tenders.looks.models import BidPicture, BidSection, HouseStyle
from app.tenders.models import Bid
from app.tenders.offers import key_of
from bids import look
from bids.chapter_titles import arranged, titles_of
from bids.offer import Offer
from bids.parties import Party


def dressed(offer: Offer, bid: Bid) -> Offer:
    """The offer as it is printed: with its sections, pictures and style, and a picture of each party."""
    found = look_of(bid)
    faces = _faces(bid)
    parties = tuple(_with_face(party, faces.get(party.key)) for party in offer.parties)
    return replace(offer, look=found if found != look.Look() else None, parties=parties)


def look_of(bid: Bid) -> look.Look:
    """All that has been chosen for it."""
    style = style_of_house()
    shown = [look.Picture(one.number, digest_of(one.picture), one.description) for one in pictures_of(bid)]
    return look.Look(
        tuple(_section(row) for row in rows_of(bid)), tuple(shown), _style(style) if style else look.Style()
    )


def sections_of(bid: Bid) -> tuple[look.Section, ...]:
    """All sections in the bid's order, those that are left out too."""
    return arranged([_section(row) for row in rows_of(bid)], titles_of(is_application=bid.tender.is_call))


def rows_of(bid: Bid) -> Sequence[BidSection]:
    """The rows of those that somebody has placed, in order."""
    query = select(BidSection).where(BidSection.bid_id == bid.id).order_by(BidSection.position, BidSection.id)
    return db.session.scalars(query).all()


def _section(row: BidSection) -> look.Section:
    return look.Section(name=row.name, shown=row.shown, title=row.title, text=row.text)


def section_of(bid: Bid, name: str) -> BidSection:
    """A section that was written for the bid. Raises NotYours when it has none by that name."""
    query = select(BidSection).where(BidSection.bid_id == bid.id, BidSection.name == name)
    found = db.session.scalar(query) if name.startswith(look.OWN) else None
    if found is None:
        raise NotYours
    return found


def pictures_of(bid: Bid) -> Sequence[BidPicture]:
    """The bid's pictures by their numbers."""
    return db.session.scalars(select(BidPicture).where(BidPicture.bid_id == bid.id).order_by(BidPicture.number)).all()


def picture_of(bid: Bid, number: int) -> BidPicture:
    """One of them. Raises NotYours when the bid has none with that number."""
    found = next((one for one in pictures_of(bid) if one.number == number), None)
    if found is None:
        raise NotYours
    return found


def digest_of(picture: Picture) -> str:
    """The hash of the file that is printed."""
    return pictures.print_of(picture, pictures.LARGE).file.sha256


def style_of_house() -> HouseStyle | None:
    """What the sales company has chosen; None while it has chosen nothing."""
    ours = select(Member.id).where(Member.kind == MemberKind.SALES_COMPANY)
    return db.session.scalar(select(HouseStyle).where(HouseStyle.member_id.in_(ours)).limit(1))


def _style(style: HouseStyle) -> look.Style:
    return look.Style(style.colour, digest_of(style.logo) if style.logo is not None else "")


def _faces(bid: Bid) -> dict[str, tuple[str, str]]:
    """The first approved picture of each party that has one: file and words, by the party's key."""
    members = {party.member_id: key_of(party.member) for party in bid.parties if not party.has_declined}
    query = (
        select(MemberPicture)
        .where(MemberPicture.member_id.in_(members), MemberPicture.state == PictureState.APPROVED)
        .order_by(MemberPicture.position.desc(), MemberPicture.id.desc())
    )
    shown = db.session.scalars(query)
    return {members[one.member_id]: (digest_of(one.picture), one.description) for one in shown}


def _with_face(party: Party, face: tuple[str, str] | None) -> Party:
    return replace(party, picture=face[0], picture_words=face[1]) if face else party
