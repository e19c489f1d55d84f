"""A document with a table for each requirement, or for each chapter, is read as one table and filled in as many."""

from __future__ import annotations

import pytest

from app.tenders.forms.columns import Role, guess
from app.tenders.forms.docx_tables import MOST_TABLES
from app.tenders.forms.gathering import placed
from app.tenders.forms.lines import read_lines
from app.tenders.forms.reading import form_of
from app.tenders.forms.sheets import FormFile, FormSheet, from_plain, to_plain
from bids.forms.entries import Entry, Table
from tests.buyers_forms import box, cell, document, drop_down, row

ASKED = (("4.1", "Leverantören ska ha F-skatt."), ("4.2", "Beskriv ert kvalitetsarbete."), ("4.3", "Peppol."))
WIDE = '<w:gridSpan w:val="3"/>'


def card(ref: str, text: str, answer: str = "") -> str:
    return row("Krav", ref) + row("Kravtext", text) + row("Svar (Ja/Nej)", answer or cell()) + row("Kommentar", "")


def cards() -> FormFile:
    return form_of(document(*(card(*each) for each in ASKED)))


def lines(form: FormFile, sheet: FormSheet) -> list[tuple[str, str]]:
    reading = read_lines(form.kind, sheet, guess(sheet), {})
    assert not reading.faults
    return [(each.given.ref, each.given.text) for each in reading.lines]


def test_a_table_for_each_requirement_is_read_as_one():
    form = cards()
    *tables, all_of_them = form.sheets
    assert [sheet.gathered for sheet in tables] == [None] * 3
    assert all_of_them.title == "3 likadana tabeller, tabell 1 till 3"
    assert list(guess(all_of_them).roles.values()) == [Role.REF, Role.TEXT, Role.ANSWER, Role.COMMENT]
    assert lines(form, all_of_them) == list(ASKED)
    assert from_plain(to_plain(form)) == form


def test_an_answer_is_written_on_its_own_card():
    form = cards()
    there = Entry(Table(3, "alla"), 3, 2, "Ja")
    assert placed(there, form.sheets) == Entry(Table(1, "Tabell 2"), 3, 1, "Ja")
    plain = Entry(Table(1, "Tabell 2"), 3, 1, "Ja")
    assert placed(plain, form.sheets) == plain


def test_a_card_may_have_two_labels_on_a_line_and_words_that_are_the_same_on_all():
    def wide(ref: str, text: str) -> str:
        return (
            row("Nr", ref, "Typ", "Bör")
            + row("Krav", cell(text, properties=WIDE))
            + row("Uppfylls", cell(inner=drop_down("Ja", "Nej")), "Hänvisning", "")
        )

    form = form_of(document(*(wide(*each) for each in ASKED)))
    sheet = form.sheets[-1]
    assert guess(sheet).headings == {0: "Nr", 1: "Typ", 2: "Krav", 3: "Uppfylls", 4: "Hänvisning"}
    assert list(guess(sheet).roles.values()) == [Role.REF, Role.KIND, Role.TEXT, Role.ANSWER, Role.EVIDENCE]
    assert sheet.choices == {3: ("Ja", "Nej")}
    assert lines(form, sheet) == list(ASKED)
    assert placed(Entry(Table(3, ""), 4, 4, "Bilaga 1"), form.sheets).column == 3


def test_the_requirement_may_stand_above_its_labels():
    def titled(ref: str, text: str) -> str:
        title = cell(f"{ref} {text}", properties='<w:gridSpan w:val="2"/>')
        return row(title) + row("Uppfylls?", "") + row("Svar:", "")

    form = form_of(document(*(titled(*each) for each in ASKED)))
    assert list(guess(form.sheets[-1]).roles.values()) == [Role.TEXT, Role.ANSWER, Role.COMMENT]
    assert lines(form, form.sheets[-1]) == list(ASKED)


