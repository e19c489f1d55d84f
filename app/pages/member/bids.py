"""The bids page of this counter."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("bids", __name__)
