"""What the catalogue can be narrowed by, remembered for a short while: values, never rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, exists, select

from app import places, vat
from app.catalog import vocabulary
from app.catalog.models import ApprovalState, Category, Offering, VatDivision, VatRate
from app.db import db
from app.members.models import Member
from app.money import Money
from app.shelf import remember
from app.treatments import VatBuyer, divided, expected
from app.vat import Divided, VatClass, VatKey, VatPart, VatRule


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category as pages show it."""

    id: int
    slug: str
    name_sv: str
    name_en: str
    illustration: str

    def name(self, language: str) -> str:
        """Its name in ``sv`` or ``en``."""
        return self.name_en if language == "en" else self.name_sv


@dataclass(frozen=True, slots=True)
class Maker:
    """A member that makes something."""

    id: int
    slug: str
    name: str

    @property
    def short_name(self) -> str:
        """The name without its legal form, as people say it."""
        return short_name(self.name)


LEGAL_FORMS = (" ek. för.", " ideell för.", " ekonomisk förening", " ideell förening", " AB (svb)", " AB")


def short_name(name: str) -> str:
    """``Rena Rum Städkooperativ ek. för.`` becomes Rena Rum Städkooperativ."""
    return next((name.removesuffix(form) for form in LEGAL_FORMS if name.endswith(form)), name)


@remember
def shelves() -> tuple[Shelf, ...]:
    """All categories, in their order."""
    columns = (Category.id, Category.slug, Category.name_sv, Category.name_en, Category.illustration)
    return tuple(Shelf(*row) for row in db.session.execute(select(*columns).order_by(Category.position, Category.id)))


@remember
def shelves_by_id() -> dict[int, Shelf]:
    """The same by id."""
    return {shelf.id: shelf for shelf in shelves()}


def makers(ids: Iterable[int]) -> dict[int, Maker]:
    """Members by id. There may be thousands of them, so nobody asks for all."""
    wanted = tuple(sorted(set(ids)))
    return dict(_makers(wanted)) if wanted else {}


_MAKERS = select(Member.id, Member.slug, Member.name).where(Member.id.in_(bindparam("ids", expanding=True)))


@remember
def _makers(ids: tuple[int, ...]) -> tuple[tuple[int, Maker], ...]:
    rows = db.session.execute(_MAKERS, {"ids": ids})
    return tuple((row.id, Maker(*row)) for row in rows)


@remember
def maker_called(slug: str) -> Maker | None:
    """The member with this address that has something approved to sell."""
    sells = exists().where(Offering.member_id == Member.id, Offering.state == ApprovalState.APPROVED)
    found = db.session.execute(select(Member.id, Member.slug, Member.name).where(Member.slug == slug, sells)).first()
    return Maker(*found) if found else None


@remember
def kept(_edition: int) -> dict[str, dict[str, int]]:
    """The counts that lie with the index: articles by category (fc), municipality (fk), member (fm) and kind (fy).

    As many of each as there are municipalities: those with most articles. And how many are sold at all (fs).
    """
    return vocabulary.most_of_kinds(("fc", "fk", "fm", "fy", "fs"), len(places.all_municipalities()))


def served(edition: int, chosen: str = "") -> tuple[places.Municipality, ...]:
    """The municipalities in which something is sold, in Swedish order, and the one that is chosen."""
    codes = {*kept(edition)["fk"], chosen}
    return tuple(place for place in places.all_municipalities() if place.code in codes)


@remember
def vat_rules() -> tuple[VatRule, ...]:
    """The dated table of VAT rates, with the divisions that single articles have."""
    rates = tuple(row.rule for row in db.session.scalars(select(VatRate).order_by(VatRate.valid_from)))
    return (*rates, *divided(rates, (row.value for row in db.session.scalars(select(VatDivision)))))


class PartsOfDay(dict[VatKey, tuple[VatPart, ...]]):
    """How each class is taxed on a day, and each article that has a division of its own."""

    def __missing__(self, key: VatKey) -> tuple[VatPart, ...]:
        if isinstance(key, Divided):
            return self[VatClass.CONFERENCE]
        raise KeyError(key)


@remember
def vat_parts(day: date) -> PartsOfDay:
    """How each class is taxed on a day; a class that the table does not know yet is left out."""
    rules = vat_rules()
    holding = [rule for rule in rules if rule.valid_from <= day]
    known = {rule.vat_class if rule.article_id is None else Divided(rule.article_id) for rule in holding}
    return PartsOfDay({key: vat.rule_on(rules, key, day).parts for key in known})


def vat_parts_for(buyer: VatBuyer, day: date) -> PartsOfDay:
    """The same as one buyer is charged: whoever sells building services reckons the VAT on them itself (ML 16:13)."""
    parts = vat_parts(day)
    if not buyer.sells_building or VatClass.BUILDING not in parts:
        return parts
    return PartsOfDay({**parts, VatClass.BUILDING: expected(VatClass.BUILDING, day, buyer, vat_rules())})


def with_vat(price: Money, key: VatKey, day: date) -> Money:
    """A price per unit as private people see it. Raises LookupError when the table has no rate for that day."""
    return vat.including(price, vat_parts(day)[key])


def rates(parts: Iterable[VatPart]) -> list[int]:
    """The rates in whole per cent, highest first, without those of nought."""
    return sorted({part.rate for part in parts if part.rate}, reverse=True)
