"""Open to everybody: the start page, the catalogue, health."""

from flask import Blueprint

from app.pages.public import catalog, health, home

bp = Blueprint("public", __name__)
for page in (catalog, health, home):
    bp.register_blueprint(page.bp)
