"""How often we win and are granted money, by category, buyer, legal form and year, and what has decided it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import cpv
from app.pages import bid_words, call_words, debrief_words, downloads, web
from app.spreadsheets.writing import Value
from app.tenders.debrief import win_rate
from app.tenders.debrief.win_rate import By, Line
from bids.kinds import TenderKind

bp = Blueprint("win_rate", __name__, url_prefix="/utfall")
HEADINGS = ("Grupp", "Lämnade, väntar", "Vunna", "Förlorade", "Avbrutna", "Vunna, procent")
HEADINGS_OF_CALLS = (
    *("Grupp", "Inskickade, väntar", "Beviljade", "Varav delvis", "Avslag", "Indragna", "Beviljade, procent"),
    *("Sökt i beslutade, kronor", "Beviljat, kronor"),
)
KINDS = {"anbud": TenderKind.PROCUREMENT, "ansokningar": TenderKind.CALL}
"""How the address names what is counted; both without a name."""


@bp.get("")
def show() -> ResponseReturnValue:
    """One way to count them, of all years or one; bids, applications or both."""
    by, year, named = _asked()
    kind = KINDS.get(named)
    if kind is TenderKind.CALL:
        call_words.speak()
    page = win_rate.rates(by, year, web.number_asked_for("sida") or 1, kind)
    here: dict[str, Any] = {"per": by, "ar": year, "slag": named or None}
    return render_template(
        "staff/tenders/win_rate.html",
        by=by,
        year=year,
        kind=kind,
        here=here,
        kinds=[
            {"label": label, "url": url_for(".show", **{**here, "slag": name or None}), "current": name == named}
            for name, label in (("", _("Both")), ("anbud", _("Bids")), ("ansokningar", _("Applications")))
        ],
        years=win_rate.years(),
        page=page,
        names=_names(by, page.rows),
        whole=win_rate.whole(year, kind),
        grounds=win_rate.grounds(year, kind),
        ground_names=debrief_words.GROUNDS,
        ways={way: label for way, label in debrief_words.BY.items() if way != By.FORM or kind is not TenderKind.CALL},
        heading=str(debrief_words.HEADINGS[by]),
        page_url=lambda number: url_for(".show", **{**here, "sida": number}),
    )


@bp.get("/export.<any(xlsx,csv):kind>")
def export(kind: str) -> ResponseReturnValue:
    """The same list to keep."""
    by, year, named = _asked()
    lines = win_rate.all_rates(by, year, KINDS.get(named))
    names = _names(by, lines)
    of_calls = KINDS.get(named) is TenderKind.CALL
    rows = [_of_calls(names, one) if of_calls else _of_bids(names, one) for one in lines]
    headings = HEADINGS_OF_CALLS if of_calls else HEADINGS
    return downloads.table(downloads.dated("utfall"), kind, headings, rows, len(rows))


def _of_bids(names: Mapping[str, str], one: Line) -> tuple[Value, ...]:
    return (names[one.key], one.waiting, one.won, one.lost, one.called_off, _per_cent(one))


def _of_calls(names: Mapping[str, str], one: Line) -> tuple[Value, ...]:
    counts = (one.waiting, one.won, one.partly, one.lost, one.called_off)
    money = (one.applied_for.in_kronor(), one.granted.in_kronor())
    return (names[one.key], *counts, _per_cent(one), *money)


def _per_cent(one: Line) -> int | str:
    return "" if one.rate is None else int(one.rate)


def _asked() -> tuple[By, int | None, str]:
    per, named = request.args.get("per", ""), request.args.get("slag", "")
    by = next((by for by in By if by == per), By.CATEGORY)
    return by, web.number_asked_for("ar"), named if named in KINDS else ""


def _names(by: By, lines: Sequence[Line]) -> dict[str, str]:
    """What each line is called."""
    return {one.key: _name(by, one) for one in lines}


def _name(by: By, line: Line) -> str:
    if by == By.CATEGORY and line.key.startswith(win_rate.OF_CALLS):
        return line.name or _("No programme")
    if by == By.CATEGORY:
        known = cpv.divisions().get(line.key)
        label = (known.label_sv if web.language() == "sv" else known.label_en) if known else ""
        return f"{line.key} {label}".strip() or _("No CPV code")
    if by == By.FORM:
        return str(next(words for form, words in bid_words.FORMS.items() if form == line.key))
    return line.name if by == By.BUYER else line.key
