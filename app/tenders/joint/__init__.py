"""The joint part of a bid: what each party may have of it, what it costs and gives, and how it would be judged."""
