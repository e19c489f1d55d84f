"""Customers, signed in or guests: basket, checkout, orders."""

from flask import Blueprint

from app.pages.buyer import basket, changes, checkout, complaints, orders, parcels, questions

bp = Blueprint("buyer", __name__)
for page in (basket, changes, checkout, complaints, orders, parcels, questions):
    bp.register_blueprint(page.bp)
