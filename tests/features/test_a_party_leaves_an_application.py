"""A party takes no part in an application after all: its papers go with it, and nobody hands it in unknowing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import bidflow
from app import clock as app_clock
from app.db import db
from app.demo.papers import paper
from app.members.models import MemberDocument
from app.tenders import paper_actions
from app.tenders.models import Appendix, Bid, BidParty
from app.tenders.paper_actions import Upload
from bids.kinds import BudgetKind, DocumentKind
from tests.features.call_case import SIGNED, CallCase, answered, missing
from tests.furnished import furnished
from tests.make import make_user
from tests.people import text

DECLINED = "party:declined:Ljungbacken Frukt ek. för."


@furnished
def case(app) -> CallCase:
    made = CallCase(app_clock.now())
    make_user(made.fruit.email, member=made.fruit)
    bidflow.invite([made.partner], by=made.sam, now=app_clock.now())
    db.session.commit()
    return made


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


@pytest.fixture
def fruit(case, visit):
    return visit(case.fruit.email)


def signed(case, fruit) -> None:
    """The member has answered and signed, and beside its letter lies a file of ours about it."""
    answered(fruit, case)
    fruit.fill(f"{case.invitation}/underskrift/letter_of_intent", SIGNED)
    kept = paper_actions.keep(Upload("karta.pdf", paper("Karta", ["Här."])), now=app_clock.now())
    party = db.session.get_one(BidParty, case.partner.id)
    paper_actions.attach(party.bid, kept, title="Karta", party=party, by=case.sam, now=app_clock.now())
    db.session.commit()
    assert appendices() == [(1, "letter_of_intent"), (2, "other")]


def all_gaps(case) -> list[str]:
    found = [gap.key for gap in bidflow.gaps_of(db.session.get_one(Bid, case.bid.id), now=app_clock.now())]
    db.session.rollback()
    return found


def appendices() -> list[tuple[int, str]]:
    found = [(one.number, str(one.kind)) for one in db.session.scalars(select(Appendix).order_by(Appendix.number))]
    db.session.rollback()
    return found


def in_the_vault() -> list[str]:
    kinds = list(db.session.scalars(select(MemberDocument.kind)))
    db.session.rollback()
    return kinds


def test_the_letter_of_intent_of_a_party_that_is_taken_out_goes_with_it(case, fruit, sales):
    signed(case, fruit)
    assert sales.post(f"{case.where}/anbud/parter/{case.partner.id}/ta-bort").status_code == 303
    assert appendices() == [(1, "other")]
    assert in_the_vault() == [DocumentKind.LETTER_OF_INTENT]


def test_the_letter_of_intent_of_a_party_that_says_no_goes_with_it_and_comes_back(case, fruit, sales):
    signed(case, fruit)
    assert fruit.post(f"{case.invitation}/nej", data={"reason": "Ingen tid"}).status_code == 303
    assert appendices() == [(1, "other")]
    answered(fruit, case, **{"rows-0-declined": "", "rows-1-declined": ""})
    sales.post(f"{case.where}/lamna/forhandsgranska")
    assert appendices() == [(1, "other"), (2, "letter_of_intent")]


def test_a_no_stops_the_application_until_the_party_is_taken_out(case, fruit, sales):
    answered(fruit, case)
    assert DECLINED not in missing(case)
    fruit.post(f"{case.invitation}/nej", data={"reason": "Ingen tid"})
    assert DECLINED in missing(case)
    page = text(sales.page(case.budget))
    assert "Ljungbacken Frukt ek. för. har tackat nej" in page
    sales.post(f"{case.where}/anbud/parter/{case.partner.id}/ta-bort")
    assert DECLINED not in missing(case)


def test_who_has_answered_is_not_told_that_it_need_not(case, fruit, sales, outbox):
    answered(fruit, case)
    sales.post(f"{case.where}/anbud/parter/{case.partner.id}/ta-bort")
    letter = outbox.to(case.fruit.email)[-1]
    assert letter.subject == "Ert svar gäller inte längre: Vägar in"
    assert "behöver inte svara" not in letter.body
    assert "skrivit under för den här ansökan binder er inte" in letter.body


def test_who_has_not_answered_need_not(case, sales, outbox):
    sales.post(f"{case.where}/anbud/parter/{case.partner.id}/ta-bort")
    letter = outbox.to(case.fruit.email)[-1]
    assert letter.subject == "Ni behöver inte svara: Vägar in"
    assert "lovat" not in letter.body


def test_what_was_missing_before_is_not_told_as_if_the_no_had_opened_it(case, fruit, outbox):
    case.ask(None, BudgetKind.PUBLIC, 50_000, app_clock.now(), source="Förbundet")
    db.session.commit()
    assert any(key.startswith("budget:") for key in all_gaps(case)), "nothing shows that somebody outside pays"
    fruit.post(f"{case.invitation}/nej", data={"reason": "Ingen tid"})
    assert "Förbundet" not in outbox.to(case.sam.email)[-1].body


def test_staff_get_a_letter_of_each_no_once(case, fruit, outbox):
    fruit.post(f"{case.invitation}/nej", data={"reason": "Ingen tid"})
    fruit.post(f"{case.invitation}/nej", data={"reason": "Verkligen ingen tid"})
    (letter,) = [one for one in outbox.to(case.sam.email) if one.kind == "partner_declined"]
    assert letter.subject == "Ljungbacken Frukt ek. för. vill inte vara med: Vägar in"
    assert "Ingen tid" in letter.body
    assert "ta sedan bort parten" in letter.body.replace("\n", " ")
    assert f"{case.where}/budget" in letter.body
