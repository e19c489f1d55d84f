"""The commands of the catalogue: procurement codes, made-up articles, the index; and what the law's start puts in."""

from __future__ import annotations

from sqlalchemy import func, select, text

from app import cpv
from app.catalog import language, search, start
from app.catalog.models import Article, CpvCode, Offering, OfferingArea, VatRate
from app.db import db
from app.members.models import Member
from tests import make
from tests.people import save

HEADING = "code,check_digit,label_en,label_sv\n"


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def run(app, *words: str):
    save()
    db.session.remove()
    return app.test_cli_runner().invoke(args=list(words))


def test_codes_are_added_and_relabelled(app, tmp_path):
    known = count(CpvCode)
    path = tmp_path / "cpv.csv"
    path.write_text(HEADING + "03222000,3,Fruit,Frukt av alla slag\n98765432,1,New,Ny kod\n", encoding="utf-8")
    assert "2 koder lästa, 1 nya, 1 med ändrad text" in run(app, "import-cpv", str(path)).output
    assert count(CpvCode) == known + 1
    assert db.session.get_one(CpvCode, "03222000-3").label_sv == "Frukt av alla slag"
    assert "0 nya, 0 med" in run(app, "import-cpv", str(path)).output


def test_new_labels_are_found_at_once(app, tmp_path):
    make.make_article("Låda", cpv="03222000-3")
    path = tmp_path / "cpv.csv"
    path.write_text(HEADING + "03222000,3,Fruit,Kumquat\n", encoding="utf-8")
    run(app, "import-cpv", str(path))
    assert len(search.hits(["kumquat"])) == 1


def test_one_wrong_line_and_nothing_is_stored(app, tmp_path):
    known = count(CpvCode)
    for name, content in {
        "line": HEADING + "98765432,1,New,Ny kod\nabc,1,Bad,Fel\n",
        "heading": "a,b\n1,2\n",
        "empty": "",
        "latin": None,
    }.items():
        path = tmp_path / name
        path.write_bytes((HEADING + "98765432,1,New,Räka\n").encode("latin-1") if content is None else content.encode())
        result = run(app, "import-cpv", str(path))
        assert result.exit_code != 0, name
        assert "Rad" in result.output or "UTF-8" in result.output, result.output
    assert count(CpvCode) == known


def test_the_laws_values_are_put_in_once_and_left_alone(app):
    assert len(cpv.builtin()) >= 200
    assert count(CpvCode) == len(cpv.builtin())
    rates = count(VatRate)
    changed = db.session.scalars(select(VatRate)).first()
    changed.note = "Ändrad av ekonomi"
    assert (start.load_vat(), start.load_cpv()) == (0, 0)
    assert count(VatRate) == rates


def test_made_up_articles_are_the_same_each_time_and_can_be_searched(app):
    assert "30 artiklar och 11 medlemmar" in run(app, "seed", "--articles", "30", "--members", "11").output
    made = select(Article.number, Article.name, Article.slug, Article.price).order_by(Article.number)
    first = db.session.execute(made).all()
    assert "0 artiklar och 0 medlemmar" in run(app, "seed", "--articles", "30", "--members", "11").output
    assert "5 artiklar och 0 medlemmar" in run(app, "seed", "--articles", "35", "--members", "11").output
    assert db.session.execute(made).all()[:30] == first
    assert (count(Article), count(Member)) == (35, 11)
    assert count(Offering) >= 35
    assert count(OfferingArea) >= count(Offering)
    assert search.hits(language.query_words(first[0].name))


def test_no_made_up_articles_in_production(app):
    app.config["PRODUCTION"] = True
    result = run(app, "seed", "--articles", "5", "--members", "2")
    assert result.exit_code != 0
    assert count(Article) == 0


def test_the_index_is_built_anew(app):
    make.make_offering(make.make_article("Fruktkorg"), make.make_member())
    db.session.execute(text("DELETE FROM article_search"))
    assert search.hits(["fruktkorg"]) == []
    assert "1 artiklar" in run(app, "reindex").output
    assert len(search.hits(["fruktkorg"])) == 1
