"""Staff have a catalogue printed, wait for it, and let customers fetch it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import files, jobs
from app.accounts.models import RoleName
from app.catalog import picture_actions, price_actions, print_queries, print_terms, queries
from app.catalog.kinds import ArticleKind, Withdrawal
from app.catalog.models import OfferingArea
from app.catalog.price_steps import Step
from app.catalog.pricing import ListKind
from app.catalog.print_gathering import check_size, gather
from app.catalog.print_models import CataloguePrint, PrintState
from app.catalog.print_values import PrintedPrices, PrintOptions
from app.customers.models import CustomerKind
from app.db import db
from app.errors import Refused
from app.jobs import JobState
from app.money import Money
from app.vat import VatClass
from tests import make, people
from tests.people import text
from tests.photos import photo
from tests.price_lists import make_housing, make_list

PAGE = "/personal/katalog/tryck"
PUBLIC = {"audience": "public", "prices": "net", "municipality": "", "category": "", "price_list": ""}
NET = PrintOptions(CustomerKind.PUBLIC, PrintedPrices.NET)
GROSS = PrintOptions(CustomerKind.PRIVATE, PrintedPrices.GROSS)


@pytest.fixture
def sold(app):
    """A fruit basket made by two, window cleaning in Mölndal only, and a placement."""
    fruit, clean = make.make_category(name_sv="Frukt", position=1), make.make_category(name_sv="Städning", position=2)
    make.make_sales_company()
    ljungbacken, rena_rum = make.make_ljungbacken(about="Vi packar frukt."), make.make_rena_rum()
    make.make_head_count(ljungbacken)
    basket = make.make_article(
        number="FRU-001",
        category=fruit,
        content=Decimal(5),
        content_unit="KGM",
        allergens=["milk", "nuts"],
        withdrawal=Withdrawal.PERISHABLE,
        deposit=Money(6000),
    )
    window = make.make_article(
        "Fönsterputs",
        number="STA-001",
        category=clean,
        unit="MTK",
        rut=True,
        price=Money(1350),
        vat_class=VatClass.STANDARD,
    )
    place = make.make_article(
        "Arbetsträningsplats",
        number="ARB-001",
        category=clean,
        kind=ArticleKind.PLACEMENT,
        unit="DAY",
        vat_class=VatClass.STANDARD,
    )
    make.make_offering(basket, ljungbacken)
    make.make_offering(basket, rena_rum, lead_days=5)
    make.make_offering(window, rena_rum, municipalities=[make.MOLNDAL])
    make.make_offering(place, rena_rum)
    db.session.commit()
    return {"basket": basket, "window": window, "place": place, "fruit": fruit, "clean": clean}


@pytest.fixture
def sam(sold, visit):
    return visit(make.make_sam().email)


def named(options, clock):
    return [article.name for article in gather(options, now=clock.now).articles]


def the_print() -> CataloguePrint:
    db.session.expire_all()
    return db.session.scalars(select(CataloguePrint).order_by(CataloguePrint.id.desc())).first()


def words_of(data: bytes, tmp_path) -> str:
    """What is read aloud, in the order of the tags."""
    (tmp_path / "it.pdf").write_bytes(data)
    done = subprocess.run(
        ["pdfinfo", "-struct-text", str(tmp_path / "it.pdf")], capture_output=True, text=True, check=True
    )
    return " ".join(" ".join(re.findall(r'"(.*)"', done.stdout)).split())


def test_staff_order_a_catalogue_and_read_it(sam, work_off, tmp_path):
    assert sam.post(PAGE, data=PUBLIC).status_code == 303
    waiting = people.text(sam.page(PAGE))
    assert "Väntar på sin tur" in waiting
    assert "0 av 100" in waiting
    work_off()
    row = the_print()
    assert (row.state, row.articles, row.done) == (PrintState.READY, 3, 100)
    assert row.by_name == "Sam Exempel"
    ready = people.text(sam.page(PAGE))
    assert f"3 artiklar på {row.pages} sidor" in ready
    answer = sam.get(f"{PAGE}/{row.id}.pdf")
    assert answer.mimetype == "application/pdf"
    text = words_of(answer.data, tmp_path)
    assert "Fruktkorg 5 kg FRU-001" in text
    assert "212,00 kr per styck exkl. moms + pant 60,00 kr" in text
    assert "För offentliga köpare" in text
    assert "Innehåller mjölk och nötter." in text


def test_the_book_has_title_language_bookmarks_and_links(sam, work_off):
    sam.post(PAGE, data=PUBLIC)
    work_off()
    with pikepdf.open(BytesIO(files.read(the_print().file))) as book:
        assert str(book.docinfo.Title).replace("\xa0", " ") == "Katalog för offentliga köpare: 23 november 2026"
        assert str(book.Root.Lang) == "sv"
        assert book.Root.MarkInfo.Marked
        with book.open_outline() as outline:
            chapters = {chapter.title: [one.title for one in chapter.children] for chapter in outline.root}
        assert list(chapters) == ["Så köper ni", "Frukt", "Städning", "Våra medlemmar", "Register"]
        assert chapters["Städning"] == ["Arbetsträningsplats", "Fönsterputs"]
        assert chapters["Register"] == ["Efter namn", "Efter artikelnummer"]
        links = [note for note in book.pages[1].Annots if note.Subtype == "/Link"]
        assert len(links) == 5


def test_only_public_buyers_see_work_training(sold, clock):
    assert "Arbetsträningsplats" in named(NET, clock)
    for kind in (CustomerKind.COMPANY, CustomerKind.PRIVATE):
        assert named(PrintOptions(kind, PrintedPrices.GROSS), clock) == ["Fruktkorg 5 kg", "Fönsterputs"]


def test_only_private_people_read_of_deductions_and_withdrawal(sold, clock, visit):
    private = {one.number: one for one in gather(GROSS, now=clock.now).articles}
    (deduction,) = (fact for fact in private["STA-001"].facts if "RUT-avdrag" in fact)
    assert "Vi kan ännu inte göra avdraget, så du betalar hela priset." in deduction
    assert deduction in text(visit(None).page(f"/katalog/{sold['window'].slug}")), "paper and page say the same"
    assert "Ingen ångerrätt: varan blir snabbt för gammal." in private["FRU-001"].facts
    company = gather(PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET), now=clock.now).articles
    said = " ".join(fact for one in company for fact in one.facts)
    assert "avdrag" not in said
    assert "ångerrätt" not in said


def test_private_people_see_vat_and_the_comparison_price(sold, clock):
    basket = gather(GROSS, now=clock.now).articles[0]
    assert (basket.price.amount, basket.price.vat_words) == (Money(22472), "inkl. moms")  # 6 % on food in 2026
    assert (basket.price.compared, basket.price.compared_in) == (Money(4494), "kg")
    public = gather(NET, now=clock.now).articles[0]
    assert (public.price.amount, public.price.vat_words, public.price.compared) == (Money(21200), "exkl. moms", None)


def test_prices_without_vat_for_private_people_are_refused(sam):
    answer = sam.post(PAGE, data={**PUBLIC, "audience": "private"})
    assert answer.status_code == 422
    assert "ska visa priser inklusive moms" in answer.text
    assert the_print() is None


def test_a_municipality_keeps_what_is_delivered_there_and_who_does_it(sold, clock):
    molndal = gather(PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, make.MOLNDAL), now=clock.now)
    assert [one.name for one in molndal.articles] == ["Fruktkorg 5 kg", "Fönsterputs"]
    assert molndal.municipality == "Mölndal"
    assert all(one.municipalities == () for one in molndal.articles)
    gothenburg = gather(PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, make.GOTHENBURG), now=clock.now)
    assert [one.name for one in gothenburg.articles] == ["Fruktkorg 5 kg"]
    nowhere = PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, make.BORAS)
    with pytest.raises(Refused, match="Inga artiklar passar"):
        gather(nowhere, now=clock.now)


def test_one_category(sold, clock):
    edition = gather(PrintOptions(CustomerKind.PUBLIC, PrintedPrices.NONE, category_id=sold["clean"].id), now=clock.now)
    assert [section.name for section in edition.sections] == ["Städning"]
    assert edition.category == "Städning"
    assert [article.price for article in edition.articles] == [None, None]
    assert [member.name for member in edition.members] == ["Rena Rum Städkooperativ ek. för."]


def test_what_is_withdrawn_is_not_printed(sold, clock):
    sold["window"].offerings[0].state = "withdrawn"
    db.session.flush()
    assert "Fönsterputs" not in named(NET, clock)


def test_members_say_who_they_are_and_how_many_they_employ(sold, clock):
    first, second = gather(NET, now=clock.now).members
    assert (first.name, first.place, first.percent) == ("Ljungbacken Frukt ek. för.", "Göteborg", 60)
    assert second.percent is None


def test_a_share_of_few_people_is_not_told(sold, clock):
    make.make_head_count(sold["window"].offerings[0].member, occupied=4, target_group=3)
    assert gather(NET, now=clock.now).members[1].percent is None


def test_what_members_are_paid_is_nowhere(sold, clock):
    assert "16960" not in repr(gather(NET, now=clock.now))  # 169,60 kr: four fifths of the basket's price


def test_photographs_are_printed_with_their_descriptions(sold, sam, work_off, clock):
    user = make.make_user(roles=[RoleName.SALES])
    picture_actions.add_picture(sold["basket"], photo(), "En korg med äpplen", by=user, now=clock.now)
    sam.post(PAGE, data=PUBLIC)
    work_off()
    with pikepdf.open(BytesIO(files.read(the_print().file))) as book:
        described = [str(one.Alt) for one in book.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        assert described == ["En korg med äpplen"]


def test_the_bar_moves_and_survives_a_reload(sam, sold, house, monkeypatch):
    sam.post(PAGE, data=PUBLIC)
    seen = []
    checkpoint = jobs.checkpoint

    def look():
        checkpoint()
        if db.session.scalar(select(CataloguePrint.done)):
            seen.append(people.text(sam.page(PAGE)))
        db.session.rollback()

    monkeypatch.setattr(jobs, "checkpoint", look)
    with house.app.app_context():
        jobs.work_off()
    assert any("Katalogen görs" in page for page in seen)
    assert the_print().state == PrintState.READY


def test_a_deposit_has_the_vat_of_what_does_not_come_back(sold, clock):
    """60 kronor for a basket, which is no food: 25 %, as on the web."""
    (basket,) = [one for one in gather(GROSS, now=clock.now).articles if one.price.deposit]
    assert basket.price.deposit == Money(7500)


def test_printing_twice_makes_one_file(sam, sold, work_off):
    sam.post(PAGE, data=PUBLIC)
    work_off()
    first = the_print().file_id
    jobs.enqueue("app.catalog.printing.print_catalogue", print_id=the_print().id)
    work_off()
    assert the_print().file_id == first
    assert len(db.session.scalars(select(files.StoredFile)).all()) == 1


def test_what_has_gone_meanwhile_is_told_in_words(sam, sold, work_off):
    sam.post(PAGE, data=PUBLIC)
    for name in ("basket", "window", "place"):
        sold[name].state = "withdrawn"
    work_off()
    assert the_print().state == PrintState.FAILED
    assert "Inga artiklar passar urvalet." in people.text(sam.page(PAGE))
    assert the_print().job.state == JobState.DONE


def test_a_print_that_is_taken_away_is_gone_from_the_disk_too(sam, sold, work_off):
    sam.post(PAGE, data=PUBLIC)
    work_off()
    assert len(list(files.folder().glob("*/*"))) == 1
    sam.post(f"{PAGE}/{the_print().id}/remove")
    work_off()
    assert (list(files.folder().glob("*/*")), db.session.scalars(select(files.StoredFile)).all()) == ([], [])


def test_a_print_that_was_taken_away_is_not_finished(sam, sold, work_off):
    sam.post(PAGE, data=PUBLIC)
    sam.post(f"{PAGE}/{the_print().id}/remove")
    work_off()
    assert the_print() is None
    assert db.session.scalars(select(files.StoredFile)).all() == []


def test_customers_fetch_what_is_published_for_their_kind(sam, sold, visit, work_off):
    town = visit(make.make_user(customer=make.make_vasterhamn()).email)
    assert town.get("/katalog.pdf").status_code == 404
    assert "Katalogen som PDF" not in town.get("/katalog").text
    sam.post(PAGE, data=PUBLIC)
    work_off()
    row = the_print()
    assert town.get("/katalog.pdf").status_code == 404
    assert sam.post(f"{PAGE}/{row.id}/publish").status_code == 303
    assert "Katalogen som PDF" in town.get("/katalog").text
    assert town.get("/katalog.pdf").data == files.read(row.file)
    assert visit(None).get("/katalog.pdf").status_code == 404
    sam.post(f"{PAGE}/{row.id}/unpublish")
    assert town.get("/katalog.pdf").status_code == 404


@pytest.mark.parametrize("act", ["unpublish", "remove"])
def test_visitors_are_told_of_the_one_for_private_people_as_soon_as_it_is_published(sam, sold, visit, work_off, act):
    """Only who was signed in was told. Publishing makes old what any process remembers, not only this one."""
    visitor = visit(None)
    assert "Katalogen som PDF" not in visitor.get("/katalog").text
    sam.post(PAGE, data={**PUBLIC, "audience": "private", "prices": "gross"})
    work_off()
    before = queries.edition()
    sam.post(f"{PAGE}/{the_print().id}/publish")
    assert queries.edition() == before + 1
    assert "Katalogen som PDF" in visitor.get("/katalog").text
    assert visitor.get("/katalog.pdf").data.startswith(b"%PDF-")
    sam.post(f"{PAGE}/{the_print().id}/{act}")
    assert queries.edition() == before + 2
    assert "Katalogen som PDF" not in visitor.get("/katalog").text
    assert visitor.get("/katalog.pdf").status_code == 404


def test_the_newest_published_counts(sam, sold, visit, work_off, clock):
    for _ in range(2):
        sam.post(PAGE, data={**PUBLIC, "audience": "private", "prices": "gross"})
        work_off()
        sam.post(f"{PAGE}/{the_print().id}/publish")
        clock.move(days=1)
    assert print_queries.published_file(CustomerKind.PRIVATE).id == the_print().file_id
    sam.post(f"{PAGE}/{the_print().id}/remove")
    assert visit(None).get("/katalog.pdf").status_code == 200


def test_a_part_of_the_catalogue_cannot_be_published(sam, sold, work_off):
    sam.post(PAGE, data={**PUBLIC, "municipality": make.MOLNDAL})
    work_off()
    answer = sam.post(f"{PAGE}/{the_print().id}/publish")
    assert answer.status_code == 409
    assert the_print().published_at is None


def test_finance_reads_but_does_not_order(sold, visit, work_off):
    finance = visit(make.make_user(roles=[RoleName.FINANCE]).email)
    assert finance.get(PAGE).status_code == 200
    assert finance.post(PAGE, data=PUBLIC).status_code == 403
    assert the_print() is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"audience": "all"},
        {"prices": ""},
        {"municipality": "9999"},
        {"category": "finns-inte"},
        {"price_list": "99"},
        {"price_list": "frukt"},
        {"price_list": "٣"},
        {"price_list": "9" * 30},
        {"municipality": make.BORAS},
    ],
)
def test_nonsense_is_refused(sam, wrong):
    assert sam.post(PAGE, data={**PUBLIC, **wrong}).status_code == 422
    assert the_print() is None


def test_others_find_no_door(sold, visit):
    assert visit(None).get(PAGE).status_code == 302
    member = visit(make.make_user(member=sold["window"].offerings[0].member).email)
    assert member.get(PAGE).status_code == 403


@pytest.fixture
def town(sold):
    """Västerhamn, which may call off from a framework agreement about fruit."""
    town = make.make_vasterhamn()
    rows = {sold["basket"]: [(0, 19000), (10, 18000)]}
    agreement = make_list(ListKind.FRAMEWORK, rows, name="Frukt", customers=[town], valid_to=date(2027, 6, 30))
    return town, agreement


def prices_in(options, clock):
    return {one.number: one.price for one in gather(options, now=clock.now).articles}


def test_lists_for_everybody_are_printed_and_campaigns_are_not(sold, clock):
    make_list(ListKind.STANDARD, {sold["basket"]: [(0, 20000), (10, 19000)]})
    make_list(ListKind.CAMPAIGN, {sold["basket"]: 10000})
    basket = prices_in(NET, clock)["FRU-001"]
    assert (basket.amount, basket.mark) == (Money(20000), "")
    assert basket.steps == (Step(Decimal(10), Money(19000)),)
    private = prices_in(GROSS, clock)["FRU-001"]
    assert (private.amount, private.steps[0].price) == (Money(21200), Money(20140))
    assert private.compared == Money(4240)


def test_a_list_that_has_not_begun_is_not_printed(sold, clock):
    make_list(ListKind.STANDARD, {sold["basket"]: 20000}, valid_from=date(2026, 11, 25))
    assert prices_in(NET, clock)["FRU-001"].amount == Money(21200)
    clock.move(days=2)
    assert prices_in(NET, clock)["FRU-001"].amount == Money(20000)


def test_own_prices_are_printed_for_nobody_else(sold, town, clock):
    assert prices_in(NET, clock)["FRU-001"].amount == Money(21200)


def test_a_catalogue_for_the_buyers_of_a_framework_agreement(sold, town, sam, work_off, tmp_path, clock):
    _buyer, agreement = town
    make_list(ListKind.STANDARD, {sold["basket"]: 15000})  # Cheaper, but an agreement binds both sides.
    page = sam.page(f"{PAGE}?prislista={agreement.id}")
    assert page.cssselect("#price_list option[selected]")[0].text == "Frukt"
    assert sam.post(PAGE, data={**PUBLIC, "price_list": str(agreement.id)}).status_code == 303
    work_off()
    row = the_print()
    assert row.file.name == "katalog-offentliga-frukt-2026-11-23.pdf"
    text = words_of(files.read(row.file), tmp_path)
    assert "Priser enligt ramavtal INK 2026/114, exklusive moms Giltiga till och med 30 juni 2027" in text
    assert "Västerhamns kommun" in text
    assert "190,00 kr per styck avtalspris exkl. moms + pant 60,00 kr" in text
    assert "Mängdpris per styck: 180,00 kr från 10." in text
    assert "De andra är våra ordinarie priser den 23 november 2026." in text
    listed = people.text(sam.page(PAGE))
    assert "Offentliga köpare, Frukt" in listed
    assert "Visa den för kunder" not in listed


def test_of_many_lists_the_wanted_one_is_always_offered(sam, sold, town, monkeypatch):
    monkeypatch.setattr(print_terms, "MOST_OFFERED", 1)
    make_list(ListKind.CUSTOMER, {sold["basket"]: 100}, name="Andra", customers=[town[0]])
    offered = [option.text for option in sam.page(PAGE).cssselect("#price_list option")]
    assert offered == ["Allas, utan kampanjer", "Andra"]
    asked = sam.page(f"{PAGE}?prislista={town[1].id}")
    assert [option.text for option in asked.cssselect("#price_list option[selected]")] == ["Frukt"]
    assert sam.post(PAGE, data={**PUBLIC, "price_list": str(town[1].id)}).status_code == 303


def test_own_prices_are_never_published(sam, town, work_off):
    sam.post(PAGE, data={**PUBLIC, "price_list": str(town[1].id)})
    work_off()
    assert sam.post(f"{PAGE}/{the_print().id}/publish").status_code == 409
    assert the_print().published_at is None


def test_the_lists_of_a_customer_and_of_a_group(sold, clock):
    nordbyn = make.make_nordbyn()
    own = make_list(ListKind.CUSTOMER, {sold["window"]: 30000}, customers=[nordbyn])
    group = make_list(ListKind.GROUP, {sold["window"]: 31000}, group=make_housing(nordbyn))
    for price_list, ore in ((own, 30000), (group, 31000)):
        options = PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, price_list_id=price_list.id)
        made = prices_in(options, clock)
        assert (made["STA-001"].amount, made["STA-001"].mark) == (Money(ore), "eget pris")
        assert (made["FRU-001"].amount, made["FRU-001"].mark) == (Money(21200), "")
    assert gather(options, now=clock.now).listed.buyers == ("Bostadsrättsföreningar",)


def test_lists_that_cannot_be_printed_are_refused(sam, sold, town, clock):
    buyer, agreement = town
    later = make_list(ListKind.CUSTOMER, {sold["basket"]: 1}, customers=[buyer], valid_from=date(2026, 12, 1))
    open_list = make_list(ListKind.STANDARD, {sold["basket"]: 15000}, name="Alla")
    for price_list, audience, why in (
        (later, CustomerKind.PUBLIC, "gäller inte i dag"),
        (open_list, CustomerKind.PUBLIC, "som är någras egen"),
        (agreement, CustomerKind.COMPANY, "gäller inga företag"),
    ):
        with pytest.raises(Refused, match=why):
            gather(PrintOptions(audience, PrintedPrices.NET, price_list_id=price_list.id), now=clock.now)
        chosen = {**PUBLIC, "audience": audience.value, "price_list": str(price_list.id)}
        assert sam.post(PAGE, data=chosen).status_code == 422
    none = sam.post(PAGE, data={**PUBLIC, "prices": "none", "price_list": str(agreement.id)})
    assert "kan inte följa en prislista" in none.text
    assert the_print() is None


def test_a_list_that_ends_before_the_work_is_done_is_told_in_words(sam, town, work_off):
    sam.post(PAGE, data={**PUBLIC, "price_list": str(town[1].id)})
    price_actions.end_list(town[1], by=make.make_user(), now=app_clock.now())
    db.session.commit()
    work_off()
    assert "Prislistan Frukt gäller inte i dag" in people.text(sam.page(PAGE))


def test_prices_are_asked_for_in_batches(sold, town, clock, queries, monkeypatch):
    options = replace(NET, price_list_id=town[1].id)
    make_list(ListKind.STANDARD, {sold["window"]: 100})
    gather(options, now=clock.now)
    with queries() as at_once:
        gather(options, now=clock.now)
    monkeypatch.setattr(print_terms, "CHUNK", 2)
    with queries() as seen:
        gather(options, now=clock.now)
    rows = [[sql for sql in some if "FROM price_row" in sql] for some in (at_once, seen)]
    assert [len(some) for some in rows] == [1, 2]  # for three articles
    assert len(seen) == len(at_once) + 1


EVERYWHERE = (make.GOTHENBURG, make.MOLNDAL, make.BORAS)


@pytest.fixture
def bag(sold):
    """A bag with coffee: sewn in Göteborg (3 days), printed by two (2 and 1), and filled with food (4).

    Who sews serves Göteborg alone, as the bag goes to the printers; the customer's parts can come to two towns.
    """
    textile = make.make_category(name_sv="Textil", position=3)
    sewers = make.make_member(slug="sommen", name="Sömmen ek. för.")
    printers = make.make_member(slug="trycket", name="Trycket ek. för.")
    others = make.make_member(slug="skolan", name="Skolans Tryck ek. för.")
    roasters = make.make_member(slug="rosteriet", name="Rosteriet ek. för.")
    taxed = {"category": textile, "vat_class": VatClass.STANDARD, "unit": "H87"}
    sewn = make.make_article("Kasse, sydd", number="TEX-001", price=Money(6000), **taxed)
    printed = make.make_article("Tryck", number="TEX-002", price=Money(3000), **taxed)
    coffee = make.make_article(
        "Kaffe",
        number="FRU-002",
        price=Money(18000),
        unit="KGM",
        category=sold["fruit"],
        allergens=["milk"],
        ingredients="Kaffebönor och mjölkpulver",
    )
    make.make_offering(sewn, sewers, lead_days=3, municipalities=[make.GOTHENBURG])
    make.make_offering(printed, printers, lead_days=2, municipalities=EVERYWHERE)
    make.make_offering(printed, others, lead_days=1, municipalities=[make.BORAS])
    make.make_offering(coffee, roasters, lead_days=4, municipalities=[make.BORAS, make.MOLNDAL])
    bundle = make.make_bundle(
        "Kaffekasse", (sewn, "1", True), (printed, "1", False), (coffee, "0.25", False),
        number="TEX-003", price=Money(13500), category=textile, vat_class=VatClass.STANDARD,
    )  # fmt: skip
    db.session.commit()
    return {"bundle": bundle, "sewn": sewn, "printed": printed, "coffee": coffee, "textile": textile}


def the_bag(options, clock):
    return next((one for one in gather(options, now=clock.now).articles if one.number == "TEX-003"), None)


def test_a_bundle_is_printed_with_its_parts_and_who_makes_them(bag, clock):
    edition = gather(NET, now=clock.now)
    printed = next(one for one in edition.articles if one.number == "TEX-003")
    assert [(one.amount, one.name, one.number, one.makers) for one in printed.parts] == [
        ("1 st", "Kasse, sydd", "TEX-001", ("sommen",)),
        ("1 st", "Tryck", "TEX-002", ("skolan", "trycket")),
        ("0,25 kg", "Kaffe", "FRU-002", ("rosteriet",)),
    ]
    assert printed.lead_days == 4  # 3 to sew and 1 to print; coffee takes 4 meanwhile
    assert printed.municipalities == ("Borås", "Mölndal")
    assert printed.makers == ("sommen", "skolan", "trycket", "rosteriet")
    assert {"Ingredienser i Kaffe: Kaffebönor och mjölkpulver.", "Kaffe innehåller mjölk."} <= set(printed.facts)
    listed = {member.slug: edition.made_by(member.slug) for member in edition.members}
    for slug in printed.makers:
        assert ("artikel-tex-003", "Kaffekasse") in listed[slug]


def test_makers_who_make_nothing_else_for_this_catalogue_have_a_page_too(bag, clock):
    """Mölndal gets no bag from the sewers by itself, but they sew what is printed for it."""
    edition = gather(PrintOptions(CustomerKind.PUBLIC, PrintedPrices.NET, make.MOLNDAL), now=clock.now)
    assert "TEX-001" not in {one.number for one in edition.articles}
    assert edition.made_by("sommen") == [("artikel-tex-003", "Kaffekasse")]
    assert "Sömmen ek. för." in [member.name for member in edition.members]


def test_a_bundle_where_it_can_be_had(bag, clock):
    """The printers of Borås do not deliver to Mölndal, so it takes a day longer there. Göteborg gets no coffee."""
    molndal = the_bag(PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, make.MOLNDAL), clock)
    assert (molndal.lead_days, molndal.makers) == (5, ("sommen", "trycket", "rosteriet"))
    assert molndal.municipalities == ()
    assert the_bag(PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, make.BORAS), clock).lead_days == 4
    assert the_bag(PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, make.GOTHENBURG), clock) is None


def test_a_bundle_that_can_be_had_nowhere_is_not_printed(bag, clock):
    bag["coffee"].offerings[0].areas = [OfferingArea(municipality=make.GOTHENBURG)]
    for offering in bag["printed"].offerings:
        offering.areas = [OfferingArea(municipality=make.MOLNDAL)]
    db.session.flush()
    assert the_bag(NET, clock) is None


def test_a_bundle_stands_in_its_own_category(bag, sold, clock):
    textile = replace(NET, category_id=bag["textile"].id)
    assert [one.number for one in gather(textile, now=clock.now).articles] == ["TEX-003", "TEX-001", "TEX-002"]
    assert the_bag(replace(NET, category_id=sold["fruit"].id), clock) is None


@pytest.mark.parametrize("part", ["sewn", "coffee"])
def test_a_bundle_goes_with_any_of_its_parts(bag, clock, part):
    assert the_bag(NET, clock)
    bag[part].state = "withdrawn"
    db.session.flush()
    assert the_bag(NET, clock) is None


def test_a_bundle_goes_when_nobody_makes_a_part(bag, clock):
    bag["coffee"].offerings[0].state = "withdrawn"
    db.session.flush()
    assert the_bag(NET, clock) is None


def test_each_part_of_a_bundle_has_its_own_vat(bag, clock):
    """135 kr shared by 60 : 30 : 45 makes 90 kr at 25 % and 45 kr of food at 6 %."""
    assert the_bag(NET, clock).price.amount == Money(13500)
    assert the_bag(GROSS, clock).price.amount == Money(13500 + 2250 + 270)


def test_a_bundle_at_the_price_of_a_list(bag, clock):
    own = make_list(ListKind.CUSTOMER, {bag["bundle"]: [(0, 12000), (10, 9000)]}, customers=[make.make_nordbyn()])
    net = PrintOptions(CustomerKind.COMPANY, PrintedPrices.NET, price_list_id=own.id)
    gross = replace(net, prices=PrintedPrices.GROSS)
    printed = the_bag(net, clock).price
    assert (printed.amount, printed.mark, printed.steps) == (
        Money(12000), "eget pris", (Step(Decimal(10), Money(9000)),)
    )  # fmt: skip
    assert the_bag(gross, clock).price.amount == Money(12000 + 2000 + 240)
    assert the_bag(gross, clock).price.steps[0].price == Money(9000 + 1500 + 180)


def test_the_book_shows_a_bundle_on_its_page_and_in_its_indexes(bag, sam, work_off, tmp_path):
    sam.post(PAGE, data=PUBLIC)
    work_off()
    assert the_print().articles == 7
    text = words_of(files.read(the_print().file), tmp_path)
    assert "1 st Tryck (TEX-002), görs av Skolans Tryck och Trycket" in text
    assert "0,25 kg Kaffe (FRU-002), görs av Rosteriet" in text
    assert "Levereras inom 4 arbetsdagar i Borås och Mölndal." in text
    index = text[text.index("Efter namn") :]
    assert "Kaffekasse" in index
    assert "TEX-003" in index[index.index("Efter artikelnummer") :]


def test_bundles_are_counted_before_a_print_is_ordered(bag, monkeypatch):
    """Where nothing but a bundle fits it can be printed, and each of them counts."""
    for one in ("sewn", "printed"):
        bag[one].category = make.make_category()
    db.session.flush()
    textile = replace(NET, category_id=bag["textile"].id)
    assert check_size(textile) == textile
    monkeypatch.setattr("app.catalog.print_gathering.MOST_ARTICLES", 6)
    with pytest.raises(Refused, match="fler än"):
        check_size(NET)
    bag["coffee"].state = "withdrawn"
    db.session.flush()
    with pytest.raises(Refused, match="Inga artiklar passar"):
        check_size(textile)


def test_gathering_asks_as_much_for_many_bundles_as_for_one(bag, clock, queries):
    db.session.expire_all()
    with queries() as few:
        gather(NET, now=clock.now)
    for number in range(20):
        part = make.make_article(f"Del {number}", category=bag["textile"])
        make.make_offering(part, make.make_member(), municipalities=EVERYWHERE)
        make.make_bundle(f"Paket {number}", (part, "1", False), (bag["coffee"], "1", False))
    db.session.flush()
    db.session.expire_all()
    with queries() as many:
        assert len(gather(NET, now=clock.now).articles) == 7 + 40
    assert len(many) == len(few)


def test_more_than_can_be_printed_is_refused(sold, monkeypatch, clock):
    monkeypatch.setattr("app.catalog.print_gathering.MOST_ARTICLES", 2)
    with pytest.raises(Refused, match="fler än"):
        gather(NET, now=clock.now)


def test_gathering_asks_as_much_for_many_as_for_few(sold, clock, queries):
    with queries() as few:
        gather(NET, now=clock.now)
    for number in range(30):
        article = make.make_article(f"Fler {number}", category=sold["fruit"])
        make.make_offering(article, make.make_member())
    db.session.flush()
    db.session.expire_all()
    with queries() as many:
        gather(NET, now=clock.now)
    assert len(many) == len(few)


def test_the_command(app, sold, tmp_path):
    runner = app.test_cli_runner()
    out = tmp_path / "katalog.pdf"
    done = runner.invoke(args=["catalogue-pdf", "-o", str(out), "--audience", "private", "--municipality", "Mölndal"])
    assert done.exit_code == 0, done.output
    assert "inkl. moms" in words_of(out.read_bytes(), tmp_path)
    make_list(ListKind.CUSTOMER, {sold["basket"]: 19000}, name="Nordbyns", customers=[make.make_nordbyn()])
    own = ["catalogue-pdf", "-o", str(out), "--audience", "company", "--price-list", "Nordbyns"]
    assert runner.invoke(args=own).exit_code == 0
    assert "enligt prislistan Nordbyns" in words_of(out.read_bytes(), tmp_path)
    refused = runner.invoke(args=["catalogue-pdf", "-o", str(out), "--audience", "private", "--prices", "net"])
    assert refused.exit_code == 1
    assert "inklusive moms" in refused.output
    for wrong in (["--municipality", "Ingenstans"], ["--category", "finns-inte"], ["--price-list", "finns inte"]):
        assert runner.invoke(args=["catalogue-pdf", "-o", str(out), "--audience", "public", *wrong]).exit_code == 1
