"""From rows to a printed catalogue's values. What a member is paid never comes along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app import albums, clock, formats, pictures, places, units
from app.catalog import bundles, facets
from app.catalog.kinds import ALLERGENS, ArticleKind
from app.catalog.models import Article, BundlePart, Category, CpvCode
from app.catalog.picture_models import ArticlePicture
from app.catalog.pricing.rules import Priced
from app.catalog.printing import making
from app.catalog.printing.making import Made, chunks
from app.catalog.printing.terms import priced, terms_of
from app.catalog.printing.values import (
    MOST_ARTICLES,
    RELIEF,
    RUT,
    WITHDRAWAL,
    CatalogueEdition,
    PrintedArticle,
    PrintedList,
    PrintedMember,
    PrintedPart,
    PrintedPicture,
    PrintedPrice,
    PrintedPrices,
    PrintedSection,
    PrintOptions,
    Seller,
    joined,
    price_of,
    shortened,
    unit_words,
)
from app.customers.models import CustomerKind
from app.db import db
from app.errors import Refused
from app.members.models import HeadCount, Member, MemberKind
from app.members.picture_models import MemberPicture
from app.money import Money
from app.vat import VatClass

LEAST_COUNTED = 5
"""A share of fewer people than this could point at somebody."""
Pictured = TypeVar("Pictured", ArticlePicture, MemberPicture)


def gather(options: PrintOptions, *, now: datetime) -> CatalogueEdition:
    """The catalogue as it stands, with the prices of today. Raises Refused when nothing fits or too much does."""
    options, day = options.checked(), clock.local_date(now)
    print_terms = terms_of(options, day)
    whole = making.whole_bundles(options)
    articles = _articles(options, whole)
    made = making.made([article.id for article in articles], options) | whole
    articles = [article for article in articles if article.id in made]
    faces = _faces([article.id for article in articles])
    labels = {code.code: code.label_sv for code in db.session.scalars(select(CpvCode))} if articles else {}
    make = _Maker(options, day, made, faces, labels, priced(articles, print_terms.terms), print_terms.listed)
    sections = tuple(
        PrintedSection(shelf.slug, shelf.name_sv, shelf.illustration, tuple(make.article(one) for one in group))
        for shelf, group in groupby(articles, key=lambda article: article.category)
    )
    return CatalogueEdition(
        audience=options.audience,
        prices=options.prices,
        made_on=day,
        seller=_seller(),
        sections=sections,
        members=_members((made[article.id] for article in articles), day),
        municipality=places.municipality(options.municipality).name if options.municipality else None,
        category=sections[0].name if options.category_id is not None else None,
        listed=print_terms.listed,
    )


def check_size(options: PrintOptions) -> PrintOptions:
    """The options, when something fits them and no more than can be printed. Raises Refused."""
    whole = making.whole_bundles(options.checked())
    ids = select(Article.id).where(*making.conditions(options, whole)).limit(MOST_ARTICLES + 1)
    _must_fit(len(db.session.scalars(ids).all()))
    return options


def _must_fit(number: int) -> None:
    if not number:
        raise Refused("Inga artiklar passar urvalet. Välj en annan kommun eller kategori.")
    if number > MOST_ARTICLES:
        raise Refused("Urvalet har fler än 2 000 artiklar. Välj en kommun eller en kategori.")


def _articles(options: PrintOptions, whole: Iterable[int]) -> Sequence[Article]:
    query = (
        select(Article)
        .join(Article.category)
        .options(
            joinedload(Article.category),
            selectinload(Article.parts).joinedload(BundlePart.article),
        )
        .where(*making.conditions(options, whole))
        .order_by(Category.position, Category.id, Article.sort_name, Article.id)
    )
    found = db.session.scalars(query.limit(MOST_ARTICLES + 1)).all()
    _must_fit(len(found))
    return found


def _faces(ids: Sequence[int]) -> dict[int, PrintedPicture]:
    """The first approved picture of each article that has one."""
    found: dict[int, PrintedPicture] = {}
    for some in chunks(ids):
        query = select(ArticlePicture).where(ArticlePicture.article_id.in_(some))
        shown = query.where(ArticlePicture.state == albums.PictureState.APPROVED)
        for row in db.session.scalars(shown.order_by(ArticlePicture.position, ArticlePicture.id)):
            found.setdefault(row.article_id, _picture(row, pictures.CARD))
    return found


def _picture(row: ArticlePicture | MemberPicture, width: int) -> PrintedPicture:
    return PrintedPicture(pictures.print_of(row.picture, width).file.sha256, row.description)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes articles' values from rows that have been fetched beforehand, so that it asks the database for nothing."""

    options: PrintOptions
    day: date
    made: Mapping[int, Made]
    faces: dict[int, PrintedPicture]
    labels: dict[str, str]
    priced: Mapping[int, Priced]
    listed: PrintedList | None

    def article(self, row: Article) -> PrintedArticle:
        """One article, with what its audience should read."""
        made = self.made[row.id]
        is_public = self.options.audience == CustomerKind.PUBLIC
        return PrintedArticle(
            number=row.number,
            name=row.name,
            description=shortened(row.description),
            unit=unit_words(row.unit, row.unit_text),
            price=self._price(row),
            picture=self.faces.get(row.id),
            makers=_slugs(made.makers),
            municipalities=() if self.options.municipality else _names(made.municipalities),
            lead_days=made.lead_days,
            parts=tuple(_part(*both) for both in zip(row.parts, made.of_parts, strict=True)),
            facts=tuple(fact for fact in self._facts(row) if fact),
            cpv=row.cpv if is_public else None,
            cpv_label=self.labels.get(row.cpv or "", "") if is_public else "",
        )

    def _price(self, row: Article) -> PrintedPrice | None:
        content = (row.content, row.content_unit) if row.content and row.content_unit else None
        mark = self.listed.mark if self.listed else ""
        with_vat = partial(self._with_vat, row)
        return price_of(self.priced[row.id], self._deposit(row), content, self.options, with_vat, mark=mark)

    def _deposit(self, row: Article) -> Money:
        """What does not come back is sold as the thing it is, at the standard rate, whatever lay in it."""
        gross = self.options.prices == PrintedPrices.GROSS
        return facets.with_vat(row.deposit, VatClass.STANDARD, self.day) if gross else row.deposit

    def _with_vat(self, row: Article, net: Money) -> Money:
        return bundles.shown(row, net, self.day)

    def _facts(self, row: Article) -> Iterator[str]:
        yield from _food(row)
        for part in row.parts:
            yield from _food(part.article, part.article.name)
        unit = row.unit_text or units.unit(row.unit).symbol_sv
        if row.kind == ArticleKind.SECOND_HAND:
            yield "Finns i ett exemplar."
        if row.pack_size is not None:
            yield f"Säljs i hela förpackningar om {formats.quantity(row.pack_size)} {unit}."
        if row.min_quantity is not None:
            yield f"Minsta beställning: {formats.quantity(row.min_quantity)} {unit}."
        if self.options.audience == CustomerKind.PRIVATE:
            yield RELIEF if row.work else RUT if row.rut else ""
            yield WITHDRAWAL[row.withdrawal]


