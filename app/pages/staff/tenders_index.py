"""What the prices become year by year under an index clause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Optional

from app.db import db
from app.money import Money
from app.pages import web
from app.pages.bid_fields import Needed, Percent, Positive, QuantityField, at_most, line
from app.pages.plain_fields import IntegerField
from app.pages.rules import Between
from app.pages.seen import SeenForm
from app.pages.staff.tenders_price_parts import price_parts
from app.pages.staff.tenders_room import Room, bid_in, leafed, open_for_change, open_room, priced_rows
from app.pages.staff.tenders_room import show as show_tab
from app.tenders.joint import actions
from app.tenders.joint.actions import IndexDraft
from app.tenders.models import Bid, BidReckoning, TenderPriceRow
from bids import pricing
from bids.index_clause import IndexClause, IndexYear, year_by_year
from bids.offer import Offer

bp = Blueprint("index", __name__, url_prefix="/<int:tender_id>/priser/index")
MOST_YEARS = 20


class ValuesField(StringField):
    """Index values, one for each adjustment, with spaces between; the data is a list of Decimal."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read them, and keep what was typed when they cannot be read."""
        self.data, self.raw = [], str(valuelist[0]).strip() if valuelist else ""
        words = self.raw[:400].replace(";", " ").split()
        try:
            self.data = [round(Decimal(word.replace(",", ".")), 3) for word in words][:MOST_YEARS]
        except InvalidOperation as wrong:
            raise ValueError(_("Write the values with spaces between: 101,9 102,5 104.")) from wrong
        if any(not 0 < value < 10**6 for value in self.data):
            raise ValueError(_("An index is more than nought, and under a million."))

    def _value(self) -> str:
        if getattr(self, "raw", ""):
            return str(self.raw)
        return " ".join(f"{value:f}".replace(".", ",") for value in self.data or ())


class IndexForm(SeenForm):
    """The clause, and the values that we assume."""

    name = line(_l("Index"), 100, Optional(), description=_l("Such as Städindex, LCI or KPI."))
    base = QuantityField(_l("The index when the prices were set"), [Needed(_l("Write the index.")), Positive()])
    threshold = QuantityField(
        _l("Smaller changes are carried over, per cent"),
        [Needed(_l("Write a number, 0 if there is none.")), Percent()],
        description=_l("A change under it is not applied, and counts with the next year's."),
    )
    part = QuantityField(
        _l("So much of the price follows the index, per cent"), [Needed(_l("Write a number.")), Percent()]
    )
    fixed_years = IntegerField(
        _l("Years with fixed prices"), [Needed(_l("Write a whole number.")), Between(0, 20, _l("Write 0 to 20."))]
    )
    values = ValuesField(
        _l("Values that we assume"),
        [Optional(), at_most(400)],
        description=_l("One for each year from the second, with spaces between: 101,9 102,5 104."),
    )

    def draft(self) -> IndexDraft:
        """What was typed."""
        return IndexDraft(
            name=self.name.data or "",
            base=self.base.data,
            threshold=self.threshold.data,
            part=self.part.data,
            fixed_years=self.fixed_years.data or 0,
            values=self.values.data or (),
        )


@dataclass(frozen=True, slots=True)
class RowYears:
    """A row's unit price in each year."""

    row: TenderPriceRow
    years: tuple[Money, ...]


@bp.get("")
def show(tender_id: int) -> ResponseReturnValue:
    """The clause, the years, and the rows."""
    return _page(open_room(tender_id))


def _page(room: Room, form: IndexForm | None = None) -> ResponseReturnValue:
    bid, offer = room.bid, room.offer
    if bid is None or offer is None:
        return show_tab("no_bid", room, "prices"), 200
    clause, values = _clause(bid.reckoning), _values(bid.reckoning)
    shown = leafed(priced_rows(room))
    term = room.tender.whole_term or len(values) + 1

    def years_of(price: Money) -> tuple[IndexYear, ...]:
        return year_by_year(price, clause, values, min(term, MOST_YEARS)) if clause else ()

    page = show_tab(
        "index",
        room,
        "prices",
        parts=price_parts(room.tender.id, "index"),
        form=form or _form(bid, formdata=None),
        clause=clause,
        years=_whole_years(offer, years_of),
        rows=_row_years(room, offer, shown.rows, years_of) if clause else [],
        shown=shown,
    )
    return page, 422 if form else 200


def _clause(reckoning: BidReckoning | None) -> IndexClause | None:
    """The clause as it is kept; None before anybody has written one."""
    if reckoning is None or reckoning.index_base is None:
        return None
    return IndexClause(
        base=reckoning.index_base,
        threshold=reckoning.index_threshold,
        part=reckoning.index_part,
        fixed_years=reckoning.index_fixed_years,
    )


def _values(reckoning: BidReckoning | None) -> list[Decimal]:
    return [Decimal(word) for word in reckoning.index_values.split()] if reckoning else []


def _whole_years(offer: Offer, years_of: Callable[[Money], tuple[IndexYear, ...]]) -> list[IndexYear]:
    """The whole bid year by year: what its rows come to at their own rounded prices, as they are invoiced."""
    priced = [(row.quantity, years_of(price)) for row in offer.rows if (price := pricing.unit_price(row)) is not None]
    return [
        replace(one, price=Money.total(years[place].price.times(quantity) for quantity, years in priced))
        for place, one in enumerate(years_of(pricing.grand_total(offer)))
    ]


def _row_years(
    room: Room, offer: Offer, rows: Sequence[TenderPriceRow], years_of: Callable[[Money], tuple[IndexYear, ...]]
) -> list[RowYears]:
    refs = {lot.id: lot.ref for lot in room.tender.lots}
    by_ref = {(value.lot_ref, value.ref): value for value in offer.rows}
    found = []
    for row in rows:
        price = pricing.unit_price(by_ref[refs.get(row.lot_id or 0), row.ref])
        found.append(RowYears(row, tuple(year.price for year in years_of(price)) if price is not None else ()))
    return found


def _form(bid: Bid, **options: object) -> IndexForm:
    own = bid.reckoning or BidReckoning(
        index_name="", index_threshold=Decimal(2), index_part=Decimal(100), index_fixed_years=1, index_values=""
    )
    return IndexForm(
        **options,
        data={
            "name": own.index_name,
            "base": own.index_base,
            "threshold": own.index_threshold,
            "part": own.index_part,
            "fixed_years": own.index_fixed_years,
            "values": _values(own),
        },
    )


@bp.post("")
def save(tender_id: int) -> ResponseReturnValue:
    """Keep the clause and the values."""
    room = open_for_change(tender_id)
    bid = bid_in(room)
    form = _form(bid)
    if form.validate_on_submit():
        with web.refusals(form):
            actions.set_index(bid, form.draft(), by=web.user(), now=room.now)
            db.session.commit()
            flash(_("The index clause is saved."), "success")
            return web.back_to("staff.tenders.index.show", tender_id=tender_id)
        room = open_room(tender_id)
    return _page(room, form=form)
