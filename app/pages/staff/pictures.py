"""Photographs behind the counter: those that wait, and the albums of articles and members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.albums import InAlbum
from app.catalog import picture_actions as of_articles
from app.catalog import picture_queries as article_albums
from app.catalog import review
from app.catalog.changing import queries as change_queries
from app.catalog.models import Article
from app.db import db
from app.members import picture_actions as of_members
from app.members import picture_queries as member_albums
from app.members import queries as members
from app.members.models import Member
from app.pages import album_page, web
from app.pages.album_page import STEPS, Album, DescriptionForm, PictureForm
from app.pages.article_forms import ReasonForm

bp = Blueprint("pictures", __name__)
bp.before_request(web.sales_decide)

ACTS: dict[str, Any] = {"katalog": of_articles, "medlemmar": of_members}
WAITING: dict[str, Any] = {"katalog": article_albums, "medlemmar": member_albums}
ALBUM = "/<any(katalog,medlemmar):kind>/<int:owner_id>/bilder"


@bp.route("/katalog/bilder")
def inbox() -> ResponseReturnValue:
    """Photographs that members have handed in and nobody has looked at."""
    return _inbox()


@bp.route("/katalog/bilder/<any(katalog,medlemmar):kind>/<int:row_id>/ja", methods=["POST"])
def approve(kind: str, row_id: int) -> ResponseReturnValue:
    """Show a photograph to everybody."""
    ACTS[kind].approve(WAITING[kind].waiting_picture(row_id), by=web.user(), now=clock.now())
    return _decided(_("Everybody can see the photograph now."))


@bp.route("/katalog/bilder/<any(katalog,medlemmar):kind>/<int:row_id>/nej", methods=["POST"])
def decline(kind: str, row_id: int) -> ResponseReturnValue:
    """Say no to a photograph, with a reason."""
    row, form = WAITING[kind].waiting_picture(row_id), ReasonForm()
    if not form.validate_on_submit():
        return _inbox(f"{kind}-{row_id}", form)
    ACTS[kind].decline(row, form.reason.data or "", by=web.user(), now=clock.now())
    return _decided(_("The photograph is declined, and the member can read why."))


@bp.route(ALBUM, methods=["GET", "POST"])
def show(kind: str, owner_id: int) -> ResponseReturnValue:
    """An album, and one more photograph for it."""
    _owner(kind, owner_id)  # or there is no such page
    form = PictureForm()
    if form.validate_on_submit():
        with web.refusals(form):
            developed, words = form.developed(), form.description.data or ""
            ACTS[kind].add_picture(_owner(kind, owner_id), developed, words, by=web.user(), now=clock.now())
            return album_page.saved(_("Everybody can see the photograph now."), kind=kind, owner_id=owner_id)
    return album_page.show(_album(kind, owner_id), form if form.errors else None)


@bp.route(f"{ALBUM}/<int:row_id>/beskriv", methods=["POST"])
def describe(kind: str, owner_id: int, row_id: int) -> ResponseReturnValue:
    """Say better what a photograph shows."""
    row, form = _row(kind, owner_id, row_id), DescriptionForm()
    if form.validate_on_submit():
        with web.refusals(form):
            ACTS[kind].describe(row, form.description.data or "", by=web.user(), now=clock.now())
            return album_page.saved(_("The description is saved."), kind=kind, owner_id=owner_id)
    return album_page.show(_album(kind, owner_id), failed=row_id, failure=form)


@bp.route(f"{ALBUM}/<int:row_id>/<any(fram,bak,bort):act>", methods=["POST"])
def change(kind: str, owner_id: int, row_id: int, act: str) -> ResponseReturnValue:
    """Move a photograph, or take it away."""
    row = _row(kind, owner_id, row_id)
    if act == "bort":
        ACTS[kind].remove(row, by=web.user(), now=clock.now())
    else:
        ACTS[kind].move(row, STEPS[act], by=web.user(), now=clock.now())
    return album_page.saved(album_page.changed_words(act), kind=kind, owner_id=owner_id)


def _owner(kind: str, owner_id: int) -> Article | Member:
    """Whose album it is, with its row held by whoever changes something."""
    change = request.method == "POST"
    if kind == "katalog":
        return review.article(owner_id, lock=change)
    member = members.member_with(owner_id)
    return member_albums.locked(member) if change else member


def _row(kind: str, owner_id: int, row_id: int) -> InAlbum:
    owner = _owner(kind, owner_id)
    if isinstance(owner, Article):
        return article_albums.picture_of(owner.id, row_id)
    return member_albums.picture_of(owner, row_id)


def _album(kind: str, owner_id: int) -> Album:
    owner = _owner(kind, owner_id)
    rows: Sequence[InAlbum]
    if isinstance(owner, Article):
        rows, most = article_albums.album_of(owner.id), of_articles.MOST
        back = (url_for("staff.catalog.show", article_id=owner_id), owner.name)
    else:
        rows, most = member_albums.album_of(owner), of_members.MOST
        back = (url_for("staff.members.show", member_id=owner_id), owner.name)
    return Album(
        title=_("Photographs"),
        lead=owner.name,
        back=back,
        address={"kind": kind, "owner_id": owner_id},
        rows=rows,
        own=frozenset(row.id for row in rows),
        most=most,
    )


def _inbox(failed: str = "", form: ReasonForm | None = None) -> ResponseReturnValue:
    page = render_template(
        "staff/pictures_inbox.html",
        of_articles=article_albums.waiting(),
        of_members=member_albums.waiting(),
        waiting=change_queries.waiting().total,
        waiting_pictures=waiting_count(),
        failed=failed,
        form=form,
    )
    return page, 422 if form else 200


def waiting_count() -> int:
    """How many photographs wait for staff."""
    return article_albums.waiting_count() + member_albums.waiting_count()


def _decided(sentence: str) -> ResponseReturnValue:
    db.session.commit()
    flash(sentence, "success")
    return web.back_to(".inbox")
