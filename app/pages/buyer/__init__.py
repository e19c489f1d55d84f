"""Customers, signed in or guests: basket, checkout, orders."""

from flask import Blueprint

from app.pages.buyer import basket, calendars, changes, checkout, complaints, orders, questions

bp = Blueprint("buyer", __name__)
for page in (basket, calendars, changes, checkout, complaints, orders, questions):
    bp.register_blueprint(page.bp)
