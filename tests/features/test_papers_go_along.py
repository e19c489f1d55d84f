"""Papers that a bid must hold come along from the parties' vaults, without anybody having to remember."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest

from app import bidflow, files
from app import clock as app_clock
from app.db import db
from app.tenders import bid_actions
from bids.kinds import PartyRole
from tests.features.bid_case import Case
from tests.make import make_document, make_user
from tests.people import text


@pytest.fixture
def case(app, clock):
    """A group of Ljungbacken and Rullande bids, with Samklang as representative."""
    made = Case(app_clock.now())
    for member, role in ((made.fruit, PartyRole.TENDERER), (made.van, PartyRole.TENDERER)):
        bid_actions.add_party(made.bid, member, role, by=made.sam, now=app_clock.now())
    db.session.commit()
    return made


def paper(member, kind: str, **dates: date) -> None:
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(out)
    kept = files.save(out.getvalue(), name=f"{kind}.pdf", media_type="application/pdf", now=app_clock.now())
    make_document(member, kind, file=kept, **dates)


def attached(case) -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(appendix.kind.value, appendix.title) for appendix in case.bid.appendices]


def test_what_the_rules_want_is_attached_once_and_nothing_else(case):
    paper(case.fruit, "espd")
    paper(case.fruit, "power_of_attorney")
    paper(case.fruit, "policy")
    for _ in range(2):
        bidflow.preview(case.bid, by=case.sam, now=app_clock.now())
        db.session.commit()
    name = case.fruit.name
    assert attached(case) == [("espd", f"espd, {name}"), ("power_of_attorney", f"power_of_attorney, {name}")]


def test_a_paper_that_will_not_be_valid_stays_in_the_vault_and_the_gap_stays_open(case):
    paper(case.fruit, "espd", valid_from=date(2025, 1, 1), valid_to=date(2026, 12, 1))
    bidflow.preview(case.bid, by=case.sam, now=app_clock.now())
    db.session.commit()
    assert attached(case) == []
    sentences = " ".join(gap.sentence for gap in bidflow.gaps_of(case.bid, now=app_clock.now()))
    assert "gäller inte på sista anbudsdag" in sentences


def test_of_two_papers_the_one_that_is_valid_longest_goes_along(case):
    paper(case.fruit, "espd", title="Gammal", valid_to=date(2026, 12, 31))
    paper(case.fruit, "espd", title="Ny", valid_to=date(2027, 12, 31))
    bidflow.preview(case.bid, by=case.sam, now=app_clock.now())
    db.session.commit()
    assert [title for _kind, title in attached(case)] == [f"Ny, {case.fruit.name}"]


def test_a_member_sees_at_once_that_a_bid_waits(case, visit):
    party = case.bid.parties[-1]
    make_user("rullande@medlem.example", member=party.member)
    rullande = visit("rullande@medlem.example")
    assert "väntar på era priser" not in text(rullande.page("/medlem/"))
    bidflow.ask(party, case.row, Decimal(40), by=case.sam, now=app_clock.now())
    bidflow.invite([party], by=case.sam, now=app_clock.now())
    assert "1 anbud väntar på era priser" in text(rullande.page("/medlem/"))
