"""What comes after an eForms notice: its correction and its result. All samples are made up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bids.notice import read_notice
from bids.notice_results import LotVerdict, NoticeOrganisation

OURS = Path(__file__).parent / "notices"
FIRST, CHANGED, RESULT = (
    (OURS / f"{name}.xml").read_bytes() for name in ("fruktkorgar", "fruktkorgar-rattad", "fruktkorgar-resultat")
)


def test_a_change_names_what_it_changes_and_why():
    first, changed = read_notice(FIRST), read_notice(CHANGED)
    assert first.change is None
    assert changed.change.notice == f"{first.id}-{first.version}"
    assert changed.change.why == "Köparen uppdaterar eller lägger till uppgifter: Många frågor har kommit in."
    assert changed.change.said == ("Ny sista dag att lämna anbud.",)
    assert not changed.change.cancels
    assert (first.folder, first.issued) == (changed.folder, datetime(2026, 3, 30, 7, 0, tzinfo=UTC))


def test_a_notice_can_be_taken_back():
    assert read_notice(CHANGED.replace(b"update-add", b"cancel")).change.cancels


def test_a_result_tells_who_won_each_lot_and_why_nobody_did():
    notice = read_notice(RESULT)
    won, empty = notice.outcomes
    assert notice.is_result
    assert (won.lot_id, won.verdict, won.received, won.decided_on) == ("LOT-0001", LotVerdict.WON, 3, date(2026, 6, 20))
    (winner,) = won.winners
    assert winner.tenderers == (
        NoticeOrganisation("Fruktgrossen Exempel AB", "559999-4018"),
        NoticeOrganisation("Korgbudet Exempel AB", "559999-4026"),
    )
    assert (winner.name, winner.ore) == ("Fruktgrossen Exempel AB, Korgbudet Exempel AB", 240_000_000)
    assert (empty.lot_id, empty.verdict, empty.winners, empty.reason) == (
        "LOT-0002",
        LotVerdict.NOBODY,
        (),
        "inga anbud kom in",
    )


def test_without_a_contract_the_first_in_rank_has_won():
    notice = read_notice(RESULT.replace(b'<cbc:ID schemeName="contract">CON-0001</cbc:ID>', b"<cbc:ID>X</cbc:ID>", 1))
    assert [winner.ore for winner in notice.outcomes[0].winners] == [240_000_000]
    assert notice.outcomes[0].decided_on is None


@pytest.mark.parametrize("day", [b"2000-01-01Z", b"snart", b""])
def test_a_day_that_only_fills_its_place_is_no_day(day):
    bare = RESULT.replace(b"2026-06-20+02:00", day).replace(b"2026-07-02+02:00", day)
    assert read_notice(bare).outcomes[0].decided_on is None


def test_a_change_of_a_contract_is_no_result():
    assert not read_notice(RESULT.replace(b"can-standard", b"can-modif")).is_result


def test_an_unknown_verdict_tells_nothing():
    assert [one.lot_id for one in read_notice(RESULT.replace(b"clos-nw", b"maybe")).outcomes] == ["LOT-0001"]


def test_unknown_codes_and_several_buyers_are_told_and_nothing_is_lost():
    strange = FIRST.replace(b'type">open<', b'type">lottery<').replace(b">res-ws<", b">res-moon<")
    notice = read_notice(strange)
    told = " ".join(notice.missing)
    assert notice.unknown_codes == ("lottery", "frukt", "res-moon")
    assert "Annonsen har koder som vi inte känner: ”lottery”, ”frukt”, ”res-moon”." in told
    assert "Annonsen har 2 köpare. Organisationsnumret som visas tillhör Västerhamns kommun." in told
    assert notice.title
    assert len(notice.lots) == 2
