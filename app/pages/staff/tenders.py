"""The tenders page of this counter."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("tenders", __name__)
