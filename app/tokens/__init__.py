"""Tokens by which a person's own systems act as that person, and the answers that they have been given."""
