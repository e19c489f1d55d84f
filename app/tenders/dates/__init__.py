"""The days of a tender: what the law and the buyer say, what we have agreed on, and who is reminded of them."""
