"""Members: today's work, assignments, offerings, bids."""

from flask import Blueprint

from app.pages import web
from app.pages.member import (
    adjusting,
    assignments,
    bids,
    buying,
    changes,
    imports,
    offerings,
    pictures,
    profile,
    proposals,
    today,
)

bp = Blueprint("member", __name__, url_prefix="/medlem")
bp.before_request(web.members_only)  # closes every page below, also tomorrow's
PAGES = (adjusting, assignments, bids, buying, changes, imports, offerings, pictures, profile, proposals, today)
for page in PAGES:
    bp.register_blueprint(page.bp)
