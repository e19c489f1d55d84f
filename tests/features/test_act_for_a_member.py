"""Staff stand in for a member that does not sign in: they answer, report, and say how it is reached and delivers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app import clock as app_clock
from app import deliveryflow, orderflow
from app.accounts.models import RoleName
from app.audit import AuditEvent
from app.db import db
from app.members.models import Member, Reach
from app.orders.delivery.models import DeliveryWay
from app.orders.delivery.queries import parcels_in
from app.orders.delivery.returns import returnable_in
from app.orders.delivery.terms import set_way
from app.orders.delivery.ways import Terms, WayKind
from app.orders.models import Order
from tests import make
from tests.order_case import furnish, member, order, parts
from tests.people import text

LJUNGBACKEN, SAM = "ljungbacken@medlem.example", "sam@samklang.example"
FOR_WHOM = "Sam Exempel för Ljungbacken Frukt ek. för."


@pytest.fixture
def asked(app) -> Order:
    """Ljungbacken is reached on paper. Nordbyn has ordered six, and Ljungbacken is asked."""
    fruit = furnish()
    member("ljungbacken").reached_by = Reach.PAPER
    return order({fruit.id: Decimal(6)})


def path(made: Order, place: int = 0) -> str:
    assignment = made.assignments[place]
    return f"/personal/for/{assignment.member_id}/uppdrag/{assignment.id}"


def said(made: Order) -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(event.kind.value, event.by_name) for event in made.events]


def test_staff_say_yes_and_report_from_the_orders_page(asked, visit, clock):
    sam = visit(SAM)
    page = sam.page(f"/personal/bestallningar/{asked.number}")
    assert path(asked) in [link.get("href") for link in page.cssselect("main a")]
    assert "Du handlar för Ljungbacken" in text(sam.page(path(asked)).cssselect(".masthead")[0])
    assert sam.fill(path(asked), {}, form="form[action$='/ja']").location.endswith(path(asked))
    clock.move(days=11)
    answer = sam.fill(path(asked), {}, form="form[action$='/levererat']")
    assert answer.location.endswith(f"/personal/bestallningar/{asked.number}")
    assert parts(asked) == [("ljungbacken", "delivered", 6)]
    assert [event for event in said(asked) if event[1] == FOR_WHOM] == [("accepted", FOR_WHOM), ("delivered", FOR_WHOM)]
    kept = db.session.scalars(select(AuditEvent).where(AuditEvent.by_name == FOR_WHOM)).all()
    assert {one.by_id for one in kept} == {db.session.scalars(select(make.User).where(make.User.email == SAM)).one().id}
    assert FOR_WHOM in text(sam.page(f"/personal/bestallningar/{asked.number}"))


def test_staff_say_no_for_it(asked, visit):
    answer = visit(SAM).fill(path(asked), {"reason": "Ringde: fullt"}, form="form[action$='/nej']")
    assert answer.status_code == 303
    assert parts(asked) == [("ljungbacken", "declined", 6), ("rullande", "offered", 6)]
    assert ("declined", FOR_WHOM) in said(asked)


def test_staff_adjust_its_lines(asked, visit):
    sam, line = visit(SAM), asked.assignments[0].lines[0].id
    sam.post(f"{path(asked)}/ja")
    sold_out = {"line": str(line), "quantity": "4", "why": "Äpplena tog slut"}
    answer = sam.fill(f"{path(asked)}/slut", sold_out)
    assert answer.location.endswith(path(asked))
    assert parts(asked) == [("ljungbacken", "accepted", 4), ("rullande", "offered", 2)]
    assert ("sold_out", FOR_WHOM) in said(asked)
    part = sam.fill(f"{path(asked)}/del", {f"quantity-{line}": "1", "rest_on": "2026-12-07"})
    assert part.status_code == 303
    assert ("ljungbacken", "delivered", 1) in parts(asked)


def test_staff_report_at_the_door_for_it(asked, visit, clock):
    sam = visit(SAM)
    sam.post(f"{path(asked)}/ja")
    clock.move(days=11)
    answer = sam.fill(f"{path(asked)}/lamna", {"received_by": "Vaktmästaren"})
    assert answer.location.endswith(f"/personal/bestallningar/{asked.number}")
    assert "Vaktmästaren" in text(sam.page(f"/personal/bestallningar/{asked.number}"))


def test_a_chain_no_longer_waits_for_a_member_that_never_reports(app, visit, clock):
    make.make_sales_company()
    baker, driver = make.make_ljungbacken(reached_by=Reach.PAPER), make.make_member(slug="rullande")
    bread, drive = make.make_article("Bröd"), make.make_article("Körning")
    make.make_offering(bread, baker)
    make.make_offering(drive, driver)
    make.make_user(driver.email, member=driver)
    make.make_user("kontor@nordbyn.example", customer=make.make_nordbyn())
    make.make_sam()
    made = order({make.make_bundle("Frukost", (bread, "1", True), (drive, "1", False)).id: Decimal(3)})
    first = next(one for one in made.assignments if one.member.slug == "ljungbacken")
    last = next(one for one in made.assignments if one.member.slug == "rullande")
    sam, carrier = visit(SAM), visit(driver.email)
    where = f"/personal/for/{first.member_id}/uppdrag/{first.id}"
    sam.post(f"{where}/ja")
    carrier.post(f"/medlem/uppdrag/{last.id}/ja")
    clock.move(days=11)
    assert carrier.post(f"/medlem/uppdrag/{last.id}/levererat").status_code == 409, "the step before has not come"
    assert sam.post(f"{where}/levererat").status_code == 303
    assert carrier.post(f"/medlem/uppdrag/{last.id}/levererat").status_code == 303


def test_staff_carry_and_hand_over_for_members_on_paper(app, visit, clock, outbox):
    fruit = furnish()
    fruit.offerings[1].capacity_per_week = Decimal(1)
    for slug in ("ljungbacken", "rullande"):
        member(slug).reached_by = Reach.PAPER
    now = {"by": None, "now": app_clock.now()}
    set_way(member("rullande"), None, WayKind.OWN, Terms(everywhere=True, carries=True), **now)
    set_way(member("ljungbacken"), None, WayKind.CARRIED, Terms(), carrier=member("rullande"), **now)
    made = order({fruit.id: Decimal(2)})
    carriage = parcels_in(made)[0].carriage
    assert all("http" not in letter.body for letter in outbox if "Göteborg" in letter.to_address)
    sam, where = visit(SAM), f"/personal/for/{carriage.carrier_id}/korningar/{carriage.id}"
    page = sam.page(f"/personal/bestallningar/{made.number}")
    assert where in [link.get("href") for link in page.cssselect("a")]
    sam.post(f"{path(made)}/ja")
    assert sam.fill(where, {}, form="form[action$='/ja']").status_code == 303
    clock.move(days=11)
    assert sam.fill(path(made), {}, form="form[action$='/hamtat']").location.endswith(path(made))
    assert sam.fill(f"{where}/lamna", {"received_by": "Eva Exempel"}).status_code == 303
    assert parts(made) == [("ljungbacken", "delivered", 2)]
    assert ("delivered", "Sam Exempel för Rullande Hjälpen ek. för.") in said(made)


def test_staff_say_for_it_that_something_is_back(asked, visit, clock):
    sam = visit(SAM)
    sam.post(f"{path(asked)}/ja")
    clock.move(days=11)
    sam.post(f"{path(asked)}/levererat")
    db.session.expire_all()
    who = db.session.scalars(select(make.User).where(make.User.email == SAM)).one()
    back = deliveryflow.send_back(returnable_in(asked)[0], Decimal(1), "Blev över", by=who, now=app_clock.now())
    where = f"/personal/for/{asked.assignments[0].member_id}/returer/{back.id}"
    assert where in [link.get("href") for link in sam.page(f"/personal/bestallningar/{asked.number}").cssselect("a")]
    answer = sam.fill(where, {"in_order": "1"})
    assert answer.location.endswith(f"/personal/bestallningar/{asked.number}")
    assert ("returned", FOR_WHOM) in said(asked)


def test_only_sales_act_and_only_for_whom_it_concerns(asked, visit):
    make.make_sam(RoleName.FINANCE, email="eko@samklang.example")
    assert visit("eko@samklang.example").get(path(asked)).status_code == 403
    assert visit("eko@samklang.example").post(f"{path(asked)}/ja").status_code == 403
    assert visit("rullande@medlem.example").get(path(asked)).status_code == 403
    assert visit(None).get(path(asked)).status_code == 302
    sam, assignment = visit(SAM), asked.assignments[0].id
    ours = db.session.scalars(select(Member).where(Member.slug == "samklang")).one()
    for wrong in (member("rullande").id, ours.id, 999_999, 2**40):
        assert sam.get(f"/personal/for/{wrong}/uppdrag/{assignment}").status_code == 404
        assert sam.post(f"/personal/for/{wrong}/uppdrag/{assignment}/ja").status_code == 404
    assert parts(asked) == [("ljungbacken", "offered", 6)]


def test_no_other_page_of_the_members_is_opened_by_it(asked, visit):
    sam, whom = visit(SAM), asked.assignments[0].member_id
    for page in ("anbud", "erbjudanden", "idag", "min-sida", "kalender"):
        assert sam.get(f"/personal/for/{whom}/{page}").status_code == 404
    assert sam.get("/medlem/").status_code == 403
    assert "Du handlar för" not in sam.get("/personal/").text


def test_staff_say_how_it_delivers(asked, visit):
    sam, whom = visit(SAM), asked.assignments[0].member_id
    ways = f"/personal/for/{whom}/leverans"
    answer = sam.fill(f"{ways}/ny/hamta", {"weekdays": ["0", "3"], "hours": "8–16"})
    assert answer.location.endswith(ways)
    row = db.session.scalars(select(DeliveryWay)).one()
    assert (row.member_id, row.terms.weekdays, row.terms.hours) == (whom, (0, 3), "8–16")
    assert db.session.scalars(select(AuditEvent.by_name).where(AuditEvent.what == "said")).one() == FOR_WHOM
    assert "8–16" in text(sam.page(ways))
    other = f"/personal/for/{member('rullande').id}/leverans/{row.id}"
    assert sam.get(other).status_code == 404
    assert sam.post(f"{other}/bort").status_code == 404
    assert sam.fill(ways, {}, form="form[action$='/bort']").location.endswith(ways)
    assert db.session.scalars(select(DeliveryWay)).all() == []


def test_a_way_that_the_member_has_changed_meanwhile_is_not_overwritten(asked, visit):
    sam, own = visit(SAM), visit(LJUNGBACKEN)
    sam.fill(f"/personal/for/{member('ljungbacken').id}/leverans/ny/hamta", {"weekdays": ["0"], "hours": "8–16"})
    row = db.session.scalars(select(DeliveryWay)).one()
    where = f"/personal/for/{row.member_id}/leverans/{row.id}"
    old = sam.page(where).cssselect("main form[method=post]")[0]
    own.fill(f"/medlem/leverans/{row.id}", {"hours": "10–12"})
    answer = sam.post(where, data={**dict(old.form_values()), "hours": "9–17"})
    assert answer.status_code == 422
    assert "Någon annan har ändrat" in answer.text
    db.session.expire_all()
    assert row.terms.hours == "10–12"


def test_how_a_member_is_reached_is_chosen_and_not_blindly(asked, visit):
    sam, whom = visit(SAM), asked.assignments[0].member_id
    where = f"/personal/medlemmar/{whom}/nas"
    first = dict(sam.page(where).cssselect("main form[method=post]")[0].form_values())
    assert sam.fill(where, {"reached_by": "link"}).status_code == 303
    db.session.expire_all()
    assert member("ljungbacken").reached_by == Reach.LINK
    second_tab = sam.post(where, data={**first, "reached_by": "connected"})
    assert second_tab.status_code == 422
    assert "via en länk" in second_tab.text
    assert sam.post(where, data={"reached_by": "brevduva"}).status_code == 422
    db.session.expire_all()
    assert member("ljungbacken").reached_by == Reach.LINK


def test_a_member_at_which_nobody_signs_in_is_not_connected(asked, visit):
    lonely = make.make_member(slug="ensam", reached_by=Reach.PAPER)
    make.make_user("ny@medlem.example", member=lonely, password=None)
    answer = visit(SAM).post(f"/personal/medlemmar/{lonely.id}/nas", data={"reached_by": "connected"})
    assert answer.status_code == 422
    assert "Bjud in någon först" in answer.text
    ours = db.session.scalars(select(Member).where(Member.slug == "samklang")).one()
    assert visit(SAM).get(f"/personal/medlemmar/{ours.id}/nas").status_code == 404


def test_a_letter_by_post_gives_time_to_answer(asked):
    """Monday's letter on paper is answered by noon on Friday; one by e-mail by noon on Tuesday."""
    assert asked.assignments[0].answer_before == datetime(2026, 11, 27, 12, tzinfo=app_clock.SWEDEN)
    orderflow.decline(asked.assignments[0], "Fullt", by=make.make_user(), now=app_clock.now())
    assert asked.assignments[1].answer_before == datetime(2026, 11, 24, 12, tzinfo=app_clock.SWEDEN)
