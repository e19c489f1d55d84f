"""No page of a bid's workspace takes more than fifteen statements, whatever the bid holds and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select
from werkzeug.routing import Rule

from app import bidflow, files, teamflow
from app import clock as app_clock
from app.db import db
from app.demo.papers import paper
from app.tenders import actions, answer_actions, articles, bid_actions, paper_actions, versions
from app.tenders.actions import NewRequirement, NewRow
from app.tenders.answer_actions import GivenAnswer
from app.tenders.forms.models import BuyerForm, FilledForm
from app.tenders.library import actions as library
from app.tenders.library.models import EntryKind
from app.tenders.library.values import EntryText
from app.tenders.models import BidPreview, BidState, BidTask, TenderRequirement, TenderState
from app.tenders.noticing.models import ChangeState, TenderChange, TenderNotice, TenderOutcome
from app.tenders.offers import offer_of
from app.tenders.working import buyer_actions
from app.tenders.working.buyer_actions import NewAddendum
from app.tenders.working.models import TenderQuestion
from app.tenders.working.task_actions import Given
from app.tenders.working.team_actions import Duty, name_person
from bids.kinds import DocumentKind, RequirementKind, RequirementStage
from tests import buyers_forms
from tests.features.joint_case import JointCase
from tests.furnished import furnished
from tests.make import make_article, make_document, make_offering, make_user
from tests.people import save

MOST = 14
"""One less than what was promised: now and then a page asks anew what is remembered for all pages of the house."""
OF_THE_HOUSE = ("catalogue_print", "category.position")
PREFIX = "/personal/upphandlingar/<int:tender_id>"
LIKE = "Beskriv hur trappstädning och uppföljning av städningen går till"
GLANCE = "header=3&takes=requirements&k0=ref&k1=text&kind=must&yes=Ja&no=Nej&lot=0&replaces=0"
OF_A_CALL = {"budget.show", "budget.edit", "budget.answer_for", "calls.edit"}
"""What a procurement has not; `test_call_words` walks the pages of a call."""
HANDED_IN_ONLY = {"send.read_version", "send.read_filled"}
FILES = {
    "declarations.paper",
    "declarations.handed_in",
    "declarations.request_file",
    "look.edit_section",
    "package.read",
    "package.read_receipt",
    "secrecy.read",
}
"""What nobody has asked for or signed here; each has its own tests, and no page of the workspace around it."""
SIGNED = {"signing.blank": "power_of_attorney"}
"""Which paper an address names, where it is no declaration."""
ASKED = {"form_table.review": GLANCE, "legal_forms.preview": "till=relied_on"}
"""What the addresses of some pages need beside their path."""


class FullCase(JointCase):
    """The joint bid with something of everything that a bid can hold."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.eva = make_user("eva@samklang.example", roles=["sales"], name="Eva Exempel")
        name_person(self.bid, self.sam, Duty.OWNER, by=self.sam, now=now)
        name_person(self.bid, self.eva, Duty.WRITER, by=self.sam, now=now)
        self.file = files.save(paper("Bilaga", ["Ett prov."]), name="b.pdf", media_type="application/pdf", now=now)
        self.notice = TenderNotice(
            number=1,
            tender_id=self.tender.id,
            notice_id="n",
            version="01",
            folder="f",
            kind="change",
            received_at=now,
            holds=True,
            words="",
            file=self.file,
        )
        self.tender.notice_file = self.file
        basket = make_article("Fruktkorg")
        for member in (self.fruit, self.van):
            make_offering(basket, member, capacity_per_week=Decimal(25))
        articles.tie(self.row, basket.number, newest=True, by=self.sam, now=now)
        for party in (self.fruity, self.driver):
            articles.point_at_offerings(party, now=now)
        asked = {"offer_json": "{}", "asked_at": now, "by_name": "Sam"}
        db.session.add_all([self.notice, BidPreview(bid_id=self.bid.id, pdf=self.file, **asked)])
        db.session.flush()
        self.size = 0
        self.grow(2, now)

    def grow(self, by: int, now: datetime) -> None:
        """So much more of everything."""
        numbers = range(self.size, self.size + by)
        self.size += by
        asked = [
            NewRequirement(ref=f"K{n}", kind=RequirementKind.MUST, stage=RequirementStage.AWARD, text=f"{LIKE} {n}.")
            for n in numbers
        ]
        rows = [NewRow(ref=f"9.{n}", text="Rad", unit="H87", quantity=Decimal(10)) for n in numbers]
        more = actions.add_requirements(self.tender, asked, None, by=self.sam, now=now)
        priced = actions.add_rows(self.tender, rows, self.lot, by=self.sam, now=now)
        db.session.flush()
        for row in priced:
            self.promise(self.driver, row, 5, "9.00", 10, now)
        for n, requirement in zip(numbers, [*more], strict=True):
            self._answer(n, requirement, now)
            self._around(n, requirement, now)
        db.session.flush()

    def _answer(self, n: int, requirement: TenderRequirement, now: datetime) -> None:
        given = GivenAnswer(says=True, text="Ja.", responsible=self.fruity)
        with db.session.no_autoflush:
            answer = answer_actions.answer(self.bid, requirement, given, revision=0, by=self.eva, now=now)
        title = f"Trappstädning {n}"
        for place in range(3):
            says = EntryText(title=f"{title} {place}", text=f"{LIKE} med vagn {n}.", review_on=date(2027, 1, 1))
            entry = library.begin(EntryKind.ANSWER, says, owner=self.eva, file=None, by=self.sam, now=now)
            db.session.flush()
            if place < 2:
                library.take(answer, entry.versions[0], by=self.sam, now=now)
            if place == 0:
                library.write_anew(entry, says, seen=1, file=None, by=self.sam, now=now)
        appendix = paper_actions.attach(self.bid, self._file(n, now), title=title, by=self.sam, now=now)
        db.session.flush()
        answer_actions.add_evidence(answer, title=title, appendix=appendix, valid_to=None, by=self.sam, now=now)

    def _around(self, n: int, requirement: TenderRequirement, now: datetime) -> None:
        day = date(2026, 12, 10)
        for given in (Given(user=self.eva, due_on=day), Given(party=self.fruity, due_on=day)):
            teamflow.give_task(self.bid, requirement, given, by=self.sam, now=now)
        teamflow.comment(self.bid, requirement, "Se över.", by=self.eva, now=now)
        question = buyer_actions.write_question(self.tender, f"Fråga {n}?", requirement, by=self.eva, now=now)
        db.session.flush()
        if n % 2:
            buyer_actions.mark_sent(question, sent_in="TendSign", at=now, by=self.eva, now=now)
        new = NewAddendum(number=n + 1, title="Mer", text="", received_at=now, requirement_ids=[requirement.id])
        teamflow.receive_addendum(self.tender, new, self.file, by=self.sam, now=now)
        for member in (self.fruit, self.van):
            make_document(member, DocumentKind.ESPD, file=self._file(n, now))
        bid_actions.add_reference(self.bid, customer=f"Kund {n}", what="Korgar", by=self.sam, now=now)
        self.outcome(n)

    def _file(self, n: int, now: datetime) -> Any:
        return files.save(paper(f"P{n}", ["Ett prov."]), name="p.pdf", media_type="application/pdf", now=now)

    def outcome(self, n: int) -> None:
        here = {"tender_id": self.tender.id, "notice_id": self.notice.id}
        db.session.add(TenderOutcome(**here, lot_ref="1", verdict="won", winner=f"Firma {n}"))

    def change(self, n: int) -> None:
        """The buyer changes something that nobody has acknowledged."""
        here = {"tender_id": self.tender.id, "notice_id": self.notice.id}
        db.session.add(
            TenderChange(**here, position=n, field="said", label="Text", after=f"{n}", state=ChangeState.TOLD)
        )

    def hand_in(self, now: datetime) -> None:
        """The bid is handed in as it stands, with a buyer's form filled in; what it lacks is no matter here."""
        version = versions.freeze(self.bid, offer_of(self.bid, now=now), by=self.sam, now=now)
        version.pdf = self.file
        form = db.session.scalars(select(BuyerForm)).first()
        db.session.add(FilledForm(version=version, form=form, file=self.file))
        actions.move(self.tender, TenderState.SUBMITTED, by=self.sam, now=now)


