"""The choices beside the list: each figure is what choosing it gives."""

from __future__ import annotations

import re

import pytest

from app import places
from app.catalog import indexing
from app.catalog.kinds import ArticleKind
from tests import make
from tests.furnished import furnished
from tests.people import text

pytestmark = pytest.mark.both


@furnished
def shop(app):
    """Three articles on two shelves, by two members in three towns."""
    fruit, cleaning = make.make_category(slug="frukt", name_sv="Frukt"), make.make_category(slug="stad", name_sv="Städ")
    ljungbacken, rena_rum = make.make_ljungbacken(), make.make_rena_rum()
    rows = [
        ("Fruktkorg", fruit, ArticleKind.GOODS, [(ljungbacken, ["1480", "1481"], 2)]),
        ("Fruktlåda", fruit, ArticleKind.GOODS, [(ljungbacken, ["1480"], 9), (rena_rum, ["1490"], 2)]),
        ("Kontorsstädning", cleaning, ArticleKind.TIMED_SERVICE, [(rena_rum, ["1481"], 5)]),
    ]
    for name, category, kind, made in rows:
        article = make.make_article(name, category=category, kind=kind, description="Vi ordnar det.")
        for member, towns, lead_days in made:
            make.make_offering(article, member, municipalities=towns, lead_days=lead_days)
    make.make_offering(make.make_article("Dold", state="proposed", category=fruit), ljungbacken)
    indexing.reindex_all()
    return app


def choices(page) -> dict[str, tuple[int, str]]:
    """Figure and address by name."""
    found = {}
    for item in page.cssselect(".facet li"):
        link = item.cssselect("a")[0]
        name = re.sub(r"\s*\(vald.*", "", text(link))
        found[name] = (int(text(item.cssselect(".facet-count")[0]).split()[-1]), link.get("href"))
    return found


def listed(page) -> int:
    return len(page.cssselect("li.article"))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=ordnar",
        "?q=frukt",
        "?kategori=frukt",
        "?kommun=1480",
        "?medlem=renarum",
        "?slag=goods",
        "?q=ordnar&senast=2026-11-26",
        "?q=ordnar&kommun=1480&senast=2026-11-30",
        "?q=ordnar&medlem=ljungbacken&senast=2026-12-04",
        "?medlem=ljungbacken&kommun=1480",
        "?kategori=stad&medlem=renarum&q=städ",
    ],
)
def test_each_figure_is_what_choosing_it_gives(shop, visit, query):
    page = visit().page(f"/katalog{query}")
    chosen = {text(link) for link in page.cssselect(".facet a[aria-current]")}
    seen = 0
    for name, (figure, address) in choices(page).items():
        if not any(one.startswith(name) for one in chosen):
            assert listed(visit().page(address)) == figure, (name, address)
            seen += 1
    assert seen > 0


def test_a_choice_that_is_made_can_be_taken_away(shop, visit):
    page = visit().page("/katalog?q=ordnar&kategori=frukt")
    figure, address = choices(page)["Frukt"]
    assert (figure, listed(page)) == (2, 2)
    assert listed(visit().page(address)) == 3


def test_the_figures_follow_a_change_at_once(shop, visit):
    assert choices(visit().page("/katalog"))["Frukt"][0] == 2
    article = make.make_article("Bärkorg", category=make.any_category())
    make.make_offering(article, make.make_member(slug="nykomling", name="Nykomling"))
    indexing.reindex(article)
    there = choices(visit().page("/katalog"))
    assert (there["Frukt"][0], there["Nykomling"][0]) == (3, 1)


def test_what_a_misspelt_word_meant_is_said_and_can_be_declined(shop, visit):
    page = visit().page("/katalog?q=stdäning")
    assert "Visar träffar för ”städning”. Sök i stället efter ”stdäning”" in text(page)
    assert text(page.cssselect("li.article a")[0]) == "Kontorsstädning"
    instead = page.cssselect("p.meant a")[0].get("href")
    exact = visit().page(instead)
    assert (listed(exact), exact.cssselect("p.meant")) == (0, [])
    assert not visit().page("/katalog?q=frukt").cssselect("p.meant")


@furnished
def wide(app):
    """One basket, made by 31 members in 37 towns."""
    towns = [place.code for place in places.all_municipalities()[:37]]
    fruit = make.make_category(slug="frukt", name_sv="Frukt")
    article = make.make_article("Korg", category=fruit, description="Vi ordnar det.")
    for number in range(31):
        member = make.make_member(slug=f"m{number}", name=f"Medlem {number:02d}")
        make.make_offering(article, member, municipalities=towns if number else towns[:5])
    few = make.make_article("Fat", category=fruit)
    make.make_offering(few, member, municipalities=towns[:5])
    indexing.reindex_all()