def _part(row: BundlePart, makers: Sequence[Member]) -> PrintedPart:
    unit = row.article.unit_text or units.unit(row.article.unit).symbol_sv
    return PrintedPart(row.article.number, row.article.name, f"{formats.quantity(row.quantity)} {unit}", _slugs(makers))


def _food(row: Article, whose: str = "") -> Iterator[str]:
    """What must be told of food before it is bought, also as a part of something (regulation 1169/2011, article 14)."""
    if row.ingredients:
        start = f"Ingredienser i {whose}" if whose else "Ingredienser"
        yield f"{start}: {row.ingredients.strip().rstrip('.')}."
    if row.allergens:
        start = f"{whose} innehåller" if whose else "Innehåller"
        yield f"{start} {joined([ALLERGENS[code].name_sv for code in row.allergens])}."


def _slugs(members: Iterable[Member]) -> tuple[str, ...]:
    return tuple(member.slug for member in members)


def _names(codes: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted((places.municipality(code).name for code in codes), key=places.swedish_order))


def _seller() -> Seller:
    row = db.session.scalar(select(Member).where(Member.kind == MemberKind.SALES_COMPANY))
    if row is None:
        return Seller("Samsälj")
    address = ", ".join(part for part in (row.street, f"{row.postcode} {row.city}".strip()) if part)
    return Seller(row.name, row.email, row.phone, address)


def _members(made: Iterable[Made], day: date) -> tuple[PrintedMember, ...]:
    """All who make something in the catalogue, in Swedish order."""
    rows = {member.id: member for one in made for member in one.makers}
    counts: dict[int, HeadCount] = {}
    albums_: dict[int, list[PrintedPicture]] = {}
    for some in chunks(sorted(rows)):
        counted = select(HeadCount).where(HeadCount.member_id.in_(some), HeadCount.counted_on <= day)
        counts.update({one.member_id: one for one in db.session.scalars(counted.order_by(HeadCount.counted_on))})
        shown = select(MemberPicture).where(
            MemberPicture.member_id.in_(some), MemberPicture.state == albums.PictureState.APPROVED
        )
        for row in db.session.scalars(shown.order_by(MemberPicture.position, MemberPicture.id)):
            albums_.setdefault(row.member_id, []).append(_picture(row, pictures.PAGE))
    ordered = sorted(rows.values(), key=lambda member: (places.swedish_order(member.name), member.id))
    return tuple(_member(row, counts.get(row.id), albums_.get(row.id, [])) for row in ordered)


def _member(row: Member, count: HeadCount | None, shown: Sequence[PrintedPicture]) -> PrintedMember:
    known = count is not None and count.occupied >= LEAST_COUNTED
    place = places.municipality(row.municipality).name if row.municipality else row.city
    return PrintedMember(
        slug=row.slug,
        name=row.name,
        place=place,
        about=shortened(row.about),
        percent=count.percent if count and known else None,
        counted_on=count.counted_on if count and known else None,
        pictures=tuple(shown[:2]),
    )
