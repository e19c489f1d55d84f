"""A printed catalogue as frozen values: what is chosen, and what stands on its pages. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app import places, units
from app.catalog.kinds import ArticleKind, Withdrawal
from app.catalog.pricing.rules import Priced
from app.catalog.pricing.steps import Step
from app.customers.models import CustomerKind
from app.errors import Refused
from app.money import Money

MOST_ARTICLES = 2_000
"""More make no book that anybody leafs through, and no job that ends within minutes."""
MOST_LISTED = 16
"""Of what a member makes; when it is more, its categories are named instead."""
LONGEST_TEXT = 700
"""Signs of a description that are printed; the whole text stands in the web catalogue."""


class PrintedPrices(StrEnum):
    """Which prices a catalogue shows."""

    NET = "net"
    GROSS = "gross"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """For whom a catalogue is, and what of all that is sold it holds."""

    audience: CustomerKind
    prices: PrintedPrices
    municipality: str | None = None
    """SCB code; only what is delivered there."""
    category_id: int | None = None
    price_list_id: int | None = None
    """The list of those for whom it is made; None for what everybody pays."""

    def checked(self) -> PrintOptions:
        """The same options. Raises Refused for prices that cannot be shown so, and for a place that is none."""
        if self.audience == CustomerKind.PRIVATE and self.prices == PrintedPrices.NET:
            raise Refused("En katalog för privatpersoner ska visa priser inklusive moms (prisinformationslagen).")
        if self.price_list_id is not None and self.prices == PrintedPrices.NONE:
            raise Refused("En katalog utan priser kan inte följa en prislista. Välj med eller utan moms.")
        if self.municipality is not None:
            try:
                places.municipality(self.municipality)
            except KeyError as unknown:
                raise Refused("Välj kommunen i listan.") from unknown
        return self

    def may_buy(self, kind: ArticleKind) -> bool:
        """Whether this audience may buy such a thing: work training places are sold to public bodies only."""
        return kind != ArticleKind.PLACEMENT or self.audience == CustomerKind.PUBLIC


@dataclass(frozen=True, slots=True)
class PrintedPicture:
    """A JPEG by the hash of its bytes, and what it shows."""

    sha256: str
    description: str


@dataclass(frozen=True, slots=True)
class PrintedPrice:
    """What a unit costs, and what the price says about VAT."""

    amount: Money
    vat_words: str
    """``exkl. moms`` or ``inkl. moms``."""
    compared: Money | None = None
    """Per `compared_in`, with the same VAT (prisinformationslagen 2004:347)."""
    compared_in: str = ""
    deposit: Money | None = None
    steps: tuple[Step, ...] = ()
    """Larger quantities at which a unit costs less, with the same VAT."""
    mark: str = ""
    """What the price is called where it is that of the chosen list: ``avtalspris``."""


@dataclass(frozen=True, slots=True)
class PrintedList:
    """The price list that a catalogue is made for."""

    name: str
    words: str
    """``ramavtal INK 2026/114``."""
    mark: str
    """What its prices are called."""
    buyers: tuple[str, ...]
    last: date | None = None
    """The last day on which it holds."""


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """One of the articles that are sold together as a bundle."""

    number: str
    name: str
    amount: str
    """``0,25 kg``: of it in one unit of the bundle."""
    makers: tuple[str, ...]
    """Slugs of the members that make it for this catalogue."""


@dataclass(frozen=True, slots=True)
class PrintedArticle:
    """An article as the catalogue shows it. What does not concern the audience is left out already."""

    number: str
    name: str
    description: str
    unit: str
    price: PrintedPrice | None
    picture: PrintedPicture | None
    makers: tuple[str, ...]
    """Slugs of the members that make it for this catalogue."""
    municipalities: tuple[str, ...]
    """Names of those in which it is delivered; empty where the whole catalogue is for one."""
    lead_days: int
    """Working days until the quickest of the makers delivers; of a bundle, until all parts have been made."""
    parts: tuple[PrintedPart, ...] = ()
    """Of a bundle."""
    facts: tuple[str, ...] = ()
    """Sentences: allergens, packages, the right to withdraw."""
    cpv: str | None = None
    cpv_label: str = ""

    @property
    def anchor(self) -> str:
        """Where links to it lead."""
        return f"artikel-{self.number.casefold()}"


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A category and what of it the catalogue holds, in Swedish order."""

    slug: str
    name: str
    illustration: str
    articles: tuple[PrintedArticle, ...]

    @property
    def anchor(self) -> str:
        """Where links to it lead."""
        return f"kategori-{self.slug}"