def opened(page, title: str) -> tuple[list[str], str]:
    """The names behind *Show more* of a facet, and the line that ends them."""
    facet = next(one for one in page.cssselect(".facet") if text(one.cssselect("summary")[0]) == title)
    more = facet.cssselect(".facet-more")[0]
    return [text(link) for link in more.cssselect("li a")], " ".join(map(text, more.cssselect("p")))


@pytest.mark.parametrize("query", ["", "?q=ordnar", "?kategori=frukt"])
def test_a_facet_that_is_cut_says_where_the_others_are(wide, visit, query):
    page = visit().page(f"/katalog{query}")
    for title, line in (
        ("Levereras i", "Alla kommuner finns i listan ”Levereras i” ovan."),
        ("Görs av", "Alla medlemmar"),
    ):
        names, said = opened(page, title)
        assert len(names) == 30 - 8
        assert names == sorted(names, key=places.swedish_order)
        assert said == line
    assert page.cssselect(".facet-more p a")[0].get("href") == "/medlemmar"


def test_a_facet_that_is_whole_says_nothing(shop, visit):
    assert not visit().page("/katalog").cssselect(".facet-more p")


def test_a_kind_that_is_none_is_refused_in_words(shop, visit):
    page = visit().page("/katalog?slag=annat", status=422)
    assert text(page.cssselect(".error-summary li")[0])


def chosen_town(page) -> list[str]:
    return [text(option) for option in page.cssselect("select#kommun option[selected]")]


@pytest.mark.parametrize(
    ("words", "town", "names"),
    [
        ("frukt Göteborg", "Göteborg", ["Fruktkorg", "Fruktlåda"]),
        ("frukt i borås", "Borås", ["Fruktlåda"]),
        ("Mölndal städning", "Mölndal", ["Kontorsstädning"]),
        ("städ i Lilla Edet", "Lilla Edet", []),
    ],
)
def test_a_municipality_in_the_words_is_where_it_is_to_come(shop, visit, words, town, names):
    page = visit().page(f"/katalog?q={words}")
    assert [text(link) for link in page.cssselect("li.article a")] == names
    assert chosen_town(page) == [town]
    assert f"Vi läste ”{town}” som kommunen där det ska levereras." in text(page)
    link = page.cssselect("p.meant a")[0]
    assert text(link) == f"Sök i stället efter ordet ”{town}”"
    as_word = visit().page(link.get("href"))
    assert (chosen_town(as_word), as_word.cssselect("#q")[0].get("value"), listed(as_word)) == ([], words, 0)
    assert "Vi läste" not in text(as_word)


def test_the_form_and_its_links_keep_what_was_understood(shop, visit):
    page = visit().page("/katalog?q=frukt i Göteborg")
    assert page.cssselect("#q")[0].get("value") == "frukt"
    address = next(link.get("href") for link in page.cssselect(".facet a") if text(link).startswith("Ljungbacken"))
    assert address == "/katalog?q=frukt&kommun=1480&medlem=ljungbacken"
    again = visit().page("/katalog?q=frukt&kommun=1490")
    assert (listed(again), "Vi läste" in text(again)) == (1, False)


def test_a_municipality_alone_or_beside_a_chosen_one_stays_a_word(shop, visit):
    alone = visit().page("/katalog?q=Borås")
    assert (chosen_town(alone), listed(alone), "Vi läste" in text(alone)) == ([], 0, False)
    there = next(link for link in alone.cssselect("main a") if text(link) == "Visa det som levereras i Borås")
    assert listed(visit().page(there.get("href"))) == 1
    beside = visit().page("/katalog?q=frukt Borås&kommun=1480")
    assert (chosen_town(beside), listed(beside), "levereras i Borås" in text(beside)) == (["Göteborg"], 0, False)


def test_a_name_that_is_a_municipality_s_is_still_a_word(shop, visit):
    article = make.make_article("Mora kniv", category=make.any_category())
    make.make_offering(article, make.make_member(slug="smedjan", name="Smedjan"), municipalities=["1480"])
    indexing.reindex(article)
    assert listed(visit().page("/katalog?q=mora")) == 1
    assert listed(visit().page("/katalog?q=mora kniv&exakt=1")) == 1
    assert listed(visit().page("/katalog?q=mora kniv göteborg")) == 1
