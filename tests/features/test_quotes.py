"""A customer asks for a quote, staff write and send it, and it becomes an order at the quoted price."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app import quoteflow
from app.accounts.models import RoleName
from app.catalog.facets import vat_rules
from app.catalog.models import Article
from app.customers.models import Customer
from app.db import db
from app.money import Money
from app.orders.models import Order
from app.orders.prices import shown_prices
from app.orders.quotes.models import QuoteVersion
from app.orders.quotes.states import QuoteState
from app.orders.quotes.sums import sums_of
from tests import make
from tests.furnished import furnished
from tests.order_case import BUYER, furnish, in_balance
from tests.people import document, text, together
from tests.quote_case import FRIDAY, GUEST, SAM, accept, ask, orders, send, the_quote, write

OFFICE = "post@samklang.example"


@furnished
def fruit(app):
    """Fruit baskets at 212 kronor."""
    return furnish().id


@furnished
def sent(fruit, visit):
    """Six of them, offered to Nordbyn at 190 kronor each."""
    return send(visit(SAM), ask(visit(BUYER), fruit))


def test_asked_written_sent_and_accepted_it_becomes_an_order_at_the_quoted_price(fruit, visit, outbox):
    nordbyn, sam = visit(BUYER), visit(SAM)
    quote = ask(nordbyn, fruit)
    assert quote.state == QuoteState.REQUESTED
    assert not nordbyn.page("/varukorg").cssselect("main table"), "the basket has gone into the question"
    assert "Varje fredag i vår?" in outbox.to(OFFICE)[-1].body
    assert "Nordbyn Teknik AB" in text(sam.page("/personal/offerter"))
    assert "Varje fredag i vår?" in text(sam.page(f"/personal/offerter/{quote.number}"))
    quote = send(sam, quote)
    letter = outbox.to(BUYER)[-1]
    words = letter.body.replace("\xa0", " ")
    assert (letter.subject, "190,00 kr per st" in words) == (f"Offert {quote.number}", True)
    assert "Summa: 1 140,00 kr exkl. moms" in words
    assert accept(nordbyn, quote).status_code == 303
    order = orders()[0]
    assert [(line.quantity, line.unit_price) for line in order.lines] == [(6, Money(19000))]
    assert order.lines[0].price_because == f"Offert {quote.number}, version 1"
    assert [one.member.slug for one in order.assignments] == ["ljungbacken"], "through the same routing"
    assert (order.delivery_day, order.note) == (FRIDAY, "")
    kept = the_quote()
    assert (kept.state, kept.order_id, kept.offered.accepted_by) == (QuoteState.ACCEPTED, order.id, "Nora Nordbyn")
    assert kept.offered.accepted_at is not None
    assert f"blivit beställning {order.number}" in outbox.to(OFFICE)[-1].body
    assert in_balance(order).ordered == 6
    assert "Nora Nordbyn antog version 1" in text(nordbyn.page(f"/offerter/{quote.number}"))
    for page in (nordbyn.page(f"/bestallningar/{order.number}"), sam.page(f"/personal/bestallningar/{order.number}")):
        assert f"Offert {quote.number}: antagen av Nora Nordbyn" in text(page)


def test_a_later_price_of_the_article_does_not_change_what_was_quoted(sent, visit):
    sent.offered.lines[0].article.price = Money(99900)
    assert accept(visit(BUYER), sent).status_code == 303
    assert orders()[0].net == Money(114000)


def test_a_new_version_replaces_the_old_and_the_old_page_is_refused(sent, visit):
    nordbyn, sam = visit(BUYER), visit(SAM)
    old_page = dict(nordbyn.page(f"/offerter/{sent.number}").cssselect("form[action$='/anta']")[0].form_values())
    sam.fill(f"/personal/offerter/{sent.number}", {}, form="form[action$='/ny-version']")
    quote = send(sam, the_quote(), price="200")
    assert [version.number for version in quote.sent] == [1, 2]
    assert quote.sent[0].lines[0].unit_price == Money(19000), "what was sent never changes"
    answer = nordbyn.post(f"/offerter/{quote.number}/anta", data={**old_page, "name": "Nora"})
    assert answer.status_code == 422
    assert "Version 1 har ersatts av version 2" in answer.text
    assert orders() == []
    assert accept(nordbyn, quote).status_code == 303
    assert orders()[0].lines[0].unit_price == Money(20000)


def test_what_is_sent_can_no_longer_be_written(sent, visit):
    article = sent.offered.lines[0].article_id
    values = {
        f"price-{article}": "1",
        f"quantity-{article}": "6",
        "valid_to": "2026-12-20",
        "delivery_day": "2026-12-04",
    }
    answer = visit(SAM).post(f"/personal/offerter/{sent.number}/skriv", data=values)
    assert answer.status_code == 409
    assert the_quote().offered.lines[0].unit_price == Money(19000)


def test_a_version_that_has_expired_is_refused(sent, visit, clock):
    nordbyn = visit(BUYER)
    values = dict(nordbyn.page(f"/offerter/{sent.number}").cssselect("form[action$='/anta']")[0].form_values())
    clock.move(days=31)
    answer = nordbyn.post(f"/offerter/{sent.number}/anta", data={**values, "name": "Nora", "day": "2027-01-08"})
    assert answer.status_code == 422
    assert "Offerten gällde till och med" in answer.text
    page = nordbyn.page(f"/offerter/{sent.number}")
    assert "Den gäller inte längre" in text(page)
    assert page.cssselect("form[action$='/anta']") == []
    assert "Utgången" in text(visit(SAM).page("/personal/offerter?hog=expired"))


def test_it_holds_through_its_last_day(sent, visit, clock):
    clock.move(days=30)
    assert accept(visit(BUYER), sent, day="2027-01-08").status_code == 303


def test_a_withdrawn_quote_is_refused_and_the_customer_told_why(sent, visit, outbox):
    nordbyn = visit(BUYER)
    values = dict(nordbyn.page(f"/offerter/{sent.number}").cssselect("form[action$='/anta']")[0].form_values())
    path, form = f"/personal/offerter/{sent.number}", "form[action$='/ta-tillbaka']"
    assert visit(SAM).fill(path, {"bort-words": " "}, form=form).status_code == 422
    assert visit(SAM).fill(path, {"bort-words": "Frukten tog slut."}, form=form).status_code == 303
    assert "Frukten tog slut." in outbox.to(BUYER)[-1].body
    answer = nordbyn.post(f"/offerter/{sent.number}/anta", data={**values, "name": "Nora"})
    assert answer.status_code == 422
    assert "återtagen" in answer.text
    assert orders() == []


def test_declined_with_a_reason_and_changed_on_a_wish(sent, visit, outbox):
    nordbyn, sam = visit(BUYER), visit(SAM)
    path = f"/offerter/{sent.number}"
    assert nordbyn.fill(path, {}, form="form[action$='/avboj']").status_code == 422, "a reason is wanted"
    wish = nordbyn.fill(path, {"andra-words": "Kan det bli åtta?"}, form="form[action$='/andra']")
    assert wish.status_code == 303
    assert "Kan det bli åtta?" in outbox.to(OFFICE)[-1].body
    assert "Kan det bli åtta?" in text(sam.page(f"/personal{path}"))
    assert nordbyn.fill(path, {"avboj-words": "För dyrt."}, form="form[action$='/avboj']").status_code == 303
    assert the_quote().state == QuoteState.DECLINED
    assert "För dyrt." in outbox.to(OFFICE)[-1].body
    assert nordbyn.page(path).cssselect("form[action$='/anta']") == []


def test_a_double_click_makes_one_order(sent, visit, house):
    nordbyn = visit(BUYER)
    values = dict(nordbyn.page(f"/offerter/{sent.number}").cssselect("form[action$='/anta']")[0].form_values())
    cookie, path = nordbyn.get_cookie("session", "localhost"), f"/offerter/{sent.number}/anta"

    def click():
        twin = house.app.test_client()
        twin.set_cookie("session", cookie.value, domain="localhost")
        answer = twin.post(path, data={**values, "name": "Nora"})
        return answer.status_code, answer.location

    assert len(set(together(click, click, click))) == 1, "all of them see the same order"
    db.session.rollback()
    assert db.session.scalar(select(func.count(Order.id))) == 1


def test_a_double_click_asks_once(fruit, visit):
    nordbyn = visit(BUYER)
    nordbyn.post("/varukorg/lagg-i", data={"article": fruit, "quantity": "6"})
    values = dict(nordbyn.page("/offerter/fraga").cssselect("main form[method=post]")[0].form_values())
    answers = [nordbyn.post("/offerter/fraga", data={**values, "day": FRIDAY.isoformat()}) for _click in range(2)]
    assert {answer.location for answer in answers} == {f"/offerter/{the_quote().number}"}


def test_a_guest_asks_and_accepts_by_the_link_in_the_letter(fruit, visit, outbox):
    quote = ask(visit(None), fruit, **GUEST)
    send(visit(SAM), quote)
    letter = outbox.to("alva@hem.example")[-1].body
    assert "inkl. moms" in letter
    link = next(word for word in letter.split() if "nyckel=" in word)
    elsewhere = visit(None)
    assert elsewhere.get(f"/offerter/{quote.number}").status_code == 302
    assert elsewhere.get(f"/offerter/{quote.number}?nyckel=fel").status_code == 302
    assert elsewhere.get(link.removeprefix("http://localhost")).status_code == 302
    assert accept(elsewhere, quote, name="Alva").status_code == 303
    order = orders()[0]
    assert (order.customer.name, order.net) == ("Alva Exempel", Money(114000))
    assert elsewhere.get(f"/bestallningar/{order.number}").status_code == 200


def test_somebody_elses_quote_looks_as_if_it_were_not_there(sent, visit):
    from_elsewhere = visit(None)
    for path in ("/anta", "/avboj", "/andra"):
        assert from_elsewhere.post(f"/offerter/{sent.number}{path}").status_code == 404
    assert from_elsewhere.get(f"/offerter/{sent.number}").location.startswith("/logga-in")
    assert visit("ljungbacken@medlem.example").get(f"/personal/offerter/{sent.number}").status_code == 403


def test_what_is_no_longer_sold_cannot_be_accepted(sent, visit):
    sent.offered.lines[0].article.state = "withdrawn"
    answer = accept(visit(BUYER), sent)
    assert answer.status_code == 422
    assert "säljs inte längre, så offerten kan inte antas" in answer.text
    assert (orders(), the_quote().state) == ([], QuoteState.SENT)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"price-{id}": "tio"}, "skriv priset i kronor"),
        ({"price-{id}": "-5"}, "skriv ett pris från 0"),
        ({"quantity-{id}": "0"}, "Fruktkorg 5 kg: "),
        ({"quantity-{id}": "1,5"}, "Fruktkorg 5 kg: "),
        ({"valid_to": "2026-11-01"}, "Giltighetstiden har redan gått ut"),
        ({"valid_to": "2028-11-01"}, "högst ett år"),
        ({"delivery_day": "2026-12-05"}, "vardagar"),
        ({"remove": "{id}"}, "inga rader"),
    ],
)
def test_what_cannot_be_is_not_sent(fruit, visit, wrong, sentence):
    quote = ask(visit(BUYER), fruit)
    values = {key.format(id=fruit): value.format(id=fruit) for key, value in wrong.items()}
    answer = write(visit(SAM), quote, **values, then="send")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(func.count(QuoteVersion.sent_at))) == 0


def test_below_what_the_member_is_paid_staff_are_asked_once(fruit, visit, outbox):
    sam, quote = visit(SAM), ask(visit(BUYER), fruit)
    page = f"/personal/offerter/{quote.number}"
    assert "Medlemmen får 169,60 kr." in text(sam.page(page)).replace("\xa0", " ")
    wished = {f"price-{fruit}": "0", "text": "Gratis.", "then": "send"}
    asked = write(sam, quote, **wished)
    assert asked.status_code == 422
    assert "Fruktkorg 5 kg 0,00 kr (169,60 kr)" in text(document(asked)).replace("\xa0", " ")
    assert the_quote().state == QuoteState.REQUESTED
    tick = document(asked).cssselect("input[name=below]")[0].get("value")
    assert write(sam, quote, **{**wished, f"price-{fruit}": "1"}, below=tick).status_code == 422, "another price"
    assert write(sam, quote, **wished, below=tick).status_code == 303
    assert the_quote().state == QuoteState.SENT


def test_staff_make_one_for_a_customer_who_sees_it_when_it_is_sent(fruit, visit, outbox):
    sam, nordbyn = visit(SAM), visit(BUYER)
    customer_id = db.session.scalars(select(Customer.id)).one()
    assert sam.fill(f"/personal/kunder/{customer_id}/offert", {"day": FRIDAY.isoformat()}).status_code == 303
    quote = the_quote()
    assert nordbyn.get(f"/offerter/{quote.number}").status_code == 404
    assert write(sam, quote, article="Fruktkorg", quantity="4").status_code == 303
    assert "inte i offerten" not in text(sam.page(f"/personal/offerter/{quote.number}"))
    assert write(sam, quote, article="Fruktkorg").status_code == 422, "it lies there already"
    send(sam, the_quote(), price="180,50")
    assert "180,50 kr" in outbox.to(BUYER)[-1].body.replace("\xa0", " ")
    assert accept(nordbyn, quote).status_code == 303
    assert orders()[0].net == Money(72200)


def test_finance_reads_but_does_not_write(sent, visit):
    make.make_user("fia@samklang.example", roles=(RoleName.FINANCE,))
    fia = visit("fia@samklang.example")
    assert fia.get(f"/personal/offerter/{sent.number}").status_code == 200
    assert fia.post(f"/personal/offerter/{sent.number}/ny-version").status_code == 403


def test_the_lists_ask_few_questions(sent, visit, queries):
    sam = visit(SAM)
    sam.page("/personal/offerter?hog=all")
    with queries() as seen:
        sam.page("/personal/offerter?hog=all")
    assert len(seen) <= 14
    nordbyn = visit(BUYER)
    for path, most in (("/offerter", 14), (f"/offerter/{sent.number}", 26)):  # the quote's page asks how it would come
        nordbyn.page(path)
        with queries() as seen:
            nordbyn.page(path)
        assert len(seen) <= most, path


def test_a_bundle_is_quoted_as_one_and_its_parts_share_the_price(fruit, visit):
    plate = make.make_article("Fat", price=Money(10000), vat_class="standard")
    make.make_offering(plate, make.make_kokljus())
    bundle = make.make_bundle("Fruktfat", (db.session.get(Article, fruit), "2", False), (plate, "1", False))
    quote = send(visit(SAM), ask(visit(None), bundle.id, "3", **GUEST), price="600,01")
    sums = sums_of(quote.offered, with_vat=True)
    order = quoteflow.accept(
        quote, quoteflow.Acceptance(version=1, name="Alva", day=FRIDAY), by=None, now=quote.offered.sent_at
    )
    assert [line.name for line in order.lines] == ["Fruktkorg 5 kg", "Fat"]
    assert order.net == quote.offered.net == Money(180003)
    assert shown_prices(order, vat_rules(), with_vat=True).total == sums.total, "nothing is lost on the way"


def test_accepting_what_is_just_being_replaced_gives_the_old_price_or_none(sent, visit):
    nordbyn, sam = visit(BUYER), visit(SAM)
    sam.fill(f"/personal/offerter/{sent.number}", {}, form="form[action$='/ny-version']")
    old = dict(nordbyn.page(f"/offerter/{sent.number}").cssselect("form[action$='/anta']")[0].form_values())
    new = dict(sam.page(f"/personal/offerter/{sent.number}").cssselect("form[action$='/skriv']")[0].form_values())
    article, number = sent.offered.lines[0].article_id, sent.number
    dearer = {**new, f"price-{article}": "250", "then": "send"}
    dearer.pop("remove", None)
    taken, replaced = together(
        lambda: nordbyn.post(f"/offerter/{number}/anta", data={**old, "name": "Nora"}).status_code,
        lambda: sam.post(f"/personal/offerter/{number}/skriv", data=dearer).status_code,
    )
    assert (taken, replaced) in {(303, 422), (422, 303)}
    prices = [order.lines[0].unit_price for order in orders()]
    assert prices == ([Money(19000)] if taken == 303 else [])
    assert the_quote().offered.number == (1 if taken == 303 else 2)
