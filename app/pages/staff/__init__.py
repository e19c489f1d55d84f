"""The sales company's staff."""

from flask import Blueprint

from app.pages import web
from app.pages.staff import (
    catalog,
    changes,
    customers,
    desk,
    jobs,
    letters,
    members,
    orders,
    people,
    pictures,
    profiles,
    tenders,
)

bp = Blueprint("staff", __name__, url_prefix="/personal")
bp.before_request(web.staff_only)  # closes every page below, also tomorrow's
for page in (catalog, changes, customers, desk, jobs, letters, members, orders, people, pictures, profiles, tenders):
    bp.register_blueprint(page.bp)
