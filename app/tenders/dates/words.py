"""What happens on a day, in Swedish: for letters and calendars that are read outside our pages. Pure."""

from __future__ import annotations

from app.tenders.dates.reckoning import DateKind, Occasion, Origin

SAID = {
    DateKind.QUESTIONS: "Sista dag för frågor",
    DateKind.ANSWERS: "Köparen ska ha svarat på frågor",
    DateKind.DEADLINE: "Sista anbudsdag",
    DateKind.VALIDITY: "Anbudet är bindande till och med",
    DateKind.ASK_REPORT: "Begär skälen för beslutet",
    DateKind.REPORT: "Köparen ska ha lämnat skälen",
    DateKind.STANDSTILL: "Avtalsspärren löper ut",
    DateKind.APPEAL: "Sista dag att ansöka om överprövning",
}
"""An entry of ours has its own title."""


def said(occasion: Occasion, title: str = "") -> str:
    """In a few words."""
    words = SAID.get(occasion.kind, title)
    suggested = occasion.kind == DateKind.QUESTIONS and occasion.origin == Origin.OURS
    return f"{words} (vårt förslag)" if suggested else words
