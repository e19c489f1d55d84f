"""Open to everybody: the start page, the catalogue, photographs, health."""

from flask import Blueprint

from app.pages.public import catalog, health, home, pictures

bp = Blueprint("public", __name__)
for page in (catalog, health, home, pictures):
    bp.register_blueprint(page.bp)
