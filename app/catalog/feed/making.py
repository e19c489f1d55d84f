"""Who makes an article, how soon and where, as the feed tells of it; a bundle is made by those who make its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.catalog import bundles
from app.catalog.feed.prices import number, unit
from app.catalog.kinds import ALLERGENS, ArticleKind
from app.catalog.models import Article, BundlePart, Offering


def making(article: Article, offerings: Sequence[Offering]) -> dict[str, Any] | None:
    """The fields about makers, from the article's approved offerings, the quickest first, or from a bundle's parts.

    None for what cannot be had: where nobody makes it, or no place gets all parts of a bundle. The lead time is the
    agreed one, as for all articles: that somebody rests for a while changes no article.
    """
    if article.kind == ArticleKind.BUNDLE:
        return _of_bundle(article) if bundles.is_complete(article) else None
    if not offerings:
        return None
    return {
        "lead_days": offerings[0].lead_days,
        "municipalities": sorted({code for offering in offerings for code in offering.municipalities}),
        "makers": [_maker(offering, None) for offering in offerings],
    }


def parts(article: Article) -> list[dict[str, Any]]:
    """What a bundle is made of, in the order in which it is made."""
    return [_part(part) for part in article.parts]


def allergens(article: Article) -> list[str]:
    """What is in it, or in any part of a bundle: whoever reads an empty list will believe it."""
    found = {*(article.allergens or ()), *(code for part in article.parts for code in part.article.allergens or ())}
    return [code for code in ALLERGENS if code in found]


def _of_bundle(article: Article) -> dict[str, Any] | None:
    bundle = bundles.as_value(article).within(None)
    if bundle is None:
        return None
    return {
        "lead_days": bundle.lead_days,
        "municipalities": sorted(bundle.municipalities),
        "makers": [
            _maker(offering, part.article.number) for part in article.parts for offering in bundles.makers_of(part)
        ],
    }


def _maker(offering: Offering, part: str | None) -> dict[str, Any]:
    return {
        "slug": offering.member.slug,
        "name": offering.member.name,
        "part": part,
        "lead_days": offering.lead_days,
        "municipalities": sorted(offering.municipalities),
    }


def _part(row: BundlePart) -> dict[str, Any]:
    return {
        "number": row.article.number,
        "quantity": number(row.quantity),
        "unit": unit(row.article.unit, row.article.unit_text),
        "to_next": row.to_next,
    }
