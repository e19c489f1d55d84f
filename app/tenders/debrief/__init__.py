"""What is learnt when the buyer has decided: what others offered, why it went as it went, and what we asked to read."""
