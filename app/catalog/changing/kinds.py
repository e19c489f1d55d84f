"""The kinds of actions that a change is made of, each with its typed details. Pure.

A state is what a version keeps (`versions.article_content`, `versions.offering_content`): plain values by field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from app.catalog.drafts import Draft, Part, written
from app.catalog.kinds import ArticleKind, Withdrawal
from app.errors import Refused
from app.money import Money
from app.vat import VatClass

State = Mapping[str, Any]


class ActionKind(StrEnum):
    """What an action does."""

    SET_FIELD = "set_field"
    SET_NUMBER = "set_number"
    SET_PRICE = "set_price"
    SET_MEMBER_PRICE = "set_member_price"
    ADD_PLACE = "add_place"
    REMOVE_PLACE = "remove_place"
    ADD_PART = "add_part"
    REMOVE_PART = "remove_part"
    WITHDRAW = "withdraw"


class Moved(Refused):
    """What an action was written against is no longer there; nothing is overwritten."""

    def __init__(self) -> None:
        super().__init__("Något som ska ändras har redan ändrats. Ladda om sidan och jämför.")


class Action(Protocol):
    """One step of a change."""

    kind: ClassVar[ActionKind]

    @property
    def slot(self) -> str:
        """What of the state it changes."""

    def check(self) -> None:
        """Raises ValueError for details that no such action has."""

    def apply(self, state: State) -> State:
        """The state after it. Raises Moved when it does not fit."""


@dataclass(frozen=True, slots=True)
class SetField:
    """One thing that is written about an article becomes another."""

    kind: ClassVar[ActionKind] = ActionKind.SET_FIELD
    field: str
    before: Any
    after: Any

    @property
    def slot(self) -> str:
        """The field."""
        return self.field

    def check(self) -> None:
        """Raises ValueError for an unknown field, and for a value that it cannot hold."""
        if self.field not in WRITTEN or self.field == "parts":
            raise ValueError(f"no field of an article: {self.field}")
        for value in (self.before, self.after):
            typed(self.field, value)

    def apply(self, state: State) -> State:
        """The state with the new value."""
        return _put(state, self.field, self.before, self.after)


@dataclass(frozen=True, slots=True)
class SetNumber:
    """The article gets another number."""

    kind: ClassVar[ActionKind] = ActionKind.SET_NUMBER
    slot: ClassVar[str] = "number"
    before: str
    after: str

    def check(self) -> None:
        """Raises ValueError for what is no text."""
        if not all(isinstance(one, str) and one for one in (self.before, self.after)):
            raise ValueError("no article number")

    def apply(self, state: State) -> State:
        """The state with the new number."""
        return _put(state, self.slot, self.before, self.after)


@dataclass(frozen=True, slots=True)
class SetPrice:
    """The customer's price, in öre."""

    kind: ClassVar[ActionKind] = ActionKind.SET_PRICE
    slot: ClassVar[str] = "price"
    before: int
    after: int

    def check(self) -> None:
        """Raises ValueError for what is no price."""
        if not all(isinstance(ore, int) and not isinstance(ore, bool) and ore > 0 for ore in (self.before, self.after)):
            raise ValueError("no price")

    def apply(self, state: State) -> State:
        """The state with the new price."""
        return _put(state, self.slot, self.before, self.after)


@dataclass(frozen=True, slots=True)
class SetMemberPrice(SetPrice):
    """What the member is paid, in öre."""

    kind: ClassVar[ActionKind] = ActionKind.SET_MEMBER_PRICE
    slot: ClassVar[str] = "member_price"


@dataclass(frozen=True, slots=True)
class AddPlace:
    """The offering serves one more municipality."""

    kind: ClassVar[ActionKind] = ActionKind.ADD_PLACE
    municipality: str

    @property
    def slot(self) -> str:
        """The place: two changes of different places do not meet."""
        return f"{PLACE}{self.municipality}"

    def check(self) -> None:
        """Raises ValueError for what is no SCB code."""
        if not (isinstance(self.municipality, str) and len(self.municipality) == 4 and self.municipality.isdecimal()):
            raise ValueError("no municipality")

    def apply(self, state: State) -> State:
        """The state with the place."""
        served = served_in(state)
        if self.municipality in served:
            raise Moved
        return {**state, "municipalities": sorted({*served, self.municipality})}


