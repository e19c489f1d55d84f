"""The columns of an assortment in a spreadsheet: their names, their order, and what each of them takes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.catalog.imports.values import (
    KINDS,
    WITHDRAWALS,
    Lists,
    allergen_names,
    allergens,
    as_it_is,
    category,
    category_name,
    compared_in,
    cpv,
    joined,
    kronor,
    lines,
    money,
    named,
    one_line,
    picture_texts,
    pictures,
    place_names,
    quantity,
    served,
    unit,
    unit_name,
    vat_class,
    whole,
    yes,
)
from app.errors import Refused
from app.spreadsheets.table import Cell, CellKind, Row


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how a cell becomes a value, and a value a cell."""

    key: str
    heading: str
    hint: str
    read: Callable[[str, Lists], Any]
    """From the cell's signs. Raises Refused with the reason why not."""
    write: Callable[[Any, Lists], str | Decimal | int]
    width: int = 16
    required: bool = False
    may_be_emptied: bool = False
    also: tuple[str, ...] = ()
    """Other headings that mean the same."""


COLUMNS: tuple[Column, ...] = (
    Column(
        "number",
        "Artikelnummer",
        "Vårt nummer, för det ni redan gör eller vill börja göra. Tomt för en ny artikel.",
        one_line,
        as_it_is,
        also=("art.nr", "artikelnr"),
    ),
    Column(
        "own_number",
        "Ert artikelnummer",
        "Ert eget nummer, om ni har ett. Det känns igen nästa gång.",
        one_line,
        as_it_is,
        18,
        also=("eget artikelnummer",),
    ),
    Column("name", "Namn", "Högst 120 tecken.", one_line, as_it_is, 34, required=True, also=("benämning",)),
    Column("description", "Beskrivning", "Vad som ingår. Tomt: namnet.", lines, as_it_is, 50),
    Column("category_id", "Kategori", "Välj i listan.", category, category_name, 22, required=True),
    Column(
        "kind",
        "Typ",
        "Välj i listan. Tomt: vara.",
        lambda text, _lists: named(KINDS, text, "Typen"),
        lambda kind, _lists: KINDS[kind],
        22,
    ),
    Column("unit", "Enhet", "Välj i listan: det som priset gäller för.", unit, unit_name, 14, required=True),
    Column(
        "unit_text",
        "Enhetens namn",
        "Om listan saknar ett bra ord, till exempel trapphus.",
        one_line,
        as_it_is,
        may_be_emptied=True,
    ),
    Column("cpv", "CPV-kod", "Som 03222000-3. Tomt om ni inte vet.", cpv, as_it_is, may_be_emptied=True),
    Column(
        "vat_class",
        "Momsklass",
        "Välj i listan. Tomt: normal.",
        vat_class,
        lambda value, lists: lists.vat_classes[value],
        30,
        also=("moms",),
    ),
    Column(
        "member_price",
        "Ert pris exkl. moms",
        "Kronor per enhet, det ni får betalt.",
        money,
        kronor,
        20,
        required=True,
        also=("pris", "ert pris", "pris exkl. moms"),
    ),
    Column(
        "capacity_per_week",
        "Kapacitet per vecka",
        "Så mycket klarar ni, i enheten. Tomt: 10.",
        quantity,
        as_it_is,
        20,
        also=("kapacitet",),
    ),
    Column(
        "lead_days", "Leveranstid i arbetsdagar", "0 till 365. Tomt: 5.", whole, as_it_is, 24, also=("leveranstid",)
    ),
    Column(
        "municipalities",
        "Levererar i",
        "Kommuner eller län med semikolon emellan, eller Hela Sverige.",
        served,
        place_names,
        34,
        required=True,
        also=("kommuner",),
    ),
    Column("ingredients", "Ingredienser", "För mat.", lines, as_it_is, 30, may_be_emptied=True),
    Column(
        "allergens",
        "Allergener",
        "Med semikolon emellan: mjölk; ägg.",
        allergens,
        allergen_names,
        22,
        may_be_emptied=True,
    ),
    Column("min_quantity", "Minsta beställning", "I enheten.", quantity, as_it_is, 18, may_be_emptied=True),
    Column(
        "quantity_step",
        "Steg",
        "Ovanför det minsta beställs i steg om så mycket.",
        quantity,
        as_it_is,
        10,
        may_be_emptied=True,
    ),
    Column(
        "pack_size",
        "Förpackning",
        "Så många enheter i en förpackning; bara hela säljs.",
        quantity,
        as_it_is,
        14,
        may_be_emptied=True,
    ),
    Column("deposit", "Pant exkl. moms", "Kronor per enhet.", money, kronor, 16, may_be_emptied=True),
    Column(
        "content",
        "Innehåll",
        "Så mycket finns i en enhet, för jämförpriset: 5.",
        quantity,
        as_it_is,
        10,
        may_be_emptied=True,
    ),
    Column(
        "content_unit",
        "Innehållets enhet",
        "Kilogram, liter, meter, kvadratmeter eller kubikmeter.",
        compared_in,
        unit_name,
        18,
        may_be_emptied=True,
    ),
    Column(
        "withdrawal",
        "Ångerrätt",
        "Välj i listan. Tomt: 14 dagar.",
        lambda text, _lists: named(WITHDRAWALS, text, "Ångerrätten"),
        lambda value, _lists: WITHDRAWALS[value],
        30,
    ),
    Column("rut", "RUT", "Ja eller nej. Tomt: nej.", yes, lambda value, _lists: "ja" if value else "nej", 8),
    Column(
        "pictures",
        "Bilder",
        "Webbadresser, eller namn på filer i zip-filen, med semikolon emellan.",
        pictures,
        joined,
        34,
        also=("bild",),
    ),
    Column(
        "picture_texts",
        "Bildbeskrivningar",
        "Vad var och en visar, i samma ordning, med semikolon emellan.",
        picture_texts,
        joined,
        40,
        also=("bildbeskrivning",),
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
_BY_HEADING = {name.casefold(): column for column in COLUMNS for name in (column.heading, *column.also)}


def known_in(row: Row) -> int:
    """How many of a row's cells are headings of ours."""
    return sum(1 for cell in row.cells.values() if _named(cell) is not None)


def columns_of(heading: Row) -> dict[int, Column]:
    """Which column stands where. Raises Refused for a heading that we do not know, that comes twice or is missing."""
    found: dict[int, Column] = {}
    for place, cell in heading.cells.items():
        column = _known(cell)
        if column in found.values():
            raise Refused(f"Rubriken {column.heading} finns två gånger, senast i {cell.address}.")
        found[place] = column
    missing = [column.heading for column in COLUMNS if column.required and column not in found.values()]
    if "number" in {column.key for column in found.values()}:
        missing = []  # Whoever changes what is there needs no more than the number and what is to change.
    if missing:
        raise Refused(f"Kolumner saknas: {', '.join(missing)}. Hämta mallen och fyll i den.")
    return found


def _known(cell: Cell) -> Column:
    if cell.kind is CellKind.MERGED:
        raise Refused(
            f"Rubriken i {cell.address} är sammanslagen med andra celler. "
            "Dela upp dem och skriv en rubrik i var och en."
        )
    column = _named(cell)
    if cell.kind is not CellKind.TEXT or column is None:
        raise Refused(
            f"Rubriken ”{cell.text[:60]}” i {cell.address} finns inte i mallen. Rätta den eller ta bort kolumnen."
        )
    return column


def _named(cell: Cell) -> Column | None:
    return _BY_HEADING.get(" ".join(cell.text.split()).rstrip("*: ").casefold())
