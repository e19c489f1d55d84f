"""How the bid looks: which sections in which order, texts and pictures of its own."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField

from app import pictures
from app.db import db
from app.errors import Refused
from app.pages import bid_fields, web
from app.pages.bid_fields import Needed, at_most, line
from app.pages.staff.tenders_room import Room, bid_in, check_writer, open_for_change, open_room
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.looks import actions, queries
from bids.chapter_titles import LAST, MAY_BE_LEFT_OUT, titles_of
from bids.look import OWN
from bids.markdown import LONGEST

bp = Blueprint("look", __name__, url_prefix="/<int:tender_id>/utformning")
HERE = "staff.tenders.look.show"


class SectionForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """A section of the bid's own."""

    title = line(_l("Heading"), actions.LONGEST_TITLE, Needed(_l("Write a heading.")))
    text = TextAreaField(_l("Text"), [Needed(_l("Write a text.")), at_most(LONGEST)])


class PictureForm(FlaskForm):  # type: ignore[misc]
    """A picture that texts can show."""

    file = FileField(_l("The picture: JPEG, PNG or WebP, at most 15 MB"), [FileRequired(_l("Choose a picture."))])
    description = line(
        _l("What is seen in the picture"),
        actions.LONGEST_DESCRIPTION,
        Needed(_l("Write what is seen, for those who cannot see it.")),
    )


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """Sections, own texts, pictures."""
    return _page(open_room(tender_id))


def _page(room: Room, form: PictureForm | None = None, typed: Mapping[str, str] | None = None) -> ResponseReturnValue:
    if room.bid is None:
        return show_tab("no_bid", room, "bid"), 200
    sections, titles = queries.sections_of(room.bid), titles_of(is_application=room.tender.is_call)
    names = {section.name: section.title or titles[section.name] for section in sections}
    page = show_tab(
        "look",
        room,
        "bid",
        sections=sections,
        titles=titles,
        typed=typed,
        wrong={name: title for name, title in names.items() if _is_no_place((typed or {}).get(f"plats-{name}"))},
        may_be_left_out=MAY_BE_LEFT_OUT,
        last=LAST,
        own=OWN,
        pictures=queries.pictures_of(room.bid),
        address=lambda picture: pictures.address(picture, pictures.CARD),
        form=form or PictureForm(formdata=None),
    )
    return page, 422 if typed else web.status(form) if form else 200


@bp.post("/ordning")
def arrange(tender_id: int) -> ResponseReturnValue:
    """The order, and which sections are in the bid."""
    room = open_for_change(tender_id)
    known = {section.name for section in queries.sections_of(bid_in(room))}
    typed = {name: request.form[f"plats-{name}"] for name in known if f"plats-{name}" in request.form}
    if any(_is_no_place(text) for text in typed.values()):
        return _page(open_room(tender_id), typed=request.form)
    shown = {name: f"med-{name}" in request.form for name in typed}
    places = {name: int(text) for name, text in typed.items()}
    actions.arrange(bid_in(room), places, shown, by=web.user(), now=room.now)
    db.session.commit()
    flash(_("The order is saved."), "success")
    return web.back_to(HERE, tender_id=tender_id)


def _is_no_place(typed: str | None) -> bool:
    """Whether something was typed that is no whole number of four figures at most."""
    if typed is None:
        return False
    clean = typed.strip()
    return not (clean.isascii() and clean.isdecimal() and len(clean) < 5)


@bp.route("/avsnitt/nytt", methods=["GET", "POST"])
def new_section(tender_id: int) -> ResponseReturnValue:
    """One more section."""
    room, form = open_for_change(tender_id), SectionForm()
    if form.validate_on_submit():
        with web.refusals(form):
            actions.write(bid_in(room), None, form.title.data, form.text.data or "", by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The section is saved. It stands before the appendices; move it where it belongs."), "success")
            return web.back_to(HERE, tender_id=tender_id)
        room = open_room(tender_id)
    return _section_page(room, form)


@bp.route("/avsnitt/<name>", methods=["GET", "POST"])
def edit_section(tender_id: int, name: str) -> ResponseReturnValue:
    """What a section says."""
    room = open_for_change(tender_id)
    row = queries.section_of(bid_in(room), name)
    shown, form = web.Shown.of(row.title, row.text), SectionForm(obj=row)
    if form.validate_on_submit():
        with web.refusals(form):
            shown.check()
            actions.write(bid_in(room), name, form.title.data, form.text.data or "", by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The section is saved."), "success")
            return web.back_to(HERE, tender_id=tender_id)
        room = open_room(tender_id)
    return _section_page(room, form, shown, name)


def _section_page(
    room: Room, form: SectionForm, shown: web.Shown | None = None, name: str | None = None
) -> ResponseReturnValue:
    bid = bid_in(room)
    page = show_tab(
        "look_section",
        room,
        "bid",
        form=form,
        shown=shown,
        row=queries.section_of(bid, name) if name else None,
        pictures=queries.pictures_of(bid),
    )
    return page, web.status(form)


@bp.post("/avsnitt/<name>/ta-bort")
def remove_section(tender_id: int, name: str) -> ResponseReturnValue:
    """Take a section away."""
    room = open_for_change(tender_id)
    actions.remove(bid_in(room), name, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(HERE, tender_id=tender_id)


@bp.post("/bilder")
def add_picture(tender_id: int) -> ResponseReturnValue:
    """A picture is developed before the bid is held: that takes a while."""
    check_writer(tender_id)
    form = PictureForm()
    if form.validate_on_submit():
        with web.refusals(form):
            upload = bid_fields.upload(form.file)
            if upload is None:
                raise Refused(_("Choose a picture."))
            developed = pictures.develop(upload.data)
            room = open_for_change(tender_id)
            actions.add_picture(bid_in(room), developed, form.description.data, by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The picture is added."), "success")
            return web.back_to(HERE, tender_id=tender_id, _anchor="bilder")
    return _page(open_room(tender_id), form)


@bp.post("/bilder/<int:number>/ta-bort")
def remove_picture(tender_id: int, number: int) -> ResponseReturnValue:
    """Take a picture away that no text shows."""
    room = open_for_change(tender_id)
    actions.remove_picture(bid_in(room), number, by=web.user(), now=room.now)
    db.session.commit()
    return web.back_to(HERE, tender_id=tender_id, _anchor="bilder")
