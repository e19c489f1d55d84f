"""Open to everybody: the start page, the catalogue, the members, photographs, health."""

from flask import Blueprint

from app.pages.public import catalog, health, home, members, pictures

bp = Blueprint("public", __name__)
for page in (catalog, health, home, members, pictures):
    bp.register_blueprint(page.bp)
