"""Two of us have the same form open: who saves last is told of what the other has changed, and hides nothing unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.catalog import synonyms
from app.catalog.pricing.models import PriceList
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.members.models import Member
from tests import make
from tests.people import Visitor, document, text, together
from tests.price_lists import make_list

pytestmark = pytest.mark.both

TOLD = "Någon annan har ändrat det här sedan du öppnade sidan."


@dataclass(frozen=True)
class Case:
    """A form that several people may have open."""

    path: str
    email: str
    field: str
    first: str
    """What is written by who saves first."""
    second: str
    column: Any

    def written(self) -> str:
        """What is kept."""
        db.session.rollback()
        kept = db.session.scalars(select(self.column)).one()
        return kept if isinstance(kept, str) else ", ".join(kept)


@pytest.fixture(params=["synonyms", "price list", "member"])
def case(request, app) -> Case:
    sam, member = make.make_sam(), make.make_ljungbacken(about="Vi packar frukt.")
    make.make_user(member.email, member=member)
    group = synonyms.add("städ, lokalvård", by=sam, now=clock.now())
    listed = make_list(ListKind.STANDARD, {}, name="Mängdpriser", active=False)
    cases = {
        "synonyms": Case(
            f"/personal/katalog/synonymer/{group.id}", sam.email, "words", "städ, hemstäd", "städ, rengöring",
            synonyms.SynonymGroup.words,
        ),
        "price list": Case(
            f"/personal/prislistor/{listed.id}/andra", sam.email, "name", "Priser 2027", "Mängdpriser från nyår",
            PriceList.name,
        ),
        "member": Case("/medlem/sida/text", member.email, "about", "Vi packar bär.", "Vi packar allt.", Member.about),
    }  # fmt: skip
    return cases[request.param]


def opened(browser: Visitor, case: Case) -> dict[str, str]:
    """What the form holds when it has been opened."""
    return dict(browser.page(case.path).cssselect("main form[method=post]:not(.post-button)")[0].form_values())


def test_who_saves_last_sees_what_the_first_wrote_and_keeps_what_was_typed(case, visit):
    one, other = visit(case.email), visit(case.email)
    mine, theirs = opened(one, case), opened(other, case)
    assert other.post(case.path, data={**theirs, case.field: case.first}).status_code == 303
    answer = one.post(case.path, data={**mine, case.field: case.second})
    assert answer.status_code == 422
    page = document(answer)
    assert TOLD in text(page.cssselect("[role=alert]")[0])
    assert case.first in text(page.cssselect("main .note")[0]), "what stands there now"
    returned = dict(page.cssselect("main form[method=post]:not(.post-button)")[0].form_values())
    assert returned[case.field].strip() == case.second
    assert case.written() == case.first
    assert one.post(case.path, data=returned).status_code == 303, "it is to hold, now that it has been compared"
    assert case.written() == case.second


def test_a_slip_in_between_does_not_hide_it(case, visit):
    one, other = visit(case.email), visit(case.email)
    mine = opened(one, case)
    assert other.post(case.path, data={**opened(other, case), case.field: case.first}).status_code == 303
    slip = document(one.post(case.path, data={**mine, case.field: ""}))
    returned = dict(slip.cssselect("main form[method=post]:not(.post-button)")[0].form_values())
    answer = one.post(case.path, data={**returned, case.field: case.second})
    assert (answer.status_code, TOLD in answer.text) == (422, True)
    assert case.written() == case.first


def test_who_is_alone_is_not_told_anything(case, visit):
    browser = visit(case.email)
    for wanted in (case.first, case.second, case.second):
        assert browser.post(case.path, data={**opened(browser, case), case.field: wanted}).status_code == 303
    assert case.written() == case.second


def test_at_the_same_moment_one_of_them_is_told(case, visit):
    one, other = visit(case.email), visit(case.email)
    mine, theirs = opened(one, case), opened(other, case)
    answers = together(
        lambda: one.post(case.path, data={**mine, case.field: case.second}).status_code,
        lambda: other.post(case.path, data={**theirs, case.field: case.first}).status_code,
    )
    assert sorted(answers) == [303, 422]
    assert case.written() == (case.second if answers[0] == 303 else case.first)
