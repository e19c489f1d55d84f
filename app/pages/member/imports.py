"""The member's own assortment, by file."""

from app.pages import web
from app.pages.import_desk import open_desk

bp = open_desk(lambda _member_id: web.member(), "/erbjudanden/import")
