"""What each kind of article must and must not say about itself. Pure: what only the rows know is asked in `rows`.

The sources are domain knowledge, not taste: prisinformationslagen (2004:347), lagen om distansavtal (2005:59) 2 kap.,
regulation (EU) 1169/2011, inkomstskattelagen 67 kap. 13 §, mervärdesskattelagen (2023:200) 20 kap.
"""

from __future__ import annotations

from decimal import Decimal

from app import units
from app.catalog.drafts import Draft, Part
from app.catalog.kinds import COMPARED_IN, MAY_BE_FOOD, SERVICES, ArticleKind, Withdrawal, units_of
from app.errors import Refused
from app.money import Money
from app.units import LARGEST_QUANTITY, counted
from app.vat import VatClass

LONGEST_INGREDIENTS = 2000
MOST_PARTS = 12
DEAREST_DEPOSIT = Money.kronor(10_000)
FOOD_CLASSES = frozenset({VatClass.FOOD, VatClass.RESTAURANT})
_TOO_MUCH = "Måtten på antal får vara högst 1 000 000."


def check(draft: Draft) -> Draft:
    """The same draft, when its parts go together. Raises Refused with a sentence for whoever wrote it."""
    if draft.unit not in units_of(draft.kind):
        name = units.unit(draft.unit).name_sv
        raise Refused(f"Enheten {name} passar inte för den här typen av artikel. Välj en annan enhet eller typ.")
    _check_amounts(draft)
    _check_content(draft)
    _check_food(draft)
    _check_money(draft)
    _check_withdrawal(draft)
    _check_parts(draft)
    return draft


def check_pieces(kind: ArticleKind, capacity_per_week: Decimal) -> None:
    """Raises Refused when somebody wants to make more of a single piece."""
    if kind == ArticleKind.SECOND_HAND and capacity_per_week != 1:
        raise Refused("Det finns bara ett exemplar. Skriv 1 som antal per vecka.")


def warnings(draft: Draft) -> list[str]:
    """What staff should see to before customers meet the article, where the law leaves room and nothing is refused."""
    found = []
    if draft.vat_class in FOOD_CLASSES and draft.kind in MAY_BE_FOOD and not draft.ingredients:
        found.append("Ingredienser saknas. De ska stå här före köpet, utom för hel frukt och hela grönsaker.")
    if draft.vat_class == VatClass.FOOD and draft.withdrawal == Withdrawal.RIGHT:
        found.append("Ångerrätten är satt som för vanliga varor. Färsk mat har oftast ingen ångerrätt.")
    if draft.kind == ArticleKind.PLACEMENT and draft.vat_class not in {VatClass.STANDARD, VatClass.EXEMPT}:
        found.append("Arbetsträning är antingen social omsorg utan moms eller en vanlig tjänst med 25 procent.")
    if draft.kind == ArticleKind.GOODS and draft.content is None and draft.vat_class == VatClass.FOOD:
        found.append("Innehållet är inte angivet, så jämförpriset kan inte visas.")
    return found


def _check_amounts(draft: Draft) -> None:
    """Least, step and package fit the unit and each other."""
    said = (draft.min_quantity, draft.quantity_step, draft.pack_size)
    if draft.kind == ArticleKind.SECOND_HAND:
        if any(said):
            raise Refused("En begagnad artikel finns i ett exemplar. Ta bort minsta antal, steg och förpackning.")
        return
    what = ("Minsta beställning", "Steget", "Förpackningen")
    for name, amount in zip(what, said, strict=True):
        if amount is not None:
            _fits(name, amount, draft.unit)
    if draft.pack_size and draft.quantity_step:
        raise Refused("Ange antingen steg eller förpackning, inte båda.")
    step = draft.pack_size or draft.quantity_step
    if step and draft.min_quantity and draft.min_quantity % step:
        raise Refused("Minsta beställning ska vara ett helt antal steg eller förpackningar.")


def _fits(name: str, amount: Decimal, unit: str) -> None:
    try:
        units.check_quantity(unit, amount)
    except ValueError as wrong:
        raise Refused(f"{name}: {wrong}") from wrong


