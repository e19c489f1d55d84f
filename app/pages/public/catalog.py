"""The catalogue: search, filters, and a page for each article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.lists import format_list
from flask import Blueprint, get_template_attribute, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app import clock, places, units
from app.catalog import bundles, facet_counts, facets, language, picture_queries, queries
from app.catalog.filters import Due, Filters
from app.catalog.kinds import ArticleKind
from app.catalog.pricing import prices
from app.catalog.pricing.prices import PriceTerms
from app.catalog.pricing.rules import ListKind
from app.catalog.sold import sold_article
from app.catalog.spoken import Spoken, place_in
from app.money import NO_BREAK_SPACE
from app.orders.windows import joining
from app.pages import limit_words, price_words, web
from app.pages.public import cards, catalog_files, narrowing
from app.pages.public import facts as article_facts
from app.shelf import remember

bp = Blueprint("catalog", __name__, url_prefix="/katalog")

FIELDS = ("q", "kategori", "kommun", "medlem", "slag", "senast", "exakt")


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address, as typed and as understood; what cannot be understood is named in words."""

    q: str
    kategori: str
    kommun: str
    medlem: str
    slag: str
    senast: str
    exakt: str
    filters: Filters
    number: int
    problems: tuple[tuple[str, str], ...]
    """(field, sentence)"""
    spoken: Spoken | None = None
    """The municipality that the words name, whether they were read so or not."""
    words: str = ""
    """What was typed in the box of words, also where a municipality was then taken out of it."""
    shortened: bool = False
    """Whether more was typed than a search reads."""

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
        return len(self.filters.words) == language.MOST_WORDS < len(set(language.words_of(self.q)))

    @property
    def read_as_place(self) -> str:
        """The name of the municipality that was read out of the words; empty when none was."""
        return self.spoken.place.name if self.spoken and self.q != self.words else ""

    @property
    def as_words(self) -> str:
        """The address of the same search with the municipality's name as a word like others."""
        return self.address(q=self.words, kommun="", exakt="1")

    @property
    def place_suggested(self) -> tuple[str, str] | None:
        """The name of a municipality that stands as a word, and the address of what is delivered there."""
        if self.spoken is None or self.kommun:
            return None
        return self.spoken.place.name, self.address(q=self.spoken.rest, kommun=self.spoken.place.code, exakt="")

    def address(self, number: int = 1, **other: str) -> str:
        """The address of another page of the same list, or of a list with another choice."""
        values = {name: text for name, text in {**self.typed, **other}.items() if text}
        return url_for(".index", **values, sida=number if number > 1 else None)  # type: ignore[arg-type]


@bp.route("")
def index() -> ResponseReturnValue:
    """What can be bought, narrowed by what one asks for."""
    today, with_vat = clock.local_date(clock.now()), web.viewer().sees_vat
    edition = queries.edition()
    asked = _read(today)
    content = _content(asked, price_words.terms(today, edition), with_vat, web.language(), edition)
    printed = catalog_files.printed_for(web.viewer())
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
    page = None if asked.errors else queries.catalog_page(asked.filters, asked.number, edition, today)
    counted = facet_counts.facets(asked.filters, edition) if page else {}
    makers = _makers(asked, page, counted) if page else {}
    draw = get_template_attribute("public/catalog_content.html", "content")
    drawn: Markup = draw(
        asked=asked,
        page=page,
        items=cards.cards(page, makers, terms, including=with_vat) if page else [],
        options=_all_options(asked, language, edition),
        groups=narrowing.groups(counted, asked.typed, makers, language, asked.address) if page else [],
        meant=queries.understood(asked.filters, edition) if page and asked.filters.words else None,
        today=today,
        furthest=today + queries.FURTHEST,
    )
    return drawn


@bp.route("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One article: what it costs, what is included, who makes it and how soon."""
    return article_page(slug)


def article_page(slug: str, *, typed: str = "", wrong: str = "") -> str:
    """The page of an article; with what was typed as its quantity and what is wrong with that, when it was refused."""
    edition = queries.edition()
    sold = sold_article(slug, inside=article_facts.is_inside(), to_staff=web.viewer().is_staff)
    today, with_vat = clock.local_date(clock.now()), web.viewer().sees_vat
    terms = price_words.terms(today, edition)
    article = sold.article
    priced = prices.for_page({article.id: article.price}, terms)[article.id]
    pauses = {one.id: sold.coming_pauses(one, today) for one in sold.offerings}
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
        unit=cards.per_unit(sold.article.unit, sold.article.unit_text),
        decimals=units.unit(sold.article.unit).decimals,
        makers=[(offering, _served(offering.municipalities)) for offering in sold.offerings],
        pauses=pauses,
        earliest=sold.earliest(today),
        typed=typed,
        wrong=wrong,
        batch=joining.batches([article.id], clock.now()).get(article.id),
        direct_award=None if priced.kind == ListKind.FRAMEWORK else limit_words.direct_award(article.cpv),
        made_by_others=terms.buyer.member_id is None or priced.is_members,
    )


