"""What the grounds of an award are called on screens, and by what bids are counted."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.tenders.debrief.models import AwardGround
from app.tenders.debrief.win_rate import By

GROUNDS = {
    AwardGround.PRICE: _l("The price"),
    AwardGround.QUALITY: _l("Quality points"),
    AwardGround.SOCIAL: _l("Social value"),
    AwardGround.REFERENCES: _l("References"),
    AwardGround.CAPACITY: _l("Capacity"),
    AwardGround.REQUIREMENT: _l("A requirement was not met"),
    AwardGround.QUALIFICATION: _l("Qualification or exclusion"),
    AwardGround.FORM: _l("A fault of form: late, unsigned, incomplete"),
    AwardGround.OTHER: _l("Something else"),
    AwardGround.NEED: _l("The need and the target group"),
    AwardGround.PLAN: _l("The plan: method, time and staff"),
    AwardGround.SCOPE: _l("How well the project fits the call"),
    AwardGround.PARTNERS: _l("The parties and how they work together"),
    AwardGround.BUDGET: _l("The budget"),
    AwardGround.CO_FINANCING: _l("The co-financing"),
    AwardGround.COMPETITION: _l("The money was not enough for all"),
}
BY = {
    By.CATEGORY: _l("By category"),
    By.BUYER: _l("By buyer"),
    By.FORM: _l("By legal form"),
    By.YEAR: _l("By year"),
}
HEADINGS = {
    By.CATEGORY: _l("Category"),
    By.BUYER: _l("Buyer"),
    By.FORM: _l("Form of bid"),
    By.YEAR: _l("Year"),
}
