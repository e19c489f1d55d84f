"""Photographs under addresses that never show anything else."""

from __future__ import annotations

from flask import Blueprint, Response

from app import pictures
from app.catalog import picture_queries
from app.errors import NotYours
from app.members import picture_queries as members_pictures
from app.pages import web

bp = Blueprint("pictures", __name__, url_prefix="/bild")


@bp.route("/<name>")
def show(name: str) -> Response:
    """One JPEG of ours. What staff have approved anybody's browser may keep for a year, and no cookie is read for it.

    Until then, and when they have said no, only they and the member see it, and no browser keeps it.
    """
    found = pictures.named(name)
    ids, albums = [one.picture_id for one in found], (picture_queries, members_pictures)
    if any(album.is_out(ids) for album in albums):
        return web.immutable(pictures.bytes_of(found[0]), pictures.MEDIA_TYPE)
    viewer = web.viewer()
    if viewer.is_staff or (viewer.member and any(album.is_of(ids, viewer.member) for album in albums)):
        return web.unkept(pictures.bytes_of(found[0]), pictures.MEDIA_TYPE)
    raise NotYours
