"""Which column of a buyer's table holds what: guessed from its headings, put right by people. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.spreadsheets.table import CellKind
from app.tenders.forms.models import Takes
from app.tenders.forms.sheets import FormSheet
from bids.kinds import RequirementKind

HEADING_LINES = 60
"""A heading is looked for in so many rows from the top."""
LONGEST_HEADING = 90
LEADING = re.compile(r"((?:[A-ZÅÄÖ]{1,4}[ -]?)?[0-9]+(?:[.:-][0-9]+)*[a-z]?)[.):]?\s+(?=\S)")
"""``3.1.2 Leverantören ska …``"""
NUMBER = re.compile(r"(?i)[a-zåäö]{0,5}[ .:-]*[0-9]+(?:[.:-]*[0-9]+)*[.:-]?[a-z]?[.)]?")
"""As buyers number what they ask: ``4.3.1``, ``Krav 12``, ``A7)``."""


class Role(StrEnum):
    """What a column holds. The last ones are for us to fill in."""

    REF = "ref"
    TEXT = "text"
    KIND = "kind"
    STAGE = "stage"
    PROOF = "proof"
    FOLLOWED_UP = "followed_up"
    MOST = "most"
    """How long our answer may be; funders' forms say it."""
    LOT = "lot"
    QUANTITY = "quantity"
    UNIT = "unit"
    ANSWER = "answer"
    YES = "yes"
    NO = "no"
    COMMENT = "comment"
    EVIDENCE = "evidence"
    UNIT_PRICE = "unit_price"
    SUM = "sum"


