"""The buyer's notice of a result: who won which lot, and what it means for a bid of ours."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app import bidflow, noticeflow
from app.db import db
from app.money import Money
from app.tenders.models import BidState, Tender, TenderState
from app.tenders.noticing import deciding
from app.tenders.noticing.models import TenderOutcome
from app.tenders.noticing.receipt import Outcome
from bids.kinds import BidForm, PartyRole
from tests.features.notice_case import FIRST, RESULT, upload
from tests.furnished import furnished
from tests.make import make_ljungbacken, make_sam
from tests.people import document, text

pytestmark = pytest.mark.both
BEFORE = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
OURS = "769999-0011"


@furnished
def handed_in(app):
    """Our bid on the first lot of the fruit tender, handed in, with Ljungbacken in it."""
    sam = make_sam()
    tender = noticeflow.take_in(FIRST.encode(), "annons.xml", by=None, now=BEFORE).tender
    bid = bidflow.start_bid(tender, BidForm.GROUP, by=sam, now=BEFORE)
    bid.lots = [tender.lots[0]]
    party = bidflow.bid_actions.add_party(bid, make_ljungbacken(), PartyRole.TENDERER, by=sam, now=BEFORE)
    party.invited_at = BEFORE
    bid.state, tender.state = BidState.SUBMITTED, TenderState.SUBMITTED
    db.session.flush()
    return bid


@pytest.fixture
def sales(visit):
    return visit("sam@samklang.example")


def take(source: str):
    done = noticeflow.take_in(source.encode(), "resultat.xml", by=None, now=BEFORE)
    db.session.commit()
    return done


def test_the_outcome_is_filled_in_and_a_person_confirms_it(handed_in, sales, outbox):
    where = upload(sales, RESULT).location
    page = sales.page(f"{where}/lamna")
    told = text(page)
    assert "Köparens annons berättar om beslutet" in told
    form = page.cssselect("#utfall form")[0]
    assert form.fields["state"] == "lost"
    assert form.fields["winner"] == "Fruktgrossen Exempel AB, Korgbudet Exempel AB"
    assert form.fields["winner_price"].replace("\u00a0", " ") == "2 400 000"
    assert form.fields["decided_on"] == "2026-06-20"
    assert handed_in.state == BidState.SUBMITTED
    assert outbox.to(handed_in.parties[-1].member.email) == []
    fields = {name: value for name, value in form.fields.items() if value is not None}
    assert sales.post(f"{where}/lamna/utfall", data=fields).status_code == 303
    db.session.expire_all()
    assert (handed_in.state, handed_in.winner_price) == (BidState.LOST, Money.kronor(2_400_000))
    assert len(outbox.to(handed_in.parties[-1].member.email)) == 1


def test_a_tender_without_a_bid_is_over(app):
    take(FIRST)
    done = take(RESULT)
    assert (done.outcome, done.tender.state) == (Outcome.RESULT, TenderState.DECLINED)
    assert "Upphandlingen är avgjord. Vann: Fruktgrossen Exempel AB" in done.tender.declined_because
    assert "Ingen vann: inga anbud kom in." in done.tender.declined_because


def test_a_result_that_is_dated_before_its_notice_changes_nothing(app):
    take(FIRST)
    done = take(RESULT.replace("<cbc:IssueDate>2026-07-05", "<cbc:IssueDate>2026-03-05"))
    assert (done.outcome, done.tender.state) == (Outcome.OLDER, TenderState.NOTICED)
    assert "daterat före annonsen" in done.words


def test_where_nobody_had_chosen_the_page_says_that_the_buyer_decided_first(app, visit):
    make_sam()
    where = f"/personal/upphandlingar/{take(FIRST).tender.id}/val"
    sales = visit("sam@samklang.example")
    assert "Ingen har beslutat än." in text(sales.page(where))
    take(RESULT)
    page = text(sales.page(where))
    assert "Köparen avgjorde upphandlingen innan vi hade bestämt om vi skulle lämna anbud." in page
    assert "Vann: Fruktgrossen Exempel AB" in page
    assert "Ingen har beslutat än." not in page


def test_a_result_of_a_tender_that_we_do_not_have_is_kept(app):
    done = take(RESULT)
    assert done.outcome is Outcome.RESULT
    assert "en upphandling som vi inte hade" in done.words
    later = take(FIRST)
    assert later.tender.id == done.tender.id
    assert later.tender.documents_url == "https://upphandling.vasterhamn.example/114"
    assert later.tender.state == TenderState.DECLINED


def test_a_later_result_replaces_what_was_said_of_its_lots(app):
    take(FIRST)
    take(RESULT)
    take(
        RESULT.replace("000000000116", "000000000118").replace("2026-07-05", "2026-07-09").replace("2400000", "2500000")
    )
    won = db.session.scalars(select(TenderOutcome).where(TenderOutcome.lot_ref == "LOT-0001")).all()
    assert [one.amount for one in won] == [Money.kronor(2_500_000)]
    assert db.session.scalar(select(func.count()).select_from(TenderOutcome)) == 2


def test_what_people_have_settled_stays(handed_in, sales):
    handed_in.state, handed_in.tender.state = BidState.WON, TenderState.WON
    db.session.commit()
    where = upload(sales, RESULT).location
    assert db.session.scalars(select(Tender)).one().state == TenderState.WON
    assert "Vann: Fruktgrossen Exempel AB" in text(document(sales.get(where)))


def row(lot: str, verdict: str = "selec-w", numbers: str = "") -> TenderOutcome:
    return TenderOutcome(lot_ref=lot, verdict=verdict, org_numbers=numbers, winner="X", decided_on=date(2026, 6, 20))


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([row("1", numbers="SE769999001101")], BidState.WON),
        ([row("1", numbers="559999-4018,16769999-0011")], BidState.WON),
        ([row("1", numbers="559999-4018")], BidState.LOST),
        ([row("1", numbers="okänt")], None),
        ([row("1", "clos-nw")], BidState.CANCELLED),
        ([row("1", "open-nw")], None),
        ([row("2", numbers="559999-4018")], None),
        ([], None),
    ],
)
def test_what_a_result_means_for_us(rows, verdict):
    assert deciding.ours(rows, ["1"], [OURS]) == verdict


def test_one_lot_won_is_won_and_an_undecided_lot_is_waited_for():
    rows = [row("1", numbers="559999-4018"), row("2", numbers=OURS)]
    assert deciding.ours(rows, ["1", "2"], [OURS]) == BidState.WON
    assert deciding.ours(rows[:1], ["1", "2"], [OURS]) is None


def test_the_day_of_the_decision_is_filled_in_unless_somebody_has_said_another(app):
    tender = take(FIRST).tender
    assert tender.award_on is None
    take(RESULT)
    assert tender.award_on == date(2026, 6, 20)


def test_a_day_that_staff_have_entered_stays(app):
    tender = take(FIRST).tender
    tender.award_on = date(2026, 8, 1)
    take(RESULT)
    assert tender.award_on == date(2026, 8, 1)


@pytest.mark.parametrize("said", ["", "<cbc:AwardDate>2000-01-01Z</cbc:AwardDate>"])
def test_the_day_of_a_contract_is_no_decision(app, said):
    tender = take(FIRST).tender
    take(RESULT.replace("<cbc:AwardDate>2026-06-20+02:00</cbc:AwardDate>", said))
    assert tender.award_on is None


def test_a_decision_before_the_last_day_for_bids_is_a_slip(app):
    tender = take(FIRST).tender
    tender.deadline = datetime(2026, 7, 1, 10, tzinfo=UTC)
    take(RESULT)
    assert tender.award_on is None