@furnished
def case(app):
    made = FullCase(app_clock.now())
    save()
    return made


@pytest.fixture
def sales(case, visit, work_off):
    """Sam's browser, with a form of the buyer's read."""
    browser = visit(case.sam.email)
    sent = {"file": (BytesIO(buyers_forms.workbook()), "krav.xlsx"), "ticket": "t1"}
    assert browser.post(f"{case.where}/formular", data=sent).status_code == 303
    work_off()
    return browser


@dataclass(frozen=True)
class Walk:
    """What each page of the workspace cost, and which of them were not there."""

    cost: dict[str, int]
    missing: set[str]


def pages() -> Iterator[Rule]:
    """Every address of the workspace that can be looked at."""
    rules = current_app.url_map.iter_rules()
    return (rule for rule in rules if rule.rule.startswith(PREFIX) and "GET" in (rule.methods or ()))


def walk(case: FullCase, browser: Any, queries: Any) -> Walk:
    """Look at all of them."""
    here, cost, missing = given(case), {}, set()
    named = [(rule, rule.endpoint.removeprefix("staff.tenders.")) for rule in pages()]
    paths = {name: path_of(rule, {**here, "kind": SIGNED.get(name, "espd")}) for rule, name in named}
    browser.get(case.where)  # What every page of the house shows is remembered after the first.
    for endpoint, path in paths.items():
        with queries() as seen:
            answer = browser.get(path, query_string=ASKED.get(endpoint, ""))
        if answer.status_code == 404:
            missing.add(endpoint)
        assert answer.status_code < 300 or answer.status_code in {404, 303}, (endpoint, answer.status)
        cost[endpoint] = len([one for one in seen if not any(table in one for table in OF_THE_HOUSE)])
    return Walk(cost, missing)


