"""Which lines of a buyer's table are requirements, and what a newer form changes: pure, by number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.spreadsheets.table import Cell, CellKind, Row, address
from app.tenders.actions import NewRequirement
from app.tenders.forms.columns import Columns, Role, from_plain, guess, guess_at, to_plain
from app.tenders.forms.found import Line, Reading, plain_ref
from app.tenders.forms.lines import read_lines
from app.tenders.forms.models import Takes
from app.tenders.forms.plan import Standing, compare
from app.tenders.forms.sheets import DOCX, XLSX, FormFile, FormSheet
from app.tenders.forms.sheets import from_plain as sheets_from_plain
from app.tenders.forms.sheets import to_plain as sheets_to_plain
from bids.kinds import RequirementKind as Kind
from bids.kinds import RequirementStage as Stage

REQUIREMENTS = {0: Role.REF, 1: Role.TEXT, 2: Role.KIND}
PRICES = {0: Role.REF, 1: Role.TEXT, 2: Role.QUANTITY, 3: Role.UNIT}


def sheet(*lines: tuple[str | None, ...], **more) -> FormSheet:
    rows = [
        Row(number, {n: Cell(address(n, number), CellKind.TEXT, text) for n, text in enumerate(line) if text})
        for number, line in enumerate(lines, 1)
    ]
    return FormSheet("Blad", tuple(row for row in rows if row.cells), **more)


def read(*lines, roles=REQUIREMENTS, takes=Takes.REQUIREMENTS, kind=XLSX, lots=None, **more) -> Reading:
    columns = Columns(takes=takes, header=0, roles=roles, **more)
    return read_lines(kind, sheet(*lines), columns, lots or {})


HEADINGS = {
    "Krav nr|Kravtext|Ska/Bör|Uppfylls (Ja/Nej)|Beskriv hur kravet uppfylls": "ref text kind answer comment",
    "ID|Krav|Kravtyp|Bevis|Svar|Kommentar|Bilaga": "ref text kind proof answer comment evidence",
    "Nr.|Benämning|Antal per år|Enhet|À-pris exkl. moms|Totalt": "ref text quantity unit unit_price sum",
    "Pos|Anbudsområde|Beskrivning|Mängd|Enhet|Pris/enhet": "ref lot text quantity unit unit_price",
    "Punkt|Krav|Ja|Nej|Anbudsgivarens kommentar": "ref text yes no comment",
    "Kravnummer|Kravet|Ingår i|Särskild uppföljning|Anbudsgivarens svar": "ref text stage followed_up answer",
}


@pytest.mark.parametrize("headings", HEADINGS)
def test_headings_of_real_forms_are_known(headings):
    guessed = guess(sheet(("Upphandling av frukt",), tuple(headings.split("|")), ("1", "x")))
    assert guessed.header == 2
    assert " ".join(guessed.roles.values()) == HEADINGS[headings]


def test_a_first_column_of_nothing_but_numbers_is_the_number_whatever_it_is_called():
    found = guess(sheet(("Rad", "Benämning", "Antal", "Enhet"), ("1", "Korg", "10", "st"), ("2", "Låda", "5", "st")))
    assert list(found.roles.values()) == [Role.REF, Role.TEXT, Role.QUANTITY, Role.UNIT]
    asked = guess(sheet(("Krav", "Beskrivning", "Svar"), ("4.1", "F-skatt", ""), ("Krav 4.2", "Peppol", "")))
    assert list(asked.roles.values()) == [Role.REF, Role.TEXT, Role.ANSWER]
    assert list(guess(sheet(("Krav", "Svar"), ("F-skatt 1", ""))).roles.values()) == [Role.TEXT, Role.ANSWER]


def test_headings_that_say_nothing_leave_the_choice_to_people():
    assert guess(sheet(("x", "y"), ("1", "z"))).roles == {}
    assert guess(sheet()).header == 0
    assert guess_at(sheet(("Nr", "Krav")), 0).roles == {}


def test_a_number_may_stand_at_the_beginning_of_the_text():
    reading = read(("3.1.2 Leverantören ska ha F-skatt.",), ("K-12: Miljö",), ("Utan nummer",), roles={0: Role.TEXT})
    assert [(one.given.ref, one.given.text) for one in reading.lines] == [
        ("3.1.2", "Leverantören ska ha F-skatt."),
        ("K-12", "Miljö"),
    ]
    assert len(reading.skipped) == 1


def test_several_text_columns_are_one_text_and_a_cross_means_yes():
    roles = {0: Role.REF, 1: Role.TEXT, 2: Role.TEXT, 3: Role.PROOF, 4: Role.FOLLOWED_UP}
    reading = read(
        ("1", "Miljö", "Ni ska ha en policy.", "X", "nej"), ("2", "Kvalitet", None, "Intyg", "-"), roles=roles
    )
    assert [(one.given.text, one.given.proof_required, one.given.followed_up) for one in reading.lines] == [
        ("Miljö\nNi ska ha en policy.", True, False),
        ("Kvalitet", True, False),
    ]


def test_stage_and_kind_are_read_together_and_the_rest_is_chosen():
    roles = {**REQUIREMENTS, 3: Role.STAGE}
    reading = read(("1", "A", "Ska", "Del av annons"), ("2", "B", None, "Kontraktskatalog"), ("3", "C"), roles=roles)
    assert [(one.given.kind, one.given.stage) for one in reading.lines] == [
        (Kind.MUST, Stage.NOTICE),
        (Kind.CONTRACT, Stage.CATALOGUE),
        (Kind.MUST, Stage.QUALIFICATION),
    ]
    assert "kind" not in reading.lines[2].said


def test_price_rows_are_numbers_units_and_lots():
    lots = {"Norr": 7, "2": 9}
    roles = {**PRICES, 4: Role.LOT}
    reading = read(
        ("1", "Frukt", "1 250,5", "kg", "Norr"),
        ("2", "Korg", "12", "trapphus", "Anbudsområde 2"),
        ("3", "Fel", "cirka 5", "kg", "Norr"),
        ("4", "Fel", None, "kg", "Norr"),
        ("5", "Fel", "1,5", "styck", "Norr"),
        ("6", "Fel", "1", "styck", "Öster"),
        roles=roles, takes=Takes.ROWS, lots=lots,
    )  # fmt: skip
    assert [(one.lot_id, one.given.quantity, one.given.unit, one.given.unit_text) for one in reading.lines] == [
        (7, Decimal("1250.5"), "KGM", ""),
        (9, Decimal(12), "C62", "trapphus"),
    ]
    assert [fault.address for fault in reading.faults] == ["C3", "C4", "C5", "E6"]


def test_a_fault_in_a_document_is_named_by_row_and_column():
    assert read(("1", None, "Ska"), kind=DOCX).faults[0].address == "rad 1, kolumn 2"


def test_columns_and_sheets_can_be_written_down_and_read_again():
    columns = Columns(takes=Takes.ROWS, header=3, roles=PRICES, lot_id=4, yes="J", fixed=True, headings={0: "Nr"})
    assert from_plain(to_plain(columns), Takes.ROWS, 4) == columns
    form = FormFile(XLSX, (sheet(("a", "b"), spans=((0, 1, 1, 2),), choices={1: ("Ja",)}, problem="Nej"),))
    assert sheets_from_plain(sheets_to_plain(form)) == form


REFS = st.lists(st.from_regex(r"\A[1-9](\.[1-9]){0,2}\Z"), unique=True, max_size=8)


def line(ref: str, text: str = "Text", number: int = 1) -> Line:
    new = NewRequirement(ref=ref, kind=Kind.MUST, stage=Stage.AWARD, text=text)
    return Line(number, None, new, frozenset({"text"}))


def standing(refs: list[str]) -> list[Standing]:
    return [Standing(place, None, line(ref).given, kept_for=True) for place, ref in enumerate(refs, 1)]


@given(REFS, REFS)
def test_every_line_is_new_changed_or_unchanged_and_everything_else_is_gone(before, after):
    there = standing(before)
    plan = compare(Reading(tuple(line(ref) for ref in after), (), ()), there, {each.id for each in there})
    assert {one.given.ref for one in plan.new} == set(after) - set(before)
    assert {one.given.ref for one in plan.unchanged} == set(after) & set(before)
    assert {one.given.ref for one in plan.gone} == set(before) - set(after)
    assert plan.changed == ()


@given(REFS, REFS)
def test_nothing_is_gone_that_was_in_no_earlier_form_or_while_a_line_is_faulty(before, after):
    there = standing(before)
    reading = Reading(tuple(line(ref) for ref in after), (), ())
    assert compare(reading, there, set()).gone == ()
    faulty = read(("1", None, "Ska")).faults
    assert compare(replace(reading, faults=faulty), there, {each.id for each in there}).gone == ()


@given(REFS)
def test_the_same_form_again_changes_nothing(refs):
    plan = compare(Reading(tuple(line(f"{ref}.", " Text ") for ref in refs), (), ()), standing(refs), set())
    assert not plan.changes
    assert plan.good == len(refs)


def test_only_what_the_form_says_is_changed():
    there = [replace(standing(["1"])[0], given=replace(line("1").given, kind=Kind.SCORED, proof_required=True))]
    plan = compare(Reading((line("1", "Annat"),), (), ()), there, set())
    changed = plan.changed[0]
    assert (changed.what, changed.given.text, changed.given.kind, changed.given.proof_required) == (
        ("text",),
        "Annat",
        Kind.SCORED,
        True,
    )


def test_what_was_withdrawn_is_back_and_a_plan_knows_itself():
    there = [replace(standing(["1"])[0], withdrawn=True)]
    plan = compare(Reading((line("1"),), (), ()), there, {1})
    assert (plan.changed[0].back, plan.changed[0].what) == (True, ())
    assert plan.mark == compare(Reading((line("1"),), (), ()), there, {1}).mark
    assert plan.mark != compare(Reading((line("1", "Annat"),), (), ()), there, {1}).mark
    assert plain_ref(" 1.2. ") == plain_ref("1.2")


NR_KRAV_SVAR = {0: Role.REF, 1: Role.TEXT, 2: Role.ANSWER}


def test_a_second_heading_with_the_same_columns_says_of_what_kind_the_rest_is():
    lines = (
        ("A1", "Ha F-skatt"),
        ("Nr", "Bör-krav", "Svar", "Poäng"),
        ("B1", "Ha elbil", None, "5"),
        ("Nr", "Krav", "Svar"),
    )
    found = read(*lines, ("C1", "Ha försäkring"), roles=NR_KRAV_SVAR)
    assert [(one.given.ref, one.given.kind) for one in found.lines] == [
        ("A1", Kind.MUST),
        ("B1", Kind.SCORED),
        ("C1", Kind.MUST),
    ]
    assert found.faults == ()
    assert [one.line for one in found.skipped] == [2, 4]


def test_a_line_of_nothing_but_a_kind_is_a_heading_for_those_below():
    found = read(("A1", "Ha F-skatt"), ("Bör-krav",), ("B1", "Ha elbil"), roles=NR_KRAV_SVAR)
    assert [one.given.kind for one in found.lines] == [Kind.MUST, Kind.SCORED]


def test_below_a_heading_with_other_columns_nothing_is_read_and_it_is_said():
    lines = (("A1", "Ha F-skatt"), ("Krav", "Nr", "Poäng", "Svar"), ("Ha elbil", "F1", "5"), ("Ha cykel", "F2", "5"))
    found = read(*lines, ("Nr", "Krav", "Svar"), ("C1", "Ha försäkring"), roles=NR_KRAV_SVAR)
    assert [one.given.ref for one in found.lines] == ["A1", "C1"]
    assert [(one.line, "annan ordning" in one.reason) for one in found.faults] == [(2, True)]
    assert [one.line for one in found.skipped if "rubrikraden på rad 2" in one.reason] == [3, 4]


def test_a_requirement_about_a_heading_is_none():
    found = read(("1", "Krav på svar"), ("2", "Text om nummer"), roles=NR_KRAV_SVAR)
    assert len(found.lines) == 2
