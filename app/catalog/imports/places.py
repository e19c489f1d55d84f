"""In which column a sentence of the house's own rules belongs. Pure."""

from __future__ import annotations

_BEGINNINGS = {
    "Namnet": "name",
    "Beskrivningen": "description",
    "Enhetens namn": "unit_text",
    "Enheten": "unit",
    "CPV": "cpv",
    "Hur mycket": "capacity_per_week",
    "Det finns bara ett exemplar": "capacity_per_week",
    "Leveranstiden": "lead_days",
    "Priset": "member_price",
    "Ingrediens": "ingredients",
    "Allerg": "allergens",
    "En begagnad": "min_quantity",
    "Minsta beställning": "min_quantity",
    "Måtten på antal": "min_quantity",
    "Ange antingen steg": "quantity_step",
    "Innehåll": "content",
    "Jämförpris": "content_unit",
    "Vinstmarginal": "vat_class",
    "Pant": "deposit",
    "Rutavdrag": "rut",
    "Arbete som ger rutavdrag": "rut",
    "Ångerrätt": "withdrawal",
    "Undantaget": "withdrawal",
}


def where_of(sentence: str) -> str:
    """The key of the column that a refusal is about, by how it begins; the name's for one that is about all of it."""
    return next((key for start, key in _BEGINNINGS.items() if sentence.startswith(start)), "name")
