"""The catalogue as customers see it: filters, pages, prices, and an article's own page."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain

import pytest

from app import shelf
from app.catalog import actions, indexing
from app.catalog.models import ApprovalState
from app.db import db
from app.money import Money
from app.vat import VatClass
from tests import make
from tests.furnished import furnished
from tests.people import save, text

pytestmark = pytest.mark.both


def names(page) -> list[str]:
    return [text(link) for link in page.cssselect("li.article a")]


def card(page, name: str) -> str:
    return next(text(item) for item in page.cssselect("li.article") if name in text(item))


@furnished
def shop(app):
    """Ljungbacken sells fruit in Göteborg in two days, Rena Rum cleans in Mölndal in five."""
    fruit, cleaning = make.make_category(slug="frukt", name_sv="Frukt"), make.make_category(slug="stad", name_sv="Städ")
    ljungbacken, rena_rum = make.make_ljungbacken(), make.make_rena_rum()
    basket = make.make_article("Fruktkorg", slug="fruktkorg", category=fruit)
    windows = make.make_article("Fönsterputs", slug="fonsterputs", category=cleaning, vat_class=VatClass.STANDARD)
    make.make_offering(basket, ljungbacken, municipalities=["1480"], lead_days=2)
    make.make_offering(windows, rena_rum, municipalities=["1481"], lead_days=5)
    make.make_offering(windows, ljungbacken, municipalities=["1480"], lead_days=9)
    indexing.reindex_all()
    return app


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Fruktkorg", "Fönsterputs"]),
        ("?kategori=frukt", ["Fruktkorg"]),
        ("?kommun=1481", ["Fönsterputs"]),
        ("?kommun=1490", []),
        ("?medlem=ljungbacken", ["Fruktkorg", "Fönsterputs"]),
        ("?medlem=renarum", ["Fönsterputs"]),
        ("?senast=2026-11-24", []),
        ("?senast=2026-11-25", ["Fruktkorg"]),
        ("?senast=2026-11-30", ["Fruktkorg", "Fönsterputs"]),
        ("?q=fönster&kommun=1481", ["Fönsterputs"]),
        ("?q=fönster&medlem=renarum&kommun=1481&senast=2026-12-24", ["Fönsterputs"]),
    ],
)
def test_each_filter_narrows(shop, visit, query, expected):
    assert names(visit().page(f"/katalog{query}")) == expected


def test_one_and_the_same_offering_must_fit_all(shop, visit):
    page = visit()
    assert names(page.page("/katalog?kommun=1480&senast=2026-11-30")) == ["Fruktkorg"], "Rena Rum is not in Göteborg"
    assert names(page.page("/katalog?kommun=1480&medlem=renarum")) == []
    assert names(page.page("/katalog?kommun=1480&senast=2026-12-04")) == ["Fruktkorg", "Fönsterputs"]


def test_a_card_speaks_of_the_offerings_that_fit(shop, visit):
    both = card(visit().page("/katalog"), "Fönsterputs")
    assert "och 1 till" in both
    assert "Tidigast mån 30 nov" in both
    assert "och 1 till" not in card(visit().page("/katalog?kommun=1481"), "Fönsterputs")


@pytest.mark.parametrize(
    "query",
    [
        "?kategori=finnsinte",
        "?kommun=9999",
        "?kommun=Mölndal",
        "?medlem=' OR 1=1",
        "?senast=igår",
        "?senast=2026-11-22",
        "?senast=2028-01-01",
        "?senast=2026-02-30",
        "?sida=0",
        "?sida=-1",
        "?sida=99999",
        "?sida=ett",
        "?sida=²",
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(shop, visit, query):
    page = visit().page(f"/katalog{query}", status=422)
    assert text(page.cssselect(".error-summary li")[0])
    assert page.cssselect("li.article") == []


def test_swedish_letters_come_last(app, visit):
    member = make.make_member()
    for name in ("Örter", "Zinkbalja", "Äpplen", "Ånga", "apelsin"):
        make.make_offering(make.make_article(name), member)
    assert names(visit().page("/katalog")) == ["apelsin", "Zinkbalja", "Ånga", "Äpplen", "Örter"]


def test_pages_hold_24_and_hang_together(app, visit):
    member = make.make_member()
    for number in range(50):
        make.make_offering(make.make_article(f"Artikel {number:02d}"), member)
    pages = [names(visit().page(f"/katalog?sida={number}")) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [24, 24, 2]
    assert list(chain.from_iterable(pages)) == [f"Artikel {number:02d}" for number in range(50)]
    assert names(visit().page("/katalog?sida=400")) == pages[2], "a page beyond the last is the last"
    assert "50 träffar" in text(visit().page("/katalog"))


def test_a_page_takes_few_statements_however_much_there_is(shop, visit, queries):
    member = make.make_member()
    for number in range(60):
        make.make_offering(make.make_article(f"Artikel {number}"), member)
    save()
    visitor = visit()
    everything = "/katalog?q=artikel&kommun=1480&senast=2026-12-04&medlem=ljungbacken&kategori=frukt"
    shelf.clear()
    # Whoever comes first to a process pays for what it remembers; later searches ask for what is their own.
    spoken = "/katalog?q=artikel i Göteborg"
    for path, most in (("/katalog", 12), ("/katalog?q=artikel", 8), (everything, 8), (spoken, 8)):
        with queries() as seen:
            visitor.page(path)
        assert len(seen) <= most, "\n".join(seen)
        with queries() as seen:
            visitor.page(path)
        assert len(seen) == 1, seen
    shelf.clear()
    with queries() as seen:
        visitor.page(everything)
    assert len(seen) <= 12, "\n".join(seen)


def test_a_change_shows_at_once_though_pages_are_kept(shop, visit):
    assert names(visit().page("/katalog")) == ["Fruktkorg", "Fönsterputs"]
    article = db.session.scalars(db.select(make.Article).where(make.Article.slug == "fruktkorg")).one()
    actions.withdraw_article(article, by=make.make_sam(), now=datetime(2026, 11, 23, tzinfo=UTC))
    assert names(visit().page("/katalog")) == ["Fönsterputs"]


def test_what_another_process_adds_shows_at_once(shop, visit):
    visit().page("/katalog")
    category = make.make_category(slug="nytt", name_sv="Nytt slag")
    article = make.make_article("Nyhet", slug="nyhet", category=category)
    make.make_offering(article, make.make_member(slug="nykomling", name="Nykomling ek. för."))
    indexing.reindex(article)
    assert "Nytt slag" in card(visit().page("/katalog?medlem=nykomling"), "Nyhet")
    assert "Nytt slag" in text(visit().page("/katalog/nyhet"))


def test_kept_pages_hold_nothing_of_another_viewer(shop, visit):
    make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    private, company = visit(), visit("kontor@nordbyn.example")
    for _ in range(2):
        assert "224,72 kr per st, inkl. moms" in card(private.page("/katalog"), "Fruktkorg")
        assert "212 kr per st, exkl. moms" in card(company.page("/katalog"), "Fruktkorg")
    tokens = {
        visitor.page("/katalog").cssselect("form.vat-switch input[name=csrf_token]")[0].get("value")
        for visitor in (private, company)
    }
    assert len(tokens) == 2


def test_prices_are_shown_as_the_viewer_chose(shop, visit):
    visitor = visit()
    assert "265 kr" in card(visitor.page("/katalog"), "Fönsterputs")
    answer = visitor.post("/moms", data={"with_vat": "0", "next": "/katalog"})
    assert answer.status_code == 303
    assert "212 kr per st, exkl. moms" in card(visitor.page("/katalog"), "Fönsterputs")


def test_the_rate_follows_from_the_day(shop, visit, clock):
    assert "224,72 kr" in text(visit().page("/katalog/fruktkorg")), "6 per cent from April 2026"
    clock.set(datetime(2028, 1, 3, 8, tzinfo=UTC))
    shelf.clear()
    assert "237,44 kr" in text(visit().page("/katalog/fruktkorg")), "12 per cent again from 2028"


def test_an_article_says_what_one_needs_to_know(shop, visit):
    page = text(visit().page("/katalog/fonsterputs"))
    for words in ("265,00 kr per st, inkl. moms", "Rena Rum", "Ljungbacken", "Mölndal", "Göteborg", "5 arbetsdagar"):
        assert words in page, words
    assert "Tidigaste leverans mån 30 nov" in page
    assert "25 %" in page


def test_a_conference_has_two_rates(app, visit):
    article = make.make_article("Konferensdag", slug="dag", vat_class=VatClass.CONFERENCE, price=Money.kronor(425))
    make.make_offering(article, make.make_member())
    page = text(visit().page("/katalog/dag"))
    assert "25 % och 12 %" in page
    assert "498,10 kr" in page


def test_the_basket_takes_what_the_page_sends(shop, visit):
    visitor = visit()
    answer = visitor.fill("/katalog/fruktkorg", {"quantity": "3"}, form="form[action='/varukorg/lagg-i']")
    assert answer.status_code == 303
    assert "Fruktkorg" in text(visitor.page("/varukorg"))


@pytest.mark.parametrize("state", [ApprovalState.PROPOSED, ApprovalState.DECLINED, ApprovalState.WITHDRAWN])
def test_what_is_not_sold_looks_as_if_it_were_not_there(app, visit, state):
    hidden = make.make_article("Dold", slug="dold", state=state)
    make.make_offering(hidden, make.make_member())
    unmade = make.make_article("Omakad", slug="omakad")
    make.make_offering(unmade, make.make_member(), state=state)
    make.make_article("Ingens", slug="ingens")
    for slug in ("dold", "omakad", "ingens", "finns-inte", "../etc"):
        assert visit().get(f"/katalog/{slug}").status_code == 404, slug
    assert names(visit().page("/katalog")) == []


def test_what_people_wrote_cannot_become_part_of_the_page(app, visit):
    member = make.make_member(name="<b>Fet</b>", about="<script>alert(1)</script>")
    make.make_offering(make.make_article("<i>Lutad</i>", slug="lutad", description="<img src=x>"), member)
    indexing.reindex_all()
    for path in ("/katalog?q=%3Cscript%3E", "/katalog", "/katalog/lutad"):
        page = visit().page(path)
        assert not page.cssselect("main script, main i, main b, main img[src=x]"), path


def test_the_start_page_leads_into_the_catalogue(shop, visit):
    page = visit().page("/")
    links = {link.get("href") for link in page.cssselect("main a")}
    assert {"/katalog", "/katalog?kategori=frukt", "/katalog?kategori=stad"} <= links
    assert page.cssselect("form[action='/katalog'] input[name=q]")
