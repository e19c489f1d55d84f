"""What staff do with a bid's looks: order its sections, write own ones, add pictures, choose the style of the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from app import audit, particulars, pictures
from app.accounts.models import User
from app.db import db
from app.errors import Refused
from app.members.models import Member
from app.pictures import Developed
from app.tenders.bid_actions import check_draft
from app.tenders.looks import queries
from app.tenders.looks.models import BidPicture, BidSection, HouseStyle
from app.tenders.models import Bid
from bids import look, markdown
from bids.chapter_titles import LAST, MAY_BE_LEFT_OUT, titles_of

MOST_SECTIONS, MOST_PICTURES = 40, 60
LONGEST_TITLE, LONGEST_DESCRIPTION = 120, 300


def arrange(
    bid: Bid, places: Mapping[str, int], shown: Mapping[str, bool], *, by: User, now: datetime
) -> list[BidSection]:
    """Put each section whose place is another than it was in that very place; the others close up around them.

    What the law or the buyer asks for cannot be left out, and the appendices stay last.
    """
    check_draft(bid)
    rows = _rows(bid, by=by, now=now)
    before = [(row.name, row.shown) for row in rows]
    rows = _ordered(rows, places)
    for place, row in enumerate(rows, 1):
        row.position = place
        may_choose = row.name in MAY_BE_LEFT_OUT or row.name.startswith(look.OWN)
        row.shown = shown.get(row.name, row.shown) if may_choose else True
    if before != [(row.name, row.shown) for row in rows]:
        audit.record(bid, "arranged", by=by, now=now)
    return rows


def _ordered(rows: Sequence[BidSection], places: Mapping[str, int]) -> list[BidSection]:
    """Two that want the same place stand after each other, as they stood before."""
    moved = [row for row in rows if places.get(row.name, row.position) != row.position and row.name != LAST]
    order, after = [row for row in rows if row not in moved and row.name != LAST], 0
    for row in sorted(moved, key=lambda row: (places[row.name], row.position)):
        after = max(places[row.name], after + 1)
        order.insert(after - 1, row)
    return [*order, *(row for row in rows if row.name == LAST)]


def _rows(bid: Bid, *, by: User, now: datetime) -> list[BidSection]:
    """A row for each section, in order; those that were not there are made."""
    known = {row.name: row for row in queries.rows_of(bid)}
    found = []
    for place, section in enumerate(queries.sections_of(bid), 1):
        row = known.get(section.name)
        if row is None:
            row = BidSection(bid_id=bid.id, name=section.name, position=place, saved_by=by.name, saved_at=now)
            db.session.add(row)
        row.position = place
        found.append(row)
    db.session.flush()
    return found


def write(bid: Bid, name: str | None, title: str, text: str, *, by: User, now: datetime) -> BidSection:
    """Write a section of the bid's own: a new one, before the appendices, or anew what one says.

    Raises Refused for a text that cannot be printed as it is meant.
    """
    check_draft(bid)
    tidy_title = particulars.line(title, "Rubriken", longest=LONGEST_TITLE)
    tidy = _checked(bid, text)
    row = _new_section(bid, by=by, now=now) if name is None else queries.section_of(bid, name)
    row.title, row.text, row.saved_by, row.saved_at = tidy_title, tidy, by.name, now
    audit.record(bid, "section_written", by=by, now=now, name=row.name, title=tidy_title)
    return row


def _checked(bid: Bid, text: str) -> str:
    known = {one.number: look.Picture(one.number, "", one.description) for one in queries.pictures_of(bid)}
    try:
        tidy = markdown.check(text, known)
    except look.LookRefused as no:
        raise Refused(str(no)) from no
    if not tidy:
        raise Refused("Avsnittet har ingen text. Skriv något, eller ta bort avsnittet.")
    return tidy


def _new_section(bid: Bid, *, by: User, now: datetime) -> BidSection:
    rows = _rows(bid, by=by, now=now)
    own = [int(row.name.removeprefix(look.OWN)) for row in rows if row.name.startswith(look.OWN)]
    if len(own) >= MOST_SECTIONS:
        raise Refused(f"Anbudet har redan {MOST_SECTIONS} egna avsnitt. Ta bort ett först.")
    last = next(row for row in rows if row.name == LAST)
    name = f"{look.OWN}{max(own, default=0) + 1}"
    row = BidSection(bid_id=bid.id, name=name, position=last.position, saved_by=by.name, saved_at=now)
    last.position += 1
    db.session.add(row)
    return row


def remove(bid: Bid, name: str, *, by: User, now: datetime) -> None:
    """Take a section of the bid's own away."""
    check_draft(bid)
    row = queries.section_of(bid, name)
    audit.record(bid, "section_removed", by=by, now=now, name=row.name, title=row.title, text=row.text)
    db.session.delete(row)


def add_picture(bid: Bid, data: Developed, description: str, *, by: User, now: datetime) -> BidPicture:
    """A picture that texts can show. What is seen must be told for those who cannot see it."""
    check_draft(bid)
    words = particulars.line(description, "Beskrivningen", longest=LONGEST_DESCRIPTION)
    known = queries.pictures_of(bid)
    if len(known) >= MOST_PICTURES:
        raise Refused(f"Anbudet har redan {MOST_PICTURES} bilder. Ta bort en först.")
    number = max((one.number for one in known), default=0) + 1
    row = BidPicture(bid_id=bid.id, number=number, description=words)
    row.picture = pictures.take_in(data, now=now)
    row.picture_id = row.picture.id
    db.session.add(row)
    audit.record(bid, "picture_added", by=by, now=now, number=row.number, description=words)
    return row


def remove_picture(bid: Bid, number: int, *, by: User, now: datetime) -> None:
    """Take it away. Raises Refused, with where, while a text shows it."""
    check_draft(bid)
    row = queries.picture_of(bid, number)
    if any(version.pdf_id is None for version in bid.versions):
        raise Refused("PDF-filen för det lämnade anbudet görs just nu. Ta bort bilden när den är klar.")
    for section in queries.sections_of(bid):
        if number in markdown.shown_in(section.text):
            title = section.title or titles_of(is_application=bid.tender.is_call)[section.name]
            raise Refused(f"Bilden visas i avsnittet ”{title}”. Ta bort den där först.")
    audit.record(bid, "picture_removed", by=by, now=now, number=number, description=row.description)
    picture = row.picture
    db.session.delete(row)
    db.session.flush()
    pictures.let_go(picture)


def choose_style(company: Member, colour: str, logo: Developed | None, *, by: User, now: datetime) -> HouseStyle:
    """The colour, and a new logo where one is handed in. Raises Refused for a colour on which white cannot be read."""
    try:
        chosen = look.check_colour(colour)
    except look.LookRefused as no:
        raise Refused(str(no)) from no
    style = queries.style_of_house() or HouseStyle(member_id=company.id, colour=chosen)
    style.colour = chosen
    if logo is not None:
        _change_logo(style, pictures.take_in(logo, now=now))
    db.session.add(style)
    audit.record(company, "style_chosen", by=by, now=now, colour=chosen)
    return style


def remove_logo(company: Member, *, by: User, now: datetime) -> None:
    """Print bids without a logo. What is handed in keeps the one it had."""
    style = queries.style_of_house()
    if style is not None and style.logo is not None:
        _change_logo(style, None)
        audit.record(company, "logo_removed", by=by, now=now)


def _change_logo(style: HouseStyle, to: pictures.Picture | None) -> None:
    style.logo = to
    style.logo_id = to.id if to is not None else None
