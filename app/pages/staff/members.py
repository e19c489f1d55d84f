"""The members page of this counter."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("members", __name__)
