"""A member's assortment as a spreadsheet: the empty template, and what it makes now in the same columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any

from app import places, units
from app.catalog.imports import loading
from app.catalog.imports.columns import COLUMNS
from app.catalog.imports.plan import Standing
from app.catalog.imports.values import EVERYWHERE, KINDS, WITHDRAWALS, Lists
from app.catalog.kinds import ALLERGENS, COMPARED_IN
from app.members.models import Member
from app.spreadsheets.writing import Sheet, Value, csv_file, xlsx

CHOICES = "Val"
HEADINGS = [f"{column.heading}{'*' if column.required else ''}" for column in COLUMNS]
NUMBERS = {"member_price", "capacity_per_week", "lead_days", "min_quantity", "quantity_step", "pack_size", "deposit"}
RULES = (
    "En rad för varje artikel. Rubriker med * behövs för nya artiklar; de andra får vara tomma eller tas bort.",
    "Tom cell: det som gäller ändras inte. Ett bindestreck (-) tömmer uppgiften.",
    "Vet ni vårt artikelnummer, skriv det. Annars känner vi igen ert eget nummer nästa gång.",
    "Kapacitet och leveranstid gäller direkt. Allt annat läser vi innan det syns för kunderna.",
    "Skriv värden, inte formler. Slå inte ihop celler. Högst 10 000 rader och 20 MB.",
    "Inget sparas när ni laddar upp filen. Först ser ni vad som händer med varje rad, sedan bestämmer ni.",
)


def template_xlsx(member: Member | None) -> IO[bytes]:
    """The template; with a member, filled with what it makes. An open file at its beginning."""
    lists = loading.lists()
    choices = _choices(lists)
    ranges = {
        place: f"{CHOICES}!${_letter(place)}$2:${_letter(place)}${len(named) + 1}"
        for place, named in enumerate(choices.values())
    }
    by_key = dict(zip(choices, ranges.values(), strict=True))
    sheet = Sheet(
        title="Sortiment",
        headings=HEADINGS,
        rows=rows(member, lists) if member else (),
        widths=[column.width for column in COLUMNS],
        choices={place: by_key[column.key] for place, column in enumerate(COLUMNS) if column.key in by_key},
        as_text=[place for place, column in enumerate(COLUMNS) if column.key not in NUMBERS],
    )
    return xlsx([sheet, _instructions(), _choices_sheet(choices)])


def template_csv(member: Member | None) -> IO[bytes]:
    """The same columns as csv."""
    return csv_file(HEADINGS, rows(member, loading.lists()) if member else ())


def rows(member: Member, lists: Lists) -> Iterator[list[Value]]:
    """What the member makes or has proposed, one row each, as `rows` reads it. Pictures stay where they are."""
    own_numbers = loading.own_numbers_of(member)
    for offering in loading.offerings(member, only_own=True):
        yield row(loading.standing(offering, own_numbers), lists)


def row(standing: Standing, lists: Lists) -> list[Value]:
    """One article with the member's terms."""
    said: dict[str, Any] = {"number": standing.number, "own_number": standing.own_number}
    said["member_price"] = standing.member_price
    cells: list[Value] = []
    for column in COLUMNS:
        value = said.get(column.key, getattr(standing.draft, column.key, getattr(standing.terms, column.key, None)))
        cells.append(None if value is None or value == "" else column.write(value, lists) or None)
    return cells


def _choices(lists: Lists) -> dict[str, Sequence[str]]:
    """What may be chosen, by column."""
    return {
        "category_id": list(lists.categories),
        "kind": list(KINDS.values()),
        "unit": [unit.name_sv for unit in units.UNITS.values()],
        "vat_class": list(lists.vat_classes.values()),
        "content_unit": [units.UNITS[code].name_sv for code in COMPARED_IN],
        "withdrawal": list(WITHDRAWALS.values()),
        "rut": ["ja", "nej"],
    }


def _choices_sheet(choices: dict[str, Sequence[str]]) -> Sheet:
    headings = {column.key: column.heading for column in COLUMNS}
    columns = [
        *((headings[key], named) for key, named in choices.items()),
        ("Allergener", [allergen.name_sv for allergen in ALLERGENS.values()]),
        ("Kommuner", [place.name for place in places.all_municipalities()]),
        (
            "Län",
            [*sorted({place.county for place in places.all_municipalities()}, key=places.swedish_order), EVERYWHERE],
        ),
    ]
    longest = max(len(named) for _heading, named in columns)
    lines = [[named[line] if line < len(named) else None for _heading, named in columns] for line in range(longest)]
    return Sheet(CHOICES, [heading for heading, _named in columns], lines, widths=[26] * len(columns))


def _instructions() -> Sheet:
    lines: list[list[Value]] = [[rule, None] for rule in RULES]
    lines.append([None, None])
    lines += [[heading, column.hint] for heading, column in zip(HEADINGS, COLUMNS, strict=True)]
    return Sheet("Läs mig", ["Så fyller ni i", ""], lines, widths=[40, 90])


def _letter(place: int) -> str:
    return chr(ord("A") + place)
