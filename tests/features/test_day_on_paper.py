"""A work supervisor sees the day on the phone and takes it along on paper; staff see all members' days."""

from __future__ import annotations

import subprocess
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import adjustflow, clock, orderflow, papers
from app.db import db
from app.jobs import Job
from app.orders.delivery.proofs import Shown
from app.orders.models import Assignment, Order
from app.orders.sheets.models import SheetPrint
from app.pages import day_desk
from tests import make
from tests.furnished import furnished
from tests.order_case import NEXT_FRIDAY, furnish, member, order
from tests.people import text

LJUNGBACKEN, RULLANDE = "ljungbacken@medlem.example", "rullande@medlem.example"
SAM = "sam@samklang.example"
THAT_DAY = f"dag={NEXT_FRIDAY}"


def accepted(quantity: int, *, who: str = "ljungbacken") -> Order:
    """Nordbyn has ordered, and the member has said yes."""
    made = order({db.session.scalars(select(make.Article.id)).first(): Decimal(quantity)})
    assignment = made.assignments[-1]
    user = db.session.scalars(
        select(make.User).where(make.User.email == f"{assignment.member.slug}@medlem.example")
    ).one()
    orderflow.accept(assignment, {}, by=user, now=clock.now())
    db.session.commit()
    return made


def printed_words(data: bytes, tmp_path) -> str:
    """What a reader finds in the PDF."""
    (tmp_path / "paper.pdf").write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", str(tmp_path / "paper.pdf"), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().replace("\u00a0", " ").split())


@furnished
def friday(app):
    """Two orders for Friday week lie with Ljungbacken; a third waits for its answer."""
    furnish()
    made = [accepted(6), accepted(4)]
    order({db.session.scalars(select(make.Article.id)).first(): Decimal(3)})
    return made


def test_the_day_says_what_to_make_and_where_it_goes(friday, visit):
    page = visit(LJUNGBACKEN).page(f"/medlem/dag?{THAT_DAY}")
    said = text(page)
    assert "10 st" in text(page.cssselect("table")[0])
    assert said.count("Kontoret") == 2
    assert "Ring på" in said
    assert "1 uppdrag för den här dagen väntar på svar" in said


def test_what_was_due_before_stays_on_todays_list_until_it_is_handed_over(friday, visit, clock):
    clock.move(days=13)
    page = visit(LJUNGBACKEN).page("/medlem/dag")
    assert text(page).count("Sen") >= 2
    assert "Inget den här dagen" in text(visit(LJUNGBACKEN).page("/medlem/dag?dag=2026-12-07"))


def test_one_stop_for_all_that_goes_to_the_same_door(friday, visit):
    page = visit(LJUNGBACKEN).page(f"/medlem/dag/korlista?{THAT_DAY}")
    assert len(page.cssselect(".stops > li")) == 1
    assert text(page).count("Följesedel (PDF)") >= 2


def test_the_delivery_note_says_what_a_buyer_looks_for_and_no_prices(friday, visit, tmp_path):
    assignment = friday[0].assignments[0]
    answer = visit(LJUNGBACKEN).get(f"/medlem/dag/foljesedel/{assignment.id}.pdf?priser=1")
    said = printed_words(answer.data, tmp_path)
    for words in (
        "Följesedel", f"{friday[0].number}, 2026-11-23", "Nordbyn Teknik AB", "Org.nr 559999-2020", "Kontoret",
        "Säljare: Samklang Sälj ek. för.", "Ljungbacken Frukt ek. för.", "Fruktkorg 5 kg", "6 st",
    ):  # fmt: skip
        assert words in said
    assert "212,00" not in said
    with_prices = visit(SAM).get(f"/personal/dag/foljesedel/{assignment.id}.pdf?priser=1")
    assert "212,00" in printed_words(with_prices.data, tmp_path)


def test_a_part_that_came_before_is_on_the_note(friday, visit, tmp_path):
    assignment = db.session.get_one(Assignment, friday[0].assignments[0].id)
    user = db.session.scalars(select(make.User).where(make.User.email == LJUNGBACKEN)).one()
    two = {assignment.lines[0].id: Decimal(2)}
    adjustflow.deliver_part(assignment, two, NEXT_FRIDAY, Shown(), by=user, now=clock.now())
    db.session.commit()
    rest = [one for one in friday[0].assignments if one.state == "accepted"]
    said = printed_words(visit(LJUNGBACKEN).get(f"/medlem/dag/foljesedel/{rest[0].id}.pdf").data, tmp_path)
    assert "Fruktkorg 5 kg 6 st 2 4 0" in said


