"""Which column of a buyer's table holds what: guessed first, then as somebody has chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from app.pages import bid_words
from app.pages.bid_fields import Needed, line
from app.pages.bid_words import listed
from app.pages.plain_fields import RadioField, SelectField
from app.tenders.forms import queries
from app.tenders.forms.columns import (
    HEADING_LINES,
    ROLES_OF_CALLS,
    Columns,
    Role,
    guess,
    guess_at,
    guess_for_call,
    headings,
)
from app.tenders.forms.models import FormTable, Takes
from app.tenders.forms.sheets import FormSheet, letter
from app.tenders.models import Tender
from bids.kinds import RequirementKind

NONE = "0"
ROLES = {
    Role.REF: _l("The buyer's number"),
    Role.TEXT: _l("Text"),
    Role.KIND: _l("Kind of requirement"),
    Role.STAGE: _l("Looked at in"),
    Role.PROOF: _l("Whether proof is wanted"),
    Role.FOLLOWED_UP: _l("Special follow-up"),
    Role.MOST: _l("Longest answer, characters"),
    Role.LOT: _l("Lot"),
    Role.QUANTITY: _l("Quantity a year"),
    Role.UNIT: _l("Unit"),
    Role.ANSWER: _l("We fill in: yes or no"),
    Role.YES: _l("We fill in: a cross for yes"),
    Role.NO: _l("We fill in: a cross for no"),
    Role.COMMENT: _l("We fill in: our answer in words"),
    Role.EVIDENCE: _l("We fill in: where the proof is"),
    Role.UNIT_PRICE: _l("We fill in: price per unit"),
    Role.SUM: _l("We fill in: sum of the row"),
}


class ColumnsForm(FlaskForm):  # type: ignore[misc]  # the base is untyped
    """How a table is read. It is sent with GET, so that a preview has an address."""

    class Meta:
        """Nothing is changed by it."""

        csrf = False

    takes = RadioField(
        _l("What stands in the table?"),
        choices=listed([(Takes.REQUIREMENTS.value, _l("Requirements")), (Takes.ROWS.value, _l("Price rows"))]),
    )
    header = SelectField(_l("The headings stand in"))
    lot = SelectField(_l("Lot"))
    kind = SelectField(_l("Kind where the form says nothing"), choices=bid_words.choices(bid_words.BID_REQUIREMENTS))
    yes = line(_l("Our yes is written as"), 40, Needed(_l("Write what stands for yes.")))
    no = line(_l("Our no is written as"), 40, Needed(_l("Write what stands for no.")))
    replaces = SelectField(_l("Compared with an earlier form"))

    def columns(self, sheet: FormSheet) -> Columns:
        """What was chosen."""
        takes = Takes(self.takes.data)
        header = int(self.header.data)
        roles = {place: Role(field.data) for place, field in self.of_columns() if field.data}
        answer = next((place for place, role in roles.items() if role is Role.ANSWER), None)
        return Columns(
            takes=takes,
            header=header,
            roles=roles,
            lot_id=int(self.lot.data) or None,
            kind=next(kind for kind in RequirementKind if kind == self.kind.data),
            yes=self.yes.data,
            no=self.no.data,
            fixed=bool(answer is not None and sheet.choices.get(answer)),
            headings=headings(sheet, header) if header else {},
        )

    def of_columns(self) -> Iterator[tuple[int, Any]]:
        """The choice for each column."""
        for name, field in self._fields.items():
            if name.startswith("k") and name[1:].isdigit():
                yield int(name[1:]), field


def columns_form(
    sheet: FormSheet, tender: Tender, earlier: Sequence[FormTable], given: MultiDict[str, str] | None
) -> ColumnsForm:
    """The form for this table, as it was sent or with what we guess."""
    guessed = guess(sheet)
    if given is not None and (line_number := given.get("gissa", type=int)) is not None:
        guessed, given = guess_at(sheet, line_number), None
    if tender.is_call:
        guessed = guess_for_call(guessed)
    names = dict.fromkeys(_columns(sheet), "") | dict(guessed.headings)
    known = ROLES_OF_CALLS if tender.is_call else [role for role in ROLES if role is not Role.MOST]
    roles = listed([("", _("Not used")), *((role.value, ROLES[role]) for role in known)])
    fields = {f"k{place}": SelectField(_label(place, names[place]), choices=roles) for place in sorted(names)}
    kind: Any = type("ColumnsOfTable", (ColumnsForm,), fields)
    form: ColumnsForm = kind(formdata=given, data=_guessed(guessed, sheet, earlier))
    if tender.is_call:
        form.takes.choices = listed([(Takes.REQUIREMENTS.value, _l("Requirements"))])
        form.kind.choices = bid_words.choices(bid_words.CALL_REQUIREMENTS)
    form.header.choices = listed([(NONE, _("No headings")), *_heading_lines(sheet)])
    form.lot.choices = listed(
        [(NONE, _("The whole tender")), *((str(lot.id), f"{lot.ref} {lot.title}") for lot in tender.lots)]
    )
    others = [(str(table.id), f"{table.form.file.name}, {table.title}") for table in earlier]
    form.replaces.choices = listed([(NONE, _("With none: this is new")), *others])
    return form


def _columns(sheet: FormSheet) -> Iterator[int]:
    """Those in which something stands or can be chosen, and all that are drawn: an answer's is often empty."""
    yield from range(sheet.width)
    yield from sheet.choices
    for row in sheet.rows:
        yield from row.cells


def _label(place: int, heading: str) -> str:
    name = letter(place)
    return str(
        _("Column %(letter)s: %(heading)s", letter=name, heading=heading)
        if heading
        else _("Column %(letter)s", letter=name)
    )


def _guessed(guessed: Columns, sheet: FormSheet, earlier: Sequence[FormTable]) -> dict[str, Any]:
    same = [table for table in earlier if table.takes is guessed.takes]
    before = _earlier(guessed, sheet, same)
    return {
        "takes": guessed.takes.value,
        "header": str(guessed.header),
        "lot": str(before.lot_id or NONE) if before else NONE,
        "kind": before.mapping["kind"] if before else guessed.kind.value,
        "yes": before.mapping["yes"] if before else guessed.yes,
        "no": before.mapping["no"] if before else guessed.no,
        "replaces": str(before.id) if before else NONE,
        **{f"k{place}": role.value for place, role in guessed.roles.items()},
    }


def _earlier(guessed: Columns, sheet: FormSheet, same: Sequence[FormTable]) -> FormTable | None:
    """The form that this one is likely to be a newer one of: of the shorter, at least half the numbers stand in both.

    What is compared and stands here no longer is struck, so that nobody should be led to compare what is not alike.
    """
    column = guessed.of(Role.REF)
    if not same or column is None:
        return None
    here = {row.cells[column].text.strip().rstrip(".") for row in sheet.rows if column in row.cells}
    there = queries.numbers_in(same)
    shared = {table.id: len(here & there[table.id]) for table in same}
    likely = [one for one in same if 0 < min(len(here), len(there[one.id])) <= 2 * shared[one.id]]
    return max(likely, key=lambda table: (shared[table.id], table.title == sheet.title), default=None)


def _heading_lines(sheet: FormSheet) -> list[tuple[str, str]]:
    found = []
    for row in sheet.rows:
        if row.number <= HEADING_LINES:
            words = ", ".join(
                " ".join(cell.text.split())[:30] for _place, cell in sorted(row.cells.items()) if cell.text
            )
            found.append((str(row.number), str(_("Row %(number)s", number=row.number)) + f": {words[:70]}"))
    return found
