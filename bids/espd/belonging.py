"""Whether a request is for the tender at hand: buyers' systems name a buyer and a diary number in it."""

from __future__ import annotations

from bids.espd.values import Request


def names_another_buyer(request: Request, *, buyer: str, diary_number: str) -> bool:
    """Whether both name a buyer, and not the same; where the diary numbers agree somebody buys for somebody else."""
    same_number = request.folder and diary_number and not _differ(request.folder, diary_number)
    return not same_number and _differ(request.buyer, buyer)


def names_another_number(request: Request, *, diary_number: str) -> bool:
    """Whether both have a diary number, and not the same."""
    return _differ(request.folder, diary_number)


def _differ(one: str, other: str) -> bool:
    """Both are there and neither holds the other: ``Västerhamns kommun, Inköp`` is ``Västerhamns kommun``."""
    left, right = _bare(one), _bare(other)
    return bool(left and right) and left not in right and right not in left


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
