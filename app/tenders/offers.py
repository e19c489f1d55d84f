"""Rows -> the frozen values of bids/. The only place that knows both."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from app import units
from app.clock import local_date
from app.members.models import HeadCount, Member
from app.money import NOUGHT
from app.tenders.calls.offered import budget_of
from app.tenders.espd.offered import declared
from app.tenders.legal.offered import head_count_of, qualifications_of, reasons_of
from app.tenders.library.offered import texts_in
from app.tenders.models import (
    Appendix,
    Bid,
    BidAnswer,
    BidParty,
    PromiseState,
    RowPrice,
    Tender,
    TenderAddendum,
    TenderDeduction,
    TenderPriceRow,
    TenderRequirement,
)
from app.tenders.secrecy.claims import secrets_in
from app.tenders.watching.whereabouts import in_words as where_in_words
from app.tenders.working import touched as touched_things
from bids import offer as values
from bids import parties
from bids.kinds import DocumentKind
from bids.outdated_papers import without_outdated

YEARS = 5
"""A buyer may ask for the turnover of three years (LOU 15:10); a declaration has room for more."""


def said_in(bid: Bid) -> tuple[tuple[values.Answer, ...], tuple[values.PriceRow, ...]]:
    """What the bid answers and charges at this moment, without what else an offer tells of its parties."""
    tender = bid.tender
    covered = {None, *(lot.id for lot in bid.lots)}
    refs = {lot.id: lot.ref for lot in tender.lots}
    asked = {each.id for each in tender.requirements if each.lot_id in covered and not each.withdrawn}
    return _answers(bid, asked, refs), _rows(bid, [row for row in tender.rows if row.lot_id in covered], refs)


def offer_of(bid: Bid, *, now: datetime) -> values.Offer:
    """The bid as it stands at this moment: what its lots cover, and nothing of the other lots."""
    tender = bid.tender
    if tender.deadline is None:
        raise ValueError(f"tender {tender.id} has a bid but no deadline")
    covered = {None, *(lot.id for lot in bid.lots)}
    refs = {lot.id: lot.ref for lot in tender.lots}
    requirements = [each for each in tender.requirements if each.lot_id in covered and not each.withdrawn]
    made = values.Offer(
        **_facts(tender),
        **_words(bid),
        deadline=tender.deadline,
        made_on=now,
        lots=tuple(values.Lot(lot.ref, lot.title, lot.description, where_in_words(lot.place)) for lot in bid.lots),
        parties=tuple(_party(party, bid) for party in bid.parties if not party.has_declined),
        declined=tuple(party.member.name for party in bid.parties if party.has_declined),
        requirements=tuple(_requirement(requirement, refs) for requirement in requirements),
        answers=_answers(bid, {requirement.id for requirement in requirements}, refs),
        rows=_rows(bid, [row for row in tender.rows if row.lot_id in covered], refs),
        deductions=tuple(_deduction(deduction) for deduction in tender.deductions),
        appendices=tuple(_appendix(appendix, bid) for appendix in bid.appendices),
        references=_references(bid),
        qualifications=qualifications_of(tender, covered, refs),
        secrets=secrets_in(bid),
        addenda=tuple(_addendum(addendum, tender) for addendum in tender.addenda),
        budget=budget_of(bid, {party.id: key_of(party.member) for party in bid.parties}),
    )
    return without_outdated(made)


def _addendum(addendum: TenderAddendum, tender: Tender) -> values.Addendum:
    return values.Addendum(
        number=addendum.number,
        title=addendum.title,
        received_at=addendum.received_at,
        acknowledged=addendum.acknowledged_at is not None,
        touches=tuple(touched_things.touches_of(addendum, tender)),
    )


def _words(bid: Bid) -> dict[str, Any]:
    """What the bid itself says, under the names that Offer has for it."""
    return {
        "form": bid.form,
        "offered_validity": bid.offered_validity,
        "letter": bid.letter,
        "delivery_plan": bid.delivery_plan,
        "quality_plan": bid.quality_plan,
        "price_terms": bid.price_terms,
        "social_commitments": bid.social_commitments,
        "contact": values.Contact(bid.contact_name, bid.contact_email, bid.contact_phone) if bid.contact_name else None,
        "labour_floor": bid.reckoning.labour_floor if bid.reckoning is not None else None,
        "version": bid.version,
    }


def _requirement(requirement: TenderRequirement, refs: dict[int, str]) -> values.Requirement:
    return values.Requirement(
        requirement.ref,
        requirement.kind,
        requirement.stage,
        requirement.text,
        refs.get(requirement.lot_id or 0),
        requirement.proof_required,
        requirement.most_characters,
    )


def _deduction(deduction: TenderDeduction) -> values.Deduction:
    return values.Deduction(deduction.requirement_ref, deduction.name, deduction.max_amount, deduction.share_percent)


def _facts(tender: Tender) -> dict[str, Any]:
    """What the tender says of itself, under the names that Offer has for it."""
    return {
        "title": tender.title,
        "buyer": values.Buyer(tender.buyer_name, tender.buyer_org_number),
        "diary_number": tender.diary_number,
        "procedure": tender.procedure,
        "zone": tender.zone,
        "required_validity": tender.required_validity,
        "award_on": tender.award_on,
        "ceiling": tender.ceiling,
        "term_years": tender.term_years,
        "option_years": tender.option_years,
        "reserved": tender.reserved,
        "above_threshold": tender.above_threshold,
        "joint_liability": tender.joint_liability,
        "award_basis": tender.award_basis,
    }


def key_of(member: Member) -> str:
    """The name under which an offer knows a party."""
    return member.slug


def _party(party: BidParty, bid: Bid) -> parties.Party:
    member = party.member
    count = _count_for(member, bid.tender)
    attached = {appendix.document_id: appendix.number for appendix in bid.appendices if appendix.document_id}
    return parties.Party(
        key=key_of(member),
        name=member.name,
        org_number=member.org_number,
        role=party.role,
        legal_form=member.legal_form,
        municipality=member.city,
        address=f"{member.street}, {member.postcode} {member.city}",
        contact=member.contact_name,
        email=member.email,
        phone=member.phone,
        signatories=member.signatories,
        is_sales_company=member.is_sales_company,
        f_tax=member.f_tax,
        vat_number=member.vat_number,
        employees=member.years[-1].employees if member.years else None,
        purpose=member.purpose,
        head_count=head_count_of(count),
        documents=(*_documents(member, bid, attached), *declared(party, bid)),
        turnover=tuple(parties.Turnover(year.year, year.turnover, year.employees) for year in member.years[-YEARS:]),
        does=party.does,
        reason_not_alone=party.why_not_alone,
        reasons=reasons_of(party),
        bids_too=party.bids_too,
        bids_too_words=party.bids_too_words,
        bids_too_lots=tuple(lot.ref for lot in party.bid.lots if lot.id in party.bids_too_lots),
        about=member.about,
    )


def _documents(member: Member, bid: Bid, attached: dict[int, int]) -> tuple[parties.PartyDocument, ...]:
    """What proves something: not what staff have found wrong, unless it lies in the bid.

    A newer paper that does not hold yet when the bid is handed in has replaced nothing there. What the party signs on
    screen for the bid replaces what it had handed in of the kind: should the text change, the older proves no more.
    """
    due = local_date(bid.tender.deadline) if bid.tender.deadline is not None else None
    usable = [each for each in member.documents if each.is_usable and bid.may_be_for(each)]
    shown = [each for each in member.documents if each in usable or (each.file_id is not None and each.id in attached)]
    shown = [each for each in shown if each.kind != DocumentKind.ESPD or bid.may_be_for(each)]
    replaced = {each.replaces_id for each in usable if due is None or each.holds_on(due)}
    signed = {each.kind: each.id for each in member.documents if each.signed_text and each.for_bid_id == bid.id}
    replaced |= {one.id for one in shown if not one.signed_text and one.id < signed.get(one.kind, 0)}
    return tuple(
        parties.PartyDocument(
            kind_of(document.kind),
            document.title,
            document.valid_from,
            document.valid_to,
            attached.get(document.id),
            document.fault,
            document.id in replaced,
            document.insured,
            document.signed_text,
        )
        for document in shown
    )


def _count_for(member: Member, tender: Tender) -> HeadCount | None:
    """The latest count made before the deadline, else the latest of all: a gap then says what is wrong with it."""
    due = local_date(tender.deadline) if tender.deadline else None
    in_time = [count for count in member.head_counts if due is None or count.counted_on <= due]
    return next(iter(in_time or member.head_counts), None)


def kind_of(stored: str) -> DocumentKind:
    """The kind of a document in a member's vault; a word that bids/ does not know is another paper."""
    return next((kind for kind in DocumentKind if kind == stored), DocumentKind.OTHER)


