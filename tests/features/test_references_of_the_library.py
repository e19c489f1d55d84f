"""A reference of the library that an answer takes is listed among the bid's references, once and as it reads now."""

from __future__ import annotations

import pytest

from app.db import db
from app.money import Money
from app.tenders import bid_actions
from app.tenders.library.models import EntryKind, LibraryEntry, LibraryVersion
from app.tenders.offers import offer_of
from bids.kinds import PartyRole
from tests.features.library_case import CLEANING, LIBRARY, answer_form, entry_called, furnish, keep
from tests.furnished import furnished
from tests.people import document, text


@furnished
def case(app):
    return furnish()


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def new_reference(sales, case, **more: str) -> LibraryEntry:
    """A reference as somebody types it into the library's form."""
    typed = {
        "kind": "reference",
        "title": "Referens städning",
        "text": CLEANING,
        "owner": str(case.sam.id),
        "seen": "0",
        "customer": "Sagostads kommun",
        "what": "Trappstädning i 40 hus",
        "period": "2024-2026",
        "value": "1 200 000",
        "contact": "Kim Exempel",
        "member": str(case.fruit.id),
        **more,
    }
    answer = sales.post(f"{LIBRARY}/ny", data=typed)
    assert answer.status_code == 303, answer.text
    return entry_called("Referens städning")


def use(sales, url: str, version: LibraryVersion) -> None:
    """Put a version into an answer and save it."""
    typed = {**answer_form(sales.page(url)), "says": "yes", "use": version.id}
    put = document(sales.post(url, data=typed))
    assert sales.post(url, data={**answer_form(put), "says": "yes"}).status_code == 303


def references(case) -> list[tuple[str, str, str, Money | None, int | None]]:
    db.session.expire_all()
    return [(one.customer, one.what, one.period, one.value, one.party_id) for one in case.bid.references]


def test_a_reference_of_the_library_is_listed_in_the_bid_once_and_counted(case, sales, clock):
    party = bid_actions.add_party(case.bid, case.fruit, PartyRole.TENDERER, by=case.sam, now=clock.now)
    entry = new_reference(sales, case)
    for requirement in case.requirements:
        use(sales, f"{case.where}/svar/{requirement.id}", entry.versions[0])
    listed = [("Sagostads kommun", "Trappstädning i 40 hus", "2024-2026", Money.kronor(1_200_000), party.id)]
    assert references(case) == listed
    offer = offer_of(case.bid, now=clock.now)
    assert [(one.customer, one.party_key) for one in offer.references] == [("Sagostads kommun", "ljungbacken")]
    assert "Sagostads kommun" in text(sales.page(f"{case.where}/anbud").cssselect("#referenser")[0].getparent())
    assert "2" in text(sales.page(f"{LIBRARY}/{entry.id}").cssselect("h2 .count")[0])


def test_a_newer_version_takes_the_older_ones_place_in_the_list(case, sales):
    entry = new_reference(sales, case)
    use(sales, case.answer_url, entry.versions[0])
    page = sales.page(f"{LIBRARY}/{entry.id}/ny-version")
    assert page.cssselect("#period")[0].get("value") == "2024-2026"
    sales.fill(f"{LIBRARY}/{entry.id}/ny-version", {"period": "2024-2027", "text": f"{CLEANING} Nu fler hus."})
    assert references(case)[0][2] == "2024-2026"
    use(sales, case.answer_url, entry_called("Referens städning").versions[0])
    assert [one[2] for one in references(case)] == ["2024-2027"]


def test_a_reference_without_facts_is_listed_by_its_title_and_text(case, sales, clock):
    party = bid_actions.add_party(case.bid, case.van, PartyRole.TENDERER, by=case.sam, now=clock.now)
    entry = keep(case, "Regionen", CLEANING, now=clock.now, kind=EntryKind.REFERENCE)
    typed = {**answer_form(sales.page(case.answer_url)), "says": "yes", "use": entry.versions[0].id}
    put = document(sales.post(case.answer_url, data=typed))
    sent = {**answer_form(put), "says": "yes", "responsible": str(party.id)}
    assert sales.post(case.answer_url, data=sent).status_code == 303
    assert references(case) == [("Regionen", CLEANING, "", None, party.id)]


def test_what_is_no_reference_is_not_listed(case, sales):
    use(sales, case.answer_url, entry_called("Trappstädning och uppföljning").versions[0])
    assert references(case) == []
