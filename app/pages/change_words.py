"""What can be changed, as people call it, and two or three states of it side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import formats, places
from app.catalog import facets, review, start
from app.catalog.changing import changes, wording
from app.catalog.changing.actions import stand
from app.catalog.changing.kinds import DECIMALS, PLACE, State, same, value_of
from app.catalog.changing.models import ChangeRequest, ChangeState
from app.catalog.changing.wording import Piece
from app.catalog.kinds import ALLERGENS, ArticleKind, Withdrawal
from app.catalog.models import Article
from app.money import Money
from app.pages import web
from app.vat import VatClass

NOTHING = "–"
LABELS = {
    "name": _l("Name"),
    "number": _l("Article number"),
    "category_id": _l("Category"),
    "description": _l("What is included"),
    "price": _l("The customer's price, excl. VAT"),
    "member_price": _l("Paid to the member, excl. VAT"),
    "municipalities": _l("Delivers in"),
    "unit": _l("Sold per"),
    "unit_text": _l("What the unit is called"),
    "vat_class": _l("VAT"),
    "cpv": _l("CPV code"),
    "kind": _l("Kind"),
    "min_quantity": _l("Least quantity"),
    "quantity_step": _l("Quantity step"),
    "pack_size": _l("In a package"),
    "content": _l("Content of one"),
    "content_unit": _l("Unit of the content"),
    "ingredients": _l("Ingredients"),
    "allergens": _l("Allergens"),
    "withdrawal": _l("Right of withdrawal"),
    "deposit": _l("Deposit"),
    "rut": _l("RUT deduction"),
    "parts": _l("Parts"),
    "sold": _l("In the catalogue"),
}
"""In the order in which people read them."""
KINDS = {
    ArticleKind.GOODS: _l("Goods"),
    ArticleKind.TIMED_SERVICE: _l("Service by time"),
    ArticleKind.MEASURED_SERVICE: _l("Service by area or piece"),
    ArticleKind.DATED_SERVICE: _l("Service on a date"),
    ArticleKind.PLACEMENT: _l("Work training place"),
    ArticleKind.BUNDLE: _l("Bundle"),
    ArticleKind.SECOND_HAND: _l("Second-hand piece"),
}
WITHDRAWALS = {
    Withdrawal.RIGHT: _l("14 days"),
    Withdrawal.PERISHABLE: _l("None: goes bad quickly"),
    Withdrawal.CUSTOM_MADE: _l("None: made to order"),
    Withdrawal.DATED: _l("None: on a certain day"),
    Withdrawal.SERVICE: _l("Until the service is done"),
}
STATES = {
    ChangeState.WAITING: (_l("Waits for an answer"), "wait"),
    ChangeState.RETURNED: (_l("Sent back"), "info"),
    ChangeState.APPROVED: (_l("Approved"), "good"),
    ChangeState.DECLINED: (_l("Declined"), "bad"),
    ChangeState.WITHDRAWN: (_l("Called back"), "neutral"),
}
"""Name and tone."""
ACTS = {
    "asked": _l("Asked for the change"),
    "sent again": _l("Sent it again"),
    "rebased": _l("Wrote it anew against what held then"),
    "withdrawn": _l("Took it back"),
    ChangeState.RETURNED.value: _l("Sent it back"),
    ChangeState.APPROVED.value: _l("Approved it"),
    ChangeState.DECLINED.value: _l("Declined it"),
}
"""What can be done to a request, as the log calls it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that a change concerns: as it was when the change was written, as it is now, and as it is to be."""

    slot: str
    label: str
    base: str
    now: str
    wanted: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    met: bool
    """Whether somebody else has changed it meanwhile, to something else."""
    moved: bool
    """Whether it is not what it was when the change was written."""


def compared(request: ChangeRequest) -> list[Compared]:
    """What a request changes, field by field. Of a settled one what holds now is of no concern."""
    base, current, actions = stand(request)
    wanted = changes.apply(base, actions)
    met = changes.moved(base, current, actions) if request.is_open else frozenset()
    return compare(base, wanted, current if request.is_open else base, {one.slot for one in actions}, met)


def compare(base: State, wanted: State, now: State, slots: Iterable[str], met: Iterable[str] = ()) -> list[Compared]:
    """Three states side by side in these slots."""
    touched = {"municipalities" if slot.startswith(PLACE) else slot for slot in slots}
    states = (base, now, wanted)
    parts = _parts_in(states if "parts" in touched else ())
    return [_compare(slot, states, parts, slot in set(met)) for slot in LABELS if slot in touched]


def _compare(slot: str, states: tuple[State, State, State], parts: Mapping[int, Article], met: bool) -> Compared:
    values = [value_of(state, slot) for state in states]
    base, now, wanted = (shown(slot, state, parts) for state in states)
    before, after = wording.compare(base, wanted)
    moved = not same(slot, values[0], values[1])
    return Compared(slot, str(LABELS[slot]), base, now, wanted, before, after, met, moved)


def labels(request: ChangeRequest) -> list[str]:
    """What a request concerns, in short."""
    touched = {"municipalities" if one.slot.startswith(PLACE) else one.slot for one in request.actions}
    return [str(label) for slot, label in LABELS.items() if slot in touched]


def facts(state: State) -> list[tuple[str, str]]:
    """A whole state, for reading; what it does not tell is left out."""
    parts = _parts_in([state])
    told = [(str(label), shown(slot, state, parts)) for slot, label in LABELS.items() if slot in state]
    return [(label, text) for label, text in told if text != NOTHING]


def shown(slot: str, state: State, parts: Mapping[int, Article]) -> str:
    """What a state holds, as people read it; `parts` are the articles that a bundle is made of."""
    value = value_of(state, slot)
    if value is None or value in ("", []):
        return NOTHING
    if slot in _SHOWN:
        return str(_SHOWN[slot](value))
    if slot == "parts":
        return "\n".join(_part(one, parts[one["article_id"]]) for one in value)
    if slot in DECIMALS:
        return f"{formats.quantity(Decimal(value))} {_measure(slot, state)}".strip()
    return str(value)


def _part(part: Mapping[str, Any], article: Article) -> str:
    """One part of a bundle: how much of what, and whether it goes on to the next step."""
    unit = formats.unit(article.unit, article.unit_text)
    words = f"{formats.quantity(Decimal(part['quantity']))} {unit} {article.name}"
    return f"{words}, {_('handed on to the next step')}" if part["to_next"] else words


def _measure(slot: str, state: State) -> str:
    """In what a quantity is counted: a unit holds so much of its measure, all else is counted in units."""
    if slot == "content":
        code = value_of(state, "content_unit")
        return formats.unit(code) if code else ""
    return formats.unit(state["unit"], state.get("unit_text", "")) if "unit" in state else ""


def _parts_in(states: Iterable[State]) -> dict[int, Article]:
    ids = {part["article_id"] for state in states for part in state.get("parts", ())}
    return {one.id: one for one in review.articles_by_id(list(ids))} if ids else {}


def _category(id_: int) -> str:
    shelf = facets.shelves_by_id().get(id_)
    return shelf.name(web.language()) if shelf else NOTHING


def _vat(vat_class: str) -> str:
    name = start.vat_class_names()[VatClass(vat_class)]
    return name.name_en if web.language() == "en" else name.name_sv


def _allergens(codes: Iterable[str]) -> str:
    found = [ALLERGENS[code] for code in codes if code in ALLERGENS]
    return ", ".join(one.name_en if web.language() == "en" else one.name_sv for one in found)


def _places(codes: Iterable[str]) -> str:
    chosen = set(codes)
    return ", ".join(place.name for place in places.all_municipalities() if place.code in chosen)


def _money(ore: int) -> str:
    return formats.money(Money(ore))


def _yes_or_no(value: object) -> str:
    return str(_("yes") if value else _("no"))


_SHOWN: dict[str, Any] = {
    "category_id": _category,
    "price": _money,
    "member_price": _money,
    "deposit": _money,
    "municipalities": _places,
    "unit": formats.unit,
    "content_unit": formats.unit,
    "vat_class": _vat,
    "kind": lambda kind: KINDS[ArticleKind(kind)],
    "withdrawal": lambda withdrawal: WITHDRAWALS[Withdrawal(withdrawal)],
    "allergens": _allergens,
    "rut": _yes_or_no,
    "sold": _yes_or_no,
}