def _rows(bid: Bid, rows: list[TenderPriceRow], refs: dict[int, str]) -> tuple[values.PriceRow, ...]:
    own_prices = {price.row_id: price for price in bid.row_prices}
    shares: dict[int, list[values.Share]] = {}
    for party in bid.parties:
        for promise in party.promises:
            if promise.state != PromiseState.DECLINED and not party.has_declined:
                shares.setdefault(promise.row_id, []).append(
                    values.Share(
                        party_key=key_of(party.member),
                        quantity=promise.quantity,
                        member_price=promise.member_price,
                        yearly_capacity=promise.yearly_capacity or Decimal(0),
                        signed_by=promise.signed_by if promise.state == PromiseState.PROMISED else "",
                        signed_at=promise.signed_at if promise.state == PromiseState.PROMISED else None,
                    )
                )
    return tuple(_row(row, bid, own_prices.get(row.id), tuple(shares.get(row.id, ())), refs) for row in rows)


def _row(
    row: TenderPriceRow, bid: Bid, own: RowPrice | None, shares: tuple[values.Share, ...], refs: dict[int, str]
) -> values.PriceRow:
    has_own_margin = own is not None and own.margin_percent is not None
    return values.PriceRow(
        ref=row.ref,
        text=row.text,
        unit=row.unit,
        unit_label=row.unit_text or units.unit(row.unit).symbol_sv,
        quantity=row.quantity,
        lot_ref=refs.get(row.lot_id or 0),
        shares=shares,
        fee_percent=bid.fee_percent,
        margin_percent=own.margin_percent if own is not None and has_own_margin else bid.margin_percent,  # type: ignore[arg-type]
        fixed_unit_price=own.fixed_unit_price if own is not None else None,
        transport=(own.transport if own is not None else None) or NOUGHT,
        hours=(own.hours if own is not None else None) or Decimal(0),
        loss_from=(own.loss_from if own is not None else None) or NOUGHT,
    )


