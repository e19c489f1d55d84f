"""The indexes of a printed catalogue: by name, by number and by procurement code. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app import places
from app.catalog.printing.values import PrintedArticle


def letters(articles: Iterable[PrintedArticle]) -> list[tuple[str, list[PrintedArticle]]]:
    """The index of names: each initial with its articles, å ä ö last; what begins otherwise stands under ``0–9``."""
    found: dict[str, list[PrintedArticle]] = {}
    for article in sorted(articles, key=_in_index):
        initial = article.name[:1].upper()
        found.setdefault(initial if initial.isalpha() else "0–9", []).append(article)
    return list(found.items())


def _in_index(article: PrintedArticle) -> tuple[list[tuple[int, int, str]], str]:
    """As a Swedish index sorts names; figures in them are counted and not spelt: 5 kg before 10 kg."""
    parts = re.findall(r"[0-9]+|[^0-9]+", places.swedish_order(article.name))
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts], article.number


def by_number(articles: Iterable[PrintedArticle]) -> list[PrintedArticle]:
    """The index of article numbers: FRU-2 before FRU-10."""
    return sorted(articles, key=lambda one: [(len(part), part) for part in one.number.split("-")])


def by_cpv(articles: Iterable[PrintedArticle]) -> list[tuple[str, str, list[PrintedArticle]]]:
    """The index of procurement codes: code, label and articles in Swedish order; those without a code are left out."""
    found: dict[tuple[str, str], list[PrintedArticle]] = {}
    for article in sorted(articles, key=_in_index):
        if article.cpv:
            found.setdefault((article.cpv, article.cpv_label), []).append(article)
    return [(code, label, found[code, label]) for code, label in sorted(found)]
