"""What the days of a tender are called on screens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.tenders.dates.reckoning import DateKind, HowSent, Origin

KINDS = {
    DateKind.QUESTIONS: _l("Last day for questions"),
    DateKind.ANSWERS: _l("The buyer must have answered questions"),
    DateKind.DEADLINE: _l("Last day for bids"),
    DateKind.VALIDITY: _l("The bid binds us through"),
    DateKind.ASK_REPORT: _l("Ask for the reasons"),
    DateKind.REPORT: _l("The buyer must have given its reasons"),
    DateKind.STANDSTILL: _l("The standstill ends"),
    DateKind.APPEAL: _l("Last day to ask the court for a review"),
}
"""An entry of ours has its own title."""
ORIGINS = {
    Origin.BUYER: (_l("the buyer's"), "info"),
    Origin.LAW: (_l("by law"), "neutral"),
    Origin.OURS: (_l("our own"), "neutral"),
}
HOW_SENT = {
    HowSent.ELECTRONIC: _l("Electronically: 10 days"),
    HowSent.OTHERWISE: _l("In another way: 15 days"),
    HowSent.NO_STANDSTILL: _l("No standstill: renewed competition or direct award"),
}
EXPLAINED = {
    DateKind.ANSWERS: _l(
        "Questions that were asked in good time must be answered by then; else the last day for bids is moved."
    ),
    DateKind.STANDSTILL: _l("The buyer may not make the contract before this day is over."),
    DateKind.ASK_REPORT: _l("Ask for the winner's bid and the evaluation as well, while there is time for a review."),
}