def _answers(bid: Bid, covered: set[int], refs: dict[int, str]) -> tuple[values.Answer, ...]:
    appendices = {appendix.id: appendix for appendix in bid.appendices}
    requirements = {requirement.id: requirement for requirement in bid.tender.requirements}
    keys = {party.id: key_of(party.member) for party in bid.parties if not party.has_declined}
    return tuple(
        values.Answer(
            requirement_ref=requirements[answer.requirement_id].ref,
            lot_ref=refs.get(requirements[answer.requirement_id].lot_id or 0),
            answered=answer.says,
            text=answer.text,
            responsible=keys.get(answer.responsible_id or 0),
            evidence=_evidence(answer, appendices),
            library=texts_in(answer.sources),
            confidential=answer.confidential,
            confidential_reason=answer.confidential_reason,
            confidential_until=answer.confidential_until,
            look_again=answer.look_again,
        )
        for answer in bid.answers
        if answer.requirement_id in covered
    )


def _evidence(answer: BidAnswer, appendices: dict[int, Appendix]) -> tuple[values.Evidence, ...]:
    return tuple(
        values.Evidence(
            piece.title,
            appendices[piece.appendix_id].number if piece.appendix_id in appendices else None,
            piece.valid_to,
        )
        for piece in answer.evidence
    )


def _appendix(appendix: Appendix, bid: Bid) -> values.Appendix:
    keys = {party.id: key_of(party.member) for party in bid.parties}
    return values.Appendix(
        number=appendix.number,
        title=appendix.title,
        media_type=appendix.file.media_type,
        sha256=appendix.file.sha256,
        party_key=keys.get(appendix.party_id or 0),
    )


def _references(bid: Bid) -> tuple[values.Reference, ...]:
    keys = {party.id: key_of(party.member) for party in bid.parties}
    return tuple(
        values.Reference(
            customer=reference.customer,
            what=reference.what,
            period=reference.period,
            value=reference.value,
            contact=reference.contact,
            party_key=keys.get(reference.party_id or 0),
        )
        for reference in bid.references
    )
