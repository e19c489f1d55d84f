"""Why we have not bid: a year's decisions, counted by what decided them."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.pages import choice_words, web
from app.tenders.choosing import queries

bp = Blueprint("declined", __name__, url_prefix="/varfor-inte")
FIRST_YEAR = 2020


@bp.get("")
def show() -> ResponseReturnValue:
    """This year's, or an earlier one's."""
    this_year = clock.local_date(clock.now()).year
    asked = web.number_asked_for("ar")
    year = asked if asked is not None and FIRST_YEAR <= asked <= this_year else this_year
    page = queries.declined_page(year, request.args.get("sida", 1, type=int))
    return render_template(
        "staff/tenders/declined.html",
        year=year,
        years=range(this_year, max(FIRST_YEAR, this_year - 4) - 1, -1),
        counted=queries.declined_in(year),
        unexplained=queries.unexplained(),
        page=page,
        tenders=queries.tenders_of(page.rows),
        short=choice_words.SHORT,
        page_url=lambda number: url_for(".show", ar=year, sida=number),
    )
