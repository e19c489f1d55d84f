"""Orders above an organisation's limit wait until another person in it has approved them."""
