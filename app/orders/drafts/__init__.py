"""Baskets that an organisation has saved under a name."""
