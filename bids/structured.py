"""The offer as the buyer's own system can read it: the JSON that lies inside the printed bid.

It says what the printed bid says and nothing else. What members ask, our fee and margin, and what we tell each other
stay with us. Amounts are kronor without VAT as decimal text, days and times are ISO 8601.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from app.money import Money
from bids import budget as reckoning
from bids import schedule
from bids.budget_values import Budget
from bids.offer import Answer, Offer, Requirement
from bids.parties import Party

FORMAT, VERSION = "samsalj-anbud", 1
CALL_FORMAT, CALL_VERSION = "samsalj-ansokan", 1


def to_structured(offer: Offer) -> bytes:
    """The JSON; equal offers give equal bytes."""
    told = _application(offer) if offer.is_application else _whole(offer)
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _whole(offer: Offer) -> dict[str, Any]:
    lots = schedule.lots(offer)
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "state": offer.state.value,
        "version": offer.version,
        "made_at": offer.made_on.isoformat(),
        "tender": {
            "title": offer.title,
            "diary_number": offer.diary_number,
            "buyer": {"name": offer.buyer.name, "org_number": offer.buyer.org_number},
            "deadline": offer.deadline.isoformat(),
        },
        "form": offer.form.value,
        "valid_to": offer.offered_validity.isoformat() if offer.offered_validity else None,
        "parties": [_party(party) for party in offer.parties],
        "lots": [_lot(lot) for lot in lots],
        "total_per_year": _kronor(Money.total(lot.total for lot in lots)),
        "currency": "SEK",
        "vat_included": False,
        "answers": _answers(offer),
        "appendices": _appendices(offer),
    }


def _application(offer: Offer) -> dict[str, Any]:
    """An application says what it costs and who pays, where a bid says prices."""
    budget = offer.budget or Budget()
    terms, whole = budget.terms, reckoning.sums(budget)
    return {
        "format": CALL_FORMAT,
        "format_version": CALL_VERSION,
        "state": offer.state.value,
        "version": offer.version,
        "made_at": offer.made_on.isoformat(),
        "call": {
            "title": offer.title,
            "diary_number": offer.diary_number,
            "funder": {"name": offer.buyer.name, "org_number": offer.buyer.org_number},
            "deadline": offer.deadline.isoformat(),
        },
        "project": {
            "starts_on": terms.starts_on.isoformat() if terms.starts_on else None,
            "ends_on": terms.ends_on.isoformat() if terms.ends_on else None,
        },
        "parties": [_party(party) for party in offer.parties],
        "answers": _answers(offer),
        "budget": [_budget_row(budget, place) for place in range(len(budget.rows))],
        "costs": _kronor(whole.costs),
        "other_funding": _kronor(whole.funded),
        "applied_for": _kronor(whole.sought),
        "currency": "SEK",
        "appendices": _appendices(offer),
    }


def _budget_row(budget: Budget, place: int) -> dict[str, Any]:
    row = budget.rows[place]
    return {
        "row": place + 1,
        "kind": row.kind.value,
        "is_cost": row.kind.is_cost,
        "text": row.text,
        "year": row.year,
        "party": row.party_key,
        "source": row.source or None,
        "amount": _kronor(reckoning.amount_of(budget, row)),
        "percent_of_staff": _number(row.percent) if row.percent is not None else None,
        "appendix": row.appendix_number,
    }


def _appendices(offer: Offer) -> list[dict[str, Any]]:
    return [
        {"number": one.number, "title": one.title, "sha256": one.sha256, "party": one.party_key}
        for one in sorted(offer.appendices, key=lambda one: one.number)
    ]


def _party(party: Party) -> dict[str, Any]:
    return {
        "key": party.key,
        "name": party.name,
        "org_number": party.org_number,
        "vat_number": party.vat_number,
        "role": party.role.value,
        "address": party.address,
        "does": party.does,
    }


def _lot(lot: schedule.ScheduleLot) -> dict[str, Any]:
    return {
        "ref": lot.ref or None,
        "title": lot.title,
        "total_per_year": _kronor(lot.total),
        "rows": [
            {
                "ref": one.row.ref,
                "text": one.row.text,
                "unit": one.row.unit,
                "unit_text": one.row.unit_label,
                "quantity_per_year": _number(one.row.quantity),
                "unit_price": _kronor(one.price),
                "total_per_year": _kronor(one.total),
                "delivered_by": [
                    {"party": share.party_key, "quantity_per_year": _number(share.quantity)}
                    for share in one.row.shares
                    if share.quantity > 0
                ],
            }
            for one in lot.rows
        ],
    }


def _answers(offer: Offer) -> list[dict[str, Any]]:
    said = {(answer.requirement_ref, answer.lot_ref): answer for answer in offer.answers}
    return [_answer(asked, said.get((asked.ref, asked.lot_ref))) for asked in offer.requirements]


def _answer(asked: Requirement, answer: Answer | None) -> dict[str, Any]:
    return {
        "requirement": asked.ref,
        "lot": asked.lot_ref,
        "kind": asked.kind.value,
        "answer": answer.answered if answer else None,
        "text": answer.text if answer else "",
        "secrecy_requested": bool(answer and answer.confidential),
        "appendices": sorted({e.appendix_number for e in answer.evidence if e.appendix_number is not None})
        if answer
        else [],
    }


def _kronor(amount: Money | None) -> str | None:
    return None if amount is None else f"{Decimal(amount.ore).scaleb(-2):.2f}"


def _number(quantity: Decimal) -> str:
    text = format(quantity, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
