"""Staff keep what they say again and again, and a bid's answer remembers which version it took its text from."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import func, select

from app import bidflow
from app import clock as app_clock
from app.accounts.models import RoleName
from app.db import db
from app.demo.papers import paper
from app.money import Money
from app.tenders import bid_actions
from app.tenders.library import actions
from app.tenders.library.models import AnswerSource, EntryKind, LibraryEntry, LibraryToken, LibraryVersion
from app.tenders.library.values import EntryText
from app.tenders.models import BidAnswer
from app.tenders.offers import offer_of
from bids.kinds import PartyRole
from bids.offer import from_json
from tests.features.bid_case import Case, count, gaps
from tests.furnished import furnished
from tests.make import make_sam, make_user
from tests.people import document, text

LIBRARY = "/personal/upphandlingar/bibliotek"
CLEANING = "Vi städar trapphus varje vecka med miljömärkta medel. En arbetsledare följer upp varje månad."
PDF = paper("CV", ["Ett prov."])


@furnished
def case(app):
    """A draft with two requirements, and a library with a text on cleaning and one on returned baskets."""
    now = app_clock.now()
    made = Case(now, requirements=2)
    made.requirements[0].text = "Beskriv hur trappstädning och uppföljning av städningen går till."
    made.requirements[1].text = "Leverantören ska ha en rutin för dataskydd."
    keep(made, "Trappstädning och uppföljning", CLEANING, now=now)
    keep(made, "Returkorgar", "Tomma fruktkorgar hämtas vid nästa leverans.", now=now)
    return made


def keep(case, title: str, words: str, *, now, kind=EntryKind.ANSWER, **dates: date) -> LibraryEntry:
    says = EntryText(title=title, text=words, **dates)
    entry = actions.begin(kind, says, owner=case.sam, file=None, by=case.sam, now=now)
    db.session.flush()
    return entry


@pytest.fixture
def sales(case, visit):
    return visit(case.sam.email)


def entry_called(title: str) -> LibraryEntry:
    return db.session.scalars(
        select(LibraryEntry).join(LibraryEntry.versions).where(LibraryVersion.title == title).distinct()
    ).one()


def answer_form(page) -> dict[str, str]:
    """What the browser would send of the answer's form."""
    form = page.cssselect("#svaret")[0]
    return {name: value for name, value in form.form_values() if name != "csrf_token"}


def test_what_is_like_the_requirement_is_suggested_and_nothing_else(case, sales):
    shown = text(sales.page(case.answer_url).cssselect(".library")[0])
    assert "Trappstädning och uppföljning" in shown
    assert "Returkorgar" not in shown
    other = text(sales.page(f"{case.where}/svar/{case.requirements[1].id}").cssselect(".library")[0])
    assert "Inget i biblioteket liknar kravet" in other


def test_text_is_put_in_below_what_is_typed_and_nothing_is_saved(case, sales):
    version = entry_called("Trappstädning och uppföljning").versions[0]
    typed = {**answer_form(sales.page(case.answer_url)), "text": "Vårt eget.", "says": "yes", "use": version.id}
    answer = sales.post(case.answer_url, data=typed)
    assert answer.status_code == 200
    assert document(answer).cssselect("#text")[0].text_content().strip() == f"Vårt eget.\n\n{CLEANING}"
    assert count(BidAnswer) == 0
    again = sales.post(case.answer_url, data={**answer_form(document(answer)), "use": version.id})
    assert document(again).cssselect("#text")[0].text_content().count("arbetsledare") == 1


def take_and_save(sales, url: str, version_id: int):
    filled = sales.post(url, data={**answer_form(sales.page(url)), "says": "yes", "use": version_id})
    return sales.post(url, data=answer_form(document(filled)))


def test_the_answer_is_pinned_to_the_version_it_took(case, sales, clock):
    entry = entry_called("Trappstädning och uppföljning")
    first = entry.versions[0]
    assert take_and_save(sales, case.answer_url, first.id).status_code == 303
    source = db.session.scalars(select(AnswerSource)).one()
    assert source.version_id == first.id
    says = EntryText(title="Trappstädning och uppföljning", text="Vi städar två gånger i veckan.")
    actions.write_anew(entry, says, seen=1, file=None, by=case.sam, now=clock.now)
    db.session.commit()
    page = sales.page(case.answer_url)
    shown = text(page.cssselect(".library")[0])
    assert "Det finns en nyare" in shown
    assert "två gånger i veckan" in shown
    assert CLEANING in shown
    assert "Det finns en nyare, version 2" in gaps(sales, case.where)
    assert db.session.scalars(select(BidAnswer)).one().text == CLEANING
    assert "1" in text(sales.page(f"{LIBRARY}/{entry.id}").cssselect(".count")[0])


