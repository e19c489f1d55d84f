"""What must lie in the tables before anything can be sold: VAT rates, CPV codes, shelves, shipped with the program."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import cpv
from app.catalog.models import Category, CpvCode, VatRate
from app.db import db
from app.vat import VatClass

SHELVES = Path(__file__).parents[1] / "data" / "categories.toml"
VAT_TABLE = Path(__file__).parents[1] / "data" / "vat.toml"


@dataclass(frozen=True, slots=True)
class VatClassName:
    """What a VAT class is called, and what belongs to it."""

    name_sv: str
    name_en: str
    help_sv: str

    def name(self, language: object) -> str:
        """As readers of a language call it."""
        return self.name_en if str(language) == "en" else self.name_sv


def load_law() -> None:
    """Put in what is missing of VAT rates and CPV codes; what is there already is left as it is."""
    load_vat()
    load_cpv()


def load_shelves() -> int:
    """Give a catalogue without categories the usual ones; returns how many. One that has some is left as it is."""
    if db.session.scalar(select(Category.id).limit(1)) is not None:
        return 0
    shelves = tomllib.loads(SHELVES.read_text(encoding="utf-8"))["category"]
    for position, shelf in enumerate(shelves):
        names = {name: shelf[name] for name in ("slug", "name_sv", "name_en", "illustration")}
        db.session.add(Category(position=position, **names))
    db.session.flush()
    return len(shelves)


def load_vat() -> int:
    """Add the rates that the table lacks; returns how many. Rates that staff have changed stay changed."""
    there = {(row.vat_class, row.valid_from) for row in db.session.scalars(select(VatRate))}
    missing = [row for row in _vat_table()["rate"] if (VatClass(row["class"]), row["valid_from"]) not in there]
    for row in missing:
        parts = {"parts": [[share, rate, row["category"]] for share, rate in row["parts"]]}
        vat_class = VatClass(row["class"])
        db.session.add(VatRate(vat_class=vat_class, valid_from=row["valid_from"], parts=parts, note=row["legal"]))
    db.session.flush()
    return len(missing)


def load_cpv() -> int:
    """Add the built-in codes that the table lacks; returns how many. Imported labels stay as they were imported."""
    there = set(db.session.scalars(select(CpvCode.code)))
    missing = [code for code in cpv.builtin() if code.written not in there]
    db.session.add_all(_row(code) for code in missing)
    db.session.flush()
    return len(missing)


def import_cpv(codes: Sequence[cpv.CpvCode]) -> tuple[int, int]:
    """Add codes and put new labels on those that are there; returns how many were added and how many changed."""
    there = {row.code: row for row in db.session.scalars(select(CpvCode))}
    added = [code for code in codes if code.written not in there]
    changed = list(_relabelled(there, codes))
    db.session.add_all(_row(code) for code in added)
    db.session.flush()
    return len(added), len(changed)


def vat_class_names() -> dict[VatClass, VatClassName]:
    """The classes in the order in which people choose among them."""
    return dict(_vat_class_names())


@lru_cache(maxsize=1)
def _vat_class_names() -> tuple[tuple[VatClass, VatClassName], ...]:
    rows = _vat_table()["class"]
    return tuple((VatClass(r["slug"]), VatClassName(r["name_sv"], r["name_en"], r["help_sv"])) for r in rows)


@lru_cache(maxsize=1)
def _vat_table() -> dict[str, Any]:
    return tomllib.loads(VAT_TABLE.read_text(encoding="utf-8"))


def _row(code: cpv.CpvCode) -> CpvCode:
    return CpvCode(code=code.written, label_sv=code.label_sv, label_en=code.label_en)


def _relabelled(there: dict[str, CpvCode], codes: Iterable[cpv.CpvCode]) -> Iterable[CpvCode]:
    for code in codes:
        row = there.get(code.written)
        if row is not None and (row.label_sv, row.label_en) != (code.label_sv, code.label_en):
            row.label_sv, row.label_en = code.label_sv, code.label_en
            yield row
