"""What customers buy and who can make it."""
