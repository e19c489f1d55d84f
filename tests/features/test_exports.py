"""Lists to keep: the catalogue, the price list, orders; as csv and xlsx."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from app import clock as app_clock
from app.catalog import exports as catalogue_exports
from app.catalog.kinds import ArticleKind
from app.catalog.models import ApprovalState, BundlePart
from app.catalog.pricing import actions as price_actions
from app.catalog.pricing import exports as price_exports
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.money import Money
from app.orders import exports as order_exports
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order, OrderLine
from app.pages import downloads
from app.vat import VatClass
from tests import make, order_case
from tests.furnished import furnished
from tests.people import text
from tests.price_lists import make_housing, make_list, set_prices


def as_csv(visitor, path: str) -> list[list[str]]:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def as_xlsx(visitor, path: str) -> list[list[object]]:
    book = load_workbook(BytesIO(visitor.get(path).data))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


@pytest.fixture
def sam(app, visit):
    return visit(make.make_sam().email)


def test_the_catalogue(sam):
    make.make_offering(make.make_article("=Fruktkorg", number="A1", price=Money(21250)), make.make_ljungbacken())
    make.make_article("Avböjd", number="A2", state=ApprovalState.DECLINED)
    rows = as_csv(sam, "/personal/katalog/export.csv")
    assert len(rows) == 2
    told = dict(zip(*rows, strict=True))
    assert (told["Artikelnummer"], told["Namn"], told["Pris exkl. moms"], told["Medlemmar"]) == (
        "A1", "'=Fruktkorg", "212,50", "1",
    )  # fmt: skip
    heading, row = as_xlsx(sam, "/personal/katalog/export.xlsx")
    assert (row[heading.index("Namn")], row[heading.index("Pris exkl. moms")]) == ("=Fruktkorg", 212.5)
    assert [row[0] for row in as_csv(sam, "/personal/katalog/export.csv?lage=declined")[1:]] == ["A2"]
    assert len(as_csv(sam, "/personal/katalog/export.csv?lage=påhitt")) == 2


def test_what_is_only_proposed_has_a_suggested_price_and_nothing_stands_for_no_deposit(sam):
    make.make_article("Korg", number="A1", state=ApprovalState.PROPOSED)
    make.make_article("Burk", number="A2", state=ApprovalState.PROPOSED, deposit=Money(500))
    heading, *rows = as_csv(sam, "/personal/katalog/export.csv?lage=proposed")
    assert "Föreslaget pris exkl. moms" in heading
    assert "Pris exkl. moms" not in heading
    assert [row[heading.index("Pant exkl. moms")] for row in rows] == ["", "5,00"]


def test_units_are_called_the_same_in_every_list(sam):
    make.make_offering(make.make_article("Lunch", number="A1", unit="IE"), make.make_ljungbacken())
    for path in ("export.csv", "prislista.csv"):
        heading, row = as_csv(sam, f"/personal/katalog/{path}")
        assert row[heading.index("Enhet")] == "person", path


def test_the_price_list_shows_staff_what_members_are_paid(sam):
    article = make.make_article("Fruktkorg", number="A1", price=Money(20000))
    make.make_offering(article, make.make_ljungbacken(), member_price=Money(18000))
    make.make_offering(article, make.make_kokljus(), member_price=Money(17000))
    make.make_article("Ingen gör den", number="A2", price=Money(10000))
    rows = as_csv(sam, "/personal/katalog/prislista.csv")
    with_vat = rows[1][5]
    assert rows[1][:6] == ["A1", "Fruktkorg", "enhet", "Livsmedel", "200,00", with_vat]
    assert rows[1][6:] == ["Köksljus Catering ek. för.", "170,00", "30,00", "15,0"]
    assert rows[2][6:8] == ["Ljungbacken Frukt ek. för.", "180,00"]
    assert rows[3][:2] + rows[3][6:] == ["A2", "Ingen gör den", "", "", "", ""]
    assert float(with_vat.replace(",", ".")) > 200
    assert catalogue_exports.price_count() == len(rows) - 1


def test_more_than_a_batch_comes_whole_and_once(sam, monkeypatch):
    for number in range(7):
        make.make_article(f"Artikel {number}", number=f"B{number}")
    monkeypatch.setattr(catalogue_exports, "BATCH", 3)
    rows = as_csv(sam, "/personal/katalog/export.csv")
    assert [row[0] for row in rows[1:]] == [f"B{number}" for number in range(7)]


def test_a_list_too_long_for_xlsx_is_refused_and_comes_as_csv(sam, monkeypatch):
    make.make_article("Fruktkorg")
    monkeypatch.setattr(downloads, "MOST_IN_XLSX", 0)
    answer = sam.get("/personal/katalog/export.xlsx")
    assert answer.status_code == 409
    assert "som csv i stället" in answer.text
    assert len(as_csv(sam, "/personal/katalog/export.csv")) == 2


def order(customer, number: int, *names: str) -> Order:
    where = {"street": "Köpgatan 2", "postcode": "411 02", "city": "Göteborg", "municipality": "1480"}
    day = app_clock.local_date(app_clock.now())
    made = Order(
        number=number, ticket=f"t{number}", customer=customer, placed_at=app_clock.now(), delivery_day=day,
        delivery_name="Kontoret", order_reference="=2+2", **where,
    )  # fmt: skip
    for name in names:
        article = make.make_article(name)
        copied = {key: getattr(article, key) for key in ("number", "name", "unit", "unit_text", "vat_class")}
        amounts = {"unit_price": article.price, "quantity": Decimal(3), "unassigned": Decimal(0)}
        made.lines.append(OrderLine(article=article, called_off=Decimal(1), **copied, **amounts))
    db.session.add(made)
    return made


def test_orders_for_staff_and_each_customers_own(app, sam, visit, monkeypatch):
    nordbyn, other = make.make_nordbyn(), make.make_vasterhamn()
    for number in range(101, 106):
        order(nordbyn if number % 2 else other, number, "Äpplen", "Päron")
    monkeypatch.setattr(order_exports, "BATCH", 2)
    everything = as_csv(sam, "/personal/bestallningar/export.csv")
    assert everything[0] == order_exports.HEADINGS
    assert [row[0] for row in everything[1:]] == [str(number) for number in range(101, 106) for _ in range(2)]
    assert everything[1][3:5] == ["Lagd", "Nordbyn Teknik AB"]
    assert everything[1][7] == "'=2+2"
    assert everything[1][11:15] == ["2", "enhet", "212,00", "424,00"]
    buyer = visit(make.make_user(customer=nordbyn).email)
    own = as_csv(buyer, "/bestallningar/export.csv")
    assert own[1:] == [row for row in everything[1:] if row[4] == "Nordbyn Teknik AB"]
    assert (order_exports.count(), order_exports.count(nordbyn)) == (10, 6)
    assert len(as_xlsx(buyer, "/bestallningar/export.xlsx")) == 7


def test_what_is_charged_beside_the_lines_has_a_row_of_its_own(app, visit):
    fruit = order_case.furnish()
    drives = Terms(everywhere=True, per_stop=make.Money.kronor(170))
    set_way(order_case.member("ljungbacken"), None, WayKind.OWN, drives, by=None, now=app_clock.now())
    order_case.order({fruit.id: Decimal(3)})
    _heading, goods, beside = as_csv(visit(order_case.BUYER), "/bestallningar/export.csv")
    assert goods[14] == "636,00"
    assert beside[0] == goods[0]
    assert beside[9:16] == ["", order_exports.BESIDE, "1", "", "170,00", "170,00", "Normal, 25 %"]


def test_nobody_else_gets_them(app, visit):
    member = visit(make.make_user(member=make.make_ljungbacken()).email)
    for path in ("katalog/export.csv", "katalog/prislista.xlsx", "bestallningar/export.csv"):
        assert member.get(f"/personal/{path}").status_code == 403
        assert visit(None).get(f"/personal/{path}").status_code == 302
    assert member.get("/bestallningar/export.csv").status_code == 404
    assert visit(None).get("/bestallningar/export.csv").status_code == 302


def test_the_pages_lead_to_their_lists(sam):
    for page, path in (
        ("/personal/katalog", "/personal/katalog/export.xlsx"),
        ("/personal/katalog", "/personal/katalog/prislista.csv"),
        ("/personal/bestallningar", "/personal/bestallningar/export.csv"),
    ):
        assert [link for link in sam.page(page).cssselect("main a") if link.get("href", "").startswith(path)], path
        assert "som fil" in text(sam.page(page))


@furnished
def fruit(app):
    """A fruit basket that two members make, and coffee that nobody makes."""
    basket = make.make_article("Fruktkorg", number="A1", price=Money(20000))
    make.make_offering(basket, make.make_ljungbacken(), member_price=Money(18000))
    make.make_offering(basket, make.make_kokljus(), member_price=Money(17000))
    return basket, make.make_article("Kaffe", number="A2", price=Money(10000))


def listed(sam, price_list) -> list[dict[str, str]]:
    heading, *rows = as_csv(sam, f"/personal/prislistor/{price_list.id}.csv")
    assert heading == price_exports.HEADINGS
    assert price_exports.count(price_list) == len(rows)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_a_framework_agreement_with_steps_members_and_what_is_left(sam, fruit):
    basket, coffee = fruit
    buyers = [make.make_vasterhamn(), make.make_nordbyn()]
    rows = {coffee: 9000, basket: [(0, 19000), (10, 18000, 17500)]}
    made = make_list(ListKind.FRAMEWORK, rows, customers=buyers, valid_to=date(2027, 6, 30))
    told = listed(sam, made)
    columns = "Artikelnummer", "Från antal", "Pris exkl. moms", "Medlem", "Påslag"
    assert [tuple(row[column] for column in columns) for row in told] == [
        ("A1", "", "190,00", "Köksljus Catering ek. för.", "20,00"),
        ("A1", "", "190,00", "Ljungbacken Frukt ek. för.", "10,00"),
        ("A1", "10", "180,00", "Köksljus Catering ek. för.", "5,00"),
        ("A1", "10", "180,00", "Ljungbacken Frukt ek. för.", "5,00"),
        ("A2", "", "90,00", "", ""),
    ]
    assert [row["Medlemspris enligt"] for row in told] == ["erbjudandet"] * 2 + ["avtal för listan"] * 2 + [""]
    assert [row["Medlemspris exkl. moms"] for row in told] == ["170,00", "180,00", "175,00", "175,00", ""]
    first = told[0]
    assert (first["Namn"], first["Enhet"], first["Momsklass"]) == ("Fruktkorg", "enhet", "Livsmedel")
    assert first["Gäller för"] == "Ramavtal INK 2026/114: Nordbyn Teknik AB, Västerhamns kommun"
    assert (first["Gäller från"], first["Gäller till"]) == ("2026-11-23", "2027-06-30")
    assert (first["Standardpris exkl. moms"], first["Pris inkl. moms"]) == ("200,00", "201,40")  # 6 % on food in 2026
    heading, row, *_rest = as_xlsx(sam, f"/personal/prislistor/{made.id}.xlsx")
    assert (row[heading.index("Pris exkl. moms")], row[heading.index("Påslag i procent")]) == (190, 10.5)


def test_every_kind_of_list_says_whom_it_is_for(sam, fruit):
    basket, _coffee = fruit
    housing = make_housing()
    kinds = {
        ListKind.STANDARD: ({}, "Alla"),
        ListKind.CAMPAIGN: ({}, "Alla"),
        ListKind.GROUP: ({"group": housing}, "Gruppen Bostadsrättsföreningar"),
        ListKind.CUSTOMER: ({"customers": [make.make_nordbyn()]}, "Nordbyn Teknik AB"),
    }
    for kind, (values, whom) in kinds.items():
        made = make_list(kind, {basket: [(0, 19000, 16000)]}, active=kind != ListKind.GROUP, **values)
        told = [(row["Gäller för"], row["Medlemspris exkl. moms"]) for row in listed(sam, made)]
        assert told == [(whom, "160,00")] * 2


def test_a_list_says_what_holds_and_until_when_it_did(sam, fruit):
    basket, coffee = fruit
    made = make_list(ListKind.STANDARD, {basket: 19000, coffee: 9000})
    set_prices(made, basket, 18500)
    set_prices(made, coffee, [])
    price_actions.end_list(made, by=make.make_user(), now=app_clock.now())
    db.session.commit()
    assert {(row["Pris exkl. moms"], row["Gäller till"]) for row in listed(sam, made)} == {("185,00", "2026-11-23")}


def test_a_list_is_read_in_batches_and_comes_whole_and_once(sam, monkeypatch, queries):
    articles = [make.make_article(f"Artikel {number}", number=f"B{9 - number}") for number in range(9)]
    made = make_list(ListKind.STANDARD, {article: [(0, 900), (5, 800)] for article in articles})
    with queries() as at_once:
        listed(sam, made)
    monkeypatch.setattr(price_exports, "BATCH", 4)
    db.session.expire_all()
    with queries() as seen:
        told = listed(sam, made)
    numbers = [(row["Artikelnummer"], row["Från antal"]) for row in told]
    assert numbers == [(f"B{number}", least) for number in range(1, 10) for least in ("", "5")]
    assert len(seen) - len(at_once) <= 4 * 4  # four more batches


def test_a_bundle_is_taxed_as_its_parts(sam):
    fruit = make.make_article("Frukt", price=Money(10000))
    cleaning = make.make_article("Städning", price=Money(10000), vat_class=VatClass.STANDARD)
    bundle = make.make_article("Frukt och städ", number="P1", price=Money(20000), kind=ArticleKind.BUNDLE)
    for place, one in enumerate((fruit, cleaning)):
        bundle.parts.append(BundlePart(article=one, quantity=Decimal(1), position=place))
    made = make_list(ListKind.STANDARD, {bundle: 10000})
    assert [row["Pris inkl. moms"] for row in listed(sam, made)] == ["115,50"]  # 50 at 6 %, 50 at 25 %
    standard = as_csv(sam, "/personal/katalog/prislista.csv")
    assert next(row[5] for row in standard if row[0] == "P1") == "231,00"


def test_a_bundle_is_in_the_catalogue_and_in_the_price_list(sam):
    """Its makers are those of its parts, each counted once; nobody is paid for a bundle as such."""
    fruit, coffee = make.make_article("Frukt"), make.make_article("Kaffe")
    one, another = make.make_ljungbacken(), make.make_rena_rum()
    for article, members in ((fruit, (one, another)), (coffee, (one,))):
        for member in members:
            make.make_offering(article, member)
    make.make_offering(coffee, make.make_kokljus(), state="proposed")
    bundle = make.make_bundle("Frukt och kaffe", (fruit, "1", False), (coffee, "1", False), number="P1")
    db.session.commit()
    heading, *rows = as_csv(sam, "/personal/katalog/export.csv")
    told = {row[0]: dict(zip(heading, row, strict=True)) for row in rows}
    assert (told["P1"]["Namn"], told["P1"]["Medlemmar"]) == ("Frukt och kaffe", "2")
    assert (told[fruit.number]["Medlemmar"], told[coffee.number]["Medlemmar"]) == ("2", "1")
    priced = [row for row in as_csv(sam, "/personal/katalog/prislista.csv") if row[0] == bundle.number]
    assert [row[1:] for row in priced] == [
        ["Frukt och kaffe", "styck", "Livsmedel", "212,00", "224,72", "", "", "", ""]
    ]


def test_a_list_is_for_staff_and_must_exist(sam, fruit, visit):
    made = make_list(ListKind.STANDARD, {fruit[0]: 19000}, name="Höstens priser")
    assert (
        "prislista-hostens-priser-2026-11-23"
        in sam.get(f"/personal/prislistor/{made.id}.xlsx").headers["Content-Disposition"]
    )
    assert sam.get("/personal/prislistor/99.csv").status_code == 404
    member = visit(make.make_user(member=make.make_rena_rum()).email)
    assert member.get(f"/personal/prislistor/{made.id}.csv").status_code == 403
    page = sam.page(f"/personal/prislistor/{made.id}")
    assert "Hämta som kalkylblad" in text(page)
    assert {f"/personal/prislistor/{made.id}.{kind}" for kind in ("xlsx", "csv")} <= {
        link.get("href") for link in page.cssselect("main a")
    }
