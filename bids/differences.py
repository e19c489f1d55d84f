"""What two versions of a bid say differently, thing by thing, in Swedish for whoever must know what was changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, TypeVar

from app.money import Money
from bids import budget as reckoning
from bids import pricing, schedule, swedish
from bids.budget_values import Budget
from bids.chapter_titles import arranged, titles_of
from bids.difference_facts import BUDGET_SUMS, CALL_FACTS, CALL_TEXTS, FACTS, OF_A_PARTY, TEXTS, numbered
from bids.offer import Answer, Offer, PriceRow, Requirement

Thing = TypeVar("Thing")


class Area(StrEnum):
    """What a difference is about, in the order in which they are told."""

    FACTS = "facts"
    PARTIES = "parties"
    ANSWERS = "answers"
    PRICES = "prices"
    TEXTS = "texts"
    PAPERS = "papers"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is told otherwise; empty where it was not there, or is there no longer."""

    area: Area
    what: str
    before: str
    after: str


def differences(old: Offer, new: Offer) -> tuple[Difference, ...]:
    """All of them, area by area. That it was made at another time as another version is none."""
    return (
        *_facts(old, new),
        *_parties(old, new),
        *_answers(old, new),
        *(_budget(old, new) if new.is_application else _prices(old, new)),
        *_texts(old, new),
        *_papers(old, new),
    )


def _facts(old: Offer, new: Offer) -> Iterator[Difference]:
    for what, read in CALL_FACTS if old.is_application and new.is_application else FACTS:
        yield from _said(Area.FACTS, what, read(old), read(new))


def _parties(old: Offer, new: Offer) -> Iterator[Difference]:
    for before, after, _shown in _paired(old.parties, new.parties, lambda party: party.key):
        if before is None or after is None:
            yield from _said(Area.PARTIES, "Part", before.name if before else "", after.name if after else "")
            continue
        for what, read in OF_A_PARTY:
            yield from _said(Area.PARTIES, f"{after.name}: {what}", read(before), read(after))


def _answers(old: Offer, new: Offer) -> Iterator[Difference]:
    said_before, said_after = _by_requirement(old), _by_requirement(new)
    names = {party.key: party.name for offer in (old, new) for party in offer.parties}
    for before, after, shown in _paired(old.requirements, new.requirements, lambda asked: (asked.ref, asked.lot_ref)):
        what = _asked(shown, new)
        if before is None or after is None:
            yield from _said(Area.ANSWERS, what, before.text if before else "", after.text if after else "")
        else:
            yield from _said(
                Area.ANSWERS,
                f"{what}: {'finansiärens' if new.is_application else 'köparens'} text",
                before.text,
                after.text,
            )
        key = (shown.ref, shown.lot_ref)
        yield from _answer(what, said_before.get(key), said_after.get(key), names)


def _by_requirement(offer: Offer) -> dict[tuple[str, str | None], Answer]:
    return {(answer.requirement_ref, answer.lot_ref): answer for answer in offer.answers}


def _asked(asked: Requirement, offer: Offer) -> str:
    what = asked.kind.called(by_a_funder=offer.is_application)
    return f"{what} {asked.ref}" + (f", område {asked.lot_ref}" if asked.lot_ref else "")


def _answer(what: str, before: Answer | None, after: Answer | None, names: dict[str, str]) -> Iterator[Difference]:
    parts: tuple[tuple[str, Callable[[Answer], Any]], ...] = (
        ("svar", lambda answer: answer.answered),
        ("svarets text", lambda answer: answer.text),
        ("ansvarig", lambda answer: names.get(answer.responsible or "", "")),
        ("bevis", lambda answer: ", ".join(piece.title for piece in answer.evidence)),
        ("sekretess", lambda answer: answer.confidential_reason or "Begärs" if answer.confidential else ""),
    )
    for part, read in parts:
        yield from _said(
            Area.ANSWERS, f"{what}: {part}", read(before) if before else None, read(after) if after else None
        )


def _prices(old: Offer, new: Offer) -> Iterator[Difference]:
    yield from _said(Area.PRICES, "Anbudssumma per år", _total(old), _total(new))
    names = {party.key: party.name for offer in (old, new) for party in offer.parties}
    for before, after, shown in _paired(old.rows, new.rows, lambda row: (row.ref, row.lot_ref)):
        what = f"Rad {shown.ref}" + (f", område {shown.lot_ref}" if shown.lot_ref else "")
        if before is None or after is None:
            yield from _said(Area.PRICES, what, before.text if before else "", after.text if after else "")
            continue
        yield from _said(Area.PRICES, f"{what}: text", before.text, after.text)
        yield from _said(Area.PRICES, f"{what}: enhet", before.unit_label, after.unit_label)
        yield from _said(Area.PRICES, f"{what}: mängd per år", before.quantity, after.quantity)
        yield from _said(Area.PRICES, f"{what}: pris per enhet", _price(before), _price(after))
        yield from _shares(what, before, after, names)


