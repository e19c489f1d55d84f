"""A bid that we have won becomes a framework agreement, once, as staff have corrected it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app import agreementflow, bidflow, files, jobs, orderflow
from app import clock as house_clock
from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.catalog.models import ApprovalState, Article, Offering
from app.catalog.pricing.rules import ListState
from app.customers.models import Customer
from app.db import db
from app.demo.papers import paper
from app.errors import Refused
from app.members.models import Member
from app.money import Money
from app.orders.agreements.models import Agreement, AgreementOption, AgreementPart, CallOff
from app.orders.cart import Delivery
from app.orders.models import Order
from app.orders.routing_actions import policy_of
from app.orders.routing_values import PolicyKind
from app.tenders import actions, articles, bid_actions
from app.tenders.actions import NewRow, TenderFacts
from app.tenders.dates.models import TenderDates
from app.tenders.dates.reckoning import HowSent
from app.tenders.models import Bid, BidReckoning, BidState, BidVersion, TenderLot, TenderPriceRow
from app.tenders.promise_actions import RowAnswer
from bids.kinds import BidForm, DocumentKind, PartyRole
from bids.offer import from_json, to_json
from tests import make
from tests.furnished import furnished
from tests.people import document, text, together

DEADLINE = datetime(2026, 12, 18, 11, 0, tzinfo=UTC)
SAM = "sam@samklang.example"
BUYER = make.VASTERHAMN["email"]
WANTED = {
    "name": "Fruktkorgar",
    "number": "INK 9",
    "ceiling": "900 000",
    "first_day": "2026-11-24",
    "last_day": "2028-11-23",
    "options-0-last_day": "2029-11-23",
    "options-0-use_by": "2028-08-25",
    "options-0-whose": "buyer",
    "options-1-last_day": "",
    "options-1-use_by": "",
    "options-2-last_day": "",
    "options-2-use_by": "",
    "index_name": "KPI",
    "index_base": "400",
    "index_first": "2027-11-24",
    "report_every": "3",
    "report_words": "Till inkop@vasterhamn.example, vite 1 000 kr per vecka.",
    "vat_class": "food",
}


@furnished
def bid(app) -> Bid:
    """Two rows: fruit baskets that Ljungbacken and Rullande make, and a tasting that the catalogue has not."""
    now = house_clock.now()
    sam, company = make.make_sam(), make.make_sales_company()
    file = files.save(paper("Egenförsäkran", ["Ja."]), name="espd.pdf", media_type="application/pdf", now=now)
    make.make_document(company, DocumentKind.ESPD, file=file)
    members = [make.make_ljungbacken(), make.make_member(slug="rullande", name="Rullande Hjälpen ek. för.")]
    fruit = make.make_article()
    for member in members:
        make.make_offering(fruit, member, capacity_per_week=Decimal(100))
        make.make_user(member.email, member=member)
    make.make_user(BUYER, customer=make.make_vasterhamn())
    make.make_user(make.NORDBYN["email"], customer=make.make_nordbyn())
    facts = TenderFacts(
        title="Fruktkorgar",
        buyer_name="Västerhamns kommun",
        buyer_org_number=make.VASTERHAMN["org_number"],
        deadline=DEADLINE,
        term_years=2,
        diary_number="INK 9",
    )
    tender = actions.register(facts, by=sam, now=now)
    tender.options = "1"
    db.session.flush()
    rows = actions.add_rows(
        tender,
        [
            NewRow(ref="1", text="Fruktkorg", unit="H87", quantity=Decimal(1000)),
            NewRow(ref="2", text="Provsmakning på plats", unit="H87", quantity=Decimal(10)),
        ],
        None,
        by=sam,
        now=now,
    )
    db.session.flush()
    articles.tie(rows[0], fruit.number, newest=True, by=sam, now=now)
    made = bidflow.start_bid(tender, BidForm.SUBCONTRACTORS, by=sam, now=now)
    db.session.flush()
    made.offered_validity = date(2027, 4, 30)
    for member, quantities in zip(members, ((750, 10), (250, 0)), strict=True):
        party = bid_actions.add_party(made, member, PartyRole.SUBCONTRACTOR, by=sam, now=now)
        db.session.flush()
        asked = [
            bidflow.ask(party, row, Decimal(quantity), by=sam, now=now)
            for row, quantity in zip(rows, quantities, strict=True)
            if quantity
        ]
        bidflow.invite([party], by=sam, now=now)
        answers = [RowAnswer(one, Money(17_000 if one.row is rows[0] else 200_000), Decimal(2000)) for one in asked]
        bidflow.promise(party, answers, "Lova Hittepå", by=sam, now=now)
    bidflow.submit(made, by=sam, now=now)
    bidflow.settle(made, BidState.WON, decided_on=DEADLINE.date(), by=sam, now=now)
    db.session.commit()
    return made


def where(bid: Bid) -> str:
    return f"/personal/upphandlingar/{bid.tender_id}/ramavtal"


def confirm(bid: Bid, visit, **values: str | list[str]):
    return visit(SAM).fill(where(bid), {**WANTED, **values}, form=f"form[action='{where(bid)}']")


def agreement() -> Agreement:
    db.session.expire_all()
    return db.session.scalars(select(Agreement)).one()


def count(kind) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def order_fruit(made: Agreement, quantity: int) -> None:
    """Västerhamn calls off so many fruit baskets at 170 kr."""
    buyer = db.session.scalars(select(Customer).where(Customer.email == BUYER)).one()
    delivery = Delivery(date(2026, 12, 4), "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480", "Kim", "4711")
    fruit = next(row.article_id for row in made.price_list.rows if row.price == Money(17_000))
    cart = {fruit: Decimal(quantity)}
    orderflow.checkout(cart, delivery, customer=buyer, ticket="t", by=None, now=house_clock.now())
    db.session.commit()


def test_the_page_shows_what_it_will_be(bid, visit):
    page = visit(SAM).page(where(bid))
    words = text(page.cssselect("main")[0]).replace("\xa0", " ")
    assert "Provsmakning på plats" in words
    assert "avtalets egen" in words
    assert "Ljungbacken Frukt ek. för.: 77,6 %" in words
    assert page.cssselect("#first_day")[0].get("value") == "2026-12-29", "eleven days after the decision"
    assert page.cssselect("#options-0-last_day")[0].get("value") == "2029-12-28"
    checked = page.cssselect("input[name=buyers][checked]")
    assert len(checked) == 1, "the buyer's own organisation number is among the customers"
    assert count(Agreement) == 0


def test_it_becomes_an_agreement_with_prices_shares_options_and_articles_of_its_own(bid, visit):
    answer = confirm(bid, visit)
    made = agreement()
    assert answer.location == f"/personal/ramavtal/{made.id}"
    assert (made.number, made.ceiling, made.first_day, made.last_day) == (
        "INK 9",
        Money.kronor(900_000),
        date(2026, 11, 24),
        date(2028, 11, 23),
    )
    assert made.price_list.state == ListState.ACTIVE
    assert [one.name for one in made.price_list.customers] == ["Västerhamns kommun"]
    rows = {row.article.name: row for row in made.price_list.rows}
    assert rows["Fruktkorg 5 kg"].price == Money(17_000)
    own = rows["Provsmakning på plats"].article
    assert (own.state, rows[own.name].price) == (ApprovalState.AGREED, Money(200_000))
    offered = db.session.scalars(select(Offering).where(Offering.article_id == own.id)).one()
    assert (offered.member.slug, offered.member_price) == ("ljungbacken", Money(200_000))
    policy = policy_of(made.price_list)
    assert policy.kind == PolicyKind.SHARES
    assert {one.member.slug: one.place for one in policy.places} == {"ljungbacken": 776, "rullande": 224}
    assert [(one.last_day, one.use_by) for one in made.options] == [(date(2029, 11, 23), date(2028, 8, 25))]
    parts = db.session.scalars(select(AgreementPart).order_by(AgreementPart.id)).all()
    assert [(one.member.slug, one.ref, one.yearly) for one in parts] == [
        ("ljungbacken", "1", 750),
        ("rullande", "1", 250),
        ("ljungbacken", "2", 10),
    ]
    holds = db.session.get_one(Bid, bid.id).holds
    assert {one.price_list_id for one in holds} == {made.price_list_id}, "what was kept back is for its orders"


def test_it_does_not_begin_in_the_standstill_unless_somebody_says_why(bid, visit):
    db.session.add(
        TenderDates(tender_id=bid.tender_id, notice_sent_on=date(2026, 11, 30), notice_sent_how=HowSent.ELECTRONIC)
    )
    db.session.commit()
    early = {"first_day": "2026-12-10", "last_day": "2028-11-23", "why_early": " "}
    answer = confirm(bid, visit, **early)
    assert answer.status_code == 422
    assert "till och med 10\u00a0december 2026" in answer.text
    assert "LOU 20 kap. 1 §" in answer.text
    (why,) = document(answer).cssselect("label[for=why_early]")
    assert "frivilligt" not in text(why), "it is what lets it begin so early"
    assert count(Agreement) == 0
    assert confirm(bid, visit, **{**early, "why_early": "Köparen behöver inte vänta"}).status_code == 303
    said = db.session.scalars(select(AuditEvent).where(AuditEvent.what == "begins in standstill")).one()
    assert said.details == {"why": "Köparen behöver inte vänta"}


def test_the_day_after_the_standstill_it_begins(bid, visit):
    db.session.add(
        TenderDates(tender_id=bid.tender_id, notice_sent_on=date(2026, 11, 30), notice_sent_how=HowSent.ELECTRONIC)
    )
    db.session.commit()
    assert confirm(bid, visit, first_day="2026-12-11").status_code == 303


def test_the_buyer_orders_from_it_and_others_never_meet_its_own_article(bid, visit, clock):
    confirm(bid, visit)
    made = agreement()
    own = next(row.article for row in made.price_list.rows if row.article.state == ApprovalState.AGREED)
    clock.move(days=1)
    browser = visit(BUYER)
    page = browser.page(f"/bestallningar/ramavtal/{made.id}")
    assert "900 000,00 kr kvar" in text(page.cssselect("main")[0]).replace("\xa0", " ")
    form = next(one for one in page.cssselect("form.order-row") if one.cssselect(f"input[value='{own.id}']"))
    browser.post(form.get("action"), data={**dict(form.form_values()), "quantity": "2"})
    day = {"day": "2026-12-29", "buyer_reference": "Kim", "order_reference": "4711"}
    assert browser.fill("/kassa", day).status_code in {302, 303}
    order = db.session.scalars(select(Order)).one()
    assert [one.member.slug for one in order.assignments] == ["ljungbacken"]
    assert agreement().called_off == Money.kronor(4000)
    other = visit(make.NORDBYN["email"])
    assert other.get(f"/katalog/{own.slug}").status_code == 404
    assert visit("rullande@medlem.example").get(f"/katalog/{own.slug}").status_code == 404, "it has the bid's price"
    assert own.name not in other.get("/katalog?q=provsmakning").text
    other.post("/varukorg/lagg-i", data={"article": str(own.id), "quantity": "1"})
    assert own.name not in other.get("/varukorg").text
    nordbyn = db.session.scalars(select(Customer).where(Customer.email == make.NORDBYN["email"])).one()
    delivery = Delivery(date(2026, 12, 4), "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480")
    with pytest.raises(Refused, match="säljs bara till den som får avropa på avtalet"):
        orderflow.checkout({own.id: Decimal(1)}, delivery, customer=nordbyn, ticket="t", by=None, now=house_clock.now())


def test_two_who_press_at_the_same_moment_make_one_agreement(bid, visit):
    address = where(bid)

    def press():
        browser = visit(SAM)
        return lambda: browser.fill(address, WANTED, form=f"form[action='{address}']")

    answers = together(press(), press())
    assert {one.status_code for one in answers} == {303}
    assert count(Agreement) == 1
    assert count(AgreementOption) == 1
    assert visit(SAM).post(where(bid), data=WANTED).location == f"/personal/ramavtal/{agreement().id}"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"last_day": "2026-01-01"}, "Avtalets sista dag ligger före den första"),
        ({"last_day": "2031-11-23", "options-0-last_day": "", "options-0-use_by": ""}, "längre än fyra år"),
        ({"options-0-last_day": "2028-01-01"}, "Förlängning 1, till och med lör 1 jan 2028, måste sluta senare än"),
        (
            {"options-1-last_day": "2030-11-23", "options-1-use_by": "2029-11-24"},
            "Förlängning 2, till och med lör 23 nov 2030, måste användas innan avtalet har gått ut",
        ),
        ({"more_buyers": "212099-9999"}, "212099-9999"),
        ({"ceiling": "0"}, "mer än noll"),
        ({"options-0-use_by": ""}, "Skriv båda dagarna"),
        ({"index_base": ""}, "bastal"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_typed_is_lost(bid, visit, values, words):
    answer = confirm(bid, visit, **values)
    assert answer.status_code == 422
    assert words in answer.text.replace("\xa0", " ")
    assert "vite 1 000 kr per vecka" in answer.text
    assert count(Agreement) == count(AgreementPart) == 0
    assert count(Article) == 1


def test_a_row_can_be_pointed_at_another_article_first(bid, visit):
    other = make.make_article("Provsmakning", unit="H87", number="T9999")
    db.session.commit()
    rows = db.session.scalars(select(TenderPriceRow).order_by(TenderPriceRow.id)).all()
    answer = visit(SAM).fill(where(bid), {f"artikel-{rows[1].id}": "t9999"}, form="form[action$='/rader']")
    assert answer.status_code == 303
    confirm(bid, visit)
    assert {row.article_id for row in agreement().price_list.rows} == {rows[0].article_id, other.id}
    wrong = visit(SAM).get(where(bid))
    assert wrong.location == f"/personal/ramavtal/{agreement().id}"


def test_a_bid_that_is_not_won_becomes_nothing(bid, visit):
    db.session.get_one(Bid, bid.id).state = BidState.LOST
    db.session.commit()
    assert "när det är vunnet" in visit(SAM).get(where(bid)).text
    assert visit(SAM).post(where(bid), data=WANTED).status_code == 409
    assert count(Agreement) == 0


def test_a_member_sees_its_own_part_and_nobody_elses(bid, visit):
    confirm(bid, visit)
    made = agreement()
    rullande = db.session.scalars(select(Member).where(Member.slug == "rullande")).one()
    page = text(visit(rullande.email).page(f"/medlem/ramavtal/{made.id}").cssselect("main")[0])
    assert "22,4 %" in page
    assert "Fruktkorg" in page
    assert "Ljungbacken" not in page
    assert "Provsmakning" not in page
    assert "900" not in page
    stranger = make.make_kokljus()
    make.make_user(stranger.email, member=stranger)
    visit(stranger.email).page(f"/medlem/ramavtal/{made.id}", status=404)
    visit(make.NORDBYN["email"]).page(f"/bestallningar/ramavtal/{made.id}", status=404)


def test_statistics_are_a_file_with_zero_in_it_and_late_is_said(bid, visit, clock):
    confirm(bid, visit, more_buyers=make.NORDBYN["org_number"])
    made = agreement()
    clock.move(days=1)
    order_fruit(made, 10)
    clock.set(datetime(2027, 2, 1, 9, 0, tzinfo=UTC))
    browser = visit(SAM)
    answer = browser.get(f"/personal/ramavtal/{made.id}/statistik.xlsx?fran=2026-11-24")
    assert answer.status_code == 200
    book = load_workbook(BytesIO(answer.data))
    rows = [row[:2] + row[5:6] for row in book["Organisationer"].iter_rows(min_row=2, values_only=True)]
    assert rows == [("Nordbyn Teknik AB", "559999-2020", 0), ("Västerhamns kommun", "212099-9012", 1700)]
    lines = list(book["Artiklar"].iter_rows(min_row=2, values_only=True))
    assert [(one[0], one[3], one[5], one[6]) for one in lines] == [("Västerhamns kommun", "Fruktkorg 5 kg", 10, 1700)]
    page = text(browser.page(f"/personal/ramavtal/{made.id}").cssselect("main")[0])
    assert "Försenad" in page
    sent = browser.post(f"/personal/ramavtal/{made.id}/statistik", data={"fran": "2026-11-24"})
    assert sent.status_code == 303
    assert "Skickat" in text(browser.page(f"/personal/ramavtal/{made.id}").cssselect("main")[0])
    assert count(CallOff) == 1
    browser.page(f"/personal/ramavtal/{made.id}/statistik.xlsx?fran=2026-11-25", status=404)


def test_options_and_the_end_and_statistics_are_reminded_of_once_in_time(bid, visit, clock, outbox):
    confirm(bid, visit)

    def told() -> list[str]:
        agreementflow.remind_all(house_clock.now())
        jobs.work_off()
        return [one.partition(":")[0] for one in outbox.subjects_to(SAM) if "INK 9" in one]

    assert told() == []
    clock.set(datetime(2027, 1, 12, 9, 0, tzinfo=UTC))
    assert told() == ["Statistik ska lämnas"], "by 26 January, fifteen working days after the quarter"
    clock.move(days=1)
    assert len(told()) == 1
    clock.set(datetime(2028, 6, 27, 9, 0, tzinfo=UTC))
    assert told()[1:] == ["Avtalet kan förlängas"]
    clock.set(datetime(2028, 10, 1, 9, 0, tzinfo=UTC))
    assert "Avtalet går snart ut" in told()


def test_an_option_that_is_used_lets_agreement_and_prices_go_on(bid, visit, clock):
    confirm(bid, visit)
    made = agreement()
    option = made.options[0]
    browser = visit(SAM)
    address = f"/personal/ramavtal/{made.id}/forlang/{option.id}"
    assert browser.post(address).status_code == 303
    made = agreement()
    assert made.last_day == made.price_list.valid_to == date(2029, 11, 23)
    again = browser.post(address, follow_redirects=True)
    assert "redan använd" in again.text
    assert agreement().last_day == date(2029, 11, 23)
    ending = {"end-last_day": "2028-12-31", "end-reason": "Köparen säger upp det"}
    assert browser.post(f"/personal/ramavtal/{made.id}/avsluta", data=ending).status_code == 303
    assert "Använd, men avtalet upphör tidigare" in browser.get(f"/personal/ramavtal/{made.id}").text


def test_finance_reads_and_only_sales_change(bid, visit):
    confirm(bid, visit)
    made = agreement()
    make.make_user("finans@samklang.example", roles=[RoleName.FINANCE])
    browser = visit("finans@samklang.example")
    page = browser.page(f"/personal/ramavtal/{made.id}")
    assert not page.cssselect("main form[method=post]")
    typed = {"ceiling": "1", "reason": "x"}
    assert browser.post(f"/personal/ramavtal/{made.id}/takvarde", data=typed).status_code == 403
    page = visit(SAM).page(f"/personal/ramavtal/{made.id}")
    assert page.cssselect("main form[method=post]")


def test_the_ceiling_cannot_be_set_below_what_is_called_off(bid, visit, clock):
    confirm(bid, visit)
    made = agreement()
    clock.move(days=1)
    order_fruit(made, 10)
    address = f"/personal/ramavtal/{made.id}/takvarde"
    answer = visit(SAM).post(address, data={"ceiling": "1 699", "reason": "Köparens mejl"})
    assert answer.status_code == 422
    assert "redan avropat" in answer.text
    assert visit(SAM).post(address, data={"ceiling": "1 700", "reason": "Köparens mejl"}).status_code == 303
    assert agreement().left == Money(0)


def test_the_pages_ask_few_questions(bid, visit, queries):
    browser = visit(SAM)
    with queries() as asked:
        browser.page(where(bid))
    assert len(asked) <= 19
    confirm(bid, visit)
    made = agreement()
    with queries() as asked:
        browser.page(f"/personal/ramavtal/{made.id}")
    assert len(asked) <= 15


def test_an_agreement_can_end_before_its_time_and_then_the_outcome_can_change(bid, visit, clock):
    confirm(bid, visit)
    made, browser = agreement(), visit(SAM)
    outcome = {"state": "lost", "decided_on": "2026-12-18"}
    lost = browser.fill(f"/personal/upphandlingar/{bid.tender_id}/lamna", outcome, form="form[action$='/utfall']")
    assert lost.status_code == 422
    assert "Avsluta avtalet först" in lost.text
    clock.move(days=7)
    address = f"/personal/ramavtal/{made.id}/avsluta"
    wrong = browser.post(address, data={"end-last_day": "2026-11-01", "end-reason": "Överprövat"})
    assert wrong.status_code == 422
    assert agreement().last_day == date(2028, 11, 23)
    assert browser.post(address, data={"end-last_day": "2026-11-30", "end-reason": "Överprövat"}).status_code == 303
    made = agreement()
    assert made.last_day == made.price_list.valid_to == date(2026, 11, 30)
    clock.move(days=1)
    lost = browser.fill(f"/personal/upphandlingar/{bid.tender_id}/lamna", outcome, form="form[action$='/utfall']")
    assert lost.status_code == 303


def test_a_list_that_staff_copy_by_hand_counts_under_the_same_ceiling(bid, visit):
    confirm(bid, visit)
    made = agreement()
    answer = visit(SAM).fill(
        f"/personal/prislistor/{made.price_list_id}/kopiera", {"name": "Frukt, rättad", "percent": "0", "nearest": "1"}
    )
    assert answer.status_code == 303, answer.text[:3000]
    assert len(agreement().lists) == 2


def test_the_index_clause_that_the_bid_was_reckoned_with_is_filled_in(bid, visit):
    clause = {"index_name": "Städindex", "index_base": Decimal(250), "index_threshold": Decimal(3)}
    db.session.add(BidReckoning(bid_id=bid.id, index_part=Decimal(80), index_fixed_years=1, index_values="", **clause))
    db.session.commit()
    page = visit(SAM).page(where(bid))
    wanted = {"index_name": "Städindex", "index_base": "250", "index_threshold": "3", "index_part": "80"}
    for name, value in {**wanted, "index_first": "2027-12-29"}.items():
        assert page.cssselect(f"#{name}")[0].get("value") == value


def test_a_lot_that_we_did_not_win_is_in_no_price_list(bid, visit):
    """The tasting is moved into a lot of its own, which another supplier won."""
    tender = db.session.get_one(Bid, bid.id).tender
    lots = [TenderLot(tender_id=tender.id, ref=ref, title=ref) for ref in ("A", "B")]
    db.session.add_all(lots)
    db.session.flush()
    for row, lot in zip(tender.rows, lots, strict=True):
        row.lot_id = lot.id
    bid.lots = lots
    version = db.session.scalars(select(BidVersion)).one()
    offer = from_json(version.offer_json)
    rows = tuple(replace(row, lot_ref=lot.ref) for row, lot in zip(offer.rows, lots, strict=True))
    version.offer_json = to_json(replace(offer, rows=rows))
    db.session.commit()
    assert "Välj minst ett anbudsområde" in confirm(bid, visit, lots=[]).text
    confirm(bid, visit, lots=["A"])
    made = agreement()
    assert [row.article.name for row in made.price_list.rows] == ["Fruktkorg 5 kg"]
    assert {one.place for one in policy_of(made.price_list).places} == {750, 250}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"index_name": "", "index_first": ""}, "Skriv vilket index det är bastalet för"),
        ({"index_name": "", "index_base": ""}, "Skriv vilket index priserna följer från den dagen"),
        ({"buyers": []}, "Välj minst en köpare."),
    ],
)
def test_what_hangs_in_the_air_is_refused_beside_its_field(bid, visit, values, words):
    """An agreement that is made cannot be given an index afterwards."""
    answer = confirm(bid, visit, **values)
    assert answer.status_code == 422
    assert words in answer.text
    assert count(Agreement) == 0


def test_a_long_name_is_cut_between_words(bid, visit):
    bid.tender.title = "Fruktkorgar och blomsterarrangemang till kommunens förvaltningar"
    db.session.commit()
    name = visit(SAM).page(where(bid)).cssselect("input[name=name]")[0].get("value")
    assert name == "Fruktkorgar och blomsterarrangemang till kommunens förvaltningar, Västerhamns …"


def test_the_agreement_is_found_from_the_whole_workspace_of_a_won_bid(bid, visit):
    browser, room = visit(SAM), f"/personal/upphandlingar/{bid.tender_id}"
    for page in (room, f"{room}/efter"):
        shown = browser.page(page).cssselect("main")[0]
        assert where(bid) in [one.get("href") for one in shown.cssselect("a")]
        assert "Skriv in utfallet" not in text(shown), "it is entered"
