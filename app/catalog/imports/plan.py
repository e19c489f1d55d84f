"""What an assortment would change: a pure difference between what a file asks for and what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app import units
from app.catalog import kind_checks
from app.catalog.drafts import Draft, Terms, check_price
from app.catalog.imports.columns import BY_KEY
from app.catalog.imports.places import where_of
from app.catalog.imports.rows import Fault, Reading, Wish, missing
from app.catalog.imports.values import Lists
from app.catalog.kinds import ArticleKind, units_of
from app.catalog.models import ApprovalState
from app.errors import Refused
from app.money import Money
from app.vat import VatClass

USUAL_CAPACITY, USUAL_LEAD = Decimal(10), 5
"""What a new row without a capacity or a lead time gets: little and slow, until the member says more."""
WRITTEN = tuple(column.name for column in fields(Draft) if column.name in BY_KEY)
"""The columns that a draft has."""
LIVE = ("capacity_per_week", "lead_days")
"""What a member changes from day to day, and which therefore holds at once."""
EMPTY: dict[str, Any] = {"unit_text": "", "ingredients": "", "allergens": (), "deposit": Money(0)}
"""What a column is when it has been emptied; the others are None."""
MISSING: tuple[Any, ...] = (None, "", frozenset())
QUANTITIES = ("min_quantity", "quantity_step", "pack_size")


class Kind(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    """A new article is proposed, and the member's offering of it."""
    OFFER = "offer"
    """The member proposes to make something that is in the catalogue."""
    CHANGE = "change"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Standing:
    """An article that a row may name, and what the member has to do with it."""

    article_id: int
    number: str
    draft: Draft
    on_sale: bool
    offering_state: ApprovalState | None
    terms: Terms | None
    member_price: Money | None
    own_number: str = ""
    may_change: bool = False
    offering_id: int | None = None
    """Whether the member may ask for other words about the article."""

    @property
    def is_own(self) -> bool:
        """Whether the member makes it, or waits for our answer."""
        return self.offering_state in {ApprovalState.PROPOSED, ApprovalState.APPROVED}


@dataclass(frozen=True, slots=True)
class Known:
    """What there is now, as far as the file's rows touch it."""

    by_number: Mapping[str, Standing]
    by_own_number: Mapping[str, Standing]
    """By the member's own number in small letters."""
    by_name: Mapping[str, Standing]
    """The member's own, by name in small letters."""


@dataclass(frozen=True, slots=True)
class Change:
    """One column of what is there already, before and after, as a file writes them."""

    key: str
    before: str
    after: str

    def __str__(self) -> str:
        """``Ert pris exkl. moms: 120.00 → 130.00``."""
        return f"{BY_KEY[self.key].heading}: {self.before or '–'} → {self.after or '–'}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row."""

    row: int
    kind: Kind
    draft: Draft
    terms: Terms
    member_price: Money
    standing: Standing | None = None
    own_number: str = ""
    """To be kept; empty where nothing new is said."""
    live: tuple[Change, ...] = ()
    ask: tuple[Change, ...] = ()
    """What needs the sales company's yes; in a proposal that waits for it, it is put right at once."""
    pictures: tuple[tuple[str, str], ...] = ()
    """Source and description."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of all rows that can be taken, and what is wrong with the others."""

    outcomes: tuple[Outcome, ...]
    faults: tuple[Fault, ...]
    rows: int

    @property
    def faulty_rows(self) -> int:
        """How many rows cannot be taken."""
        return len({fault.row for fault in self.faults})


