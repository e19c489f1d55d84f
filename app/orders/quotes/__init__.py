"""Quotes: asked for or made by staff, sent as versions that never change, and what the customer says to them."""