@pytest.mark.parametrize("paper", day_desk.PAPERS)
def test_every_paper_of_the_day_is_a_pdf(friday, visit, paper, tmp_path):
    said = printed_words(visit(LJUNGBACKEN).get(f"/medlem/dag/{paper}.pdf?{THAT_DAY}").data, tmp_path)
    assert "Fruktkorg 5 kg" in said
    assert "10 st" in said or said.count("Kontoret") >= 1


def test_labels_begin_where_the_sheet_is_empty_and_a_wrong_one_is_refused(friday, visit, tmp_path):
    visitor = visit(LJUNGBACKEN)
    many = visitor.get(f"/medlem/dag/etiketter.pdf?{THAT_DAY}&ark=2x7&start=14&antal=2")
    assert "kolli 2 av 2" in printed_words(many.data, tmp_path)
    for wrong in ("start=25", "start=x", "ark=9x9", "antal=0", "antal=99"):
        assert visitor.get(f"/medlem/dag/etiketter.pdf?{THAT_DAY}&{wrong}").status_code == 409


def test_nobody_elses_day(friday, visit):
    assert visit(RULLANDE).get(f"/medlem/dag/foljesedel/{friday[0].assignments[0].id}.pdf").status_code == 404
    assert "Kontoret" not in text(visit(RULLANDE).page(f"/medlem/dag?{THAT_DAY}&medlem={member('ljungbacken').id}"))
    assert visit(LJUNGBACKEN).get("/personal/dag/dagslista").status_code == 403
    offered = db.session.scalars(select(Assignment).where(Assignment.state == "offered")).one()
    assert visit(LJUNGBACKEN).get(f"/medlem/dag/foljesedel/{offered.id}.pdf").status_code == 404


def test_staff_see_all_members_or_one(friday, visit):
    sam = visit(SAM)
    assert "Ljungbacken Frukt ek. för." in text(
        sam.page(f"/personal/dag/packa-per-kund?{THAT_DAY}").cssselect("main section")[0]
    )
    nobody = sam.page(f"/personal/dag/dagslista?{THAT_DAY}&medlem={member('rullande').id}")
    assert "Inget den här dagen" in text(nobody)
    assert sam.get("/personal/dag/dagslista?medlem=999999").status_code == 404


@pytest.mark.parametrize("day", ["x", "2026-13-45", "0001-01-01", "", "9" * 40])
def test_a_day_that_cannot_be_is_today(friday, visit, day):
    page = visit(LJUNGBACKEN).page(f"/medlem/dag?dag={day}")
    assert page.cssselect(".lead time")[0].get("datetime") == "2026-11-23"


def test_a_long_paper_is_printed_by_a_worker(friday, visit, work_off, monkeypatch, tmp_path):
    monkeypatch.setattr(day_desk, "AT_ONCE", 1)
    visitor = visit(LJUNGBACKEN)
    assert visitor.get(f"/medlem/dag/korlista.pdf?{THAT_DAY}").status_code == 303
    page = visitor.fill(f"/medlem/dag/korlista?{THAT_DAY}", {}, form="form[action*='/korlista']")
    assert page.status_code == 303
    assert "skrivs ut" in text(visitor.page(f"/medlem/dag/korlista?{THAT_DAY}"))
    work_off()
    db.session.expire_all()
    row = db.session.scalars(select(SheetPrint)).one()
    assert "Körlista" in printed_words(visitor.get(f"/medlem/dag/utskrift/{row.id}.pdf").data, tmp_path)
    assert visit(RULLANDE).get(f"/medlem/dag/utskrift/{row.id}.pdf").status_code == 404
    assert db.session.scalars(select(Job.state).where(Job.name.contains("print_sheet"))).all() == ["done"]


def test_a_press_that_hangs_is_ended_with_a_sentence(friday, visit, monkeypatch):
    monkeypatch.setattr(papers, "MOST_SECONDS", 0.01)
    answer = visit(LJUNGBACKEN).get(f"/medlem/dag/korlista.pdf?{THAT_DAY}")
    assert answer.status_code == 409
    assert "tog för lång tid" in answer.text


def test_a_page_asks_as_few_questions_for_ten_orders_as_for_two(friday, visit, queries):
    visitor = visit(LJUNGBACKEN)
    visitor.get(f"/medlem/dag?{THAT_DAY}")
    with queries() as few:
        visitor.get(f"/medlem/dag?{THAT_DAY}")
    for _ in range(8):
        accepted(1)
    with queries() as many:
        visitor.get(f"/medlem/dag?{THAT_DAY}")
    assert len(many) == len(few) <= 20