class _At(Exception):  # noqa: N818  a no with a place
    """A no that belongs to one column."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key


def plan(reading: Reading, known: Known, lists: Lists) -> Plan:
    """Every row against what there is. Nothing is asked of a database, and nothing is changed."""
    outcomes: list[Outcome] = []
    faults = list(reading.faults)
    for wish in reading.wishes:
        try:
            outcomes.append(_outcome(wish, known, lists))
        except _At as no:
            faults.append(wish.fault(no.key, str(no), reading.columns))
        except Refused as no:
            key = where_of(str(no))
            faults.append(wish.fault(key, str(no), reading.columns))
    return Plan(tuple(outcomes), tuple(sorted(faults, key=lambda fault: fault.row)), reading.rows)


def _outcome(wish: Wish, known: Known, lists: Lists) -> Outcome:
    standing = _standing(wish, known)
    if standing is None:
        return _new(wish)
    if not standing.is_own:
        return _offer(wish, standing, lists)
    return _change(wish, standing, lists)


def _standing(wish: Wish, known: Known) -> Standing | None:
    """Whom the row is about: our number first, then the member's own."""
    number, own = wish.values.get("number"), str(wish.values.get("own_number") or "").casefold()
    by_own = known.by_own_number.get(own) if own else None
    if number:
        found = known.by_number.get(number.upper())
        if found is None or not (found.is_own or found.on_sale):
            raise _At("number", "Artikelnumret finns inte i katalogen. Lämna cellen tom för en ny artikel.")
        if by_own is not None and by_own.article_id != found.article_id:
            raise _At("own_number", f"Ert nummer hör till {by_own.number}. Rätta det ena av numren.")
        return found
    if not own:
        _must_be_new(wish, known)
    return by_own if by_own is not None and (by_own.is_own or by_own.on_sale) else None


def _must_be_new(wish: Wish, known: Known) -> None:
    """A row without any number is new; one with a name that the member has already would make it twice."""
    there = known.by_name.get(str(wish.values.get("name") or "").casefold())
    if there is not None:
        raise _At(
            "name",
            "Ni har redan en artikel med det namnet. "
            f"Skriv {there.number} i kolumnen Artikelnummer, eller ett annat namn.",
        )


def _new(wish: Wish) -> Outcome:
    for key in ("name", "category_id", "unit", "member_price", "municipalities"):
        if wish.values.get(key) in MISSING:
            raise _At(key, missing(key))
    base = Draft(
        name="",
        description="",
        category_id=0,
        unit="",
        unit_text="",
        vat_class=VatClass.STANDARD,
    )
    draft = _redrawn(base, wish)
    if draft.kind is ArticleKind.BUNDLE:
        raise _At("kind", "Paket görs på sidan, för de består av andra artiklar.")
    draft = _fit(replace(draft, description=draft.description or draft.name))
    terms = _terms(wish, _usual(draft), draft)
    price = check_price(wish.values["member_price"])
    return Outcome(wish.row, Kind.NEW, draft, terms, price, own_number=_own(wish, None), pictures=_pictures(wish))


def _offer(wish: Wish, standing: Standing, lists: Lists) -> Outcome:
    """The article is described already: what the row says about it must be the same."""
    for key in ("member_price", "municipalities"):
        if wish.values.get(key) in MISSING:
            raise _At(key, missing(key))
    for change in _changes(standing.draft, _redrawn(standing.draft, wish), WRITTEN, lists):
        raise _At(change.key, f"Artikeln finns redan, och här står där: {change.before or 'ingenting'}. Töm cellen.")
    terms = _terms(wish, _usual(standing.draft), standing.draft)
    price = check_price(wish.values["member_price"])
    own = _own(wish, standing)
    return Outcome(wish.row, Kind.OFFER, standing.draft, terms, price, standing, own, pictures=_pictures(wish))


def _change(wish: Wish, standing: Standing, lists: Lists) -> Outcome:
    if standing.terms is None or standing.member_price is None:
        raise _At("number", "Artikeln finns inte bland era erbjudanden.")
    draft = _redrawn(standing.draft, wish)
    told = _changes(standing.draft, draft, WRITTEN, lists)
    if told:
        draft = _fit(draft)
    if any(change.key == "unit" for change in told):
        raise _At("unit", "Enheten kan inte ändras, för pris och kapacitet räknas i den. Gör en ny artikel.")
    terms = _terms(wish, standing.terms, draft)
    price = check_price(wish.values.get("member_price", standing.member_price))
    live = _changes(standing.terms, terms, LIVE, lists)
    ask = [*told, *_changes(standing.terms, terms, ("municipalities",), lists)]
    if price != standing.member_price:
        ask.append(_changed("member_price", standing.member_price, price, lists))
    for change in ask:
        _must_be_open(change, standing, about_article=change in told)
    own, pictures = _own(wish, standing), _pictures(wish)
    kind = Kind.CHANGE if live or ask or own or pictures else Kind.UNCHANGED
    return Outcome(wish.row, kind, draft, terms, price, standing, own, tuple(live), tuple(ask), pictures)


