"""Open to everybody: the start page, the catalogue and its files, the members, photographs, health, answers by link."""

from flask import Blueprint

from app.pages.public import (
    by_link,
    calendars,
    catalog,
    catalog_files,
    health,
    home,
    members,
    pictures,
    tender_calendar,
)

bp = Blueprint("public", __name__)
for page in (by_link, calendars, catalog, catalog_files, health, home, members, pictures, tender_calendar):
    bp.register_blueprint(page.bp)
