"""How alike a requirement and an entry are: by the roots of their words, the rare ones counting most. Pure.

Roots and compounds are cut by `app.catalog.language`, as all Swedish words in the house are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import log, sqrt

from app.catalog.language import SMALL_WORDS, parts, root, words_of

MOST_WORDS = 600
"""Words of a text that are read: what makes two texts alike is said early."""
TITLE_WEIGHT, WORD_WEIGHT, PART_WEIGHT = 6, 2, 1
MOST_WEIGHT = 30
RAREST = 40
"""So many roots of a requirement are compared, those that fewest entries have."""
LEAST_LIKENESS = 0.12
"""Below it two texts share some everyday word and nothing else."""
UNKNOWN = 0.5
SAYS_NOTHING = SMALL_WORDS | frozenset(
    """
    all alla allt andra annan annat anbud anbudet anbudsgivare anbudsgivaren anbudsgivarens antal att avse
    avser avtal avtalet beskriv beskriva beställare beställaren bilaga bör de dem denna deras dess dessa
    detta där då efter eller enligt ett finns före få får genom gäller gör göra ha hade han har hur ingår
    inom inte kan krav kravet kunna köpare köparen lämna lämnas leverantör leverantören leverantörens man
    med minst ni någon något några när och också oss redan redogör redovisa redovisas samt ska skall som så
    tjänsten under uppdrag uppdraget upphandling upphandlingen upphandlande utföra utförs utan vad var vara
    varje vem vi vilka vilken vilket visa vår våra vårt är även
    """.split()  # noqa: SIM905
)
"""What stands in every requirement, and so tells nothing of which answer fits."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """An entry, and how alike it is: 0 has nothing in common, 1 is the same text."""

    entry_id: int
    score: float


def tokens(title: str, text: str = "") -> dict[str, int]:
    """The roots of a text and what they weigh: a title's more, a compound's parts less, what is said often more."""
    found: Counter[str] = Counter()
    _count(found, words_of(title), TITLE_WEIGHT)
    _count(found, words_of(text)[:MOST_WORDS], WORD_WEIGHT)
    return {token: min(weight, MOST_WEIGHT) for token, weight in found.items()}


def _count(found: Counter[str], words: Iterable[str], weight: int) -> None:
    for word in words:
        if word not in SAYS_NOTHING and any(sign.isalpha() for sign in word):  # A number alone is no likeness.
            found[root(word)] += weight
            for part in parts(word):
                found[part] += max(weight * PART_WEIGHT // WORD_WEIGHT, 1)


def asked_for(requirement: str) -> dict[str, int]:
    """The roots that a requirement is looked up by."""
    return tokens("", requirement)


def typed(words: str) -> list[frozenset[str]]:
    """For each word of a search the roots of which an entry must have one; all must be found."""
    return [frozenset({root(word)}) | _whole(word) for word in words_of(words)[:12]]


def _whole(word: str) -> frozenset[str]:
    """A compound is found by its last part too: kontorsstädning finds städning."""
    return frozenset(parts(word)) if len(parts(word)) > 1 else frozenset()


def rarity(having: int, entries: int) -> float:
    """What a root is worth that so many of all entries have: much for one in a hundred, nothing for one in all."""
    return log((entries + 1) / (having + 0.5))


def rarest(wanted: Collection[str], having: Mapping[str, int], entries: int) -> list[str]:
    """The roots to compare: those that any entry has, the rarest first, at most `RAREST`."""
    worth = {token: rarity(having[token], entries) for token in wanted if having.get(token)}
    return sorted((token for token in worth if worth[token] > 0), key=lambda token: (-worth[token], token))[:RAREST]


def most_alike(
    wanted: Mapping[str, int], found: Iterable[tuple[int, str, int]], having: Mapping[str, int], entries: int
) -> list[Likeness]:
    """The entries that have any of the roots, the most alike first. ``found`` is (entry, token, weight there).

    A cosine over the roots wanted, each weighing what it is worth: a long entry is no more alike for being long, and
    one that shares a single word of many is not much alike. Roots that no entry has are half a likeness missed: often
    they are names.
    """
    worth = {token: rarity(having.get(token, 0), entries) * (1 if having.get(token) else UNKNOWN) for token in wanted}
    length = sqrt(sum((worth[token] * _damped(weight)) ** 2 for token, weight in wanted.items()))
    shared: dict[int, float] = {}
    own: dict[int, float] = {}
    for entry_id, token, weight in found:
        value = worth.get(token, 0.0)
        shared[entry_id] = shared.get(entry_id, 0.0) + value * value * _damped(weight) * _damped(wanted.get(token, 0))
        own[entry_id] = own.get(entry_id, 0.0) + (value * _damped(weight)) ** 2
    scores = [Likeness(entry_id, part / (length * sqrt(own[entry_id]))) for entry_id, part in shared.items() if part]
    alike = [one for one in scores if one.score >= LEAST_LIKENESS]
    return sorted(alike, key=lambda one: (-one.score, one.entry_id))


def _damped(weight: int) -> float:
    """Said four times is not four times as much."""
    return sqrt(weight)
