"""Which work gives a deduction, and what the tax agency calls it. Pure.

Sources: IL (1999:1229) 67 kap. 13 § (RUT), 13 a-13 b §§ (ROT), 18 § (labour only). The elements are those of the tax
agency's XML file, version 6, in the order in which the file has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Relief(StrEnum):
    """The two deductions."""

    RUT = "rut"
    ROT = "rot"


class Work(StrEnum):
    """What is done in or at a home."""

    BUILDING = "building"
    ELECTRICITY = "electricity"
    GLAZING = "glazing"
    GROUND = "ground"
    MASONRY = "masonry"
    PAINTING = "painting"
    PLUMBING = "plumbing"
    CLEANING = "cleaning"
    CLOTHES = "clothes"
    SNOW = "snow"
    GARDEN = "garden"
    CHILDREN = "children"
    CARE = "care"
    MOVING = "moving"
    IT = "it"
    APPLIANCES = "appliances"
    FURNISHING = "furnishing"
    WATCHING = "watching"
    TO_SECOND_HAND = "to_second_hand"
    LAUNDRY = "laundry"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a kind of work."""

    relief: Relief
    element: str
    """Of the tax agency's file."""
    name_sv: str
    name_en: str
    labour: int | None = None
    """Per cent of the price that counts as labour where the law says so, whatever the work took."""


_ROT, _RUT = Relief.ROT, Relief.RUT
WORKS: dict[Work, About] = {
    Work.BUILDING: About(_ROT, "Bygg", "Bygge och snickeri", "Building and carpentry"),
    Work.ELECTRICITY: About(_ROT, "El", "El", "Electricity"),
    Work.GLAZING: About(_ROT, "GlasPlatarbete", "Glas och plåt", "Glass and sheet metal"),
    Work.GROUND: About(_ROT, "MarkDraneringarbete", "Mark och dränering", "Ground and drainage"),
    Work.MASONRY: About(_ROT, "Murning", "Murning", "Masonry"),
    Work.PAINTING: About(_ROT, "MalningTapetsering", "Målning och tapetsering", "Painting and papering"),
    Work.PLUMBING: About(_ROT, "Vvs", "Vatten och värme", "Water and heating"),
    Work.CLEANING: About(_RUT, "Stadning", "Städning", "Cleaning"),
    Work.CLOTHES: About(_RUT, "KladOchTextilvard", "Vård av kläder i hemmet", "Care of clothes at home"),
    Work.SNOW: About(_RUT, "Snoskottning", "Snöskottning", "Clearing of snow"),
    Work.GARDEN: About(_RUT, "Tradgardsarbete", "Trädgård", "Gardening"),
    Work.CHILDREN: About(_RUT, "Barnpassning", "Barnpassning", "Minding of children"),
    Work.CARE: About(_RUT, "Personligomsorg", "Personlig omsorg", "Personal care"),
    Work.MOVING: About(_RUT, "Flyttjanster", "Flytt", "Moving"),
    Work.IT: About(_RUT, "ItTjanster", "Hjälp med it", "Help with IT"),
    Work.APPLIANCES: About(_RUT, "ReparationAvVitvaror", "Reparation av vitvaror", "Repair of appliances"),
    Work.FURNISHING: About(_RUT, "Moblering", "Möblering och montering", "Furnishing and assembly"),
    Work.WATCHING: About(_RUT, "TillsynAvBostad", "Tillsyn av bostad", "Looking after a home"),
    Work.TO_SECOND_HAND: About(
        _RUT, "TransportTillForsaljning", "Hämtning till återbruk", "Transport to second hand", labour=50
    ),
    Work.LAUNDRY: About(_RUT, "TvattVidTvattinrattning", "Tvätt på tvätteri", "Washing at a laundry", labour=50),
}
"""All of it, in the order of the file."""


def relief_of(work: Work) -> Relief:
    """Under which deduction it comes."""
    return WORKS[work].relief