def _read(today: date) -> Asked:
    typed = {name: request.args.get(name, "").strip()[: language.LONGEST_QUERY] for name in FIELDS}
    errors: dict[str, str] = {}
    typed["q"] = words = language.shortened(whole := request.args.get("q", "").strip())
    spoken = place_in(words) if not typed["kommun"] else None
    if spoken and spoken.beside_others and not typed["exakt"]:
        typed |= {"q": spoken.rest, "kommun": spoken.place.code}
    filters = Filters(
        words=language.query_words(typed["q"]),
        category_id=_one_of("kategori", typed, errors),
        municipality=typed["kommun"] if _one_of("kommun", typed, errors) is not None else None,
        member_id=_one_of("medlem", typed, errors),
        due=_due(typed["senast"], today, errors),
        kind=typed["slag"] if _one_of("slag", typed, errors) is not None else None,
        exact=bool(typed["exakt"]),
    )
    number = _number(request.args.get("sida", "1"), errors)
    return Asked(
        **typed,
        filters=filters,
        number=number,
        problems=tuple(errors.items()),
        spoken=spoken,
        words=words,
        shortened=words != whole,
    )


def _one_of(name: str, typed: dict[str, str], errors: dict[str, str]) -> int | None:
    text = typed[name]
    if not text:
        return None
    if name == "medlem":
        maker = facets.maker_called(text)
        found = maker.id if maker else None
    else:
        found = _known()[name].get(text)
    if found is None:
        errors[name] = _("What you asked for is not in the list. Choose again.")
    return found


@remember
def _known() -> dict[str, dict[str, int]]:
    """What each list understands, and the id that it stands for."""
    return {
        "kategori": {shelf.slug: shelf.id for shelf in facets.shelves()},
        "kommun": {place.code: int(place.code) for place in places.all_municipalities()},
        "slag": {kind.value: place for place, kind in enumerate(ArticleKind)},
    }


def _due(text: str, today: date, errors: dict[str, str]) -> Due | None:
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
    return Due(today, day)


def _number(text: str, errors: dict[str, str]) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and int(text) > 0):
        errors["sida"] = _("There is no such page of the list.")
        return 1
    return int(text)


def _all_options(asked: Asked, language: str, edition: int) -> dict[str, Markup]:
    """The choices of each list, ready to be put into the page."""
    beside = asked.kommun if asked.kommun not in facets.kept(edition)["fk"] else ""
    return {
        "kategori": _chosen(_shelves(language), asked.kategori),
        "kommun": _chosen(_towns(edition, beside), asked.kommun),
    }


def _chosen(options: Markup, value: str) -> Markup:
    """The same list with one choice made: the list is long, and otherwise the same for all who ask."""
    there = f'value="{escape(value)}"'
    return Markup(options.replace(there, f"{there} selected", 1))  # noqa: S704  what is put in is a choice of the list


@remember
def _shelves(language: str) -> Markup:
    return _options([(shelf.slug, shelf.name(language)) for shelf in facets.shelves()])


@remember
def _towns(edition: int, beside: str) -> Markup:
    return _options([(place.code, place.name) for place in facets.served(edition, beside)])


def _options(choices: list[tuple[str, str]]) -> Markup:
    made: Markup = get_template_attribute("public/catalog_options.html", "options")(choices)
    return made


def _makers(asked: Asked, page: queries.Page, counted: dict[str, facet_counts.Facet]) -> dict[int, facets.Maker]:
    """The members that the page names."""
    chosen = facets.maker_called(asked.medlem) if asked.medlem else None
    known = {chosen.id: chosen} if chosen else {}
    named = {int(id_) for id_, _articles in counted["member"].values}
    named |= {id_ for card in page.rows for id_ in card.maker_ids}
    return known | facets.makers(named - known.keys())


def _rates(rates: list[int]) -> str:
    """``25 % och 12 %``; nothing where no VAT is added."""
    return format_list([f"{rate}{NO_BREAK_SPACE}%" for rate in rates], locale=web.language()) if rates else ""


def _served(codes: frozenset[str]) -> list[str]:
    """The names of the municipalities in Swedish order."""
    return [place.name for place in places.all_municipalities() if place.code in codes]
