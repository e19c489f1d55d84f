"""Open to everybody: the start page, the catalogue and its files, the members, photographs, health."""

from flask import Blueprint

from app.pages.public import calendars, catalog, catalog_files, health, home, members, pictures

bp = Blueprint("public", __name__)
for page in (calendars, catalog, catalog_files, health, home, members, pictures):
    bp.register_blueprint(page.bp)
