"""What a member has promised in a bid is kept of its week while the bid lives, and the routing says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import bidflow, files, jobs, orderflow
from app import clock as house_clock
from app.accounts.models import RoleName, User
from app.catalog.pricing.rules import ListKind
from app.customers.models import Customer
from app.db import db
from app.demo.papers import paper
from app.money import Money
from app.orders.cart import Delivery
from app.orders.models import Order
from app.orders.routing_models import CapacityHold
from app.orders.what_if import what_if
from app.tenders import actions, articles, bid_actions, queries
from app.tenders.actions import NewRow, TenderFacts
from app.tenders.leaving import Despite, NotRead
from app.tenders.models import BidState
from app.tenders.promise_actions import RowAnswer
from bids import before_leaving
from bids.kinds import BidForm, DocumentKind, PartyRole
from tests import make
from tests.people import text, together
from tests.price_lists import make_list

pytestmark = pytest.mark.both

DEADLINE = datetime(2026, 12, 18, 11, 0, tzinfo=UTC)
LATER = date(2027, 1, 13)
"""A Wednesday in a week that the contract would cover."""
SAM = "sam@samklang.example"


class Case:
    """Ljungbacken makes 25 fruit baskets a week, and has promised 1 040 a year in a bid of two years."""

    def __init__(self, now: datetime, unit: str = "H87") -> None:
        self.sam = make.make_sam()
        company = make.make_sales_company()
        espd = files.save(
            paper("Egenförsäkran", ["Vi uppfyller kraven."]), name="espd.pdf", media_type="application/pdf", now=now
        )
        make.make_document(company, DocumentKind.ESPD, file=espd)
        self.ljungbacken = make.make_ljungbacken()
        self.fruit = make.make_article()
        self.offering = make.make_offering(self.fruit, self.ljungbacken, capacity_per_week=Decimal(25))
        self.nordbyn, self.vasterhamn = make.make_nordbyn(), make.make_vasterhamn()
        db.session.flush()
        facts = TenderFacts(
            title="Fruktkorgar", buyer_name="Västerhamns kommun", deadline=DEADLINE, term_years=2, diary_number="INK 9"
        )
        self.tender = actions.register(facts, by=self.sam, now=now)
        db.session.flush()
        rows = [NewRow(ref="1", text="Fruktkorg", unit=unit, quantity=Decimal(1040))]
        (self.row,) = actions.add_rows(self.tender, rows, None, by=self.sam, now=now)
        db.session.flush()
        articles.tie(self.row, self.fruit.number, newest=True, by=self.sam, now=now)
        self.bid = bidflow.start_bid(self.tender, BidForm.SUBCONTRACTORS, by=self.sam, now=now)
        db.session.flush()
        role = PartyRole.SUBCONTRACTOR
        self.party = bid_actions.add_party(self.bid, self.ljungbacken, role, by=self.sam, now=now)
        db.session.flush()
        self.bid.offered_validity = date(2027, 4, 30)
        self.promise(1040, now)
        self.where = f"/personal/upphandlingar/{self.tender.id}/lamna"

    def promise(self, quantity: int, now: datetime) -> None:
        promise = bidflow.ask(self.party, self.row, Decimal(quantity), by=self.sam, now=now)
        if self.party.invited_at is None:
            bidflow.invite([self.party], by=self.sam, now=now)
        answer = RowAnswer(promise, Money(17000), Decimal(2000))
        bidflow.promise(self.party, [answer], "Lova Hittepå", by=self.sam, now=now)
        db.session.commit()

    def submit(self) -> None:
        bidflow.submit(self.bid, by=self.sam, now=house_clock.now())
        db.session.commit()

    def settle(self, to: BidState) -> None:
        bidflow.settle(self.bid, to, decided_on=date(2027, 1, 4), by=self.sam, now=house_clock.now())
        db.session.commit()

    def order(self, quantity: int, customer: Customer | None = None, day: date = LATER) -> Order:
        delivery = Delivery(day, "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480", "Kim", "4711")
        count = len(db.session.scalars(select(Order.id)).all())
        made = orderflow.checkout(
            {self.fruit.id: Decimal(quantity)},
            delivery,
            customer=customer or self.nordbyn,
            ticket=f"ticket-{count}",
            by=None,
            now=house_clock.now(),
        )
        db.session.commit()
        return made


def holds() -> list[tuple[Decimal, str, str]]:
    db.session.expire_all()
    rows = db.session.scalars(select(CapacityHold).order_by(CapacityHold.id))
    return [(one.per_week, one.first_day.isoformat(), one.last_day.isoformat()) for one in rows]


@pytest.fixture
def case(app, clock) -> Case:
    return Case(clock.now)


@pytest.fixture
def submitted(case) -> Case:
    case.submit()
    return case


def missing(order: Order) -> Decimal:
    return sum((line.unassigned for line in order.lines), Decimal(0))


def test_a_draft_keeps_nothing_and_a_bid_that_is_handed_in_keeps_each_week_of_the_contract(case):
    assert missing(case.order(20)) == 0
    assert holds() == []
    case.submit()
    assert holds() == [(20, "2026-12-29", "2028-12-28")]
    assert missing(case.order(5, day=date(2027, 1, 20))) == 0
    assert missing(case.order(1, day=date(2027, 1, 20))) == 1
    assert missing(case.order(25, day=date(2026, 12, 4))) == 0, "no contract can have begun by then"


def test_the_routing_says_for_which_bid_it_is_kept(submitted, visit):
    order = submitted.order(6)
    assert missing(order) == 1
    page = f"/personal/bestallningar/{order.number}"
    assert "där en del hålls undan för anbudet Fruktkorgar, Västerhamns kommun" in text(visit(SAM).page(page))
    order = submitted.order(6)
    assert "är fullbokad den veckan, där en del hålls undan för anbudet" in text(
        visit(SAM).page(f"/personal/bestallningar/{order.number}")
    )


def test_what_if_somebody_is_closed_respects_it_too(submitted, clock):
    other = make.make_member(slug="rullande", name="Rullande Hjälpen ek. för.")
    make.make_offering(submitted.fruit, other, capacity_per_week=Decimal(25))
    order = submitted.order(20)
    assert [one.member.slug for one in order.assignments] == ["rullande"]
    (moved,) = what_if([other.id], LATER, LATER, now=clock.now).moved
    assert (moved.left, [one.quantity for one in moved.moves]) == (15, [5])
    assert "där en del hålls undan för anbudet Fruktkorgar" in moved.moves[0].reason


@pytest.mark.parametrize("to", [BidState.LOST, BidState.CANCELLED])
def test_a_bid_that_is_lost_or_called_off_lets_go(submitted, to):
    submitted.settle(to)
    assert holds() == []
    assert missing(submitted.order(25)) == 0


def test_a_bid_that_seemed_lost_and_is_won_keeps_again(submitted):
    submitted.settle(BidState.LOST)
    submitted.settle(BidState.WON)
    assert len(holds()) == 1
    submitted.settle(BidState.LOST)
    assert holds() == []


def test_a_won_bid_is_kept_for_the_agreements_orders(submitted, visit):
    submitted.settle(BidState.WON)
    assert missing(submitted.order(6, submitted.vasterhamn)) == 1, "there is no agreement yet"
    agreement = make_list(
        ListKind.FRAMEWORK, {submitted.fruit: 19800}, customers=[submitted.vasterhamn], valid_to=date(2027, 12, 31)
    )
    sam = visit(SAM)
    page = sam.page(submitted.where)
    assert "Västerhamn" not in text(page.cssselect("#undanhallet")[0].getparent().cssselect("table")[0])
    refused = sam.fill(submitted.where, {"agreement-price_list": ""}, form="form[action$='/avtal']")
    assert refused.status_code == 422
    chosen = {"agreement-price_list": str(agreement.id)}
    assert sam.fill(submitted.where, chosen, form="form[action$='/avtal']").status_code == 303
    assert holds() == [(20, "2026-11-23", "2027-12-31")]
    day = date(2027, 1, 20)
    assert missing(submitted.order(6, day=day)) == 1
    assert missing(submitted.order(20, submitted.vasterhamn, day=day)) == 0


def test_an_agreement_with_the_tenders_number_takes_it_over_at_once(submitted):
    agreement = make_list(
        ListKind.FRAMEWORK, {submitted.fruit: 19800}, agreement="ink 9", customers=[submitted.nordbyn]
    )
    submitted.settle(BidState.WON)
    assert db.session.scalars(select(CapacityHold)).one().price_list_id == agreement.id


def test_only_a_won_bid_becomes_an_agreement_and_only_sales_say_so(submitted, visit):
    agreement = make_list(ListKind.FRAMEWORK, {submitted.fruit: 19800}, customers=[submitted.nordbyn])
    chosen = {"agreement-price_list": str(agreement.id)}
    assert not visit(SAM).page(submitted.where).cssselect("form[action$='/avtal']")
    assert "Bara ett vunnet anbud" in visit(SAM).post(f"{submitted.where}/avtal", data=chosen).text
    make.make_user("eko@samklang.example", roles=[RoleName.FINANCE])
    assert visit("eko@samklang.example").post(f"{submitted.where}/avtal", data=chosen).status_code == 403
    assert db.session.scalars(select(CapacityHold)).one().price_list_id is None


def test_a_new_draft_keeps_what_was_handed_in_until_the_next_is(submitted):
    bidflow.new_draft(submitted.bid, by=submitted.sam, now=house_clock.now())
    submitted.row.quantity = Decimal(520)
    submitted.promise(520, house_clock.now())
    assert [one[0] for one in holds()] == [20]
    submitted.submit()
    assert [one[0] for one in holds()] == [10]


def test_a_draft_that_is_given_up_lets_go(submitted):
    bidflow.new_draft(submitted.bid, by=submitted.sam, now=house_clock.now())
    bidflow.turn_down(submitted.tender, submitted.bid, "Hinner inte", by=submitted.sam, now=house_clock.now())
    db.session.commit()
    assert holds() == []


def test_a_bid_that_binds_us_no_longer_lets_go_once(submitted, clock):
    clock.set(datetime(2027, 4, 30, 12, 0, tzinfo=UTC))
    jobs.work_off()
    bidflow.let_go_of_lapsed(clock.now)
    assert jobs.work_off() == 0
    clock.set(datetime(2027, 5, 1, 12, 0, tzinfo=UTC))
    for _worker in range(2):
        bidflow.let_go_of_lapsed(clock.now)
    db.session.commit()
    jobs.work_off()
    assert holds() == []
    assert jobs.failed() == []


def test_another_unit_says_nothing_of_the_week(app, clock):
    case = Case(clock.now, unit="KGM")
    case.submit()
    assert holds() == []


def test_staff_see_what_is_kept(submitted, visit):
    assert "20 st" in text(visit(SAM).page(submitted.where)).replace("\u00a0", " ")
    assert "anbudet Fruktkorgar" in text(visit(SAM).page("/personal/fordelning"))


def test_an_order_at_the_same_moment_takes_nothing_of_what_is_kept(case, app):
    article, customer, bid_id, sam_id = case.fruit.id, case.nordbyn.id, case.bid.id, case.sam.id

    def order() -> Decimal:
        with app.app_context():
            delivery = Delivery(LATER, "Kontoret", "Köpgatan 2", "411 02", "Göteborg", "1480", "Kim", "4711")
            buyer = db.session.get_one(Customer, customer)
            values = {"customer": buyer, "ticket": "together", "by": None, "now": house_clock.now()}
            made = orderflow.checkout({article: Decimal(25)}, delivery, **values)
            left = missing(made)
            db.session.commit()
            return left

    def submit() -> Decimal:
        with app.app_context():
            bid, now = queries.bid_by_id(bid_id, lock=True), house_clock.now()
            sam = db.session.get_one(User, sam_id)
            try:
                bidflow.submit(bid, by=sam, now=now)
            except (
                NotRead
            ) as first:  # The order was quicker, and the bid promises what it took: Sam reads and says yes.
                read = Despite(before_leaving.mark_of(first.warnings), "Vi hyr in")
                bidflow.submit(bid, despite=read, by=sam, now=now)
            db.session.commit()
            return Decimal(0)

    left, _none = together(order, submit)
    assert left in {0, 20}, "all before the bid, or what the bid leaves after it"
    assert [one[0] for one in holds()] == [20]
