"""A customer complains about what came; staff deliver anew, lower the price or say no, and the money follows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select

from app.accounts.models import RoleName
from app.catalog.kinds import Withdrawal
from app.db import db
from app.invoicing.actions import values_of
from app.invoicing.models import CreditDue, InvoiceRecord
from app.orders import ledger
from app.orders.change_queries import entries_of
from app.orders.complaint_models import Complaint
from app.orders.models import Order
from app.orders.states import OrderState
from tests import make, photos
from tests.furnished import furnished
from tests.order_case import BUYER, furnish, in_balance, member, order, parts
from tests.people import text, together

FIRST, SAM = "ljungbacken@medlem.example", "sam@samklang.example"
ONE = make.Money(21200)


@furnished
def kiosk(app, visit):
    """Ljungbacken has delivered six fruit baskets to Nordbyn, and the invoice is made."""
    fruit = furnish()
    fruit.withdrawal = Withdrawal.PERISHABLE
    return delivered(order({fruit.id: Decimal(6)}), visit)


@furnished
def half(app, visit):
    """Ljungbacken has delivered four of six; there is no invoice yet."""
    made = order({furnish().id: Decimal(6)})
    ljungbacken = visit(FIRST)
    ljungbacken.post(f"/medlem/uppdrag/{made.assignments[0].id}/ja")
    line = made.assignments[0].lines[0].id
    ljungbacken.fill(
        f"/medlem/uppdrag/{made.assignments[0].id}/del", {f"quantity-{line}": "4", "rest_on": "2026-12-04"}
    )
    db.session.expire_all()
    return made


def delivered(made: Order, visit) -> Order:
    for act in ("ja", "levererat"):
        visit(FIRST).post(f"/medlem/uppdrag/{made.assignments[0].id}/{act}")
    db.session.expire_all()
    return made


def complain(visitor, made: Order, **other):
    values = {"quantity": "2", "words": "Möglig frukt", "photographs": (BytesIO(), "")}
    return visitor.fill(f"/bestallningar/{made.number}/reklamera", {**values, **other})


def the_complaint() -> Complaint:
    db.session.expire_all()
    return db.session.scalars(select(Complaint).order_by(Complaint.id.desc())).first()


def decide(visitor, act: str, **values):
    where = f"/personal/reklamationer/{the_complaint().id}"
    return visitor.fill(
        where, {f"{act}-{name}": value for name, value in values.items()}, form=f"form[action$='/{act}']"
    )


def test_within_a_day_with_words_and_the_member_learns_of_it(kiosk, visit, outbox):
    nordbyn = visit(BUYER)
    assert "Säg till senast tis 24 nov" in text(nordbyn.page(f"/bestallningar/{kiosk.number}"))
    assert complain(nordbyn, kiosk).status_code == 303
    assert "Möglig frukt" in text(nordbyn.page(f"/bestallningar/{kiosk.number}"))
    assert "Möglig frukt" in outbox.to(FIRST)[-1].body
    sam = visit(SAM)
    assert "1 reklamation att avgöra" in text(sam.page("/personal/"))
    assert "2 st Fruktkorg" in text(sam.page("/personal/reklamationer"))


def test_after_a_day_it_says_call_us_but_staff_may_take_it_in(kiosk, visit, clock):
    where = f"/bestallningar/{kiosk.number}/reklamera"
    form = dict(visit(BUYER).page(where).cssselect("main form[method=post]")[0].form_values())
    clock.move(hours=24, minutes=1)
    nordbyn = visit(BUYER)
    assert "Det finns inget här att reklamera nu" in text(nordbyn.page(where))
    late = nordbyn.post(where, data={**form, "quantity": "2", "words": "Sent", "photographs": (BytesIO(), "")})
    assert late.status_code == 422
    assert the_complaint() is None
    sent = {"quantity": "1", "words": "Ringde i dag", "photographs": (BytesIO(), "")}
    assert visit(SAM).fill(f"/personal/bestallningar/{kiosk.number}/reklamera", sent).status_code == 303
    assert the_complaint().made_by == "Sam Exempel"


@pytest.mark.parametrize(
    "other", [{"quantity": "7"}, {"quantity": "0"}, {"quantity": "1,5"}, {"words": " "}, {"part": "99"}]
)
def test_what_cannot_be_complained_about_is_refused(kiosk, visit, other):
    assert complain(visit(BUYER), kiosk, **other).status_code == 422
    assert the_complaint() is None


def test_the_same_is_not_complained_about_twice(kiosk, visit):
    nordbyn = visit(BUYER)
    complain(nordbyn, kiosk, quantity="5")
    assert complain(nordbyn, kiosk, quantity="2").status_code == 422
    assert complain(nordbyn, kiosk, quantity="1").status_code == 303


def test_photographs_are_seen_by_the_customer_and_staff_only(kiosk, visit):
    nordbyn = visit(BUYER)
    assert complain(nordbyn, kiosk, photographs=(BytesIO(photos.photo()), "mogel.jpg")).status_code == 303
    picture = the_complaint().pictures[0].picture_id
    where = f"/bestallningar/{kiosk.number}/reklamationer/{the_complaint().id}/{picture}.jpg"
    assert nordbyn.get(where).data.startswith(b"\xff\xd8")
    assert visit(None).get(where).status_code == 404
    assert (
        visit(make.make_user("annan@kund.example", customer=make.make_vasterhamn()).email).get(where).status_code == 404
    )
    shown = visit(SAM).page(f"/personal/reklamationer/{the_complaint().id}").cssselect("img.photograph")[0].get("src")
    assert visit(SAM).get(shown).status_code == 200
    assert visit(FIRST).get(shown).status_code == 404
    assert visit(None).get(shown).status_code == 404


def test_four_photographs_and_what_is_none_are_refused(kiosk, visit):
    four = [(BytesIO(photos.photo()), f"{number}.jpg") for number in range(4)]
    assert complain(visit(BUYER), kiosk, photographs=four).status_code == 422
    assert complain(visit(BUYER), kiosk, photographs=(BytesIO(b"not a picture"), "x.jpg")).status_code == 422
    assert the_complaint() is None


def test_a_lower_price_after_the_invoice_is_to_be_credited(kiosk, visit, outbox):
    complain(visit(BUYER), kiosk)
    invoice = db.session.scalars(select(InvoiceRecord)).one()
    before = dict(invoice.document)
    sam = visit(SAM)
    assert decide(sam, "avdrag", amount="200", borne="100,50", answer="Vi beklagar.").status_code == 303
    due = db.session.scalars(select(CreditDue)).one()
    assert (due.amount, due.invoice.id, due.credited_at) == (make.Money(20000), invoice.id, None)
    db.session.refresh(invoice)
    assert invoice.document == before
    assert in_balance(kiosk).charged == ONE.times(6) - make.Money(20000)
    assert in_balance(kiosk).earned == ONE.times(Decimal("0.8")).times(6) - make.Money(10050)
    assert "200,00 kr" in text(sam.page("/personal/reklamationer"))
    assert "Att kreditera" in text(sam.page(f"/personal/bestallningar/{kiosk.number}"))
    letters = [outbox.to(address)[-1].body for address in (BUYER, FIRST)]
    assert "Vi beklagar." in letters[0]
    assert "minskar med 100,50" in letters[1]
    assert "100,50" not in letters[0], "what the member bears is not the customer's business"


def test_a_lower_price_before_the_invoice_stands_on_it(half, visit):
    complain(visit(BUYER), half)
    decide(visit(SAM), "avdrag", amount="150", borne="", answer="Vi beklagar.")
    assert db.session.scalar(select(CreditDue)) is None
    visit(FIRST).post(f"/medlem/uppdrag/{half.assignments[0].id}/levererat")
    invoice = values_of(db.session.scalars(select(InvoiceRecord)).one())
    assert invoice.net == in_balance(half).charged == ONE.times(6) - make.Money(15000)
    assert invoice.lines[-1].name == "Prisavdrag: Fruktkorg 5 kg"
    assert invoice.vat_sums[0].base == invoice.net, "with the same VAT as what it is for"


@pytest.mark.parametrize("other", [{"amount": "424,01"}, {"amount": "0"}, {"amount": "-5"}, {"amount": "x"},
                                   {"borne": "1000"}, {"borne": "-1"}, {"answer": " "}])  # fmt: skip
def test_a_decision_that_cannot_be_is_refused(kiosk, visit, other):
    complain(visit(BUYER), kiosk)
    assert decide(visit(SAM), "avdrag", **{"amount": "100", "borne": "", "answer": "Ja", **other}).status_code == 422
    assert the_complaint().state == "open"
    assert in_balance(kiosk).charged == ONE.times(6)


def test_something_new_is_asked_of_the_members_and_costs_nothing(kiosk, visit, work_off):
    complain(visit(BUYER), kiosk)
    answer = decide(visit(SAM), "ersatt", on="2026-12-01", borne="300", answer="Nya korgar på tisdag.")
    assert answer.status_code == 303
    assert [(state, quantity) for _who, state, quantity in parts(kiosk)] == [("delivered", 6), ("offered", 2)]
    assert kiosk.state == OrderState.PLACED
    new = kiosk.assignments[-1]
    assert new.delivery_day == date(2026, 12, 1)
    for act in ("ja", "levererat"):
        visit(new.member.email).post(f"/medlem/uppdrag/{new.id}/{act}")
    assert in_balance(kiosk).charged == ONE.times(6)
    assert kiosk.state == OrderState.DELIVERED
    assert len(db.session.scalars(select(InvoiceRecord)).all()) == 1
    pay = ledger.earnings(entries_of(kiosk))
    assert make.Money.total(pay.values()) == ONE.times(Decimal("0.8")).times(8) - make.Money(30000)
    page = text(visit(BUYER).page(f"/bestallningar/{kiosk.number}"))
    assert "Ersätter Fruktkorg 5 kg efter reklamation" in page


def test_a_no_with_reasons(kiosk, visit, outbox):
    complain(visit(BUYER), kiosk)
    assert decide(visit(SAM), "nej", answer="").status_code == 422
    assert decide(visit(SAM), "nej", answer="Frukten hade legat i solen.").status_code == 303
    assert "legat i solen" in outbox.to(BUYER)[-1].body
    assert "Inte godtagen" in text(visit(BUYER).page(f"/bestallningar/{kiosk.number}"))
    assert in_balance(kiosk).charged == ONE.times(6)


def test_two_who_decide_at_once_decide_once(kiosk, visit):
    complain(visit(BUYER), kiosk)
    where, one, other = f"/personal/reklamationer/{the_complaint().id}", visit(SAM), visit(SAM)
    cheaper = {"avdrag-amount": "100", "avdrag-answer": "Ja", "avdrag-borne": ""}
    answers = together(
        lambda: one.post(f"{where}/avdrag", data=cheaper).status_code,
        lambda: other.post(f"{where}/nej", data={"nej-answer": "Nej"}).status_code,
    )
    db.session.rollback()
    assert sorted(answers) == [303, 422]
    in_balance(kiosk)


def test_the_members_page_counts_what_became_of_its_deliveries(kiosk, visit):
    complain(visit(BUYER), kiosk)
    decide(visit(SAM), "avdrag", amount="100", borne="", answer="Ja")
    page = text(visit(SAM).page(f"/personal/medlemmar/{member('ljungbacken').id}"))
    assert "Levererat1 Varav sena0" in page
    assert "Reklamationer1 Varav befogade1" in page


def test_others_and_finance_do_not_decide(kiosk, visit):
    complain(visit(BUYER), kiosk)
    where = f"/personal/reklamationer/{the_complaint().id}"
    assert visit(BUYER).get(where).status_code == 403
    assert visit(FIRST).get(where).status_code == 403
    finance = visit(make.make_user("ekonomi@samklang.example", roles=[RoleName.FINANCE]).email)
    assert finance.get(where).status_code == 200
    assert finance.post(f"{where}/nej", data={"nej-answer": "Nej"}).status_code == 403
    stranger = visit(make.make_user("annan@kund.example", customer=make.make_vasterhamn()).email)
    assert stranger.get(f"/bestallningar/{kiosk.number}/reklamera").status_code == 404
    assert the_complaint().state == "open"
