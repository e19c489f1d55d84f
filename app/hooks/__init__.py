"""Webhooks: what happens to orders and assignments is told to the systems of those whom it concerns."""