def path_of(rule: Rule, here: dict[str, Any]) -> str:
    built = rule.build(here, append_unknown=False)
    assert built is not None, rule
    return built[1]


def given(case: FullCase) -> dict[str, Any]:
    """What stands in the addresses: ids of what the case has."""
    db.session.expire_all()
    lasting = {
        "tender_id": case.tender.id,
        "party_id": case.driver.id,
        "row_id": case.row.id,
        "number": 1,
        "position": 0,
        "requirement_id": case.bid.answers[0].requirement_id,
        "appendix_id": case.bid.appendices[0].id,
        "notice_id": case.notice.id,
        "document_id": case.van.documents[0].id,
        "member_id": case.van.id,
        "receipt_id": 0,
        "print_id": 0,
        "entry_id": 0,
        "which": "pdf",
        "name": "own-1",
    }
    for name, kind in (("form_id", BuyerForm), ("task_id", BidTask), ("question_id", TenderQuestion)):
        lasting[name] = db.session.scalars(select(kind.id).order_by(kind.id)).first()
    lasting["filled_id"] = db.session.scalars(select(FilledForm.id)).first() or 0
    db.session.commit()
    return lasting


def check(walked: Walk) -> None:
    over = {endpoint: count for endpoint, count in walked.cost.items() if count > MOST}
    assert not over, over


def test_a_draft(case, sales, queries):
    walked = walk(case, sales, queries)
    check(walked)
    assert walked.missing - FILES - OF_A_CALL == HANDED_IN_ONLY


def test_a_draft_whose_notice_has_changed(case, sales, queries):
    case.change(1)
    walked = walk(case, sales, queries)
    check(walked)
    assert walked.missing - FILES - OF_A_CALL == HANDED_IN_ONLY


def test_a_draft_of_what_was_handed_in(case, sales, queries, clock):
    case.hand_in(clock.now)
    case.change(1)
    bidflow.new_draft(case.bid, by=case.sam, now=clock.now)
    walked = walk(case, sales, queries)
    check(walked)
    assert walked.missing <= FILES | OF_A_CALL


@pytest.mark.parametrize("state", [BidState.SUBMITTED, BidState.WON, BidState.LOST])
def test_handed_in(case, sales, queries, clock, state):
    case.hand_in(clock.now)
    case.change(1)
    db.session.flush()
    if state is not BidState.SUBMITTED:
        bidflow.settle(case.bid, state, decided_on=date(2027, 1, 4), by=case.sam, now=clock.now)
    walked = walk(case, sales, queries)
    check(walked)
    assert walked.missing <= FILES | OF_A_CALL


def test_more_of_everything_asks_nothing_more(case, sales, queries, clock):
    case.change(1)
    walk(case, sales, queries)  # Who has seen which prices is written down once an hour.
    few = walk(case, sales, queries)
    case.grow(30, clock.now)
    case.change(2)
    more = walk(case, sales, queries)
    assert {page: (cost, few.cost[page]) for page, cost in more.cost.items() if cost != few.cost[page]} == {}
