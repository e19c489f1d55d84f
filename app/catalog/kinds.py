"""What sorts of things are sold, and what each of them must and must not say about itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.units import UNITS, UNITS_BY_KIND, UnitKind


class ArticleKind(StrEnum):
    """What is sold; forms, units and the way of delivery follow from it."""

    GOODS = "goods"
    TIMED_SERVICE = "timed_service"
    """By the hour, day, week or month."""
    MEASURED_SERVICE = "measured_service"
    """By area, length or piece."""
    DATED_SERVICE = "dated_service"
    """On a day that the customer names: a lunch, a conference, a removal."""
    PLACEMENT = "placement"
    """A work training place by day or month, sold to public bodies only."""
    BUNDLE = "bundle"
    """Several articles sold as one, perhaps as a chain in which one member delivers to the next."""
    SECOND_HAND = "second_hand"
    """One single used piece: when it is ordered it is gone."""


FOR_EVERYBODY = frozenset({ArticleKind.BUNDLE, ArticleKind.SECOND_HAND, ArticleKind.PLACEMENT})
"""What is never kept for members alone."""


class Withdrawal(StrEnum):
    """Whether a private person may withdraw within 14 days, and else why not (lagen 2005:59, 2 kap. 10-11 §§)."""

    RIGHT = "right"
    PERISHABLE = "perishable"
    CUSTOM_MADE = "custom_made"
    DATED = "dated"
    SERVICE = "service"
    """The right ends when the service has been carried out with the customer's consent."""


@dataclass(frozen=True, slots=True)
class Allergen:
    """One of the substances that food must warn of (regulation (EU) 1169/2011, annex II)."""

    code: str
    name_sv: str
    name_en: str


ALLERGENS: dict[str, Allergen] = {
    allergen.code: allergen
    for allergen in (
        Allergen("gluten", "spannmål med gluten", "cereals containing gluten"),
        Allergen("crustaceans", "kräftdjur", "crustaceans"),
        Allergen("eggs", "ägg", "eggs"),
        Allergen("fish", "fisk", "fish"),
        Allergen("peanuts", "jordnötter", "peanuts"),
        Allergen("soybeans", "sojabönor", "soybeans"),
        Allergen("milk", "mjölk", "milk"),
        Allergen("nuts", "nötter", "nuts"),
        Allergen("celery", "selleri", "celery"),
        Allergen("mustard", "senap", "mustard"),
        Allergen("sesame", "sesamfrön", "sesame seeds"),
        Allergen("sulphites", "svaveldioxid och sulfit", "sulphur dioxide and sulphites"),
        Allergen("lupin", "lupin", "lupin"),
        Allergen("molluscs", "blötdjur", "molluscs"),
    )
}

_TIME = frozenset(UNITS_BY_KIND[UnitKind.TIME])

UNITS_OF_KIND: dict[ArticleKind, frozenset[str]] = {
    ArticleKind.GOODS: frozenset(UNITS) - _TIME - {"IE", "ROM", "E51", "E54", "LS"},
    ArticleKind.TIMED_SERVICE: _TIME,
    ArticleKind.MEASURED_SERVICE: frozenset(UNITS) - _TIME,
    ArticleKind.PLACEMENT: frozenset({"DAY", "E49", "WEE", "MON"}),
    ArticleKind.SECOND_HAND: frozenset({"H87", "C62", "PR", "SET"}),
    ArticleKind.BUNDLE: frozenset({"H87", "C62", "SET", "IE", "PTN", "XBK", "XBX", "XPK"}),
}
"""The units, as Rec 20 codes, that a kind is sold in; a kind that is not named takes any."""

SERVICES = frozenset({ArticleKind.TIMED_SERVICE, ArticleKind.MEASURED_SERVICE, ArticleKind.DATED_SERVICE})
MAY_BE_FOOD = frozenset({ArticleKind.GOODS, ArticleKind.DATED_SERVICE})
"""The kinds that may tell of ingredients and allergens."""

_SERVICE_WITHDRAWALS = (Withdrawal.SERVICE, Withdrawal.RIGHT, Withdrawal.CUSTOM_MADE)
WITHDRAWALS_OF_KIND: dict[ArticleKind, tuple[Withdrawal, ...]] = {
    ArticleKind.GOODS: (Withdrawal.RIGHT, Withdrawal.PERISHABLE, Withdrawal.CUSTOM_MADE),
    ArticleKind.TIMED_SERVICE: _SERVICE_WITHDRAWALS,
    ArticleKind.MEASURED_SERVICE: _SERVICE_WITHDRAWALS,
    ArticleKind.DATED_SERVICE: (Withdrawal.DATED, Withdrawal.SERVICE, Withdrawal.RIGHT, Withdrawal.PERISHABLE),
    ArticleKind.BUNDLE: tuple(Withdrawal),
    ArticleKind.SECOND_HAND: (Withdrawal.RIGHT,),
    ArticleKind.PLACEMENT: (Withdrawal.RIGHT,),
}
"""What to choose among, the most likely first; one alone is no choice."""

COMPARED_IN = ("KGM", "LTR", "MTR", "MTK", "MTQ")
"""The units of a comparison price (prisinformationslagen 2004:347), as Rec 20 codes."""


def units_of(kind: ArticleKind) -> frozenset[str]:
    """The Rec 20 codes that a kind may be sold in."""
    return UNITS_OF_KIND.get(kind, frozenset(UNITS))