def _must_be_open(change: Change, standing: Standing, *, about_article: bool) -> None:
    """Raises _At where no change can be asked for. What only is proposed is the member's own to put right."""
    waits = standing.offering_state is ApprovalState.PROPOSED
    if about_article and not (not standing.on_sale if waits else standing.may_change and standing.on_sale):
        raise _At(change.key, f"Här står {change.before or 'ingenting'} i katalogen, och andra gör också artikeln.")


def _redrawn(draft: Draft, wish: Wish) -> Draft:
    """The draft with what the row says; what is emptied is empty."""
    said = {key: wish.values[key] for key in WRITTEN if key in wish.values}
    drawn: dict[str, Any] = {key: EMPTY.get(key) if value is None else value for key, value in said.items()}
    return replace(draft, **drawn)


def _fit(draft: Draft) -> Draft:
    """The draft, checked with what its columns say together. Raises Refused or _At."""
    sold_in = units_of(draft.kind)
    if sold_in is not None and draft.unit not in sold_in:
        names = ", ".join(units.UNITS[code].name_sv for code in sorted(sold_in))
        raise _At("unit", f"Den typen säljs i {names}.")
    if (draft.content is None) != (draft.content_unit is None):
        missing = "content" if draft.content is None else "content_unit"
        raise _At(missing, "Innehåll och innehållets enhet hör ihop: fyll i båda eller ingen.")
    for key in QUANTITIES:
        if (quantity := getattr(draft, key)) is not None:
            try:
                units.check_quantity(draft.unit, quantity)
            except ValueError as wrong:
                raise _At(key, str(wrong)) from wrong
    return kind_checks.check(draft.checked())


def _usual(draft: Draft) -> Terms:
    """What holds until the member says more. Of a single piece there is one."""
    capacity = Decimal(1) if draft.kind is ArticleKind.SECOND_HAND else USUAL_CAPACITY
    return Terms(capacity, USUAL_LEAD, frozenset())


def _terms(wish: Wish, before: Terms, draft: Draft) -> Terms:
    said: dict[str, Any] = {key: wish.values[key] for key in (*LIVE, "municipalities") if key in wish.values}
    terms = replace(before, **said).checked(draft.unit)
    if terms.capacity_per_week != before.capacity_per_week:
        kind_checks.check_pieces(draft.kind, terms.capacity_per_week)
    return terms


def _own(wish: Wish, standing: Standing | None) -> str:
    said = str(wish.values.get("own_number") or "")
    if len(said) > 40:
        raise _At("own_number", "Ert artikelnummer får ha högst 40 tecken.")
    return "" if standing is not None and said == standing.own_number else said


def _pictures(wish: Wish) -> tuple[tuple[str, str], ...]:
    return tuple(zip(wish.values.get("pictures", ()), wish.values.get("picture_texts", ()), strict=True))


def _changes(before: Any, after: Any, keys: Sequence[str], lists: Lists) -> list[Change]:
    pairs = ((key, getattr(before, key), getattr(after, key)) for key in keys)
    return [_changed(key, old, new, lists) for key, old, new in pairs if _plain(old) != _plain(new)]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return frozenset(value)  # Allergens are a set, in whatever order they lie.
    return value.strip() if isinstance(value, str) else value


def _changed(key: str, before: Any, after: Any, lists: Lists) -> Change:
    return Change(key, _written(key, before, lists), _written(key, after, lists))


def _written(key: str, value: Any, lists: Lists) -> str:
    return "" if value is None else str(BY_KEY[key].write(value, lists))
