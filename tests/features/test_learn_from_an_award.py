"""When the buyer has decided: what others got, why, the papers we ask for, and how often we win."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import bidflow
from app.accounts.models import RoleName
from app.db import db
from app.mail import LetterState
from app.money import Money
from app.tenders import actions
from app.tenders.actions import TenderFacts
from app.tenders.dates.models import TenderDates
from app.tenders.debrief import queries, win_rate
from app.tenders.debrief.models import AwardGround, PaperRequest, RivalResult
from app.tenders.debrief.win_rate import By
from app.tenders.models import Bid, BidState, TenderLot, TenderState
from bids.kinds import BidForm
from tests import make
from tests.features.bid_case import DEADLINE, Case, count
from tests.furnished import furnished
from tests.people import document, text

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LETTER = {
    "letter-address": "upphandling@kommunen.example",
    "letter-subject": "Begäran",
    "letter-text": "Hej,\n\nskälen?",
}


@furnished
def handed_in(app):
    """Our bid on a fruit tender, handed in."""
    case = Case(NOW)
    case.tender.cpv, case.tender.diary_number = "03222000,55520000", "INK 2026/9"
    case.bid.lots, case.tender.deadline = [case.lot], NOW - timedelta(days=3)
    case.bid.state, case.tender.state = BidState.SUBMITTED, TenderState.SUBMITTED
    db.session.flush()
    return case.bid


@pytest.fixture
def sales(visit):
    return visit("sam@samklang.example")


def where(bid: Bid) -> str:
    return f"/personal/upphandlingar/{bid.tender_id}/efter"


def line(number: int, name: str, price: str = "", points: str = "", place: str = "") -> dict[str, str]:
    values = {"name": name, "price": price, "points": points, "place": place}
    return {f"rivals-rivals-{number}-{key}": value for key, value in values.items()}


def test_what_others_got_is_written_in_their_order_and_may_be_taken_away(handed_in, sales):
    sent = {
        **line(0, "Korgbudet AB", "2 500 000", "71,5", "2"),
        **line(1, "Fruktgrossen AB", "2 400 000", "80", "1"),
        **line(2, ""),
    }
    assert sales.post(f"{where(handed_in)}/andra", data=sent).status_code == 303
    rows = queries.rivals_of(handed_in, handed_in.lots[0])
    assert [(one.name, one.price, one.place) for one in rows] == [
        ("Fruktgrossen AB", Money.kronor(2_400_000), 1),
        ("Korgbudet AB", Money.kronor(2_500_000), 2),
    ]
    form = sales.page(where(handed_in)).cssselect("form[action$='andra'], form[action*='andra?']")[0]
    assert form.fields["rivals-rivals-0-name"] == "Fruktgrossen AB"
    assert form.fields["rivals-rivals-1-points"] == "71,5"
    assert sales.post(f"{where(handed_in)}/andra", data=line(0, "Korgbudet AB")).status_code == 303
    assert count(RivalResult) == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (line(0, "", "100"), "Skriv vem det var"),
        ({**line(0, "A"), **line(1, "a")}, "Samma leverantör står två gånger"),
        (line(0, "A", "-5"), "noll eller mer"),
        (line(0, "A", place="0"), "Skriv 1 till 999"),
        (line(0, "A", points="1e9"), "Skriv ett tal"),
        (line(0, "x" * 201), "Skriv högst 200 tecken"),
    ],
)
def test_a_line_that_cannot_be_is_refused_and_comes_back(handed_in, sales, sent, said):
    answer = sales.post(f"{where(handed_in)}/andra", data=sent)
    assert answer.status_code == 422
    page = document(answer)
    assert said in text(page.cssselect(".error-summary")[0])
    typed = next(value for key, value in sent.items() if value)
    assert typed in [one.get("value") for one in page.cssselect("input[name^=rivals]")]
    assert count(RivalResult) == 0


def test_before_the_last_day_nothing_is_written_and_nobody_asked(handed_in, sales, outbox):
    handed_in.tender.deadline = NOW + timedelta(days=46)
    db.session.commit()
    page = sales.page(where(handed_in))
    assert "Ingen kan ha beslutat något förrän sista dagen har passerat: fre 8 jan 2027" in text(page).replace(
        "\xa0", " "
    )
    assert not page.cssselect("main form")
    for act, sent in (("andra", line(0, "A", "100")), ("skal", {"grounds-says_social": "for"}), ("brev", LETTER)):
        answer = sales.post(f"{where(handed_in)}/{act}", data=sent)
        assert answer.status_code == 409
        assert "har inte passerat" in text(document(answer))
    assert count(RivalResult) == 0
    assert not outbox.to("upphandling@kommunen.example")


def test_another_tenders_lot_is_nobodys(handed_in, sales):
    assert sales.get(f"{where(handed_in)}?lot=99999").status_code == 404
    assert sales.post(f"{where(handed_in)}/andra?lot=99999", data=line(0, "A")).status_code == 404


def test_the_buyers_reasons_are_kept_and_counted_over_all_bids(handed_in, sales):
    sent = {"grounds-says_price": "against", "grounds-note_price": "Tolv procent över", "grounds-says_social": "for"}
    assert sales.post(f"{where(handed_in)}/skal", data=sent).status_code == 303
    assert win_rate.grounds(None) == [(AwardGround.PRICE, 0, 1), (AwardGround.SOCIAL, 1, 0)]
    db.session.rollback()
    assert sales.post(f"{where(handed_in)}/skal", data={"grounds-says_social": "for"}).status_code == 303
    assert set(queries.grounds_of(handed_in)) == {"social"}


def test_the_letter_goes_once_and_starts_the_buyers_fifteen_days(handed_in, sales, outbox):
    form = sales.page(where(handed_in)).cssselect("form[action$='brev']")[0]
    assert "INK 2026/9" in form.fields["letter-subject"]
    assert "LOU 19 kap. 20 §" in form.fields["letter-text"]
    for _twice in range(2):
        assert sales.post(f"{where(handed_in)}/brev", data=LETTER).status_code == 303
    assert outbox.subjects_to("upphandling@kommunen.example") == ["Begäran"]
    assert db.session.get(TenderDates, handed_in.tender_id).report_asked_on == NOW.date()
    db.session.rollback()
    assert "Köparen ska ha lämnat skälen" in text(sales.page(where(handed_in)))


@pytest.mark.parametrize("address", ["köp@x.example", "upphandling", "a@b", "a b@c.example", ""])
def test_a_letter_to_an_address_that_mail_cannot_carry_is_refused(handed_in, sales, address):
    answer = sales.post(f"{where(handed_in)}/brev", data={**LETTER, "letter-address": address})
    assert answer.status_code == 422
    assert "Skriv en adress" in text(document(answer).cssselect(".error-summary")[0])
    assert count(PaperRequest) == 0


@pytest.mark.parametrize(
    ("state", "said"),
    [(LetterState.WAITING, "Väntar"), (LetterState.SENT, "Skickat"), (LetterState.UNCERTAIN, "Osäkert")],
)
def test_the_page_says_whether_the_letter_has_gone(handed_in, sales, state, said):
    sales.post(f"{where(handed_in)}/brev", data=LETTER)
    db.session.scalars(select(PaperRequest)).one().letter.state = state
    db.session.commit()
    page = sales.page(where(handed_in))
    assert said in text(page.cssselect("section.card")[0])
    assert bool(page.cssselect("section.card a[href*='brev/']")) is (state is LetterState.UNCERTAIN)


@pytest.mark.both
def test_of_two_tabs_the_second_is_told_and_nothing_is_lost(handed_in, visit):
    one, two = visit("sam@samklang.example"), visit("sam@samklang.example")
    for act, first, second, stands in (
        ("andra", line(0, "Flik ett", "100"), line(0, "Flik två"), "Flik ett, 100"),
        ("skal", {"grounds-note_price": "Ett", "grounds-says_price": "for"}, {"grounds-note_price": "Två"}, "Ett"),
    ):
        sent = []
        for who in (one, two):
            (form,) = who.page(where(handed_in)).cssselect(f"form[action*='/{act}']")
            sent.append((form.get("action"), {key: value for key, value in form.form_values() if "says" not in key}))
        assert one.post(sent[0][0], data={**sent[0][1], **first}).status_code == 303
        answer = two.post(sent[1][0], data={**sent[1][1], **second})
        assert answer.status_code == 422
        page = document(answer)
        assert "Någon annan har ändrat" in text(page.cssselect(".error-summary")[0])
        assert any(stands in text(told).replace("\u00a0", " ") for told in page.cssselect(".field-now"))
        (form,) = page.cssselect(f"form[action*='/{act}']")
        again = {key: value for key, value in form.form_values() if "says" not in key}
        assert two.post(sent[1][0], data=again).status_code == 303
    assert [one.name for one in queries.rivals_of(handed_in, handed_in.lots[0])] == ["Flik två"]


def test_an_answer_is_written_down_and_never_before_the_question(handed_in, sales, clock):
    sales.post(f"{where(handed_in)}/brev", data=LETTER)
    asked = db.session.scalars(select(PaperRequest.id)).one()
    db.session.rollback()
    early = {f"answer{asked}-on": "2026-11-22", f"answer{asked}-answer": "Beslutet kom"}
    assert sales.post(f"{where(handed_in)}/brev/{asked}", data=early).status_code == 422
    clock.move(days=3)
    good = {f"answer{asked}-on": "2026-11-25", f"answer{asked}-answer": "Beslutet kom"}
    assert sales.post(f"{where(handed_in)}/brev/{asked}", data=good).status_code == 303
    assert db.session.get(PaperRequest, asked).answered_on == date(2026, 11, 25)
    db.session.rollback()
    assert sales.post(f"{where(handed_in)}/brev/{asked + 1}", data=good).status_code == 404


def test_before_the_bid_is_handed_in_there_is_nothing_to_learn(handed_in, sales):
    handed_in.state, handed_in.tender.state = BidState.DRAFT, TenderState.BIDDING
    db.session.commit()
    assert "När anbudet är lämnat" in text(sales.page(where(handed_in)))
    assert sales.post(f"{where(handed_in)}/brev", data=LETTER).status_code == 409
    assert count(PaperRequest) == 0


def test_finance_reads_and_does_not_write(handed_in, visit):
    make.make_user("fia@samklang.example", roles=[RoleName.FINANCE])
    fia = visit("fia@samklang.example")
    assert not fia.page(where(handed_in)).cssselect("form[action*='andra']")
    assert fia.post(f"{where(handed_in)}/andra", data=line(0, "A")).status_code == 403
    assert fia.get("/personal/upphandlingar/utfall").status_code == 200


@pytest.fixture
def many(handed_in):
    """Ended bids: two won and one lost of one buyer's fruit, one lost of another's cleaning, and one called off."""
    sam = make.make_user("ada@samklang.example", roles=[RoleName.SALES])
    ended = (("Kommunen", "03222000", "won"), ("KOMMUNEN", "03000000", "won"), ("Kommunen", "03100000", "lost"))
    for buyer, cpv, state in (*ended, ("Regionen", "90910000", "lost"), ("Regionen", "", "cancelled")):
        number = "212000-0001" if buyer.casefold() == "kommunen" else ""
        facts = TenderFacts(title="Mer", buyer_name=buyer, buyer_org_number=number, deadline=DEADLINE, cpv=cpv)
        bid = bidflow.start_bid(actions.register(facts, by=sam, now=NOW), BidForm.SUBCONTRACTORS, by=sam, now=NOW)
        bid.state = BidState.SUBMITTED
        bid.state = BidState(state)
    db.session.commit()


def lines_of(by: By) -> dict[str, tuple[int, int, int, int]]:
    found = {one.key: (one.waiting, one.won, one.lost, one.called_off) for one in win_rate.rates(by, None, 1).rows}
    db.session.rollback()
    return found


def test_bids_are_counted_by_category_buyer_form_and_year(many):
    assert lines_of(By.CATEGORY) == {"03": (1, 2, 1, 0), "90": (0, 0, 1, 0), "": (0, 0, 0, 1)}
    buyers = [(one.key, one.won, one.lost, one.called_off) for one in win_rate.rates(By.BUYER, None, 1).rows]
    assert buyers == [("212000-0001", 2, 1, 0), ("Regionen", 0, 1, 1), ("Kommunen", 0, 0, 0)], "however it is spelt"
    assert lines_of(By.FORM) == {"group": (1, 0, 0, 0), "subcontractors": (0, 2, 2, 1)}
    assert lines_of(By.YEAR) == {"2026": (1, 2, 2, 1)}
    assert win_rate.whole(None).rate == 50
    assert win_rate.whole(2025).rate is None


def test_the_page_says_what_the_share_rests_on_and_is_taken_home(many, sales):
    assert "Anbudsform" in text(sales.page("/personal/upphandlingar/utfall?per=form").cssselect("thead")[0])
    page = sales.page("/personal/upphandlingar/utfall?per=category")
    row = next(one for one in page.cssselect("tbody tr") if "03 Jordbruk" in text(one))
    assert "67 %" in text(row).replace("\u00a0", " ")
    assert "(få anbud)" in text(row)
    assert "Utan CPV-kod" in text(page)
    taken = sales.get("/personal/upphandlingar/utfall/export.csv?per=buyer").get_data(as_text=True)
    assert "Regionen" in taken
    assert sales.get("/personal/upphandlingar/utfall?per=x&ar=0&sida=99").status_code == 200


def test_our_points_are_said_to_be_of_the_whole_bid(handed_in, sales):
    handed_in.points = Decimal("91.2")
    db.session.commit()
    assert "Våra poäng" in [text(one) for one in sales.page(where(handed_in)).cssselect("main dt")], "there is one lot"
    handed_in.lots.append(TenderLot(tender=handed_in.tender, ref="2", title="Norr", position=2))
    db.session.commit()
    told = [(text(one), text(one.getnext())) for one in sales.page(where(handed_in)).cssselect("main dt")]
    assert ("Våra poäng för hela anbudet", "91,2") in told