@dataclass(frozen=True, slots=True)
class PrintedMember:
    """A member's own part: who they are, where, and what they make."""

    slug: str
    name: str
    place: str
    about: str
    percent: int | None
    """Of those occupied, how many are of the target group; None where it is not known or counts too few people."""
    counted_on: date | None
    pictures: tuple[PrintedPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class Seller:
    """The sales company, as the cover names it."""

    name: str
    email: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueEdition:
    """A whole catalogue. Equal values are printed as equal bytes."""

    audience: CustomerKind
    prices: PrintedPrices
    made_on: date
    seller: Seller
    sections: tuple[PrintedSection, ...]
    members: tuple[PrintedMember, ...]
    municipality: str | None = None
    """The name."""
    category: str | None = None
    listed: PrintedList | None = None

    @property
    def articles(self) -> list[PrintedArticle]:
        """All of them, in the order of the pages."""
        return [article for section in self.sections for article in section.articles]

    @property
    def digests(self) -> set[str]:
        """The hashes of all pictures."""
        shown = [article.picture for article in self.articles if article.picture]
        return {picture.sha256 for picture in [*shown, *(p for member in self.members for p in member.pictures)]}

    def made_by(self, slug: str) -> list[tuple[str, str]]:
        """What one member makes, as (anchor, words): each article, or each category when they are many."""
        made = [(section, one) for section in self.sections for one in section.articles if slug in one.makers]
        if len(made) <= MOST_LISTED:
            return [(article.anchor, article.name) for _section, article in made]
        counts = Counter(section.slug for section, _article in made)
        return [
            (section.anchor, f"{section.name}: {counted(counts[section.slug])}")
            for section in self.sections
            if counts[section.slug]
        ]


def counted(articles: int) -> str:
    """``1 artikel``, ``12 artiklar``."""
    return f"{articles} {'artikel' if articles == 1 else 'artiklar'}"


def price_of(
    priced: Priced,
    deposit: Money,
    content: tuple[Decimal, str] | None,
    options: PrintOptions,
    with_vat: Callable[[Money], Money],
    *,
    mark: str = "",
) -> PrintedPrice | None:
    """What is printed for a price; the comparison price is for private people, whom the law thinks of.

    `deposit` is as it is printed; `content` is how much of which Rec 20 unit one unit of the article holds; `mark` is
    what the chosen list's prices are called.
    """
    if options.prices == PrintedPrices.NONE:
        return None
    gross = options.prices == PrintedPrices.GROSS
    shown = with_vat if gross else lambda net: net
    amount = shown(priced.unit_price)
    compared = amount.divided_by(content[0]) if content and options.audience == CustomerKind.PRIVATE else None
    return PrintedPrice(
        amount=amount,
        vat_words="inkl. moms" if gross else "exkl. moms",
        compared=compared,
        compared_in=units.unit(content[1]).symbol_sv if content and compared else "",
        deposit=deposit or None,
        steps=tuple(Step(step.min_quantity, shown(step.price)) for step in priced.steps),
        mark=mark if priced.is_own else "",
    )


def unit_words(code: str, text: str) -> str:
    """``styck``, ``timme``, ``trapphus och månad``: what follows after "per"."""
    plain = {"C62": "styck", "CEN": "100 st"}
    return text or plain.get(code) or units.unit(code).name_sv


def shortened(text: str) -> str:
    """The text, or so much of it as is printed, up to a whole word."""
    text = text.strip()
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT].rsplit(None, 1)[0].rstrip(' ,.;:')} … Hela texten finns i katalogen på webben."


WITHDRAWAL: dict[Withdrawal, str] = {
    Withdrawal.RIGHT: "",
    Withdrawal.PERISHABLE: "Ingen ångerrätt: varan blir snabbt för gammal.",
    Withdrawal.CUSTOM_MADE: "Ingen ångerrätt: varan görs efter dina önskemål.",
    Withdrawal.DATED: "Ingen ångerrätt: det gäller en bestämd dag.",
    Withdrawal.SERVICE: "Ångerrätten upphör när tjänsten är utförd med ditt samtycke.",
}
RELIEF = (
    "Privatpersoner kan begära rut- eller rotavdrag i kassan. "
    "Då dras det av på fakturan, och vi begär pengarna av Skatteverket."
)
RUT = "Arbetet kan ge privatpersoner rätt till RUT-avdrag. Vi kan ännu inte göra avdraget, så du betalar hela priset."
"""In the words of the article's own page."""


def joined(words: Sequence[str]) -> str:
    """``a, b och c``."""
    return ", ".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} och {words[-1]}"
