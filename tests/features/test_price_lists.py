"""Staff write price lists, copy them, end them, and ask which price a customer gets and why."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.catalog.models import ApprovalState
from app.catalog.pricing import actions
from app.catalog.pricing import queries as price_queries
from app.catalog.pricing.models import PriceList, PriceRow
from app.catalog.pricing.rules import ListKind, ListState
from app.customers.groups import CustomerGroup
from app.db import db
from app.errors import Refused
from app.money import Money
from tests import make
from tests.furnished import furnished
from tests.people import document, text, together
from tests.price_lists import TODAY, make_housing, make_list, publish, set_prices

LISTS = "/personal/prislistor"


@furnished
def shop(app):
    """An article that Ljungbacken makes for 169,60 kr, Nordbyn who buys, and Sam who sells."""
    fruit = make.make_article("Fruktkorg 5 kg", number="FRU-001")
    make.make_offering(fruit, make.make_ljungbacken())
    publish(fruit)
    nordbyn = make.make_nordbyn()
    make.make_sam()
    make.make_user("ekonomi@samklang.example", roles=[RoleName.FINANCE])
    db.session.commit()
    return {"fruit": fruit, "nordbyn": nordbyn}


@pytest.fixture
def sam(shop, visit):
    return visit("sam@samklang.example")


def the_list() -> PriceList:
    db.session.expire_all()
    return db.session.scalars(select(PriceList)).one()


def rows() -> list[tuple[int, int, int | None]]:
    db.session.expire_all()
    now = select(PriceRow).where(PriceRow.gone_at.is_(None)).order_by(PriceRow.min_quantity)
    cost = [(row, row.member_price.ore if row.member_price else None) for row in db.session.scalars(now)]
    return [(int(row.min_quantity), row.price.ore, agreed) for row, agreed in cost]


def step(number: int, least: str, price: str, cost: str = "") -> dict[str, str]:
    names = ("min_quantity", "price", "member_price")
    return {f"steps-{number}-{name}": value for name, value in zip(names, (least, price, cost), strict=True)}


def test_from_an_empty_page_to_a_list_in_use(shop, sam):
    assert "Inga prislistor ännu" in text(sam.page(LISTS))
    answer = sam.fill(f"{LISTS}/ny", {"name": "Nordbyn 2027", "kind": "customer", "valid_from": "2026-11-23"})
    assert answer.status_code == 303
    made = the_list()
    page = f"{LISTS}/{made.id}"
    assert "Det här är ett utkast" in text(sam.page(page))
    assert sam.page(f"{page}?kund=Nordbyn").cssselect("aside form[method=post]")
    sam.post(f"{page}/kunder", data={"customer": shop["nordbyn"].id})
    link = sam.page(f"{page}?artikel=fruktkorg").cssselect("#add ~ ul.plain a")[0].get("href")
    sam.fill(link, {**step(0, "", "199", "165"), **step(1, "20", "189,50")})
    assert rows() == [(0, 19900, 16500), (20, 18950, None)]
    sam.post(f"{page}/borja")
    assert the_list().state == ListState.ACTIVE
    shown = text(sam.page(page)).replace("\xa0", " ")
    assert "199,00 kr" in shown
    assert "34,00 kr" in shown
    assert "17,1 %" in shown
    listed = sam.page(f"{LISTS}?q=nordbyn&sort=customer&lage=active")
    assert "Nordbyn 2027" in text(listed)
    acts = db.session.scalars(select(AuditEvent.what).where(AuditEvent.subject_kind == "PriceList")).all()
    assert acts == ["created", "customer added", "rows set", "activated"]


def test_a_row_keeps_the_article_version_it_was_written_against(shop):
    make_list(ListKind.STANDARD, {shop["fruit"]: 20000})
    publish(shop["fruit"], Money(22000))
    row = db.session.scalars(select(PriceRow)).one()
    assert (row.article_version, shop["fruit"].version) == (1, 2)


def test_a_price_below_cost_is_warned_of_and_saved(shop, sam):
    made = make_list(ListKind.STANDARD, {}, active=False)
    answer = sam.fill(f"{LISTS}/{made.id}/artikel/{shop['fruit'].id}", step(0, "", "150"))
    assert answer.status_code == 303
    page = text(sam.page(f"{LISTS}/{made.id}"))
    assert "Ett pris ligger under det som medlemmen får." in page
    assert "under medlemspriset" in page
    assert "−19,60 kr" in page.replace("\xa0", " ")


NO_LOWERING = "Kampanjpriset är inte lägre än det alla betalar ändå"


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (step(0, "", "250"), "(212,00 kr exkl. moms)"),
        (step(0, "", "212"), "(212,00 kr exkl. moms)"),
        (step(0, "", "211,99"), ""),
        ({**step(0, "", "200"), **step(1, "20", "195")}, "(190,00 kr exkl. moms)"),
        ({**step(0, "", "200"), **step(1, "20", "189")}, ""),
    ],
)
def test_a_campaign_that_lowers_nothing_is_warned_of_and_saved(shop, sam, steps, told):
    """It was taken without a word, and no customer ever got the price."""
    make_list(ListKind.STANDARD, {shop["fruit"]: [(20, 19000)]})
    made = make_list(ListKind.CAMPAIGN, {}, active=False, name="Rea")
    answer = sam.fill(f"{LISTS}/{made.id}/artikel/{shop['fruit'].id}", steps)
    assert answer.status_code == 303
    page = text(sam.page(f"{LISTS}/{made.id}")).replace("\xa0", " ")
    assert told in page
    assert (NO_LOWERING in page) == bool(told)
    assert ("inte lägre än standardpriset" in page) == ("212" in told), "it stays to be seen in the list"


def test_another_campaign_and_another_kind_of_list_are_no_lowering_to_warn_of(shop, sam):
    make_list(ListKind.CAMPAIGN, {shop["fruit"]: 18000}, name="Andra rean")
    for kind, values in ((ListKind.CAMPAIGN, {}), (ListKind.CUSTOMER, {"customers": [shop["nordbyn"]]})):
        made = make_list(kind, {}, active=False, name=f"Ny {kind}", **values)
        price = "200" if kind == ListKind.CAMPAIGN else "250"
        sam.fill(f"{LISTS}/{made.id}/artikel/{shop['fruit'].id}", step(0, "", price))
        assert NO_LOWERING not in text(sam.page(f"{LISTS}/{made.id}"))


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (step(0, "", "0"), "mer än noll"),
        (step(0, "", "-5"), "mer än noll"),
        (step(0, "", "10000001"), "mindre än 10 000 000 kr"),
        (step(0, "", "gratis"), "Skriv beloppet i kronor"),
        (step(0, "", "200", "0"), "mer än noll"),
        (step(0, "20", ""), "Skriv priset, eller töm hela raden"),
        ({**step(0, "", "200"), **step(1, "20", "201")}, "Ett större antal får inte ha högre pris"),
        ({**step(0, "20", "200"), **step(1, "20", "190")}, "Två rader gäller från 20"),
        (step(0, "1,5", "200"), "1,5 är inget antal som Fruktkorg 5 kg kan säljas i"),
        (step(0, "-1", "200"), "\N{MINUS SIGN}1 är inget antal"),
        (step(0, "1e9", "200"), "Skriv ett tal"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_saves_nothing(shop, sam, steps, sentence):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20500})
    path = f"{LISTS}/{made.id}/artikel/{shop['fruit'].id}"
    answer = sam.post(path, data={**{key: "" for number in range(6) for key in step(number, "", "")}, **steps})
    assert answer.status_code == 422
    assert sentence.casefold() in text(document(answer)).replace("\xa0", " ").casefold()
    assert rows() == [(0, 20500, None)]


def test_a_changed_price_of_a_list_in_use_is_a_new_row_and_the_same_one_stays(shop, clock):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: [(0, 20000), (20, 19000)]})
    before = db.session.scalars(select(PriceRow.id).order_by(PriceRow.id)).all()
    clock.move(days=1)
    set_prices(made, shop["fruit"], [(0, 20000), (20, 18500)])
    kept = db.session.scalars(select(PriceRow).order_by(PriceRow.id)).all()
    assert [(row.id in before, row.price.ore, row.gone_at is None) for row in kept] == [
        (True, 20000, True),
        (True, 19000, False),
        (False, 18500, True),
    ]


def test_an_emptied_form_takes_the_article_out(shop, sam):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20500})
    sam.post(f"{LISTS}/{made.id}/artikel/{shop['fruit'].id}", data=step(0, "", ""))
    assert rows() == []


def test_an_article_that_nobody_can_buy_gets_no_price(shop):
    gone = make.make_article("Blomkorg", state=ApprovalState.WITHDRAWN)
    with pytest.raises(Refused, match="ingen kan köpa den"):
        make_list(ListKind.STANDARD, {gone: 10000})


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "campaign"}, "En kampanj måste ha en sista dag"),
        ({"kind": "framework"}, "Skriv avtalets nummer"),
        ({"kind": "group"}, "Välj vilken grupp listan gäller"),
        ({"name": ""}, "Skriv vad prislistan heter"),
        ({"valid_from": ""}, "Välj första dagen"),
        ({"valid_from": "20260-01-01"}, "Choose|Välj|året|dag"),
        ({"valid_to": "2026-11-22"}, "sista dag ligger före den första"),
        ({"name": "Upptagen"}, "Det finns redan en prislista som heter så"),
    ],
)
def test_a_list_that_cannot_be_is_refused(shop, sam, values, sentence):
    make_list(ListKind.STANDARD, {}, name="Upptagen", active=False)
    answer = sam.fill(f"{LISTS}/ny", {"name": "Ny", "kind": "standard", "valid_from": "2026-11-23", **values})
    assert answer.status_code == 422
    assert any(part in text(document(answer)) for part in sentence.split("|"))
    assert db.session.scalars(select(PriceList.name)).all() == ["Upptagen"]


@pytest.mark.parametrize(
    ("kind", "priced", "sentence"),
    [
        (ListKind.STANDARD, False, "Prislistan har inga priser"),
        (ListKind.CUSTOMER, True, "Prislistan har ingen kund"),
        (ListKind.FRAMEWORK, True, "Prislistan har ingen kund"),
    ],
)
def test_an_unfinished_list_cannot_be_taken_into_use(shop, sam, kind, priced, sentence):
    made = make_list(kind, {shop["fruit"]: 20000} if priced else {}, active=False)
    answer = sam.post(f"{LISTS}/{made.id}/borja")
    assert answer.status_code == 409
    assert sentence in text(document(answer))
    assert the_list().state == ListState.DRAFT


def test_an_ended_list_is_closed_for_good(shop, sam):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20000})
    assert sam.post(f"{LISTS}/{made.id}/avsluta").status_code == 303
    assert (the_list().state, the_list().ended_on) == (ListState.ENDED, TODAY)
    assert sam.post(f"{LISTS}/{made.id}/borja").status_code == 409
    assert sam.post(f"{LISTS}/{made.id}/avsluta").status_code == 409
    answer = sam.post(f"{LISTS}/{made.id}/artikel/{shop['fruit'].id}", data=step(0, "", "150"))
    assert answer.status_code == 422
    assert rows() == [(0, 20000, None)]


def test_days_that_have_been_are_not_rewritten(shop, sam):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20000}, valid_from=date(2026, 11, 1))
    path = f"{LISTS}/{made.id}/andra"
    assert sam.fill(path, {"valid_from": "2026-11-20"}).status_code == 422
    assert sam.fill(path, {"valid_to": "2026-11-20"}).status_code == 422
    assert sam.fill(path, {"valid_to": "2026-12-20", "name": "Höst"}).status_code == 303
    assert (the_list().valid_from, the_list().valid_to, the_list().name) == (
        date(2026, 11, 1),
        date(2026, 12, 20),
        "Höst",
    )


def test_a_copy_with_other_prices_is_a_draft_for_the_same_customers(shop, sam):
    steps = [(0, 19900, 16000), (20, 18900)]
    origin = make_list(ListKind.CUSTOMER, {shop["fruit"]: steps}, customers=[shop["nordbyn"]])
    answer = sam.fill(f"{LISTS}/{origin.id}/kopiera", {"name": "2027", "percent": "3,5", "nearest": "50"})
    assert answer.status_code == 303
    copy = db.session.scalars(select(PriceList).where(PriceList.name == "2027")).one()
    assert (copy.state, [one.name for one in copy.customers]) == (ListState.DRAFT, ["Nordbyn Teknik AB"])
    copied = price_queries.price_list_rows(copy)
    assert [(int(row.min_quantity), row.price.ore, row.agreed_cost) for row in copied] == [
        (0, 20600, Money(16000)),
        (20, 19550, None),
    ]
    assert [row.price.ore for row in price_queries.price_list_rows(origin)] == [19900, 18900]


@pytest.mark.parametrize("percent", ["90,1", "-91", "NaN", "1e3"])
def test_a_copy_by_a_slip_of_the_finger_is_refused(shop, sam, percent):
    origin = make_list(ListKind.STANDARD, {shop["fruit"]: 20000})
    answer = sam.fill(f"{LISTS}/{origin.id}/kopiera", {"name": "2027", "percent": percent})
    assert answer.status_code == 422
    assert the_list().name == origin.name


def test_a_customers_list_has_one_customer_and_an_agreement_many(shop, sam):
    other = make.make_vasterhamn()
    own = make_list(ListKind.CUSTOMER, {shop["fruit"]: 20000}, customers=[shop["nordbyn"]])
    agreed = make_list(ListKind.FRAMEWORK, {shop["fruit"]: 20000}, customers=[shop["nordbyn"]])
    assert sam.post(f"{LISTS}/{own.id}/kunder", data={"customer": other.id}).status_code == 409
    assert sam.post(f"{LISTS}/{agreed.id}/kunder", data={"customer": other.id}).status_code == 303
    assert sam.post(f"{LISTS}/{agreed.id}/kunder", data={"customer": other.id}).status_code == 409
    assert sam.post(f"{LISTS}/{agreed.id}/kunder/{other.id}/bort").status_code == 303
    assert sam.post(f"{LISTS}/{agreed.id}/kunder/{shop['nordbyn'].id}/bort").status_code == 409
    for wrong in ("", "0", "999999", "x"):
        assert sam.post(f"{LISTS}/{agreed.id}/kunder", data={"customer": wrong}).status_code == 404


def test_groups_are_made_filled_renamed_and_shown(shop, sam):
    assert sam.fill("/personal/kundgrupper", {"name": "Föreningar", "note": "Idrott"}).status_code == 303
    group = db.session.scalars(select(CustomerGroup)).one()
    page = f"/personal/kundgrupper/{group.id}"
    assert "Lägg till Nordbyn Teknik AB" in text(sam.page(f"{page}?kund=nordbyn"))
    assert sam.post(f"{page}/kunder", data={"customer": shop["nordbyn"].id}).status_code == 303
    assert sam.post(f"{page}/kunder", data={"customer": shop["nordbyn"].id}).status_code == 409
    assert sam.fill("/personal/kundgrupper", {"name": "Föreningar"}).status_code == 422
    make_list(ListKind.GROUP, {shop["fruit"]: 20000}, group=group)
    customer = text(sam.page(f"/personal/kunder/{shop['nordbyn'].id}"))
    assert "Lista group" in customer
    assert "Grupper: Föreningar" in customer
    assert sam.post(page, data={"name": "Klubbar", "note": ""}).status_code == 303
    assert "Klubbar" in text(sam.page(f"{LISTS}?kund={shop['nordbyn'].id}"))
    assert sam.post(f"{page}/kunder/{shop['nordbyn'].id}/bort").status_code == 303
    assert sam.post(f"{page}/kunder/{shop['nordbyn'].id}/bort").status_code == 404


def test_which_price_and_why_and_why_not(shop, sam):
    fruit, nordbyn = shop["fruit"], shop["nordbyn"]
    make_list(ListKind.CUSTOMER, {fruit: [(0, 20000, 16000), (20, 19000)]}, customers=[nordbyn], name="Egen")
    make_list(ListKind.CAMPAIGN, {fruit: 18000}, name="Rea")
    make_list(ListKind.GROUP, {fruit: 19500}, group=make_housing(), name="Brf")
    make_list(ListKind.STANDARD, {fruit: 19000}, name="Nästa år", valid_from=date(2027, 1, 1))
    page = sam.page("/personal/vilket-pris?artikel=FRU-001&kund=nordbyn&antal=4")
    said = text(page).replace("\xa0", " ")
    assert "200,00 kr per enhet" in said
    assert "800,00 kr totalt" in said
    assert "Eget pris enligt prislistan Egen." in said
    assert "160,00 kr (enligt överenskommelse)" in said
    assert "Från 20: 190,00 kr." in said
    answers = {text(line[0]): text(line[-1]) for line in page.cssselect("main table tbody tr")}
    assert answers["Rea"] == "Kundens egen prislista går före."
    assert answers["Brf"] == "Kunden är inte med i gruppen."
    assert answers["Nästa år"] == "Listan gäller först från fre 1 jan 2027."
    later = text(sam.page("/personal/vilket-pris?artikel=FRU-001&antal=1&dag=2027-01-02")).replace("\xa0", " ")
    assert "190,00 kr per enhet" in later


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("artikel=FRU-001&antal=0", 422, "större än noll"),
        ("artikel=FRU-001&antal=1e9", 422, "Skriv antalet med siffror"),
        ("artikel=FRU-001&dag=2026-13-01", 422, "ingen dag"),
        ("artikel=finnsinte", 200, "Ingen artikel i katalogen har de orden"),
        ("artikel=FRU-001&kund=finnsinte", 200, "Ingen kund heter så"),
        ("artikel=%22%27%3B--%25_*&kund=%25", 200, "Ingen"),
        ("artikel=FRU-001&kund=Nordbyn+Teknik+AB&kund_id=99999999999999", 200, "Standardpris"),
    ],
)
def test_a_question_that_cannot_be_answered(shop, sam, query, status, sentence):
    assert sentence in text(sam.page(f"/personal/vilket-pris?{query}", status=status))


def test_finance_reads_and_does_not_write(shop, visit):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20000})
    finance = visit("ekonomi@samklang.example")
    assert "Lista standard" in text(finance.page(LISTS))
    assert "Avsluta listan" not in text(finance.page(f"{LISTS}/{made.id}"))
    finance.page("/personal/vilket-pris?artikel=FRU-001")
    for path in ("ny", f"{made.id}/andra", f"{made.id}/kopiera", f"{made.id}/artikel/{shop['fruit'].id}"):
        assert finance.get(f"{LISTS}/{path}").status_code == 403
    for path in (f"{made.id}/avsluta", f"{made.id}/kunder", f"{made.id}/artikel/{shop['fruit'].id}"):
        assert finance.post(f"{LISTS}/{path}").status_code == 403
    assert finance.post("/personal/kundgrupper", data={"name": "X"}).status_code == 403
    assert the_list().state == ListState.ACTIVE


@pytest.mark.parametrize("path", [LISTS, f"{LISTS}/1", "/personal/vilket-pris", "/personal/kundgrupper"])
def test_others_have_no_business_here(shop, visit, path):
    make.make_user("kontor@nordbyn.example", customer=shop["nordbyn"])
    assert visit("kontor@nordbyn.example").get(path).status_code == 403
    assert visit(None).get(path).status_code == 302


def test_what_is_not_there_is_not_found(shop, sam):
    for path in ("999", "999/andra", "999/kopiera", "99999999999999", "999/artikel/1"):
        assert sam.get(f"{LISTS}/{path}").status_code == 404
    for path in ("999/borja", "1/kasta"):
        assert sam.post(f"{LISTS}/{path}").status_code == 404
    for query in ("sida=99999", "sida=x", "sort=x&lage=y", "q=%25_%27"):
        assert sam.get(f"{LISTS}?{query}").status_code == 200


@pytest.mark.both
def test_two_of_us_save_the_same_article_at_once_and_one_price_holds(shop, visit, house):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20000})
    path = f"{LISTS}/{made.id}/artikel/{shop['fruit'].id}"

    def save(price):
        browser = visit("sam@samklang.example")
        return lambda: browser.post(path, data=step(0, "", price)).status_code

    acts = [save("190"), save("180")]
    assert together(*acts) == [303, 303]
    assert len(rows()) == 1
    assert rows()[0][1] in {19000, 18000}


def test_the_database_itself_lets_no_two_rows_hold_for_the_same(shop):
    made = make_list(ListKind.STANDARD, {shop["fruit"]: 20000})
    row = actions.rows_now(made)[0]
    same = {name: getattr(row, name) for name in ("price_list_id", "article_id", "min_quantity", "price", "set_at")}
    db.session.add(PriceRow(**same))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_list_of_lists_asks_few_questions(shop, sam, queries):
    for number in range(12):
        make_list(ListKind.CUSTOMER, {shop["fruit"]: 20000}, customers=[shop["nordbyn"]], name=f"Lista {number}")
    with queries() as seen:
        sam.page(LISTS)
    assert len([one for one in seen if "price_" in one]) <= 4