@dataclass(frozen=True, slots=True)
class RemovePlace(AddPlace):
    """The offering no longer serves a municipality."""

    kind: ClassVar[ActionKind] = ActionKind.REMOVE_PLACE

    def apply(self, state: State) -> State:
        """The state without the place."""
        served = served_in(state)
        if self.municipality not in served:
            raise Moved
        return {**state, "municipalities": sorted(set(served) - {self.municipality})}


@dataclass(frozen=True, slots=True)
class AddPart:
    """One more part in a bundle, at a place in its order."""

    kind: ClassVar[ActionKind] = ActionKind.ADD_PART
    slot: ClassVar[str] = "parts"
    position: int
    part: dict[str, Any]

    def check(self) -> None:
        """Raises ValueError for what is no part."""
        known = set(self.part) == {one.name for one in fields(Part)}
        if not (isinstance(self.position, int) and self.position >= 0 and known):
            raise ValueError("no part")
        typed("parts", [self.part])

    def apply(self, state: State) -> State:
        """The state with the part."""
        parts = list(value_of(state, "parts"))
        if self.position > len(parts):
            raise Moved
        parts.insert(self.position, self.part)
        return {**state, "parts": parts}


@dataclass(frozen=True, slots=True)
class RemovePart(AddPart):
    """A part goes out of a bundle."""

    kind: ClassVar[ActionKind] = ActionKind.REMOVE_PART

    def apply(self, state: State) -> State:
        """The state without the part."""
        parts = list(value_of(state, "parts"))
        if self.position >= len(parts) or parts[self.position] != self.part:
            raise Moved
        del parts[self.position]
        return {**state, "parts": parts}


@dataclass(frozen=True, slots=True)
class Withdraw:
    """It is to be sold no longer."""

    kind: ClassVar[ActionKind] = ActionKind.WITHDRAW
    slot: ClassVar[str] = "sold"

    def check(self) -> None:
        """There is nothing to check."""

    def apply(self, state: State) -> State:
        """The state, sold no longer."""
        return _put(state, self.slot, before=True, after=False)


_ALL = (SetField, SetNumber, SetPrice, SetMemberPrice, AddPlace, RemovePlace, AddPart, RemovePart, Withdraw)
ACTIONS: dict[ActionKind, Callable[..., Action]] = {made.kind: made for made in _ALL}
PLACE = "place "
WRITTEN = tuple(one.name for one in fields(Draft))
"""What is written about an article, beside its number and price."""
DECIMALS = frozenset({"min_quantity", "quantity_step", "pack_size", "content"})
_BARE = written(Draft("", "", 0, "", "", VatClass.STANDARD))
_UNSAID = {one.name: _BARE[one.name] for one in fields(Draft) if one.default is not MISSING} | {"sold": True}
"""What a version means that is older than a field."""
_READ: dict[str, Callable[[Any], Any]] = {
    "vat_class": VatClass,
    "kind": ArticleKind,
    "withdrawal": Withdrawal,
    "deposit": Money,
    "allergens": tuple,
    "parts": lambda parts: tuple(
        Part(part["article_id"], Decimal(part["quantity"]), part["to_next"]) for part in parts
    ),
    **dict.fromkeys(DECIMALS, lambda text: None if text is None else Decimal(text)),
}


def typed(field: str, value: Any) -> Any:
    """A plain value as a draft holds it. Raises ValueError for one that the field cannot hold."""
    try:
        return _READ[field](value) if field in _READ else value
    except (TypeError, KeyError, InvalidOperation) as wrong:
        raise ValueError(f"{field} cannot hold {value!r}") from wrong


def value_of(state: State, slot: str) -> Any:
    """What a state holds in a slot; what was not asked for when it was kept means what nothing means."""
    if slot.startswith(PLACE):
        return slot.removeprefix(PLACE) in served_in(state)
    return state.get(slot, _UNSAID.get(slot))


def served_in(state: State) -> Sequence[str]:
    """The SCB codes of an offering's municipalities."""
    codes: Sequence[str] = state.get("municipalities", ())
    return codes


def same(slot: str, one: Any, other: Any) -> bool:
    """Whether two values mean the same: 5 and 5.0 kg do."""
    if slot in DECIMALS and one is not None and other is not None:
        return Decimal(one) == Decimal(other)
    return bool(one == other)


def _put(state: State, slot: str, before: Any, after: Any) -> State:
    if not same(slot, value_of(state, slot), before):
        raise Moved
    return {**state, slot: after}
