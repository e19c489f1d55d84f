"""Orders, their lines, and the assignments by which members carry them out."""
