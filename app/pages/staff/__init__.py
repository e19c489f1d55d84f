"""The sales company's staff."""

from flask import Blueprint

from app.pages import web
from app.pages.staff import catalog, customers, desk, exports, imports, jobs, letters, members, orders, people, tenders

bp = Blueprint("staff", __name__, url_prefix="/personal")
bp.before_request(web.staff_only)  # closes every page below, also tomorrow's
for page in (catalog, customers, desk, exports, imports, jobs, letters, members, orders, people, tenders):
    bp.register_blueprint(page.bp)
