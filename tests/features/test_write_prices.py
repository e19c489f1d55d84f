"""Staff write an article's prices into a list: warned of what pays badly, and refused what cannot be."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.catalog.models import ApprovalState
from app.catalog.pricing import actions
from app.catalog.pricing.models import PriceRow
from app.catalog.pricing.rules import ListKind
from app.db import db
from app.errors import Refused
from app.money import Money
from tests import make
from tests.features.price_list_case import LISTS, furnish, rows, step
from tests.furnished import furnished
from tests.people import document, text, together
from tests.price_lists import make_list, publish, set_prices


@furnished
def shop(app):
    return furnish()


@pytest.fixture
def sam(shop, visit):
    return visit("sam@samklang.example")


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
