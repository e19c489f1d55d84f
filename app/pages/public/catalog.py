"""The catalogue: search, filters, and a page for each article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from babel.lists import format_list
from flask import Blueprint, get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app import clock, formats, places, units, workdays
from app.catalog import bundles, change_queries, facets, picture_queries, prices, queries, search
from app.catalog.kinds import ArticleKind
from app.catalog.pausing import earliest
from app.catalog.prices import PriceTerms
from app.catalog.pricing import ListKind
from app.catalog.quantities import comparison_price
from app.money import NO_BREAK_SPACE, Money
from app.pages import price_words, web
from app.pages.public import catalog_files
from app.pages.public import facts as article_facts
from app.shelf import remember

bp = Blueprint("catalog", __name__, url_prefix="/katalog")

FIELDS = ("q", "kategori", "kommun", "medlem", "senast")


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address, as typed and as understood; what cannot be understood is named in words."""

    q: str
    kategori: str
    kommun: str
    medlem: str
    senast: str
    filters: queries.Filters
    number: int
    problems: tuple[tuple[str, str], ...]
    """(field, sentence)"""

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: getattr(self, name) for name in FIELDS}

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by field."""
        return dict(self.problems)

    @property
    def unused(self) -> bool:
        """Whether more words were typed than a search uses."""
        return len(self.filters.words) == search.MOST_WORDS < len(set(search.words_of(self.q)))

    def address(self, number: int = 1) -> str:
        """The address of another page of the same list."""
        values = {name: text for name, text in self.typed.items() if text}
        return url_for(".index", **values, sida=number if number > 1 else None)  # type: ignore[arg-type]


@bp.route("")
def index() -> ResponseReturnValue:
    """What can be bought, narrowed by what one asks for."""
    today, with_vat = clock.local_date(clock.now()), web.viewer().sees_vat
    edition = queries.edition()
    asked = _read(today)
    content = _content(asked, price_words.terms(today, edition), with_vat, web.language(), edition)
    # Visitors' pages keep to their number of questions; whoever is signed in is told of the catalogue for its kind.
    printed = catalog_files.printed_for(web.viewer()) if web.viewer().user else None
    answer = render_template("public/catalog.html", asked=asked, content=content, with_vat=with_vat, printed=printed)
    return answer, 422 if asked.errors else 200


@remember
def _content(asked: Asked, terms: PriceTerms, with_vat: bool, language: str, edition: int) -> Markup:
    """Filters, cards and pages, drawn once for all who ask the same on the same terms.

    It holds nothing of the viewer's but those terms.
    A new edition of the catalogue makes it old at once, in every process; so does a new day, on which a campaign
    may begin or end.
    """
    today = terms.day
    page = None if asked.errors else queries.catalog_page(asked.filters, asked.number, edition)
    draw = get_template_attribute("public/catalog_content.html", "content")
    drawn: Markup = draw(
        asked=asked,
        page=page,
        items=_items(page, terms, including=with_vat) if page else [],
        options=_all_options(asked, language),
        today=today,
        furthest=today + queries.FURTHEST,
    )
    return drawn


@bp.route("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One article: what it costs, what is included, who makes it and how soon."""
    edition = queries.edition()
    sold = queries.sold_article(slug)
    today, with_vat = clock.local_date(clock.now()), web.viewer().sees_vat
    terms = price_words.terms(today, edition)
    article = sold.article
    priced = prices.for_page({article.id: article.price}, terms)[article.id]
    pauses = change_queries.pauses([one.id for one in sold.offerings], today)
    facts = article_facts.facts_of(sold, priced.unit_price, today, with_vat=with_vat)
    return render_template(
        "public/article.html",
        facts=facts,
        sold=sold,
        article=article,
        pictures=picture_queries.shown(article.id),
        shelf=facets.shelves_by_id()[sold.article.category_id],
        words=price_words.price_words(
            priced, lambda amount: bundles.shown(article, amount, today) if with_vat else amount
        ),
        agreements=() if priced.kind == ListKind.FRAMEWORK else terms.agreements,
        vat_text=_rates(facts.rates),
        with_vat=with_vat,
        unit=_per_unit(sold.article.unit, sold.article.unit_text),
        decimals=units.unit(sold.article.unit).decimals,
        makers=[(offering, _served(offering.municipalities)) for offering in sold.offerings],
        pauses=pauses,
        earliest=min(
            (
                earliest(today, one.lead_days, [(p.first_day, p.last_day) for p in pauses.get(one.id, ())])
                for one in sold.offerings
            ),
            default=workdays.working_days_after(today, sold.lead_days),
        ),
    )


def _read(today: date) -> Asked:
    typed = {name: request.args.get(name, "").strip()[: search.LONGEST_QUERY] for name in FIELDS}
    errors: dict[str, str] = {}
    filters = queries.Filters(
        words=search.query_words(typed["q"]),
        category_id=_one_of("kategori", typed, errors),
        municipality=typed["kommun"] if _one_of("kommun", typed, errors) is not None else None,
        member_id=_one_of("medlem", typed, errors),
        lead_days=_lead_days(typed["senast"], today, errors),
    )
    number = _number(request.args.get("sida", "1"), errors)
    return Asked(**typed, filters=filters, number=number, problems=tuple(errors.items()))


