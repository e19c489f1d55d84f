"""Articles as cards: what each of them says on a page of the catalogue or of a member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app import formats
from app.catalog import bundles, facets, picture_queries, queries
from app.catalog.kinds import ArticleKind
from app.catalog.pricing import prices
from app.catalog.pricing.prices import PriceTerms
from app.catalog.quantities import comparison_price
from app.money import Money
from app.pages import price_words, web
from app.vat import key_of


def cards(
    page: queries.Page, makers: Mapping[int, facets.Maker], terms: PriceTerms, *, including: bool
) -> list[dict[str, Any]]:
    """What the cards say."""
    today = terms.day
    priced = prices.for_page({card.id: card.price for card in page.rows}, terms)
    words = {
        card.id: price_words.price_words(priced[card.id], partial(_shown, card, day=today, including=including))
        for card in page.rows
    }
    language = web.language()
    shelves = facets.shelves_by_id()
    note = _("incl. VAT") if including else _("excl. VAT")
    faces = picture_queries.faces(card.id for card in page.rows)
    base = url_for("public.catalog.index")
    return [
        {
            "name": card.name,
            "url": f"{base}/{card.slug}",
            "category_name": shelves[card.category_id].name(language),
            "illustration": shelves[card.category_id].illustration,
            "face": faces.get(card.id),
            "price_text": short_price(words[card.id].price),
            "price_label": words[card.id].label or words[card.id].campaign,
            "before_text": _before(words[card.id]),
            "unit_text": per_unit(card.unit, card.unit_text),
            "price_note": note,
            "notes": _notes(card, words[card.id].price),
            "makers_text": _made_by([makers[id_].short_name for id_ in card.maker_ids if id_ in makers]),
            "earliest": card.earliest,
        }
        for card in page.rows
    ]


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
    return facets.with_vat(price, key_of(card.vat_class, card.id), day)


def short_price(price: Money) -> str:
    """``385 kr`` or ``13,50 kr``: whole kronor without noughts."""
    return formats.money(price).replace(",00", "")


def _before(words: price_words.PriceWords) -> str:
    return short_price(words.before) if words.before else ""


def per_unit(code: str, text: str) -> str:
    """``per korg``."""
    return str(_("per %(unit)s", unit=formats.unit(code, text)))


def _made_by(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return str(_("%(name)s and %(count)s more", name=names[0], count=len(names) - 1))
