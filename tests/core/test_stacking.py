"""Tables as cards: what a row says on a phone, where no heading stands above it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markupsafe import Markup, escape

from app.pages.stacking import stacked

COLUMNS = ["Artikel", ("Pris", "number"), ""]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=12).filter(str.strip)


def cells(body: str) -> list[tuple[str, str | None, str | None]]:
    """Tag, role and column of each part of a table, in order."""
    table = html.fromstring(f"<table>{body}</table>")
    return [(str(one.tag), one.get("role"), one.get("data-label")) for one in table.iterdescendants("tr", "th", "td")]


def test_each_cell_says_its_column_and_its_role():
    row = '<th scope="row"><a href="/1">Korg</a></th><td class="number">5 kr</td><td>Bort</td>'
    body = f'<tbody><tr class="x">{row}</tr></tbody>'
    told = stacked(body, COLUMNS)
    assert cells(told) == [
        ("tr", "row", None),
        ("th", "rowheader", None),
        ("td", "cell", "Pris"),
        ("td", "cell", None),
    ]
    assert '<tbody role="rowgroup">' in told
    assert 'class="number"' in told


def test_an_empty_cell_says_no_column_and_takes_no_room():
    assert stacked("<tbody><tr><td> \n </td><td>5 kr</td></tr></tbody>", COLUMNS).count("data-label") == 1
    assert '<td role="cell"></td>' in stacked("<tbody><tr><td> \n </td></tr></tbody>", COLUMNS)


def test_a_cell_over_several_columns_moves_the_next_one():
    body = '<tbody><tr><td colspan="2">Tillsammans</td><td>5</td></tr></tbody>'
    assert [label for *_, label in cells(stacked(body, ["A", "B", "C"]))] == [None, "A", "C"]


def test_a_sum_at_the_foot_is_named_by_its_row_alone():
    body = "<tbody><tr><th>Korg</th><td>5</td></tr></tbody><tfoot><tr><th>Summa</th><td>5</td></tr></tfoot>"
    assert cells(stacked(body, COLUMNS))[-1] == ("td", "cell", None)


def test_a_row_longer_than_its_headings_is_left_alone():
    assert stacked("<tbody><tr><td>1</td><td>2</td></tr></tbody>", ["A"]).count("data-label") == 1


@given(st.lists(WORDS, min_size=1, max_size=4), st.data())
def test_what_people_wrote_stays_as_it_was(columns, data):
    words = [data.draw(WORDS) for _ in columns]
    row = Markup().join(Markup("<td>{}</td>").format(word) for word in words)
    body = Markup("<tbody><tr>{}</tr></tbody>").format(row)
    told = stacked(body, columns)
    assert all(f">{escape(word)}</td>" in told for word in words)
    assert [f'data-label="{escape(column)}"' in told for column in columns] == [True] * len(columns)
