"""The offerings page of this counter."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("offerings", __name__)
