"""Printed catalogues: ask for one, wait for it, publish it, take it away."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app import clock, files, formats, places
from app.accounts.models import RoleName
from app.catalog import facets, queries
from app.catalog.changing import queries as change_queries
from app.catalog.editions import new_edition
from app.catalog.pricing import queries as price_queries
from app.catalog.printing import actions as print_actions
from app.catalog.printing import queries as print_queries
from app.catalog.printing import terms as print_terms
from app.catalog.printing.models import CataloguePrint
from app.catalog.printing.values import PrintedPrices, PrintOptions
from app.customers.models import CustomerKind
from app.db import db
from app.errors import NotYours
from app.pages import bid_words, web
from app.pages.plain_fields import RadioField, SelectField
from app.pages.staff import pictures

bp = Blueprint("prints", __name__, url_prefix="/katalog/tryck")
bp.before_request(web.sales_decide)

AUDIENCES = {
    CustomerKind.PUBLIC: _l("Public buyers"),
    CustomerKind.COMPANY: _l("Companies and associations"),
    CustomerKind.PRIVATE: _l("Private people"),
}
PRICES = {
    PrintedPrices.NET: _l("Excl. VAT"),
    PrintedPrices.GROSS: _l("Incl. VAT"),
    PrintedPrices.NONE: _l("No prices"),
}


class PrintForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """For whom, and what of the catalogue."""

    audience = RadioField(_l("For which customers"), choices=bid_words.choices(AUDIENCES))
    prices = RadioField(_l("Prices"), choices=bid_words.choices(PRICES))
    municipality = SelectField(_l("Delivered in"))
    category = SelectField(_l("Category"))
    price_list = SelectField(_l("Whose prices"))

    def offer_choices(self) -> None:
        """Places where something is sold, all shelves, and the price lists that some have."""
        language = web.language()
        everywhere = [("", _("All municipalities"))]
        self.municipality.choices = [
            *everywhere,
            *((place.code, place.name) for place in facets.served(queries.edition())),
        ]
        everything = [("", _("All categories"))]
        self.category.choices = [*everything, *((one.slug, one.name(language)) for one in facets.shelves())]
        everybody = [("", _("Everybody's, without campaigns"))]
        typed = self.price_list.data or ""
        wanted = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
        own = print_terms.own_lists(clock.local_date(clock.now()), wanted)
        self.price_list.choices = [*everybody, *((str(one.id), one.name) for one in own)]

    def options(self) -> PrintOptions:
        """What was chosen, as a value."""
        ids = {one.slug: one.id for one in facets.shelves()}
        return PrintOptions(
            audience=CustomerKind(self.audience.data),
            prices=PrintedPrices(self.prices.data),
            municipality=self.municipality.data or None,
            category_id=ids[self.category.data] if self.category.data else None,
            price_list_id=int(self.price_list.data) if self.price_list.data else None,
        )


@bp.get("")
def index() -> ResponseReturnValue:
    """The form, and what has been printed; with a price list chosen when the address names one."""
    asked, audience = web.number_asked_for("prislista"), CustomerKind.PUBLIC
    if asked is not None:
        audience = print_terms.suits(price_queries.list_with(asked))
    usual = PrintedPrices.GROSS if audience == CustomerKind.PRIVATE else PrintedPrices.NET
    return _page(PrintForm(audience=audience.value, prices=usual.value, price_list=str(asked or "")))


@bp.post("")
def order() -> ResponseReturnValue:
    """Let a worker print one."""
    form = PrintForm()
    form.offer_choices()
    if form.validate_on_submit():
        with web.refusals(form):
            print_actions.order_print(form.options(), by=web.user(), now=clock.now())
            db.session.commit()
            return web.back_to(".index", _anchor="tryckta")
    return _page(form)


@bp.get("/<int:print_id>.pdf")
def read(print_id: int) -> ResponseReturnValue:
    """The file."""
    row = print_queries.print_with(print_id)
    if row.file is None:
        raise NotYours
    return web.pdf(files.read(row.file), row.file.name)


@bp.post("/<int:print_id>/<any(publish,unpublish,remove):act>")
def change(print_id: int, act: str) -> ResponseReturnValue:
    """Show it to customers, hide it, or take it away."""
    row, now = print_queries.print_with(print_id, lock=True), clock.now()
    shows = act == "publish" or row.published_at is not None
    {"publish": print_actions.publish, "unpublish": print_actions.unpublish, "remove": print_actions.remove}[act](
        row, by=web.user(), now=now
    )
    if shows:
        new_edition()  # Each process remembers which catalogue customers can fetch.
    db.session.commit()
    sentences = {
        "publish": _("Customers can fetch it now."),
        "unpublish": _("Customers cannot fetch it any longer."),
        "remove": _("The catalogue is taken away."),
    }
    flash(sentences[act], "success")
    return web.back_to(".index", _anchor="tryckta")


def _page(form: PrintForm) -> ResponseReturnValue:
    form.offer_choices()
    prints = print_queries.newest()
    page = render_template(
        "staff/catalog_prints.html",
        form=form,
        prints=prints,
        title_of=_title,
        contents_of=_contents,
        prices=PRICES,
        making=any(row.state in {"waiting", "printing"} for row in prints),
        may_sell=bool(web.viewer().roles & {RoleName.SALES, RoleName.ADMIN}),
        waiting=change_queries.waiting().total,
        waiting_pictures=pictures.waiting_count(),
    )
    return page, web.status(form)


def _title(row: CataloguePrint) -> str:
    """What a print is called in the list: for whom, and what part of the catalogue it holds."""
    parts = [str(AUDIENCES[row.audience])]
    if row.municipality:
        parts.append(places.municipality(row.municipality).name)
    if row.category:
        parts.append(row.category.name_en if web.language() == "en" else row.category.name_sv)
    if row.price_list:
        parts.append(row.price_list.name)
    return ", ".join(parts)


def _contents(row: CataloguePrint) -> str:
    """How much a ready print holds."""
    size = formats.quantity(Decimal(row.file.size if row.file else 0).scaleb(-6).quantize(Decimal("0.1")))
    return str(
        _("%(articles)s articles on %(pages)s pages, %(size)s MB", articles=row.articles, pages=row.pages, size=size)
    )
