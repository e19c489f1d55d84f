"""Which page of how many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.leaves import Leaf, last_page, nearest


@given(number=st.integers(), total=st.integers(0, 5000), size=st.integers(1, 100))
def test_every_row_has_a_page_and_no_page_but_the_first_is_empty(number, total, size):
    last = last_page(total, size)
    assert total <= last * size
    assert last == 1 or (last - 1) * size < total
    assert nearest(number, total, size) == sorted([1, number, last])[1]


@pytest.mark.parametrize(("number", "before", "after"), [(1, False, True), (2, True, True), (3, True, False)])
def test_a_page_knows_its_neighbours(number, before, after):
    page = Leaf((), number, total=41, size=20)
    assert (page.has_previous, page.has_next, page.last, page.more) == (before, after, 3, False)
