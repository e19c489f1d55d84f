"""The today page of this counter."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("today", __name__)
