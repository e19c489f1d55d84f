"""Customers get to know the members: a list by place, and a page for each that sells something."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock
from app.catalog import actions, indexing, maker_index, makers
from app.catalog.drafts import Terms
from app.catalog.models import ApprovalState, Offering
from app.db import db
from app.members.proof_models import Certificate, Criterion, OutcomeYear, SocialProof
from tests import make
from tests.furnished import furnished
from tests.people import save, text


@furnished
def ljungbacken(app):
    """Ljungbacken in Göteborg makes baskets; Rena Rum in Mölndal cleans, also in Borås; Köksljus sells nothing yet."""
    make.make_sales_company()
    fruit = make.make_category(slug="frukt", name_sv="Frukt")
    cleaning = make.make_category(slug="stadning", name_sv="Städning")
    member = make.make_ljungbacken(about="Vi packar frukt.\nFör hand.", purpose="Arbete åt fler.")
    make.make_offering(make.make_article("Fruktkorg", slug="fruktkorg", category=fruit), member)
    clean = make.make_article("Kontorsstädning", category=cleaning)
    make.make_offering(clean, make.make_rena_rum(), municipalities=(make.MOLNDAL, make.BORAS))
    waits = make.make_offering(clean, make.make_kokljus())
    waits.state = ApprovalState.WITHDRAWN
    indexing.reindex_all()
    save()
    return member


def names(page) -> list[str]:
    return [text(heading) for heading in page.cssselect(".articles h3")]


def test_the_list_holds_those_who_sell_by_county_and_place(ljungbacken, visit):
    page = visit().page("/medlemmar")
    assert names(page) == ["Ljungbacken Frukt", "Rena Rum Städkooperativ"]
    assert [text(heading) for heading in page.cssselect("main h2")] == ["Västra Götalands län"]
    assert "Köksljus" not in text(page)
    assert "Samklang" not in text(page.cssselect("main")[0])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=rena", ["Rena Rum Städkooperativ"]),
        ("q=%25", []),
        ("q=%27%22--", []),
        ("kommun=1490", ["Rena Rum Städkooperativ"]),
        ("kommun=1480", ["Ljungbacken Frukt"]),
        ("kategori=frukt", ["Ljungbacken Frukt"]),
        ("kategori=frukt&kommun=1490", []),
        ("sida=999", ["Ljungbacken Frukt", "Rena Rum Städkooperativ"]),
        ("sida=-1", ["Ljungbacken Frukt", "Rena Rum Städkooperativ"]),
        ("sida=" + "9" * 50, ["Ljungbacken Frukt", "Rena Rum Städkooperativ"]),
        ("q=" + "x" * 5000, []),
    ],
)
def test_the_list_is_narrowed(ljungbacken, visit, asked, found):
    page = visit().page(f"/medlemmar?{asked}")
    assert names(page) == found
    assert bool(page.cssselect(".empty-state")) == (not found)


@pytest.mark.parametrize(
    ("asked", "fields"),
    [("kommun=9999", ["kommun"]), ("kategori=zz", ["kategori"]), ("kommun=Borås&kategori=zz", ["kommun", "kategori"])],
)
def test_what_is_in_no_list_is_refused_as_in_the_catalogue(ljungbacken, visit, asked, fields):
    page = visit().page(f"/medlemmar?{asked}", status=422)
    links = page.cssselect(".error-summary a")
    assert [link.get("href") for link in links] == [f"#{field}" for field in fields]
    said = text(visit().page("/katalog?kommun=9999", status=422).cssselect(".error-summary li")[0])
    assert [text(link) for link in links] == [said] * len(fields)
    assert [one.get("id") for one in page.cssselect("[aria-invalid=true]")] == fields
    assert names(page) == []


def test_no_page_grows_with_the_members(ljungbacken, visit, queries):
    article = make.make_article("Paketering")
    for _ in range(makers.PAGE + 3):
        make.make_offering(article, make.make_member())
    indexing.reindex(article)
    save()
    stranger = visit()
    stranger.get("/medlemmar")
    with queries() as seen:
        first = stranger.page("/medlemmar")
    assert len(names(first)) == makers.PAGE
    assert len(seen) <= 8, seen
    second = stranger.page(first.cssselect("a[rel=next]")[0].get("href"))
    assert len(names(second)) == 5
    assert not set(names(first)) & set(names(second))


def test_a_page_tells_who_where_and_what(ljungbacken, visit):
    page = visit().page("/medlemmar/ljungbacken")
    told = text(page)
    for words in ("Vi packar frukt.", "Arbete åt fler.", "Provgatan 1", "769999-0011", "Göteborg, Mölndal"):
        assert words in told
    assert names(page) == ["Fruktkorg"]
    assert page.cssselect('a[href="/katalog?medlem=ljungbacken"]')
    assert ljungbacken.email not in told, "customers write to the sales company"
    assert "Kim Exempel" not in told
    assert page.cssselect("title")[0].text.startswith("Ljungbacken Frukt")
    article = visit().page("/katalog/fruktkorg")
    assert article.cssselect('a[href="/medlemmar/ljungbacken"]')


def test_who_sells_nothing_and_the_sales_company_have_no_page(ljungbacken, visit):
    for slug in ("kokljus", "samklang", "finns-inte", "x" * 200, "%00", "a%27b", "Ljungbacken"):
        assert visit().get(f"/medlemmar/{slug}").status_code in {400, 404}, slug
    offering = db.session.scalars(select(Offering).where(Offering.member_id == ljungbacken.id)).one()
    actions.withdraw_article(offering.article, by=make.make_sam(), now=clock.now())
    save()
    assert visit().get("/medlemmar/ljungbacken").status_code == 404
    assert names(visit().page("/medlemmar")) == ["Rena Rum Städkooperativ"]


def test_proof_is_shown_as_it_was_found(ljungbacken, visit):
    found = {"member": ljungbacken, "checked_on": date(2026, 9, 30), "checked_by": "Sam Exempel"}
    db.session.add(SocialProof(criterion=Criterion.PURPOSE, fulfilled=True, how="Stadgarnas § 2", **found))
    db.session.add(SocialProof(criterion=Criterion.INDEPENDENCE, fulfilled=False, how="Kommunen äger hälften", **found))
    save()
    sheets = [text(sheet) for sheet in visit().page("/medlemmar/ljungbacken").cssselect(".proof > li")]
    assert sheets[0].startswith("Ändamål ja")
    assert "Stadgarnas § 2" in sheets[0]
    assert "Kontrollerat av Samklang Sälj ek. för." in sheets[0]
    assert "inte kontrollerat än" in sheets[1]
    assert sheets[3].startswith("Självständighet nej")
    assert "Sam Exempel" not in " ".join(sheets)


def test_a_certificate_that_has_run_out_is_not_shown(ljungbacken, visit):
    for number, last in (("GAMMAL-1", date(2026, 11, 22)), ("SISTA-2", date(2026, 11, 23))):
        days = {"issued_on": date(2023, 11, 23), "valid_to": last}
        db.session.add(Certificate(member=ljungbacken, name="Certifikat", number=number, **days))
    save()
    told = text(visit().page("/medlemmar/ljungbacken"))
    assert "SISTA-2" in told, "it holds today, its last day"
    assert "GAMMAL-1" not in told


def test_the_share_is_numbers_and_never_few_persons(ljungbacken, visit):
    make.make_head_count(ljungbacken, counted_on=date(2025, 10, 1), occupied=20, target_group=13)
    latest = make.make_head_count(ljungbacken, counted_on=date(2026, 10, 1), occupied=50, target_group=31)
    save()
    assert "62 % av de sysselsatta" in text(visit().page("/medlemmar/ljungbacken"))
    assert "31 av 50" in text(visit().page("/medlemmar/ljungbacken"))
    latest.occupied, latest.target_group = 6, 4
    save()
    told = text(visit().page("/medlemmar/ljungbacken"))
    assert "Färre än 5 av de sysselsatta" in told
    assert "66 %" not in told
    assert "4 av 6" not in told


def test_outcomes_are_shown_when_checked_and_small_groups_are_not(ljungbacken, visit):
    checked = {"member": ljungbacken, "checked_on": date(2026, 3, 1), "checked_by": "Sam"}
    db.session.add(OutcomeYear(year=2024, places=1044, hours=41200, to_work=9, to_studies=3, **checked))
    db.session.add(OutcomeYear(year=2023, places=4, hours=3777, to_work=0, to_studies=0, **checked))
    waits = {"member": ljungbacken, "checked_on": None, "checked_by": ""}
    db.session.add(OutcomeYear(year=2025, places=77, hours=55555, to_work=8, to_studies=8, **waits))
    save()
    lines = visit().page("/medlemmar/ljungbacken").cssselect("main tbody tr")
    rows = [" | ".join(text(cell) for cell in line) for line in lines]
    assert rows == [
        "2024 | 1 044 | 41 200 | 9 | färre än 5",
        "2023 | färre än 5 | visas inte | färre än 5 | färre än 5",
    ]


def test_a_page_takes_few_statements(ljungbacken, visit, queries):
    category = make.any_category()
    for number in range(40):
        make.make_offering(make.make_article(f"Artikel {number:02d}", category=category), ljungbacken)
    indexing.reindex_all()
    save()
    stranger = visit()
    stranger.get("/medlemmar/ljungbacken")
    with queries() as seen:
        page = stranger.page("/medlemmar/ljungbacken")
    assert len(names(page)) == 6
    assert "Se alla 41 artiklar i katalogen" in text(page)
    assert len(seen) <= 16, seen


def test_an_english_reader_is_served(ljungbacken, visit):
    reader = visit()
    reader.post("/sprak", data={"language": "en"})
    assert "Our members" in text(reader.page("/medlemmar"))
    assert "What they make" in text(reader.page("/medlemmar/ljungbacken"))


def test_the_index_follows_every_act(ljungbacken):
    """What follow() keeps act by act is what a rebuild would write."""
    sam, now = make.make_sam(), clock.now()
    offering = db.session.scalars(select(Offering).where(Offering.member_id == ljungbacken.id)).one()
    offering.version = 1  # As it has when staff have said yes to it.
    article, other = offering.article, make.make_article("Kaffe", category=make.make_category(slug="kaffe"))
    terms = Terms(Decimal(10), 2, frozenset({make.BORAS}))
    steps = [
        lambda: actions.add_offering(other, ljungbacken, terms, other.price, by=sam, now=now),
        lambda: actions.withdraw_offering(offering, by=sam, now=now),
        lambda: actions.restore_offering(offering, by=sam, now=now),
        lambda: actions.change_terms(offering, terms, by=sam, now=now),
        lambda: actions.withdraw_article(other, by=sam, now=now),
        lambda: moved(article, other.category_id),
        lambda: actions.restore_article(other, by=sam, now=now),
    ]
    for number, step in enumerate(steps):
        step()
        kept = index()
        maker_index.rebuild()
        assert kept == index(), number
    assert len(index()[0]) == 2


def moved(article, category_id: int) -> None:
    article.category_id = category_id
    indexing.reindex(article)


def index() -> tuple[list[tuple[int, int]], list[tuple[str, int]]]:
    categories = select(maker_index.MakerCategory.category_id, maker_index.MakerCategory.member_id)
    municipalities = select(maker_index.MakerPlace.municipality, maker_index.MakerPlace.member_id)
    return tuple(sorted(map(tuple, db.session.execute(query))) for query in (categories, municipalities))
