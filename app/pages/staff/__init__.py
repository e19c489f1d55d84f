"""The sales company's staff."""

from flask import Blueprint

from app.pages import web
from app.pages.staff import (
    catalog,
    changes,
    complaints,
    customer_groups,
    customer_wishes,
    customers,
    desk,
    exports,
    imports,
    jobs,
    letters,
    members,
    order_changes,
    orders,
    own_work,
    people,
    pictures,
    price_answer,
    price_lists,
    prints,
    profiles,
    proposals,
    routing,
    synonyms,
    tenders,
    workplaces,
)

bp = Blueprint("staff", __name__, url_prefix="/personal")
bp.before_request(web.staff_only)  # closes every page below, also tomorrow's
PAGES = (
    catalog,
    changes,
    complaints,
    customer_groups,
    customer_wishes,
    customers,
    desk,
    exports,
    imports,
    jobs,
    letters,
    members,
    order_changes,
    orders,
    own_work,
    people,
    pictures,
    price_answer,
    price_lists,
    prints,
    profiles,
    proposals,
    routing,
    synonyms,
    tenders,
    workplaces,
)
for page in PAGES:
    bp.register_blueprint(page.bp)
