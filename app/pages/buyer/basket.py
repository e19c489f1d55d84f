"""The basket page of this counter."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("basket", __name__)