def _shares(what: str, before: PriceRow, after: PriceRow, names: dict[str, str]) -> Iterator[Difference]:
    for one, other, shown in _paired(before.shares, after.shares, lambda share: share.party_key):
        key = shown.party_key
        who = f"{what}: {names.get(key, key)}"
        yield from _said(
            Area.PRICES, f"{who} levererar", one.quantity if one else None, other.quantity if other else None
        )
        yield from _said(
            Area.PRICES, f"{who}, medlemspris", one.member_price if one else None, other.member_price if other else None
        )


def _budget(old: Offer, new: Offer) -> Iterator[Difference]:
    """The sums, and row by row: rows of one party, kind, year and text are the same row."""
    names = {party.key: party.name for offer in (old, new) for party in offer.parties}
    before, after = (offer.budget or Budget() for offer in (old, new))
    for what, read in BUDGET_SUMS:
        yield from _said(Area.PRICES, what, read(before), read(after))
    for one, other, shown in _paired(numbered(before), numbered(after), lambda each: each[0]):
        row = shown[1]
        whose = names.get(row.party_key or "", row.source)
        what = f"{row.kind.label} {row.year}, {whose}: {row.text}".rstrip(": ")
        yield from _said(
            Area.PRICES,
            what,
            reckoning.amount_of(before, one[1]) if one else None,
            reckoning.amount_of(after, other[1]) if other else None,
        )


def _total(offer: Offer) -> Money:
    return Money.total(lot.total for lot in schedule.lots(offer))


def _price(row: PriceRow) -> Money | None:
    try:
        return pricing.unit_price(row)
    except ValueError:
        return None


def _texts(old: Offer, new: Offer) -> Iterator[Difference]:
    for what, name in CALL_TEXTS if new.is_application else TEXTS:
        yield from _said(Area.TEXTS, what, getattr(old, name), getattr(new, name))
    titles = titles_of(is_application=new.is_application)
    before = arranged(old.look.sections if old.look else (), titles)
    after = arranged(new.look.sections if new.look else (), titles)
    for one, other, shown in _paired(before, after, lambda section: section.name):
        what = f"Avsnittet {shown.title or titles.get(shown.name, shown.name)}"
        yield from _said(Area.TEXTS, f"{what}: text", one.text if one else "", other.text if other else "")
        if one is not None and other is not None:
            yield from _said(Area.TEXTS, f"{what}: är med", one.shown, other.shown)
            yield from _said(Area.TEXTS, f"{what}: rubrik", one.title, other.title)
    names_before, names_after = (
        [section.title or titles.get(section.name, section.name) for section in sections]
        for sections in (before, after)
    )
    if sorted(names_before) == sorted(names_after):
        yield from _said(Area.TEXTS, "Avsnittens ordning", ", ".join(names_before), ", ".join(names_after))


def _papers(old: Offer, new: Offer) -> Iterator[Difference]:
    for before, after, shown in _paired(old.appendices, new.appendices, lambda appendix: appendix.number):
        what = f"Bilaga {shown.number}"
        yield from _said(Area.PAPERS, what, before.title if before else "", after.title if after else "")
        if before is not None and after is not None and before.sha256 != after.sha256:
            told = f"{before.title}, en annan fil ({before.sha256[:12]})"
            yield Difference(Area.PAPERS, f"{what}: filen", told, f"{after.title}, ny fil ({after.sha256[:12]})")
    for one, other, _shown in _paired(
        old.references, new.references, lambda reference: (reference.customer, reference.what)
    ):
        if one != other:
            yield from _said(Area.PAPERS, "Referens", _reference(one), _reference(other))


def _reference(reference: Any) -> str:
    if reference is None:
        return ""
    told = (reference.customer, reference.what, reference.period, str(reference.value or ""), reference.contact)
    return ", ".join(filter(None, told))


def _paired(
    old: Sequence[Thing], new: Sequence[Thing], key: Callable[[Thing], Any]
) -> Iterator[tuple[Thing | None, Thing | None, Thing]]:
    """The same things of both, in the newer one's order; what only one has stands alone. Last the one that is there."""
    before = {key(thing): thing for thing in old}
    after = {key(thing): thing for thing in new}
    for name, thing in after.items():
        yield before.get(name), thing, thing
    for name, thing in before.items():
        if name not in after:
            yield thing, None, thing


def _said(area: Area, what: str, before: object, after: object) -> Iterator[Difference]:
    if before == after or (one := _words(before)) == (other := _words(after)):
        return
    yield Difference(area, what, *_only_what_differs(one, other))


def _words(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "Ja" if value else "Nej"
        case Decimal():
            return swedish.number(value)
        case datetime():
            return value.isoformat()
        case date():
            return swedish.day(value)
        case _:
            return str(value).strip()


SHORT = 240


def _only_what_differs(before: str, after: str) -> tuple[str, str]:
    """Of long texts the lines that were changed; others as they are."""
    if max(len(before), len(after)) <= SHORT or not (before and after):
        return before, after
    one, other = before.splitlines(), after.splitlines()
    left, right = [], []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            left += [line for line in one[i1:i2] if line.strip()]
            right += [line for line in other[j1:j2] if line.strip()]
    return "\n".join(left), "\n".join(right)