def _one_of(name: str, typed: dict[str, str], errors: dict[str, str]) -> int | None:
    text = typed[name]
    if not text:
        return None
    if text not in _known()[name]:
        errors[name] = _("What you asked for is not in the list. Choose again.")
    return _known()[name].get(text)


@remember
def _known() -> dict[str, dict[str, int]]:
    """What each list understands, and the id that it stands for."""
    return {
        "kategori": {shelf.slug: shelf.id for shelf in facets.shelves()},
        "kommun": {place.code: int(place.code) for place in places.all_municipalities()},
        "medlem": {maker.slug: maker.id for maker in facets.makers().values()},
    }


def _lead_days(text: str, today: date, errors: dict[str, str]) -> int | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["senast"] = _("That is not a day. Write it as 2026-11-30.")
        return None
    if not today <= day <= today + queries.FURTHEST:
        errors["senast"] = _("Choose a day from today and at most a year ahead.")
        return None
    return queries.lead_that_fits(today, day)


def _number(text: str, errors: dict[str, str]) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and int(text) > 0):
        errors["sida"] = _("There is no such page of the list.")
        return 1
    return int(text)


def _all_options(asked: Asked, language: str) -> dict[str, Markup]:
    """The choices of each list, ready to be put into the page."""
    return {name: _options(name, language, getattr(asked, name)) for name in ("kategori", "kommun", "medlem")}


@remember
def _options(name: str, language: str, chosen: str) -> Markup:
    choices = {
        "kategori": lambda: [(shelf.slug, shelf.name(language)) for shelf in facets.shelves()],
        "kommun": lambda: [(place.code, place.name) for place in facets.served()],
        "medlem": lambda: [(maker.slug, maker.short_name) for maker in facets.makers().values()],
    }[name]()
    made: Markup = get_template_attribute("public/catalog_options.html", "options")(choices, chosen)
    return made


def _items(page: queries.Page, terms: PriceTerms, *, including: bool) -> list[dict[str, Any]]:
    """What the cards say."""
    today = terms.day
    priced = prices.for_page({card.id: card.price for card in page.items}, terms)
    words = {
        card.id: price_words.price_words(priced[card.id], partial(_shown, card, day=today, including=including))
        for card in page.items
    }
    language = web.language()
    shelves, makers = facets.shelves_by_id(), facets.makers()
    note = _("incl. VAT") if including else _("excl. VAT")
    faces = picture_queries.faces(card.slug for card in page.items)
    base = url_for(".index")
    return [
        {
            "name": card.name,
            "url": f"{base}/{card.slug}",
            "category_name": shelves[card.category_id].name(language),
            "illustration": shelves[card.category_id].illustration,
            "face": faces.get(card.slug),
            "price_text": short_price(words[card.id].price),
            "price_label": words[card.id].label or words[card.id].campaign,
            "before_text": _before(words[card.id]),
            "unit_text": _per_unit(card.unit, card.unit_text),
            "price_note": note,
            "notes": _notes(card, words[card.id].price),
            "makers_text": _made_by([makers[id_].short_name for id_ in card.maker_ids if id_ in makers]),
            "earliest": workdays.working_days_after(today, card.lead_days),
        }
        for card in page.items
    ]


def cards(page: queries.Page, terms: PriceTerms, *, including: bool) -> list[dict[str, Any]]:
    """The same cards for another page of the house."""
    return _items(page, terms, including=including)


def _notes(card: queries.Card, price: Money) -> list[str]:
    """What a card must say beside the price it shows: the comparison price, and who may buy."""
    compared = comparison_price(price, card)
    notes = []
    if compared:
        amount, unit = short_price(compared[0]), formats.unit(compared[1])
        notes.append(_("Comparison price %(price)s per %(unit)s", price=amount, unit=unit))
    if card.kind == ArticleKind.SECOND_HAND:
        notes.append(_("There is one of it"))
    if card.kind == ArticleKind.PLACEMENT:
        notes.append(_("Sold to public buyers"))
    return notes


def _shown(card: queries.Card, price: Money, day: date, *, including: bool) -> Money:
    """An amount without VAT as this viewer sees it."""
    if not including:
        return price
    if card.taxed:
        return bundles.gross(bundles.retaxed(card.taxed, price), day)
    return facets.with_vat(price, card.vat_class, day)


def short_price(price: Money) -> str:
    """``385 kr`` or ``13,50 kr``: whole kronor without noughts."""
    return formats.money(price).replace(",00", "")


def _before(words: price_words.PriceWords) -> str:
    return short_price(words.before) if words.before else ""


def _per_unit(code: str, text: str) -> str:
    return str(_("per %(unit)s", unit=formats.unit(code, text)))


def _rates(rates: list[int]) -> str:
    """``25 % och 12 %``; nothing where no VAT is added."""
    return format_list([f"{rate}{NO_BREAK_SPACE}%" for rate in rates], locale=web.language()) if rates else ""


def _made_by(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return str(_("%(name)s and %(count)s more", name=names[0], count=len(names) - 1))


def _served(codes: frozenset[str]) -> list[str]:
    """The names of the municipalities in Swedish order."""
    return [place.name for place in places.all_municipalities() if place.code in codes]
