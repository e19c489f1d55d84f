"""What the grounds for a bid and against it are called on screens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.tenders.choosing.models import Ground, Verdict, Weighed

VERDICTS = {
    Verdict.GO: (_l("We bid"), "good"),
    Verdict.NO_GO: (_l("We do not bid"), "neutral"),
}
QUESTIONS = {
    Ground.FIT: _l("We have what is asked for"),
    Ground.CAPACITY: _l("Members can make enough of it"),
    Ground.PLACE: _l("We work where it is wanted"),
    Ground.PRICE: _l("The price level works for us"),
    Ground.RESERVED: _l("We pass the gates, if it is reserved"),
    Ground.REQUIREMENTS: _l("We meet the requirements"),
    Ground.TIME: _l("There is time for a good bid"),
    Ground.RISK: _l("The risk and the terms are acceptable"),
    Ground.OTHER: _l("Something else"),
}
SHORT = {
    Ground.FIT: _l("What is asked for"),
    Ground.CAPACITY: _l("Capacity"),
    Ground.PLACE: _l("Place"),
    Ground.PRICE: _l("Price level"),
    Ground.RESERVED: _l("Reserved tender"),
    Ground.REQUIREMENTS: _l("Requirements"),
    Ground.TIME: _l("Time"),
    Ground.RISK: _l("Risk and terms"),
    Ground.OTHER: _l("Something else"),
}
WEIGHED = {
    Weighed.YES: (_l("Yes"), "good"),
    Weighed.NO: (_l("No"), "bad"),
    Weighed.UNSURE: (_l("Unsure"), "wait"),
}