def test_a_heading_over_each_requirement_or_each_chapter_is_read_once():
    head = row("Nr", "Krav", "Svar")
    first = head + row("4.1", "F-skatt.", "") + row("4.2", "Kvalitet.", "")
    form = form_of(document(first, row("Om", "oss"), head + row("5.1", "Peppol.", "")))
    sheet = form.sheets[-1]
    assert (len(form.sheets), sheet.title) == (4, "2 likadana tabeller, tabell 1 till 3")
    assert lines(form, sheet) == [("4.1", "F-skatt."), ("4.2", "Kvalitet."), ("5.1", "Peppol.")]
    assert placed(Entry(Table(3, ""), 4, 2, "Ja"), form.sheets) == Entry(Table(2, "Tabell 3"), 2, 2, "Ja")


def test_a_cell_merged_over_several_lines_still_says_so_and_gives_its_kind():
    head = row("Nr", "Typ", "Krav", "Svar")
    begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    merged = row("5.1", cell("Bör", properties=begins), "A", "") + row("5.2", cell(properties=goes_on), "B", "")
    form = form_of(document(head + row("4.1", "Ska", "F-skatt.", ""), head + merged))
    sheet = form.sheets[-1]
    assert sheet.spans == ((1, 3, 1, 4),)
    reading = read_lines(form.kind, sheet, guess(sheet), {})
    assert [each.given.kind for each in reading.lines] == ["must", "scored", "scored"]


def test_a_fault_says_in_which_table_it_is():
    form = form_of(document(card("4.1", "F-skatt."), card("4.2", ""), card("4.3", "Peppol.")))
    sheet = form.sheets[-1]
    reading = read_lines(form.kind, sheet, guess(sheet), {})
    assert [(each.address, each.reason) for each in reading.faults] == [("tabell 2, rad 2, kolumn 2", "Texten saknas.")]


@pytest.mark.parametrize(
    "tables",
    [
        [row("Nr", "Krav") + row("1", "A")],
        [row("Nr", "Krav") + row("1", "A"), row("Kontakt", "Namn") + row("Telefon", "031")],
        [row("Hej", "Du") + row("Nej", "Jag"), row("Köp", "Sälj") + row("Ja", "Vi"), row("A", "B") + row("C", "D")],
        [row("Nr", "Krav", "Svar"), row("Nr", "Krav", "Svar")],
    ],
)
def test_tables_that_are_not_alike_stay_as_they_are(tables):
    assert [sheet.gathered for sheet in form_of(document(*tables)).sheets] == [None] * len(tables)


def test_a_document_with_more_tables_than_we_read_says_so():
    form = form_of(document(*(card(f"4.{number}", f"Krav {number}") for number in range(MOST_TABLES + 2))))
    assert "fler än 1 500 tabeller" in form.sheets[-1].problem.replace("\u00a0", " ")
    assert len(lines(form, form.sheets[-2])) == MOST_TABLES


def test_cards_of_two_kinds_become_two_tables():
    def priced(ref: str, text: str) -> str:
        return row("Rad", ref) + row("Vara", text) + row("Antal", "10") + row("Pris per st", "")

    form = form_of(document(card(*ASKED[0]), priced("1", "Korg"), card(*ASKED[1]), priced("2", "Låda")))
    assert [sheet.title for sheet in form.sheets[4:]] == [
        "2 likadana tabeller, tabell 1 till 3",
        "2 likadana tabeller, tabell 2 till 4",
    ]
    assert list(guess(form.sheets[5]).roles.values()) == [Role.REF, Role.TEXT, Role.QUANTITY, Role.UNIT_PRICE]


def test_a_box_on_each_card_is_a_place_for_the_answer():
    form = form_of(document(*(card(*each, cell(inner=box("Ja") + box("Nej"))) for each in ASKED)))
    assert list(guess(form.sheets[-1]).roles.values()) == [Role.REF, Role.TEXT, Role.ANSWER, Role.COMMENT]
