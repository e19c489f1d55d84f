"""Staff say which words mean the same, and searches use it at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.catalog import indexing
from app.catalog.synonyms import SynonymGroup
from app.db import db
from tests import make
from tests.people import text

pytestmark = pytest.mark.both

PAGE = "/personal/katalog/synonymer"


@pytest.fixture
def sam(app, visit):
    """Sam, beside a catalogue with one article."""
    make.make_sam()
    article = make.make_article("Lokalvård", slug="lokalvard")
    make.make_offering(article, make.make_member())
    indexing.reindex(article)
    return visit("sam@samklang.example")


def groups() -> list[list[str]]:
    db.session.expire_all()
    return [row.words for row in db.session.scalars(select(SynonymGroup).order_by(SynonymGroup.id))]


def hits(visit, words: str) -> list[str]:
    return [text(link) for link in visit().page(f"/katalog?q={words}").cssselect("li.article a")]


def test_a_group_works_from_the_moment_it_is_saved_until_it_is_taken_away(sam, visit):
    assert hits(visit, "städ") == []
    assert (
        sam.fill(
            PAGE, {"words": "Städ,  lokalvård\nhemstäd"}, form="main form[method=post]:not(.confirm *)"
        ).status_code
        == 303
    )
    assert groups() == [["Städ", "lokalvård", "hemstäd"]]
    assert hits(visit, "städning") == ["Lokalvård"]
    group = db.session.scalars(select(SynonymGroup.id)).one()
    assert sam.post(f"{PAGE}/{group}", data={"words": "fika, kaffe"}).status_code == 303
    assert hits(visit, "städning") == []
    assert "fika, kaffe" in text(sam.page(PAGE))
    assert sam.post(f"{PAGE}/{group}/ta-bort").status_code == 303
    assert groups() == []
    acts = select(AuditEvent.what).where(AuditEvent.subject_kind == "SynonymGroup").order_by(AuditEvent.id)
    assert list(db.session.scalars(acts)) == ["added", "changed", "removed"]


def test_phrases_are_found_from_a_single_word(sam, visit):
    article = make.make_article("Vård av lokaler", slug="vard")
    make.make_offering(article, make.make_member())
    indexing.reindex(article)
    sam.post(PAGE, data={"words": "städ, vård av lokaler"})
    assert hits(visit, "städa") == ["Vård av lokaler"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "minst två ord"),
        ("städ", "minst två ord"),
        ("städ, Städ, !!", "minst två ord"),
        (", ".join(f"ord{n}" for n in range(13)), "högst 12 ord"),
        ("städ, " + "x" * 61, "längre än 60 tecken"),
        ("kaffe, fika", "finns redan i gruppen"),
        ("kaffe, bullarna", "”bullarna” räknas som samma ord som ”bulle”, som redan finns i gruppen fika, bulle"),
        ("städ, städning", "”städ” och ”städning” räknas redan som samma ord"),
        ("ja, visst", "”ja” säger för lite"),
        ("te, och", "”och” säger för lite"),
        ("te, till och från", "”till och från” säger för lite"),
        ("te, x", "”x” säger för lite"),
    ],
)
def test_what_is_no_group_is_refused_and_changes_nothing(sam, words, sentence):
    sam.post(PAGE, data={"words": "fika, bulle"})
    answer = sam.post(PAGE, data={"words": words})
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert groups() == [["fika", "bulle"]]


def test_forms_of_one_word_may_stand_beside_another(sam, visit):
    assert sam.post(PAGE, data={"words": "laga, lagning, reparation"}).status_code == 303
    group = db.session.scalars(select(SynonymGroup.id)).one()
    assert sam.post(f"{PAGE}/{group}", data={"words": "laga, lagade, reparera, till salu"}).status_code == 303
    assert groups() == [["laga", "lagade", "reparera", "till salu"]]


def test_the_tabs_count_what_waits_as_they_do_beside_the_articles(sam):
    make.make_offering(make.make_article("Ny korg", state="proposed"), make.make_ljungbacken(), state="proposed")

    def tabs(path: str) -> list[str]:
        return [text(tab) for tab in sam.page(path).cssselect("nav.tab-row a")]

    assert tabs(PAGE) == tabs("/personal/katalog")
    assert any("1" in tab for tab in tabs(PAGE))


def test_finance_may_look_but_not_write_and_others_find_no_door(sam, visit):
    make.make_user("eva@samklang.example", roles=(RoleName.FINANCE,))
    eva = visit("eva@samklang.example")
    assert eva.get(PAGE).status_code == 200
    assert eva.post(PAGE, data={"words": "fika, kaffe"}).status_code == 403
    assert visit().get(PAGE).status_code == 302
    assert groups() == []


def test_a_group_that_is_gone_is_not_found(sam):
    assert sam.get(f"{PAGE}/77").status_code == 404
    assert sam.post(f"{PAGE}/77/ta-bort").status_code == 404
