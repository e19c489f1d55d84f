"""How often we win, by category, buyer, legal form and year, and what has decided it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import cpv
from app.pages import bid_words, debrief_words, downloads, web
from app.tenders.debrief import win_rate
from app.tenders.debrief.win_rate import By, Line

bp = Blueprint("win_rate", __name__, url_prefix="/utfall")
HEADINGS = ("Grupp", "Lämnade, väntar", "Vunna", "Förlorade", "Avbrutna", "Vunna, procent")


@bp.get("")
def show() -> ResponseReturnValue:
    """One way to count them, of all years or one."""
    by, year = _asked()
    page = win_rate.rates(by, year, request.args.get("sida", 1, type=int))
    return render_template(
        "staff/tenders/win_rate.html",
        by=by,
        year=year,
        years=win_rate.years(),
        page=page,
        names=_names(by, page.rows),
        whole=win_rate.whole(year),
        grounds=win_rate.grounds(year),
        ground_names=debrief_words.GROUNDS,
        ways=debrief_words.BY,
        heading=str(debrief_words.HEADINGS[by]),
        page_url=lambda number: url_for(".show", per=by, ar=year, sida=number),
    )


@bp.get("/export.<any(xlsx,csv):kind>")
def export(kind: str) -> ResponseReturnValue:
    """The same list to keep."""
    by, year = _asked()
    lines = win_rate.all_rates(by, year)
    names = _names(by, lines)
    rows = [
        (names[one.key], one.waiting, one.won, one.lost, one.called_off, "" if one.rate is None else int(one.rate))
        for one in lines
    ]
    return downloads.table(downloads.dated("utfall"), kind, HEADINGS, rows, len(rows))


def _asked() -> tuple[By, int | None]:
    per = request.args.get("per", "")
    return next((by for by in By if by == per), By.CATEGORY), web.number_asked_for("ar")


def _names(by: By, lines: Sequence[Line]) -> dict[str, str]:
    """What each line is called."""
    return {one.key: _name(by, one) for one in lines}


def _name(by: By, line: Line) -> str:
    if by == By.CATEGORY:
        known = cpv.divisions().get(line.key)
        label = (known.label_sv if web.language() == "sv" else known.label_en) if known else ""
        return f"{line.key} {label}".strip() or _("No CPV code")
    if by == By.FORM:
        return str(next(words for form, words in bid_words.FORMS.items() if form == line.key))
    return line.name if by == By.BUYER else line.key