def test_a_newer_text_is_put_in_below_and_the_answer_builds_on_it(case, sales, clock):
    entry = entry_called("Trappstädning och uppföljning")
    take_and_save(sales, case.answer_url, entry.versions[0].id)
    says = EntryText(title="Trappstädning", text="Ny text.")
    newer = actions.write_anew(entry, says, seen=1, file=None, by=case.sam, now=clock.now)
    db.session.commit()
    assert take_and_save(sales, case.answer_url, newer.id).status_code == 303
    assert db.session.scalars(select(AnswerSource.version_id)).all() == [newer.id]
    assert db.session.scalars(select(BidAnswer)).one().text == f"{CLEANING}\n\nNy text."
    assert "nyare" not in gaps(sales, case.where)


def test_somebody_elses_answer_is_not_overwritten_by_a_library_text(case, sales, visit):
    make_sam(RoleName.SALES, email="siv@samklang.example", name="Siv Exempel")
    db.session.commit()
    version = entry_called("Trappstädning och uppföljning").versions[0]
    filled = sales.post(case.answer_url, data={**answer_form(sales.page(case.answer_url)), "use": version.id})
    visit("siv@samklang.example").fill(case.answer_url, {"text": "Sivs svar", "says": "yes"}, form="#svaret")
    late = sales.post(case.answer_url, data=answer_form(document(filled)))
    assert late.status_code == 409
    assert db.session.scalars(select(BidAnswer.text)).all() == ["Sivs svar"]
    assert count(AnswerSource) == 0
    assert document(late).cssselect("input[name=taken]")[0].get("value") == str(version.id)


@pytest.mark.parametrize("chosen", ["0", "999999", "x", "-1", "9" * 300, ""])
def test_a_version_that_there_is_none_of_changes_nothing(case, sales, chosen):
    typed = {**answer_form(sales.page(case.answer_url)), "text": "Mitt.", "use": chosen}
    answer = sales.post(case.answer_url, data=typed)
    assert answer.status_code == 200
    assert document(answer).cssselect("#text")[0].text_content().strip() == "Mitt."


@pytest.mark.parametrize("taken", ["0", "999999", "x,y", "1,1,1,2" * 500])
def test_forged_versions_pin_nothing_that_is_not_there(case, sales, taken):
    typed = {**answer_form(sales.page(case.answer_url)), "text": "Mitt.", "says": "yes", "taken": taken}
    assert sales.post(case.answer_url, data=typed).status_code == 303
    known = set(db.session.scalars(select(LibraryVersion.id)))
    assert set(db.session.scalars(select(AnswerSource.version_id))) <= known


@pytest.mark.parametrize(
    ("kind", "dates", "words", "stops"),
    [
        (EntryKind.ANSWER, {"review_on": date(2026, 11, 1)}, "skulle ha setts över", False),
        (EntryKind.ANSWER, {"valid_to": date(2026, 12, 17)}, "gäller bara till", False),
        (EntryKind.POLICY, {"valid_to": date(2026, 12, 17)}, "Då bevisar den inget", True),
        (EntryKind.POLICY, {"valid_to": date(2026, 12, 18)}, "", False),
    ],
)
def test_what_is_too_old_says_so_and_stops_the_bid_where_it_is_proof(case, sales, clock, kind, dates, words, stops):
    entry = keep(case, "Trappstädningen", CLEANING, now=clock.now, kind=kind, **dates)
    db.session.commit()
    take_and_save(sales, case.answer_url, entry.versions[0].id)
    found = [gap for gap in bidflow.gaps_of(case.bid, now=clock.now) if ":library:" in gap.key]
    assert [gap.blocking for gap in found] == ([stops] if words else [])
    assert all(words in gap.sentence for gap in found)


