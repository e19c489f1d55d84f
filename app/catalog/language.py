"""Swedish words for searching: how they are cut out of a text, what their root is, what a compound is made of. Pure.

The same functions read the catalogue and what people type, so both databases only compare finished words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import pyphen
import snowballstemmer

MOST_WORDS = 12
LONGEST_QUERY = 200
"""Signs of a search that are read. What a person types is shorter; what comes after has no part in the answer."""
LONGEST_WORD = 60
SHORTEST_HEAD, SHORTEST_TAIL = 3, 4
SMALL_WORDS = frozenset(
    "a an and at av de den det en ett for från för hos i in med mot och of om på som the till to ur utan vid åt".split()  # noqa: SIM905
)
"""What says nothing by itself; left out of a search where other words remain."""

_DATA = Path(__file__).parents[1] / "data"
_PARTS, _EXCEPTIONS = _DATA / "word_parts.txt", _DATA / "word_roots.txt"
WORD = re.compile(r"[^\W\d_]+\d*|\d+")
"""A figure and its unit are two words, with a space between them or not (5kg); a name such as A4 or m2 is one."""
_VOWEL = re.compile("[aeiouyåäöéü]")
_DERIVED = ("ering", "ation", "ning", "eri", "ing", "ens")
"""Endings that make one word of another, longest first: städning, reparation, snickeri."""
_VERB = re.compile("er(a|ar|as|at|ats|ad|ade|ande|are)")
"""What ends the forms of a verb such as reparera."""
_ALONE = {
    form: word
    for word, forms in (line.split(":") for line in _EXCEPTIONS.read_text(encoding="utf-8").splitlines()[1:])
    for form in forms.split()
}
"""Words that the rules would lead astray, with their roots."""
_DEFINITE = (
    (
        re.compile("(?<=[^aeiouyåäöéü])an$"),
        "a",
        re.compile(
            "((?<!m)man|plan|kran|gran|svan|banan|organ|orkan|altan|vegan|roman|titan|sultan|turban|kaftan|tulpan|lakan"
            "|marsipan|parmesan|veteran|membran|pelikan|fasan|sedan|utan|innan|redan|mellan|sådan|^(var)?annan)$"
        ),
    ),
    (
        re.compile("(?<=[^aeiouyåäöé])ets?$"),
        "",
        re.compile(
            "(het|itet|fakultet|universitet|paket|staket|raket|tapet|budget|internet|trumpet|magnet|planet)s?$|arbets?$"
        ),
    ),
    (re.compile("(?<=[bdfgklmnptv])enas?$"), "e", re.compile("arenas?$")),
    (re.compile("(?<=ator|otor|ktor)ns?$"), "", None),
    (re.compile("(?<=eri|ori)ets?$"), "", None),
    (re.compile("(?<=[au]dio|ideo)ns?$"), "", None),
    (re.compile("(?<=é)(s|ns?|e?ts?|erna|er)$"), "", None),
)
"""Inflections that the stemmer leaves (tårtan, rummet), what stands there without them, and what only looks so."""
_WHOLE = re.compile(
    "((byggn|kostn|skilln|markn|sömn|mån|fas|limon|remoul|verkst)ad|(kr|sv|fr|bal|ambul|dist|inst|fin)ans|annons|spets)(?=s?$)"
)
"""What ends like the past of a verb or a genitive, and is neither."""
_NO_TAIL = re.compile(
    "[^aeiouyåäö]*(er)?(ing|ning|ande|ende|else|are|ar|or|er|en|et|ad|at|het|skap|isk|tion|ation|sion|ment|tet|eri|lig|sam"
    "|bar|ans|ens|era|ör|ist|ler|lar)[a-z]{0,4}"
)
"""What only ends a word, and is none: cutting there would give pieces, not parts."""
_NO_HEAD = frozenset(
    "der det för från inter kom kon mar mot ned och par per pro rest ser som sub till trans upp".split()  # noqa: SIM905
)
"""What only begins a word, or says nothing by itself."""


def words_of(written: str) -> list[str]:
    """The words of a text in small letters: ``"Fönsterputs, 25 m²"`` gives fönsterputs, 25 and m2."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", written).casefold())
    return [word[:LONGEST_WORD] for word in WORD.findall(folded)]


def shortened(typed: str) -> str:
    """What is read of a long search: whole words within the first 200 signs, or 200 signs of a longer word."""
    if len(typed) <= LONGEST_QUERY:
        return typed
    last = [match.end() for match in WORD.finditer(typed, 0, LONGEST_QUERY + 1) if match.end() <= LONGEST_QUERY]
    return typed[: last[-1]] if last else typed[:LONGEST_QUERY]


def query_words(typed: str) -> tuple[str, ...]:
    """The words that a search uses, each once: at most 12, from the first 200 signs."""
    return tuple(dict.fromkeys(words_of(shortened(typed))))[:MOST_WORDS]


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """What inflections and derivations of a word have in common: städning, städa and städare give städ."""
    if word in _ALONE:
        return _ALONE[word]
    if len(word) <= 4 and word.endswith("s"):  # puts and rens are words of their own, not the genitive of put and ren
        return word
    word = _indefinite(word)
    if word in _ALONE:
        return _ALONE[word]
    stemmed = _single(_inflected(word)) if not (whole := _WHOLE.search(word)) else word[: whole.end()]
    if stemmed.endswith("er") and _VERB.search(word[-7:]) and _is_word(stemmed[:-2], SHORTEST_HEAD):
        return _contracted(_single(stemmed[:-2]))
    for ending in _DERIVED:
        left = stemmed.removesuffix(ending)
        # The n of träning is the verb's own, unlike that of städning.
        if left != stemmed and _is_word(left, SHORTEST_HEAD) and not (ending == "ning" and left[-1] in "aeiouyåäö"):
            return _contracted(_single(left))
    return _contracted(stemmed)


