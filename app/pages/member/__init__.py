"""Members: today's work, assignments, offerings, bids."""

from flask import Blueprint

from app.pages import web
from app.pages.member import (
    adjusting,
    agreements,
    assignments,
    bid_tasks,
    bids,
    bids_other,
    bids_sign,
    bids_whole,
    buying,
    calendars,
    carriages,
    changes,
    days,
    declarations,
    door,
    earnings,
    imports,
    offerings,
    pictures,
    profile,
    proposals,
    returns,
    today,
    vault,
    ways,
)

bp = Blueprint("member", __name__, url_prefix="/medlem")
bp.before_request(web.members_only)  # closes every page below, also tomorrow's
PAGES = (
    adjusting,
    agreements,
    assignments,
    bid_tasks,
    bids,
    bids_other,
    bids_sign,
    bids_whole,
    buying,
    calendars,
    carriages,
    changes,
    days,
    declarations,
    door,
    earnings,
    imports,
    offerings,
    pictures,
    profile,
    proposals,
    returns,
    today,
    vault,
    ways,
)
for page in PAGES:
    bp.register_blueprint(page.bp)
