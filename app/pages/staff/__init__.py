"""The sales company's staff."""

from flask import Blueprint

from app.pages import web
from app.pages.staff import catalog, customers, desk, jobs, letters, members, orders, people, synonyms, tenders

bp = Blueprint("staff", __name__, url_prefix="/personal")
bp.before_request(web.staff_only)  # closes every page below, also tomorrow's
for page in (catalog, customers, desk, jobs, letters, members, orders, people, synonyms, tenders):
    bp.register_blueprint(page.bp)