@lru_cache(maxsize=50_000)
def splits(word: str) -> tuple[tuple[str, str], ...]:
    """The roots of head and tail at each place where a compound can be cut: fönsterputs -> (fönst, puts).

    Where one part is known to us, only such cuts count. A word that is no compound gives none, or harmless ones.
    """
    return tuple(dict.fromkeys((root(head), root(tail)) for head, tail in _cuts(word)))


@lru_cache(maxsize=50_000)
def parts(word: str) -> frozenset[str]:
    """The roots of all that a compound is made of, cut again where a part is itself a compound of known words."""
    found: set[str] = set()
    for pair in _cuts(word):
        found |= {root(part) for part in pair}
        found |= {root(inner) for part in pair for pairs in _known_cuts(part) for inner in pairs}
    return frozenset(found)


@lru_cache(maxsize=50_000)
def tails(word: str) -> frozenset[str]:
    """The last words of a compound of words that we know, as written: kontorsstädning -> städning."""
    return frozenset(tail for _head_, tail in _known_cuts(word))


def _cuts(word: str) -> list[tuple[str, str]]:
    """Head and tail at each place where the word is best cut."""
    return _known_cuts(word) or [
        cut for cut in _all_cuts(word) if len(cut[0]) >= SHORTEST_HEAD and cut[0] not in _NO_HEAD
    ]


def _known_cuts(word: str) -> list[tuple[str, str]]:
    """Both parts known, or else the tail, or else the head."""
    cuts, known = _all_cuts(word), _known()
    tails = [cut for cut in cuts if root(cut[1]) in known]
    heads = [cut for cut in cuts if root(cut[0]) in known]
    return [cut for cut in tails if cut in heads] or tails or heads


def _all_cuts(word: str) -> list[tuple[str, str]]:
    if word in _words() or root(word) in _known():
        return []
    pairs = [(word[:place], word[place:]) for place in _places(word)]
    return [(_head(head), tail) for head, tail in pairs if _is_word(head, 2) and _is_tail(tail)]


@lru_cache(maxsize=50_000)
def _inflected(word: str) -> str:
    return str(snowballstemmer.stemmer("swedish").stemWord(word))


def _indefinite(word: str) -> str:
    """Without the definite forms that the stemmer does not know: tårtan -> tårta, rummet -> rumm."""
    for ending, instead, only_so in _DEFINITE:
        left = ending.sub(instead, word)
        if left != word and _is_word(left, 2 + len(instead)) and not (only_so and only_so.search(word)):
            return left
    return word


def _single(stemmed: str) -> str:
    """The m or n that is written twice before an ending, once: rumm-et -> rum. So is that of lamm, to match lammet."""
    return stemmed[:-1] if len(stemmed) > SHORTEST_HEAD and stemmed.endswith(("mm", "nn")) else stemmed


def _contracted(stemmed: str) -> str:
    """möbel, möbel-n and möbl-er, fönst-er, fönstr-en and fönstr-et get the same form."""
    if stemmed.endswith("eln"):
        stemmed = stemmed[:-1]
    elif re.search("[^aeiouyåäö]tret$", stemmed):
        stemmed = stemmed[:-2]
    if re.search("[^aeiouyåäö][lnr]?[^aeiouyåäölnr]el$", stemmed) or re.search("[aeiouyåäö][^aeiouyåäö]+el$", stemmed):
        return stemmed[:-2] + "l" if _is_word(stemmed[:-2], SHORTEST_HEAD) else stemmed
    return stemmed[:-1] if re.search("[^aeiouyåäö][dt]r$", stemmed) and len(stemmed) > 4 else stemmed


def _places(word: str) -> list[int]:
    """Where a compound may be cut: where it can be hyphenated, and beside the parts that we know."""
    if len(word) < SHORTEST_HEAD + SHORTEST_TAIL - 1 or not word.isalpha():
        return []
    inside = range(2, len(word) - 1)
    known = {place for place in inside if word[place:] in _words() or _head(word[:place]) in _words()}
    known |= {place for place in inside if root(word[place:]) in _known() and len(word) - place >= SHORTEST_TAIL}
    return sorted(known | set(_hyphenation().positions(word)))


def _head(head: str) -> str:
    """Without what only links it to the tail: kontors -> kontor, gatu -> gat, kyrko -> kyrk."""
    if head in _words() or len(head) <= SHORTEST_HEAD:
        return head
    if head.endswith("s") and not head.endswith("ss") and _is_word(head[:-1], SHORTEST_HEAD):
        return head[:-1]
    return head[:-1] if head[-1] in "ou" and _is_word(head[:-1], SHORTEST_HEAD) else head


def _is_tail(tail: str) -> bool:
    if tail in _words():
        return len(tail) >= SHORTEST_HEAD
    return len(tail) >= SHORTEST_TAIL and _is_word(tail, SHORTEST_TAIL) and not _NO_TAIL.fullmatch(tail)


def _is_word(text: str, least: int) -> bool:
    return len(text) >= least and _VOWEL.search(text) is not None


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    lines = _PARTS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(root(word) for word in _words() if len(word) > 1)


@lru_cache(maxsize=1)
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="sv_SE", left=2, right=2)
