"""Whether the house is well, for those who watch over it."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import clock, jobs
from app.db import db

bp = Blueprint("health", __name__)


@bp.route("/halsa")
def show() -> ResponseReturnValue:
    """200 when the database and a worker answer, else 503."""
    try:
        db.session.execute(text("SELECT 1"))
        worker = jobs.worker_alive(clock.now())
        database = True
    except SQLAlchemyError:
        database = worker = False
    well = database and worker
    answer = {"status": "ok" if well else "trouble", "database": database, "worker": worker}
    return jsonify(answer), 200 if well else 503