def _check_content(draft: Draft) -> None:
    """What one unit holds comes whole or not at all."""
    if (draft.content is None) != (draft.content_unit is None):
        raise Refused("Ange både hur mycket en enhet innehåller och i vilket mått, eller inget av dem.")
    if draft.content is None:
        return
    if draft.kind not in {ArticleKind.GOODS, ArticleKind.SECOND_HAND}:
        raise Refused("Innehåll för jämförpris anges bara för varor.")
    if draft.content_unit not in COMPARED_IN:
        raise Refused("Jämförpriset räknas per kilogram, liter, meter, kvadratmeter eller kubikmeter.")
    if not 0 < draft.content <= LARGEST_QUANTITY or draft.content != round(draft.content, 3):
        raise Refused("Innehållet ska vara mer än noll och ha högst tre decimaler.")


def _check_food(draft: Draft) -> None:
    """Only food has ingredients and allergens."""
    if len(draft.ingredients) > LONGEST_INGREDIENTS:
        raise Refused(f"Ingredienserna får ha högst {counted(LONGEST_INGREDIENTS, 'tecken', 'tecken')}.")
    if not (draft.ingredients or draft.allergens):
        return
    if draft.kind not in MAY_BE_FOOD or draft.vat_class in {VatClass.MARGIN, VatClass.REPAIR, VatClass.LODGING}:
        raise Refused("Ingredienser och allergener anges bara för mat och dryck.")
    if draft.vat_class not in {*FOOD_CLASSES, VatClass.CONFERENCE}:
        raise Refused("Ingredienser och allergener anges bara för mat och dryck. Välj momsen för livsmedel först.")


def _check_money(draft: Draft) -> None:
    """Margin scheme, deposit and deduction where they belong."""
    if draft.vat_class == VatClass.MARGIN and draft.kind != ArticleKind.SECOND_HAND:
        raise Refused("Vinstmarginalbeskattning är bara för begagnade varor. Välj typen begagnat, eller en annan moms.")
    if draft.deposit and draft.kind != ArticleKind.GOODS:
        raise Refused("Pant tas bara för varor som levereras i något som ska komma tillbaka.")
    if not Money(0) <= draft.deposit <= DEAREST_DEPOSIT:
        raise Refused("Panten ska vara mellan 0 och 10 000 kr.")
    if draft.rut and draft.kind not in SERVICES:
        raise Refused("Rutavdrag gäller bara arbete. Välj en tjänst, eller ta bort rutavdraget.")
    if draft.rut and draft.vat_class != VatClass.STANDARD:
        raise Refused("Arbete som ger rutavdrag har 25 procents moms.")


def _check_withdrawal(draft: Draft) -> None:
    """The reason why there is no right of withdrawal fits what is sold."""
    if draft.withdrawal == Withdrawal.SERVICE and draft.kind not in SERVICES | {ArticleKind.BUNDLE}:
        raise Refused("Ångerrätt enligt reglerna för tjänster gäller bara tjänster.")
    if draft.withdrawal == Withdrawal.DATED and draft.kind not in {ArticleKind.DATED_SERVICE, ArticleKind.BUNDLE}:
        raise Refused("Undantaget för en bestämd dag gäller bara tjänster på en viss dag.")
    if draft.withdrawal == Withdrawal.PERISHABLE and draft.kind not in MAY_BE_FOOD | {ArticleKind.BUNDLE}:
        raise Refused("Undantaget för färskvaror gäller bara varor.")


def _check_parts(draft: Draft) -> None:
    """A bundle has parts, and nothing else has."""
    if draft.kind != ArticleKind.BUNDLE:
        if draft.parts:
            raise Refused("Bara ett paket består av andra artiklar.")
        return
    if not 2 <= len(draft.parts) <= MOST_PARTS:
        raise Refused(f"Ett paket består av minst två och högst {MOST_PARTS} artiklar.")
    if len({part.article_id for part in draft.parts}) < len(draft.parts):
        raise Refused("Samma artikel står två gånger i paketet. Skriv den en gång med rätt antal.")
    if draft.parts[-1].to_next:
        raise Refused("Den sista delen har ingen efter sig. Den levereras till kunden.")


def check_part(part: Part, *, name: str, kind: ArticleKind, unit: str) -> Part:
    """A part of a bundle, given what the row of its article says. Raises Refused."""
    if kind == ArticleKind.BUNDLE:
        raise Refused(f"{name} är själv ett paket. Ta med dess delar i stället.")
    if kind in {ArticleKind.SECOND_HAND, ArticleKind.PLACEMENT}:
        raise Refused(f"{name} kan inte ingå i ett paket. Begagnat och arbetsträning säljs för sig.")
    _fits(name, part.quantity, unit)
    return part
