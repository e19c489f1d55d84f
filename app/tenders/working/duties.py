"""What each role in a bid may do: one table, asked at the door of each act. Pure."""

from __future__ import annotations

from enum import StrEnum

from app.errors import Refused


class Duty(StrEnum):
    """A person's role in one bid."""

    OWNER = "owner"
    WRITER = "writer"
    REVIEWER = "reviewer"
    CONTACT = "contact"
    """Whom we write to at a party's."""
    OUTSIDE = "outside"
    """Works with sales, but has no role in this bid."""


class Act(StrEnum):
    """What can be done in a bid."""

    LOOK = "look"
    COMMENT = "comment"
    DRAFT = "draft"
    """Write what a party has been asked to write, from its own pages."""
    WRITE = "write"
    ASSIGN = "assign"
    ASK = "ask"
    RECEIVE = "receive"
    CONFIRM = "confirm"
    REVIEW = "review"
    ACKNOWLEDGE = "acknowledge"
    NAME = "name"
    CHOOSE = "choose"
    """Decide that we bid after all, or leave the tender."""
    SUBMIT = "submit"


_WRITING = {Act.LOOK, Act.COMMENT, Act.WRITE, Act.ASSIGN, Act.ASK, Act.RECEIVE, Act.CONFIRM}
RULES: dict[Duty, frozenset[Act]] = {
    Duty.OWNER: frozenset(_WRITING | {Act.REVIEW, Act.ACKNOWLEDGE, Act.NAME, Act.CHOOSE, Act.SUBMIT}),
    Duty.WRITER: frozenset(_WRITING),
    Duty.REVIEWER: frozenset({Act.LOOK, Act.COMMENT, Act.REVIEW}),
    Duty.CONTACT: frozenset({Act.COMMENT, Act.DRAFT}),
    Duty.OUTSIDE: frozenset({Act.LOOK, Act.COMMENT}),
}
AT_THE_HOUSE = (Duty.OWNER, Duty.WRITER, Duty.REVIEWER)
"""The roles that staff can have."""

_YOU_ARE = {
    Duty.OWNER: "Du är ansvarig för anbudet",
    Duty.WRITER: "Du är skribent i anbudet",
    Duty.REVIEWER: "Du är granskare i anbudet",
    Duty.CONTACT: "Du är en medlems kontakt i anbudet",
    Duty.OUTSIDE: "Du har ingen roll i anbudet",
}
_TO = {
    Act.LOOK: "se det",
    Act.COMMENT: "kommentera",
    Act.DRAFT: "skriva en medlems utkast",
    Act.WRITE: "ändra det",
    Act.ASSIGN: "dela ut uppgifter",
    Act.ASK: "ställa frågor till köparen",
    Act.RECEIVE: "föra in kompletteringar",
    Act.CONFIRM: "bekräfta svar",
    Act.REVIEW: "granska svar",
    Act.ACKNOWLEDGE: "kvittera kompletteringar",
    Act.NAME: "bestämma vem som gör vad",
    Act.CHOOSE: "bestämma om vi lämnar anbud",
    Act.SUBMIT: "lämna det eller föra in utfallet",
}


def may(duty: Duty, act: Act) -> bool:
    """Whether the role allows the act."""
    return act in RULES[duty]


def check(duty: Duty, act: Act) -> None:
    """Raises Refused, with who may instead, when the role does not allow the act."""
    if not may(duty, act):
        raise Refused(f"{_YOU_ARE[duty]} och kan inte {_TO[act]}. Be den som är ansvarig, eller få en annan roll.")