ROLES_OF = {
    Takes.REQUIREMENTS: (
        Role.REF,
        Role.TEXT,
        Role.KIND,
        Role.STAGE,
        Role.PROOF,
        Role.FOLLOWED_UP,
        Role.MOST,
        Role.LOT,
        Role.ANSWER,
        Role.YES,
        Role.NO,
        Role.COMMENT,
        Role.EVIDENCE,
    ),
    Takes.ROWS: (Role.REF, Role.TEXT, Role.QUANTITY, Role.UNIT, Role.LOT, Role.UNIT_PRICE, Role.SUM, Role.COMMENT),
}
ROLES_OF_CALLS = (
    *(Role.REF, Role.TEXT, Role.MOST, Role.PROOF),
    *(Role.ANSWER, Role.YES, Role.NO, Role.COMMENT, Role.EVIDENCE),
)
"""A funder asks questions; its form has no lots, stages or prices that are ours to read."""
FILLED = (Role.ANSWER, Role.YES, Role.NO, Role.COMMENT, Role.EVIDENCE, Role.UNIT_PRICE, Role.SUM)
_HEADINGS: tuple[tuple[Role, str], ...] = (
    (Role.YES, r"^ja$"),
    (Role.NO, r"^nej$"),
    (Role.ANSWER, r"ja\s*/\s*nej|ja eller nej|^uppfylls\b|^uppfyller|^accepteras|^svar$|^anbudsgivarens svar$"),
    (Role.REF, r"^(krav|rad|pos|position|punkt|artikel|ref)?[ -.]*(nr|nummer|id|no)\b\.?$|^(pos|punkt|id|ref|#)\.?$"),
    (Role.REF, r"^(krav|rad|artikel)(nr|nummer|id)\.?$"),
    (Role.FOLLOWED_UP, r"uppföljning"),
    (Role.MOST, r"^(högsta?|max\w*)?[ .]*(antal )?tecken\b|teckenbegränsning"),
    (Role.PROOF, r"^bevis|styrk|^verifiering|^intyg"),
    (Role.EVIDENCE, r"hänvisning|^bilaga|referens till|var i anbudet"),
    (Role.COMMENT, r"kommentar|^svar|anbudsgivarens|leverantörens|beskriv hur|fritext|redogör|motivering"),
    (Role.LOT, r"^(anbuds|del)?område|^lot\b"),
    (Role.KIND, r"^(krav)?typ\b|^slag\b|^ska\s*/\s*bör|^kravnivå|^(typ|slag) av krav"),
    (Role.STAGE, r"^(ingår i|del av|skede|fas)\b"),
    (Role.SUM, r"summa|^total|radpris|årskostnad"),
    (Role.UNIT_PRICE, r"[áàa]-?pris\b|pris per|pris/|enhetspris|styckpris|timpris|^pris|^anbudspris"),
    (Role.QUANTITY, r"mängd|antal|volym|kvantitet|^uppskattad"),
    (Role.UNIT, r"^enhet"),
    (
        Role.TEXT,
        r"^krav(et|text|en|beskrivning)?\b|beskrivning|benämning|^text|^artikel|^produkt|^tjänst|^vara|^omfattning",
    ),
    (Role.TEXT, r"^fråg(a|an|or)\b"),
)
_MAYBE = re.compile(r"(?i)krav(et|en)?|rad(er)?|post|fråga|artikel")
"""Headings under which a number may stand, or a text."""
_YES = r"(?i)ja\b|yes\b|uppfylls?$|uppfyller$|accepteras?$"
_NO = r"(?i)nej\b|no\b|ej\b|(uppfyller|uppfylls|accepteras?) (ej|inte)"
_PRICED = {Role.QUANTITY, Role.UNIT_PRICE, Role.SUM, Role.UNIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How a table is read, and how it is filled in again."""

    takes: Takes
    header: int
    """The line of the headings; everything below it is read. 0 where there are none."""
    roles: Mapping[int, Role]
    """By column, from 0. Several may be the text; every other role is of one column."""
    lot_id: int | None = None
    kind: RequirementKind = RequirementKind.MUST
    """Of a requirement for which the form says nothing."""
    yes: str = "Ja"
    no: str = "Nej"
    fixed: bool = False
    """The column of the answer takes nothing but what its drop-downs offer."""
    headings: Mapping[int, str] = field(default_factory=dict)

    def of(self, role: Role) -> int | None:
        """The column of a role; of the first text column, where there are several."""
        return next((place for place, there in sorted(self.roles.items()) if there is role), None)

    def all_of(self, role: Role) -> list[int]:
        """All columns of a role."""
        return [place for place, there in sorted(self.roles.items()) if there is role]

    @property
    def takes_answers(self) -> bool:
        """Whether there is anything for us to fill in."""
        return any(role in FILLED for role in self.roles.values())

    def problems(self, choices: Mapping[int, Sequence[str]]) -> list[str]:
        """Why a table cannot be read like this, in words. ``choices`` is what drop-downs offer, by column."""
        found = []
        if not self.all_of(Role.TEXT):
            found.append("Välj i vilken kolumn texten står.")
        if self.takes is Takes.ROWS and self.of(Role.REF) is None:
            found.append("Välj i vilken kolumn numret står.")
        if self.takes is Takes.ROWS and self.of(Role.QUANTITY) is None:
            found.append("Välj i vilken kolumn mängden står.")
        twice = [role for role in Role if role is not Role.TEXT and len(self.all_of(role)) > 1]
        if twice:
            found.append("Två kolumner är valda till samma sak. Bara texten får stå i flera kolumner.")
        return found + self._unoffered(choices)

    def _unoffered(self, choices: Mapping[int, Sequence[str]]) -> list[str]:
        place = self.of(Role.ANSWER)
        offered = choices.get(place, ()) if place is not None else ()
        if not offered or {self.yes.casefold(), self.no.casefold()} <= {word.casefold() for word in offered}:
            return []
        listed = ", ".join(offered)[:200]
        return [f"I svarskolumnen går det bara att välja {listed}. Skriv vårt ja och vårt nej som två av dem."]


def to_plain(columns: Columns) -> dict[str, Any]:
    """As a row of the database keeps it."""
    return {
        "header": columns.header,
        "roles": {str(place): role.value for place, role in columns.roles.items()},
        "kind": columns.kind.value,
        "yes": columns.yes,
        "no": columns.no,
        "fixed": columns.fixed,
        "headings": {str(place): words for place, words in columns.headings.items()},
    }


def from_plain(plain: Mapping[str, Any], takes: Takes, lot_id: int | None) -> Columns:
    """What `to_plain` wrote down."""
    return Columns(
        takes=takes,
        header=plain["header"],
        roles={int(place): Role(role) for place, role in plain["roles"].items()},
        lot_id=lot_id,
        kind=next(kind for kind in RequirementKind if kind == plain["kind"]),
        yes=plain["yes"],
        no=plain["no"],
        fixed=plain["fixed"],
        headings={int(place): words for place, words in plain["headings"].items()},
    )


def guess(sheet: FormSheet) -> Columns:
    """The line with most headings that we know, and what stands under them."""
    lines = [row.number for row in sheet.rows if row.number <= HEADING_LINES]
    if not lines:
        return Columns(takes=Takes.REQUIREMENTS, header=0, roles={})
    best = max(lines, key=lambda line: len(set(roles_of(headings(sheet, line)).values())))
    return guess_at(sheet, best)


def guess_for_call(guessed: Columns) -> Columns:
    """The same of a funder's form, in which every line is a question."""
    kept = {place: role for place, role in guessed.roles.items() if role in ROLES_OF_CALLS}
    return replace(guessed, takes=Takes.REQUIREMENTS, roles=kept, kind=RequirementKind.QUESTION)


def guess_at(sheet: FormSheet, line: int) -> Columns:
    """What the columns are when the headings stand in that line; in none, when it is 0."""
    named = headings(sheet, line) if line else {}
    roles = _with_text(sheet, line, _with_number(sheet, line, named))
    takes = Takes.ROWS if len(_PRICED & set(roles.values())) >= 2 else Takes.REQUIREMENTS
    kept = {place: role for place, role in roles.items() if role in ROLES_OF[takes]}
    yes, no = _words(sheet, kept)
    return Columns(takes=takes, header=line, roles=kept, yes=yes, no=no, headings=named)


def _with_number(sheet: FormSheet, line: int, named: Mapping[int, str]) -> dict[int, Role]:
    """What the headings say; where none names the number, it is the first column if nothing but numbers stand there.

    Buyers head their numbers *Krav* and *Rad* as well, and then the text stands under another heading.
    """
    roles = roles_of(named)
    below = [row.cells for row in sheet.rows if row.number > line]
    first = min((place for cells in below for place in cells), default=None)
    if (
        first is None
        or first not in named
        or Role.REF in roles.values()
        or not _MAYBE.fullmatch(named[first].strip(" :*"))
    ):
        return roles
    if not all(NUMBER.fullmatch(cells[first].text.strip()) for cells in below if first in cells):
        return roles
    return {first: Role.REF, **roles_of({place: words for place, words in named.items() if place != first})}


def _with_text(sheet: FormSheet, line: int, roles: dict[int, Role]) -> dict[int, Role]:
    """Where tables were gathered, the text may have no label: it is then what is longest."""
    if sheet.gathered is None or Role.TEXT in roles.values():
        return roles
    length = Counter[int]()
    for row in sheet.rows:
        if row.number > line:
            length.update({place: len(cell.text) for place, cell in row.cells.items() if place not in roles})
    longest = length.most_common(1)
    return dict(sorted({**roles, longest[0][0]: Role.TEXT}.items())) if longest else roles


def headings(sheet: FormSheet, line: int) -> dict[int, str]:
    """What stands over each column: in the line, in a cell that reaches down to it, or in the line above."""
    cells = {row.number: row.cells for row in sheet.rows if line - 4 <= row.number <= line}
    found = {place: cell.text for place, cell in cells.get(line - 1, {}).items() if _is_heading(cell.text)}
    for first, top, last, bottom in sheet.spans:
        if top < line <= bottom and (cell := cells.get(top, {}).get(first)) is not None:
            found |= dict.fromkeys(range(first, last + 1), cell.text)
    found |= {place: cell.text for place, cell in cells.get(line, {}).items() if cell.kind is not CellKind.FORMULA}
    return {place: " ".join(text.split())[:LONGEST_HEADING] for place, text in sorted(found.items())}


def _is_heading(text: str) -> bool:
    return len(text) <= LONGEST_HEADING and _role(text) is not None


def roles_of(named: Mapping[int, str]) -> dict[int, Role]:
    """Each role once, the first column that has it; a second answer is a comment."""
    found: dict[int, Role] = {}
    for place, text in named.items():
        role = _role(text)
        if role is Role.ANSWER and role in found.values():
            role = Role.COMMENT
        if role is not None and (role not in found.values()):
            found[place] = role
    return found


def _role(text: str) -> Role | None:
    heading = " ".join(text.casefold().split()).strip(" :*")
    if not heading or len(heading) > LONGEST_HEADING:
        return None
    return next((role for role, pattern in _HEADINGS if re.search(pattern, heading)), None)


def _words(sheet: FormSheet, roles: Mapping[int, Role]) -> tuple[str, str]:
    """How the form's own drop-downs say yes and no."""
    place = next((place for place, role in roles.items() if role is Role.ANSWER), None)
    offered = sheet.choices.get(place, ()) if place is not None else ()
    yes = next((word for word in offered if re.match(_YES, word)), "Ja")
    no = next((word for word in offered if re.match(_NO, word)), "Nej")
    return yes, no
