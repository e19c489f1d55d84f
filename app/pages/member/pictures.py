"""The member's photographs: on its own page, and of the articles that it alone makes or has proposed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.albums import InAlbum
from app.catalog import picture_actions as of_articles
from app.catalog import picture_queries as article_albums
from app.catalog.models import Article
from app.members import picture_actions as of_members
from app.members import picture_queries as member_albums
from app.pages import album_page, web
from app.pages.album_page import STEPS, Album, DescriptionForm, PictureForm

bp = Blueprint("pictures", __name__)

OWN, ARTICLE = "/sida/bilder", "/artiklar/<int:article_id>/bilder"
NO_ARTICLE = {"article_id": 0}
"""Stands in addresses for the member's own page."""


@bp.route(OWN, methods=["GET", "POST"], defaults=NO_ARTICLE)
@bp.route(ARTICLE, methods=["GET", "POST"])
def show(article_id: int) -> ResponseReturnValue:
    """An album, and one more photograph for it."""
    _article(article_id)  # or there is no such page
    form = PictureForm()
    if form.validate_on_submit():
        with web.refusals(form):
            _hand_in(article_id, form)
            return album_page.saved(
                _("The photograph is with us. Everybody can see it as soon as we have looked at it."),
                article_id=article_id,
            )
    return album_page.show(_album(article_id), form if form.errors else None)


@bp.route(f"{OWN}/<int:row_id>/beskriv", methods=["POST"], defaults=NO_ARTICLE)
@bp.route(f"{ARTICLE}/<int:row_id>/beskriv", methods=["POST"])
def describe(article_id: int, row_id: int) -> ResponseReturnValue:
    """Say better what a photograph shows; it holds at once."""
    row, form = _row(article_id, row_id), DescriptionForm()
    if form.validate_on_submit():
        with web.refusals(form):
            _acts(article_id).describe(row, form.description.data or "", by=web.user(), now=clock.now())
            return album_page.saved(_("The description is saved."), article_id=article_id)
    return album_page.show(_album(article_id), failed=row_id, failure=form)


@bp.route(f"{OWN}/<int:row_id>/<any(fram,bak,bort):act>", methods=["POST"], defaults=NO_ARTICLE)
@bp.route(f"{ARTICLE}/<int:row_id>/<any(fram,bak,bort):act>", methods=["POST"])
def change(article_id: int, row_id: int, act: str) -> ResponseReturnValue:
    """Move a photograph, or take it away."""
    row = _row(article_id, row_id)
    if act == "bort":
        _acts(article_id).remove(row, by=web.user(), now=clock.now())
    else:
        _acts(article_id).move(row, STEPS[act], by=web.user(), now=clock.now())
    return album_page.saved(album_page.changed_words(act), article_id=article_id)


def _acts(article_id: int) -> Any:
    return of_articles if article_id else of_members


def _article(article_id: int) -> Article | None:
    """The article, if it is about one; whoever changes something holds the row that owns the album."""
    change = request.method == "POST"
    if article_id:
        return article_albums.article_pictured_by(web.member(), article_id, lock=change)
    if change:
        member_albums.locked(web.member())
    return None


def _row(article_id: int, row_id: int) -> InAlbum:
    if _article(article_id):
        return article_albums.own_picture_of(web.member(), article_id, row_id)
    return member_albums.picture_of(web.member(), row_id)


def _hand_in(article_id: int, form: PictureForm) -> None:
    developed, words = form.developed(), form.description.data or ""
    article, member = _article(article_id), web.member()
    if article:
        of_articles.propose_picture(article, member, developed, words, by=web.user(), now=clock.now())
    else:
        of_members.propose_picture(member, developed, words, by=web.user(), now=clock.now())


def _album(article_id: int) -> Album:
    article, member = _article(article_id), web.member()
    if article:
        rows = article_albums.album_of(article_id)
        return Album(
            title=_("Photographs"),
            lead=article.name,
            back=(url_for("member.offerings.index"), _("What you offer")),
            address={"article_id": article_id},
            rows=rows,
            own=frozenset(row.id for row in rows if row.handed_in_by_id == member.id),
            most=of_articles.MOST,
        )
    pictures = member_albums.album_of(member)
    return Album(
        title=_("Photographs"),
        lead=_("They stand on your page, where customers get to know you."),
        back=(url_for("member.profile.show"), _("Your page")),
        address=NO_ARTICLE,
        rows=pictures,
        own=frozenset(row.id for row in pictures),
        most=of_members.MOST,
    )
