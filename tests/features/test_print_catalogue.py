"""Staff have a catalogue printed, wait for it, and let customers fetch it."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import select

from app import files, jobs
from app.accounts.models import RoleName
from app.catalog import picture_actions
from app.catalog.pricing.rules import ListKind
from app.catalog.printing.gathering import gather
from app.catalog.printing.models import CataloguePrint, PrintState
from app.catalog.printing.values import PrintedPrices, PrintOptions
from app.customers.models import CustomerKind
from app.db import db
from app.errors import Refused
from app.jobs import JobState
from app.money import Money
from tests import make, people
from tests.features.print_case import (
    GROSS,
    NET,
    PAGE,
    PUBLIC,
    make_sold,
    named,
    the_print,
    words_of,
)
from tests.furnished import furnished
from tests.people import text
from tests.photos import photo
from tests.price_lists import make_list


@furnished
def sold(app):
    return make_sold()


@pytest.fixture
def sam(sold, visit):
    return visit(make.make_sam().email)


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
    window = make.db.session.scalars(make.select(make.Article).where(make.Article.number == "STA-001")).one()
    window.work, window.labour_percent = "cleaning", 100
    make.db.session.commit()
    (offered,) = (one for one in gather(GROSS, now=clock.now).articles if one.number == "STA-001")
    (asking,) = (fact for fact in offered.facts if "rutavdrag" in fact or "rut- eller" in fact)
    assert asking in text(visit(None).page(f"/katalog/{sold['window'].slug}")), "and so when we make the deduction"
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
    jobs.enqueue("app.catalog.printing.worker.print_catalogue", print_id=the_print().id)
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


def test_more_than_can_be_printed_is_refused(sold, monkeypatch, clock):
    monkeypatch.setattr("app.catalog.printing.gathering.MOST_ARTICLES", 2)
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