def test_what_was_frozen_tells_its_version_for_good(case, sales, clock):
    take_and_save(sales, case.answer_url, entry_called("Trappstädning och uppföljning").versions[0].id)
    bidflow.preview(case.bid, by=case.sam, now=clock.now)
    (answer,) = from_json(case.bid.previews[0].offer_json).answers
    assert [(taken.title, taken.version) for taken in answer.library] == [("Trappstädning och uppföljning", 1)]


def test_a_version_is_never_changed(case):
    version = entry_called("Returkorgar").versions[0]
    version.text = "Något annat"
    with pytest.raises(RuntimeError, match="was to be changed: text"):
        db.session.flush()


def test_the_answer_lets_go_and_keeps_its_text(case, sales):
    entry = entry_called("Trappstädning och uppföljning")
    take_and_save(sales, case.answer_url, entry.versions[0].id)
    assert sales.post(f"{case.answer_url}/bibliotek/{entry.id}/slapp").status_code == 303
    assert count(AnswerSource) == 0
    assert db.session.scalars(select(BidAnswer.text)).all() == [CLEANING]


def test_a_cv_with_a_file_becomes_an_appendix_and_the_proof(case, sales):
    file = (BytesIO(PDF), "cv.pdf")
    made = {"seen": "0", "kind": "cv", "title": "CV arbetsledare trappstädning", "owner": "0", "valid_to": "2027-06-30"}
    answer = sales.post(f"{LIBRARY}/ny", data={**made, "file": file}, content_type="multipart/form-data")
    assert answer.status_code == 303
    entry = entry_called("CV arbetsledare trappstädning")
    for _press in range(2):
        assert take_and_save(sales, case.answer_url, entry.versions[0].id).status_code == 303
    db.session.expire_all()
    assert [appendix.title for appendix in case.bid.appendices] == ["CV arbetsledare trappstädning"]
    (saved,) = case.bid.answers
    assert [(piece.title, piece.valid_to) for piece in saved.evidence] == [
        ("CV arbetsledare trappstädning", date(2027, 6, 30))
    ]
    assert sales.get(f"{LIBRARY}/{entry.id}/1/fil").data.startswith(b"%PDF-")


def test_an_answer_is_kept_for_the_next_time(case, sales):
    sales.fill(case.answer_url, {"text": "Så gör vi.", "says": "yes"}, form="#svaret")
    (link,) = sales.page(case.answer_url).xpath("//a[contains(@href, 'svar=')]")
    form = sales.page(link.get("href"))
    assert form.cssselect("#text")[0].text_content().strip() == "Så gör vi."
    assert form.cssselect("#title")[0].get("value").startswith("Beskriv hur trappstädning")
    assert sales.fill(link.get("href"), {"kind": "answer"}).status_code == 303
    assert sales.get(f"{LIBRARY}/ny?svar=999999").status_code == 200


@pytest.mark.parametrize("data", [b"", b"MZ\x90\x00" * 50, b"<svg onload='x'/>"])
def test_a_hostile_file_is_refused_and_what_was_typed_comes_back(case, sales, data):
    before = count(LibraryEntry)
    made = {"seen": "0", "kind": "cv", "title": "Ett CV", "owner": "0", "file": (BytesIO(data), "cv.pdf")}
    answer = sales.post(f"{LIBRARY}/ny", data=made, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert document(answer).cssselect("#title")[0].get("value") == "Ett CV"
    assert count(LibraryEntry) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"text": ""},
        {"text": "x" * 20_001},
        {"valid_to": "0205-01-01"},
        {"kind": "x"},
    ],
)
def test_a_text_that_cannot_be_is_refused(case, sales, wrong):
    before = count(LibraryEntry)
    good = {"seen": "0", "kind": "answer", "title": "Rubrik", "text": "Text", "owner": "0"}
    assert sales.post(f"{LIBRARY}/ny", data={**good, **wrong}).status_code == 422
    assert count(LibraryEntry) == before


