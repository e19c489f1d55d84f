"""A member's assortment as a file: read, checked, and written as a whole or not at all."""
