"""The start page, and the viewer's choices of language and of prices with or without VAT."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import fonts
from app.catalog import facets
from app.pages import web

bp = Blueprint("home", __name__)


@bp.route("/")
def start() -> ResponseReturnValue:
    """What this is, and the two ways in: buying, and selling together."""
    return render_template("public/start.html", shelves=facets.shelves())


@bp.route("/min-sida")
def mine() -> ResponseReturnValue:
    """After signing in: each to their own desk."""
    viewer = web.viewer()
    if viewer.is_staff:
        return redirect(url_for("staff.desk.show"))
    if viewer.member:
        return redirect(url_for("member.today.show"))
    return redirect(url_for("public.home.start"))


@bp.route("/sprak", methods=["POST"])
def language() -> ResponseReturnValue:
    """Choose Swedish or English."""
    chosen = request.form.get("language", "")
    if chosen not in web.LANGUAGES:
        abort(400)
    session["language"] = chosen
    return redirect(_back(), code=303)


@bp.route("/moms", methods=["POST"])
def vat() -> ResponseReturnValue:
    """Choose to see prices with or without VAT."""
    chosen = request.form.get("with_vat", "")
    if chosen not in {"0", "1"}:
        abort(400)
    session["with_vat"] = chosen == "1"
    return redirect(_back(), code=303)


@bp.route("/typsnitt/<name>.woff2")
def font(name: str) -> ResponseReturnValue:
    """The typeface; where it has not been cut yet, the browser takes a face of its own."""
    try:
        return web.immutable(fonts.woff2(name), "font/woff2")
    except FileNotFoundError:
        abort(404)


def _back() -> str:
    """The page on which it was chosen, or the start page."""
    return web.own_path(request.form.get("next", "")) or url_for("public.home.start")
