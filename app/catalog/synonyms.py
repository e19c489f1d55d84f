"""Words that staff have said mean the same. Whoever searches for one of a group finds the others too."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import JSON, select
from sqlalchemy.orm import Mapped, mapped_column

from app import audit
from app.accounts.models import User
from app.catalog.editions import new_edition
from app.catalog.language import SMALL_WORDS, root, words_of
from app.db import Base, db
from app.errors import NotYours, Refused
from app.shelf import remember

USUAL = Path(__file__).parents[1] / "data" / "synonyms.toml"
MOST_IN_A_GROUP = 12
LONGEST = 60
"""Signs of a word or phrase."""
_SAYS_NOTHING = SMALL_WORDS | {"att", "du", "ej", "eller", "inte", "ja", "jag", "jo", "man", "nej", "så", "vi", "är"}
LONGEST_GROUP = MOST_IN_A_GROUP * (LONGEST + 2)


class SynonymGroup(Base):
    """Two to twelve words or short phrases that mean the same."""

    __tablename__ = "synonym_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[list[str]] = mapped_column(JSON)
    """As staff wrote them, in their order."""
    changed_at: Mapped[datetime]


def groups() -> Sequence[SynonymGroup]:
    """All groups, by their first word."""
    rows = db.session.scalars(select(SynonymGroup).order_by(SynonymGroup.id)).all()
    return sorted(rows, key=lambda group: (group.words[0].casefold(), group.id))


def load_usual(*, now: datetime) -> None:
    """Give a house without groups the usual ones."""
    if db.session.scalar(select(SynonymGroup.id).limit(1)) is None:
        words = tomllib.loads(USUAL.read_text(encoding="utf-8"))["groups"]
        db.session.add_all(SynonymGroup(words=group, changed_at=now) for group in words)
        db.session.flush()


def group(group_id: int, *, lock: bool = False) -> SynonymGroup:
    """One group, or NotYours (shown as 404)."""
    query = select(SynonymGroup).where(SynonymGroup.id == group_id)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotYours
    return found


def add(written: str, *, by: User, now: datetime) -> SynonymGroup:
    """A new group from words with commas or line breaks between them. Raises Refused."""
    made = SynonymGroup(words=_read(written), changed_at=now)
    db.session.add(made)
    audit.record(_saved(made), "added", by=by, now=now, words=", ".join(made.words))
    return made


def change(group: SynonymGroup, written: str, *, by: User, now: datetime) -> SynonymGroup:
    """Other words in a group. Raises Refused."""
    before, group.words = group.words, _read(written, besides=group.id)
    group.changed_at = now
    audit.record(_saved(group), "changed", by=by, now=now, before=", ".join(before), words=", ".join(group.words))
    return group


def remove(group: SynonymGroup, *, by: User, now: datetime) -> None:
    """The words mean no longer the same."""
    audit.record(group, "removed", by=by, now=now, words=", ".join(group.words))
    db.session.delete(group)
    db.session.flush()
    new_edition()


def of(word: str) -> tuple[tuple[str, ...], ...]:
    """What else to look for: the roots of each other word or phrase in the groups of this word."""
    return _by_root().get(root(word), ())


@remember
def _by_root() -> dict[str, tuple[tuple[str, ...], ...]]:
    """The others of each word that stands by itself in a group, by its root."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in db.session.scalars(select(SynonymGroup.words).order_by(SynonymGroup.id)):
        phrases = [_roots(phrase) for phrase in words]
        for phrase in phrases:
            if len(phrase) == 1:
                found.setdefault(phrase[0], []).extend(other for other in phrases if other != phrase)
    return {word: tuple(dict.fromkeys(others)) for word, others in found.items()}


def _saved(group: SynonymGroup) -> SynonymGroup:
    db.session.flush()
    new_edition()
    return group


def _read(written: str, *, besides: int | None = None) -> list[str]:
    phrases = [" ".join(phrase.split()) for phrase in written.replace("\n", ",").split(",")]
    words = list({" ".join(words_of(phrase)): phrase for phrase in phrases if words_of(phrase)}.values())
    if len(words) < 2:
        raise Refused("Skriv minst två ord som betyder samma sak, med komma emellan.")
    if len(words) > MOST_IN_A_GROUP:
        raise Refused(f"En grupp kan ha högst {MOST_IN_A_GROUP} ord.")
    if too_long := next((word for word in words if len(word) > LONGEST), None):
        raise Refused(f"”{too_long[:LONGEST]}…” är längre än {LONGEST} tecken.")
    for word in words:
        _check_says_something(word)
    if len({_roots(word) for word in words}) < 2:
        raise Refused(f"{_listed(words)} räknas redan som samma ord. Skriv minst ett till som betyder samma sak.")
    taken = {_roots(word): (word, other) for other in groups() if other.id != besides for word in other.words}
    for word in words:
        if there := taken.get(_roots(word)):
            raise Refused(_taken(word, *there))
    return words


def _check_says_something(phrase: str) -> None:
    """Raises Refused where nearly every text has the words, or some text by chance."""
    if all(len(word) == 1 or word in _SAYS_NOTHING for word in words_of(phrase)):
        raise Refused(f"”{phrase}” säger för lite för att sökas efter. Skriv ord för en vara eller en tjänst.")


def _taken(word: str, there: str, other: SynonymGroup) -> str:
    """Why a word cannot be had; a search sees no difference between words of one root."""
    same = " ".join(words_of(word)) == " ".join(words_of(there))
    found = f"”{word}” finns redan" if same else f"”{word}” räknas som samma ord som ”{there}”, som redan finns"
    return f"{found} i gruppen {', '.join(other.words)}. Ändra den gruppen i stället."


def _listed(words: Sequence[str]) -> str:
    *first, last = (f"”{word}”" for word in words)
    return f"{', '.join(first)} och {last}"


def _roots(phrase: str) -> tuple[str, ...]:
    """What a search knows of a word or phrase."""
    return tuple(dict.fromkeys(root(word) for word in words_of(phrase)))
