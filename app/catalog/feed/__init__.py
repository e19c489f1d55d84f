"""The catalogue for other systems."""
