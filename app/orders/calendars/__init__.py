"""Deliveries as a calendar that people and their telephones subscribe to."""
