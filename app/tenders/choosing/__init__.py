"""What is worth bidding for: thresholds, direct purchases, what to do next, and the choice to bid or not."""