def test_a_new_version_of_a_version_seen_too_long_ago_is_shown_beside_the_other(case, sales, clock):
    entry = entry_called("Returkorgar")
    where = f"{LIBRARY}/{entry.id}/ny-version"
    given = {"seen": "1", "title": "Returkorgar", "text": "Min.", "owner": "0"}
    actions.write_anew(
        entry, EntryText(title="Returkorgar", text="Deras."), seen=1, file=None, by=case.sam, now=clock.now
    )
    db.session.commit()
    late = sales.post(where, data=given)
    assert late.status_code == 422
    assert "Deras." in late.text
    assert "Min." in late.text
    assert document(late).cssselect("input[name=seen]")[0].get("value") == "2"
    assert sales.post(where, data={**given, "seen": "2"}).status_code == 303
    assert [version.text for version in entry_called("Returkorgar").versions] == [
        "Min.",
        "Deras.",
        "Tomma fruktkorgar hämtas vid nästa leverans.",
    ]


def test_what_is_retired_is_suggested_no_more_until_it_is_brought_back(case, sales):
    entry = entry_called("Trappstädning och uppföljning")
    for _press in range(2):
        assert sales.post(f"{LIBRARY}/{entry.id}/ur-bruk").status_code == 303
    assert "Trappstädning och uppföljning" not in text(sales.page(case.answer_url))
    assert "Trappstädning och uppföljning" not in text(sales.page(LIBRARY))
    assert "Trappstädning och uppföljning" in text(sales.page(f"{LIBRARY}?ur_bruk=1&q=trappstädning"))
    assert sales.post(f"{LIBRARY}/{entry.id}/i-bruk").status_code == 303
    assert "Trappstädning och uppföljning" in text(sales.page(case.answer_url).cssselect(".library")[0])


def test_the_list_is_searched_in_all_forms_narrowed_sorted_and_paged(case, sales, clock):
    for n in range(30):
        keep(case, f"Policy {n:02d}", "Dataskydd.", now=clock.now, kind=EntryKind.POLICY, valid_to=date(2026, 10, 1))
    db.session.commit()
    assert "Trappstädning och uppföljning" in text(sales.page(f"{LIBRARY}?q=städningar"))
    assert "Returkorgar" not in text(sales.page(f"{LIBRARY}?q=städningar"))
    first = text(sales.page(f"{LIBRARY}?slag=policy&skick=expired"))
    assert "Policy 24" in first
    assert "Policy 25" not in first
    assert "Policy 29" in text(sales.page(f"{LIBRARY}?slag=policy&skick=expired&sida=2"))
    assert "Inget stämmer" in text(sales.page(f"{LIBRARY}?slag=cv"))
    for odd in (
        "?sida=-3",
        "?agare=999999",
        "?agare=x",
        "?ordning=hopp",
        "?skick=x",
        "?q=%25_'\"",
        "?sida=99999999999",
    ):
        assert sales.get(f"{LIBRARY}{odd}").status_code == 200
    for sort in ("title", "valid_to", "review_on", "made_at", "uses"):
        assert sales.get(f"{LIBRARY}?ordning={sort}").status_code == 200


def test_finance_may_look_and_others_may_not(case, sales, visit):
    make_sam(RoleName.FINANCE, email="fia@samklang.example", name="Fia Exempel")
    make_user("ljungbacken@medlem.example", member=case.fruit)
    db.session.commit()
    entry = entry_called("Returkorgar")
    finance = visit("fia@samklang.example")
    assert finance.get(f"{LIBRARY}/{entry.id}").status_code == 200
    assert finance.post(f"{LIBRARY}/{entry.id}/ur-bruk").status_code == 403
    assert finance.get(f"{LIBRARY}/ny").status_code == 403
    assert visit("ljungbacken@medlem.example").get(LIBRARY).status_code == 403
    assert sales.get(f"{LIBRARY}/999999").status_code == 404
    assert sales.get(f"{LIBRARY}/{entry.id}/7").status_code == 404


def test_a_thousand_entries_cost_no_more_statements(case, sales, queries, clock):
    def cost(path: str) -> int:
        with queries() as seen:
            assert sales.get(path).status_code == 200
        return len(seen)

    cost(LIBRARY)  # what every page of ours asks once
    few = {path: cost(path) for path in (LIBRARY, case.answer_url)}
    for n in range(60):
        keep(case, f"Städning {n}", f"{CLEANING} Variant {n} för hus nummer {n}.", now=clock.now)
    db.session.commit()
    assert {path: cost(path) for path in few} == few
    assert few[LIBRARY] <= 10
    assert db.session.scalar(select(func.count()).select_from(LibraryToken)) > 60


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
