"""The desk page of this counter."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk", __name__)
