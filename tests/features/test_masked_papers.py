"""What is secret is gone from the masked copy's own papers too: declarations and signed texts are printed anew."""

from __future__ import annotations

from sqlalchemy import select

from app import clock as app_clock
from app import declareflow, files, jobs, signingflow
from app.db import db
from app.money import Money
from app.tenders import bid_actions, versions
from app.tenders.espd.models import Declaration
from app.tenders.models import Bid, SecrecyPrint
from app.tenders.offers import offer_of
from app.tenders.packing import making
from app.tenders.secrecy import actions as secrecy
from app.tenders.secrecy.actions import Marking
from app.tenders.signing.actions import Hand
from bids.espd.values import INDICATOR, NO, TEXT
from bids.kinds import DocumentKind
from bids.package import Limits
from bids.secrecy import SecretKind
from tests.espd_requests import espd_request, ground, references
from tests.features.joint_case import JointCase
from tests.features.test_ask_for_secrecy import HARM
from tests.furnished import furnished
from tests.pdf_parts import everything, words

TRACES = ("Dolda Kunden", "Dold Kontakt", "031-390 06 53", "Fruktkorgar till kontoret", "1 240 000", "1240000")
OPEN = "Öppna Kunden AB"
SAYS = {INDICATOR: NO, TEXT: "Det vet vi inte"}


@furnished
def case(app) -> JointCase:
    """Ljungbacken's declaration tells of two references; the second is to be secret."""
    now = app_clock.now()
    made = JointCase(now)
    bid_actions.add_reference(made.bid, customer=OPEN, what="Kaffe", party=made.fruity, by=made.sam, now=now)
    told = {
        "customer": "Dolda Kunden AB",
        "what": "Fruktkorgar till kontoret",
        "contact": "Dold Kontakt, 031-390 06 53",
    }
    bid_actions.add_reference(made.bid, **told, value=Money.kronor(1_240_000), party=made.fruity, by=made.sam, now=now)
    asked = declareflow.read(espd_request([ground("corruption"), references()]), "espd.xml")
    declareflow.take_in(made.tender, made.bid, asked, by=made.sam, now=now)
    db.session.flush()
    declare(made)
    return made


def declare(case) -> None:
    now = app_clock.now()
    standing = declareflow.stand_of(case.fruity, now=now)[0]
    for _round in range(3):
        left = {line.question.id: SAYS.get(line.question.data_type, "1") for line in standing.left}
        declareflow.answer(standing, left, revision=99, by=case.sam, now=now)
        standing = declareflow.stand_of(case.fruity, now=now)[0]
    declareflow.sign(standing, "Anna Berg", by=case.sam, now=now)
    db.session.commit()
    jobs.work_off()


def mark(case) -> None:
    bid = db.session.get_one(Bid, case.bid.id)
    wanted = Marking(
        kind=SecretKind.REFERENCE,
        of=[bid.references[1].id],
        what="Vem kunden är",
        harm=HARM,
        until=app_clock.now().date().replace(year=2030),
    )
    secrecy.mark(bid, wanted, by=case.sam, now=app_clock.now())
    db.session.commit()


def hand_in(case):
    bid, now = db.session.get_one(Bid, case.bid.id), app_clock.now()
    version = versions.freeze(bid, offer_of(bid, now=now), by=case.sam, now=now)
    db.session.commit()
    jobs.work_off()
    db.session.expire_all()
    return version


def masked_copy() -> bytes:
    db.session.expire_all()
    (one,) = [one for one in db.session.scalars(select(SecrecyPrint)) if one.kind.value == "masked"]
    assert one.file is not None, one.problem
    return files.read(one.file)


def gone_from(copy: bytes, *traces: str) -> None:
    for trace in traces:
        assert trace not in words(copy).replace("\u00a0", " "), trace
        assert trace not in everything(copy).replace("\u00a0", " "), trace


def test_a_declaration_is_printed_without_the_secret_reference(case):
    mark(case)
    version = hand_in(case)
    copy = masked_copy()
    gone_from(copy, *TRACES)
    assert OPEN in words(copy)
    assert "Maskerad kopia. Det som vi har begärt sekretess för är borttaget" in words(copy)
    assert "Undertecknad på skärm" in words(copy), "the rest of the declaration is there"
    assert "Dolda Kunden" in words(files.read(version.pdf))
    packed = making.gathered(version, Limits())
    (masked,) = [one for one in packed.contents if "maskerad-kopia" in one.path]
    assert masked.read() == copy


def test_what_was_declared_anew_since_is_a_masked_page_in_the_older_copy(case):
    mark(case)
    bid, now = db.session.get_one(Bid, case.bid.id), app_clock.now()
    versions.freeze(bid, offer_of(bid, now=now), by=case.sam, now=now)
    row = db.session.scalars(select(Declaration)).one()
    row.pdf_id, row.pdf = None, None
    db.session.commit()
    jobs.work_off()
    copy = masked_copy()
    gone_from(copy, *TRACES, "Undertecknad på skärm")
    assert "Bilagan är maskerad" in words(copy)


def test_a_text_that_was_signed_on_screen_is_printed_anew_where_it_names_the_customer(case):
    now = app_clock.now()
    bid = db.session.get_one(Bid, case.bid.id)
    text = "Kaffe åt Dolda Kunden AB"
    bid.tender.title = text
    party = next(one for one in bid.parties if one.member_id == case.fruit.id)
    kind = DocumentKind.POWER_OF_ATTORNEY
    asked = signingflow.to_sign(party, kind, now=now)
    hand = Hand(name="Lova Hittepå", right="Firmatecknare")
    signingflow.sign(party, kind, hand, seen=asked.text.sha256, address="127.0.0.1", by=case.sam, now=now)
    db.session.commit()
    mark(case)
    hand_in(case)
    copy = masked_copy()
    gone_from(copy, *TRACES)
    assert "Kaffe åt [Maskerat]" in words(copy)
    assert "Lova Hittepå" in words(copy)
