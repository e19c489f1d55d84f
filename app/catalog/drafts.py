"""What is written about an article and an offering, checked as far as that can be done without asking the database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app import places, units
from app.catalog.kinds import ALLERGENS, ArticleKind, Withdrawal
from app.catalog.models import Article
from app.errors import Refused
from app.money import Money
from app.units import counted
from app.vat import VatClass

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 5000
LONGEST_UNIT_TEXT = 40
LONGEST_REASON = 500
LONGEST_LEAD = 365
UNKNOWN_CPV = "CPV-koden finns inte i listan. Skriv den som 03222000-3."
DEAREST = Money.kronor(10_000_000)
NOTHING = Money(0)
PAID_ON = 90
"""Per cent of the customer's price that the member is thought to get, until staff have set the price.

An assumption: 8 per cent margin and 2 per cent framework fee, as in the demonstration company."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the articles that a bundle is made of."""

    article_id: int
    quantity: Decimal
    """Of the part's own unit, in one unit of the bundle."""
    to_next: bool = False
    """Whether its maker delivers it to the maker of the next part."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an article is: all that is written about it but its price and number."""

    name: str
    description: str
    category_id: int
    unit: str
    """Rec 20 code."""
    unit_text: str
    vat_class: VatClass
    cpv: str | None = None
    """With its check digit: ``03222000-3``."""
    kind: ArticleKind = ArticleKind.GOODS
    min_quantity: Decimal | None = None
    quantity_step: Decimal | None = None
    pack_size: Decimal | None = None
    content: Decimal | None = None
    """How much of `content_unit` one unit holds; the comparison price follows from it."""
    content_unit: str | None = None
    """One of `kinds.COMPARED_IN`."""
    ingredients: str = ""
    allergens: tuple[str, ...] = ()
    """Keys of `kinds.ALLERGENS`."""
    withdrawal: Withdrawal = Withdrawal.RIGHT
    deposit: Money = NOTHING
    """Per unit without VAT."""
    rut: bool = False
    parts: tuple[Part, ...] = ()
    """What a bundle is made of, in the order in which it is made."""

    def checked(self) -> Draft:
        """The draft with superfluous space taken away. Raises Refused for what no article can be."""
        name, unit_text = " ".join(self.name.split()), " ".join(self.unit_text.split())
        description = self.description.replace("\r\n", "\n").strip()
        _readable(name, "Namnet", LONGEST_NAME)
        _readable(description, "Beskrivningen", LONGEST_DESCRIPTION)
        if unit_text:
            _readable(unit_text, "Enhetens namn", LONGEST_UNIT_TEXT)
        if self.cpv is not None and not re.fullmatch("[0-9]{8}-[0-9]", self.cpv):
            raise Refused(UNKNOWN_CPV)
        if self.unit not in units.UNITS:
            raise Refused("Välj enheten i listan.")
        ingredients = self.ingredients.replace("\r\n", "\n").strip()
        if ingredients:
            _readable(ingredients, "Ingredienserna", LONGEST_DESCRIPTION)
        allergens = tuple(code for code in ALLERGENS if code in self.allergens)
        return replace(
            self,
            name=name,
            description=description,
            unit_text=unit_text,
            ingredients=ingredients,
            allergens=allergens,
        )


def draft_of(article: Article) -> Draft:
    """What is written about an article now."""
    there = {one.name: getattr(article, one.name) for one in fields(Draft) if one.name not in {"allergens", "parts"}}
    parts = tuple(Part(part.article_id, part.quantity, part.to_next) for part in article.parts)
    return Draft(**there, allergens=tuple(article.allergens or ()), parts=parts)


def written(draft: Draft) -> dict[str, Any]:
    """The draft as JSON keeps it: money in öre, quantities as text, enums by their value."""
    return {one.name: _plain(getattr(draft, one.name)) for one in fields(Draft)}


def _plain(value: Any) -> Any:
    """One value as JSON has it."""
    if isinstance(value, Money):
        return value.ore
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Part):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(Part)}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class Terms:
    """How much of an article a member can make, how fast, and where."""

    capacity_per_week: Decimal
    lead_days: int
    """Working days."""
    municipalities: frozenset[str]
    """SCB codes."""

    def checked(self, unit: str) -> Terms:
        """The same terms, with a capacity that the unit allows. Raises Refused."""
        known = {place.code for place in places.all_municipalities()}
        if not self.municipalities:
            raise Refused("Välj minst en kommun att leverera till.")
        if not self.municipalities <= known:
            raise Refused("En av kommunerna finns inte. Välj bland kommunerna i listan.")
        if not 0 <= self.lead_days <= LONGEST_LEAD:
            raise Refused(f"Leveranstiden ska vara 0 till {LONGEST_LEAD} arbetsdagar.")
        try:
            capacity = units.check_quantity(unit, self.capacity_per_week)
        except ValueError as wrong:
            raise Refused(f"Hur mycket som hinns på en vecka: {wrong}") from wrong
        return replace(self, capacity_per_week=capacity)


def check_price(price: Money, what: str = "Priset") -> Money:
    """A price that can be asked. Raises Refused for nought, for less and for ten million kronor or more."""
    if not Money(0) < price < DEAREST:
        raise Refused(f"{what} ska vara mer än 0 kr och mindre än 10 000 000 kr.")
    return price


def suggested_price(member_price: Money) -> Money:
    """What the customer might pay, in whole kronor above 20 kr: a proposal that staff correct."""
    exact = member_price.times(100).divided_by(PAID_ON)
    kronor = Money(-(-exact.ore // 100) * 100)
    return kronor if kronor > Money.kronor(20) and kronor < DEAREST else min(exact, DEAREST - Money(1))


@dataclass(frozen=True, slots=True)
class Margin:
    """What is left for the sales company of a unit's price."""

    amount: Money
    percent: Decimal
    """Of the customer's price, with one decimal; negative for a loss."""


def margin(price: Money, member_price: Money) -> Margin:
    """What is left when the member has been paid. The price is more than nought."""
    left = price - member_price
    return Margin(left, (Decimal(left.ore * 100) / price.ore).quantize(Decimal("0.1")))


def check_reason(reason: str) -> str:
    """Why something is declined. Raises Refused when nothing is said, or too much."""
    reason = reason.replace("\r\n", "\n").strip()
    if not reason:
        raise Refused("Skriv varför. Medlemmen läser det.")
    _readable(reason, "Förklaringen", LONGEST_REASON)
    return reason


def check_note(note: str) -> str:
    """A few words that go with something, or none. Raises Refused for too many."""
    note = note.replace("\r\n", "\n").strip()
    if note:
        _readable(note, "Meddelandet", LONGEST_REASON)
    return note


def slugify(name: str) -> str:
    """The name as a part of an address: ``Lådor, små`` becomes lador-sma. Only here is å written as a."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "artikel"


def _readable(text: str, what: str, longest: int) -> None:
    if not text:
        raise Refused(f"{what} saknas.")
    if len(text) > longest:
        most = counted(longest, "tecken", "tecken")
        raise Refused(f"{what} får ha högst {most}. Nu är det {counted(len(text), 'tecken', 'tecken')}.")
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} and sign != "\n" for sign in text):
        raise Refused(f"{what} innehåller tecken som inte går att läsa.")
