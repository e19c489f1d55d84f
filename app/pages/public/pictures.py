"""Photographs under addresses that never show anything else."""

from __future__ import annotations

from flask import Blueprint, Response

from app import pictures
from app.pages import web

bp = Blueprint("pictures", __name__, url_prefix="/bild")


@bp.route("/<name>")
def show(name: str) -> Response:
    """One JPEG of ours. No cookie is read and none is set: anybody's browser may keep it for a year."""
    return web.immutable(pictures.named(name), pictures.MEDIA_TYPE)
