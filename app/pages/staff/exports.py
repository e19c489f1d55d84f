"""Lists of all that is sold and ordered, to keep and to count on."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.catalog import exports as catalogue
from app.catalog.drafts import slugify
from app.catalog.models import ApprovalState
from app.catalog.pricing import exports as price_exports
from app.catalog.pricing import queries as price_queries
from app.orders import exports as orders
from app.pages import downloads
from app.pages.staff.tenders_sights import note_file

bp = Blueprint("exports", __name__)


@bp.route("/katalog/export.<any(xlsx,csv):kind>")
def articles(kind: str) -> ResponseReturnValue:
    """All articles in a state."""
    asked = request.args.get("lage", "")
    state = ApprovalState(asked) if asked in set(ApprovalState) else ApprovalState.APPROVED
    rows, count = catalogue.catalogue(state), catalogue.count(state)
    return downloads.table(downloads.dated("katalog"), kind, catalogue.headings(state), rows, count)


@bp.route("/katalog/prislista.<any(xlsx,csv):kind>")
def prices(kind: str) -> ResponseReturnValue:
    """The standard price list of today, with what members are paid beside it."""
    note_file("file.prices", gettext("Price list"))
    rows, count = catalogue.price_list(clock.local_date(clock.now())), catalogue.price_count()
    return downloads.table(downloads.dated("prislista"), kind, catalogue.PRICE_LIST, rows, count)


@bp.route("/prislistor/<int:list_id>.<any(xlsx,csv):kind>")
def price_list(list_id: int, kind: str) -> ResponseReturnValue:
    """One of the price lists, whatever its state, with what members are paid beside it."""
    asked = price_queries.list_with(list_id)
    note_file("file.price_list", asked.name, asked)
    rows, count = price_exports.rows(asked, clock.local_date(clock.now())), price_exports.count(asked)
    name = downloads.dated(f"prislista-{slugify(asked.name)}")
    return downloads.table(name, kind, price_exports.HEADINGS, rows, count)


@bp.route("/bestallningar/export.<any(xlsx,csv):kind>")
def order_lines(kind: str) -> ResponseReturnValue:
    """All lines of all orders."""
    return downloads.table(downloads.dated("bestallningar"), kind, orders.HEADINGS, orders.lines(), orders.count())
