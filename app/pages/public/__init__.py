"""Open to everybody: the start page, the catalogue and its files, photographs, health."""

from flask import Blueprint

from app.pages.public import catalog, catalog_files, health, home, pictures

bp = Blueprint("public", __name__)
for page in (catalog, catalog_files, health, home, pictures):
    bp.register_blueprint(page.bp)
