"""A bid of two members, of whom one has an insurance that runs out in January, for the tests of their papers."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app import clock as app_clock
from app import files
from app.db import db
from app.demo.papers import paper
from app.members.models import Member, MemberDocument
from app.members.vault import actions
from app.members.vault.actions import VaultPaper
from app.tenders import bid_actions
from bids.kinds import PartyRole
from tests.features.bid_case import Case
from tests.make import make_document, make_user

OWN, ALL = "/medlem/handlingar", "/personal/handlingar"
FRUIT, VAN = "ljungbacken@medlem.example", "rullande@medlem.example"
PDF, NEWER = paper("Intyg", ["Ett prov."]), paper("Intyg", ["Ett nyare prov."])


def furnish() -> Case:
    """A draft in which Ljungbacken and Rullande bid together; Ljungbacken has an insurance until 15 January."""
    now = app_clock.now()
    made = Case(now)
    for member, email in ((made.fruit, FRUIT), (made.van, VAN)):
        bid_actions.add_party(made.bid, member, PartyRole.TENDERER, by=made.sam, now=now)
        make_user(email, member=member)
    lay_in(made.fruit, "insurance", "Ansvarsförsäkring", date(2027, 1, 15))
    db.session.flush()
    return made


def lay_in(member: Member, kind: str, title: str, valid_to: date | None, data: bytes = PDF) -> MemberDocument:
    now = app_clock.now()
    kept = files.save(data, name=f"{title}.pdf", media_type="application/pdf", now=now)
    made = make_document(member, kind, title=title, valid_to=valid_to, file=kept)
    db.session.flush()
    return made


def insurance() -> MemberDocument:
    return db.session.scalars(select(MemberDocument).where(MemberDocument.title == "Ansvarsförsäkring")).first()


def renew(case, now, begins: date = date(2027, 1, 1)) -> MemberDocument:
    says = VaultPaper("insurance", "Ansvarsförsäkring 2027", begins, date(2028, 1, 15))
    kept = files.save(NEWER, name="ny.pdf", media_type="application/pdf", now=now)
    newer = actions.renew(insurance(), says, kept, by=case.sam, now=now)
    db.session.commit()
    return newer
