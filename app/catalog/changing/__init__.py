"""What members ask to have changed, and what they propose, until staff have answered."""
