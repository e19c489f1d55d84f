"""Which sections a bid has and in which pieces it is pressed; and what its JSON tells the buyer."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pikepdf
from hypothesis import given
from hypothesis import strategies as st

from bids.chapters import LAST, MAY_BE_LEFT_OUT, TITLES, BidView, arranged
from bids.document import Sheaf, press_here, sheaves, to_pdf
from bids.kinds import OfferState
from bids.look import Look, Section
from bids.offer import Offer, from_json, to_json
from bids.pieces import pieces
from bids.structured import to_structured
from tests.core.bid_files import appendices_a
from tests.core.bid_samples import A_ROWS, MUST, QUALIFICATION, tender_a

NAMES = [*TITLES, "own-1", "own-2"]


@given(st.lists(st.sampled_from(NAMES), unique=True))
def test_every_section_is_there_once_and_the_appendices_last(names):
    found = [section.name for section in arranged([Section(name=name) for name in names])]
    assert sorted(found) == sorted({*TITLES, *names})
    assert found[-1] == LAST
    kept = [name for name in names if name != LAST]
    assert [name for name in found if name in kept] == kept


@given(st.sets(st.sampled_from(list(TITLES))))
def test_only_what_may_be_left_out_is(hidden):
    look = Look(sections=tuple(Section(name=name, shown=name not in hidden) for name in TITLES))
    usual = {chapter.name for chapter in BidView(tender_a(), ()).chapters}
    found = {chapter.name for chapter in BidView(replace(tender_a(), look=look), ()).chapters}
    assert found == usual - (hidden & MAY_BE_LEFT_OUT)


def large(rows: int, requirements: int) -> Offer:
    asked = tender_a().requirements[0]
    return replace(
        tender_a(),
        rows=tuple(replace(A_ROWS[n % 6], ref=f"R{n}") for n in range(rows)),
        requirements=tuple(replace(asked, ref=f"K{n}", kind=MUST, stage=QUALIFICATION) for n in range(requirements)),
        answers=(),
    )


@given(st.integers(0, 900), st.integers(1, 400))
def test_pieces_hold_everything_once_in_order(rows, requirements):
    offer = large(rows, requirements)
    found = pieces(BidView(offer, ()))
    assert len({piece.name for piece in found}) == len(found)
    slices = [one for piece in found for one in piece.slices]
    assert [one.ref for each in slices for one in each.requirements] == [one.ref for one in offer.requirements]
    for chapter in ("prices", "delivery"):
        told = [row.row.ref for each in slices if each.chapter.name == chapter for lot in each.lots for row in lot.rows]
        assert sorted(told) == sorted(row.ref for row in offer.rows)
    heads = [one.chapter.name for one in slices if one.first]
    assert heads == [chapter.name for chapter in BidView(offer, ()).chapters]
    assert all(one.rows <= 1_000 for one in slices)


def test_a_change_in_one_answer_changes_one_piece():
    offer = large(900, 400)
    said = replace(tender_a().answers[0], requirement_ref="K7", lot_ref=None, text="Så här.")
    before = {one.name: one.digest for one in sheaves(BidView(offer, ()), {})}
    after = {one.name: one.digest for one in sheaves(BidView(replace(offer, answers=(said,)), ()), {})}
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {"requirements-1"}


def test_the_json_inside_says_what_the_paper_says_and_no_more():
    offer = replace(tender_a(), labour_floor=A_ROWS[0].shares[0].member_price)
    told = json.loads(to_structured(offer))
    assert told["total_per_year"] == "1446500.00"
    assert next(row["unit_price"] for lot in told["lots"] for row in lot["rows"]) == "212.00"
    assert len(told["answers"]) == len(offer.requirements)
    keys = set(_keys(told))
    assert not keys & {
        "member_price",
        "fee_percent",
        "margin_percent",
        "transport",
        "labour_floor",
        "library",
        "reasons",
    }
    text = to_structured(offer).decode()
    for share in (share for row in offer.rows for share in row.shares):
        assert f'"{Decimal(share.member_price.ore).scaleb(-2):.2f}"' not in text


def _keys(thing):
    if isinstance(thing, dict):
        yield from thing
        for value in thing.values():
            yield from _keys(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _keys(value)


def test_the_json_lies_in_the_file():
    with pikepdf.open(BytesIO(to_pdf(replace(tender_a(), appendices=()), {}))) as pdf:
        assert pdf.attachments["anbud.json"].get_file().read_bytes() == to_structured(
            replace(tender_a(), appendices=())
        )
        assert pdf.Root.AF[0].AFRelationship == pikepdf.Name.Data


def test_links_lead_from_requirement_to_appendix_and_back():
    files = appendices_a()
    with pikepdf.open(BytesIO(to_pdf(tender_a(files), files))) as pdf:
        named = pdf.Root.Names.Dests.Names.as_list()
        pages = {str(name): place[0].objgen for name, place in zip(named[::2], named[1::2], strict=True)}
        leads = [(page.obj.objgen, str(note.Dest)) for page in pdf.pages for note in page.obj.get("/Annots", [])]
    proven = next(name for _page, name in leads if name.startswith("krav-") and not name.endswith("-svar"))
    assert (pages[proven], "bilaga-4") in leads
    assert all(name in pages for _page, name in leads)


def test_a_frozen_offer_without_a_look_has_the_text_it_had():
    text = to_json(tender_a())
    assert "look" not in json.loads(text)
    assert from_json(to_json(replace(tender_a(), look=Look(sections=(Section(name="own-1", title="A", text="B"),)))))


def test_the_draft_is_marked_on_every_page_and_the_mark_is_not_read_aloud():
    draft = replace(tender_a(), state=OfferState.DRAFT, appendices=())
    for offer, marks in ((draft, True), (replace(tender_a(), appendices=()), False)):
        with pikepdf.open(BytesIO(to_pdf(offer, {}))) as pdf:
            found = [b"/Watermark" in page.obj.Contents[len(page.obj.Contents) - 1].read_bytes() for page in pdf.pages]
        assert set(found) == {marks}


def test_presses_give_the_pages_in_order():
    found = press_here([Sheaf(name, f"<html lang=sv><title>x</title><p>{name}") for name in ("a", "b")])
    assert len(found) == 2
    assert found[0] != found[1]
