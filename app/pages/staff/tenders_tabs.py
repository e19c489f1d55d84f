"""The tabs of a tender's workspace: those of a procurement, or those of a call."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from app.tenders.models import Bid, Tender
from app.tenders.working.news import Part

Tab = tuple[str, str, str]
"""Where it leads, what it is called, and how much is there."""


def tabs(tender: Tender, bid: Bid | None, news: dict[Part, int], current: str) -> list[dict[str, object]]:
    """The tabs of a tender's workspace; `news` is how much others have done on each since the viewer looked."""
    asked = {each.id for each in tender.requirements if not each.withdrawn}
    answered = sum(answer.says is not None and answer.requirement_id in asked for answer in bid.answers) if bid else 0
    pages = _call_pages if tender.is_call else _bid_pages
    return [
        {
            "label": label,
            "url": url_for(f"staff.tenders.{endpoint}", tender_id=tender.id),
            "current": endpoint.startswith(f"{current}."),
            **({"count": count} if count else {}),
            **_fresh(endpoint, news),
        }
        for endpoint, label, count in pages(tender, bid, f"{answered}/{len(asked)}")
    ]


def _call_pages(tender: Tender, bid: Bid | None, answered: str) -> Sequence[Tab]:
    """A call has a budget where a tender has prices, and nothing that only the law of procurement knows."""
    return (
        ("facts.show", _("Overview"), ""),
        ("choosing.show", _("Bid or not"), ""),
        ("requirements.show", _("Requirements"), str(len(tender.requirements))),
        ("bid.show", _("The bid"), str(len(bid.parties)) if bid else ""),
        ("budget.show", _("Budget"), str(len(bid.budget) or "") if bid else ""),
        ("answers.show", _("Answers"), answered if bid else ""),
        ("documents.show", _("Documents"), str(len(bid.appendices)) if bid else ""),
        ("together.show", _("Work together"), ""),
        ("dates.show", _("Days"), ""),
        ("questions.show", _("Questions to the buyer"), ""),
        ("addenda.show", _("Addenda"), str(len(tender.addenda) or "")),
        ("news.show", _("What is new"), ""),
        ("send.show", _("Hand in"), ""),
        ("debrief.show", _("The decision"), ""),
    )


def _bid_pages(tender: Tender, bid: Bid | None, answered: str) -> Sequence[Tab]:
    return (
        ("facts.show", _("Overview"), ""),
        ("choosing.show", _("Bid or not"), ""),
        ("dates.show", _("Days"), ""),
        ("rows.show", _("Lots and rows"), str(len(tender.rows))),
        ("requirements.show", _("Requirements"), str(len(tender.requirements))),
        ("bid.show", _("The bid"), str(len(bid.parties)) if bid else ""),
        ("prices.show", _("Prices"), ""),
        ("answers.show", _("Answers"), answered if bid else ""),
        ("documents.show", _("Documents"), str(len(bid.appendices)) if bid else ""),
        ("together.show", _("Work together"), ""),
        ("questions.show", _("Questions"), ""),
        ("addenda.show", _("Addenda"), str(len(tender.addenda) or "")),
        ("news.show", _("What is new"), ""),
        ("send.show", _("Hand in"), ""),
        ("debrief.show", _("After the decision"), ""),
    )


def _fresh(endpoint: str, news: dict[Part, int]) -> dict[str, int]:
    """How much others have done on a tab since the viewer looked."""
    part = endpoint.partition(".")[0]
    many = sum(news.values()) if part == "news" else news.get(next((one for one in Part if one == part), Part.SEND), 0)
    return {"fresh": many} if many else {}
