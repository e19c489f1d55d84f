"""A change as ordered, typed actions: what differs between two states, and what a state becomes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from difflib import SequenceMatcher
from typing import Any

from app.catalog.changing.kinds import (
    ACTIONS,
    PLACE,
    WRITTEN,
    Action,
    ActionKind,
    AddPart,
    AddPlace,
    RemovePart,
    RemovePlace,
    SetField,
    SetMemberPrice,
    SetNumber,
    SetPrice,
    State,
    Withdraw,
    same,
    served_in,
    typed,
    value_of,
)
from app.catalog.drafts import Draft
from app.errors import Refused

VALUES: dict[str, Callable[[Any, Any], Action]] = {
    "number": SetNumber,
    "price": SetPrice,
    "member_price": SetMemberPrice,
}
"""What is set to another value, beside what is written about an article."""


def read(kind: str, details: Mapping[str, Any]) -> Action:
    """The action that was kept. Raises Refused for a kind or for details that we do not know."""
    try:
        action = ACTIONS[ActionKind(kind)](**details)
        action.check()
    except (ValueError, TypeError) as wrong:
        raise Refused("Ändringen går inte att läsa. Skriv den på nytt.") from wrong
    return action


def details_of(action: Action) -> dict[str, Any]:
    """The action as JSON keeps it, beside its kind."""
    return asdict(action)  # type: ignore[call-overload,no-any-return]  # each is a dataclass, which no protocol can say


def difference(before: State, after: State) -> tuple[Action, ...]:
    """The actions that make one state into the other, in the order in which people read them.

    What `after` does not mention stays as it is.
    """
    return (
        *_values(before, after),
        *_written(before, after),
        *(_parts(before, after) if "parts" in after else ()),
        *(_places(before, after) if "municipalities" in after else ()),
        *((Withdraw(),) if value_of(before, "sold") and not value_of(after, "sold") else ()),
    )


def apply(state: State, actions: Iterable[Action]) -> State:
    """What the state becomes when all has been done, in order. Raises Moved, and nothing is half done."""
    for action in actions:
        state = action.apply(state)
    return state


def moved(base: State, now: State, actions: Sequence[Action]) -> frozenset[str]:
    """Where the actions meet somebody else's change.

    These slots hold neither what the actions were written against nor what they want.
    """
    wanted = apply(base, actions)
    return frozenset(
        slot
        for slot in {action.slot for action in actions}
        if not any(same(slot, value_of(now, slot), value_of(state, slot)) for state in (base, wanted))
    )


def rebase(base: State, now: State, actions: Sequence[Action], take: Iterable[str] = ()) -> State:
    """What is wanted on top of what holds now.

    Actions stay on what nobody else has changed; of what has moved, what a person has chosen to `take`, by slot.
    """
    wanted, left = apply(base, actions), moved(base, now, actions) - set(take)
    state = dict(now)
    for slot in (action.slot for action in actions if action.slot not in left):
        if slot.startswith(PLACE):
            code, places = slot.removeprefix(PLACE), set(served_in(state))
            state["municipalities"] = sorted(places | {code} if value_of(wanted, slot) else places - {code})
        else:
            state[slot] = value_of(wanted, slot)
    return state


def draft_from(state: State) -> Draft:
    """What a version of an article says, as a value again: the way back from `drafts.written`.

    Raises ValueError for what no article has.
    """
    return Draft(**{name: typed(name, value_of(state, name)) for name in WRITTEN})


def _values(before: State, after: State) -> Iterable[Action]:
    for slot, make in VALUES.items():
        if slot in after and after[slot] != before.get(slot):
            yield make(before.get(slot), after[slot])


def _written(before: State, after: State) -> Iterable[Action]:
    for field in WRITTEN:
        if field != "parts" and field in after and not same(field, value_of(before, field), after[field]):
            yield SetField(field, value_of(before, field), after[field])


def _parts(before: State, after: State) -> Iterable[Action]:
    """First what goes, from the end, and then what comes, from the beginning: so each place is right in its turn."""
    old, new = list(value_of(before, "parts")), list(value_of(after, "parts"))
    known: list[Any] = []
    known.extend(part for part in (*old, *new) if part not in known)
    numbers = ([known.index(one) for one in old], [known.index(one) for one in new])
    changed = [code for code in SequenceMatcher(None, *numbers, autojunk=False).get_opcodes() if code[0] != "equal"]
    gone = [place for _tag, first, end, _c, _d in changed for place in range(first, end)]
    come = [place for _tag, _a, _b, first, end in changed for place in range(first, end)]
    yield from (RemovePart(place, old[place]) for place in reversed(gone))
    yield from (AddPart(place, new[place]) for place in come)


def _places(before: State, after: State) -> Iterable[Action]:
    there, wanted = set(served_in(before)), set(served_in(after))
    yield from (AddPlace(code) for code in sorted(wanted - there))
    yield from (RemovePlace(code) for code in sorted(there - wanted))
