"""Which chapters there can be, what they are called, and in which order they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bids.look import Section

TITLES = {
    "letter": "Anbudsbrev",
    "parties": "Parter i anbudet",
    "members": "Det här är vi",
    "attorneys": "Fullmakter",
    "reserved": "Reserverad upphandling",
    "exclusion": "Uteslutning och sanktioner",
    "economy": "Ekonomi",
    "capacity": "Kapacitet och referenser",
    "subcontractors": "Underleverantörer",
    "quality": "Kvalitet och miljö",
    "delivery": "Leverans",
    "requirements": "Så uppfyller vi kraven",
    "scored": "Utvärderingskrav",
    "prices": "Prisbilaga",
    "social": "Sociala åtaganden",
    "secrecy": "Begäran om sekretess",
    "signatures": "Underskrifter",
    "appendices": "Bilagor",
}
"""Every chapter of a bid by name, in the order that a buyer reads it."""
CALL_TITLES = {
    "summary": "Sammanfattning",
    "parties": "Parter i projektet",
    "members": "Det här är vi",
    "questions": "Svar på utlysningens frågor",
    "plan": "Organisation och genomförande",
    "follow_up": "Uppföljning och utvärdering",
    "inclusion": "Jämställdhet, tillgänglighet och hållbarhet",
    "budget": "Budget och finansiering",
    "letters": "Avsiktsförklaringar",
    "signatures": "Underskrifter",
    "appendices": "Bilagor",
}
"""Every chapter of an application for project funding, in the order that a funder reads it."""
MAY_BE_LEFT_OUT = frozenset(
    {"members", "economy", "capacity", "quality", "delivery", "social", "plan", "follow_up", "inclusion"}
)
"""What a bid can do without. The others say what the law or the buyer asks for, and come along when there is a case."""
LAST = "appendices"
"""It is followed by the appendices themselves, and stays last."""


def titles_of(*, is_application: bool) -> Mapping[str, str]:
    """What the chapters are called, by name."""
    return CALL_TITLES if is_application else TITLES


def arranged(sections: Sequence[Section], titles: Mapping[str, str] = TITLES) -> tuple[Section, ...]:
    """All sections in their order: those given as they are, a section they do not know after the one before it."""
    order = [section for section in sections if section.name in titles or section.is_own]
    known = {section.name for section in order}
    names = list(titles)
    for place, name in enumerate(names):
        if name not in known:
            before = names[place - 1] if place else ""
            at = next((spot for spot, section in enumerate(order, 1) if section.name == before), 0)
            order.insert(at, Section(name=name))
    last = next(section for section in order if section.name == LAST)
    return (*(section for section in order if section is not last), last)
