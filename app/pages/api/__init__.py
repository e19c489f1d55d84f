"""What other systems may ask for, as JSON under /api/v1; docs/api.md tells how."""

from app.pages.api import adjusting, assignments, catalogue, changes, document, orders, own, quotes
from app.pages.api.door import limit
from app.pages.api.operations import bp

__all__ = ["adjusting", "assignments", "bp", "catalogue", "changes", "document", "limit", "orders", "own", "quotes"]
